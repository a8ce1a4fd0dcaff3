"""What a poll reads and writes: the feed's lease, the answer, the entries, the next poll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from psycopg.types.json import Jsonb

from pipeline import text
from pipeline.model import DueFeed, FeedMemory, NextPoll, Poll, Rejected, Wish
from pipeline.storage import leases
from pipeline.storage.fetches import digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.storage.database import Database, Session
    from pipeline.storage.leases import Terms


async def claim(db: Database, **terms: Unpack[Terms]) -> list[DueFeed]:
    """Take due feeds, oldest first."""
    feeds = await leases.claim(db, DueFeed, "claim_due_feeds", terms)
    return sorted(feeds, key=lambda feed: (feed.due_at, feed.feed_id))


async def is_mine(tx: Session, feed: DueFeed) -> bool:
    """Lock the feed for this transaction; False when its lease went to somebody else."""
    found = await tx.value("lock_feed", feed_id=feed.feed_id, token=feed.lease_token)
    return found is not None


async def finish(
    tx: Session, feed: DueFeed, poll: Poll, *, fetch_id: int | None, rejected: Sequence[Rejected]
) -> None:
    """Record the poll and the entries it could not store."""
    poll_id = await tx.value(
        "add_poll",
        feed_id=feed.feed_id,
        fetch_id=fetch_id,
        polled_at=poll.polled_at,
        outcome=poll.outcome,
        status=poll.status,
        duration_seconds=poll.duration_seconds,
        bytes=poll.bytes,
        seen=poll.counts.seen,
        new=poll.counts.new,
        known=poll.counts.known,
        updated=poll.counts.updated,
        skipped=poll.counts.skipped,
        rejected=poll.counts.rejected,
        reason=poll.reason,
        message=poll.message,
        gap=poll.gap,
    )
    if rejected:
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


async def reschedule(
    tx: Session, feed: DueFeed, poll: Poll, memory: FeedMemory, next_poll: NextPoll
) -> None:
    """Write what the poll taught and when the next one is due; the lease ends with it."""
    await tx.run(
        "finish_poll",
        feed_id=feed.feed_id,
        polled_at=poll.polled_at,
        due_at=next_poll.due_at,
        due_reason=next_poll.reason,
        entry_rate=next_poll.entry_rate,
        rate_model=_listed(next_poll.rate_model),
        ttl_seconds=next_poll.ttl_seconds,
        window_entries=next_poll.window_entries,
        skip_hours=list(next_poll.skip_hours),
        skip_days=list(next_poll.skip_days),
        skip_broken=next_poll.skip_broken,
        plan=Jsonb([_plain(wish) for wish in next_poll.plan]),
        interval_seconds=next_poll.interval_seconds,
        error_reason=poll.reason,
        error=poll.message,
        etag=memory.etag,
        last_modified=memory.last_modified,
        body_sha256=memory.body_sha256,
        last_success_at=memory.last_success_at,
        failure_streak=memory.failure_streak,
        failing_since=memory.failing_since,
        gone_streak=memory.gone_streak,
        gone_since=memory.gone_since,
        moved_to=memory.moved_to,
        moved_streak=memory.moved_streak,
        moved_since=memory.moved_since,
        not_modified_at=memory.not_modified_at,
        audit_at=memory.audit_at,
        distrusted_at=memory.distrusted_at,
        distrust=memory.distrust,
    )


async def describe(
    tx: Session,
    feed: DueFeed,
    *,
    title: str | None,
    site_url: str | None,
    language: str | None,
    state: str,
) -> None:
    """Keep what a document says of its feed; absent facts keep their last value."""
    await tx.run(
        "describe_feed",
        feed_id=feed.feed_id,
        title=title,
        site_url=site_url,
        language=language,
        state=state,
    )


async def move(tx: Session, feed: DueFeed, *, url: str, host: str, now: datetime) -> None:
    """Let the feed live at another address from now on, unless that one is a feed of its own."""
    await tx.run("add_hosts", hosts=[host], now=now)
    await tx.run(
        "move_feed", feed_id=feed.feed_id, url=url, url_digest=digest(url), host=host, now=now
    )


def _listed(values: Sequence[float] | None) -> list[float] | None:
    return None if values is None else list(values)


def _plain(wish: Wish) -> dict[str, object]:
    """A wish as it is kept in `feed_state.plan`, of which view news.poll_plans is made."""
    due_at = wish.due_at.isoformat() if wish.due_at else None
    return {"input": wish.input, "due_at": due_at, "note": wish.note, "wins": wish.wins}
