"""Publishers at the very same moment: no story is split, and nobody else has to wait for them."""

from __future__ import annotations

import asyncio
import random

from pipeline import flow
from pipeline.model import StoryText
from pipeline.storage.database import connected
from tests.pipeline.storage.builders import rows
from tests.pipeline.storage.signed import arrive
from tests.pipeline.stories import families

WORKERS, STORIES = 4, 40


def test_four_publishers_at_once_never_split_a_story(database_url: str) -> None:
    """Each holds a reprint of every story; they store and publish side by side, story by story."""
    met = asyncio.run(_race(database_url))
    assert met > STORIES / 2  # they did get in each other's way


async def _race(url: str) -> int:
    barrier = asyncio.Barrier(WORKERS)
    went_away = await asyncio.gather(*(_work(url, n, barrier) for n in range(WORKERS)))
    async with connected(url, connections=1) as db:
        while await flow.publish(db):
            pass
        found = await rows(db, "SELECT article_count, count(*)::int FROM news.stories GROUP BY 1")
        assert found == [(WORKERS, STORIES)]
        assert await rows(db, "SELECT FROM news.story_ids") == []
    return sum(went_away)


async def _work(url: str, worker: int, barrier: asyncio.Barrier) -> int:
    """Store and publish a reprint of each story; return how often another was publishing."""
    went_away = 0
    async with connected(url, connections=2) as db:
        for number in range(STORIES):
            story = families.story(random.Random(number))  # noqa: S311 - no secret
            text = families.reprint(story, random.Random(worker))  # noqa: S311 - no secret
            told = StoryText(
                id=number, url=f"https://w{worker}.example/{number}", title=None, text=text
            )
            await barrier.wait()
            await arrive(db, [told])
            went_away += await flow.publish(db) == 0
    return went_away
