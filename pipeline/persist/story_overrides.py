"""An operator's word on stories: it is kept, and no later run of the publishers goes against it.

A split sets articles apart from those they leave, pair by pair, so that the word stands however
the stories are split or joined later. The last word on a pair counts; older ones can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.model import Link
from pipeline.persist.stories import number, write_stories
from pipeline.storage import publishing, story_overrides
from pipeline.stories import dedupe, membership

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Ruling, StoryMember
    from pipeline.storage.database import Database, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What came of a split: the story that was left and the new one."""

    story_id: int
    new_story_id: int


async def split_story(
    db: Database, story_id: int, article_ids: Sequence[int], ruling: Ruling
) -> Split:
    """Move articles of a story into a story of their own, and keep them apart from the rest.

    Raises:
        UsageError: no such story, articles that are not in it, or none that would stay.
    """
    async with db.transaction() as tx:
        numbers = await story_overrides.turn(tx)
        present = await _present(tx, story_id)
        seats = await publishing.seats(tx, [present], [])
        going = set(article_ids)
        strangers = sorted(going - {seat.article_id for seat in seats})
        if strangers:
            raise UsageError(f"not in story {present}: {', '.join(map(str, strangers))}")
        stay = [seat for seat in seats if seat.article_id not in going]
        go = [seat for seat in seats if seat.article_id in going]
        if not stay or not go:
            raise UsageError(f"story {present} has {len(seats)}: some must go and some stay")
        pairs = _across(stay, go)
        await story_overrides.lift(tx, pairs, ruling.ruled_at)
        await story_overrides.add(tx, pairs, "apart", ruling)
        parts = [membership.sitting(stay, story_id=present), membership.sitting(go)]
        changed = await write_stories(tx, parts)
        await number(tx, changed, [], numbers)
        moved = next(place for place in changed if place.article_id in going)
        return Split(story_id=present, new_story_id=moved.story_id)


async def join_stories(
    db: Database, story_id: int, other_story_id: int, ruling: Ruling
) -> tuple[int, int]:
    """Make two stories one, for good; return the number that stays and the one that goes.

    Raises:
        UsageError: no such story, or one story twice.
    """
    async with db.transaction() as tx:
        numbers = await story_overrides.turn(tx)
        stays, goes = sorted([await _present(tx, story_id), await _present(tx, other_story_id)])
        if stays == goes:
            raise UsageError(f"{story_id} and {other_story_id} are one story: {stays}")
        seats = await publishing.seats(tx, [stays, goes], [])
        one, other = ([seat for seat in seats if seat.story_id == n] for n in (stays, goes))
        leads = [membership.sitting(part).leader.article_id for part in (one, other)]
        await story_overrides.lift(tx, _across(one, other), ruling.ruled_at)
        await story_overrides.add(tx, [(leads[0], leads[1])], "together", ruling)
        whole = membership.sitting(seats, story_id=stays, merged=(goes,))
        changed = await write_stories(tx, [whole])
        await number(tx, changed, [], numbers)
        await publishing.drop(tx, [whole])
        await publishing.link(tx, [await _link(tx, leads, ruling)])
        return stays, goes


async def _present(tx: Session, story_id: int) -> int:
    present = await story_overrides.present_number(tx, story_id)
    if present is None:
        raise UsageError(f"there is no story {story_id}")
    return present


def _across(some: Sequence[StoryMember], others: Sequence[StoryMember]) -> list[tuple[int, int]]:
    return [(one.article_id, other.article_id) for one, other in product(some, others)]


async def _link(tx: Session, leads: Sequence[int], ruling: Ruling) -> Link:
    """Why the two stand in one story: the operator's word, with what the texts have in common."""
    known = await publishing.features(tx, leads)
    signed = await publishing.signed(tx, leads)
    earlier, later = sorted(leads)
    same_site = signed[earlier].site == signed[later].site
    return Link(
        article_id=later,
        other_article_id=earlier,
        kind=dedupe.kind(known[earlier], known[later], same_host=same_site),
        score=dedupe.likeness(known[earlier], known[later]),
        reason=f"joined by {ruling.ruled_by}" + (f": {ruling.reason}" if ruling.reason else ""),
    )
