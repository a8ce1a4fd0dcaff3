"""Writing what was decided of polls: a group of intents, the common part in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.types.json import Json

from pipeline import text
from pipeline.model import FetchRecord
from pipeline.packing import digest, packed
from pipeline.storage import fetches, hosts, polls
from pipeline.storage.fetches import columns, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import FeedState, NextPoll, Poll, PollIntent
    from pipeline.storage.database import Session


@dataclass(frozen=True, slots=True)
class _Written:
    feed_id: int
    poll_id: int


async def apply(tx: Session, intents: Sequence[PollIntent]) -> set[int]:
    """Write the intents; return the ids of their feeds.

    Nothing is written of a feed whose lease went to somebody else: its id is missing.
    """
    rows = [plain(_row(one)) for one in intents]
    written = await tx.rows(_Written, "write_polls", polls=Json(rows))
    poll_ids = {row.feed_id: row.poll_id for row in written}
    mine = [one for one in intents if one.feed.feed_id in poll_ids]
    kept = [one.response for one in mine if one.keeps_body and one.response and one.response.body]
    await fetches.keep_bodies(tx, [(packed(one.body), one.fetched_at) for one in kept])
    await fetches.add(tx, [record for one in mine for record in one.fetches])
    await hosts.hold(tx, [hold for one in mine for hold in one.holds])
    for one in mine:
        await _write_rest(tx, one, poll_ids[one.feed.feed_id])
    return set(poll_ids)


async def _write_rest(tx: Session, intent: PollIntent, poll_id: int) -> None:
    """What few polls bring: rejected entries, a new name, a new address, an end."""
    feed_id, at = intent.feed.feed_id, intent.poll.polled_at
    if intent.rejected:
        await tx.run(
            "add_rejections",
            poll_id=poll_id,
            feed_id=feed_id,
            now=at,
            positions=[one.entry.position for one in intent.rejected],
            titles=[one.entry.title and text.clean(one.entry.title) for one in intent.rejected],
            urls=[one.entry.url and text.clean(one.entry.url) for one in intent.rejected],
            reasons=[one.reason for one in intent.rejected],
            messages=[one.message for one in intent.rejected],
        )
    if intent.description:
        await tx.run(
            "describe_feed",
            feed_id=feed_id,
            title=intent.description.title,
            site_url=intent.description.site_url,
            language=intent.description.language,
        )
    if intent.moved_to:
        url, host = intent.moved_to
        await polls.move(tx, intent.feed, url=url, host=host, now=at)
    if intent.next_poll.feed_state == "gone":
        await tx.run("end_feed", feed_id=feed_id)


def _row(one: PollIntent) -> dict[str, object]:
    """A poll as the query reads it: flat, each column by name."""
    fetch = columns(
        FetchRecord(
            url=one.feed.url,
            purpose="feed",
            asked_at=one.poll.polled_at,
            response=one.response,
            reason=one.poll.reason,
            feed_id=one.feed.feed_id,
        ),
        digest(one.response.body) if one.response and one.response.body else None,
    )
    return {
        "feed_id": one.feed.feed_id,
        "lease_token": str(one.feed.lease_token),
        "is_charged": one.is_charged,
        "url": fetch["url"],
        "url_digest": fetch["url_digest"],
        "final_url": fetch["final_url"],
        "fetched_at": fetch["fetched_at"],
        "hops": fetch["hops"],
        "headers": fetch["headers"],
        "fetch_status": fetch["status"],
        "fetch_bytes": fetch["bytes"],
        "fetch_body_sha256": fetch["body_sha256"],
        "fetch_duration_seconds": fetch["duration_seconds"],
        "fetch_reason": fetch["reason"],
        **_poll(one.poll),
        **_next_poll(one.next_poll),
        **_state(one.state),
    }


def _poll(poll: Poll) -> dict[str, object]:
    return {
        "polled_at": poll.polled_at,
        "outcome": poll.outcome,
        "status": poll.status,
        "duration_seconds": poll.duration_seconds,
        "bytes": poll.bytes,
        "seen": poll.counts.seen,
        "new": poll.counts.new,
        "known": poll.counts.known,
        "updated": poll.counts.updated,
        "skipped": poll.counts.skipped,
        "rejected": poll.counts.rejected,
        "merged": poll.counts.merged,
        "reason": poll.reason,
        "message": poll.message,
        "gap": poll.gap,
    }


def _next_poll(following: NextPoll) -> dict[str, object]:
    rhythm = following.rhythm
    return {
        "due_at": following.due_at,
        "due_reason": following.reason,
        "interval_seconds": following.interval_seconds,
        "plan": [
            plain({"input": i.input, "due_at": i.due_at, "note": i.note, "wins": i.wins})
            for i in following.plan
        ],
        "entry_rate": rhythm.entry_rate,
        "rate_model": rhythm.rate_model,
        "window_entries": rhythm.window_entries,
        "ttl_seconds": rhythm.ttl_seconds,
        "fresh_seconds": rhythm.fresh_seconds,
        "skip_hours": rhythm.skip_hours,
        "skip_days": rhythm.skip_days,
        "skip_broken": rhythm.skip_broken,
    }


def _state(state: FeedState) -> dict[str, object]:
    return {
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "validated_url": state.validators.url,
        "body_sha256": state.validators.body_sha256,
        "last_success_at": state.health.last_success_at,
        "failure_streak": state.health.failure_streak,
        "failing_since": state.health.failing_since,
        "gone_streak": state.health.gone_streak,
        "gone_since": state.health.gone_since,
        "moved_to": state.move.url,
        "moved_streak": state.move.streak,
        "moved_since": state.move.moved_since,
        "not_modified_at": state.trust.not_modified_at,
        "audit_at": state.trust.audit_at,
        "distrusted_at": state.trust.distrusted_at,
        "distrust": state.trust.distrust,
        "guid_churn": state.guid_churn,
        "link_churn": state.link_churn,
    }
