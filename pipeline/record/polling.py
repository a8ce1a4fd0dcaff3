"""What came of a poll, written in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import text, urls
from pipeline.errors import FetchError, NotRecordedError
from pipeline.feeds import memory, schedule
from pipeline.model import Counts, Poll
from pipeline.record.outcomes import Failed, FeedRead, Same
from pipeline.storage import entries, fetches, hosts, polls
from pipeline.storage.polls import Polled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import DueFeed, Response
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
                polled = _same_document(feed, outcome, draw)
                await polls.write(tx, [polled])
                await _adopt(tx, polled)
                return polled.poll
            case Failed():
                return await _failed_poll(tx, feed, outcome, draw)


async def write_same(
    db: Database, batch: Sequence[tuple[DueFeed, Same, float]]
) -> list[Poll | None]:
    """Write polls that brought nothing new, all in one statement; as `write_poll` in the rest."""
    polled = [_same_document(feed, same, draw) for feed, same, draw in batch]
    moving = {one.feed.feed_id for one in polled if _adopted(one)}
    async with db.session() as session:
        rest = [one for one in polled if one.feed.feed_id not in moving]
        written = await polls.write(session, rest)
    return [
        await write_poll(db, feed, same, draw=draw)
        if feed.feed_id in moving
        else (one.poll if feed.feed_id in written else None)
        for (feed, same, draw), one in zip(batch, polled, strict=True)
    ]


async def _document(tx: Session, feed: DueFeed, read: FeedRead, draw: float) -> Poll:
    response, reading = read.response, read.reading
    at = response.fetched_at
    twin = await _twin(tx, feed, read)
    if twin is not None:
        polled = _same_document(feed, Same(response=response, outcome="unchanged"), draw)
        await polls.write(tx, [polled])
        await polls.merge(tx, feed, into=twin)
        return polled.poll
    stored = await entries.store(tx, feed, reading.found, at)
    rejected = (*reading.rejected, *stored.refused)
    counts = Counts(
        new=len(stored.new_dates),
        known=stored.known + reading.repeats,
        updated=stored.updated,
        skipped=reading.skipped,
        rejected=len(rejected),
    )
    known = memory.after_document(feed, response, reading.digest, stored.new_dates, draw=draw)
    if reading.skipped:  # validators, or the same bytes, would hide what our cap cut off
        known = replace(known, etag=None, last_modified=None, body_sha256=None)
    polled = Polled(
        feed=feed,
        poll=replace(_poll(response, "changed", counts, at), gap=_is_gap(feed, counts)),
        response=response,
        memory=known,
        next_poll=schedule.after_answer(feed, response, reading.document, counts, draw=draw),
    )
    await fetches.keep_body(tx, response)
    written = await polls.write(tx, [polled])
    await polls.reject(tx, feed, polled.poll, written[feed.feed_id], rejected)
    document = reading.document
    await polls.describe(
        tx, feed, title=document.title, site_url=document.site_url, language=document.language
    )
    await _adopt(tx, polled)
    return polled.poll


async def _twin(tx: Session, feed: DueFeed, read: FeedRead) -> int | None:
    """The feed that a new one turns out to be, once it has answered."""
    if feed.last_success_at is not None:
        return None
    reading = read.reading
    return await polls.twin(
        tx,
        feed,
        answered=read.response.url,
        body_sha256=reading.digest,
        found=reading.found,
    )


def _same_document(feed: DueFeed, same: Same, draw: float) -> Polled:
    response = same.response
    if same.outcome == "unchanged":
        known = memory.after_document(feed, response, feed.body_sha256, draw=draw)
    else:
        known = memory.after_not_modified(feed, response)
    return Polled(
        feed=feed,
        poll=_poll(response, same.outcome, Counts(), response.fetched_at),
        response=response,
        memory=known,
        next_poll=schedule.after_answer(feed, response, None, Counts(), draw=draw),
    )


async def _failed_poll(tx: Session, feed: DueFeed, failed: Failed, draw: float) -> Poll:
    error, response, at = failed.error, failed.response, failed.at
    poll = replace(
        _poll(response, "failed", Counts(), at),
        reason=error.reason,
        message=text.clean(error.message),
    )
    wish = error.retry_after if isinstance(error, FetchError) else None
    next_poll = schedule.after_failure(feed, error, now=at, retry_after=wish, draw=draw)
    charged = not (failed.is_nobodys_fault or isinstance(error, NotRecordedError))
    known = memory.after_failure(feed, error.reason, at) if charged else memory.uncharged(feed)
    if response:
        await fetches.keep_body(tx, response)
    polled = Polled(
        feed=feed,
        poll=poll,
        response=response,
        memory=known,
        next_poll=next_poll,
        is_charged=charged,
    )
    await polls.write(tx, [polled])
    if next_poll.state == "gone":
        await polls.end(tx, feed)
    await hosts.hold_for(tx, feed.host, error, at)
    return poll


def _is_gap(feed: DueFeed, counts: Counts) -> bool:
    """Whether a document shares no entry with the last one: what was between them is unknown."""
    return bool(feed.window_entries) and counts.new > 0 and counts.known + counts.updated == 0


async def _adopt(tx: Session, polled: Polled) -> None:
    url = _adopted(polled)
    if url is not None:
        at = polled.poll.polled_at
        await polls.move(tx, polled.feed, url=url, host=urls.host(url), now=at)


def _adopted(polled: Polled) -> str | None:
    return memory.adopted_url(polled.memory, polled.poll.polled_at)


def _poll(response: Response | None, outcome: str, counts: Counts, at: datetime) -> Poll:
    return Poll(
        polled_at=at,
        outcome=outcome,
        status=response.status if response else None,
        duration_seconds=response.duration_seconds if response else 0.0,
        bytes=len(response.body) if response else 0,
        counts=counts,
    )
