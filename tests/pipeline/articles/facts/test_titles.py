from __future__ import annotations

import pytest

from pipeline.articles.facts import json_ld, meta_tags, titles
from pipeline.articles.text import markup


def title(html: str) -> str | None:
    tree = markup.tree(html)
    assert tree is not None
    return titles.title(tree, meta_tags.head(tree, "https://post.example/a"), json_ld.linked(tree))


def linked(headline: str) -> str:
    return (
        '<script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "headline": "{headline}", '
        '"publisher": {"@type": "Organization", "name": "The Post"}}</script>'
    )


OG = '<meta property="og:title" content="{}">'
SITE = '<meta property="og:site_name" content="The Harbour Post">'


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        pytest.param(
            "Pier to be rebuilt",
            f"<head>{OG.format('PIER to be rebuilt!')}</head><h1>Pier to be rebuilt</h1>",
            id="the h1 as shown, where another source has the same words",
        ),
        pytest.param(
            "Pier to be rebuilt after storm",
            f"<head>{OG.format('Harbour: Pier to be rebuilt after storm')}</head>"
            "<h1>Pier to be rebuilt after storm</h1>",
            id="the h1 that is a part of another source's title",
        ),
        pytest.param(
            "Pier to be rebuilt",
            f"<head>{OG.format('Pier to be rebuilt')}{linked('Harbour: Pier to be rebuilt')}</head>"
            "<h1>Harbour: Pier to be rebuilt</h1>",
            id="a kicker in the h1 that og:title leaves out",
        ),
        pytest.param(
            "Harbour: Pier to be rebuilt",
            f"<head>{OG.format('Harbour: Pier to be rebuilt')}"
            f"{linked('Harbour: Pier to be rebuilt')}</head><h1>Pier to be rebuilt</h1>",
            id="a kicker that og:title and JSON-LD both have",
        ),
        pytest.param(
            "Harbour: pier again",
            f"<head>{OG.format('Pier again')}{linked('Harbour: pier again')}</head>"
            "<h1>Harbour: pier again</h1>",
            id="a short og:title is no headline without its kicker",
        ),
        pytest.param(
            "Council votes for stone",
            f"<head><title>Pier to be rebuilt</title>{OG.format('Council votes for stone')}"
            f"{linked('Council votes for stone')}</head><h1>Pier to be rebuilt</h1>",
            id="og:title and JSON-LD that agree on another wording",
        ),
        pytest.param(
            "Pier to be rebuilt",
            f"<head>{OG.format('Pier to be rebuilt - News')}{linked('Pier to be rebuilt - News')}"
            "</head><h1>Pier to be rebuilt</h1>",
            id="what og:title and JSON-LD add at the end",
        ),
        pytest.param(
            "Pier to be rebuilt",
            f"<head>{linked('Pier to be rebuilt')}</head><h1>News from the region</h1>",
            id="JSON-LD before an h1 that agrees with nothing",
        ),
        pytest.param(
            "Told by og",
            f"<head><title>Told by title</title>{OG.format('Told by og')}</head>",
            id="og before the title element",
        ),
        pytest.param(
            "Pier to be rebuilt",
            f"<head>{SITE}<title>Pier to be rebuilt | The Harbour Post</title></head>",
            id="site name at the end is cut",
        ),
        pytest.param(
            "Pier to be rebuilt",
            f"<head>{SITE}<title>The Harbour Post - Pier to be rebuilt</title></head>",
            id="site name at the start is cut",
        ),
        pytest.param(
            "Pier to be rebuilt",
            f"<head>{SITE}<title>Pier to be rebuilt - Region - The Harbour Post</title></head>"
            "<h1>The Harbour Post</h1><h1>Pier to be rebuilt</h1>",
            id="a logo in an h1 is no headline",
        ),
        pytest.param(
            "Pier to be rebuilt",
            "<head><title>Pier to be rebuilt - Post</title></head><h1>POST</h1>",
            id="the site's name as its address says it, at the end and in an h1",
        ),
        pytest.param(
            "Post: Pier to be rebuilt",
            "<head><title>Post: Pier to be rebuilt</title></head>",
            id="who the news is of stays in front, though the address says it",
        ),
        pytest.param(
            None, "<svg><title>Menu</title></svg><p>Nothing</p>", id="the name of a drawing"
        ),
        pytest.param(
            "Fish & chips",
            f"<head>{OG.format('Fish &amp;amp; chips')}</head><h1>Fish &amp; chips</h1>",
            id="entities escaped twice",
        ),
        pytest.param(
            "Left - or right | which way?",
            "<head><title>Left - or right | which way?</title></head>",
            id="separators without a known site name stay",
        ),
        pytest.param("Lone headline", "<h1> Lone <b>headline</b> </h1>", id="a lone h1"),
        pytest.param(None, "<p>Nothing</p>", id="nothing"),
        pytest.param("A & B", "<head><title>A &amp; B</title></head>", id="entities"),
    ],
)
def test_title_is_what_the_sources_agree_on(expected: str | None, html: str) -> None:
    assert title(f"<html>{html}</html>") == expected


