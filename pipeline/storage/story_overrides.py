"""What operators said of articles: which pairs are never, or always, in one story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pipeline.storage.publishing import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipeline.model import Ruling
    from pipeline.storage.database import Session


async def turn(tx: Session) -> Numbers:
    """Wait until nobody publishes, and keep others from it until the transaction ends."""
    found = await tx.row(Numbers, "await_publishing")
    if found is None:
        raise LookupError("the row of the publishers is missing")
    return found


async def present_number(tx: Session, story_id: int) -> int | None:
    """Return the number that a story has now; None when there never was one."""
    found = await tx.value("story_number", story_id=story_id)
    return None if found is None else int(found)


async def lift(tx: Session, pairs: Iterable[tuple[int, int]], now: datetime) -> None:
    """Let the words on these pairs of articles count no more."""
    later, earlier = _columns(pairs)
    await tx.run("lift_rulings", article_ids=later, others=earlier, now=now)


async def add(
    tx: Session,
    pairs: Iterable[tuple[int, int]],
    word: Literal["apart", "together"],
    ruling: Ruling,
) -> None:
    """Keep an operator's word on pairs of articles of which no word counts."""
    later, earlier = _columns(pairs)
    await tx.run(
        "add_rulings",
        article_ids=later,
        others=earlier,
        ruling=word,
        now=ruling.ruled_at,
        ruled_by=ruling.ruled_by,
        reason=ruling.reason,
    )


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """The later articles of the pairs and the earlier ones, in a fixed order."""
    ordered = sorted({(max(pair), min(pair)) for pair in pairs})
    return [later for later, _ in ordered], [earlier for _, earlier in ordered]
