"""The options that commands share."""

from __future__ import annotations

from typing import Annotated

import typer

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        metavar="URL",
        help="The Postgres to work on. Default: DATABASE_URL, else the embedded server.",
    ),
]
Replay = Annotated[
    bool, typer.Option("--replay", help="Work on the embedded database of the last replay.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many rows at most.")]
