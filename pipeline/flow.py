"""The service, top to bottom: read this first.

    feed due     -> request -> response -> document -> entries -> stored, articles found    poll
    article due  -> request -> page -> article -> signature -> stored or a reason           ingest
    unpublished  -> candidates -> decision -> story, sequence numbers                       publish

`poll` and `ingest` ask and read; `decide` says what is to be written of it, a pure function; `persist`
writes that, each outcome in one transaction. Postgres is the hand-over between the three, and each
can die at any line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline import page_reading, persist, urls
from pipeline.articles import article_state, landing
from pipeline.articles.facts import language
from pipeline.decide import Child, Failed, FeedRead, PageRead, Same
from pipeline.errors import FeedUnreadableError, FetchError, IngestError, NoArticleError
from pipeline.feeds.identity import content_digest, parsed_feed
from pipeline.feeds.parsing import sitemap
from pipeline.feeds.scheduling import validator_trust
from pipeline.model import Request, Response
from pipeline.reasons import Reason
from pipeline.storage import publishing
from pipeline.stories import fingerprint, grouping, membership
from pipeline.text import word_count

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import DueArticle, DueFeed, EntryFacts, Fetch, Link, Validators
    from pipeline.page_reading import ReadPage
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
    A feed whose validators are not trusted now is asked for the whole document.
    """
    response = None
    try:
        known = feed.state.validators
        is_trusted = validator_trust.may_trust(feed.state.trust, now)
        response = await fetch(
            Request(
                url=feed.url,
                purpose="feed",
                etag=known.etag if is_trusted else None,
                last_modified=known.last_modified if is_trusted else None,
                validated_url=known.url,
                headers=feed.headers or {},
            )
        )
        # A recorded redirect may lead to an older recording: the poll is of this moment.
        response = replace(response, fetched_at=max(response.fetched_at, now))
        if response.status == NOT_MODIFIED:
            return Same(response=response, outcome="not_modified")
        if await _digest(response.body) == known.body_sha256:
            return Same(response=response, outcome="unchanged")
        parsed = await run(parsed_feed.of, response)
        read = FeedRead(response=response, parsed=parsed)
        if parsed.document.children:
            read = await _with_children(feed, read, fetch, run, pause)
        return replace(read, parsed=parsed_feed.within_reach(read.parsed, reachable))
    except IngestError as error:
        return _failed(error, response, now)


async def ingest(
    due: DueArticle,
    page: Fetch | None,
    validators: Validators,
    entries: Sequence[EntryFacts],
    run: Run,
    now: datetime,
) -> PageRead | Same | Failed:
    """Ask for an article's page, read it, and add what only the feeds said.

    `page` None takes what the feeds carry and asks nobody. Where the page gives no text, the feed's
    text may stand in: then it goes with the failure.
    """
    response = None
    try:
        article_state.require_sane(due)
        if page is None:
            return await _from_feed(due, entries, run, now)
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
        landing.require_own_page(response)
        read: ReadPage = await run(page_reading.page, response, entries)
        if read.article.access == "metered":
            return await _teaser(due, read, response, entries, run, now)
        return await _page_read(read, response, now)
    except IngestError as error:
        failed = _failed(error, response, now)
        return failed if page is None else await _or_from_feed(due, failed, entries, run)


async def _from_feed(
    due: DueArticle, entries: Sequence[EntryFacts], run: Run, now: datetime
) -> PageRead:
    """The article as its feeds carry it, a summary too."""
    carried = max((one.content or one.summary or "" for one in entries), key=len, default="")
    read = await run(page_reading.from_feed, carried, due.url, now, entries)
    return await _page_read(read, None, now)


async def _or_from_feed(
    due: DueArticle, failed: Failed, entries: Sequence[EntryFacts], run: Run
) -> Failed:
    """The failure of a page that may stay away, with the whole text that feeds carry, if any."""
    if not article_state.may_take_from_feed(due, failed.error):
        return failed
    carried = await _carried(due, entries, run)
    if carried is None:
        return failed
    return replace(failed, instead=await _page_read(carried, None, failed.at))


