"""What the database says of itself: schema `news` as its catalog describes it, the server, its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.storage.database import Database


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view, with its type and its comment."""

    view: str
    name: str
    kind: str
    meaning: str | None


@dataclass(frozen=True, slots=True)
class View:
    """A view of schema `news` and its comment."""

    name: str
    meaning: str | None


@dataclass(frozen=True, slots=True)
class Function:
    """A function of schema `news`: what it takes and returns, as Postgres writes it."""

    name: str
    arguments: str
    result: str
    meaning: str | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value of a closed list; `list` is the view and column that holds it."""

    list: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Schema `news`, in the order of names; columns in their own."""

    views: tuple[View, ...]
    columns: tuple[Column, ...]
    functions: tuple[Function, ...]
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes: of the database now, and what the last week added to each kind of rows."""

    total_bytes: int
    kept_week_bytes: int
    body_week_bytes: int
    fetch_week_bytes: int
    fingerprint_week_bytes: int


async def schema(db: Database) -> Schema:
    """Return what people can query."""
    async with db.session() as session:
        return Schema(
            views=tuple(await session.rows(View, "describe_relations")),
            columns=tuple(await session.rows(Column, "describe_columns")),
            functions=tuple(await session.rows(Function, "describe_functions")),
            meanings=tuple(await session.rows(Meaning, "describe_values")),
        )


async def takes_writes(db: Database) -> bool:
    """Return whether rows can be changed: false on a standby and where it is set to read-only."""
    async with db.session() as session:
        return bool(await session.value("takes_writes"))


async def server_version(db: Database) -> str:
    """Return the version of PostgreSQL, such as 18.4."""
    async with db.session() as session:
        return str(await session.value("doctor_server"))


async def size(db: Database, *, since: datetime) -> Size:
    """Return how large the database is, and what came at or after `since`."""
    async with db.session() as session:
        found = await session.row(Size, "doctor_size", since=since)
    return found or Size(0, 0, 0, 0, 0)


async def hosts(db: Database) -> list[str]:
    """Return the hosts that are polled next, a few."""
    async with db.session() as session:
        return [str(host) for host in await session.values("doctor_hosts")]
