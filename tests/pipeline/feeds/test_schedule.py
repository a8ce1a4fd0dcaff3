"""When a feed is asked again: the rule, its clamps, the publisher's hints, and the back-off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FeedUnreadableError, FetchError, GoneError, IngestError
from pipeline.feeds import schedule
from pipeline.model import Counts, Document, DueFeed, Entry, NextPoll, Response

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TAG = {"etag": '"a"'}
EVEN = 0.5  # the draw that neither shortens nor lengthens the policy's wish
NOTHING = Counts()
DRAWS = st.floats(0, 1)


def _feed(**known: Any) -> DueFeed:
    return DueFeed(
        feed_id=1,
        url="https://a.example/feed",
        host="a.example",
        due_at=NOW,
        lease_token=UUID(int=1),
        **known,
    )


def _steady(rate: float, **known: Any) -> DueFeed:
    """A feed polled just now, so that its rate stays as it is."""
    return _feed(entry_rate=rate, last_polled_at=NOW, **known)


def _answer(headers: dict[str, str] | None = None, status: int = 200) -> Response:
    return Response("https://a.example/feed", status, TAG if headers is None else headers, b"", NOW)


def _document(*ages: timedelta | None, total: int = 1000, **hints: Any) -> Document:
    """A document whose entries are so old; None for one without a date."""
    entries = tuple(Entry(published_at=None if age is None else NOW - age) for age in ages)
    return Document(format="rss", entries=entries, total=total, **hints)


def _next(
    feed: DueFeed,
    response: Response | None = None,
    document: Document | None = None,
    counts: Counts = NOTHING,
    draw: float = EVEN,
) -> NextPoll:
    return schedule.after_answer(feed, response or _answer(), document, counts, draw=draw)


def _wait(found: NextPoll) -> timedelta:
    assert found.due_at is not None
    return found.due_at - NOW


def _failed(
    feed: DueFeed,
    reason: str = "timeout",
    retry_after: timedelta | None = None,
    draw: float = EVEN,
) -> NextPoll:
    error = GoneError(reason, "x") if reason == "gone" else FetchError(reason, "x")
    return schedule.after_failure(feed, error, now=NOW, retry_after=retry_after, draw=draw)


# The policy: every sqrt(2 * 30 min / rate).


@pytest.mark.parametrize(
    ("rate", "minutes"),
    [
        pytest.param(24.0, 60.0, id="one-an-hour"),  # sqrt(2 * 30 * 60)
        pytest.param(6.0, 120.0, id="four-times-rarer-is-twice-as-long"),
        pytest.param(1.5, 240.0, id="three-in-two-days"),
        pytest.param(384.0, 15.0, id="just-at-the-least"),  # sqrt(2 * 30 * 3.75)
        pytest.param(5000.0, 15.0, id="never-below-15-minutes"),
        pytest.param(1 / 24, 1440.0, id="just-at-the-most"),  # sqrt(2 * 30 * 34560)
        pytest.param(1 / 60, 1440.0, id="never-above-24-hours"),
    ],
)
def test_interval_is_the_square_root_of_twice_the_price_over_the_rate(
    rate: float, minutes: float
) -> None:
    found = _next(_steady(rate))
    assert found.reason == "policy"
    assert found.interval_seconds == pytest.approx(minutes * 60, abs=1)
    assert _wait(found) / MINUTE == pytest.approx(minutes, rel=1e-3)


@pytest.mark.parametrize(
    ("rate", "hours"),
    [
        pytest.param(1 / 91, 46.7, id="just-silent"),  # sqrt(2 * 30 * 131040) minutes
        pytest.param(1 / 1000, 72.0, id="never-above-72-hours"),
        pytest.param(0.0, 72.0, id="none-ever"),
    ],
)
def test_dormant_feed_is_polled_every_two_or_three_days(rate: float, hours: float) -> None:
    assert _wait(_next(_steady(rate))) / HOUR == pytest.approx(hours, rel=1e-2)


def test_feed_silent_for_90_days_gets_dormant_by_itself() -> None:
    feed = _feed(entry_rate=0.05, last_polled_at=NOW - 90 * DAY)
    assert _wait(_next(feed)) > DAY


@pytest.mark.parametrize("rate", [5000.0, 384.0])
def test_feed_without_validators_is_asked_once_an_hour_at_most(rate: float) -> None:
    assert _wait(_next(_steady(rate), _answer({}))) == HOUR


def test_feed_without_validators_is_asked_half_as_often() -> None:
    """Each of its polls costs the whole document: four times the price."""
    assert _wait(_next(_steady(6.0), _answer({}))) / HOUR == pytest.approx(4)


@pytest.mark.parametrize(
    ("known", "headers"),
    [
        ({}, {"etag": '"a"'}),
        ({}, {"last-modified": "Mon, 02 Mar 2026 07:00:00 GMT"}),
        ({"etag": '"a"'}, {}),
        ({"last_modified": "Mon, 02 Mar 2026 07:00:00 GMT"}, {}),
    ],
)
def test_one_validator_is_enough(known: dict[str, str], headers: dict[str, str]) -> None:
    assert _wait(_next(_steady(384.0, **known), _answer(headers))) == 15 * MINUTE


def test_a_quarter_of_a_short_document_may_turn_over_between_polls() -> None:
    """Two entries at 24 a day: a quarter of them turns over in half an hour, not in one."""
    assert _wait(_next(_steady(24.0), document=_document(total=2))) == 30 * MINUTE
    assert _wait(_next(_steady(24.0), document=_document(total=4))) == HOUR
    assert _wait(_next(_steady(24.0), document=_document(total=100))) == HOUR


# The rate: from the dates of the first document, then from what is new.


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(_document(), 1.0, id="empty"),
        pytest.param(None, 1.0, id="no-document"),
        pytest.param(_document(None, None), 1.0, id="no-dates"),
        pytest.param(_document(2 * DAY, DAY, HOUR), 1.5, id="three-in-two-days"),
        pytest.param(_document(HOUR, None, DAY, 2 * DAY), 1.5, id="in-any-order"),
        pytest.param(_document(MINUTE), 4.0, id="one-just-now-counts-for-six-hours"),
        pytest.param(_document(20 * DAY, 14 * DAY), 1 / 14, id="old-ones-do-not-count"),
        pytest.param(_document(15 * DAY), 1 / 14, id="all-old"),
        pytest.param(_document(-HOUR), 1 / 14, id="all-to-come"),
        pytest.param(_document(-HOUR, DAY), 1.0, id="one-to-come"),
    ],
)
def test_first_rate_comes_from_the_dates(document: Document | None, expected: float) -> None:
    new = Counts(new=500)  # all of a first document is new: that says nothing
    assert _next(_feed(), document=document, counts=new).entry_rate == pytest.approx(expected)


def test_failures_before_the_first_document_do_not_make_a_rate() -> None:
    feed = _feed(last_polled_at=NOW - DAY)
    found = _next(feed, document=_document(2 * DAY, DAY), counts=Counts(new=900))
    assert found.entry_rate == 1.0


@pytest.mark.parametrize(
    ("days", "new", "expected"),
    [
        pytest.param(14, 0, 4.0, id="half-in-14-days"),
        pytest.param(28, 0, 2.0, id="a-quarter-in-28"),
        pytest.param(14, 112, 8.0, id="as-many-as-before"),
        pytest.param(14, 224, 12.0, id="half-way-to-the-new-rate"),
        pytest.param(0, 9, 8.0, id="same-moment"),
        pytest.param(-1, 9, 8.0, id="clock-set-back"),
    ],
)
def test_rate_decays_towards_what_was_seen(days: int, new: int, expected: float) -> None:
    feed = _feed(entry_rate=8.0, last_polled_at=NOW - days * DAY)
    assert _next(feed, counts=Counts(new=new)).entry_rate == pytest.approx(expected)


def test_one_new_entry_in_a_second_is_no_rate_of_86400_a_day() -> None:
    feed = _feed(entry_rate=8.0, last_polled_at=NOW - timedelta(seconds=1))
    assert _next(feed, counts=Counts(new=1)).entry_rate == pytest.approx(8.05, abs=0.01)


def test_only_new_entries_make_a_rate() -> None:
    feed = _feed(entry_rate=8.0, last_polled_at=NOW - 14 * DAY)
    counts = Counts(known=500, updated=500, skipped=500, rejected=500)
    assert _next(feed, counts=counts).entry_rate == pytest.approx(4.0)


# The publisher's hints are lower bounds.


@pytest.mark.parametrize("status", [200, 304])
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"cache-control": "max-age=7200"}, 2 * HOUR, id="max-age"),
        pytest.param({"cache-control": "public, MAX-AGE=7200"}, 2 * HOUR, id="any-case"),
        pytest.param({"cache-control": 'max-age="7200"'}, 2 * HOUR, id="in-quotes"),
        pytest.param({"cache-control": "max-age=9000", "age": "1800"}, 2 * HOUR, id="minus-age"),
        pytest.param(
            {
                "expires": "Mon, 02 Mar 2026 11:00:00 GMT",
                "date": "Mon, 02 Mar 2026 09:00:00 GMT",
            },
            2 * HOUR,
            id="expires-minus-the-servers-own-date",
        ),
        pytest.param({"expires": format_datetime(NOW + 2 * HOUR)}, 2 * HOUR, id="expires"),
        pytest.param(
            {
                "cache-control": "max-age=7200",
                "expires": format_datetime(NOW + 9 * HOUR),
            },
            2 * HOUR,
            id="max-age-over-expires",
        ),
        pytest.param({"cache-control": "max-age=999999"}, DAY, id="a-day-at-most"),
        pytest.param({"cache-control": f"max-age={'9' * 5000}"}, DAY, id="too-many-digits"),
    ],
)
def test_header_is_a_lower_bound(headers: dict[str, str], expected: timedelta, status: int) -> None:
    found = _next(_steady(24.0), _answer(TAG | headers, status), draw=0.0)
    assert (_wait(found), found.reason) == (expected, "publisher hint")
    assert found.interval_seconds == pytest.approx(3600)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"cache-control": "max-age=1800"}, id="shorter"),
        pytest.param({"cache-control": "max-age=9000", "age": "99999"}, id="stale-already"),
        pytest.param({"cache-control": "max-age=-9000"}, id="negative"),
        pytest.param({"cache-control": "max-age=soon"}, id="no-number"),
        pytest.param({"cache-control": "max-age=\u0663\u0660\u0660\u0660\u0660"}, id="not-ascii"),
        pytest.param({"cache-control": "no-cache, s-maxage=9000"}, id="for-others"),
        pytest.param({"cache-control": "max-age=0", "expires": format_datetime(NOW + DAY)}, id="0"),
        pytest.param({"expires": "0"}, id="expires-zero"),
        pytest.param({"expires": "-1"}, id="expires-minus-one"),
        pytest.param({"expires": format_datetime(NOW - DAY)}, id="expired"),
        pytest.param({"expires": "Mon, 99 Foo 2026 11:00:00 GMT"}, id="no-date"),
    ],
)
def test_hint_that_asks_for_nothing_changes_nothing(headers: dict[str, str]) -> None:
    found = _next(_steady(24.0), _answer(TAG | headers))
    assert (_wait(found), found.reason) == (HOUR, "policy")


def test_document_may_ask_for_longer() -> None:
    found = _next(_steady(24.0), document=_document(ttl_seconds=7200.0), draw=0.0)
    assert (_wait(found), found.reason) == (2 * HOUR, "publisher hint")


def test_longest_hint_counts() -> None:
    answer = _answer(TAG | {"cache-control": "max-age=7200"})
    document = _document(ttl_seconds=10800.0)
    assert _wait(_next(_steady(24.0), answer, document, draw=0.0)) == 3 * HOUR
    document = _document(ttl_seconds=3700.0)
    assert _wait(_next(_steady(24.0), answer, document, draw=0.0)) == 2 * HOUR


@pytest.mark.parametrize("ttl", [1e6, 1e9])
def test_document_may_ask_for_a_day_at_most(ttl: float) -> None:
    assert _wait(_next(_steady(24.0), document=_document(ttl_seconds=ttl), draw=0.0)) == DAY


def test_what_the_document_asked_for_holds_when_it_did_not_change() -> None:
    first = _next(_steady(24.0), document=_document(ttl_seconds=7200.0), draw=0.0)
    feed = replace(_steady(24.0), ttl_seconds=first.ttl_seconds)
    again = _next(feed, _answer(TAG, 304), draw=0.0)
    assert (_wait(again), again.reason) == (2 * HOUR, "publisher hint")
    assert again.ttl_seconds == 7200.0


# Jitter.


@pytest.mark.parametrize(("draw", "minutes"), [(0.0, 57.0), (0.5, 60.0), (1.0, 63.0)])
def test_wish_spreads_by_a_twentieth_to_both_sides(draw: float, minutes: float) -> None:
    assert _wait(_next(_steady(24.0), draw=draw)) / MINUTE == pytest.approx(minutes)


@pytest.mark.parametrize(("draw", "minutes"), [(0.0, 120.0), (0.5, 123.0), (1.0, 126.0)])
def test_hint_spreads_upwards_only(draw: float, minutes: float) -> None:
    answer = _answer(TAG | {"cache-control": "max-age=7200"})
    assert _wait(_next(_steady(24.0), answer, draw=draw)) / MINUTE == pytest.approx(minutes)


@given(st.integers(0, 10**6), DRAWS, st.floats(0, 5000))
def test_no_draw_brings_a_poll_before_its_hint(seconds: int, draw: float, rate: float) -> None:
    answer = _answer(TAG | {"cache-control": f"max-age={seconds}"})
    found = _next(_steady(rate), answer, draw=draw)
    assert _wait(found) >= min(timedelta(seconds=seconds), DAY)


@given(
    rate=st.none() | st.floats(0, 1e9),
    since=st.none() | st.timedeltas(timedelta(days=-2), timedelta(days=4000)),
    headers=st.dictionaries(
        st.sampled_from(["cache-control", "expires", "date", "age", "etag"]),
        st.text(max_size=40) | st.sampled_from(["max-age=60", format_datetime(NOW + DAY)]),
    ),
    new=st.integers(0, 10**6),
    draw=DRAWS,
)
def test_next_poll_is_never_earlier_than_now_nor_out_of_sight(
    rate: float | None,
    since: timedelta | None,
    headers: dict[str, str],
    new: int,
    draw: float,
) -> None:
    feed = _feed(entry_rate=rate, last_polled_at=None if since is None else NOW - since)
    found = _next(feed, _answer(headers), _document(DAY, total=9), Counts(new=new), draw)
    assert 0.95 * 15 * MINUTE <= _wait(found) <= 1.05 * 72 * HOUR
    assert found.entry_rate is not None
    assert found.entry_rate >= 0
    assert found.state == "active"


# Failures.


@pytest.mark.parametrize(
    ("streak", "hours"),
    [
        pytest.param(0, 0.5, id="first"),
        pytest.param(1, 1.0, id="second"),
        pytest.param(2, 2.0, id="third"),
        pytest.param(5, 16.0, id="sixth"),
        pytest.param(6, 24.0, id="seventh-reaches-the-day"),
        pytest.param(500, 24.0, id="a-day-at-most"),
    ],
)
def test_back_off_is_drawn_between_a_quarter_and_a_doubling_ceiling(
    streak: int, hours: float
) -> None:
    """Full jitter, from 15 minutes."""
    feed = _feed(failure_streak=streak, failing_since=NOW - DAY)
    waits = [_wait(_failed(feed, draw=draw)) / HOUR for draw in (0.0, 0.5, 1.0)]
    assert waits == pytest.approx([0.25, (0.25 + hours) / 2, hours])
    assert _failed(feed).reason == "back-off"


@given(streak=st.integers(0, 10**6), failing=st.none() | st.timedeltas(timedelta()), draw=DRAWS)
def test_failures_never_end_a_feed(streak: int, failing: timedelta | None, draw: float) -> None:
    failing = None if failing is None else min(failing, 700 * 365 * DAY)
    since = None if failing is None else NOW - failing
    found = _failed(_feed(failure_streak=streak, failing_since=since), draw=draw)
    assert found.state == "active"
    assert 15 * MINUTE <= _wait(found) <= 30 * DAY


@pytest.mark.parametrize(
    ("failing", "expected"),
    [
        pytest.param(14 * DAY, 7 * DAY, id="weekly-after-14-days"),
        pytest.param(90 * DAY - MINUTE, 7 * DAY, id="still-weekly"),
        pytest.param(90 * DAY, 30 * DAY, id="monthly-after-90-days"),
        pytest.param(4000 * DAY, 30 * DAY, id="monthly-for-ever"),
    ],
)
@pytest.mark.parametrize("reason", ["timeout", "http_5xx", "blocked_address", "not_a_feed"])
def test_long_failing_feed_is_asked_rarely(
    failing: timedelta, expected: timedelta, reason: str
) -> None:
    feed = _feed(failure_streak=40, failing_since=NOW - failing)
    assert _wait(_failed(feed, reason)) == expected


def test_feed_failing_just_less_than_14_days_is_asked_daily() -> None:
    feed = _feed(failure_streak=40, failing_since=NOW - 14 * DAY + MINUTE)
    assert _wait(_failed(feed, draw=1.0)) == DAY


@pytest.mark.parametrize("reason", ["blocked_address", "too_large", "bad_url"])
def test_what_will_not_pass_today_waits_until_tomorrow(reason: str) -> None:
    assert _wait(_failed(_feed(), reason, draw=0.0)) == DAY


@pytest.mark.parametrize(
    ("retry_after", "expected", "reason"),
    [
        pytest.param(None, 15 * MINUTE, "back-off", id="none"),
        pytest.param(timedelta(seconds=1), 15 * MINUTE, "back-off", id="shorter-than-ours"),
        pytest.param(16 * MINUTE, 16 * MINUTE, "retry-after", id="just-longer"),
        pytest.param(3 * HOUR, 3 * HOUR, "retry-after", id="longer"),
        pytest.param(7 * DAY, 7 * DAY, "retry-after", id="a-week"),
    ],
)
def test_retry_after_is_a_lower_bound(
    retry_after: timedelta | None, expected: timedelta, reason: str
) -> None:
    found = _failed(_feed(), "rate_limited", retry_after, draw=0.0)
    assert (_wait(found), found.reason) == (expected, reason)


def test_unreadable_document_backs_off_like_any_failure() -> None:
    error: IngestError = FeedUnreadableError("unreadable", "x")
    found = schedule.after_failure(_feed(), error, now=NOW, retry_after=None, draw=1.0)
    assert (_wait(found), found.reason) == (30 * MINUTE, "back-off")


def test_failure_keeps_the_rate() -> None:
    assert _failed(_steady(6.5)).entry_rate == 6.5
    assert _failed(_steady(6.5)).interval_seconds is None


# 410.


@pytest.mark.parametrize(
    ("streak", "since"),
    [
        pytest.param(0, None, id="first"),
        pytest.param(1, 4 * DAY, id="second-after-days"),
        pytest.param(2, 3 * DAY - MINUTE, id="third-too-soon"),
        pytest.param(70, DAY, id="often-in-a-day"),
    ],
)
def test_410_alone_ends_no_feed(streak: int, since: timedelta | None) -> None:
    gone_since = None if since is None else NOW - since
    found = _failed(_feed(gone_streak=streak, gone_since=gone_since), "gone")
    assert (_wait(found), found.state) == (DAY, "active")


@pytest.mark.parametrize("streak", [2, 3])
def test_410_three_times_over_three_days_ends_a_feed(streak: int) -> None:
    feed = _feed(gone_streak=streak, gone_since=NOW - 3 * DAY, entry_rate=2.0)
    found = _failed(feed, "gone")
    assert (found.due_at, found.state, found.reason) == (None, "gone", "gone")
    assert found.entry_rate == 2.0


def test_another_failure_ends_no_feed_that_was_gone_before() -> None:
    feed = _feed(gone_streak=9, gone_since=NOW - 9 * DAY)
    assert _failed(feed, "http_4xx").state == "active"
