"""Which of the articles that a page describes in JSON-LD is its own."""

from __future__ import annotations

import json

import pytest

from pipeline.articles.facts import json_ld, meta_tags
from pipeline.articles.text import markup

URL = "https://post.example/news/old-pier-to-be-rebuilt"
OTHER = "https://post.example/news/museum"


def chosen(
    *nodes: object, head: str = "<h1>Old pier to be rebuilt</h1>", url: str = URL
) -> str | None:
    scripts = "".join(
        f"<script type='application/ld+json'>{json.dumps(node)}</script>" for node in nodes
    )
    tree = markup.tree(f"<html>{head}{scripts}</html>")
    assert tree is not None
    return json_ld.linked(tree, meta_tags.head(tree, url)).published


def article(date: str, headline: str = "Some headline", **said: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": headline, "datePublished": date, **said}


MUSEUM = article("other", "Museum closes", url=OTHER)


@pytest.mark.parametrize(
    "own",
    [
        article("own", url=URL),
        article("own", url=URL + "/"),
        article("own", url="http://www.post.example/news/old-pier-to-be-rebuilt?utm=x#top"),
        article("own", url="/news/old-pier-to-be-rebuilt"),
        article("own", url=URL + ".html"),
        article("own", url="https://post.example/harbour/old-pier-to-be-rebuilt"),
        article("own", mainEntityOfPage=URL),
        article("own", mainEntityOfPage={"@type": "WebPage", "@id": URL}),
        {"@id": URL + "#article", **article("own")},
        article("own", "Old Pier to be rebuilt"),
        article("own", "Old pier to be rebuilt", url="https://desk.example/1"),
    ],
)
def test_the_article_of_the_address_or_headline_is_the_pages(own: object) -> None:
    assert chosen(MUSEUM, own) == "own"
    assert chosen(own, MUSEUM) == "own"
    assert chosen({"@type": "ItemList", "itemListElement": [{"item": MUSEUM}]}, own) == "own"
    assert (
        chosen({"@type": "ItemList", "itemListElement": [{"item": own}, {"item": MUSEUM}]}) == "own"
    )


@pytest.mark.parametrize(
    "other",
    [
        MUSEUM,
        article("other", mainEntityOfPage={"@id": OTHER}),
        article("other", url="https://elsewhere.example/news/museum"),
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": article("other")}]},
        {"@type": "WebPage", "hasPart": [article("other"), article("other")]},
        {**article("other", url=OTHER), "@id": "#related"},
    ],
)
def test_one_of_another_address_or_of_a_list_is_another_pages(other: object) -> None:
    assert chosen(other) is None


@pytest.mark.parametrize(
    "own",
    [
        article("own"),
        article("own", url="https://post.example/"),
        article("own", url=""),
        {"@id": "#article", **article("own")},
        {"@id": "urn:uuid:1", **article("own")},
        {"@id": "https://post.example/#/schema/article/1", **article("own")},
    ],
)
def test_one_that_names_no_page_is_the_pages(own: object) -> None:
    assert chosen(own) == "own"


def test_addresses_that_differ_in_what_they_ask_for_are_two_pages() -> None:
    url = "https://post.example/show.php?id=1"
    other, own = (
        article(date, url=f"https://post.example/show.php?id={n}")
        for date, n in (("other", 2), ("own", 1))
    )
    assert chosen(other, own, url=url) == "own"
    assert chosen(other, url=url) is None
    assert chosen(own, url=url + "&utm_source=x") == "own"


def test_the_canonical_address_is_the_pages_too() -> None:
    head = f"<head><link rel=canonical href='{URL}'></head><h1>x</h1>"
    assert chosen(MUSEUM, article("own", url=URL), head=head, url="https://amp.example/1") == "own"


def test_without_a_page_the_first_with_a_headline_or_a_date_counts() -> None:
    tree = markup.tree(
        f"<html><script type='application/ld+json'>{json.dumps([{'@type': 'Article'}, MUSEUM])}</script></html>"
    )
    assert tree is not None
    assert json_ld.linked(tree).published == "other"
