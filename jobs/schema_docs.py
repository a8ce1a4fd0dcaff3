"""Schema `news` as Markdown: docs/sql.md is made by this, from the catalog."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import TYPE_CHECKING

from jobs import database_target
from pipeline.storage import catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.database_target import Target
    from pipeline.storage.catalog import Schema

HEAD = """\
# Schema `news`

What people query. This page is made from the comments in the database by `make docs`; in psql, `\\d+ news.articles`
says the same. Columns may be added, never renamed or dropped. Ids are bigint, times are in UTC.
"""


def markdown(place: Target) -> str:
    """Return the views, columns, functions and closed lists of a database as one page."""

    async def ask() -> Schema:
        async with database_target.opened(place, connections=1) as db:
            return await catalog.schema(db)

    return "\n".join(_lines(asyncio.run(ask()))) + "\n"


def _lines(schema: Schema) -> Iterator[str]:
    yield HEAD
    for view in schema.views:
        yield f"## news.{view.name}\n\n{_cell(view.meaning)}\n"
        yield "| column | type | meaning |\n|---|---|---|"
        for column in schema.columns:
            if column.view == view.name:
                yield f"| `{column.name}` | {_kind(column.kind)} | {_cell(column.meaning)} |"
        yield ""
    for function in schema.functions:
        yield f"## news.{function.name}\n\n{_cell(function.meaning)}\n"
        yield f"Takes: `{_kind(function.arguments)}`\n"
        yield f"Returns: `{_kind(function.result)}`\n"
    yield "## Closed lists\n"
    yield "`news.values` holds them: the values a column may have, and what each means.\n"
    for name, meanings in groupby(schema.meanings, key=lambda one: one.list):
        yield f"### {name}\n\n| value | meaning |\n|---|---|"
        for one in meanings:
            yield f"| `{one.value}` | {_cell(one.meaning)} |"
        yield ""


def _kind(kind: str) -> str:
    return kind.replace("timestamp with time zone", "timestamptz")


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")
