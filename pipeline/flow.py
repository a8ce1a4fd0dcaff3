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

from pipeline import record, urls
from pipeline.articles import article_state, extract
from pipeline.articles.facts import language, merge
from pipeline.articles.text import feed_text
from pipeline.errors import FeedUnreadableError, FetchError, IngestError
from pipeline.feeds.identity import content_digest, parsed_feed
from pipeline.feeds.parsing import sitemap
from pipeline.feeds.scheduling import validator_trust
from pipeline.model import Article, Request, Response
from pipeline.record import Child, Failed, FeedRead, PageRead, Same
from pipeline.storage import publishing
from pipeline.stories import fingerprint, grouping, membership, signature

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import DueArticle, DueFeed, EntryFacts, Fetch, Link, Validators
    from pipeline.storage.database import Database, Session
    from pipeline.storage.publishing import Unpublished

Run = Callable[..., Awaitable[Any]]
"""Runs a pure function in the worker pool: `await run(function, argument)`."""

Pause = Callable[[], Awaitable[None]]
"""Waits until the same host may be asked again."""

NOT_MODIFIED = 304
LARGE_BYTES = 1_000_000  # what is looked at beside the event loop: about 2 ms

SEARCH = publishing.Search(
    newest=grouping.NEWEST_PER_HASH,
    least_shared=grouping.MIN_SHARED,
    few_hashes=grouping.FEW_HASHES,
    most=grouping.MAX_CANDIDATES,
)


async def _at_once() -> None:
    """No pause: of a recorded web, and for an only request."""


async def poll(
    feed: DueFeed,
    fetch: Fetch,
    run: Run,
    reachable: Callable[[str], bool],
    now: datetime,
    pause: Pause = _at_once,
) -> FeedRead | Same | Failed:
    """Ask a feed for its document and read it; links to hosts out of reach are not kept.

    Of a sitemap index the likeliest sitemaps are read too, with a `pause` before each request.
    """
    response = None
    try:
        trusted = validator_trust.may_trust(feed, now)
        response = await fetch(
            Request(
                url=feed.url,
                purpose="feed",
                etag=feed.etag if trusted else None,
                last_modified=feed.last_modified if trusted else None,
                validated_url=feed.validated_url,
                headers=feed.headers or {},
            )
        )
        # A recorded redirect may lead to an older recording: the poll is of this moment.
        response = replace(response, fetched_at=max(response.fetched_at, now))
        if response.status == NOT_MODIFIED:
            return Same(response=response, outcome="not_modified")
        if await _digest(response.body) == feed.body_sha256:
            return Same(response=response, outcome="unchanged")
        reading = await run(parsed_feed.reading, response)
        read = FeedRead(response=response, reading=reading)
        if reading.document.children:
            read = await _with_children(feed, read, fetch, run, pause)
        return replace(read, reading=parsed_feed.within_reach(read.reading, reachable))
    except IngestError as error:
        return _failed(error, response, now)


async def ingest(
    due: DueArticle,
    page: Fetch,
    validators: Validators,
    words: Sequence[EntryFacts],
    run: Run,
    now: datetime,
) -> PageRead | Same | Failed:
    """Ask for an article's page, read it, and add what only the feeds said."""
    response = None
    try:
        article_state.require_sane(due)
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
        article_state.require_own_page(response)
        article = await run(extract.article, response)
        return await _page_read(article, response, words, run, now)
    except IngestError as error:
        return await or_from_feed(due, _failed(error, response, now), words, run)


async def or_from_feed(
    due: DueArticle, failed: Failed, words: Sequence[EntryFacts], run: Run
) -> Failed:
    """Add the whole text that feeds carry, if any, to the failure of a page that may stay away."""
    if not article_state.may_take_from_feed(due, failed.error):
        return failed
    content = max((w.content or "" for w in words), key=len, default="")
    summary = max((w.summary or "" for w in words), key=len, default="")
    if not content and not summary:
        return failed
    try:
        article = await run(feed_text.whole, content, summary, due.url)
        return replace(failed, instead=await _page_read(article, None, words, run, failed.at))
    except IngestError:
        return failed  # the page's own failure is what there is to tell


