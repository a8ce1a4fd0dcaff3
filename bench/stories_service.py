"""The stories that the service makes of a labelled corpus, against those of the pure function.

    python bench/stories_service.py CORPUS/dev.jsonl.gz [--sizes 1 7 64 4000] [--orders 3]

For each size of a batch the texts arrive in the corpus' order and the stories must be those of
pipeline.stories.group; then they arrive in other orders, and pairwise F1 between any two is told.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
from collections import Counter
from itertools import combinations
from pathlib import Path

from bench import local_web
from pipeline import flow
from pipeline.model import StoryText
from pipeline.storage import embedded, publishing, schema
from pipeline.storage.database import connected
from pipeline.stories import group
from tests.pipeline.storage.builders import rows
from tests.pipeline.storage.signed import arrive

STORIES = "SELECT story_id FROM ingest.publications ORDER BY article_id"


def main() -> None:
    """Run and print a line for each size and pair of orders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 7, 64, 4000])
    parser.add_argument("--orders", type=int, default=3)
    options = parser.parse_args()
    with gzip.open(options.corpus, "rt", encoding="utf-8") as lines:
        texts = [
            StoryText(id=n, url=f"https://s{n}.example/", title=None, text=json.loads(line)["text"])
            for n, line in enumerate(lines)
        ]
    wanted = group(texts)
    with local_web.database() as place:
        for size in options.sizes:
            served = _served(place, f"size_{size}", texts, size)
            print(f"batches of {size}: pairwise F1 {_f1(served, wanted):.4f} with the function")
        turns = []
        for seed in range(options.orders):
            order = random.Random(seed).sample(texts, len(texts))  # noqa: S311 - no secret
            told = dict(
                zip(
                    (text.id for text in order),
                    _served(place, f"order_{seed}", order, 200),
                    strict=True,
                )
            )
            turns.append([told[text.id] for text in texts])
    for one, other in combinations(turns, 2):
        print(f"two orders: pairwise F1 {_f1(one, other):.4f}")


def _served(
    place: local_web.target.Target, name: str, texts: list[StoryText], size: int
) -> list[int]:
    """The story of each text, in order, after publishing in batches of a size."""
    if place.server is None:
        raise SystemExit("the embedded server is measured")
    url = embedded.create(place.server, name)
    schema.migrate(url)
    publishing.BATCH = size
    return asyncio.run(_publish(url, texts))


async def _publish(url: str, texts: list[StoryText]) -> list[int]:
    async with connected(url, connections=2) as db:
        await arrive(db, texts)
        while await flow.publish(db):
            pass
        return [story for (story,) in await rows(db, STORIES)]


def _f1(one: list[int], other: list[int]) -> float:
    both, first, second = (
        sum(count * (count - 1) // 2 for count in Counter(found).values())
        for found in (zip(one, other, strict=True), one, other)
    )
    return 2 * both / (first + second)


if __name__ == "__main__":
    main()
