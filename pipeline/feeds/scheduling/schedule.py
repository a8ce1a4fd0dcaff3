"""When a feed is asked again, and why: pure arithmetic on what is known of it.

A feed is polled when the expected waiting of its undiscovered entries reaches a price (rate.py).
The publisher's hints are lower bounds (hints.py); failures back off and never end a feed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.feeds.scheduling import publisher_hints, rate, validator_trust
from pipeline.feeds.scheduling.publisher_hints import WaitInput, span
from pipeline.model import FeedRhythm, NextPoll, ScheduleInput
from pipeline.reasons import Reason

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.errors import IngestError
    from pipeline.model import Counts, Document, DueFeed, FeedHealth, FeedState, Response

PRICE_MINUTES = 30.0  # entry-minutes of waiting that are worth one poll
COSTLY = 4.0  # times the price where validators do not work: each poll costs the whole document
LEAST, LEAST_COSTLY = timedelta(minutes=15), timedelta(minutes=60)
MOST, MOST_DORMANT = timedelta(hours=24), timedelta(hours=72)
MOST_EVER = timedelta(days=30)  # as long as an operator may set; `broadsheet check` counts on it
WINDOW_SHARE = 0.25  # never wait longer than a quarter of the document takes to turn over
JITTER = 0.05
FIRST_RETRY = timedelta(minutes=15)
LIMITED_RETRY = timedelta(hours=4)  # after a 429 that does not say how long
OUR_RETRY = timedelta(minutes=1)
GONE_POLLS, GONE_SPAN = 3, timedelta(days=3)
GONE_RETRY = timedelta(hours=24)
# Failing for so long, asked so rarely, but for ever.
RARELY = (
    (timedelta(days=90), timedelta(days=30), "monthly"),
    (timedelta(days=14), timedelta(days=7), "weekly"),
)

_HOUR = timedelta(hours=1)
_TWO_FIGURES = 10.0


def after_answer(
    feed: DueFeed,
    response: Response,
    document: Document | None,
    counts: Counts,
    *,
    draw: float,
    price_minutes: float = PRICE_MINUTES,
) -> NextPoll:
    """Return the next poll after an answer; `document` is None when it was the known one.

    What the known document said of itself (its ttl, its skipped hours, its number of entries)
    holds on. `draw` is a random number from 0 to 1. The moment of the poll is
    `response.fetched_at`. A poll is worth `price_minutes` entry-minutes of waiting.
    """
    now, known = response.fetched_at, feed.state.rhythm
    model = rate.learned(rate.from_numbers(known.rate_model), document, counts.new, now)
    ttl_seconds = document.ttl_seconds if document else known.ttl_seconds
    window = document.total if document else known.window_entries
    skip = publisher_hints.Skipped(known.skip_hours, known.skip_days, known.skip_broken)
    skip = publisher_hints.skipped(skip, document, counts.new)
    least = LEAST if _has_validator(feed.state, response) else LEAST_COSTLY
    price = price_minutes if least == LEAST else COSTLY * price_minutes
    own, wait = _own_bids(feed, model, window or 0, price, least)
    # Our own wish spreads to both sides, though not below its floor; a hint, being a lower bound,
    # upwards only.
    wishes = [_wish(bid, now, 1.0 + JITTER * (2.0 * draw - 1.0), least) for bid in own]
    fresh_seconds = publisher_hints.lifetime(response, known.fresh_seconds)
    given = publisher_hints.of(response, ttl_seconds, fresh_seconds)
    wishes += [_wish(bid, now, 1.0 + JITTER * draw) for bid in given]
    decided = _latest(wishes[len(own) - 1 :])
    if skip.hours or skip.days:
        wishes.append(_skipping(decided, skip, draw))
        decided = _latest([decided, wishes[-1]])
    return NextPoll(
        due_at=decided.due_at,
        reason=decided.input,
        interval_seconds=wait.total_seconds(),
        rhythm=FeedRhythm(
            entry_rate=model.per_day,
            rate_model=rate.to_numbers(model),
            window_entries=window,
            ttl_seconds=ttl_seconds,
            fresh_seconds=fresh_seconds,
            skip_hours=skip.hours,
            skip_days=skip.days,
            skip_broken=skip.broken,
        ),
        plan=_won(wishes, decided),
    )


def after_failure(
    feed: DueFeed, error: IngestError, *, now: datetime, retry_after: timedelta | None, draw: float
) -> NextPoll:
    """Return the next poll after a failed one: back-off with full jitter, never an end.

    Only 410, `GONE_POLLS` times over `GONE_SPAN`, ends a feed. `retry_after` is a lower bound.
    What was nobody's fault is asked again in about a minute. What is known of the feed stays.
    """
    if error.reason is Reason.GONE and _is_gone(feed.state.health, now):
        note = f"410 {feed.state.health.gone_streak + 1} times over {span(GONE_SPAN)} and more"
        ended = ScheduleInput(input="gone", due_at=None, note=note)
        return _failed(feed, [ended], ended)
    if error.reason.policy.again_soon:
        soon = _wish(
            WaitInput(error.reason, OUR_RETRY * (0.5 + draw), "not the fault of the feed"), now
        )
        return _failed(feed, [soon], soon)
    wishes = [_wish(_back_off(feed.state.health, error.reason, now, retry_after, draw), now)]
    if retry_after is not None:
        wishes.append(_wish(publisher_hints.retry_after(retry_after), now))
    return _failed(feed, wishes, _latest(wishes))


def _own_bids(
    feed: DueFeed, model: rate.RateModel, window: int, price: float, least: timedelta
) -> tuple[list[WaitInput], timedelta]:
    """What we want ourselves, each bid overriding those before it; and the wait of the last."""
    most = MOST_DORMANT if model.is_dormant else MOST
    outlook = rate.outlook(
        model,
        price_hours=price / 60.0,
        most_entries=WINDOW_SHARE * window or math.inf,
        most_hours=most / _HOUR,
    )
    wait = timedelta(hours=outlook.hours)
    bids = [WaitInput("rate", None, _rate_note(model, outlook)), _policy_bid(outlook, price, wait)]
    if outlook.stopped_by == "window":
        note = f"a quarter of its {window} entries turns over in {span(wait)}"
        bids.append(WaitInput("window guard", wait, note))
    if outlook.stopped_by == "end":
        bids.append(WaitInput("ceiling", wait, f"once in {span(most)} at least"))
    if wait < least:
        wait = least
        each = "" if least == LEAST else ": each poll costs the whole document"
        bids.append(WaitInput("floor", wait, f"no sooner than after {span(least)}{each}"))
    if feed.every_seconds:
        wait = timedelta(seconds=feed.every_seconds)
        bids.append(WaitInput("operator", wait, f"every {span(wait)}, as set for this feed"))
    return bids, wait


def _rate_note(model: rate.RateModel, outlook: rate.Outlook) -> str:
    silent = f", none for {model.silent_days:.0f} days" if model.is_dormant else ""
    return (
        f"{_figure(model.per_day)} entries a day{silent}; times {_figure(outlook.habit)}"
        f" at this hour, times {_figure(model.burst)} after the last hours"
    )


def _policy_bid(outlook: rate.Outlook, price: float, wait: timedelta) -> WaitInput:
    expected = f"{_figure(outlook.entries / outlook.hours)} entries an hour expected"
    worth = f"{price:g} entry-minutes of waiting"
    if outlook.stopped_by == "price":
        return WaitInput("policy", wait, f"{expected}; {worth} are reached in {span(wait)}")
    return WaitInput("policy", None, f"{expected}; {worth} are not reached in {span(wait)}")


def _skipping(decided: ScheduleInput, skip: publisher_hints.Skipped, draw: float) -> ScheduleInput:
    """The skipped hours' wish, where the others came to `decided`."""
    if skip.broken >= publisher_hints.BROKEN:
        note = f"{skip.broken} entries came in skipped hours: they are not heeded"
        return ScheduleInput(input="skip hours", due_at=None, note=note)
    at = decided.due_at and publisher_hints.allowed(decided.due_at, skip)
    if at is None or at == decided.due_at:
        return ScheduleInput(
            input="skip hours", due_at=None, note="the next poll lies outside of them"
        )
    # Into the allowed hour, so that not all that skip the same hours come on the stroke.
    return ScheduleInput(
        input="skip hours",
        due_at=at + JITTER * draw * _HOUR,
        note="the first moment outside of the hours and days that the document skips",
    )