async def take_from_feed(
    due: DueArticle, words: Sequence[EntryFacts], run: Run, now: datetime
) -> PageRead | Failed:
    """Make the article of what its feeds carry: no page is asked for."""
    try:
        article_state.require_sane(due)
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
        links = await _links(tx, [article for article in batch if not article.is_compared])
        await record.write_places(tx, batch, links, numbers)
        return len(batch)


async def _links(tx: Session, batch: Sequence[Unpublished]) -> list[Link]:
    """Who tells the same as an article of the batch; the deciding runs beside the event loop."""
    await publishing.make_findable(tx, batch)
    pairs = await _candidates(tx, batch)
    signed = await publishing.signed(tx, {i for pair in pairs for i in pair})
    links = membership.twins(pairs, signed)
    for portion in membership.portions(pairs, signed):
        known = await publishing.features(tx, {i for pair in portion for i in pair})
        links += await asyncio.to_thread(membership.links, portion, known, signed)
    return links


async def _candidates(tx: Session, batch: Sequence[Unpublished]) -> list[tuple[int, int]]:
    """The pairs worth a decision: same words at any age, or shared hashes within the window."""
    twins = await publishing.text_matches(
        tx, batch, least_tokens=fingerprint.MIN_TOKENS, most=grouping.MAX_CANDIDATES
    )
    return [*twins, *await publishing.hash_matches(tx, batch, SEARCH)]


async def _with_children(
    feed: DueFeed, index: FeedRead, fetch: Fetch, run: Run, pause: Pause
) -> FeedRead:
    """Read the likeliest sitemaps of an index; raises what the last one failed with if all do."""
    asked: list[tuple[Child, ParsedFeed | None]] = []
    for url in sitemap.worth_asking(index.reading.document.children, index.response.url):
        await pause()
        child, reading = await _child(feed, url, fetch, run, index.at)
        asked.append((child, reading))
        if child.error and child.error.reason == "rate_limited":
            break
    children = tuple(child for child, _ in asked)
    readings = [reading for _, reading in asked if reading]
    if not readings:
        nothing = FeedUnreadableError("not_a_feed", f"no sitemap of its own host in {feed.url}")
        raise next((child.error for child in reversed(children) if child.error), nothing)
    merged = parsed_feed.merged(index.reading, readings, is_whole=len(readings) == len(children))
    return replace(index, reading=merged, children=children)


async def _child(
    feed: DueFeed, url: str, fetch: Fetch, run: Run, now: datetime
) -> tuple[Child, ParsedFeed | None]:
    """A sitemap that an index names; secrets stay with the origin they were given for."""
    response = None
    headers = feed.headers if urls.origin(url) == urls.origin(feed.url) else None
    try:
        response = await fetch(Request(url=url, purpose="feed", headers=headers or {}))
        response = replace(response, fetched_at=max(response.fetched_at, now))
        reading = await run(parsed_feed.reading, response)
        if reading.document.children:
            raise FeedUnreadableError("not_a_feed", f"an index inside an index: {url}")
        return Child(url=url, at=response.fetched_at, response=response), reading
    except IngestError as error:
        failed = _failed(error, response, now)
        return Child(url=url, at=failed.at, response=failed.response, error=error), None


async def _page_read(
    article: Article,
    response: Response | None,
    words: Sequence[EntryFacts],
    run: Run,
    now: datetime,
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
        return content_digest.digest(body)
    return await asyncio.to_thread(content_digest.digest, body)


def _failed(error: IngestError, response: Response | None, now: datetime) -> Failed:
    """What went wrong, with the answer that came before or with it."""
    answer = error.response if response is None and isinstance(error, FetchError) else response
    return Failed(error=error, at=max(answer.fetched_at, now) if answer else now, response=answer)
