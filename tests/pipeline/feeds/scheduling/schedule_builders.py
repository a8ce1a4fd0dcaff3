"""Feeds, answers and documents for the tests of the schedule, and what it makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from pipeline.errors import FetchError, GoneError
from pipeline.feeds.scheduling import rate, schedule
from pipeline.feeds.scheduling.rate import RateModel
from pipeline.model import Counts, Document, DueFeed, Entry, NextPoll, Response, ScheduleInput
from tests.pipeline.feeds import states

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TAG = {"etag": '"a"'}
EVEN = 0.5  # the draw that neither shortens nor lengthens the policy's wish
NOTHING = Counts()
DRAWS = st.floats(0, 1)


def feed(**known: Any) -> DueFeed:
    return states.due(**known)


def model(per_day: float, silent: timedelta = timedelta(), **known: Any) -> tuple[float, ...]:
    """The numbers of a feed polled just now, whose rate was the same for very long."""
    seen = per_day * 100_000.5 - 0.5
    known_for_long = RateModel(
        updated_at=NOW.timestamp(),
        newest_at=(NOW - silent).timestamp(),
        seen=(seen * 5 / 7, seen * 2 / 7),
        days=(100_000 * 5 / 7, 100_000 * 2 / 7),
        hours=(100.0,) * 24,
    )
    return rate.to_numbers(replace(known_for_long, **known))


def steady(per_day: float, **known: Any) -> DueFeed:
    return feed(rate_model=model(per_day), last_polled_at=NOW, **known)


def answer(headers: dict[str, str] | None = None, status: int = 200) -> Response:
    return Response("https://a.example/feed", status, TAG if headers is None else headers, b"", NOW)


def document(*ages: timedelta | None, total: int = 1000, **hints: Any) -> Document:
    """A document whose entries are so old; None for one without a date."""
    entries = tuple(Entry(published_at=None if age is None else NOW - age) for age in ages)
    return Document(format="rss", entries=entries, total=total, **hints)


def after(
    feed: DueFeed,
    response: Response | None = None,
    document: Document | None = None,
    counts: Counts = NOTHING,
    draw: float = EVEN,
) -> NextPoll:
    return schedule.after_answer(feed, response or answer(), document, counts, draw=draw)


def wait(found: NextPoll) -> timedelta:
    assert found.due_at is not None
    return found.due_at - NOW


def minutes(found: NextPoll) -> object:
    """The wait, for a comparison that forgives what rounding does."""
    return pytest.approx(wait(found) / MINUTE, rel=1e-3)


def plan(found: NextPoll) -> dict[str, ScheduleInput]:
    return {wish.input: wish for wish in found.plan}


def winner(found: NextPoll) -> ScheduleInput:
    (won,) = (wish for wish in found.plan if wish.wins)
    return won


def after_failing(
    feed: DueFeed,
    reason: str = "timeout",
    retry_after: timedelta | None = None,
    draw: float = EVEN,
) -> NextPoll:
    error = GoneError(reason, "x") if reason == "gone" else FetchError(reason, "x")
    return schedule.after_failure(feed, error, now=NOW, retry_after=retry_after, draw=draw)
