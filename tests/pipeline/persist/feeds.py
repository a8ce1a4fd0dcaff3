"""Feeds as the tests of identities show them: items in RSS, polled one document after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from pipeline import persist
from pipeline.decide import FeedRead
from pipeline.feeds.identity import parsed_feed
from pipeline.model import Response
from pipeline.storage import hosts
from tests.pipeline.storage.builders import NOW, claim_feed, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Poll
    from pipeline.storage.database import Database

SITE = "https://site.example"
EVERY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of an RSS feed; None is left out. `day` is its date, in days after the first of March."""

    title: str | None = None
    link: str | None = None
    guid: str | None = None
    day: float | None = None
    text: str | None = None
    category: str | None = None

    def xml(self) -> str:
        date = (
            format_datetime(NOW - timedelta(days=30 - self.day)) if self.day is not None else None
        )
        parts = (
            ("title", self.title),
            ("link", self.link),
            ('guid isPermaLink="false"', self.guid),
            ("pubDate", date),
            ("description", self.text),
            ("category", self.category),
        )
        fields = (
            f"<{name}>{escape(value)}</{name.split()[0]}>"
            for name, value in parts
            if value is not None
        )
        return f"<item>{''.join(fields)}</item>"


def document(items: Sequence[Item], site: str = SITE) -> bytes:
    """An RSS document of these items."""
    body = "".join(item.xml() for item in items)
    return (
        f'<rss version="2.0"><channel><title>Feed</title><link>{site}/</link>{body}</channel></rss>'
    ).encode()


async def shown(db: Database, nth: int, items: Sequence[Item] | bytes, *, site: str = SITE) -> Poll:
    """Poll the nth document of a site's feed, half an hour after the one before."""
    at, url = NOW + nth * EVERY, f"{site}/feed"
    body = items if isinstance(items, bytes) else document(items, site)
    feed = await claim_feed(db, url, at=at)
    response = Response(
        url=url, headers={"content-type": "application/rss+xml"}, body=body, fetched_at=at
    )
    read = FeedRead(response=response, parsed=parsed_feed.of(response))
    result = await persist.write_poll(db, feed, read, draw=0.5)
    await hosts.release(db, feed.host, feed.lease_token, next_request_at=at)
    if result is None:
        raise AssertionError(feed)
    return result


async def titles(db: Database) -> list[str | None]:
    """The headlines of all entries, the oldest row first."""
    return [
        title for (title,) in await rows(db, "SELECT title FROM ingest.entries ORDER BY entry_id")
    ]
