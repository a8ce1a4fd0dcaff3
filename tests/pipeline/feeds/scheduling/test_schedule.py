"""When a feed is asked again: the policy, its clamps, the window, what the operator set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.feeds.scheduling import rate, schedule
from pipeline.model import Counts
from tests.pipeline.feeds.scheduling import schedule_builders as builders
from tests.pipeline.feeds.scheduling.schedule_builders import (
    DAY,
    EVEN,
    HOUR,
    MINUTE,
    NOTHING,
    NOW,
    TAG,
)

# The policy: every sqrt(2 * 30 min / rate).


@pytest.mark.parametrize(
    ("per_day", "minutes", "reason"),
    [
        pytest.param(24.0, 60.0, "policy", id="one-an-hour"),  # sqrt(2 * 30 * 60)
        pytest.param(6.0, 120.0, "policy", id="four-times-rarer-is-twice-as-long"),
        pytest.param(1.5, 240.0, "policy", id="three-in-two-days"),
        pytest.param(380.0, 15.08, "policy", id="just-above-the-least"),
        pytest.param(5000.0, 15.0, "floor", id="never-below-15-minutes"),
        pytest.param(1 / 23.9, 1437.0, "policy", id="just-below-the-most"),
        pytest.param(1 / 60, 1440.0, "ceiling", id="never-above-24-hours"),
    ],
)
def test_interval_is_the_square_root_of_twice_the_price_over_the_rate(
    per_day: float, minutes: float, reason: str
) -> None:
    found = builders.after(builders.steady(per_day))
    assert found.reason == reason
    assert found.interval_seconds == pytest.approx(minutes * 60, rel=1e-3)
    assert builders.minutes(found) == minutes
    assert found.rhythm.entry_rate == pytest.approx(per_day)


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        pytest.param(89, 24.0, id="not-yet"),
        pytest.param(90, 46.5, id="just-silent"),  # one in 90 days: sqrt(2 * 30 * 129600) minutes
        pytest.param(1000, 72.0, id="never-above-72-hours"),
    ],
)
def test_feed_silent_for_90_days_is_polled_every_two_or_three_days(days: int, hours: float) -> None:
    feed = builders.feed(rate_model=builders.model(1 / 40, silent=days * DAY))
    assert builders.wait(builders.after(feed)) / HOUR == pytest.approx(hours, rel=1e-2)


@pytest.mark.parametrize(
    ("known", "headers"),
    [
        pytest.param({}, {}, id="none"),
        pytest.param({"distrusted_at": NOW - DAY, "etag": '"a"'}, TAG, id="caught-lying"),
    ],
)
def test_feed_whose_validators_do_not_work_is_asked_half_as_often(
    known: dict[str, Any], headers: dict[str, str]
) -> None:
    """Each of its polls costs the whole document: four times the price, and an hour at least."""
    assert (
        builders.minutes(builders.after(builders.steady(6.0, **known), builders.answer(headers)))
        == 240
    )
    assert (
        builders.wait(builders.after(builders.steady(5000.0, **known), builders.answer(headers)))
        == HOUR
    )


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
    assert (
        builders.wait(builders.after(builders.steady(5000.0, **known), builders.answer(headers)))
        == 15 * MINUTE
    )


def test_price_may_be_another() -> None:
    found = schedule.after_answer(
        builders.steady(24.0), builders.answer(), None, NOTHING, draw=EVEN, price_minutes=120.0
    )
    assert builders.minutes(found) == 120


# The window: a quarter of the document may turn over between two polls.


@pytest.mark.parametrize(
    ("total", "minutes", "reason"),
    [
        pytest.param(2, 30, "window guard", id="half-an-entry"),
        pytest.param(3, 45, "window guard", id="three-quarters"),
        pytest.param(5, 60, "policy", id="one-and-more"),
        pytest.param(100, 60, "policy", id="long"),
        pytest.param(0, 60, "policy", id="empty"),
    ],
)
def test_no_more_than_a_quarter_of_the_document_turns_over(
    total: int, minutes: int, reason: str
) -> None:
    found = builders.after(builders.steady(24.0), document=builders.document(total=total))
    assert (found.reason, found.rhythm.window_entries) == (reason, total)
    assert builders.minutes(found) == minutes


def test_window_of_the_known_document_guards_an_unchanged_one() -> None:
    found = builders.after(builders.steady(24.0, window_entries=2), builders.answer(status=304))
    assert (found.reason, found.rhythm.window_entries) == ("window guard", 2)
    assert builders.minutes(found) == 30


def test_burst_turns_the_window_over_sooner() -> None:
    feed = builders.feed(
        rate_model=builders.model(24.0, burst_seen=1.5), window_entries=2
    )  # twice as much
    assert builders.minutes(builders.after(feed)) == 15


def test_window_guard_does_not_reach_below_the_floor() -> None:
    assert (
        builders.wait(builders.after(builders.steady(480.0), document=builders.document(total=2)))
        == 15 * MINUTE
    )


# What the operator set.


@pytest.mark.parametrize("per_day", [0.001, 24.0, 5000.0])
@pytest.mark.parametrize("minutes", [1, 90, 43200])
def test_interval_set_by_the_operator_replaces_ours(per_day: float, minutes: int) -> None:
    feed = builders.steady(per_day, every_seconds=minutes * 60.0, window_entries=2)
    found = builders.after(feed)
    assert (found.reason, found.interval_seconds) == ("operator", minutes * 60)
    assert builders.wait(found) == minutes * MINUTE
    late = builders.after(feed, draw=1.0)
    assert builders.wait(late) == min(1.05 * minutes * MINUTE, 30 * DAY)  # as `check` allows


def test_publisher_binds_the_operator() -> None:
    feed = builders.steady(24.0, every_seconds=600.0)
    found = builders.after(feed, builders.answer(TAG | {"cache-control": "max-age=7200"}), draw=0.0)
    assert (builders.wait(found), found.reason) == (2 * HOUR, "max-age")
    assert found.interval_seconds == 600


# What is remembered.


def test_first_document_makes_the_model() -> None:
    counts = Counts(new=500)  # all of a first document is new: that says nothing
    found = builders.after(
        builders.feed(last_polled_at=NOW - DAY), document=builders.document(14 * DAY), counts=counts
    )
    expected = rate.learned(None, builders.document(14 * DAY), 500, NOW)
    assert found.rhythm.rate_model == rate.to_numbers(expected)
    assert found.rhythm.entry_rate == expected.per_day


def test_model_of_another_length_is_none() -> None:
    found = builders.after(
        builders.feed(rate_model=[1.0, 2.0]), document=builders.document(14 * DAY)
    )
    assert (
        found.rhythm.rate_model
        == builders.after(builders.feed(), document=builders.document(14 * DAY)).rhythm.rate_model
    )


def test_new_entries_are_learned_from() -> None:
    found = builders.after(
        builders.steady(8.0), document=builders.document(None, None), counts=Counts(new=2, known=9)
    )
    model = rate.from_numbers(found.rhythm.rate_model)
    assert model is not None
    assert model.burst_seen == 2


def test_unchanged_document_is_learned_from() -> None:
    numbers = builders.model(8.0)
    response = replace(builders.answer(status=304), fetched_at=NOW + DAY)
    found = builders.after(builders.feed(rate_model=numbers), response)
    model = rate.from_numbers(numbers)
    assert found.rhythm.rate_model == rate.to_numbers(rate.learned(model, None, 0, NOW + DAY))
