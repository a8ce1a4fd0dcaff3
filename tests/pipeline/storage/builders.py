"""What the database tests are made of: invented feeds, pages and texts, and the way they go in."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.sql import SQL, Identifier

from jobs.replay import replay
from pipeline import flow, persist
from pipeline.decide import Failed, FeedRead, PageRead, holds
from pipeline.errors import FetchError
from pipeline.feeds.identity import parsed_feed
from pipeline.model import Article, Response
from pipeline.storage import feeds, hosts, leases, pages, polls
from pipeline.storage.database import connected
from pipeline.stories import signature
from pipeline.web import recorded_web

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from pathlib import Path

    from psycopg.sql import Composed

    from pipeline.errors import IngestError
    from pipeline.model import ArticleState, DueArticle, DueFeed, Poll
    from pipeline.storage.database import Database, Session

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEED = "https://alder.example/feed"


def on_database(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a coroutine test with a pool on its own database in place of its parameter `db`."""

    def run(database_url: str, **values: object) -> None:
        async def scenario() -> None:
            async with connected(database_url, connections=4) as db:
                await test(db=db, **values)

        asyncio.run(scenario())

    parameters = inspect.signature(test).parameters
    known = [p.replace(name="database_url") if n == "db" else p for n, p in parameters.items()]
    run.__name__, run.__doc__ = test.__name__, test.__doc__
    run.__signature__ = inspect.Signature(known)  # type: ignore[attr-defined]
    return run


async def rows(db: Database, query: str | Composed, *values: object) -> list[tuple[Any, ...]]:
    """Every row that a query finds."""
    async with db.session() as session:
        cursor = await session.connection.execute(query, values or None)
        return await cursor.fetchall()


async def value(db: Database, query: str, *values: object) -> Any:
    """The one value that a query finds."""
    ((found_value,),) = await rows(db, query, *values)
    return found_value


async def execute(db: Database, *statements: str) -> None:
    """Change rows by hand."""
    async with db.session() as session:
        for statement in statements:
            await session.connection.execute(statement)


async def snapshot(db: Database) -> dict[str, list[str]]:
    """Every row of every table of ours, by table."""
    tables = await rows(
        db,
        "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'ingest' AND c.relkind = 'r' ORDER BY 1",
    )
    query = SQL("SELECT t::text FROM ingest.{} AS t ORDER BY 1")
    return {
        name: [row[0] for row in await rows(db, query.format(Identifier(name)))]
        for (name,) in tables
    }


def words(seed: str, count: int = 120) -> str:
    """A text of invented words: the same for the same seed, nothing in common with another's."""
    spelled = [_word(f"{seed} {n}") for n in range(count)]
    lines = [" ".join(spelled[n : n + 12]).capitalize() + "." for n in range(0, count, 12)]
    return "\n".join(lines)


def _word(seed: str) -> str:
    digits = hashlib.sha256(seed.encode()).digest()[:7]
    return "".join(chr(ord("a") + digit % 26) for digit in digits)


def item(url: str | None, **fields: object) -> dict[str, object]:
    """An item of a JSON feed; its guid is the address unless another is given."""
    return {"id": url, "url": url, "title": f"About {url}", **fields}


def feed_read(*items: Mapping[str, object], at: datetime = NOW, url: str = FEED) -> FeedRead:
    """What comes of a JSON feed with these items."""
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "Alder", "items": items}
    response = Response(
        url=url,
        headers={"content-type": "application/feed+json", "etag": f'"{at:%d%H%M}"'},
        body=json.dumps(document).encode(),
        fetched_at=at,
    )
    return FeedRead(response=response, parsed=parsed_feed.of(response))


def page_read(
    url: str,
    text: str,
    *,
    at: datetime = NOW,
    canonical_url: str | None = None,
    **fields: Any,
) -> PageRead:
    """What comes of a page with this text."""
    article = Article(
        url=url,
        title=fields.pop("title", f"Headline of {url}"),
        text=text,
        canonical_url=canonical_url,
        extractor="test/1",
        **fields,
    )
    response = Response(url=url, body=f"{url} {at} {text}".encode(), fetched_at=at)
    return PageRead(article=article, signature=signature.of(text), at=at, response=response)


def failure(url: str, reason: str = "http_5xx", *, at: datetime = NOW) -> Failed:
    """What comes of a server that does not answer as it should."""
    return Failed(error=FetchError(reason, f"{url}: {reason}"), at=at)


