"""The record of what operators ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.storage.database import Database

LONGEST = 2000  # characters of a detail: an order may name many thousands


async def note(db: Database, command: str, detail: str) -> None:
    """Note an order that was carried out: the command, and what on; the role is the session's."""
    now = await db.clock()
    async with db.session() as session:
        await session.run("add_order", now=now, command=command, detail=_cut(detail))


def numbered(word: str, numbers: Iterable[int]) -> str:
    """Return what an order was carried out on: feed 7, 9."""
    return f"{word} {', '.join(map(str, sorted(numbers)))}"


def _cut(detail: str) -> str:
    return detail if len(detail) <= LONGEST else f"{detail[: LONGEST - 1]}…"