async def _teaser(
    due: DueArticle,
    read: ReadPage,
    response: Response,
    entries: Sequence[EntryFacts],
    run: Run,
    now: datetime,
) -> PageRead | Failed:
    """What a paywall shows of an article; a failure with the whole text where a feed carries it.

    The longer one counts. The facts beside the text are the page's all the same.
    """
    carried = await _carried(due, entries, run)
    if carried is None or word_count(carried.article.text) <= word_count(read.article.text):
        return await _page_read(read, response, now)
    error = NoArticleError(Reason.PAYWALL, f"{due.url} shows a teaser, a feed the whole text")
    whole = replace(
        read.article,
        text=carried.article.text,
        extractor=carried.article.extractor,
        truncated=carried.article.truncated,
        page_kind=None,
        access=None,
    )
    failed = _failed(error, response, now)
    return replace(
        failed, instead=await _page_read(replace(carried, article=whole), None, failed.at)
    )


async def _carried(due: DueArticle, entries: Sequence[EntryFacts], run: Run) -> ReadPage | None:
    """The whole text that feeds carry of an article; None where they carry none."""
    content = max((one.content or "" for one in entries), key=len, default="")
    summary = max((one.summary or "" for one in entries), key=len, default="")
    if not content and not summary:
        return None
    try:
        carried: ReadPage = await run(
            page_reading.whole_from_feed, content, summary, due.url, entries
        )
    except IngestError:
        return None  # what the page did is what there is to tell
    return carried


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
        await persist.write_places(tx, batch, links, numbers)
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
    for url in sitemap.worth_asking(index.parsed.document.children, index.response.url):
        await pause()
        child, parsed = await _child(feed, url, fetch, run, index.at)
        asked.append((child, parsed))
        if child.error and child.error.reason == "rate_limited":
            break
    children = tuple(child for child, _ in asked)
    documents = [one for _, one in asked if one]
    if not documents:
        nothing = FeedUnreadableError("not_a_feed", f"no sitemap of its own host in {feed.url}")
        raise next((child.error for child in reversed(children) if child.error), nothing)
    merged = parsed_feed.merged(index.parsed, documents, is_whole=len(documents) == len(children))
    return replace(index, parsed=merged, children=children)


async def _child(
    feed: DueFeed, url: str, fetch: Fetch, run: Run, now: datetime
) -> tuple[Child, ParsedFeed | None]:
    """A sitemap that an index names; secrets stay with the origin they were given for."""
    response = None
    headers = feed.headers if urls.origin(url) == urls.origin(feed.url) else None
    try:
        response = await fetch(Request(url=url, purpose="feed", headers=headers or {}))
        response = replace(response, fetched_at=max(response.fetched_at, now))
        parsed = await run(parsed_feed.of, response)
        if parsed.document.children:
            raise FeedUnreadableError("not_a_feed", f"an index inside an index: {url}")
        return Child(url=url, at=response.fetched_at, response=response), parsed
    except IngestError as error:
        failed = _failed(error, response, now)
        return Child(url=url, at=failed.at, response=failed.response, error=error), None


async def _page_read(read: ReadPage, response: Response | None, now: datetime) -> PageRead:
    """The page with its language, which a large model tells: it is loaded in this process alone."""
    article = read.article
    if article.language is None:
        article = replace(article, language=await asyncio.to_thread(language.of, article.text))
    return PageRead(
        article=article,
        signature=read.signature,
        at=now,
        response=response,
        packed=read.packed,
    )


async def _digest(body: bytes) -> bytes:
    if len(body) < LARGE_BYTES:
        return content_digest.digest(body)
    return await asyncio.to_thread(content_digest.digest, body)


def _failed(error: IngestError, response: Response | None, now: datetime) -> Failed:
    """What went wrong, with the answer that came before or with it."""
    answer = error.response if response is None and isinstance(error, FetchError) else response
    return Failed(error=error, at=max(answer.fetched_at, now) if answer else now, response=answer)
