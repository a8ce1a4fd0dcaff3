"""When a page is asked for again: after a failure, and to see whether it changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import recheck_policy
from pipeline.reasons import BY_VALUE, Reason

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SECOND = timedelta(seconds=1)
NO_TIME = timedelta()
TRANSIENT = [
    BY_VALUE[value]
    for value in [
        "dns",
        "connect",
        "tls",
        "timeout",
        "too_slow",
        "truncated_transfer",
        "http_5xx",
        "rate_limited",
        "network_down",
        "host_busy",
        "worker_killed",
        "worker_timeout",
        "database",
        "internal",
    ]
]
FINAL = [Reason.GONE, Reason.NOT_RECORDED, Reason.BAD_URL, Reason.TOMBSTONED, Reason.OVER_CAP]
LOOKED_AT_AGAIN = [
    Reason.HTTP_4XX,
    Reason.NO_TEXT,
    Reason.NOT_HTML,
    Reason.PAYWALL,
    Reason.SOFT_404,
    Reason.ROBOTS,
    Reason.BOT_WALL,
]


@pytest.mark.parametrize("reason", TRANSIENT)
@pytest.mark.parametrize(
    ("attempts", "most"),
    [
        pytest.param(1, 15 * MINUTE, id="first"),
        pytest.param(2, 30 * MINUTE, id="second"),
        pytest.param(5, 4 * HOUR, id="fifth"),
        pytest.param(8, DAY, id="eighth-reaches-the-day"),
        pytest.param(10**6, DAY, id="a-day-at-most"),
    ],
)
def test_back_off_is_drawn_between_half_of_the_first_and_a_doubling_ceiling(
    reason: Reason, attempts: int, most: timedelta
) -> None:
    least = 7.5 * MINUTE
    assert recheck_policy.after_failure(reason, attempts, NO_TIME, draw=0.0) == least
    assert recheck_policy.after_failure(reason, attempts, NO_TIME, draw=0.5) == (least + most) / 2
    assert recheck_policy.after_failure(reason, attempts, NO_TIME, draw=1.0) == most


@pytest.mark.parametrize("reason", FINAL)
def test_what_is_final_is_not_asked_again(reason: Reason) -> None:
    assert recheck_policy.after_failure(reason, 1, NO_TIME, retry_after=HOUR) is None


@pytest.mark.parametrize("reason", LOOKED_AT_AGAIN)
@pytest.mark.parametrize(
    ("attempts", "expected"), [(1, 6 * HOUR), (2, DAY), (3, 3 * DAY), (4, None), (99, None)]
)
def test_page_without_an_article_gets_three_more_looks(
    reason: Reason, attempts: int, expected: timedelta | None
) -> None:
    assert recheck_policy.after_failure(reason, attempts, NO_TIME, draw=0.9) == expected


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.NO_TEXT])
def test_after_14_days_of_failure_nothing_is_asked(reason: Reason) -> None:
    assert recheck_policy.after_failure(reason, 1, 14 * DAY) is not None
    assert recheck_policy.after_failure(reason, 1, 14 * DAY + SECOND) is None


@pytest.mark.parametrize(
    ("reason", "retry_after", "expected"),
    [
        pytest.param(Reason.RATE_LIMITED, 3 * HOUR, 3 * HOUR, id="longer-than-ours"),
        pytest.param(Reason.HTTP_5XX, 7 * DAY, 7 * DAY, id="a-week"),
        pytest.param(Reason.RATE_LIMITED, SECOND, SECOND, id="at-its-word"),
        pytest.param(Reason.HTTP_4XX, HOUR, 6 * HOUR, id="shorter-than-the-next-look"),
        pytest.param(Reason.HTTP_4XX, 9 * HOUR, 9 * HOUR, id="longer-than-the-next-look"),
    ],
)
def test_server_that_says_when_is_kept_to(
    reason: Reason, retry_after: timedelta, expected: timedelta
) -> None:
    found = recheck_policy.after_failure(reason, 1, NO_TIME, retry_after=retry_after, draw=0.0)
    assert found == expected


def test_server_that_always_says_in_a_second_is_not_asked_every_second() -> None:
    third, fourth = (
        recheck_policy.after_failure(
            Reason.RATE_LIMITED, attempts, NO_TIME, retry_after=SECOND, draw=0.0
        )
        for attempts in (3, 4)
    )
    assert (third, fourth) == (SECOND, 7.5 * MINUTE)


@given(
    reason=st.sampled_from([*TRANSIENT, *FINAL, *LOOKED_AT_AGAIN]),
    attempts=st.integers(1, 10**9),
    failing_for=st.timedeltas(NO_TIME),
    retry_after=st.none() | st.timedeltas(SECOND, 7 * DAY),
    draw=st.floats(0, 1),
)
def test_wait_is_what_the_server_says_or_minutes_to_a_week(
    reason: Reason,
    attempts: int,
    failing_for: timedelta,
    retry_after: timedelta | None,
    draw: float,
) -> None:
    wait = recheck_policy.after_failure(
        reason, attempts, failing_for, retry_after=retry_after, draw=draw
    )
    assert wait is None or wait == retry_after or 7.5 * MINUTE <= wait <= 7 * DAY


@pytest.mark.parametrize(
    ("age", "unchanged", "expected"),
    [
        pytest.param(NO_TIME, 0, HOUR, id="first-after-an-hour"),
        pytest.param(HOUR, 1, 6 * HOUR, id="then-six"),
        pytest.param(6 * HOUR, 0, 24 * HOUR, id="then-a-day"),
        pytest.param(24 * HOUR, 1, 72 * HOUR, id="then-three-days"),
        pytest.param(72 * HOUR, 0, None, id="then-no-more"),
        pytest.param(6 * HOUR, 2, None, id="still-twice-is-at-rest"),
        pytest.param(10 * HOUR, 0, 24 * HOUR, id="missed-ones-are-skipped"),
        pytest.param(HOUR / 3, 0, HOUR, id="a-look-that-a-feed-asked-for-takes-no-planned-one"),
        pytest.param(100 * DAY, 0, None, id="all-missed"),
    ],
)
def test_looks_are_counted_from_the_first_fetch(
    age: timedelta, unchanged: int, expected: timedelta | None
) -> None:
    first = NOW - age
    found = recheck_policy.recheck(first, unchanged, now=NOW)
    assert found == (None if expected is None else first + expected)


@pytest.mark.parametrize(
    ("age", "unchanged", "expected"),
    [
        pytest.param(6 * HOUR, 1, 24 * HOUR, id="the-plan-goes-on"),
        pytest.param(72 * HOUR, 1, 7 * DAY, id="one-more-after-the-last"),
        pytest.param(7 * DAY, 0, None, id="then-no-more"),
        pytest.param(6 * HOUR, 2, None, id="at-rest-is-at-rest"),
    ],
)
def test_look_that_failed_gets_one_more_after_the_last(
    age: timedelta, unchanged: int, expected: timedelta | None
) -> None:
    first = NOW - age
    found = recheck_policy.recheck(first, unchanged, now=NOW, failed=True)
    assert found == (None if expected is None else first + expected)
