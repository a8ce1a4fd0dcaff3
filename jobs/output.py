"""What commands print: data on stdout, the rest on stderr."""

from __future__ import annotations

import json
import logging
import shutil
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from jobs import tables
from pipeline import config

if TYPE_CHECKING:
    from pipeline.storage.database import Table


OUTCOMES = {"polled", "ingested"}


def out() -> Console:
    """Return the console for data."""
    return Console(soft_wrap=True, highlight=False)


def say(message: str) -> None:
    """Say something to the person at the terminal, on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(message))


def show(table: Table, *, as_json: bool, title: str | None = None) -> None:
    """Print rows as a table, or as a JSON array of objects; no rows are said on stderr."""
    if as_json:
        print_json(rows(table))
        return
    if not table.rows:
        say("no rows")
        return
    if title:
        _print(title, style="italic")
    for line in tables.lines(table, _paper()):
        _print(line)
    if title:
        _print("")


def rows(table: Table) -> list[dict[str, object]]:
    """Return the rows as JSON objects."""
    return [dict(zip(table.names, map(_plain, row), strict=True)) for row in table.rows]


def show_record(table: Table, *, as_json: bool) -> None:
    """Print the first row as names and values, its text last, or as a JSON object."""
    if as_json:
        print_json(rows(table)[0])
        return
    width = max(map(len, table.names))
    for name, value in tables.record(table):
        if tables.is_long(name, value):
            _print(f"\n{name}", style="bold")
            _print(value)
        else:
            _print(f"{name:<{width}}", style="bold", end="  ")
            _print(value)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def progress() -> Progress:
    """Return a progress bar on stderr; silent when stderr is no terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )


def log_to_stderr(*, quiet: bool = False) -> None:
    """Send log lines to stderr: for people on a terminal, JSON else; only warnings if `quiet`.

    BROADSHEET_LOG_FORMAT and BROADSHEET_LOG_LEVEL have the last word.
    """
    settings, origins = config.load()
    person = sys.stderr.isatty() if settings.log_format == "auto" else settings.log_format == "text"
    level = "warning" if quiet and origins["log_level"] == "default" else settings.log_level
    shared = (
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    tracebacks = () if person else (structlog.processors.format_exc_info,)
    renderer = _for_people() if person else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*([_without_outcomes] if quiet else []), *shared, *tracebacks, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # What libraries have to say looks the same.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *tracebacks,
                renderer,
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    # A tick that finds its line still being worked off is skipped, as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # The pool says of each connection that it failed; `OutageLog` says it once.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def _without_outcomes(
    _: object, __: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Leave out the line of each item: who ran the command gets their counts."""
    if line["event"] in OUTCOMES:
        raise structlog.DropEvent
    return line


def _for_people() -> structlog.dev.ConsoleRenderer:
    # The default prints the values of variables too: a feed's headers may be among them.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def _paper() -> int | None:
    """How many columns there are: those of the terminal, or as many as it takes."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _print(line: str, *, style: str = "", end: str = "\n") -> None:
    """Write a line whole: a terminal wraps it, a pipe gets it as it is."""
    if sys.stdout.isatty():
        out().print(Text(line, style=style), end=end, soft_wrap=True)
    else:
        sys.stdout.write(line + end)


def _plain(value: object) -> object:
    plain = value
    match value:
        case datetime():
            plain = value.isoformat()
        case timedelta():
            plain = value.total_seconds()
        case Decimal():
            plain = float(value)
        case list() | tuple():
            plain = [_plain(part) for part in value]
        case _:
            pass
    return plain


def plural(count: int, word: str) -> str:
    """Return `count` with its word: 1 feed, 2 feeds, 3 stories."""
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{count:,} {word if count == 1 else many}"