def _wish(
    bid: WaitInput, now: datetime, spread: float = 1.0, least: timedelta = timedelta()
) -> ScheduleInput:
    """A bid with its jitter, which never takes what is at least `least` below it."""
    wait = bid.wait
    due_at = None if wait is None else now + min(max(wait * spread, min(wait, least)), MOST_EVER)
    return ScheduleInput(input=bid.input, due_at=due_at, note=bid.note)


def _latest(wishes: list[ScheduleInput]) -> ScheduleInput:
    return max(wishes, key=lambda wish: wish.due_at.timestamp() if wish.due_at else -math.inf)


def _won(wishes: list[ScheduleInput], winner: ScheduleInput) -> tuple[ScheduleInput, ...]:
    return tuple(replace(wish, wins=True) if wish is winner else wish for wish in wishes)


def _has_validator(state: FeedState, response: Response) -> bool:
    """Whether the next poll can be answered by a 304."""
    known = state.validators.etag or state.validators.last_modified
    sent = "etag" in response.headers or "last-modified" in response.headers
    return bool(known or sent) and not validator_trust.is_liar(state.trust, response.fetched_at)


def _failed(feed: DueFeed, wishes: list[ScheduleInput], winner: ScheduleInput) -> NextPoll:
    """The next poll after a failure, which teaches nothing of the feed's rate."""
    return NextPoll(
        due_at=winner.due_at,
        reason=winner.input,
        interval_seconds=None,
        rhythm=feed.state.rhythm,
        plan=_won(wishes, winner),
        feed_state="active" if winner.due_at else "gone",
    )


