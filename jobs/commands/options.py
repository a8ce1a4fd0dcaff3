"""The options that commands share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from pipeline import config, urls
from pipeline.errors import BadUrlError

MOST_ROWS, MOST_NUMBERS = 2**31 - 1, 2**63 - 1  # what int and bigint of Postgres hold


def time(value: str) -> datetime:
    """Return a time as people write one; UTC unless it says otherwise."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(
            f"{value!r} is no time in UTC such as 2026-03-04 or '2026-03-04 17:30'"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def site(value: str) -> str:
    """Return the registrable domain of a host or an address: www.example.org is example.org."""
    try:
        return urls.site(value)
    except BadUrlError as error:
        raise typer.BadParameter(f"{error.message}: give a name such as example.org") from error


def connection(value: str) -> str:
    """Return a connection string as it is; it is never repeated, it may hold a password."""
    if not config.names_a_database(value):
        raise typer.BadParameter(f"no connection string; it looks like {config.URL_SHAPE}")
    return value


DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        parser=connection,
        metavar="URL",
        help="The Postgres to work on. Default: DATABASE_URL, else the embedded server.",
    ),
]
Replay = Annotated[
    bool, typer.Option("--replay", help="Work on the embedded database of the last replay.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Limit = Annotated[
    int, typer.Option("--limit", "-n", min=1, max=MOST_ROWS, help="How many rows at most.")
]
Number = Annotated[int, typer.Argument(min=1, max=MOST_NUMBERS, metavar="ID")]
Site = Annotated[
    str | None,
    typer.Option(parser=site, metavar="SITE", help="Only this registrable domain (example.org)."),
]
Since = Annotated[
    datetime | None,
    typer.Option(
        parser=time,
        metavar="TIME",
        help="Published at or after (2026-03-04), UTC; articles without a date are left out.",
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(parser=time, metavar="TIME", help="Published before (2026-03-04 17:30), UTC."),
]
