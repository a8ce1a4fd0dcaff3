"""How long publishing holds the event loop: the longest time in which nothing else could run.

    python bench/stories_loop.py [--words 30000] [--texts 200]

A batch of 200 texts of so many words that are all like each other, then one more copy for a story
of 3,000 articles. A coroutine beside the publisher wakes each millisecond and keeps the longest
time that it had to wait.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bench import local_web
from jobs import service
from pipeline import flow
from pipeline.model import StoryText
from pipeline.storage.database import connected
from tests.pipeline.storage.signed import arrive
from tests.pipeline.stories import families

if TYPE_CHECKING:
    from pipeline.storage.database import Database

TICK_SECONDS = 0.001


def main() -> None:
    """Run and print the longest waits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=30_000)
    parser.add_argument("--texts", type=int, default=200)
    options = parser.parse_args()
    with local_web.database() as place:
        asyncio.run(_all(place, options.words, options.texts))


async def _all(place: Any, words: int, count: int) -> None:
    draw = random.Random(1)  # noqa: S311 - no secret
    async with connected(place.url, connections=4) as db:
        service.settle()
        await _idle()
        await _watched(db, "warm", [" ".join(families.story(draw)) for _ in range(20)])
        base = families.story(draw, words // 12)
        alike = [
            " ".join(base[: len(base) * 4 // 5] + families.story(draw, len(base) // 5))
            for _ in range(count)
        ]
        await _watched(db, f"{count} texts of {words:,} words, all alike", alike)
        wall = " ".join(families.story(draw))
        for _ in range(15):
            await _watched(db, "", [wall] * 200)
        await _watched(db, "a copy more of a story of 3,000", [wall])


async def _watched(db: Database, name: str, texts: list[str]) -> None:
    told = [
        StoryText(id=n, url=f"https://s{random.random()}.example/", title=None, text=text)  # noqa: S311 - no secret
        for n, text in enumerate(texts)
    ]
    await arrive(db, told)
    waits: list[float] = []
    dog = asyncio.create_task(_watch(waits))
    began = time.perf_counter()
    while await flow.publish(db):
        pass
    wall = time.perf_counter() - began
    dog.cancel()
    with suppress(asyncio.CancelledError):
        await dog
    if name:
        print(f"{name}: {wall:.2f} s of wall, the loop was held for {1000 * max(waits):.0f} ms")


async def _idle() -> None:
    """What the machine itself does to a coroutine that waits: all else is to be seen beside it."""
    waits: list[float] = []
    with suppress(TimeoutError):
        await asyncio.wait_for(_watch(waits), 10)
    print(f"nothing done for 10 s: the loop was held for {1000 * max(waits):.0f} ms")


async def _watch(waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(TICK_SECONDS)
        waits.append(time.perf_counter() - began - TICK_SECONDS)


if __name__ == "__main__":
    main()
