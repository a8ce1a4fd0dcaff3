"""Who stands in which story, written with the numbers that readers follow."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pipeline.storage import publishing
from pipeline.stories import membership

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.model import Link, PlannedStory, StoryPlace
    from pipeline.storage.database import Session
    from pipeline.storage.publishing import Numbers, Unpublished


async def write_places(
    tx: Session,
    batch: Sequence[Unpublished],
    links: Sequence[Link],
    numbers: Numbers,
) -> None:
    """Place a batch in its stories and give numbers to every article whose visible row changed."""
    ids = {article.article_id for article in batch}
    tied = {i for link in links for i in (link.article_id, link.other_article_id)}
    signed = await publishing.signed(tx, ids | tied)
    story_of = {article_id: known.story_id for article_id, known in signed.items()}
    stories = {story_id for story_id in story_of.values() if story_id is not None}
    groups = membership.joined(story_of, links, await publishing.parted(tx, stories))
    seats = await publishing.seats(tx, stories, ids)
    # Beside the event loop: a story may have thousands of articles.
    seated = await asyncio.to_thread(membership.seated, groups, seats)
    changed = await write_stories(tx, seated, visible=ids)
    await number(tx, changed, batch, numbers)
    await publishing.drop(tx, seated)
    await publishing.link(tx, membership.holding(links, groups))


async def write_stories(
    tx: Session, stories: Sequence[PlannedStory], *, visible: Collection[int] = ()
) -> list[StoryPlace]:
    """Write the stories and return the places, by article, that changed or are in `visible`."""
    fresh = [story for story in stories if story.story_id is None]
    given = iter(await publishing.add_stories(tx, fresh))
    await publishing.keep_leads(tx, stories)
    await publishing.point(tx, stories)
    numbers = [next(given) if story.story_id is None else story.story_id for story in stories]
    return await asyncio.to_thread(membership.changed, stories, numbers, visible)


async def number(
    tx: Session, changed: Sequence[StoryPlace], batch: Sequence[Unpublished], numbers: Numbers
) -> None:
    """Write places under numbers in their order; ingest_seq only to those that have none yet."""
    given = {article.article_id: article.ingest_seq for article in batch}
    ingest_seq, ingest_seqs = numbers.ingest_seq, []
    for placed in changed:
        fresh = given.get(placed.article_id, 0) is None
        ingest_seq += fresh
        ingest_seqs.append(ingest_seq if fresh else 0)
    change_seqs = range(numbers.change_seq + 1, numbers.change_seq + 1 + len(changed))
    await publishing.place(tx, changed, ingest_seqs, list(change_seqs))
    await publishing.finish(
        tx,
        [article.article_id for article in batch],
        ingest_seq=ingest_seq,
        change_seq=numbers.change_seq + len(changed),
    )
