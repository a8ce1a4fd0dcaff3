"""What reading feeds costs, what new entries cost, and what hostile feeds come to.

    python bench/entries.py cost CORPUS [--rounds 7]      # CPU against feedparser, real feeds < 130 kB
    python bench/entries.py growth                        # CPU per entry, 10 to 10,000 entries
    python bench/entries.py store NEWSWEB PAGES           # new entries into Postgres per core-second
    python bench/entries.py hostile INPUTS                # each input polled, beside a good feed

CORPUS is the folder of feeds.zip, NEWSWEB newsweb.py, PAGES a folder of HTML pages for it, INPUTS
inputs.py. The last two start an embedded database in a temporary folder, and poll through the
service's own lines: claims, fetches, worker pool, storage.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib.util
import io
import json
import statistics
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import structlog

from bench import local_web
from jobs import queues, service
from jobs.worker import QueueWorker
from pipeline.errors import FeedUnreadableError
from pipeline.feeds import parse
from pipeline.feeds.identity import ladder, parsed_feed
from pipeline.model import Poll, Response
from pipeline.storage import feeds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobs.database_target import Target
    from pipeline.model import ArticleState, Request

LARGEST = 130_000
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
GOOD = (
    b"<rss><channel><item><guid>1</guid><link>http://good.example/%d</link></item></channel></rss>"
)


def main() -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds = parser.add_subparsers(dest="kind", required=True)
    cost = kinds.add_parser("cost")
    cost.add_argument("corpus", type=Path)
    cost.add_argument("--rounds", type=int, default=7)
    kinds.add_parser("growth")
    store = kinds.add_parser("store")
    store.add_argument("newsweb", type=Path)
    store.add_argument("pages", type=Path)
    kinds.add_parser("hostile").add_argument("inputs", type=Path)
    given = vars(parser.parse_args())
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    run = {"cost": _cost, "growth": _growth, "store": _store, "hostile": _hostile}
    run[given.pop("kind")](**given)


def _cost(corpus: Path, rounds: int) -> None:
    responses = list(_real_feeds(corpus))
    ways: dict[str, Callable[[Response], object]] = {
        "feedparser": _feedparser,
        "parse.document": parse.document,
        "parsed_feed.of": parsed_feed.of,
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):  # the first round warms up
        for name, way in ways.items():
            spent[name].append(_seconds(way, responses))
    size = sum(len(response.body) for response in responses)
    print(f"{len(responses)} real feeds, {size / 1e6:.2f} MB")
    for name, each in spent.items():
        ratios = [one / base for one, base in zip(each, spent["feedparser"], strict=True)][1:]
        ms = statistics.median(each[1:]) / len(responses) * 1000
        spread = f"{min(ratios):.2f}..{max(ratios):.2f}"
        print(
            f"{name:16}{ms:7.2f} ms a feed; {statistics.median(ratios):.2f} [{spread}] of feedparser"
        )


def _real_feeds(corpus: Path) -> list[Response]:
    with zipfile.ZipFile(corpus / "feeds.zip") as archive:
        cases = map(json.loads, archive.read("index.jsonl").decode().splitlines())
        real = [case for case in cases if case["kind"] == "real" and case["bytes"] < LARGEST]
        return [
            Response(
                case["url"] or "",
                headers={"content-type": case["content_type"] or ""},
                body=archive.read(f"data/{case['name']}"),
                fetched_at=AT,
            )
            for case in real
        ]


def _feedparser(response: Response) -> None:
    feedparser.parse(
        io.BytesIO(response.body),
        response_headers=dict(response.headers),
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _seconds(way: Callable[[Response], object], responses: Sequence[Response]) -> float:
    gc.collect()
    ladder.key.cache_clear()  # what one round knows must not help the next
    begun = time.process_time()
    for response in responses:
        try:
            way(response)
        except FeedUnreadableError as error:
            print(error)
    return time.process_time() - begun


def _growth() -> None:
    for count in (10, 100, 1000, 10_000):
        times = []
        for nth in range(5):
            items = "".join(_item(nth, number) for number in range(count))
            body = f"<rss><channel>{items}</channel></rss>".encode()
            response = Response("https://paper.example/feed", body=body, fetched_at=AT)
            times.append(
                tuple(_seconds(way, [response]) for way in (parse.document, parsed_feed.of))
            )
        document, reading = (
            statistics.median(each) / count * 1e6 for each in zip(*times, strict=True)
        )
        print(
            f"{count:6} entries: {document:4.0f} us an entry to read, {reading:4.0f} with identities"
        )


def _item(nth: int, number: int) -> str:
    text = f"<p>It {number} runs again, and <b>all</b> of them know.</p>" * 20
    return (
        f"<item><title>Ferry {number}</title><link>https://paper.example/{nth}/{number}</link>"
        f"<guid>{nth}-{number}</guid><pubDate>Mon, 02 Mar 2026 07:{number % 60:02}:00 GMT</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
    )


def _store(newsweb: Path, pages: Path) -> None:
    web = local_web.feeds(newsweb, pages, count=200, entries=30)
    with web as addresses, local_web.database(FETCH_PAGES="false") as place:
        asyncio.run(_stored(place, addresses))


async def _stored(place: Target, addresses: Sequence[str]) -> None:
    new = 0

    def count(outcome: Poll | ArticleState) -> None:
        nonlocal new
        new += outcome.counts.new if isinstance(outcome, Poll) else 0

    async with service.opened(place) as tools:
        await _wake(tools)
        await feeds.add(tools.db, addresses, now=await tools.clock.read())
        before, begun = local_web.spent(place), time.monotonic()
        await _poll_all(replace(tools, seen=count))
        spent = local_web.spent(place).since(before)
    print(
        f"{new} new entries of {len(addresses)} feeds in {time.monotonic() - begun:.1f} s; {spent}; "
        f"{new / spent.total:.0f} new entries per core-second"
    )


async def _wake(tools: queues.Tools) -> None:
    """Let every worker start: that is no cost of an entry."""
    first = Response("http://good.example/feed", body=GOOD % 0)
    await asyncio.gather(*(tools.run(parsed_feed.of, first) for _ in range(8)))


async def _poll_all(tools: queues.Tools) -> None:
    line = queues.feeds(tools)
    await QueueWorker(line=line, db=tools.db, clock=tools.clock, width=service.FEED_HOSTS).run()


def _hostile(inputs: Path) -> None:
    spec = importlib.util.spec_from_file_location("inputs", inputs)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no module: {inputs}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    cases = {name: case["make"] for name, case in module.CASES.items() if case["kind"] == "feed"}
    with local_web.database() as place:
        asyncio.run(_faced(place, cases))


async def _faced(place: Target, cases: dict[str, Callable[[], bytes]]) -> None:
    async with service.opened(place) as tools:
        await _wake(tools)
        print("| input | outcome | reason | stored | rejected | skipped | s | neighbour |")
        print("|---|---|---|---|---|---|---|---|")
        for number, (name, make) in enumerate(cases.items()):
            print(await _one(tools, name.replace("_", "-"), make(), number))


async def _one(tools: queues.Tools, name: str, body: bytes, number: int) -> str:
    """Poll a hostile feed and a good one at the same time; return the row of the table."""
    bad, good = await asyncio.gather(
        _polled(tools, f"http://{name}.example/feed", body),
        _polled(tools, f"http://good{number}.example/feed", GOOD % number),
    )
    poll, seconds = bad
    counts = poll.counts
    stored = counts.new + counts.known + counts.updated
    return (
        f"| {name} | {poll.outcome} | {poll.reason or ''} | {stored} | {counts.rejected} | "
        f"{counts.skipped} | {seconds:.1f} | {good[0].counts.new} new in {good[1]:.1f} s |"
    )


async def _polled(tools: queues.Tools, url: str, body: bytes) -> tuple[Poll, float]:
    polls: list[Poll | ArticleState] = []

    async def fetch(request: Request) -> Response:
        return Response(request.url, body=body, fetched_at=await tools.clock.read())

    (feed,) = await feeds.add(tools.db, [url], now=await tools.clock.read())
    begun = time.monotonic()
    own = replace(tools, fetch=fetch, feed_ids=[feed.feed_id], seen=polls.append)
    await _poll_all(own)
    (poll,) = polls
    if not isinstance(poll, Poll):
        raise TypeError(poll)
    return poll, time.monotonic() - begun


if __name__ == "__main__":
    main()
