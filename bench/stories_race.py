"""Four processes publish copies of the same stories at the same moment: is any story split?

    python bench/stories_race.py [--rounds 20]

A round: 40 stories with 4 reprints each, one of each story in the hands of each process. All wait
at one barrier before each of the reprints, store it and publish at once. Wanted are 40 stories,
every round.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
from typing import TYPE_CHECKING

import psycopg

from bench import local_web
from pipeline import flow
from pipeline.model import StoryText
from pipeline.storage.database import connected
from tests.pipeline.storage.signed import arrive
from tests.pipeline.stories import families

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

WORKERS, STORIES = 4, 40
OUTCOME = """
SELECT count(DISTINCT story_id), count(*),
  (SELECT count(*) FROM ingest.stories), (SELECT count(*) FROM ingest.story_ids)
FROM ingest.publications
"""


def main() -> None:
    """Run the rounds and print each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    outcomes = [_round(number) for number in range(options.rounds)]
    right = sum(outcome[:3] == (STORIES, STORIES * WORKERS, STORIES) for outcome in outcomes)
    print(f"{right} of {options.rounds} rounds: {STORIES} stories of {WORKERS} articles")


def _round(number: int) -> tuple[int, ...]:
    spawn = multiprocessing.get_context("spawn")
    with local_web.database() as place:
        barrier = spawn.Barrier(WORKERS)
        workers = [
            spawn.Process(target=_work, args=(place.url, number, n, barrier))
            for n in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        with psycopg.connect(place.url) as connection:
            found = connection.execute(OUTCOME).fetchone() or ()
    print(f"round {number}: {found[0]} stories of {found[1]} articles, {found[3]} merged")
    return found


def _work(url: str, number: int, worker: int, barrier: Barrier) -> None:
    asyncio.run(_publish(url, number, worker, barrier))


async def _publish(url: str, number: int, worker: int, barrier: Barrier) -> None:
    async with connected(url, connections=2) as db:
        for one in range(STORIES):
            sentences = families.story(random.Random(1000 * number + one))  # noqa: S311 - no secret
            text = families.reprint(sentences, random.Random(worker))  # noqa: S311 - no secret
            told = StoryText(id=one, url=f"https://w{worker}.example/{one}", title=None, text=text)
            barrier.wait()
            await arrive(db, [told])
            await flow.publish(db)
        barrier.wait()
        while await flow.publish(db):
            pass


if __name__ == "__main__":
    main()
