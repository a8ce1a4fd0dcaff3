"""What a takedown writes: the article's tombstone, and that what it said is erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.storage.database import Session


@dataclass(frozen=True, slots=True)
class Removable:
    """An article that a number means; `others` counts the articles beside it in its story."""

    article_id: int
    url: str
    outcome: str
    story_id: int | None
    title: str | None
    others: int


async def find(session: Session, article_id: int) -> Removable | None:
    """Return the article of a number; that of an alias is the article it is."""
    return await session.row(Removable, "find_removable", article_id=article_id)


async def bury(
    tx: Session, article_id: int, *, change_seq: int, now: datetime, by: str, why: str | None
) -> None:
    """Take an article off the queue for good, keep that it was removed, and erase what it said."""
    await tx.run("end_article", article_id=article_id, message=f"removed by {by}")
    await tx.run(
        "add_removal",
        article_id=article_id,
        change_seq=change_seq,
        now=now,
        removed_by=by,
        why=why,
    )
    await tx.run("erase_article", article_id=article_id)