def _is_gone(health: FeedHealth, now: datetime) -> bool:
    since = health.gone_since or now
    return health.gone_streak + 1 >= GONE_POLLS and now - since >= GONE_SPAN


def _back_off(
    health: FeedHealth, reason: Reason, now: datetime, retry_after: timedelta | None, draw: float
) -> WaitInput:
    failing = now - (health.failing_since or now)
    for after, wait, name in RARELY:
        if failing >= after:
            return WaitInput(name, wait, f"it has failed for {span(failing)}")
    if reason is Reason.GONE:
        return WaitInput("is it gone?", GONE_RETRY, "410: asked again after a day, to be sure")
    if reason.policy.until_tomorrow:
        return WaitInput("back-off", MOST, f"{reason}: not before tomorrow")
    if reason is Reason.RATE_LIMITED and retry_after is None:
        wait = min(LIMITED_RETRY * (1 << min(health.failure_streak, 12)), MOST)
        note = f"rate_limited, it did not say for how long: {span(wait)}"
        return WaitInput("back-off", wait * (1.0 + JITTER * draw), note)
    most = min(FIRST_RETRY * (1 << min(health.failure_streak + 1, 12)), MOST)
    note = (
        f"failure {health.failure_streak + 1}: drawn between {span(FIRST_RETRY)} and {span(most)}"
    )
    return WaitInput("back-off", FIRST_RETRY + (most - FIRST_RETRY) * draw, note)


def _figure(value: float) -> str:
    """A number in two figures at least."""
    return f"{value:.0f}" if value >= _TWO_FIGURES else f"{value:.2g}"
