"""The service, top to bottom: read this first.

    feed due     -> request -> response -> document -> entries -> stored, articles found    poll
    article due  -> request -> page -> article -> signature -> stored or a reason           ingest
    unpublished  -> candidates -> decision -> story, sequence numbers                       publish

`poll` and `ingest` ask and read; `record` writes what came of it, each in
one transaction. Postgres is the hand-over between the three, and each can die at any line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline import record
from pipeline.articles import extract, feed_text, language, looks, merge
from pipeline.errors import FetchError, IngestError
from pipeline.feeds import found, sameness, trust
from pipeline.model import Article, Request, Response
from pipeline.record import Failed, FeedRead, PageRead, Same
from pipeline.storage import publishing
from pipeline.stories import fingerprint, grouping, placing, signature

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import DueArticle, DueFeed, FeedWord, Fetch, Validators
    from pipeline.storage.database import Database, Session
    from pipeline.storage.publishing import Unpublished

Run = Callable[..., Awaitable[Any]]
"""Runs a pure function in the worker pool: `await run(function, argument)`."""

NOT_MODIFIED = 304
LARGE_BYTES = 1_000_000  # what is looked at beside the event loop: about 2 ms


async def poll(
    feed: DueFeed, fetch: Fetch, run: Run, reachable: Callable[[str], bool], now: datetime
) -> FeedRead | Same | Failed:
    """Ask a feed for its document and read it; links to hosts out of reach are not kept."""
    response = None
    try:
        trusted = trust.may_trust(feed, now)
        response = await fetch(
            Request(
                url=feed.url,
                purpose="feed",
                etag=feed.etag if trusted else None,
                last_modified=feed.last_modified if trusted else None,
                headers=feed.headers or {},
            )
        )
        # A recorded redirect may lead to an older recording: the poll is of this moment.
        response = replace(response, fetched_at=max(response.fetched_at, now))
        if response.status == NOT_MODIFIED:
            return Same(response=response, outcome="not_modified")
        if await _digest(response.body) == feed.body_sha256:
            return Same(response=response, outcome="unchanged")
        reading = found.within_reach(await run(found.reading, response), reachable)
        return FeedRead(response=response, reading=reading)
    except IngestError as error:
        return _failed(error, response, now)


async def ingest(
    due: DueArticle,
    page: Fetch,
    validators: Validators,
    words: Sequence[FeedWord],
    run: Run,
    now: datetime,
) -> PageRead | Same | Failed:
    """Ask for an article's page, read it, and add what only the feeds said."""
    response = None
    try:
        looks.require_sane(due)
        response = await page(
            Request(
                url=due.url,
                purpose="page",
                etag=validators.etag,
                last_modified=validators.last_modified,
            )
        )
        if response.status == NOT_MODIFIED:
            return Same(response=response, outcome="not_modified")
        looks.require_own_page(response)
        article = await run(extract.article, response)
        return await _page_read(article, response, words, run, now)
    except IngestError as error:
        return _failed(error, response, now)


async def take_from_feed(
    due: DueArticle, words: Sequence[FeedWord], run: Run, now: datetime
) -> PageRead | Failed:
    """Make the article of what its feeds carry: no page is asked for."""
    try:
        looks.require_sane(due)
        carried = max((w.content or w.summary or "" for w in words), key=len, default="")
        article = await run(feed_text.from_entry, carried, due.url, now)
        return await _page_read(article, None, words, run, now)
    except IngestError as error:
        return Failed(error=error, at=now)


async def publish(db: Database) -> int:
    """Group a batch of stored articles into stories and number what changed; return its size.

    The one serialised step: 0 when another process publishes or nothing is left.
    """
    async with db.transaction() as tx:
        numbers = await publishing.lock(tx)
        batch = await publishing.batch(tx) if numbers else []
        if not numbers or not batch:
            return 0
        await publishing.make_findable(tx, batch)
        pairs = await _candidates(tx, batch)
        ids = {article.article_id for article in batch}
        known = await publishing.signed(tx, ids.union(*pairs))
        pairs = [pair for pair in pairs if all(i in ids or known[i].story_id for i in pair)]
        links = await asyncio.to_thread(placing.links, pairs, known)
        await record.write_places(tx, batch, links, known, numbers)
        return len(batch)


async def _candidates(tx: Session, batch: Sequence[Unpublished]) -> list[tuple[int, int]]:
    """The pairs worth a decision: same words at any age, or shared hashes within the window."""
    ids = [article.article_id for article in batch]
    since = min(article.first_seen_at for article in batch) - publishing.WINDOW
    matches = await publishing.hash_matches(
        tx, ids, since=since.date(), newest=grouping.NEWEST_PER_HASH
    )
    twins = await publishing.text_matches(
        tx, ids, least_tokens=fingerprint.MIN_TOKENS, most=grouping.MAX_CANDIDATES
    )
    hash_counts = {article.article_id: len(article.hashes) for article in batch}
    return [*twins, *placing.worth(matches, hash_counts)]


async def _page_read(
    article: Article, response: Response | None, words: Sequence[FeedWord], run: Run, now: datetime
) -> PageRead:
    whole = merge.completed(article, words)
    if whole.language is None:
        whole = replace(whole, language=await asyncio.to_thread(language.of, whole.text))
    return PageRead(
        article=whole,
        signature=await run(signature.of, whole.text),
        at=now,
        response=response,
    )


async def _digest(body: bytes) -> bytes:
    if len(body) < LARGE_BYTES:
        return sameness.digest(body)
    return await asyncio.to_thread(sameness.digest, body)


def _failed(error: IngestError, response: Response | None, now: datetime) -> Failed:
    """What went wrong, with the answer that came before or with it."""
    answer = error.response if response is None and isinstance(error, FetchError) else response
    return Failed(error=error, at=max(answer.fetched_at, now) if answer else now, response=answer)
