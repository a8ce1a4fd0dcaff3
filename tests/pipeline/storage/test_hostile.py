"""Feeds made to break a reader: each has its outcome, and costs its neighbours nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pipeline import flow, persist
from pipeline.model import Request, Response
from pipeline.web import workers
from tests.pipeline.storage.builders import NOW, claim_feed, on_database, rows

if TYPE_CHECKING:
    from pipeline.flow import Run
    from pipeline.model import Poll
    from pipeline.storage.database import Database

DECLARED = '<?xml version="1.0" encoding="{}"?>'


def rss(inside: str, before: str = "") -> bytes:
    whole = f"{before}<rss version='2.0'><channel><title>T</title>{inside}</channel></rss>"
    return whole.encode("utf-8", "surrogatepass")


def item(inside: str = "", title: str = "A") -> str:
    return (
        f"<item><title>{title}</title><guid>g</guid><link>http://h.example/a</link>{inside}</item>"
    )


def laughs() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]>'


def numbered(count: int, inside: str) -> str:
    return "".join(inside.format(n) for n in range(count))


XXE = '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
LATE = "<guid>{0}</guid><title>{0}</title></item>"

# What a poll comes to: outcome, reason, and how many entries are stored, rejected and skipped.
CHANGED_1 = ("changed", None, 1, 0, 0)
NOT_A_FEED = ("failed", "not_a_feed", 0, 0, 0)
INPUTS: dict[str, tuple[bytes, tuple[str, str | None, int, int, int]]] = {
    "entities that double": (rss(item(title="&l11;"), laughs()), CHANGED_1),
    "entities in utf-16": (rss(item(title="&l11;"), laughs()).decode().encode("utf-16"), CHANGED_1),
    "one long entity often": (
        rss(item(title="&a;" * 9999), f'<!DOCTYPE rss [<!ENTITY a "{"a" * 99_999}">]>'),
        CHANGED_1,
    ),
    "entity of a file": (rss(item(title="&f;"), XXE), CHANGED_1),
    "include of a file": (
        rss(item('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')),
        CHANGED_1,
    ),
    "name of a file": (b"/etc/passwd", NOT_A_FEED),
    "name of a device": (b"/dev/zero", NOT_A_FEED),
    "nothing": (b"", ("failed", "unreadable", 0, 0, 0)),
    "bytes of no meaning": (bytes(range(256)) * 2000, NOT_A_FEED),
    "page": (b"<!doctype html><html><body>502</body></html>", NOT_A_FEED),
    # Four whole entries, and the one in which it ends.
    "cut": (rss(numbered(9, "<item>" + LATE))[:-200], ("changed", None, 5, 0, 0)),
    "nested elements": (rss(item("<x>" * 50_000)), CHANGED_1),
    "nested xhtml": (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>g</id><content type='xhtml'>"
        + b"<div>" * 20_000,
        CHANGED_1,
    ),
    "nested html": (rss(item(f"<description>{'&lt;div>' * 50_000}</description>")), CHANGED_1),
    "entries without number": (
        rss(numbered(30_000, "<item>" + LATE)),
        ("changed", None, 2000, 0, 28_000),
    ),
    "open entries without number": (
        rss(numbered(30_000, "<item><guid>{0}</guid>")),
        ("changed", None, 2000, 1, 27_999),  # the guid "0" is a placeholder, and there is no more
    ),
    "long title": (rss(item(title="x" * 3_000_000)), CHANGED_1),
    "long guid": (rss("<item><guid>" + "g" * 1_000_000 + "</guid></item>"), CHANGED_1),
    "long attribute": (rss(item(f"<x a='{'x' * 3_000_000}'/>")), CHANGED_1),
    "long comment": (rss(item(f"<!--{'x' * 3_000_000}-->")), CHANGED_1),
    "enclosures": (rss(item(numbered(50_000, "<enclosure url='http://h/{}'/>"))), CHANGED_1),
    "categories": (rss(item(numbered(50_000, "<category>{}</category>"))), CHANGED_1),
    "attributes": (rss(item("<x " + numbered(30_000, "a{}='' ") + "/>")), CHANGED_1),
    "name spaces": (rss(item("<x " + numbered(30_000, "xmlns:a{0}='u{0}' ") + "/>")), CHANGED_1),
    "long link": (
        rss("<item><guid>g</guid><link>http://h.example/" + "é%" * 9000 + "</link></item>"),
        CHANGED_1,
    ),
    "forbidden characters": (rss(item(title="A&#0;\x00\ud800&#xD800;&#x202E;\uffff")), CHANGED_1),
    "codec of no charset": (rss(item(title="é" * 9999), DECLARED.format("punycode")), CHANGED_1),
    "codec that unpacks": (rss(item(), DECLARED.format("zlib")), CHANGED_1),
    "codec of odd name": (rss(item(), DECLARED.format("../x\0")), CHANGED_1),
    "dates": (rss(item(f"<pubDate>{'1:' * 50_000}</pubDate>")), CHANGED_1),
    "year 10000": (rss(item("<pubDate>10000-01-01T00:00:00Z</pubDate>")), CHANGED_1),
    "odd links": (
        rss("<item><guid>g</guid><link>http://[::x/</link><link>//a@b:c</link></item>"),
        CHANGED_1,
    ),
    "brackets": (rss(item(title="<" * 100_000)), CHANGED_1),
    "marked sections": (rss(item() + "<![" * 30_000), CHANGED_1),
    "open comments": (rss(item() + "<!--" * 30_000), CHANGED_1),
    "open tags": (rss(item() + "<a b=" * 30_000), CHANGED_1),
    "ampersands": (rss(item(title="&" * 100_000)), CHANGED_1),
    "declarations": (rss(item(), "<!DOCTYPE [" + "<!ENTITY " * 30_000), CHANGED_1),
    "one guid for all": (
        rss(numbered(999, "<item><guid>g</guid><link>http://h.example/x{}</link></item>")),
        ("changed", None, 999, 0, 0),
    ),
    "nothing to be known by": (rss("<item/>" * 9), ("failed", "unreadable", 0, 0, 0)),
    "deep json": (
        b'{"items": [{"id": "g", "a": ' + b"[" * 100_000,
        ("failed", "unreadable", 0, 0, 0),
    ),
    "number without end": (
        b'{"items": [{"id": ' + b"9" * 100_000 + b"}]}",
        ("failed", "unreadable", 0, 0, 0),
    ),
}


async def _polled(db: Database, run: Run, name: str, body: bytes) -> Poll:
    async def fetch(request: Request) -> Response:
        return Response(request.url, body=body, fetched_at=NOW)

    feed = await claim_feed(db, f"http://{name.replace(' ', '-')}.example/feed")
    outcome = await flow.poll(feed, fetch, run, lambda _: True, NOW)
    poll = await persist.write_poll(db, feed, outcome, draw=0.5)
    assert poll
    return poll


@on_database
async def test_each_hostile_feed_has_its_outcome_and_its_neighbour_is_stored(db: Database) -> None:
    found = {}
    async with workers.started(2) as pool:
        for number, (name, (body, _)) in enumerate(INPUTS.items()):
            poll, good = await asyncio.gather(
                _polled(db, pool.run, name, body),
                _polled(db, pool.run, f"good {number}", rss(item())),
            )
            counts = poll.counts
            stored = counts.new + counts.known + counts.updated
            found[name] = (poll.outcome, poll.reason, stored, counts.rejected, counts.skipped)
            assert good.counts.new == 1, name
    assert found == {name: expected for name, (_, expected) in INPUTS.items()}
    read = "SELECT title FROM news.entries WHERE title LIKE '%root:%'"
    assert await rows(db, read) == []
    sizes = (
        "SELECT max(length(guid)), max(length(title)), max(cardinality(categories)),"
        " max(jsonb_array_length(enclosures)) FROM ingest.entries"
    )
    assert await rows(db, sizes) == [(1000, 1000, 64, 16)]