async def hold(db: Database, host: str, error: IngestError, at: datetime = NOW) -> None:
    """Hold the host that a failure wants to be left alone."""
    held = holds.hold(host, error, at)
    async with db.transaction() as tx:
        await hosts.hold(tx, [held] if held else [])


async def claim_feeds(
    db: Database, *, at: datetime = NOW, hosts: int = 100, feed_ids: list[int] | None = None
) -> list[DueFeed]:
    """Claim feeds under a new token."""
    return await polls.claim(
        db, now=at, due_by=at, hosts=hosts, token=uuid.uuid4(), feed_ids=feed_ids
    )


async def claim_articles(db: Database, *, at: datetime = NOW, hosts: int = 100) -> list[DueArticle]:
    """Claim articles under a new token."""
    return await pages.claim(db, now=at, due_by=at, hosts=hosts, token=uuid.uuid4())


async def claim_feed(db: Database, url: str = FEED, *, at: datetime = NOW) -> DueFeed:
    """Make a feed due, add it when it is new, and claim it."""
    (added,) = await feeds.add(db, [url], now=at)
    await feeds.make_due(db, [added.feed_id], now=at, reason="test")
    (feed,) = await claim_feeds(db, at=at, feed_ids=[added.feed_id])
    return feed


async def poll(
    db: Database, *items: Mapping[str, object], at: datetime = NOW, url: str = FEED
) -> Poll:
    """Poll a feed that shows these items, from the claim to the write."""
    feed = await claim_feed(db, url, at=at)
    result = await persist.write_poll(db, feed, feed_read(*items, at=at, url=url), draw=0.5)
    await hosts.release(db, feed.host, feed.lease_token, next_request_at=at)
    if result is None:
        raise AssertionError(feed)
    return result


async def ingest(
    db: Database, *reads: PageRead, at: datetime = NOW
) -> dict[str, ArticleState | None]:
    """Make these articles due, and write what their pages brought, by address."""
    by_url = {read.response.requested_url: read for read in reads if read.response}
    await rows(
        db,
        "UPDATE ingest.article_state AS s SET due_at = %s FROM ingest.articles AS a "
        "WHERE a.article_id = s.article_id AND a.url = ANY (%s) AND s.due_at > %s "
        "AND s.lease_token IS NULL RETURNING 1",
        at,
        list(by_url),
        at,
    )
    claimed = await claim_articles(db, at=at)
    wanted = [due for due in claimed if due.url in by_url]
    looks = {
        due.url: await persist.write_page(db, due, by_url[due.url], draw=0.5) for due in wanted
    }
    await leases.give_back(db, [due for due in claimed if due not in wanted], now=at)
    for due in claimed:
        await hosts.release(db, due.host, due.lease_token, next_request_at=at)
    if looks.keys() != by_url.keys():
        raise AssertionError(looks.keys(), by_url.keys())
    return looks


async def store(db: Database, *reads: PageRead, at: datetime = NOW) -> None:
    """Find these pages in feeds, one each, and store what they brought; numbers are in their order."""
    for read in reads:
        page = read.response.requested_url if read.response else read.article.url
        name = hashlib.sha256(page.encode()).hexdigest()[:9]
        await poll(db, item(page), at=at, url=f"https://{name}.example/feed")
        await ingest(db, replace(read, at=at), at=at)


async def queue_publishing(tx: Session, article_id: int, *, now: datetime) -> None:
    """Let an article wait for publishing, as if its visible row had changed."""
    await tx.connection.execute(
        "INSERT INTO ingest.unpublished (article_id, since) VALUES (%s, %s)"
        " ON CONFLICT (article_id) DO UPDATE SET since = excluded.since",
        (article_id, now),
    )


async def publish(db: Database) -> int:
    """Publish until nothing is left; return how many articles."""
    total = 0
    while count := await flow.publish(db):
        total += count
    return total


async def article_id(db: Database, url: str) -> int:
    """The number of the article found under an address."""
    return int(await value(db, "SELECT article_id FROM ingest.articles WHERE url = %s", url))


async def replay_seeds(url: str, root: Path) -> None:
    """Replay the recorded web of the checkout, in this process."""

    async def here(function: Callable[..., object], *arguments: object) -> object:
        return function(*arguments)

    async with connected(url, connections=4) as db:
        await feeds.mark_replay(db)
        recorded = recorded_web.load([root / "seeds"])
        await replay(db, recorded, here, seen=lambda _: None, reached=lambda _: None)
        if await value(db, "SELECT count(*) FROM news.articles") == 0:
            raise AssertionError("the replay published nothing")
