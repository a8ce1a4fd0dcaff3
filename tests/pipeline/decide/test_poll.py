"""What is written of a poll: each row of the table is a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.decide import Child, Failed, FeedRead, Same
from pipeline.decide import poll as decide
from pipeline.decide.poll import DocumentFacts
from pipeline.errors import FetchError, GoneError, NotRecordedError
from pipeline.feeds.identity import parsed_feed
from pipeline.feeds.identity.churn import Lasting
from pipeline.model import Hop, Response, Stored
from tests.pipeline.feeds.states import NOW, due

if TYPE_CHECKING:
    from pipeline.model import DueFeed, PollIntent

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
URL, ELSEWHERE = "https://a.example/feed", "https://b.example/rss"
TAG = {"etag": '"2"'}
BODY = b"<rss><channel><title>Alder</title><item><guid>1</guid><title>One</title></item></channel></rss>"
OK = Response(URL, 200, TAG, BODY, NOW)
PARSED = parsed_feed.of(OK)
KNOWN = {"etag": '"1"', "body_sha256": b"1", "last_success_at": NOW - DAY, "window_entries": 3}
TROUBLED = {"failure_streak": 2, "failing_since": NOW - DAY}
MOVING = {"moved_to": ELSEWHERE, "moved_streak": 2, "moved_since": NOW - 3 * DAY}
LED = (Hop(url=URL, status=301),)
FED = due(**KNOWN)


def read(response: Response = OK, **children: Any) -> FeedRead:
    return FeedRead(response=response, parsed=PARSED, **children)


def stored(
    new: int = 1, known: int = 0, *, whole: bool = True, double: bool = False
) -> DocumentFacts:
    """What became of the entries of a document."""
    return DocumentFacts(
        parsed=replace(PARSED, is_whole=whole),
        stored=Stored(known=known, updated=0, new_published_at=(None,) * new),
        is_double=double,
    )


def same(outcome: str = "not_modified", response: Response | None = None) -> Same:
    return Same(response=response or Response(URL, 304, TAG, b"", NOW), outcome=outcome)


def failed(error: str | FetchError) -> Failed:
    if isinstance(error, str):
        error = FetchError(error, URL)
    return Failed(error=error, at=NOW)


def told(intent: PollIntent) -> dict[str, Any]:
    """What is written, as a reader of the table names it."""
    state = intent.state
    said: dict[str, Any] = {
        "outcome": intent.poll.outcome,
        "reason": intent.poll.reason,
        "new": intent.poll.counts.new,
        "gap": intent.poll.gap,
        "etag": state.validators.etag,
        "digest": state.validators.body_sha256 and state.validators.body_sha256[:1],
        "streak": state.health.failure_streak,
        "free": not intent.is_charged,
        "keeps_body": intent.keeps_body,
        "moved_to": intent.moved_to and intent.moved_to[0],
        "ends": intent.next_poll.feed_state == "gone",
        "holds": [hold.host for hold in intent.holds],
        "asked_too": [fetch.url for fetch in intent.fetches],
        "title": intent.description and intent.description.title,
        "distrusts": bool(state.trust.distrust),
    }
    return {name: value for name, value in said.items() if value}


READ: list[tuple[str, DueFeed, FeedRead, DocumentFacts, dict[str, Any]]] = [
    (
        "a document brings its own validators, its entries and its name",
        FED, read(), stored(known=1),
        {"outcome": "changed", "new": 1, "etag": '"2"', "digest": PARSED.digest[:1], "keeps_body": True, "title": "Alder"},
    ),
    (
        "a document that is not whole keeps no validator and no digest: nothing may hide its rest",
        FED, read(), stored(known=1, whole=False),
        {"outcome": "changed", "new": 1, "keeps_body": True, "title": "Alder"},
    ),
    (
        "a document that shares no entry with the last one is a gap",
        FED, read(), stored(),
        {"outcome": "changed", "new": 1, "gap": True, "etag": '"2"', "digest": PARSED.digest[:1], "keeps_body": True, "title": "Alder"},
    ),
    (
        "a first document is no gap",
        due(), read(), stored(),
        {"outcome": "changed", "new": 1, "etag": '"2"', "digest": PARSED.digest[:1], "keeps_body": True, "title": "Alder"},
    ),
    (
        "a name that is known is not written again, and a success ends the failures",
        due(title="Alder", **KNOWN, **TROUBLED), read(), stored(known=1),
        {"outcome": "changed", "new": 1, "etag": '"2"', "digest": PARSED.digest[:1], "keeps_body": True},
    ),
    (
        "an ETag that stayed while entries came is a lie",
        due(**KNOWN | {"etag": '"2"'}), read(), stored(known=1),
        {"outcome": "changed", "new": 1, "etag": '"2"', "digest": PARSED.digest[:1], "keeps_body": True, "title": "Alder", "distrusts": True},
    ),
    (
        "a double is polled no more: its state stays, its document counts as unchanged",
        due(**TROUBLED), read(), stored(0, double=True),
        {"outcome": "unchanged", "streak": 2},
    ),
    (
        "a sitemap of an index that asked for patience holds its host and is recorded",
        FED,
        read(children=(Child(url=ELSEWHERE, at=NOW, response=None, error=FetchError("rate_limited", ELSEWHERE)),)),
        stored(known=1),
        {"outcome": "changed", "new": 1, "etag": '"2"', "digest": PARSED.digest[:1], "keeps_body": True, "title": "Alder", "holds": ["a.example"], "asked_too": [ELSEWHERE]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("feed", "outcome", "facts", "expected"), [pytest.param(*row, id=name) for name, *row in READ]
)
def test_document(
    feed: DueFeed, outcome: FeedRead, facts: DocumentFacts, expected: dict[str, Any]
) -> None:
    assert told(decide.poll(feed, outcome, facts, 0.5)) == expected


REST: list[tuple[str, DueFeed, Same | Failed, dict[str, Any]]] = [
    (
        "a 304 may refresh the validator and keeps the digest",
        FED, same(), {"outcome": "not_modified", "etag": '"2"', "digest": b"1"},
    ),
    (
        "a 304 without headers keeps the old validator",
        FED, same(response=Response(URL, 304, {}, b"", NOW)),
        {"outcome": "not_modified", "etag": '"1"', "digest": b"1"},
    ),
    (
        "the same bytes again take the validators of this answer",
        FED, same("unchanged", OK), {"outcome": "unchanged", "etag": '"2"', "digest": b"1"},
    ),
    (
        "the third permanent redirect over three days is adopted",
        due(**KNOWN, **MOVING), same("unchanged", replace(OK, url=ELSEWHERE, hops=LED)),
        {"outcome": "unchanged", "etag": '"2"', "digest": b"1", "moved_to": ELSEWHERE},
    ),
    (
        "a feed with a password takes it to no other origin",
        due(headers={"authorization": "x"}, **KNOWN, **MOVING),
        same("unchanged", replace(OK, url=ELSEWHERE, hops=LED)),
        {"outcome": "unchanged", "etag": '"2"', "digest": b"1"},
    ),
    (
        "a failure keeps the validators and counts",
        due(**KNOWN, **TROUBLED), failed("timeout"),
        {"outcome": "failed", "reason": "timeout", "etag": '"1"', "digest": b"1", "streak": 3, "keeps_body": True},
    ),
    (
        "our own outage is charged to nobody",
        due(**KNOWN, **TROUBLED), failed("network_down"),
        {"outcome": "failed", "reason": "network_down", "etag": '"1"', "digest": b"1", "streak": 2, "free": True, "keeps_body": True},
    ),
    (
        "what no recording holds is charged to nobody",
        FED, failed(NotRecordedError(URL)),
        {"outcome": "failed", "reason": "not_recorded", "etag": '"1"', "digest": b"1", "free": True, "keeps_body": True},
    ),
    (
        "a 429 holds the whole host",
        due(), failed(FetchError("rate_limited", URL, retry_after=HOUR)),
        {"outcome": "failed", "reason": "rate_limited", "streak": 1, "holds": ["a.example"], "keeps_body": True},
    ),
    (
        "the first 410 ends nothing",
        due(), failed(GoneError("gone", URL)),
        {"outcome": "failed", "reason": "gone", "streak": 1, "keeps_body": True},
    ),
    (
        "the third 410 over three days ends the feed",
        due(gone_streak=2, gone_since=NOW - 3 * DAY), failed(GoneError("gone", URL)),
        {"outcome": "failed", "reason": "gone", "streak": 1, "ends": True, "keeps_body": True},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("feed", "outcome", "expected"), [pytest.param(*row, id=name) for name, *row in REST]
)
def test_poll_without_a_document(
    feed: DueFeed, outcome: Same | Failed, expected: dict[str, Any]
) -> None:
    assert told(decide.poll(feed, outcome, None, 0.5)) == expected


def test_failure_leaves_all_that_was_learned() -> None:
    feed = due(**KNOWN, rate_model=[1.0, 2.0], ttl_seconds=60.0, skip_hours=[1], guid_churn=2)
    intent = decide.poll(feed, failed("timeout"), None, 0.5)
    assert intent.next_poll.rhythm == feed.state.rhythm
    assert intent.state == replace(feed.state, health=intent.state.health)


def test_message_of_a_failure_is_storable() -> None:
    intent = decide.poll(due(), failed(FetchError("timeout", "no\x00thing\ud800 came")), None, 0.5)
    assert intent.poll.message == "nothing came"


def test_document_without_facts_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError):
        decide.poll(due(), read(), None, 0.5)


def test_churn_of_guids_is_remembered() -> None:
    facts = replace(stored(known=1), lasting=Lasting(guid_streak=2, link_streak=1))
    state = decide.poll(FED, read(), facts, 0.5).state
    assert (state.guid_churn, state.link_churn) == (2, 1)
