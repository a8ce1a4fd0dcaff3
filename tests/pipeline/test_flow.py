"""The steps of the flow: what is asked for, what is read, and what stands in. No database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pipeline import flow
from pipeline.decide import Failed, PageRead, Same
from pipeline.errors import FetchError, WorkerDiedError
from pipeline.model import EntryFacts, Hop, Request, Response, Validators
from tests.pipeline.decide.cases import NOW, URL, claimed, stored
from tests.pipeline.feeds.states import due

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import DueArticle, Fetch

PARAGRAPH = (
    "The old crane of the harbour was taken down on Monday, a hundred years after it was built. "
)
PAGE = (
    f"<html lang=en><head><title>Crane</title></head><body><article><h1>Crane</h1>"
    f"<p>{PARAGRAPH * 3}</p><p>{PARAGRAPH.upper() * 3}</p></article></body></html>"
).encode()
SHELL = b"<html><head><title>Mill</title></head><body><div id=root></div></body></html>"
NO_VALIDATORS = Validators(etag=None, last_modified=None)
FEED = b"<rss><channel><item><guid>1</guid><title>T</title><link>https://a.example/1</link></item></channel></rss>"


def entry(content: str | None = None, summary: str | None = None) -> EntryFacts:
    return EntryFacts(
        url=URL, title="Crane", summary=summary, content=content, authors=["Ada Stone"],
        language=None, published_at=NOW, feed_updated_at=None, categories=[],
    )  # fmt: skip


async def here(function: Callable[..., Any], *values: Any) -> Any:
    return function(*values)


def answering(*answers: Response | Exception) -> tuple[Fetch, list[Request]]:
    """A web that gives these answers in turn, and what it was asked."""
    asked: list[Request] = []
    left = iter(answers)

    async def fetch(request: Request) -> Response:
        asked.append(request)
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return fetch, asked


def ingest(
    article: DueArticle,
    answer: Response | Exception | None,
    *entries: EntryFacts,
    validators: Validators = NO_VALIDATORS,
) -> tuple[Any, list[Request]]:
    """What comes of an article; `answer` None asks nobody."""
    fetch, asked = answering(*([answer] if answer else []))
    page = fetch if answer else None
    outcome = asyncio.run(flow.ingest(article, page, validators, entries, here, NOW))
    return outcome, asked


def test_page_is_read_and_its_feed_adds_what_it_does_not_say() -> None:
    outcome, _ = ingest(claimed(), Response(URL, body=PAGE, fetched_at=NOW), entry())
    assert isinstance(outcome, PageRead)
    assert outcome.article.title == "Crane"
    assert outcome.article.authors == ("Ada Stone",)
    assert outcome.response is not None


def test_stored_page_is_asked_with_its_validators() -> None:
    known = Validators(etag='"1"', last_modified="Mon, 02 Mar 2026 07:00:00 GMT")
    outcome, asked = ingest(stored(), Response(URL, 304, fetched_at=NOW), validators=known)
    assert outcome == Same(response=outcome.response, outcome="not_modified")
    assert (asked[0].etag, asked[0].last_modified) == (known.etag, known.last_modified)


def test_nobody_is_asked_where_pages_are_not_wanted() -> None:
    outcome, asked = ingest(claimed(), None, entry(content=f"<p>{PARAGRAPH}</p>"))
    assert isinstance(outcome, PageRead)
    assert outcome.response is None
    assert PARAGRAPH.strip() in outcome.article.text
    assert asked == []


@pytest.mark.parametrize(
    ("content", "stands_in"),
    [(f"<p>{PARAGRAPH * 3}</p><p>{PARAGRAPH * 2}</p>", True), (None, False)],
    ids=["whole-text-in-the-feed", "nothing-in-the-feed"],
)
def test_feed_stands_in_for_a_page_without_text(content: str | None, *, stands_in: bool) -> None:
    outcome, _ = ingest(claimed(), Response(URL, body=SHELL, fetched_at=NOW), entry(content))
    assert isinstance(outcome, Failed)
    assert outcome.error.reason == "no_text"
    assert (outcome.instead is not None) is stands_in


BEGINNING = f"<h1>Crane</h1><p>{PARAGRAPH}</p><p>Subscribe to continue reading.</p>"
WALL = (
    '<html lang=en><head><title>Crane</title><meta property="og:type" content="article">'
    '<meta name="author" content="Bo Dahl"><meta property="article:content_tier" content="locked">'
    f"</head><body><article>{BEGINNING}</article></body></html>"
).encode()
WHOLE = f"<p>{PARAGRAPH * 3}</p><p>{PARAGRAPH * 2}</p>"


def test_whole_text_of_a_feed_goes_before_a_teaser_with_the_facts_of_the_page() -> None:
    outcome, _ = ingest(claimed(), Response(URL, body=WALL, fetched_at=NOW), entry(WHOLE))
    assert isinstance(outcome, Failed)
    assert (outcome.error.reason, outcome.response and outcome.response.url) == ("paywall", URL)
    assert outcome.instead
    assert outcome.instead.response is None
    article = outcome.instead.article
    assert article.text.count(PARAGRAPH.strip()) == 5
    assert (article.authors, article.page_kind, article.access) == (("Bo Dahl",), None, None)


@pytest.mark.parametrize(
    "carried",
    [
        pytest.param(entry(), id="nothing in the feed"),
        pytest.param(entry(summary=PARAGRAPH * 4), id="a summary"),
        pytest.param(entry(WHOLE.replace("</p>", " Continue reading ...</p>")), id="an excerpt"),
    ],
)
def test_teaser_is_the_article_where_no_feed_carries_the_whole_text(carried: EntryFacts) -> None:
    outcome, _ = ingest(claimed(), Response(URL, body=WALL, fetched_at=NOW), carried)
    assert isinstance(outcome, PageRead)
    article = outcome.article
    assert (article.title, article.text) == ("Crane", PARAGRAPH.strip())
    assert (article.page_kind, article.access) == ("teaser", "metered")


def test_teaser_that_is_longer_than_the_text_of_the_feed_stays() -> None:
    longer = WALL.replace(b"<p>Sub", f"<p>{PARAGRAPH * 5}</p><p>Sub".encode())
    outcome, _ = ingest(claimed(), Response(URL, body=longer, fetched_at=NOW), entry(WHOLE))
    assert isinstance(outcome, PageRead)
    assert outcome.article.access == "metered"


def test_feed_does_not_stand_in_at_the_first_failure_of_a_server() -> None:
    error = FetchError("http_5xx", URL)
    outcome, _ = ingest(claimed(attempts=1), error, entry(f"<p>{PARAGRAPH * 5}</p>"))
    assert (outcome.error, outcome.instead) == (error, None)


def test_page_that_ended_ten_claims_is_not_asked_for() -> None:
    outcome, asked = ingest(claimed(expiries=10), Response(URL, body=PAGE, fetched_at=NOW))
    assert isinstance(outcome.error, WorkerDiedError)
    assert asked == []


def test_page_that_led_to_the_front_page_is_not_read() -> None:
    front = Response("https://mill.example/", body=PAGE, fetched_at=NOW)
    outcome, _ = ingest(claimed(), replace(front, hops=(Hop(url=URL, status=302),)))
    assert outcome.error.reason == "soft_404"


def poll(feed: Any, *answers: Response | Exception) -> tuple[Any, list[Request]]:
    fetch, asked = answering(*answers)
    return asyncio.run(flow.poll(feed, fetch, here, lambda _: True, NOW)), asked


@pytest.mark.parametrize(
    ("known", "sent"),
    [
        pytest.param({}, '"1"', id="trusted"),
        pytest.param({"audit_at": NOW}, None, id="audit-is-due"),
        pytest.param({"distrusted_at": NOW}, None, id="caught-lying"),
    ],
)
def test_feed_is_asked_with_the_validators_that_are_trusted(
    known: dict[str, Any], sent: str | None
) -> None:
    _, asked = poll(due(etag='"1"', **known), Response("https://a.example/feed", 304))
    assert asked[0].etag == sent


def test_same_document_is_not_read_again() -> None:
    answer = Response("https://a.example/feed", body=FEED, fetched_at=NOW)
    first, _ = poll(due(), answer)
    again, _ = poll(due(body_sha256=first.parsed.digest), answer)
    assert isinstance(again, Same)
    assert again.outcome == "unchanged"


def test_link_to_a_private_host_is_not_kept() -> None:
    fetch, _ = answering(Response("https://a.example/feed", body=FEED, fetched_at=NOW))
    read: Any = asyncio.run(flow.poll(due(), fetch, here, lambda _: False, NOW))
    (one,) = read.parsed.found
    assert (one.url, one.reason) == (None, "blocked_address")


def test_answer_that_came_with_a_failure_is_kept() -> None:
    answer = Response("https://a.example/feed", 500, fetched_at=NOW)
    outcome, _ = poll(due(), FetchError("http_5xx", "x", response=answer))
    assert outcome.response == answer
