"""What commands print: data on stdout, the rest on stderr."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import structlog
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable
from rich.text import Text

if TYPE_CHECKING:
    from pipeline.storage.database import Table

# Columns that take several lines when there is no room, and how much of a value they show.
WIDE = {"title": 64, "url": 76, "example": 76, "authors": 24, "message": 120, "meaning": 80}
WIDE |= {"headline": 160}
WIDTH_IN_PIPES = 200  # columns of a table when nobody says how wide the paper is


def out() -> Console:
    """Return the console for data."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_IN_PIPES, soft_wrap=False)


def say(message: str) -> None:
    """Say something to the person at the terminal, on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(message))


def show(table: Table, *, as_json: bool, title: str | None = None) -> None:
    """Print rows as a table, or as a JSON array of objects."""
    if as_json:
        print_json(rows(table))
        return
    rich = RichTable(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in table.names:
        rich.add_column(name, no_wrap=name not in WIDE, overflow="fold")
    for row in table.rows:
        cells = zip(table.names, map(_cell, row), strict=True)
        rich.add_row(*(Text(_cut(cell, WIDE.get(name, len(cell)))) for name, cell in cells))
    out().print(rich)


def rows(table: Table) -> list[dict[str, object]]:
    """Return the rows as JSON objects."""
    return [dict(zip(table.names, map(_plain, row), strict=True)) for row in table.rows]


def show_record(table: Table, *, as_json: bool) -> None:
    """Print one row as a list of names and values, or as a JSON object."""
    for row in table.rows:
        if as_json:
            print_json(dict(zip(table.names, map(_plain, row), strict=True)))
            return
        width = max(map(len, table.names))
        console = out()
        for name, value in zip(table.names, row, strict=True):
            shown = _cell(value)
            glue = "\n" if "\n" in shown else ""
            console.print(Text(f"{name:<{width}}  ", style="bold") + Text(glue + shown))


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
    """Send log lines to stderr: for people on a terminal, JSON else; only warnings if `quiet`."""
    person = sys.stderr.isatty()
    shared = (
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    tracebacks = () if person else (structlog.processors.format_exc_info,)
    renderer = structlog.dev.ConsoleRenderer() if person else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, *tracebacks, renderer],
        wrapper_class=structlog.make_filtering_bound_logger("warning" if quiet else "info"),
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


def _cut(cell: str, length: int) -> str:
    return cell if len(cell) <= length else f"{cell[: length - 1]}…"


def _cell(value: object) -> str:
    match value:
        case None:
            said = "-"
        case datetime():
            said = f"{value:%Y-%m-%d %H:%M:%S}Z"
        case timedelta():
            said = str(timedelta(seconds=round(value.total_seconds())))
        case float():
            said = f"{value:.3g}"
        case list() | tuple():
            said = ", ".join(map(str, value))
        case _:
            said = str(value)
    return said


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
