"""Who stands in which story, written with the numbers that readers follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.storage import publishing
from pipeline.stories import placing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Link, Placed, Seat, Signed
    from pipeline.storage.database import Session
    from pipeline.storage.publishing import Numbers, Unpublished


async def write_places(
    tx: Session,
    batch: Sequence[Unpublished],
    links: Sequence[Link],
    known: Mapping[int, Signed],
    numbers: Numbers,
) -> None:
    """Place a batch in its stories and give numbers to every article whose visible row changed."""
    ids = {article.article_id for article in batch}
    tied = {i for link in links for i in (link.article_id, link.other_article_id)}
    groups = placing.joined({i: known[i].story_id for i in ids | tied}, links)
    seats = await publishing.seats(tx, _stories(groups), ids)
    missing = {seat.article_id for seat in seats} - known.keys()
    whole = {**known, **await publishing.signed(tx, missing)}
    changed: list[Placed] = []
    for group in groups:
        own = [seat for seat in seats if _belongs(seat, group)]
        placed = await _place(tx, group, own, whole)
        before = {seat.article_id: seat for seat in own}
        changed += [p for p in placed if p.article_id in ids or _moved(before[p.article_id], p)]
    await _number(tx, sorted(changed, key=lambda p: p.article_id), batch, numbers)
    await publishing.drop(tx, [story_id for group in groups for story_id in group.merged])
    if links:
        await publishing.link(tx, links)


async def _place(
    tx: Session, group: placing.Joined, seats: Sequence[Seat], known: Mapping[int, Signed]
) -> list[Placed]:
    leader = placing.leader(seats)
    first_seen_at = min(seat.first_seen_at for seat in seats)
    if group.story_id is None:
        story_id = await publishing.add_story(
            tx, lead_article_id=leader, first_seen_at=first_seen_at
        )
    else:
        story_id = group.story_id
        await publishing.keep_lead(
            tx, story_id, lead_article_id=leader, first_seen_at=first_seen_at
        )
    if group.merged:
        await publishing.point(tx, story_id, group.merged)
    return placing.placed(story_id, leader, seats, known)


async def _number(
    tx: Session, changed: Sequence[Placed], batch: Sequence[Unpublished], numbers: Numbers
) -> None:
    """Numbers in the order of the articles; ingest_seq only to those that have none yet."""
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


def _stories(groups: Sequence[placing.Joined]) -> set[int]:
    merged = {story_id for group in groups for story_id in group.merged}
    return merged | {group.story_id for group in groups if group.story_id is not None}


def _belongs(seat: Seat, group: placing.Joined) -> bool:
    if seat.story_id is None:
        return seat.article_id in group.newcomers
    return seat.story_id == group.story_id or seat.story_id in group.merged


def _moved(before: Seat, now: Placed) -> bool:
    was = (before.story_id, before.is_lead, before.duplicate_kind)
    return was != (now.story_id, now.is_lead, now.kind)
