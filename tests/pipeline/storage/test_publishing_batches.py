"""Publishing gives the stories of the pure function, whatever the batches are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline import flow
from pipeline.model import StoryText
from pipeline.storage import publishing
from pipeline.stories import group, grouping
from tests.pipeline.storage.builders import on_database, publish, queue_publishing, rows, words
from tests.pipeline.storage.signed import arrive, sign
from tests.pipeline.stories import families

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.storage.database import Database

STORIES = "SELECT story_id FROM news.articles ORDER BY article_id"


def numbered(stories: Sequence[object]) -> list[int]:
    """The same partition, with stories numbered in the order of their first article."""
    first: dict[object, int] = {}
    return [first.setdefault(story, len(first) + 1) for story in stories]


async def served(db: Database, texts: Sequence[StoryText]) -> list[int]:
    """The stories that the service makes of texts in this order."""
    await arrive(db, texts)
    await publish(db)
    return numbered([story for (story,) in await rows(db, STORIES)])


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
@on_database
async def test_the_size_of_a_batch_is_no_matter(
    db: Database, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "BATCH", size)
    texts = families.newswire(7, 8)
    wanted = group(texts)
    assert len(set(wanted)) == 8 + 60
    assert await served(db, texts) == wanted


@pytest.mark.parametrize("size", [7, 1000])
@on_database
async def test_caps_cut_off_the_same_whatever_the_batches_are(
    db: Database, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty articles share their ending with a copy that only a cap can hide from its source."""
    monkeypatch.setattr(publishing, "BATCH", size)
    ending = words("ending", 90)
    crowd = [f"{words(str(n), 250)} {ending}" for n in range(60)]
    texts = [f"{ending} {words('more', 12)}", *crowd, f"{ending} {words('else', 12)}"]
    one_by_one = [
        StoryText(id=n, url=f"https://s{n}.example/", title=None, text=text)
        for n, text in enumerate(texts)
    ]
    wanted = group(one_by_one)
    assert len(crowd) > grouping.NEWEST_PER_HASH
    assert wanted == list(range(1, 63))
    assert group([one_by_one[0], one_by_one[-1]]) == [1, 1]
    assert await served(db, one_by_one) == wanted


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_arrival_is_no_matter(seed: int) -> None:
    texts = families.newswire(seed, 12)
    wanted = {text.id: number for text, number in zip(texts, group(texts), strict=True)}
    turned = texts[::-1]
    assert numbered([wanted[text.id] for text in turned]) == group(turned)


@on_database
async def test_a_text_that_was_compared_is_not_compared_again(db: Database) -> None:
    """Published again for a look at its page, an article costs no lookup: nothing is linked."""
    texts = [
        StoryText(id=n, url=f"https://s{n}.example/", title=None, text=words("a")) for n in (1, 2)
    ]
    one, two = await arrive(db, texts)
    await publish(db)
    await rows(db, "DELETE FROM ingest.story_links RETURNING 1")
    async with db.transaction() as tx:
        await queue_publishing(tx, two, now=await db.clock())
    assert await publish(db) == 1
    assert await rows(db, "SELECT FROM ingest.story_links") == []
    async with db.transaction() as tx:
        await sign(tx, two, words("a"))
        await queue_publishing(tx, two, now=await db.clock())
    await publish(db)
    assert await rows(db, "SELECT article_id, other_article_id FROM ingest.story_links") == [
        (two, one)
    ]


@on_database
async def test_an_unpublished_twin_is_not_joined_before_its_turn(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "BATCH", 1)
    texts = [
        StoryText(id=n, url=f"https://s{n}.example/", title=None, text=words("a")) for n in (1, 2)
    ]
    await arrive(db, texts)
    assert await flow.publish(db) == 1
    assert await rows(db, "SELECT story_id FROM ingest.publications") == [(1,)]
    assert await flow.publish(db) == 1
    assert await rows(db, "SELECT DISTINCT story_id FROM ingest.publications") == [(1,)]
