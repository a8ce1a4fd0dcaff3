"""Writing what polls brought: facts, decision and writes are one transaction.

    facts  = _document_facts(tx, feed, read)              of a document, its entries stored
    intent = decide.poll(feed, outcome, facts, draw)
    poll_intents.apply(tx, intents)

Polls without new entries are written in groups. A document has a transaction of its own: storing
its entries locks articles in one order, and refuses single rows under savepoints.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.decide import poll as decide
from pipeline.decide.outcomes import Failed, FeedRead, Same
from pipeline.decide.poll import DocumentFacts
from pipeline.feeds.identity import parsed_feed
from pipeline.feeds.scheduling import feed_state
from pipeline.model import Stored
from pipeline.persist.known_entries import recognised
from pipeline.storage import entries, poll_intents, polls

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import DueFeed, Poll
    from pipeline.storage.database import Database, Session

Decided = tuple["DueFeed", Same | Failed, float]
"""A claim, what the poll came to, and a random number from 0 to 1."""


async def write_poll(
    db: Database, feed: DueFeed, outcome: FeedRead | Same | Failed, *, draw: float
) -> Poll | None:
    """Write what a poll brought and when the next is due; None when the lease was lost.

    Validators are written with the entries of the very document they came with, or not at all.
    """
    if not isinstance(outcome, FeedRead):
        (poll,) = await write_polls(db, [(feed, outcome, draw)])
        return poll
    async with db.transaction() as tx:
        new_today = await polls.lock(tx, feed, now=outcome.at)
        if new_today is None:
            return None
        facts = await _document_facts(tx, feed, outcome, new_today)
        intent = decide.poll(feed, outcome, facts, draw)
        await poll_intents.apply(tx, [intent])
        return intent.poll


async def write_polls(db: Database, group: Sequence[Decided]) -> list[Poll | None]:
    """Write polls that brought no new document, all in one transaction."""
    intents = [decide.poll(feed, outcome, None, draw) for feed, outcome, draw in group]
    async with db.transaction() as tx:
        written = await poll_intents.apply(tx, intents)
    return [one.poll if one.feed.feed_id in written else None for one in intents]


async def _document_facts(
    tx: Session, feed: DueFeed, read: FeedRead, new_today: int
) -> DocumentFacts:
    """Store a document's entries and return what became of them.

    Whether the feed is a double is asked of a new one only, whether its guids churn only when
    nearly all of them are new.
    """
    if await _is_double(tx, feed, read):
        return DocumentFacts(parsed=read.parsed, stored=Stored(known=0, updated=0), is_double=True)
    seen = await recognised(tx, feed, read.parsed, read.at)
    left = _without(seen.parsed, await entries.removed(tx, seen.parsed.found))
    parsed = parsed_feed.within_a_day(left, seen.known, new_today)
    stored = await entries.store(tx, feed, parsed.found, seen.known, read.at)
    return DocumentFacts(parsed=parsed, stored=stored, lasting=seen.lasting)


async def _is_double(tx: Session, feed: DueFeed, read: FeedRead) -> bool:
    """Whether a new feed shows what another one shows; then that one takes its addresses."""
    if feed.state.health.last_success_at is not None:
        return False
    twin = await polls.twin(
        tx,
        feed,
        answered=feed_state.moved_to(read.response) or feed.url,
        body_sha256=read.parsed.digest,
        found=read.parsed.found,
    )
    return twin is not None and await polls.merge(tx, feed, into=twin)


def _without(parsed: ParsedFeed, removed: Collection[str]) -> ParsedFeed:
    """The document without entries of articles that were taken down: they are skipped."""
    left = tuple(one for one in parsed.found if one.url_key not in removed)
    return replace(parsed, found=left, skipped=parsed.skipped + len(parsed.found) - len(left))
