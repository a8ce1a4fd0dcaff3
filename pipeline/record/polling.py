"""What came of a poll, written in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import text, urls
from pipeline.errors import FetchError, NotRecordedError
from pipeline.feeds import memory, schedule
from pipeline.model import Counts, Poll
from pipeline.record.outcomes import Failed, FeedRead, Same
from pipeline.storage import entries, fetches, hosts, polls

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import DueFeed, FeedMemory, Response
    from pipeline.storage.database import Database, Session


async def write_poll(
    db: Database, feed: DueFeed, outcome: FeedRead | Same | Failed, *, draw: float
) -> Poll | None:
    """Write what a poll brought and when the next is due; None when the lease was lost.

    Validators are written with the entries of the very document they came with, or not at all.
    """
    async with db.transaction() as tx:
        if not await polls.is_mine(tx, feed):
            return None
        match outcome:
            case FeedRead():
                return await _document(tx, feed, outcome, draw)
            case Same():
                return await _same_document(tx, feed, outcome, draw)
            case Failed():
                return await _failed_poll(tx, feed, outcome, draw)


async def _document(tx: Session, feed: DueFeed, read: FeedRead, draw: float) -> Poll:
    response, reading = read.response, read.reading
    at = response.fetched_at
    stored = await entries.store(tx, feed, reading.found, at)
    rejected = (*reading.rejected, *stored.refused)
    counts = Counts(
        new=stored.new,
        known=stored.known + reading.repeats,
        updated=stored.updated,
        skipped=reading.skipped,
        rejected=len(rejected),
    )
    result = _poll(response, "changed", counts, at)
    fetch_id = await fetches.add(tx, _feed_asked(feed, at), response)
    await polls.finish(tx, feed, result, fetch_id=fetch_id, rejected=rejected)
    next_poll = schedule.after_answer(feed, response, reading.document, counts, draw=draw)
    known = memory.after_document(feed, response, hashlib.sha256(response.body).digest())
    if reading.skipped:  # validators, or the same bytes, would hide what our cap cut off
        known = replace(known, etag=None, last_modified=None, body_sha256=None)
    await polls.reschedule(tx, feed, result, known, next_poll)
    document = reading.document
    await polls.describe(
        tx,
        feed,
        title=document.title,
        site_url=document.site_url,
        language=document.language,
        state=next_poll.state,
    )
    await _adopt(tx, feed, known, at)
    return result


async def _same_document(tx: Session, feed: DueFeed, same: Same, draw: float) -> Poll:
    response = same.response
    result = _poll(response, same.outcome, Counts(), response.fetched_at)
    fetch_id = await fetches.add(tx, _feed_asked(feed, response.fetched_at), response)
    await polls.finish(tx, feed, result, fetch_id=fetch_id, rejected=())
    next_poll = schedule.after_answer(feed, response, None, Counts(), draw=draw)
    if same.outcome == "unchanged":
        known = memory.after_document(feed, response, hashlib.sha256(response.body).digest())
    else:
        known = memory.after_not_modified(feed, response)
    await polls.reschedule(tx, feed, result, known, next_poll)
    await _adopt(tx, feed, known, response.fetched_at)
    return result


async def _failed_poll(tx: Session, feed: DueFeed, failed: Failed, draw: float) -> Poll:
    error, response = failed.error, failed.response
    at = failed.at
    result = replace(
        _poll(response, "failed", Counts(), at),
        reason=error.reason,
        message=text.clean(error.message),
    )
    fetch_id = await fetches.add(tx, _feed_asked(feed, at), response, error.reason)
    await polls.finish(tx, feed, result, fetch_id=fetch_id, rejected=())
    wish = error.retry_after if isinstance(error, FetchError) else None
    next_poll = schedule.after_failure(feed, error, now=at, retry_after=wish, draw=draw)
    known = memory.after_failure(feed, error.reason, at)
    if isinstance(error, NotRecordedError):
        known = memory.uncharged(feed)
    await polls.reschedule(tx, feed, result, known, next_poll)
    if next_poll.state != "active":
        await polls.describe(
            tx, feed, title=None, site_url=None, language=None, state=next_poll.state
        )
    await hosts.hold_for(tx, feed.host, error, at)
    return result


async def _adopt(tx: Session, feed: DueFeed, known: FeedMemory, at: datetime) -> None:
    url = memory.adopted_url(known, at)
    if url is not None:
        await polls.move(tx, feed, url=url, host=urls.host(url), now=at)


def _poll(response: Response | None, outcome: str, counts: Counts, at: datetime) -> Poll:
    return Poll(
        polled_at=at,
        outcome=outcome,
        status=response.status if response else None,
        duration_seconds=response.duration_seconds if response else 0.0,
        bytes=len(response.body) if response else 0,
        counts=counts,
    )


def _feed_asked(feed: DueFeed, at: datetime) -> fetches.Asked:
    return fetches.Asked(url=feed.url, purpose="feed", at=at, feed_id=feed.feed_id)