def test_names_of_the_site_come_from_meta_and_json_ld() -> None:
    tree = markup.tree(
        f"<html><head>{SITE}<meta name='twitter:site' content='@post'>{linked('A')}</head></html>"
    )
    assert tree is not None
    names = titles.site_names(meta_tags.head(tree, "https://post.example/"), json_ld.linked(tree))
    assert names == ["The Harbour Post", "post", "The Post"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Pier \u2013 The Post", "Pier"),
        ("Pier | THE POST", "Pier"),
        ("Pier — The Post — Region", "Pier — The Post — Region"),
        ("The Post: Pier", "Pier"),
        ("Pier: The Post", "Pier"),
        ("Pier: The Postman", "Pier: The Postman"),
        ("Pier > The Post", "Pier"),
        ("The Post < Pier", "Pier"),
        ("Pier \u2016 The Post", "Pier"),
        ("Pier\u2013The Post", "Pier"),
        ("Pier \u203a The Post", "Pier"),
        (".:: The Post", ".:: The Post"),
        ("The Post", "The Post"),
        ("  Pier  ", "Pier"),
        ("", ""),
    ],
)
def test_only_the_site_name_beside_a_separator_is_cut(value: str, expected: str) -> None:
    assert titles.without_site(value, ["The Post"]) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.the-post.co.uk/a", {"thepost", "thepostcouk"}),
        ("https://news.post.example/a", {"post", "postexample"}),
        ("no address", set()),
    ],
)
def test_names_that_an_address_says(url: str, expected: set[str]) -> None:
    assert titles.host_names(url) == expected


def test_headlines_are_the_first_ten_that_have_text() -> None:
    tree = markup.tree("<html><body><h1> </h1>" + "<h1>A</h1>" * 20 + "</body></html>")
    assert tree is not None
    assert titles.headlines(tree) == ["A"] * 10


def test_title_of_a_million_separators_is_looked_at_in_part() -> None:
    value = "Pier | " * 100_000
    assert titles.without_site(value, ["The Post"]) == value[: titles.LONGEST].strip()


NAMED = f"<head><title>The Harbour Post</title>{OG.format('The Harbour Post')}{SITE}</head>"


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        pytest.param(
            "Pier to be rebuilt",
            NAMED + "<h1></h1><h2 class=headline>Pier to be rebuilt</h2><h2>More news</h2>",
            id="an empty h1, and a heading that is marked",
        ),
        pytest.param(
            "Pier to be rebuilt",
            NAMED + "<h1>The Harbour Post</h1><h3 itemprop=headline>Pier to be rebuilt</h3>",
            id="an h1 that is the site's name",
        ),
        pytest.param(
            "Pier to be rebuilt",
            "<h1><a href='/'><img alt=Logo></a></h1><main><h2>Pier to be rebuilt</h2></main>",
            id="an h1 that is a picture, and the article's first heading",
        ),
        pytest.param(
            "Pier to be rebuilt",
            "<h1><a href='/'>Sea and Land</a></h1><h2 class=entry-title>Pier to be rebuilt</h2>",
            id="an h1 that leads to the front page",
        ),
        pytest.param(
            "Pier to be rebuilt",
            "<title>Pier to be rebuilt</title><h1><a href='/'>Pier to be rebuilt</a></h1>",
            id="one that does and is the page's title",
        ),
        pytest.param(
            "Harbour", "<title>Post</title><h1>Harbour</h1>", id="a title that is the host's name"
        ),
        pytest.param(None, NAMED + "<h1>The Harbour Post</h1>", id="nothing but the site's name"),
        pytest.param(None, "<title>post.example</title>", id="nothing but the site's address"),
        pytest.param(
            "The Harbour Post is sold to its rival",
            f"<head>{SITE}</head><h1>The Harbour Post is sold to its rival</h1>",
            id="a headline about the site",
        ),
    ],
)
def test_logos_and_names_of_sites_are_no_headlines(expected: str | None, html: str) -> None:
    assert title(html) == expected


def test_a_front_page_has_the_name_of_its_site() -> None:
    tree = markup.tree(f"<html>{NAMED}<main><h2>Pier to be rebuilt</h2></main></html>")
    assert tree is not None
    head = meta_tags.head(tree, "https://post.example/")
    assert titles.title(tree, head, json_ld.linked(tree, head)) == "The Harbour Post"
