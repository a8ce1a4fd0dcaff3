"""Running one named query for a command and printing what it finds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jobs import database_target, output

if TYPE_CHECKING:
    from pipeline.storage.database import Table

FIRST_STEPS = (
    "'broadsheet feeds add URL', then 'broadsheet run'; those of the last replay: --replay"
)


def read(name: str, database_url: str | None, *, replay: bool, **values: object) -> Table:
    """Return what a query of `sql/queries` finds in the chosen database."""
    place = database_target.find(database_url, replay=replay)

    async def ask() -> Table:
        async with database_target.opened(place) as db, db.session() as session:
            return await session.table(name, **values)

    return asyncio.run(ask())


def show(
    name: str, database_url: str | None, *, replay: bool, as_json: bool, **values: object
) -> int:
    """Print what a query of `sql/queries` finds in the chosen database; return how many rows."""
    found = read(name, database_url, replay=replay, **values)
    output.show(found, as_json=as_json)
    return len(found.rows)


def hint(word: str, query: str, database_url: str | None, **values: object) -> None:
    """Say how to begin where a query finds nothing in a live database."""
    if not read(query, database_url, replay=False, **values).rows:
        output.say(f"no {word} yet: {FIRST_STEPS}")
