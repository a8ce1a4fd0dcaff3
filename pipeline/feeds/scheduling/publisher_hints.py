"""What a publisher says about when to ask again: lower bounds, each under its own name."""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pipeline import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Document, Response

MOST_HINT = timedelta(hours=24)
MOST_RETRY_AFTER = timedelta(days=7)  # as after a failure: it is said to us, not to any cache
BROKEN = 2  # entries in skipped hours that show a declaration to be wrong
_HOUR = timedelta(hours=1)
_HOUR_SECONDS, _MANY_HOURS = 3600.0, 72.0
_NOT_MODIFIED = 304


class WaitInput(NamedTuple):
    """What one input of the schedule wants: a wait from now, or None where it explains another."""

    input: str
    wait: timedelta | None
    note: str


class Skipped(NamedTuple):
    """Hours of the day and days of the week (GMT, 0 is Monday) declared to bring nothing new.

    `broken` counts the entries that were published in them all the same.
    """

    hours: Sequence[int] = ()
    days: Sequence[int] = ()
    broken: int = 0

    def covers(self, at: datetime) -> bool:
        """Whether nothing new is to be had at `at`, by the declaration."""
        return at.hour in self.hours or at.weekday() in self.days


def of(
    response: Response, ttl_seconds: float | None, fresh_seconds: float | None = None
) -> Iterator[WaitInput]:
    """Yield the hints of an answer, and of its document or the one known before.

    `fresh_seconds` is its `lifetime`. `no-cache`, `no-store` and `max-age=0` are no hints: they
    ask a cache to look, not us to come.
    """
    headers = response.headers
    if fresh_seconds:
        name = "expires" if "expires" in headers and _max_age(response) is None else "max-age"
        yield from _for(fresh_seconds - _age(response), name)
    if ttl_seconds:
        wait = min(timedelta(seconds=ttl_seconds), MOST_HINT)
        yield WaitInput("ttl", wait, f"the document asks for {span(wait)}")
    if "retry-after" in headers and (left_alone := _left_alone(response)):
        yield retry_after(min(left_alone, MOST_RETRY_AFTER))


def lifetime(response: Response, known: float | None) -> float | None:
    """Return the seconds that an answer stays fresh from when it was made (RFC 9111 section 4.2.1).

    A 304 that does not say leaves what is `known` as it was (section 4.3.4).
    """
    headers = response.headers
    seconds: float | None = _max_age(response)
    if seconds is None and (expires := text.http_date(headers.get("expires"))):
        seconds = (expires - _served_at(response)).total_seconds()
    if seconds is not None:
        return max(seconds, 0.0) or None
    says = "cache-control" in headers or "expires" in headers
    return known if response.status == _NOT_MODIFIED and not says else None


def retry_after(wait: timedelta) -> WaitInput:
    """Return the wish of a server to be left alone."""
    return WaitInput("retry-after", wait, f"the server asks for {span(wait)}")


def skipped(known: Skipped, document: Document | None, new: int) -> Skipped:
    """Return what a document declares, with its `new` newest entries held against it.

    The known declaration holds on where there is no document; one that changed starts afresh.
    """
    if document is None:
        return known
    declared = Skipped(document.skip_hours, document.skip_days)
    if not declared.hours and not declared.days:
        return declared
    dates = (entry.published_at for entry in document.entries if entry.published_at)
    broken = sum(declared.covers(at) and _tells_hour(at) for at in heapq.nlargest(new, dates))
    same = set(known.hours) == set(declared.hours) and set(known.days) == set(declared.days)
    return declared._replace(broken=broken + known.broken if same else broken)


def allowed(at: datetime, skip: Skipped) -> datetime:
    """Return the first moment from `at` on that lies in no skipped hour, at most 24 h later.

    RSS 2.0, skipHours and skipDays. A declaration that the feed itself broke counts no more:
    wrong ones are common.
    """
    latest = at + MOST_HINT
    if skip.broken >= BROKEN:
        return at
    while skip.covers(at) and at < latest:
        at = at.replace(minute=0, second=0, microsecond=0) + _HOUR
    return min(at, latest)


def _tells_hour(at: datetime) -> bool:
    """Whether a date is no mere day: midnight somewhere on Earth is a sharp quarter of an hour."""
    return bool(at.second or at.minute % 15)


def _max_age(response: Response) -> int | None:
    for directive in response.headers.get("cache-control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age":
            return _whole(value)
    return None


def _age(response: Response) -> int:
    """How long ago a cache got the answer (section 4.2.3); an Expires is a moment, whatever the age."""
    return _whole(response.headers.get("age", "0")) if _max_age(response) is not None else 0


def _for(seconds: float, name: str) -> Iterator[WaitInput]:
    if seconds > 0:
        wait = min(timedelta(seconds=seconds), MOST_HINT)
        yield WaitInput(name, wait, f"the answer stays fresh for {span(wait)}")


def _left_alone(response: Response) -> timedelta | None:
    """What an answer that is no failure asks for (RFC 9110 section 10.2.3), if it can be read."""
    said = response.headers["retry-after"]
    if seconds := _whole(said):
        return timedelta(seconds=seconds)
    until = text.http_date(said)
    return until - _served_at(response) if until and until > _served_at(response) else None


def _served_at(response: Response) -> datetime:
    return text.http_date(response.headers.get("date")) or response.fetched_at


def _whole(value: str) -> int:
    digits = value.strip().strip('"')
    return min(int(digits[:18]), 10**9) if digits.isascii() and digits.isdigit() else 0


def span(wait: timedelta) -> str:
    """Return a duration in words: minutes, hours or days."""
    seconds = wait.total_seconds()
    if seconds < 2 * _HOUR_SECONDS:
        return f"{seconds / 60:.0f} min"
    hours = seconds / _HOUR_SECONDS
    return f"{hours:.3g} h" if hours < _MANY_HOURS else f"{hours / 24:.3g} days"
