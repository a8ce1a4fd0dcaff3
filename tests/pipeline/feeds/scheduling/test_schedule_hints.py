"""When a feed is asked again: the publisher's hints are lower bounds; jitter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Counts
from tests.pipeline.feeds.scheduling import schedule_builders as builders
from tests.pipeline.feeds.scheduling.schedule_builders import (
    DAY,
    DRAWS,
    EVEN,
    HOUR,
    MINUTE,
    NOW,
    TAG,
)

# The publisher's hints are lower bounds.


@pytest.mark.parametrize("status", [200, 304])
@pytest.mark.parametrize(
    ("headers", "reason", "expected"),
    [
        ({"cache-control": "max-age=7200"}, "max-age", 2 * HOUR),
        ({"expires": format_datetime(NOW + 2 * HOUR)}, "expires", 2 * HOUR),
        ({"retry-after": "7200"}, "retry-after", 2 * HOUR),
        ({"cache-control": "max-age=1800"}, "policy", HOUR),
        ({"cache-control": "no-cache, no-store, max-age=0"}, "policy", HOUR),
    ],
)
def test_header_is_a_lower_bound(
    headers: dict[str, str], reason: str, expected: timedelta, status: int
) -> None:
    draw = EVEN if reason == "policy" else 0.0
    found = builders.after(builders.steady(24.0), builders.answer(TAG | headers, status), draw=draw)
    assert found.reason == reason
    assert builders.minutes(found) == expected / MINUTE
    assert found.interval_seconds == pytest.approx(3600, rel=1e-3)


def test_longest_hint_counts() -> None:
    answer = builders.answer(TAG | {"cache-control": "max-age=7200"})
    longer = builders.after(
        builders.steady(24.0), answer, builders.document(ttl_seconds=10800.0), draw=0.0
    )
    assert (builders.wait(longer), longer.reason) == (3 * HOUR, "ttl")
    shorter = builders.after(
        builders.steady(24.0), answer, builders.document(ttl_seconds=3700.0), draw=0.0
    )
    assert (builders.wait(shorter), shorter.reason) == (2 * HOUR, "max-age")


def test_what_the_document_asked_for_holds_when_it_did_not_change() -> None:
    asked = builders.document(ttl_seconds=7200.0, skip_hours=(3,), skip_days=(6,))
    first = builders.after(builders.steady(24.0), document=asked, draw=0.0)
    feed = builders.steady(
        24.0,
        ttl_seconds=first.rhythm.ttl_seconds,
        skip_hours=first.rhythm.skip_hours,
        skip_days=first.rhythm.skip_days,
        skip_broken=1,
    )
    again = builders.after(feed, builders.answer(TAG, 304), draw=0.0)
    assert (builders.wait(again), again.reason) == (2 * HOUR, "ttl")
    assert (again.rhythm.ttl_seconds, again.rhythm.skip_hours, again.rhythm.skip_days) == (
        7200.0,
        (3,),
        (6,),
    )
    assert again.rhythm.skip_broken == 1


def test_document_that_asks_for_nothing_any_more_is_believed() -> None:
    feed = builders.steady(24.0, ttl_seconds=7200.0, skip_hours=[3], skip_days=[6], skip_broken=1)
    found = builders.after(feed, document=builders.document())
    assert (found.rhythm.ttl_seconds, found.rhythm.skip_hours, found.rhythm.skip_days) == (
        None,
        (),
        (),
    )
    assert (found.reason, found.rhythm.skip_broken) == ("policy", 0)


@pytest.mark.parametrize(
    ("skip", "expected", "reason"),
    [
        pytest.param({"skip_hours": (9, 10)}, 3 * HOUR, "skip hours", id="hours"),
        pytest.param({"skip_days": (0,)}, 16 * HOUR, "skip hours", id="the-day"),
        pytest.param({"skip_days": tuple(range(7))}, 25 * HOUR, "skip hours", id="all-days"),
        pytest.param({"skip_hours": (10,)}, HOUR, "policy", id="others"),
    ],
)
def test_skipped_hours_push_to_the_first_allowed(
    skip: dict[str, Any], expected: timedelta, reason: str
) -> None:
    """Due at 9:00 of a Monday, GMT."""
    found = builders.after(builders.steady(24.0 / 1.01), document=builders.document(**skip))
    assert found.reason == reason
    assert abs(builders.wait(found) - expected) < 2 * MINUTE


def test_skipped_hours_hold_for_what_other_hints_came_to() -> None:
    answer = builders.answer(TAG | {"cache-control": "max-age=7200"})
    found = builders.after(
        builders.steady(24.0), answer, builders.document(skip_hours=(10,)), draw=0.0
    )
    assert (builders.wait(found), found.reason) == (3 * HOUR, "skip hours")


def test_skipped_hours_in_which_the_feed_publishes_are_not_heeded() -> None:
    inside = [HOUR + k * MINUTE for k in (7, 8)]  # at 6:53 and 6:52
    document = builders.document(*inside, skip_hours=(6, 9))
    once, twice = (
        builders.after(builders.steady(12.0), document=document, counts=Counts(new=new))
        for new in (1, 2)
    )
    assert (once.rhythm.skip_broken, once.reason) == (1, "skip hours")
    assert (twice.rhythm.skip_broken, twice.reason) == (2, "policy")
    assert "not heeded" in builders.plan(twice)["skip hours"].note


# Jitter.


@pytest.mark.parametrize(("draw", "minutes"), [(0.0, 57.0), (0.5, 60.0), (1.0, 63.0)])
def test_wish_spreads_by_a_twentieth_to_both_sides(draw: float, minutes: float) -> None:
    assert builders.minutes(builders.after(builders.steady(24.0), draw=draw)) == minutes


@pytest.mark.parametrize(("draw", "minutes"), [(0.0, 15.0), (0.5, 15.0), (1.0, 15.75)])
def test_floor_spreads_upwards_only(draw: float, minutes: float) -> None:
    assert builders.wait(
        builders.after(builders.steady(5000.0), draw=draw)
    ) / MINUTE == pytest.approx(minutes)


@pytest.mark.parametrize(("draw", "minutes"), [(0.0, 120.0), (0.5, 123.0), (1.0, 126.0)])
def test_hint_spreads_upwards_only(draw: float, minutes: float) -> None:
    answer = builders.answer(TAG | {"cache-control": "max-age=7200"})
    assert builders.wait(
        builders.after(builders.steady(24.0), answer, draw=draw)
    ) / MINUTE == pytest.approx(minutes)


@pytest.mark.parametrize(("draw", "minutes"), [(0.0, 180.0), (1.0, 183.0)])
def test_not_all_come_at_the_stroke_of_the_allowed_hour(draw: float, minutes: float) -> None:
    found = builders.after(
        builders.steady(24.0), document=builders.document(skip_hours=(8, 9, 10)), draw=draw
    )
    assert builders.wait(found) / MINUTE == pytest.approx(minutes)


@given(st.integers(0, 10**6), DRAWS, st.floats(0.01, 5000))
def test_no_draw_brings_a_poll_before_its_hint(seconds: int, draw: float, per_day: float) -> None:
    answer = builders.answer(TAG | {"cache-control": f"max-age={seconds}"})
    found = builders.after(builders.steady(per_day), answer, draw=draw)
    assert builders.wait(found) >= min(timedelta(seconds=seconds), DAY)


@given(
    since=st.timedeltas(timedelta(days=-4000), timedelta(days=4000)),
    ages=st.lists(st.none() | st.timedeltas(timedelta(-9), timedelta(4000)), max_size=4),
    headers=st.dictionaries(
        st.sampled_from(["cache-control", "expires", "date", "age", "etag"]),
        st.text(max_size=40) | st.sampled_from(["max-age=60", format_datetime(NOW + DAY)]),
    ),
    new=st.integers(0, 10**4),
    draw=DRAWS,
)
def test_next_poll_is_never_earlier_than_the_floor_nor_out_of_sight(
    since: timedelta,
    ages: list[timedelta | None],
    headers: dict[str, str],
    new: int,
    draw: float,
) -> None:
    first = builders.after(builders.feed(), document=builders.document(*ages, total=9))
    response = replace(builders.answer(headers), fetched_at=NOW + since)
    feed = builders.feed(rate_model=first.rhythm.rate_model, window_entries=9)
    found = builders.after(feed, response, builders.document(*ages, total=9), Counts(new=new), draw)
    assert found.due_at is not None
    assert 15 * MINUTE <= found.due_at - response.fetched_at <= 1.05 * 72 * HOUR
    assert found.rhythm.entry_rate is not None
    assert found.rhythm.entry_rate >= 0
    assert found.feed_state == "active"
