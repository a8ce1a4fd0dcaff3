from __future__ import annotations

import json

import pytest

from pipeline.articles.facts import json_ld
from pipeline.articles.text import markup

ARTICLE = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Pier"}


def linked(*scripts: object) -> json_ld.Linked:
    written = "".join(
        '<script type="application/ld+json">'
        f"{script if isinstance(script, str) else json.dumps(script)}</script>"
        for script in scripts
    )
    tree = markup.tree(f"<html><head>{written}</head><body></body></html>")
    assert tree is not None
    return json_ld.linked(tree)


def test_page_without_scripts_says_nothing() -> None:
    assert linked() == json_ld.Linked()


def test_article_is_read_whole() -> None:
    told = linked(
        ARTICLE
        | {
            "author": {"@type": "Person", "name": "Ann Lee"},
            "publisher": {"@type": "Organization", "name": "The Post", "alternateName": "Post"},
            "datePublished": "2031-03-02",
            "dateModified": "2031-03-03",
            "description": "Nine million &amp; more.",
            "image": {"@type": "ImageObject", "url": "https://post.example/a.jpg"},
            "keywords": "pier, storm",
            "articleSection": ["Region", "Sea"],
            "articleBody": "First.\nSecond.",
            "isAccessibleForFree": "False",
        }
    )
    assert told == json_ld.Linked(
        types=("NewsArticle",),
        article_types=("NewsArticle",),
        headline="Pier",
        authors=("Ann Lee",),
        outlets=("The Post", "Post"),
        published="2031-03-02",
        description="Nine million & more.",
        image="https://post.example/a.jpg",
        keywords=("pier", "storm"),
        section="Region",
        body="First.\nSecond.",
        is_free=False,
    )


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param([ARTICLE], id="alone"),
        pytest.param([[{"@type": "WebSite", "name": "Post"}, ARTICLE]], id="in a list"),
        pytest.param([{"@graph": [{"@type": "WebPage"}, ARTICLE]}], id="in a graph"),
        pytest.param([{"@type": "WebPage", "mainEntity": ARTICLE}], id="main entity"),
        pytest.param([{"@type": "BreadcrumbList"}, ARTICLE], id="in the second script"),
        pytest.param(["{broken", ARTICLE], id="after a script that is no JSON"),
        pytest.param([f"<!-- {json.dumps(ARTICLE)} -->"], id="in a comment"),
        pytest.param([f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>"], id="in CDATA"),
        pytest.param([json.dumps(ARTICLE) + ";"], id="with a semicolon"),
        pytest.param(['{"@type": "NewsArticle", "headline": "Pi\ner"}'], id="with a raw newline"),
        pytest.param([ARTICLE | {"@type": ["Thing", "BlogPosting"]}], id="of several types"),
        pytest.param([ARTICLE | {"@type": "https://schema.org/NewsArticle"}], id="full type"),
        pytest.param([{"@type": "Article"}, ARTICLE], id="after an article without anything"),
    ],
)
def test_article_is_found_wherever_it_stands(scripts: list[object]) -> None:
    assert (linked(*scripts).headline or "").replace(" ", "") == "Pier"


@pytest.mark.parametrize("kind", ["WebPage", "Product", "Organization", "ArticleList", "Person"])
def test_other_types_are_no_article(kind: str) -> None:
    told = linked({"@type": kind, "headline": "Pier"})
    assert told.headline is None
    assert told.types == (kind,)


def test_authors_are_looked_up_by_their_id() -> None:
    graph = [
        ARTICLE | {"author": [{"@id": "#ann"}, {"@id": "#wire"}], "image": {"@id": "#img"}},
        {"@id": "#ann", "@type": "Person", "name": "Ann Lee"},
        {"@id": "#wire", "@type": "Organization", "name": "Wire"},
        {"@id": "#img", "contentUrl": "https://post.example/a.jpg"},
    ]
    told = linked({"@graph": graph})
    assert told.authors == ("Ann Lee",)
    assert told.outlet_authors == ("Wire",)
    assert told.image == "https://post.example/a.jpg"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        ("True", True),
        ("false", False),
        ("http://schema.org/False", False),
        ("no", False),
        (None, None),
        ("maybe", None),
        (["x"], None),
        ({"a": []}, None),
    ],
)
def test_free_access_is_read_however_it_is_written(value: object, *, expected: bool | None) -> None:
    assert linked(ARTICLE | {"isAccessibleForFree": value}).is_free is expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("https://a.example/1.jpg", "https://a.example/1.jpg"),
        (["https://a.example/1.jpg", "https://a.example/2.jpg"], "https://a.example/1.jpg"),
        ([{"url": "https://a.example/1.jpg"}], "https://a.example/1.jpg"),
        ([{}, "https://a.example/2.jpg"], "https://a.example/2.jpg"),
        ([], None),
        (5, None),
    ],
)
def test_first_image_that_has_an_address(image: object, expected: str | None) -> None:
    assert linked(ARTICLE | {"image": image}).image == expected


@pytest.mark.parametrize(
    "odd",
    [None, 5, [], {}, [[]], [None], {"@id": []}, {"@id": {}}, {"name": 5}, "", [{"@type": 7}]],
)
def test_values_of_wrong_types_are_passed_over(odd: object) -> None:
    names = ("author", "publisher", "image", "keywords", "articleSection", "articleBody", "@id")
    told = linked(ARTICLE | dict.fromkeys(names, odd))
    assert told.headline == "Pier"
    assert told.authors == ()


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("[" * 100_000, id="deep and broken"),
        pytest.param("[" * 50_000 + "]" * 50_000, id="deep"),
        pytest.param('{"a": "' + "x" * 1_100_000 + '"}', id="beyond the size read"),
        pytest.param("", id="empty"),
        pytest.param("5", id="a number"),
    ],
)
def test_hostile_script_says_nothing(script: str) -> None:
    assert linked(script) == json_ld.Linked()


def test_only_the_first_nodes_of_a_page_are_read() -> None:
    nodes = [{"@type": "Thing"}] * json_ld.MOST_NODES
    assert linked([*nodes, ARTICLE]).headline is None
