"""When a feed is asked again, and why: pure arithmetic on what is known of it.

A feed is polled when the expected waiting of its undiscovered entries reaches a price, which at
a constant rate is every sqrt(2 * price / rate) (Sia and Cho, Efficient Monitoring Algorithm for
Fast News Alerts). The publisher's hints are lower bounds; failures back off and never end a feed.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from pipeline.model import Counts, Document, DueFeed, NextPoll, Response

if TYPE_CHECKING:
    from pipeline.errors import IngestError

PRICE_MINUTES = 30.0  # entry-minutes of waiting that are worth one poll
LEAST = timedelta(minutes=15)
LEAST_WITHOUT_VALIDATORS = timedelta(minutes=60)  # each of its polls costs the whole document
MOST = timedelta(hours=24)
MOST_DORMANT = timedelta(hours=72)
DORMANT_AFTER = timedelta(days=90)
MOST_HINT = timedelta(hours=24)
JITTER = 0.05
HALF_LIFE_DAYS = 14.0
FIRST_RATE = 1.0  # entries a day, for a feed that dates nothing
WINDOW_SHARE = 0.25  # never wait longer than a quarter of the document takes to turn over
FIRST_RETRY = timedelta(minutes=15)
GONE_POLLS, GONE_SPAN = 3, timedelta(days=3)
GONE_RETRY = timedelta(hours=24)
WEEKLY_AFTER, WEEKLY = timedelta(days=14), timedelta(days=7)
MONTHLY_AFTER, MONTHLY = timedelta(days=90), timedelta(days=30)
UNTIL_TOMORROW = frozenset({"blocked_address", "too_large", "bad_url"})


def after_answer(
    feed: DueFeed, response: Response, document: Document | None, counts: Counts, *, draw: float
) -> NextPoll:
    """Return the next poll after an answer; `document` is None when it was the known one.

    What the known document said of itself (its ttl, its number of entries) holds on. `draw` is a random number from 0 to 1. The moment of the poll is `response.fetched_at`.
    """
    now = response.fetched_at
    rate = _rate(feed, document, counts, now)
    ttl_seconds = document.ttl_seconds if document else feed.ttl_seconds
    window = document.total if document else feed.window_entries
    wish = _interval(rate, validated=_has_validator(feed, response), window=window or 0)
    hint = min(max(_header_hint(response), timedelta(seconds=ttl_seconds or 0)), MOST_HINT)
    # The policy's wish spreads to both sides, a hint upwards only: it is a lower bound.
    wait, reason = max(
        (wish * (1 + JITTER * (2 * draw - 1)), "policy"),
        (hint * (1 + JITTER * draw), "publisher hint"),
    )
    return NextPoll(
        due_at=now + wait,
        reason=reason,
        interval_seconds=wish.total_seconds(),
        entry_rate=rate,
        ttl_seconds=ttl_seconds,
        window_entries=window,
    )


def after_failure(
    feed: DueFeed, error: IngestError, *, now: datetime, retry_after: timedelta | None, draw: float
) -> NextPoll:
    """Return the next poll after a failed one: back-off with full jitter, never an end.

    Only 410, `GONE_POLLS` times over `GONE_SPAN`, ends a feed. `retry_after` is a lower bound.
    """
    if error.reason == "gone" and _is_gone(feed, now):
        return NextPoll(
            due_at=None,
            reason="gone",
            interval_seconds=None,
            entry_rate=feed.entry_rate,
            state="gone",
        )
    wait, reason = _back_off(feed, error.reason, now, draw)
    if retry_after is not None and retry_after >= wait:
        wait, reason = retry_after, "retry-after"
    return NextPoll(
        due_at=now + wait,
        reason=reason,
        interval_seconds=None,
        entry_rate=feed.entry_rate,
        ttl_seconds=feed.ttl_seconds,
        window_entries=feed.window_entries,
    )


def _rate(feed: DueFeed, document: Document | None, counts: Counts, now: datetime) -> float:
    """New entries a day: seeded from the dates of the first document, then decayed counts."""
    if feed.entry_rate is None or feed.last_polled_at is None:
        return _first_rate(document, now)
    days = (now - feed.last_polled_at) / timedelta(days=1)
    if days <= 0:
        return feed.entry_rate
    kept = math.exp2(-days / HALF_LIFE_DAYS)
    return feed.entry_rate * kept + (counts.new / days) * (1 - kept)


def _first_rate(document: Document | None, now: datetime) -> float:
    dates = sorted(e.published_at for e in document.entries if e.published_at) if document else []
    recent = [date for date in dates if now - timedelta(days=HALF_LIFE_DAYS) <= date <= now]
    if not recent:
        return FIRST_RATE if not dates else 1 / HALF_LIFE_DAYS
    days = max((now - recent[0]) / timedelta(days=1), 0.25)
    return len(recent) / days


def _interval(rate: float, *, validated: bool, window: int) -> timedelta:
    """The policy's wish for a rate in entries a day."""
    per_minute = max(rate, 1e-6) / 1440
    price = PRICE_MINUTES if validated else 4 * PRICE_MINUTES
    minutes = math.sqrt(2 * price / per_minute)
    if window:
        minutes = min(minutes, WINDOW_SHARE * window / per_minute)
    least = LEAST if validated else LEAST_WITHOUT_VALIDATORS
    most = MOST_DORMANT if rate < 1 / DORMANT_AFTER.days else MOST
    return min(max(timedelta(minutes=minutes), least), most)


def _has_validator(feed: DueFeed, response: Response) -> bool:
    sent = {"etag", "last-modified"} & response.headers.keys()
    return bool(sent or feed.etag or feed.last_modified)


def _header_hint(response: Response) -> timedelta:
    """How long the answer says it stays fresh (RFC 9111 section 4.2.1); zero when it says no."""
    directives = response.headers.get("cache-control", "").lower().split(",")
    for directive in directives:
        name, _, value = directive.strip().partition("=")
        if name == "max-age":
            age = response.headers.get("age", "0")
            return timedelta(seconds=max(0, _whole(value) - _whole(age)))
    expires = _http_date(response.headers.get("expires"))
    date = _http_date(response.headers.get("date")) or response.fetched_at
    return max(expires - date, timedelta()) if expires else timedelta()


def _whole(value: str) -> int:
    digits = value.strip().strip('"')
    return min(int(digits[:18]), 10**9) if digits.isascii() and digits.isdigit() else 0


def _http_date(value: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(value) if value else None
    except (ValueError, TypeError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def _is_gone(feed: DueFeed, now: datetime) -> bool:
    since = feed.gone_since or now
    return feed.gone_streak + 1 >= GONE_POLLS and now - since >= GONE_SPAN


def _back_off(feed: DueFeed, reason: str, now: datetime, draw: float) -> tuple[timedelta, str]:
    failing = now - (feed.failing_since or now)
    if failing >= MONTHLY_AFTER:
        return MONTHLY, "monthly after 90 days of failure"
    if failing >= WEEKLY_AFTER:
        return WEEKLY, "weekly after 14 days of failure"
    if reason == "gone":
        return GONE_RETRY, "is it gone? asked again after a day"
    if reason in UNTIL_TOMORROW:
        return MOST, "back-off"
    ceiling = min(FIRST_RETRY * (1 << min(feed.failure_streak + 1, 12)), MOST)
    return FIRST_RETRY + (ceiling - FIRST_RETRY) * draw, "back-off"
