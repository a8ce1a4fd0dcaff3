"""What a feed's state remembers: validators verbatim, streaks of failure, where it moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.feeds.scheduling import feed_state
from pipeline.model import FeedMove, FeedState, Hop, Response, ValidatorTrust
from pipeline.reasons import BY_VALUE, Reason
from tests.pipeline.feeds import states

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = timedelta(days=1)
OLD, NEW = "https://a.example/feed", "https://a.example/rss"
TAG, DATE = '"a-1"', "Mon, 02 Mar 2026 07:00:00 GMT"
SHA = b"\x01" * 32
TROUBLED = {
    "failure_streak": 4,
    "failing_since": NOW - 2 * DAY,
    "gone_streak": 2,
    "gone_since": NOW - DAY,
}
KNOWN = {"etag": '"a-0"', "last_modified": "Sun, 01 Mar 2026 07:00:00 GMT", "body_sha256": SHA}
MOVED = {"moved_to": NEW, "moved_streak": 2, "moved_since": NOW - 3 * DAY}


def _answer(url: str = OLD, hops: tuple[tuple[str, int], ...] = (), /, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    followed = tuple(Hop(url=hop, status=status) for hop, status in hops)
    return Response(url, 200, named, b"", NOW, followed)


def _after(response: Response, **known: Any) -> FeedState:
    return feed_state.after_document(states.state(**known), response, SHA, draw=0.5)


# Validators.


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param('"a-1"', '"a-1"', id="strong"),
        pytest.param('W/"a-1"', 'W/"a-1"', id="weak"),
        pytest.param("a-1", "a-1", id="without-quotes"),
        pytest.param('"a-1-gzip"', '"a-1-gzip"', id="with-its-compression"),
        pytest.param(' "a" ', ' "a" ', id="byte-for-byte"),
        pytest.param('"' + "a" * 998 + '"', '"' + "a" * 998 + '"', id="a-thousand-characters"),
        pytest.param('"' + "a" * 999 + '"', None, id="too-long"),
        pytest.param("", None, id="empty"),
        pytest.param('"é"', None, id="not-ascii"),
        pytest.param('"a\x7f"', None, id="control-character"),
        pytest.param('"a"\r\nx: y', None, id="line-break"),
        pytest.param('"a"\n', None, id="line-break-at-the-end"),
    ],
)
def test_validator_is_kept_verbatim_if_it_can_be_sent_back(
    value: str, expected: str | None
) -> None:
    assert _after(_answer(etag=value)).validators.etag == expected
    assert _after(_answer(last_modified=value)).validators.last_modified == expected


def test_document_brings_its_own_validators_and_digest() -> None:
    after = _after(_answer(etag=TAG, last_modified=DATE))
    assert (
        after.validators.etag,
        after.validators.last_modified,
        after.validators.body_sha256,
    ) == (TAG, DATE, SHA)
    assert after.health.last_success_at == NOW


def test_document_without_validators_forgets_the_old_ones() -> None:
    after = _after(_answer(), **KNOWN)
    assert (after.validators.etag, after.validators.last_modified) == (None, None)


def test_validators_are_kept_with_the_address_that_gave_them() -> None:
    after = _after(_answer(NEW, ((OLD, 302),), etag=TAG, last_modified=DATE), **KNOWN)
    assert (after.validators.etag, after.validators.last_modified, after.validators.url) == (
        TAG,
        DATE,
        NEW,
    )


def test_not_modified_keeps_old_validators() -> None:
    after = feed_state.after_not_modified(states.state(**KNOWN), _answer())
    assert (after.validators.etag, after.validators.last_modified) == (
        KNOWN["etag"],
        KNOWN["last_modified"],
    )
    assert after.validators.body_sha256 == SHA
    assert after.health.last_success_at == NOW


def test_not_modified_may_refresh_one_validator() -> None:
    after = feed_state.after_not_modified(states.state(**KNOWN), _answer(etag=TAG))
    assert (after.validators.etag, after.validators.last_modified) == (TAG, KNOWN["last_modified"])


def test_not_modified_keeps_old_validator_over_one_that_cannot_be_sent() -> None:
    after = feed_state.after_not_modified(states.state(**KNOWN), _answer(etag='"é"'))
    assert after.validators.etag == KNOWN["etag"]


def test_failure_keeps_validators_and_digest() -> None:
    feed = states.state(**KNOWN, last_success_at=NOW - DAY)
    after = feed_state.after_failure(feed, Reason.TIMEOUT, NOW)
    assert (after.validators.etag, after.validators.last_modified) == (
        KNOWN["etag"],
        KNOWN["last_modified"],
    )
    assert (after.validators.body_sha256, after.health.last_success_at) == (SHA, NOW - DAY)


# Streaks.


@pytest.mark.parametrize("status", ["document", "not_modified"])
def test_success_ends_every_streak(status: str) -> None:
    feed, response = states.state(**TROUBLED), _answer()
    if status == "document":
        after = feed_state.after_document(feed, response, SHA, draw=0.5)
    else:
        after = feed_state.after_not_modified(feed, response)
    assert (after.health.failure_streak, after.health.failing_since) == (0, None)
    assert (after.health.gone_streak, after.health.gone_since) == (0, None)


@pytest.mark.parametrize(
    ("known", "reason", "expected"),
    [
        pytest.param({}, "timeout", (1, NOW, 0, None), id="first"),
        pytest.param(TROUBLED, "timeout", (5, NOW - 2 * DAY, 0, None), id="not-gone-any-more"),
        pytest.param(TROUBLED, "gone", (5, NOW - 2 * DAY, 3, NOW - DAY), id="gone-again"),
        pytest.param({}, "gone", (1, NOW, 1, NOW), id="gone-for-the-first-time"),
    ],
)
def test_failure_makes_streaks_longer(
    known: dict[str, Any], reason: str, expected: tuple[Any, ...]
) -> None:
    after = feed_state.after_failure(states.state(**known), BY_VALUE[reason], NOW)
    streaks = (
        after.health.failure_streak,
        after.health.failing_since,
        after.health.gone_streak,
        after.health.gone_since,
    )
    assert streaks == expected


# Where it moved.


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        pytest.param(_answer(NEW), None, id="no-redirect"),
        pytest.param(_answer(NEW, ((OLD, 301),)), NEW, id="301"),
        pytest.param(_answer(NEW, ((OLD, 308),)), NEW, id="308"),
        pytest.param(_answer(NEW, ((OLD, 302),)), None, id="302"),
        pytest.param(_answer(NEW, ((OLD, 307),)), None, id="307"),
        pytest.param(_answer(NEW, ((OLD, 301), (OLD + "2", 302))), None, id="one-for-now"),
        pytest.param(_answer(NEW, ((OLD, 301), (OLD + "2", 308))), NEW, id="all-for-good"),
        pytest.param(
            _answer("http://a.example/rss", ((OLD, 301),)), None, id="https-is-not-given-up"
        ),
        pytest.param(_answer(NEW, (("http://a.example/feed", 301),)), NEW, id="http-to-https"),
        pytest.param(
            _answer("http://b.example/rss", (("http://a.example/feed", 301),)),
            "http://b.example/rss",
            id="http-to-http",
        ),
    ],
)
def test_only_a_permanent_redirect_is_remembered(response: Response, expected: str | None) -> None:
    after = _after(response)
    assert after.move.url == expected
    assert (after.move.streak, after.move.moved_since) == ((1, NOW) if expected else (0, None))


def test_same_redirect_again_makes_the_streak_longer() -> None:
    after = _after(_answer(NEW, ((OLD, 301),)), **MOVED)
    assert (after.move.url, after.move.streak, after.move.moved_since) == (NEW, 3, NOW - 3 * DAY)


def test_redirect_on_a_304_counts_too() -> None:
    after = feed_state.after_not_modified(states.state(**MOVED), _answer(NEW, ((OLD, 301),)))
    assert (after.move.streak, after.move.moved_since) == (3, NOW - 3 * DAY)


def test_redirect_to_somewhere_else_begins_anew() -> None:
    other = "https://b.example/rss"
    after = _after(_answer(other, ((OLD, 301),)), **MOVED)
    assert (after.move.url, after.move.streak, after.move.moved_since) == (other, 1, NOW)


def test_answer_without_a_redirect_forgets_the_move() -> None:
    after = _after(_answer(), **MOVED)
    assert (after.move.url, after.move.streak, after.move.moved_since) == (None, 0, None)


def test_failure_does_not_forget_the_move() -> None:
    after = feed_state.after_failure(states.state(**MOVED), Reason.TIMEOUT, NOW)
    assert (after.move.url, after.move.streak, after.move.moved_since) == (NEW, 2, NOW - 3 * DAY)


@pytest.mark.parametrize(
    ("streak", "since", "expected"),
    [
        pytest.param(3, NOW - 3 * DAY, NEW, id="three-over-three-days"),
        pytest.param(3, NOW - 3 * DAY + timedelta(seconds=1), None, id="too-soon"),
        pytest.param(200, NOW - DAY, None, id="often-in-a-day"),
        pytest.param(2, NOW - 9 * DAY, None, id="too-few"),
        pytest.param(0, None, None, id="never"),
    ],
)
def test_move_is_adopted_after_three_polls_over_three_days(
    streak: int, since: datetime | None, expected: str | None
) -> None:
    move = FeedMove(url=NEW if since else None, streak=streak, moved_since=since)
    assert feed_state.adopted_url(move, NOW) == expected


# Trust in validators.


def test_document_sets_an_audit_within_a_week() -> None:
    audits = [
        feed_state.after_document(states.state(), _answer(), SHA, draw=draw).trust.audit_at
        for draw in (0.0, 1.0)
    ]
    assert audits == [NOW + DAY, NOW + 7 * DAY]


def test_not_modified_does_not_put_the_audit_off() -> None:
    after = feed_state.after_not_modified(states.state(**KNOWN, audit_at=NOW + DAY), _answer())
    assert (after.trust.audit_at, after.trust.not_modified_at) == (NOW + DAY, NOW)


def test_document_forgets_the_304s_before_it() -> None:
    after = _after(_answer(), not_modified_at=NOW - DAY)
    assert after.trust.not_modified_at is None


def test_lie_is_remembered_with_its_moment() -> None:
    after = feed_state.after_document(
        states.state(**KNOWN), _answer(etag='"a-0"'), SHA, [None], draw=0.5
    )
    assert after.trust.distrusted_at == NOW
    assert after.trust.distrust == 'etag "a-0" came again with 1 new entries'


def test_first_lie_stays_the_one_that_is_told() -> None:
    feed = states.state(**KNOWN, distrusted_at=NOW - DAY, distrust="the first")
    after = feed_state.after_document(feed, _answer(etag='"a-0"'), SHA, [None], draw=0.5)
    assert (after.trust.distrusted_at, after.trust.distrust) == (NOW - DAY, "the first")


def test_failure_keeps_what_is_known_of_trust() -> None:
    known: dict[str, Any] = {
        "audit_at": NOW + DAY,
        "not_modified_at": NOW - DAY,
        "distrusted_at": NOW - DAY,
        "distrust": "a lie",
    }
    after = feed_state.after_failure(states.state(**known), Reason.TIMEOUT, NOW)
    assert after.trust == ValidatorTrust(**known)
