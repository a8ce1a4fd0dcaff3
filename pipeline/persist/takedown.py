"""A takedown: an article and all that it said goes, in one transaction, and never comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.persist.stories import number, write_stories
from pipeline.storage import publishing, removals, story_overrides
from pipeline.stories import membership

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.storage.database import Database
    from pipeline.storage.removals import Removable

REMOVED = "removed"


async def remove_article(
    db: Database, article_id: int, *, now: datetime, by: str, why: str | None = None
) -> Removable:
    """Erase an article; its addresses and its entries' identities stay as tombstones.

    Its story goes on under another lead, or ends with it. Returns what the article was. Raises
    UsageError when there is none of that number, or it was removed before.
    """
    async with db.transaction() as tx:
        numbers = await story_overrides.turn(tx)
        found = await removals.find(tx, article_id)
        if found is None:
            raise UsageError(f"there is no article {article_id}")
        if found.outcome == REMOVED:
            raise UsageError(f"article {found.article_id} was removed already")
        stories = [found.story_id] if found.story_id is not None else []
        seats = await publishing.seats(tx, stories, [])
        change_seq = numbers.change_seq + 1
        await removals.bury(tx, found.article_id, change_seq=change_seq, now=now, by=by, why=why)
        rest = [seat for seat in seats if seat.article_id != found.article_id]
        parts = [membership.sitting(rest, story_id=found.story_id)] if rest else []
        changed = await write_stories(tx, parts)
        await number(tx, changed, [], replace(numbers, change_seq=change_seq))
        return found
