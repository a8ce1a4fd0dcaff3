"""What a poll reads and writes: the feed's lease, the answer, the entries, the next poll."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Unpack

from psycopg.types.json import Json

from pipeline import text
from pipeline.model import (
    Counts,
    DueFeed,
    FeedMemory,
    NextPoll,
    ParsedEntry,
    Poll,
    Rejected,
    Response,
    ScheduleInput,
)
from pipeline.storage import leases
from pipeline.storage.fetches import Asked, columns, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.model.identity import IdentityRule, Key
    from pipeline.storage.database import Database, Session
    from pipeline.storage.leases import Terms

DAY = timedelta(days=1)
# Columns that a fetch and a poll both have.
_SAME_NAMES = ("status", "bytes", "body_sha256", "duration_seconds", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A poll as it is written: the answer, what the feed's state remembers, when the next is due.

    One that is not `is_charged` leaves the feed's last error as it was.
    """

    feed: DueFeed
    poll: Poll
    response: Response | None
    memory: FeedMemory
    next_poll: NextPoll
    is_charged: bool = True


@dataclass(frozen=True, slots=True)
class _Written:
    feed_id: int
    poll_id: int


async def claim(db: Database, **terms: Unpack[Terms]) -> list[DueFeed]:
    """Take due feeds, oldest first."""
    feeds = await leases.claim(db, DueFeed, "claim_due_feeds", terms)
    return sorted(feeds, key=lambda feed: (feed.due_at, feed.feed_id))


async def lock(tx: Session, feed: DueFeed, *, now: datetime) -> int | None:
    """Lock the feed for this transaction; None when its lease went to somebody else.

    Returns how many new entries it brought in the 24 hours before `now`.
    """
    found = await tx.value(
        "lock_feed", feed_id=feed.feed_id, token=feed.lease_token, since=now - DAY
    )
    return None if found is None else int(found)


async def write(session: Session, polled: Sequence[Polled]) -> dict[int, int]:
    """Write polls, their fetches and the feeds' states; return the poll's number by feed.

    One statement for all of them. A feed whose lease went to somebody else is left out.
    """
    rows = [_row(one) for one in polled]
    written = await session.rows(_Written, "write_polls", polls=Json(rows))
    return {row.feed_id: row.poll_id for row in written}


async def reject(
    tx: Session, feed: DueFeed, poll: Poll, poll_id: int, rejected: Sequence[Rejected]
) -> None:
    """Record the entries of a poll that could not be stored."""
    if not rejected:
        return
    await tx.run(
        "add_rejections",
        poll_id=poll_id,
        feed_id=feed.feed_id,
        now=poll.polled_at,
        positions=[r.entry.position for r in rejected],
        titles=[r.entry.title and text.clean(r.entry.title) for r in rejected],
        urls=[r.entry.url and text.clean(r.entry.url) for r in rejected],
        reasons=[r.reason for r in rejected],
        messages=[r.message for r in rejected],
    )


async def describe(
    tx: Session, feed: DueFeed, *, title: str | None, site_url: str | None, language: str | None
) -> None:
    """Keep what a document says of its feed; absent facts keep their last value."""
    said = (title or feed.title, site_url or feed.site_url, language or feed.language)
    if said == (feed.title, feed.site_url, feed.language):
        return
    await tx.run(
        "describe_feed", feed_id=feed.feed_id, title=title, site_url=site_url, language=language
    )


async def choose_identity(
    tx: Session, feed: DueFeed, rule: IdentityRule, volatile: Iterable[Key], *, now: datetime
) -> None:
    """Know the entries of a feed by something else from now on."""
    names = sorted(volatile)
    await tx.run("choose_identity", feed_id=feed.feed_id, rule=rule, volatile=names, now=now)


async def end(tx: Session, feed: DueFeed) -> None:
    """Let a feed be gone: it is not polled any more."""
    await tx.run("end_feed", feed_id=feed.feed_id)


async def move(tx: Session, feed: DueFeed, *, url: str, host: str, now: datetime) -> None:
    """Let the feed live at another address from now on; merge it with the feed that is there."""
    await tx.run("add_hosts", hosts=[host], now=now)
    key = digest(url)
    moved = await tx.run(
        "move_feed", feed_id=feed.feed_id, url=url, url_digest=key, host=host, now=now
    )
    if not moved:
        owner = await tx.value("feed_at_address", url_digest=key)
        await merge(tx, feed, into=owner)


async def twin(
    tx: Session, feed: DueFeed, *, answered: str, body_sha256: bytes, found: Sequence[ParsedEntry]
) -> int | None:
    """Return the feed of which this one is a double, by address and by what it shows.

    `answered` is the address that the document came from.
    """
    number = await tx.value(
        "twin_feed",
        feed_id=feed.feed_id,
        url=feed.url,
        answered=digest(answered),
        body_sha256=body_sha256,
        identities=[one.identity for one in found],
    )
    return None if number is None else int(number)


async def merge(tx: Session, feed: DueFeed, *, into: int) -> bool:
    """Let an active feed stand for this one, whose addresses it takes; its rows stay.

    False when the other one is not active any more.
    """
    return bool(await tx.run("merge_feed", feed_id=feed.feed_id, into_id=into))


def _row(one: Polled) -> dict[str, object]:
    """A poll as the query reads it: flat, JSON values only."""
    poll, plan = one.poll, one.next_poll
    asked = Asked(url=one.feed.url, purpose="feed", at=poll.polled_at, feed_id=one.feed.feed_id)
    fetch = columns(asked, one.response, poll.reason)
    row = {
        **{name: fetch[name] for name in ("url", "url_digest", "final_url", "fetched_at")},
        **{name: fetch[name] for name in ("hops", "headers")},
        **{f"fetch_{name}": fetch[name] for name in _SAME_NAMES},
        "feed_id": one.feed.feed_id,
        **_fields(plan),
        **_fields(one.memory),
        **_fields(poll.counts),
        **_fields(poll),
        "seen": poll.counts.seen,
        "due_reason": plan.reason,
        "is_charged": one.is_charged,
        "plan": [_plain(_fields(wish)) for wish in plan.plan],
        "lease_token": str(one.feed.lease_token),
    }
    del row["counts"]
    return _plain(row)


def _fields(value: Poll | Counts | FeedMemory | NextPoll | ScheduleInput) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}


def _plain(row: dict[str, object]) -> dict[str, object]:
    """A row as JSON has it: times in ISO 8601, bytes as Postgres writes them."""
    return {name: _PLAIN.get(type(value), _as_it_is)(value) for name, value in row.items()}


def _as_it_is(value: object) -> object:
    return value


_PLAIN: dict[type, Callable[[Any], object]] = {
    datetime: datetime.isoformat,
    bytes: lambda value: f"\\x{value.hex()}",
}
