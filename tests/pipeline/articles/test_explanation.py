"""How a page was read is told by the rules that decided: text path, walls, kinds, candidates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.articles import explanation, extract
from pipeline.model import EntryFacts, Hop, Response

if TYPE_CHECKING:
    from pipeline.articles.explanation import Candidate, Explanation

URL = "https://post.example/2026/03/02/pier"
NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
LINE = "The council of Harbour Town voted on Tuesday to rebuild the old pier, which a storm broke."
LINES = [f"{LINE} Part {n} of it says more." for n in range(12)]
BODY = "".join(f"<p>{line}</p>" for line in LINES)
ASKS = "<p>Subscribe to continue reading.</p>"
NODE: dict[str, Any] = {
    "@type": "NewsArticle",
    "headline": "Pier to be rebuilt",
    "author": {"@type": "Person", "name": "Ann Lee"},
    "datePublished": "2026-03-02T07:10:00Z",
}


def page(
    body: str, url: str = URL, *, title: str = "Pier to be rebuilt", **node: object
) -> Response:
    linked = (
        f'<script type="application/ld+json">{json.dumps(NODE | node)}</script>' if node else ""
    )
    head = f"<title>{title} | The Post</title><meta property='og:site_name' content='The Post'>"
    html = f"<html lang=en><head>{head}{linked}</head><body><article>{body}</article></body></html>"
    return Response(url, headers={"content-type": "text/html"}, body=html.encode(), fetched_at=NOW)


def explained(body: str, **node: Any) -> Explanation:
    return explanation.of(page(body, **node))


def of(found: Explanation, fact: str) -> list[tuple[str, str, bool]]:
    return [(one.source, one.value, one.wins) for one in found.candidates if one.fact == fact]


def winner(found: Explanation, fact: str) -> Candidate:
    (one,) = [one for one in found.candidates if one.fact == fact and one.wins]
    return one


def test_article_is_the_one_that_the_service_would_store() -> None:
    answer = page(f"<h1>Pier to be rebuilt</h1>{BODY}", url=URL, isAccessibleForFree=True)
    assert explanation.of(answer).article == extract.article(answer)


@pytest.mark.parametrize(
    ("body", "node", "path", "why"),
    [
        pytest.param(BODY, {}, "trafilatura-fast", "enough text", id="long text"),
        pytest.param(
            "".join(f"<p>{line}</p>" for line in LINES[:4]),
            {"articleBody": "\n".join(LINES)},
            "json_ld",
            "articleBody is far longer than the part that the page shows",
            id="page shows a part",
        ),
        pytest.param(
            f"<div class='article-body'><p>{LINE}</p></div>", {},
            "marked", "a short text, all of it in the element marked as the body", id="short",
        ),
        pytest.param(
            "<p>Pier.</p>", {}, "trafilatura", "next to no text, and no other way has more", id="none"
        ),
    ],
)  # fmt: skip
def test_path_of_the_text_has_its_reason(
    body: str, node: dict[str, object], path: str, why: str
) -> None:
    found = explained(body, **node)
    assert found.path.partition("/")[0] == path
    assert found.why.partition(" (")[0] == why
    assert f"{found.path} {found.characters}" in found.why


def test_wall_that_stands_in_the_way_decides() -> None:
    found = explained(f"<p>{LINE}</p>{ASKS}", isAccessibleForFree=False)
    assert [(sign.rule, sign.decides, sign.is_near) for sign in found.walls] == [
        ("paywall", True, False)
    ]
    assert "isAccessibleForFree false" in found.walls[0].seen


def test_wall_is_near_where_only_the_length_of_the_text_holds_it_off() -> None:
    found = explained(BODY * 2, isAccessibleForFree=False)
    assert [(sign.rule, sign.decides, sign.is_near) for sign in found.walls] == [
        ("paywall", False, True)
    ]
    assert found.article
    assert ("teaser", True) in [(sign.rule, sign.is_near) for sign in found.kinds]
    assert found.kinds[0].rule == found.article.page_kind == "article"


def test_plain_article_is_near_no_wall() -> None:
    assert explained(BODY, isAccessibleForFree=True).walls == ()


def test_page_without_an_article_says_why_and_what_it_would_be_called() -> None:
    found = explanation.of(page("<p>Nothing here.</p>", title="Page not found"))
    assert (found.article, found.reason) == (None, "soft_404")
    assert "Page not found" in (found.message or "")
    assert found.walls[0].decides
    assert winner(found, "title").value == "Page not found | The Post"


def test_page_that_led_to_the_front_page_was_not_read() -> None:
    front = Response("https://post.example/", hops=(Hop(url=URL, status=302),), fetched_at=NOW)
    found = explanation.of(front)
    assert (found.reason, found.candidates) == ("soft_404", ())


def test_every_headline_has_its_source_and_one_wins() -> None:
    found = explained(f"<h1>A pier for Harbour Town</h1>{BODY}", headline="A pier for Harbour Town")
    assert of(found, "title") == [
        ("json_ld", "A pier for Harbour Town", True),
        ("title", "Pier to be rebuilt | The Post", False),
        ("h1", "A pier for Harbour Town", False),
    ]
    assert found.article
    assert found.article.title == "A pier for Harbour Town"


def test_headline_within_a_longer_one_is_told_by_it() -> None:
    found = explained(BODY)
    assert of(found, "title") == [("title", "Pier to be rebuilt | The Post", True)]
    assert found.article
    assert found.article.title == "Pier to be rebuilt"


def test_every_author_and_date_has_its_source_and_the_believed_one_wins() -> None:
    marked = "<p class='byline'>By Bo Dahl</p><meta itemprop='datePublished' content='2026-03-03'>"
    found = explained(marked + BODY, section="News")
    assert of(found, "authors") == [("json_ld", "Ann Lee", True), ("byline", "Bo Dahl", False)]
    assert [(source, value[:10], wins) for source, value, wins in of(found, "published_at")] == [
        ("json_ld", "2026-03-02", True),
        ("meta", "2026-03-03", False),
        ("url", "2026-03-02", False),
    ]
    assert found.article
    assert found.article.authors == ("Ann Lee",)
    assert found.article.published_source == "json_ld"


def test_what_feeds_say_stands_among_the_candidates() -> None:
    entry = EntryFacts(
        url=URL, title="Pier!", summary=None, content=None, authors=["Cy Roe"], language=None,
        published_at=NOW, feed_updated_at=None, categories=[],
    )  # fmt: skip
    found = explanation.of(page(BODY), [entry])
    assert of(found, "authors") == [("feed", "Cy Roe", True)]
    assert ("feed", "Pier!", False) in of(found, "title")
    assert winner(found, "published_at").source == "feed"
    assert found.article
    assert (found.article.authors, found.article.published_source) == (("Cy Roe",), "feed")


def test_plain_text_leaves_nothing_to_choose() -> None:
    text = Response(URL, headers={"content-type": "text/plain"}, body=b"Pier\n\nIt opens.")
    found = explanation.of(text)
    assert found.article
    assert (found.article.title, found.why) == ("Pier", "the page is plain text")
