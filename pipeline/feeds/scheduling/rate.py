"""How many new entries a feed is expected to bring, hour by hour: what is learned, what follows.

The rate is a slow rate, times the habits of the hour and of the weekend, times a burst. Each comes
from decayed counts of entries and of time, so that a poll costs the same however long a feed is
known. What follows is the moment at which a poll is worth its price: when the waiting of the
entries that are expected to stand undiscovered reaches so many entry-hours (Sia and Cho, Efficient
Monitoring Algorithm for Fast News Alerts). All hours and days are GMT.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from pipeline.model import Document

HOUR, DAY = 3600.0, 86400.0
HALF_LIFE_DAYS = 14.0
# Before anything is known: one entry a day, with the weight of half a day of watching.
PRIOR_ENTRIES, PRIOR_DAYS = 0.5, 0.5
HOUR_PRIOR = 1.0  # entries that each hour of the day starts with, so that none is ruled out
WEEK_PRIOR = 3.0  # entries, seen and expected, that weekdays and weekends start with
BURST_HALF_LIFE_HOURS = 8.0
BURST_PRIOR = 1.5  # entries, seen and expected: one or two more than expected are no burst
MOST_LATE_DAYS = 30.0  # an entry that arrives with an older date came when it was seen
DORMANT_AFTER_DAYS = 90.0
# The weights of an endless past add up to this: a half-life divided by the logarithm of 2.
_MEAN_LIFE_DAYS = HALF_LIFE_DAYS / math.log(2)
_MEAN_BURST_HOURS = BURST_HALF_LIFE_HOURS / math.log(2)
_BURST_LOOKBACK = 24 * HOUR  # further back the hour of the day hardly matters: an eighth is left
_QUARTER_HOUR = 900.0
_PINNED_FROM = 4  # entries: of so many the oldest may be one that is kept on top for years
_THURSDAY, _SATURDAY = 3, 5  # day 0 of 1970 and the first day off; Monday is 0
_NUMBERS = 32

Pace = Callable[[int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateModel:
    """What is known of a feed's rate: decayed counts of entries, and decayed days of watching.

    `updated_at` and `newest_at` (when the newest entry came) are seconds since 1970. `seen` and
    `days` are for (weekdays, weekends), `hours` are counts by hour of the day; they halve in 14
    days. `burst_seen` and `burst_expected` are entries, and halve in 8 hours.
    """

    updated_at: float
    newest_at: float
    seen: tuple[float, float] = (0.0, 0.0)
    days: tuple[float, float] = (0.0, 0.0)
    burst_seen: float = 0.0
    burst_expected: float = 0.0
    hours: tuple[float, ...] = (0.0,) * 24

    @property
    def per_day(self) -> float:
        """The slow rate: new entries a day, at most one in a silence of 90 days and more."""
        rate = _per_day(self.seen, self.days)
        return min(rate, 1.0 / self.silent_days) if self.is_dormant else rate

    @property
    def burst(self) -> float:
        """How many times as much as expected came in the last hours; below 1 after a silence."""
        return (BURST_PRIOR + self.burst_seen) / (BURST_PRIOR + self.burst_expected)

    @property
    def silent_days(self) -> float:
        """Days from the newest entry to the last poll."""
        return max(self.updated_at - self.newest_at, 0.0) / DAY

    @property
    def is_dormant(self) -> bool:
        """Whether nothing new came for 90 days."""
        return self.silent_days >= DORMANT_AFTER_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """When a poll is worth its price, and what made it so.

    `hours` from now, in which `entries` new ones are expected. `stopped_by` says what came first:
    the price, as many entries as may turn over, or the end of the outlook. `habit` is how many
    times as much as the slow rate is usual in this hour of this day.
    """

    hours: float
    entries: float
    stopped_by: Literal["price", "window", "end"]
    habit: float


def from_numbers(numbers: Sequence[float] | None) -> RateModel | None:
    """Return the model that `to_numbers` wrote; None for None and for a list of another length."""
    if numbers is None or len(numbers) != _NUMBERS:
        return None
    updated_at, newest_at, seen, seen_weekend, days, days_weekend, burst, expected = numbers[:8]
    return RateModel(
        updated_at=updated_at,
        newest_at=newest_at,
        seen=(seen, seen_weekend),
        days=(days, days_weekend),
        burst_seen=burst,
        burst_expected=expected,
        hours=tuple(numbers[8:]),
    )


def to_numbers(model: RateModel) -> tuple[float, ...]:
    """Return the model as the database keeps it: 32 numbers, the hours of the day last."""
    return (
        model.updated_at,
        model.newest_at,
        *model.seen,
        *model.days,
        model.burst_seen,
        model.burst_expected,
        *model.hours,
    )


def learned(
    model: RateModel | None, document: Document | None, new: int, now: datetime
) -> RateModel:
    """Return what is known after a poll at `now` that brought `new` new entries.

    Without a `model` it starts from the dates of the document. `document` is None when it was the
    known one: time without an entry teaches as well.
    """
    moment = now.timestamp()
    entries = document.entries if document else ()
    dates = [e.published_at.timestamp() if e.published_at else None for e in entries]
    if model is None:
        return _first(sorted(date for date in dates if date is not None and date <= moment), moment)
    # How many are new is known, not which: the newest, for old entries rarely come late. Those
    # without a usable date count as coming now, and so go first.
    came = heapq.nlargest(new, (_arrival(date, model.updated_at, moment) for date in dates))
    return _after(model, came, came, moment)


def outlook(
    model: RateModel, *, price_hours: float, most_entries: float, most_hours: float
) -> Outlook:
    """Return when the next poll is worth its price, counted from the model's last update.

    The price is in entry-hours of waiting; at a constant rate it is reached after
    sqrt(2 * price / rate). The outlook ends where `most_entries` (above 0) are expected, and after
    `most_hours`.
    """
    usual = _pace(model.seen, model.days, model.hours)
    capped = model.per_day / _per_day(model.seen, model.days)
    hour, until = int(model.updated_at // HOUR), 1.0 - model.updated_at % HOUR / HOUR
    habit, extra = usual(hour) * capped * 24.0 / model.per_day, model.burst - 1.0
    elapsed = entries = waiting = 0.0
    stopped_by: Literal["price", "window", "end"] = "end"
    while elapsed < most_hours and stopped_by == "end":
        pace = usual(hour) * capped * (1.0 + extra * math.exp2(-elapsed / BURST_HALF_LIFE_HOURS))
        span = min(until, most_hours) - elapsed
        if entries + pace * span >= most_entries:
            span, stopped_by = (most_entries - entries) / pace, "window"
        if waiting + (entries + pace * span / 2.0) * span >= price_hours:
            span, stopped_by = _until_worth(price_hours - waiting, entries, pace), "price"
        waiting += (entries + pace * span / 2.0) * span
        entries += pace * span
        elapsed += span
        hour, until = hour + 1, until + 1.0
    return Outlook(hours=elapsed, entries=entries, stopped_by=stopped_by, habit=habit)


def _until_worth(price: float, entries: float, pace: float) -> float:
    """Hours until `entries` that wait, and `pace` more an hour, make up the price.

    The root of pace / 2 * x^2 + entries * x = price, in the form that takes no difference of
    large numbers.
    """
    return 2.0 * price / (entries + math.sqrt(entries * entries + 2.0 * pace * price))


def _first(dates: list[float], moment: float) -> RateModel:
    """From the dates of a first document, oldest first: as if it had been watched since then.

    A date at a sharp quarter of an hour may be a mere day, midnight somewhere on Earth: such a one
    tells no hour.
    """
    if not dates:
        return RateModel(updated_at=moment, newest_at=moment)
    start, *later = dates[1:] if len(dates) >= _PINNED_FROM else dates
    watched = RateModel(updated_at=start, newest_at=start)
    return _after(watched, later, [date for date in later if date % _QUARTER_HOUR], moment)


def _arrival(date: float | None, since: float, moment: float) -> float:
    """When an entry came that is new now and was not there at the last poll, `since`.

    Without a date, or with one to come or too long ago to be true, it came when it was seen. One
    dated before the last poll came right after it: it was held back, bears a mere day, or the copy
    of that poll was a cached one.
    """
    if date is None or not moment - MOST_LATE_DAYS * DAY <= date <= moment:
        return moment
    return min(max(date, since), moment)


def _after(
    model: RateModel, came: Sequence[float], timed: Iterable[float], moment: float
) -> RateModel:
    """The model at `moment`: `came` are the arrivals since, `timed` those that tell an hour."""
    since = model.updated_at
    elapsed = max(moment - since, 0.0) / DAY
    kept = math.exp2(-elapsed / HALF_LIFE_DAYS)
    kept_lately = math.exp2(-elapsed * 24.0 / BURST_HALF_LIFE_HOURS)
    seen, lately = [entries * kept for entries in model.seen], model.burst_seen * kept_lately
    hours = [entries * kept for entries in model.hours]
    for at in came:
        seen[_is_weekend(int(at // HOUR))] += math.exp2((at - moment) / DAY / HALF_LIFE_DAYS)
        lately += math.exp2((at - moment) / HOUR / BURST_HALF_LIFE_HOURS)
    for at in timed:
        hours[int(at // HOUR) % 24] += math.exp2((at - moment) / DAY / HALF_LIFE_DAYS)
    watched = (1.0 - kept) * _MEAN_LIFE_DAYS
    weekend = min((_weekends(moment) - _weekends(since)) / elapsed, 1.0) if elapsed else 0.0
    days = (
        model.days[0] * kept + watched * (1.0 - weekend),
        model.days[1] * kept + watched * weekend,
    )
    expected = _expected(_pace(seen, days, hours), since, moment)
    return RateModel(
        updated_at=moment,
        newest_at=max(came, default=min(model.newest_at, moment)),
        seen=(seen[0], seen[1]),
        days=days,
        burst_seen=lately,
        burst_expected=model.burst_expected * kept_lately + expected,
        hours=tuple(hours),
    )


def _expected(pace: Pace, since: float, now: float) -> float:
    """Entries expected from `since` to `now`, decayed as those that came are."""
    at = max(since, now - _BURST_LOOKBACK)
    # What lies further back is taken to be like the oldest hour looked at.
    entries = (
        (_lately(at, now) - _lately(since, now)) * pace(int(at // HOUR)) if at > since else 0.0
    )
    while at < now:
        hour = int(at // HOUR)
        until = min((hour + 1) * HOUR, now)
        entries += (_lately(until, now) - _lately(at, now)) * pace(hour)
        at = until
    return entries


def _lately(at: float, now: float) -> float:
    """What all time up to `at` weighs in the burst at `now`, in hours."""
    return math.exp2((at - now) / HOUR / BURST_HALF_LIFE_HOURS) * _MEAN_BURST_HOURS


def _pace(seen: Sequence[float], days: Sequence[float], hours: Sequence[float]) -> Pace:
    """New entries an hour, by the hour since 1970, before any burst.

    Hours of the day are smoothed by their neighbours, half and half. The habits average to 1 over
    a day, and over a week.
    """
    per_day = (sum(seen) + 1.0) / (sum(days) + 1.0)
    weekday = (seen[0] + WEEK_PRIOR) / (per_day * days[0] + WEEK_PRIOR)
    weekend = (seen[1] + WEEK_PRIOR) / (per_day * days[1] + WEEK_PRIOR)
    usual = (sum(hours) / 24.0 + HOUR_PRIOR) * (5.0 * weekday + 2.0 * weekend) / 7.0
    scale = _per_day(seen, days) / 24.0 / usual
    scales = (weekday * scale, weekend * scale)

    def pace(hour: int) -> float:
        at = hour % 24
        smooth = 0.25 * (hours[at - 1] + hours[at - 23]) + 0.5 * hours[at] + HOUR_PRIOR
        return smooth * scales[(hour // 24 + _THURSDAY) % 7 >= _SATURDAY]

    return pace


def _per_day(seen: Sequence[float], days: Sequence[float]) -> float:
    return (sum(seen) + PRIOR_ENTRIES) / (sum(days) + PRIOR_DAYS)


def _is_weekend(hour: int) -> bool:
    return (hour // 24 + _THURSDAY) % 7 >= _SATURDAY


def _weekends(at: float) -> float:
    """Days of all weekends from a Monday long ago up to `at`."""
    weeks, seconds = divmod(at + _THURSDAY * DAY, 7 * DAY)
    return weeks * 2.0 + max(seconds - _SATURDAY * DAY, 0.0) / DAY
