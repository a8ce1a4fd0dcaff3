"""Which pages are lists of links."""

from __future__ import annotations

import pytest

from pipeline.articles.kinds import listing
from tests.pipeline.articles.pages import LINE, LONG, URL, linked, og_type, page, script, teasers

SUMMARIES = [f"What happened there, in one line. {n}" for n in range(6)]
FRONT = "https://post.example/"
ITEMS = script(
    {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Headline 1"}]}
)


@pytest.mark.parametrize(
    ("expected", "html", "lines"),
    [
        pytest.param(True, teasers(6), SUMMARIES, id="teasers"),
        pytest.param(True, teasers(6), [*SUMMARIES, "Headline 1"], id="teasers and headlines"),
        pytest.param(False, teasers(3), SUMMARIES[:3], id="too few"),
        pytest.param(False, teasers(6), [*SUMMARIES, *LONG], id="teasers below a text"),
        pytest.param(False, teasers(6, "https://other.example"), SUMMARIES, id="other sites"),
        pytest.param(
            False,
            teasers(6, summary=LINE * 8),
            [f"{LINE * 8} {n}" for n in range(6)],
            id="sections",
        ),
        pytest.param(False, og_type("article") + teasers(6), SUMMARIES, id="says article"),
        pytest.param(False, linked("NewsArticle") + teasers(6), SUMMARIES, id="has an article"),
        pytest.param(
            True, ITEMS + "<title>The Post</title>" + teasers(6), SUMMARIES, id="lists articles"
        ),
        pytest.param(
            False,
            ITEMS + "<title>Headline 1 | The Post</title>" + teasers(6),
            SUMMARIES,
            id="its own among them",
        ),
        pytest.param(True, "<a href='/a'>One</a><a href='/b'>Two</a>", ["One", "Two"], id="links"),
        pytest.param(False, "<a href='/a'>One</a>", ["One", LINE], id="one link"),
        pytest.param(False, "", [], id="nothing"),
    ],
)
def test_list_of_links_does_not_call_itself_an_article(
    html: str, lines: list[str], *, expected: bool
) -> None:
    assert listing.is_listing(page(html, lines)) is expected


@pytest.mark.parametrize(
    ("expected", "html", "url"),
    [
        pytest.param(True, linked("CollectionPage"), URL, id="collection"),
        pytest.param(True, script({"@type": ["WebPage", "CollectionPage"]}), URL, id="among types"),
        pytest.param(
            True, script({"@type": "WebSite"}, {"@type": "SearchResultsPage"}), URL, id="in a graph"
        ),
        pytest.param(
            True, og_type("article") + linked("CollectionPage"), URL, id="og says article"
        ),
        pytest.param(
            False,
            "<title>Pier</title>"
            + script({"@type": "CollectionPage"}, {"@type": "NewsArticle", "headline": "Pier"}),
            URL,
            id="article of its own",
        ),
        pytest.param(
            True, "<body class='archive category category-3'>", URL, id="WordPress archive"
        ),
        pytest.param(True, "<body class='search search-results'>", URL, id="WordPress search"),
        pytest.param(True, "<body class='home blog'>", URL, id="WordPress front page"),
        pytest.param(False, "<body class='home page'>", URL, id="WordPress static front page"),
        pytest.param(False, "<body class='single single-post archive'>", URL, id="WordPress post"),
        pytest.param(True, teasers(8), FRONT, id="front page"),
        pytest.param(True, teasers(8), f"{FRONT}tag/pier", id="tag"),
        pytest.param(True, teasers(8), f"{FRONT}de/autoren/ann-lee/", id="author"),
        pytest.param(True, teasers(8), f"{FRONT}find?q=pier", id="search"),
        pytest.param(True, teasers(8), f"{FRONT}category/news/page/3", id="further page"),
        pytest.param(False, teasers(7), FRONT, id="front page with few headlines"),
        pytest.param(False, teasers(8), URL, id="headlines at an article's address"),
        pytest.param(False, teasers(8), f"{FRONT}tag/pier/how-it-broke", id="below a tag"),
        pytest.param(False, teasers(8), f"{FRONT}archives/1234", id="WordPress number"),
        pytest.param(False, og_type("article") + teasers(8), f"{FRONT}news", id="says article"),
    ],
)
def test_page_says_that_it_is_a_list(html: str, url: str, *, expected: bool) -> None:
    assert listing.is_list_page(page(html, LONG, url)) is expected
