"""What came of a poll, written in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import text, urls
from pipeline.errors import FetchError, NotRecordedError
from pipeline.feeds.identity import parsed_feed
from pipeline.feeds.scheduling import feed_state, schedule
from pipeline.model import Counts, Poll
from pipeline.record.outcomes import Failed, FeedRead, Same
from pipeline.record.recognising import recognised
from pipeline.storage import entries, fetches, hosts, polls
from pipeline.storage.fetches import Asked
from pipeline.storage.polls import Polled

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import DueFeed, Response, Stored
    from pipeline.record.outcomes import Child
    from pipeline.storage.database import Database, Session


async def write_poll(
    db: Database, feed: DueFeed, outcome: FeedRead | Same | Failed, *, draw: float
) -> Poll | None:
    """Write what a poll brought and when the next is due; None when the lease was lost.

    Validators are written with the entries of the very document they came with, or not at all.
    """
    async with db.transaction() as tx:
        new_today = await polls.lock(tx, feed, now=outcome.at)
        if new_today is None:
            return None
        match outcome:
            case FeedRead():
                return await _document(tx, feed, outcome, new_today, draw)
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


async def _document(
    tx: Session, feed: DueFeed, read: FeedRead, new_today: int, draw: float
) -> Poll:
    response, at = read.response, read.at
    twin = await _twin(tx, feed, read)
    if twin is not None:
        polled = _same_document(feed, Same(response=response, outcome="unchanged"), draw)
        known = feed_state.uncharged(feed)  # it is not polled any more: nothing to be asked with
        await polls.write(tx, [replace(polled, memory=known)])
        return polled.poll
    seen = await recognised(tx, feed, read.reading, at)
    left = _without(seen.reading, await entries.removed(tx, seen.reading.found))
    reading = parsed_feed.within_a_day(left, seen.known, new_today)
    stored = await entries.store(tx, feed, reading.found, seen.known, at)
    rejected = (*reading.rejected, *stored.refused)
    counts = _counts(reading, stored)
    known = feed_state.after_document(
        feed, response, reading.digest, stored.new_published_at, draw=draw
    )
    if not reading.is_whole:  # validators, or the same bytes, would hide what is not stored yet
        known = replace(known, etag=None, last_modified=None, body_sha256=None)
    polled = Polled(
        feed=feed,
        poll=replace(_poll(response, "changed", counts, at), gap=_is_gap(feed, stored)),
        response=response,
        memory=replace(
            known, guid_churn=seen.lasting.guid_streak, link_churn=seen.lasting.link_streak
        ),
        next_poll=schedule.after_answer(
            feed,
            response if reading.is_whole else _without_validators(response),
            reading.document,
            counts,
            draw=draw,
        ),
    )
    await fetches.keep_body(tx, response)
    written = await polls.write(tx, [polled])
    await polls.reject(tx, feed, polled.poll, written[feed.feed_id], rejected)
    document = reading.document
    await polls.describe(
        tx, feed, title=document.title, site_url=document.site_url, language=document.language
    )
    await _adopt(tx, polled)
    await _children(tx, feed, read.children)
    return polled.poll


def _without_validators(response: Response) -> Response:
    """As the schedule is to see an answer whose validators are not kept: each poll costs it all."""
    names = response.headers.keys() - {"etag", "last-modified"}
    return replace(response, headers={name: response.headers[name] for name in names})


def _without(reading: ParsedFeed, removed: Collection[str]) -> ParsedFeed:
    """The reading without entries of articles that were taken down: they are skipped."""
    left = tuple(one for one in reading.found if one.url_key not in removed)
    return replace(reading, found=left, skipped=reading.skipped + len(reading.found) - len(left))


def _counts(reading: ParsedFeed, stored: Stored) -> Counts:
    return Counts(
        new=len(stored.new_published_at),
        known=stored.known + reading.repeats,
        updated=stored.updated,
        skipped=reading.skipped,
        rejected=len(reading.rejected) + len(stored.refused),
        merged=reading.repeats,
    )


async def _children(tx: Session, feed: DueFeed, children: Sequence[Child]) -> None:
    for child in children:
        asked = Asked(url=child.url, purpose="feed", at=child.at, feed_id=feed.feed_id)
        reason = child.error.reason if child.error else None
        await fetches.add(tx, asked, child.response, reason)
        if child.error:
            await hosts.hold_for(tx, feed.host, child.error, child.at)


async def _twin(tx: Session, feed: DueFeed, read: FeedRead) -> int | None:
    """The feed that a new one turned out to be and was merged with, once it has answered."""
    if feed.last_success_at is not None:
        return None
    reading = read.reading
    twin = await polls.twin(
        tx,
        feed,
        answered=feed_state.moved_to(read.response) or feed.url,
        body_sha256=reading.digest,
        found=reading.found,
    )
    merged = twin is not None and await polls.merge(tx, feed, into=twin)
    return twin if merged else None


def _same_document(feed: DueFeed, same: Same, draw: float) -> Polled:
    response = same.response
    if same.outcome == "unchanged":
        known = feed_state.after_document(feed, response, feed.body_sha256, draw=draw)
    else:
        known = feed_state.after_not_modified(feed, response)
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
    charged = not (error.is_nobodys_fault or isinstance(error, NotRecordedError))
    known = (
        feed_state.after_failure(feed, error.reason, at) if charged else feed_state.uncharged(feed)
    )
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


def _is_gap(feed: DueFeed, stored: Stored) -> bool:
    """Whether a document shares no entry with the last one: what was between them is unknown."""
    met_again = stored.known + stored.updated
    return bool(feed.window_entries) and bool(stored.new_published_at) and not met_again


async def _adopt(tx: Session, polled: Polled) -> None:
    url = _adopted(polled)
    if url is not None:
        at = polled.poll.polled_at
        await polls.move(tx, polled.feed, url=url, host=urls.host(url), now=at)


def _adopted(polled: Polled) -> str | None:
    """Where a feed lives from now on; one with headers of its own takes them to no other origin."""
    url = feed_state.adopted_url(polled.memory, polled.poll.polled_at)
    stays = url and polled.feed.headers and urls.origin(url) != urls.origin(polled.feed.url)
    return None if stays else url


def _poll(response: Response | None, outcome: str, counts: Counts, at: datetime) -> Poll:
    return Poll(
        polled_at=at,
        outcome=outcome,
        status=response.status if response else None,
        duration_seconds=response.duration_seconds if response else 0.0,
        bytes=len(response.body) if response else 0,
        counts=counts,
    )
