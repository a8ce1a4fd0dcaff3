"""What a feed's rate is learned from, and when a poll is worth its price."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.scheduling import rate
from pipeline.feeds.scheduling.rate import RateModel
from pipeline.model import Document, Entry

NOW = datetime(2026, 3, 2, 8, 20, tzinfo=UTC)  # a Monday
SECONDS = NOW.timestamp()
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LIFE = 14 / math.log(2)  # days that an endless past adds up to
FLAT = (100.0,) * 24


def _document(*ages: timedelta | None, now: datetime = NOW) -> Document:
    """A document whose entries are so old; None for one without a date."""
    entries = tuple(Entry(published_at=None if age is None else now - age) for age in ages)
    return Document(format="rss", entries=entries, total=len(entries))


def _first(*ages: timedelta | None) -> RateModel:
    return rate.learned(None, _document(*ages), len(ages), NOW)


def _flat(per_day: float, **known: Any) -> RateModel:
    """A model that expects the same at every hour: known for so long that no prior is felt."""
    seen = per_day * 100_000.5 - 0.5
    model = RateModel(
        updated_at=SECONDS,
        newest_at=SECONDS,
        seen=(seen * 5 / 7, seen * 2 / 7),
        days=(100_000 * 5 / 7, 100_000 * 2 / 7),
        hours=FLAT,
    )
    return replace(model, **known)


def _watched(since: timedelta) -> RateModel:
    """A model last updated so long ago, with nothing in it."""
    at = (NOW - since).timestamp()
    return RateModel(updated_at=at, newest_at=at)


def _hours_until(model: RateModel, price: float = 0.5) -> float:
    return rate.outlook(model, price_hours=price, most_entries=math.inf, most_hours=24.0).hours


# As numbers.


def test_model_survives_the_database() -> None:
    model = _first(3 * DAY + HOUR, 2 * DAY, MINUTE)
    numbers = rate.to_numbers(model)
    assert len(numbers) == 32
    assert rate.from_numbers(list(numbers)) == model


@pytest.mark.parametrize("numbers", [None, [], [1.0] * 31, [1.0] * 33])
def test_list_of_another_length_is_no_model(numbers: list[float] | None) -> None:
    assert rate.from_numbers(numbers) is None


# From the first document.


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        pytest.param([], 1.0, id="empty-one-a-day"),
        pytest.param([None, None], 1.0, id="no-dates"),
        pytest.param([-HOUR], 1.0, id="to-come"),
        pytest.param([timedelta()], 1.0, id="one-just-now"),
        # One entry, and silence since: 14 days of watching weigh half of an endless past.
        pytest.param([14 * DAY], 0.5 / (LIFE / 2 + 0.5), id="one-long-ago"),
        pytest.param([-HOUR, None, 14 * DAY], 0.5 / (LIFE / 2 + 0.5), id="without-a-use"),
        # The oldest starts the clock; the other is 14 days old and counts for half.
        pytest.param([14 * DAY, 28 * DAY], 1.0 / (LIFE * 0.75 + 0.5), id="two"),
        pytest.param([28 * DAY, 14 * DAY], 1.0 / (LIFE * 0.75 + 0.5), id="in-any-order"),
        pytest.param([56 * DAY], 0.5 / (LIFE * 15 / 16 + 0.5), id="four-half-lives-ago"),
        pytest.param([4000 * DAY], 1 / 4000, id="ten-years-ago-at-most-one-in-ten-years"),
        # Of four the oldest may be pinned.
        pytest.param(
            [timedelta(), timedelta(), 14 * DAY, 4000 * DAY], 2.5 / (LIFE / 2 + 0.5), id="pinned"
        ),
    ],
)
def test_first_rate_comes_from_the_dates(ages: list[timedelta | None], expected: float) -> None:
    assert _first(*ages).per_day == pytest.approx(expected)


def test_first_document_without_a_document_is_one_entry_a_day() -> None:
    assert rate.learned(None, None, 0, NOW).per_day == 1.0


def test_first_rate_of_a_steady_feed_is_its_rate() -> None:
    model = _first(*(k * 3 * HOUR for k in range(80)))
    assert model.per_day == pytest.approx(8, rel=0.1)  # the prior, one a day, is felt for a while
    assert model.burst == pytest.approx(1, abs=0.2)


def test_first_document_shows_a_burst() -> None:
    ages = [k * DAY for k in range(20)] + [k * 10 * MINUTE for k in range(20)]
    assert _first(*ages).burst > 3


def test_dates_tell_the_hours() -> None:
    model = _first(*(k * DAY + MINUTE for k in range(10)))  # each day at 8:19
    assert model.hours.index(max(model.hours)) == 8
    assert sum(hour > 0 for hour in model.hours) == 1


@pytest.mark.parametrize("minutes", [0, 15, 30, 45])
def test_mere_days_tell_no_hour(minutes: int) -> None:
    """Midnight somewhere: 5:00 in New York, 18:30 in Delhi, 18:15 in Kathmandu, all GMT."""
    age = timedelta(minutes=20 + minutes)
    assert _first(*(k * DAY + age for k in range(10))).hours == (0.0,) * 24


# From poll to poll.


def test_counts_halve_in_14_days() -> None:
    model = rate.learned(_flat(8.0, newest_at=0.0), None, 0, NOW + 14 * DAY)
    assert model.seen == pytest.approx([count / 2 for count in _flat(8.0).seen])
    assert model.hours == pytest.approx([50.0] * 24)
    assert sum(model.days) == pytest.approx(50_000 + LIFE / 2)


def test_unchanged_document_lowers_the_rate() -> None:
    before = _first(*(k * DAY for k in range(10)))
    after = rate.learned(before, None, 0, NOW + 2 * DAY)
    assert after.per_day < before.per_day
    assert after.newest_at == before.newest_at


def test_document_with_nothing_new_teaches_what_an_unchanged_one_does() -> None:
    before, later = _first(*(k * DAY for k in range(10))), NOW + 3 * HOUR
    changed = rate.learned(before, _document(DAY, 2 * DAY), 0, later)
    assert changed == rate.learned(before, None, 0, later)


def test_entries_just_in_count_in_full() -> None:
    model = rate.learned(_watched(DAY), _document(timedelta(), timedelta()), 2, NOW)
    assert sum(model.seen) == pytest.approx(2)
    assert model.burst_seen == pytest.approx(2)


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, 1.0), (8, 0.5), (16, 0.25)], ids=["now", "8-h", "16-h"]
)
def test_burst_halves_in_8_hours(hours: int, expected: float) -> None:
    model = rate.learned(_watched(DAY), _document(hours * HOUR), 1, NOW)
    assert model.burst_seen == pytest.approx(expected)
    later = rate.learned(model, None, 0, NOW + 8 * HOUR)
    assert later.burst_seen == pytest.approx(expected / 2)


def test_what_was_expected_decays_as_what_came() -> None:
    """At one entry an hour, the last 8 hours weigh (1 - 1/2) of 8 / ln 2."""
    model = rate.learned(_flat(24.0), None, 0, NOW + 8 * HOUR)
    assert model.burst_expected == pytest.approx(4 / math.log(2), rel=1e-3)
    assert model.burst == pytest.approx(1.5 / (1.5 + 4 / math.log(2)), rel=1e-3)


def test_what_was_expected_halves_in_8_hours() -> None:
    for before, after in ((4.0, 2.0), (0.0, 0.0)):
        model = replace(_watched(8 * HOUR), burst_expected=before)
        model = rate.learned(model, None, 0, NOW)
        silent = rate.learned(_watched(8 * HOUR), None, 0, NOW)
        assert model.burst_expected - silent.burst_expected == pytest.approx(after)


def test_what_was_expected_in_a_long_time_is_what_a_burst_remembers() -> None:
    model = rate.learned(_flat(24.0), None, 0, NOW + 5 * DAY)
    assert model.burst_expected == pytest.approx(8 / math.log(2), rel=1e-2)


def test_newest_entries_are_the_new_ones() -> None:
    """Of three only one is new: that of 7:50, not those known for days."""
    document = _document(30 * MINUTE, 9 * HOUR, 9 * DAY)
    model = rate.learned(_watched(2 * HOUR), document, 1, NOW)
    assert [hour for hour, count in enumerate(model.hours) if count] == [7]
    assert model.newest_at == SECONDS - 1800


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(30 * MINUTE, 30 * MINUTE, id="its-date"),
        pytest.param(None, timedelta(), id="no-date"),
        pytest.param(-MINUTE, timedelta(), id="to-come"),
        pytest.param(31 * DAY, timedelta(), id="older-than-30-days"),
        pytest.param(29 * DAY, 2 * HOUR, id="dated-before-the-last-poll"),
        pytest.param(3 * HOUR, 2 * HOUR, id="from-a-cached-copy"),
    ],
)
def test_new_entry_came_since_the_last_poll(age: timedelta | None, expected: timedelta) -> None:
    model = rate.learned(_watched(2 * HOUR), _document(age), 1, NOW)
    assert model.newest_at == (NOW - expected).timestamp()


def test_days_are_weekdays_or_weekend() -> None:
    friday = datetime(2026, 2, 27, 12, tzinfo=UTC)
    model = rate.learned(None, None, 0, friday)
    model = rate.learned(model, None, 0, friday + 3 * DAY)
    assert model.days[1] == pytest.approx(2 * model.days[0])


@pytest.mark.parametrize(
    ("date", "weekend"),
    [
        pytest.param(datetime(2026, 2, 27, 23, 59, tzinfo=UTC), False, id="friday-night"),
        pytest.param(datetime(2026, 2, 28, tzinfo=UTC), True, id="saturday"),
        pytest.param(datetime(2026, 3, 1, 23, 59, tzinfo=UTC), True, id="sunday"),
        pytest.param(datetime(2026, 3, 2, tzinfo=UTC), False, id="monday"),
    ],
)
def test_entry_is_of_a_weekday_or_a_weekend(date: datetime, *, weekend: bool) -> None:
    model = rate.learned(_watched(5 * DAY), _document(NOW - date), 1, NOW)
    assert (model.seen[0] > 0, model.seen[1] > 0) == (not weekend, weekend)


def test_feed_is_dormant_after_90_days_of_silence() -> None:
    model = _first(DAY)
    for polled_at, dormant in ((NOW + 88 * DAY, False), (NOW + 90 * DAY, True)):
        model = rate.learned(model, None, 0, polled_at)
        assert model.is_dormant is dormant
    assert model.per_day == pytest.approx(1 / 91)
    awake = rate.learned(model, _document(None), 1, NOW + 91 * DAY)
    assert not awake.is_dormant


# What follows.


@pytest.mark.parametrize(
    ("per_day", "hours"),
    [
        pytest.param(24.0, 1.0, id="one-an-hour"),  # sqrt(2 * 0.5)
        pytest.param(6.0, 2.0, id="four-times-rarer-is-twice-as-long"),
        pytest.param(96.0, 0.5, id="four-times-as-often-is-half-as-long"),
        pytest.param(0.1875, math.sqrt(128), id="three-in-16-days"),
    ],
)
def test_steady_feed_is_worth_a_poll_every_root_of_twice_the_price_over_the_rate(
    per_day: float, hours: float
) -> None:
    found = rate.outlook(_flat(per_day), price_hours=0.5, most_entries=math.inf, most_hours=24.0)
    assert found.hours == pytest.approx(hours, rel=1e-3)
    assert found.entries == pytest.approx(hours * per_day / 24, rel=1e-3)
    assert found.habit == pytest.approx(1, rel=1e-3)
    assert found.stopped_by == "price"


def test_outlook_ends_where_the_window_may_turn_over() -> None:
    found = rate.outlook(_flat(24.0), price_hours=9.0, most_entries=2.5, most_hours=24.0)
    assert found.stopped_by == "window"
    assert found.hours == pytest.approx(2.5, rel=1e-3)
    assert found.entries == pytest.approx(2.5)


def test_outlook_ends() -> None:
    found = rate.outlook(_flat(0.02), price_hours=9.0, most_entries=2.5, most_hours=24.0)
    assert (found.stopped_by, found.hours) == ("end", 24.0)


def test_burst_fades_in_the_outlook() -> None:
    """Three times as much as usual now, twice in 8 hours: integrated here step by step."""
    model = _flat(6.0, burst_seen=3.0)  # (1.5 + 3) / 1.5
    at = NOW.minute / 60
    waiting = entries = elapsed = 0.0
    while waiting < 2.0:
        # The burst of an hour is that of its start, or of the poll.
        start = max(math.floor(at + elapsed) - at, 0.0)
        entries += 0.25 * (1 + 2 * 2 ** (-start / 8)) * 0.001
        waiting += entries * 0.001
        elapsed += 0.001
    assert _hours_until(model, 2.0) == pytest.approx(elapsed, abs=0.01)
    assert _hours_until(_flat(6.0), 2.0) == pytest.approx(4.0, rel=1e-3)


def test_silence_after_much_was_expected_makes_polls_rarer() -> None:
    assert _hours_until(_flat(6.0, burst_expected=4.5)) > _hours_until(_flat(6.0))


def test_poll_waits_for_the_busy_hours() -> None:
    """Entries come at noon: an hour before it, the poll is nearer than an hour after it."""
    ages = [k * DAY + HOUR + 10 * MINUTE for k in range(30)]
    noon = datetime(2026, 3, 4, 12, 20, tzinfo=UTC)
    model = rate.learned(None, _document(*ages, now=noon), 30, noon)
    before = replace(model, updated_at=model.updated_at - 2 * 3600)
    assert _hours_until(before, 0.2) < _hours_until(model, 0.2)


def test_weekend_of_a_feed_that_rests_then_is_slow() -> None:
    monday, saturday = SECONDS, SECONDS - 2 * 86400
    model = replace(_flat(8.0), seen=(700_000.0, 100_000.0))
    on = {at: _hours_until(replace(model, updated_at=at)) for at in (monday, saturday)}
    assert on[saturday] > 1.5 * on[monday]


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(21, 0.5), (22, 3.5), (23, 6.5), (0, 3.5), (1, 0.5), (12, 0.5)],
)
def test_hour_of_the_day_is_smoothed_by_its_neighbours(hour: int, expected: float) -> None:
    """24 entries at 23 h and one at each hour to start with: two an hour on average."""
    model = replace(
        _flat(24.0),
        hours=(0.0,) * 23 + (24.0,),
        updated_at=datetime(2026, 3, 3, hour, tzinfo=UTC).timestamp(),
    )
    found = rate.outlook(model, price_hours=0.5, most_entries=9.0, most_hours=1.0)
    assert found.habit == pytest.approx(expected, rel=1e-3)


def test_habits_average_to_one_over_a_week() -> None:
    model = replace(_flat(24.0), hours=tuple(map(float, range(24))), seen=(9e5, 1.5e6))
    habits = [
        rate.outlook(
            replace(model, updated_at=SECONDS + hour * 3600),
            price_hours=1.0,
            most_entries=9.0,
            most_hours=1.0,
        ).habit
        for hour in range(168)
    ]
    assert sum(habits) / 168 == pytest.approx(1)


# Whatever the clock does.

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis takes the bounds without a zone
AGES = st.none() | st.timedeltas(-400 * DAY, 20_000 * DAY)


@given(
    st.lists(
        st.tuples(MOMENTS, st.lists(AGES, max_size=5), st.integers(0, 5000)),
        min_size=1,
        max_size=6,
    )
)
def test_numbers_stay_numbers_whatever_the_clock_does(
    polls: list[tuple[datetime, list[timedelta | None], int]],
) -> None:
    model = None
    for now, ages, new in polls:
        document = _document(*ages, now=now) if new else None
        model = rate.learned(model, document, new, now)
        numbers = rate.to_numbers(model)
        assert all(map(math.isfinite, numbers))
        assert min(numbers[2:]) >= 0  # the first two are moments
        assert 0 < model.per_day < math.inf
        assert model.updated_at == now.timestamp() >= model.newest_at
        found = rate.outlook(model, price_hours=0.5, most_entries=2.5, most_hours=72.0)
        assert 0 < found.hours <= 72
        assert 0 < found.entries < 2.5001
        assert 0 < found.habit < math.inf


def test_poll_of_the_same_moment_changes_nothing() -> None:
    model = _first(*(k * DAY for k in range(10)))
    assert rate.learned(model, None, 0, NOW) == model


def test_clock_that_went_back_is_followed() -> None:
    model = rate.learned(_first(DAY), None, 0, NOW + 4000 * DAY)
    back = rate.learned(model, _document(None), 1, NOW)
    assert back.updated_at == back.newest_at == SECONDS
    assert sum(back.seen) == pytest.approx(sum(model.seen) + 1)


@given(st.floats(0.01, 5000), st.floats(0.01, 100), st.floats(0.01, 100))
def test_dearer_polls_are_never_sooner(per_day: float, price: float, more: float) -> None:
    model = _flat(per_day, burst_seen=2.0)
    assert _hours_until(model, price) <= _hours_until(model, price + more) + 1e-9
