"""When a feed is asked again after a failure: the back-off, and the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FeedUnreadableError, IngestError
from pipeline.feeds.scheduling import schedule
from pipeline.model import FeedRhythm
from tests.pipeline.feeds.scheduling import schedule_builders as builders
from tests.pipeline.feeds.scheduling.schedule_builders import DAY, DRAWS, HOUR, MINUTE, NOW


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
    feed = builders.feed(failure_streak=streak, failing_since=NOW - DAY)
    waits = [
        builders.wait(builders.after_failing(feed, draw=draw)) / HOUR for draw in (0.0, 0.5, 1.0)
    ]
    assert waits == pytest.approx([0.25, (0.25 + hours) / 2, hours])
    assert builders.after_failing(feed).reason == "back-off"


@given(streak=st.integers(0, 10**6), failing=st.none() | st.timedeltas(timedelta()), draw=DRAWS)
def test_failures_never_end_a_feed(streak: int, failing: timedelta | None, draw: float) -> None:
    failing = None if failing is None else min(failing, 700 * 365 * DAY)
    since = None if failing is None else NOW - failing
    found = builders.after_failing(
        builders.feed(failure_streak=streak, failing_since=since), draw=draw
    )
    assert found.feed_state == "active"
    assert 15 * MINUTE <= builders.wait(found) <= 30 * DAY


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
    feed = builders.feed(failure_streak=40, failing_since=NOW - failing)
    assert builders.wait(builders.after_failing(feed, reason)) == expected


def test_feed_failing_just_less_than_14_days_is_asked_daily() -> None:
    feed = builders.feed(failure_streak=40, failing_since=NOW - 14 * DAY + MINUTE)
    assert builders.wait(builders.after_failing(feed, draw=1.0)) == DAY


@pytest.mark.parametrize("reason", ["blocked_address", "too_large", "bad_url"])
def test_what_will_not_pass_today_waits_until_tomorrow(reason: str) -> None:
    assert builders.wait(builders.after_failing(builders.feed(), reason, draw=0.0)) == DAY


@pytest.mark.parametrize(
    ("retry_after", "expected", "reason"),
    [
        pytest.param(timedelta(seconds=1), 15 * MINUTE, "back-off", id="shorter-than-ours"),
        pytest.param(16 * MINUTE, 16 * MINUTE, "retry-after", id="just-longer"),
        pytest.param(3 * HOUR, 3 * HOUR, "retry-after", id="longer"),
        pytest.param(7 * DAY, 7 * DAY, "retry-after", id="a-week"),
    ],
)
def test_retry_after_is_a_lower_bound(
    retry_after: timedelta | None, expected: timedelta, reason: str
) -> None:
    found = builders.after_failing(builders.feed(), "rate_limited", retry_after, draw=0.0)
    assert (builders.wait(found), found.reason) == (expected, reason)


def test_unreadable_document_backs_off_like_any_failure() -> None:
    error: IngestError = FeedUnreadableError("unreadable", "x")
    found = schedule.after_failure(builders.feed(), error, now=NOW, retry_after=None, draw=1.0)
    assert (builders.wait(found), found.reason) == (30 * MINUTE, "back-off")


@pytest.mark.parametrize(
    ("streak", "hours"), [(0, 4), (1, 8), (2, 16), (3, 24), (500, 24)], ids=str
)
def test_429_that_does_not_say_how_long_waits_for_hours(streak: int, hours: int) -> None:
    feed = builders.feed(failure_streak=streak)
    assert builders.wait(builders.after_failing(feed, "rate_limited", draw=0.0)) == hours * HOUR
    assert (
        builders.wait(builders.after_failing(feed, "rate_limited", draw=1.0)) == 1.05 * hours * HOUR
    )


@pytest.mark.parametrize("reason", ["network_down", "host_busy"])
@pytest.mark.parametrize(("draw", "seconds"), [(0.0, 30), (0.5, 60), (1.0, 90)])
def test_what_is_nobodys_fault_is_asked_again_in_about_a_minute(
    reason: str, draw: float, seconds: int
) -> None:
    feed = builders.feed(failure_streak=40, failing_since=NOW - 100 * DAY)
    found = builders.after_failing(feed, reason, draw=draw)
    assert (builders.wait(found), found.reason) == (timedelta(seconds=seconds), reason)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("timeout", "active"),
        ("network_down", "active"),
        ("host_busy", "active"),
        ("rate_limited", "active"),
        ("gone", "gone"),
    ],
)
def test_failure_teaches_nothing_and_forgets_nothing(reason: str, state: str) -> None:
    known: dict[str, Any] = {
        "entry_rate": 6.5,
        "rate_model": builders.model(6.5),
        "ttl_seconds": 7200.0,
        "window_entries": 20,
        "skip_hours": [1, 2],
        "skip_days": [6],
        "skip_broken": 1,
    }
    feed = builders.feed(gone_streak=2, gone_since=NOW - 9 * DAY, **known)
    found = builders.after_failing(feed, reason)
    assert found.rhythm == feed.state.rhythm == FeedRhythm(**known)
    assert (found.interval_seconds, found.feed_state) == (None, state)


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
    found = builders.after_failing(builders.feed(gone_streak=streak, gone_since=gone_since), "gone")
    assert (builders.wait(found), found.feed_state) == (DAY, "active")


@pytest.mark.parametrize("streak", [2, 3])
def test_410_three_times_over_three_days_ends_a_feed(streak: int) -> None:
    feed = builders.feed(gone_streak=streak, gone_since=NOW - 3 * DAY)
    found = builders.after_failing(feed, "gone")
    assert (found.due_at, found.feed_state, found.reason) == (None, "gone", "gone")


def test_another_failure_ends_no_feed_that_was_gone_before() -> None:
    feed = builders.feed(gone_streak=9, gone_since=NOW - 9 * DAY)
    assert builders.after_failing(feed, "http_4xx").feed_state == "active"
