"""What is written of an article's page: each row of the table is a sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.decide import page as decide
from pipeline.errors import FetchError, GoneError, NoArticleError, NotRecordedError, WorkerDiedError
from pipeline.model import Hop, PageFacts, Response, Revision
from tests.pipeline.decide import cases
from tests.pipeline.decide.cases import DAY, HOUR, NEW_TEXT, NOW, OLD_TEXT, URL, failed, owner, page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import Claimant, DueArticle, PageIntent
    from pipeline.persist.pages import Outcome

FRESH, STORED, FROM_FEED = cases.claimed(), cases.stored(), cases.stored("feed")
METERED = cases.stored(access="metered")
TEASER = page(page_kind="teaser", access="metered")
HELD = (cases.held(),)
FEED_TEXT = cases.from_feed()
KILLED = WorkerDiedError("worker_killed", URL)


def told(intent: PageIntent) -> dict[str, Any]:
    """What is written, as a reader of the table names it; nothing is left out but defaults."""
    state, text = intent.state, intent.text
    said: dict[str, Any] = {
        "outcome": state and state.outcome,
        "next": state and state.due_at and state.due_at - NOW,
        "unchanged": state and state.unchanged_checks,
        "reason": state and state.reason,
        "change": text and text.change_kind,
        "source": text and text.text_source,
        "newest": text and text.is_newest,
        "page": intent.check and intent.check.page_state,
        "fetch": intent.fetch and (intent.fetch.reason or "answer"),
        "alias_of": intent.alias_of,
        "absorbed": intent.absorbed,
        "revives": intent.revives_aliases,
        "postponed": intent.is_postponed,
        "held": intent.hold and intent.hold.ends_at - NOW,
    }
    return {name: value for name, value in said.items() if value not in (None, 0, False)}


ROWS: list[tuple[str, DueArticle, Outcome, Sequence[Revision], dict[str, Any]]] = [
    (
        "the first text is stored and checked in an hour",
        FRESH, page(), (),
        {"outcome": "stored", "next": HOUR, "change": "first", "source": "page", "newest": True, "fetch": "answer"},
    ),
    (
        "another text is a revision and starts the checks anew",
        cases.stored(unchanged_checks=1), page(), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "change": "substantive", "source": "page", "newest": True, "fetch": "answer"},
    ),
    (
        "the same text is a check without a change",
        STORED, page(OLD_TEXT), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "unchanged": 1, "source": "page", "newest": True, "fetch": "answer"},
    ),
    (
        "a 304 counts as a check",
        STORED, cases.not_modified(), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "unchanged": 1, "page": "live", "fetch": "answer"},
    ),
    (
        "the second check without a change is the last",
        cases.stored(unchanged_checks=1), cases.not_modified(), HELD,
        {"outcome": "stored", "unchanged": 2, "page": "live", "fetch": "answer"},
    ),
    (
        "an older answer that comes late keeps its revision and the newer text",
        STORED, page(NEW_TEXT, at=NOW - DAY), HELD,
        {"outcome": "stored", "next": 0 * HOUR, "change": "first", "source": "page", "fetch": "answer"},
    ),
    (
        "the recording of the present text, met again, writes no text",
        STORED, page(OLD_TEXT, at=NOW - HOUR), HELD,
        {"outcome": "stored", "next": 0 * HOUR, "unchanged": 1, "fetch": "answer"},
    ),
    (
        "a page that shows less of the text than before changes nothing",
        STORED, page(OLD_TEXT.split("\n")[0], page_kind="teaser"), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "unchanged": 1, "page": "live", "fetch": "answer"},
    ),
    (
        "a feed's text is stored where pages are not asked for",
        FRESH, FEED_TEXT, (),
        {"outcome": "stored", "next": HOUR, "change": "first", "source": "feed", "newest": True},
    ),
    (
        "a feed's text never replaces a page's, also after pages were switched off",
        STORED, FEED_TEXT, HELD,
        {"outcome": "stored", "next": 5 * HOUR, "unchanged": 1},
    ),
    (
        "a page's text replaces a feed's",
        FROM_FEED, page(), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "change": "substantive", "source": "page", "newest": True, "fetch": "answer"},
    ),
    (
        "a failure has its reason and a next attempt; articles that gave way are asked for",
        FRESH, failed("timeout"), (),
        {"outcome": "failed", "next": 0.125 * HOUR, "reason": "timeout", "fetch": "timeout", "revives": True},
    ),
    (
        "a failed check keeps the text and counts as no check",
        cases.stored(unchanged_checks=1), failed("timeout"), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "unchanged": 1, "page": "unreachable", "fetch": "timeout"},
    ),
    (
        "a page that is gone keeps its text and says so",
        STORED, failed(GoneError("gone", URL)), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "page": "gone", "fetch": "gone"},
    ),
    (
        "a page that was never there is not asked for again",
        FRESH, failed(GoneError("gone", URL)), (),
        {"outcome": "failed", "reason": "gone", "fetch": "gone", "revives": True},
    ),
    (
        "a page without text gives way to the feed's text",
        FRESH, failed(NoArticleError("no_text", URL), FEED_TEXT), (),
        {"outcome": "stored", "next": HOUR, "change": "first", "source": "feed", "newest": True, "page": "live"},
    ),
    (
        "the feed's new text replaces the feed's old one when the page still fails",
        FROM_FEED, failed("timeout", FEED_TEXT), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "change": "substantive", "source": "feed", "newest": True, "page": "unreachable", "fetch": "timeout"},
    ),
    (
        "the feed's text stays away from a page's text when the page fails",
        STORED, failed("timeout", FEED_TEXT), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "page": "unreachable", "fetch": "timeout"},
    ),
    (
        "a teaser is an article, checked like any other",
        FRESH, TEASER, (),
        {"outcome": "stored", "next": HOUR, "change": "first", "source": "page", "newest": True, "fetch": "answer"},
    ),
    (
        "a teaser stays away from the page's whole text",
        STORED, TEASER, HELD,
        {"outcome": "stored", "next": 5 * HOUR, "unchanged": 1, "page": "live", "fetch": "answer"},
    ),
    (
        "the whole text takes the place of a teaser",
        METERED, page(), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "change": "substantive", "source": "page", "newest": True, "fetch": "answer"},
    ),
    (
        "the feed's whole text takes the place of a teaser",
        METERED, failed(NoArticleError("paywall", URL), FEED_TEXT), HELD,
        {"outcome": "stored", "next": 5 * HOUR, "change": "substantive", "source": "feed", "newest": True, "page": "live"},
    ),
    (
        "a feed's summary never replaces a teaser, when pages were switched off",
        METERED, FEED_TEXT, HELD,
        {"outcome": "stored", "next": 5 * HOUR, "unchanged": 1},
    ),
    (
        "our own outage costs the page nothing: the claim is taken back",
        cases.claimed(attempts=2), failed("network_down"), (),
        {"outcome": "pending", "next": HOUR / 60, "postponed": True, "fetch": "network_down"},
    ),
    (
        "a postponed check leaves a stored article stored",
        STORED, failed("host_busy"), HELD,
        {"outcome": "stored", "next": HOUR / 60, "postponed": True, "fetch": "host_busy"},
    ),
    (
        "what robots.txt forbids was not asked for",
        FRESH, failed("robots"), (),
        {"outcome": "failed", "next": 6 * HOUR, "reason": "robots", "revives": True},
    ),
    (
        "what no recording holds was not asked for",
        FRESH, failed(NotRecordedError(URL)), (),
        {"outcome": "failed", "reason": "not_recorded", "revives": True},
    ),
    (
        "the third death quarantines",
        cases.claimed(deaths=2), failed(KILLED), (),
        {"outcome": "quarantined", "reason": "worker_killed", "revives": True},
    ),
    (
        "a server that asks for an hour gets it, the whole host",
        FRESH, failed(FetchError("rate_limited", URL, retry_after=HOUR)), (),
        {"outcome": "failed", "next": HOUR, "reason": "rate_limited", "fetch": "rate_limited", "held": HOUR, "revives": True},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("due", "outcome", "revisions", "expected"),
    [pytest.param(*row, id=sentence) for sentence, *row in ROWS],
)
def test_decision(
    due: DueArticle, outcome: Outcome, revisions: Sequence[Revision], expected: dict[str, Any]
) -> None:
    intent = decide.page(due, outcome, PageFacts(revisions=tuple(revisions)), 0.0)
    assert told(intent) == expected


OWNERS: list[tuple[str, DueArticle, Claimant, dict[str, Any]]] = [
    ("gives way to an article that waits for its page", FRESH, owner(), {"alias_of": 2}),
    ("gives way to an article with a text", FRESH, owner(has_text=True), {"alias_of": 2}),
    ("gives way to the article that the owner gave way to", FRESH, owner(alias_of=3), {"alias_of": 3}),
    ("gives way to one that was removed", FRESH, owner(may_get_text=False, is_removed=True), {"alias_of": 2}),
    ("takes in an article that failed", FRESH, owner(may_get_text=False), {"absorbed": 2}),
    ("keeps what gave way to it before", FRESH, owner(alias_of=1, may_get_text=False), {}),
    ("stays when it has a text of its own", STORED, owner(has_text=True), {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("due", "claimant", "expected"), [pytest.param(*row, id=name) for name, *row in OWNERS]
)
def test_page_whose_address_is_another_articles(
    due: DueArticle, claimant: Claimant, expected: dict[str, int]
) -> None:
    intent = decide.page(due, page(), PageFacts(revisions=HELD, owner=claimant), 0.0)
    found = {"alias_of": intent.alias_of, "absorbed": intent.absorbed}
    assert {name: number for name, number in found.items() if number} == expected
    assert (intent.text is None) == ("alias_of" in expected)


LATE: list[tuple[str, DueArticle, datetime, bool]] = [
    ("a newer answer is written", STORED, NOW, True),
    ("the present answer is written again", STORED, NOW - HOUR, True),
    ("an answer older than the text is late", STORED, NOW - DAY, False),
    ("a removed article stays removed", cases.claimed(outcome="removed"), NOW, False),
    ("an alias has no text of its own", cases.claimed(outcome="alias"), NOW, False),
    ("a failed article is stored now", cases.claimed(outcome="failed"), NOW, True),
]


@pytest.mark.parametrize(
    ("due", "at", "expected"), [pytest.param(*row, id=name) for name, *row in LATE]
)
def test_kept_page_that_is_read_again(due: DueArticle, at: datetime, *, expected: bool) -> None:
    intent = decide.reread(due, page(at=at), PageFacts(revisions=HELD if due is STORED else ()))
    assert (intent is not None) is expected
    if intent:
        assert intent.text is not None
        assert (intent.state is None) is (due is STORED)  # its place in the queue stays


ELSEWHERE = "https://mill.example/news/crane-sold"


def test_redirect_and_canonical_address_are_keys_of_the_page() -> None:
    read = page(url=ELSEWHERE, canonical_url=f"{ELSEWHERE}-to-museum")
    hops = (Hop(url=URL, status=301),)
    read = replace(read, response=Response(ELSEWHERE, hops=hops, fetched_at=NOW))
    assert decide.keys(FRESH, read) == [
        "mill.example/news/crane-sold",
        "mill.example/news/crane-sold-to-museum",
    ]


@pytest.mark.parametrize(
    "outcome", [page(), page(canonical_url=URL), cases.not_modified(), failed("timeout")]
)
def test_its_own_address_is_no_further_key(outcome: Outcome) -> None:
    assert decide.keys(FRESH, outcome) == []
