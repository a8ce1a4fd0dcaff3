"""The export command: published articles as JSON lines, CSV or Parquet, streamed."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import aclosing, contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from jobs import database_target, output
from pipeline.errors import UsageError
from pipeline.storage import export as storage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from jobs.database_target import Target
    from pipeline.storage.export import Chunk, Column

    Write = Callable[[Chunk], None]

# What a cell of CSV cannot hold bare (RFC 4180, section 2).
_QUOTED = re.compile('[",\r\n]')
# What a spreadsheet takes for a formula at the start of a cell, its full-width forms too
# (owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def export(
    place: Target, kind: str, file: Path | None, *, since: datetime | None, site: str | None
) -> int:
    """Write articles to a file or to standard output; return how many.

    `kind` is jsonl, csv, spreadsheet (CSV whose texts are no formulas) or parquet. Raises UsageError when pyarrow is needed and missing, or the
    file cannot be written. A file appears under its name when it is complete.
    """
    if kind == "parquet":
        _require_pyarrow()
        if file is None and sys.stdout.isatty():
            raise UsageError("Parquet is not for terminals: give --output FILE")
    return asyncio.run(_export(place, kind, file, since=since, site=site))


async def _export(
    place: Target, kind: str, file: Path | None, *, since: datetime | None, site: str | None
) -> int:
    done = 0
    async with database_target.opened(place, connections=1) as db:
        total = await storage.count(db, since=since, site=site)
        # Closed by hand: a writer that fails must not leave the cursor open.
        chunks = storage.articles(db, since=since, site=site)
        async with aclosing(chunks):
            with output.progress() as bar, _sink(file) as sink, WRITERS[kind](sink) as write:
                task = bar.add_task("articles", total=total)
                async for chunk in chunks:
                    write(chunk)
                    done += len(chunk.rows)
                    bar.update(task, completed=done)
    return done


@contextmanager
def _sink(file: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its name when all is written."""
    if file is None:
        with _standard_output() as sink:
            yield sink
        return
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as sink:
            yield sink
        part.replace(file)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error}") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    """Standard output. Ctrl-C ends the reader of a pipe too, and may do so first: it is Ctrl-C still."""
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        task = asyncio.current_task()
        if task and task.cancelling():
            raise KeyboardInterrupt from error
        raise


@contextmanager
def _json_lines(sink: BinaryIO) -> Iterator[Write]:
    def write(chunk: Chunk) -> None:
        names = [column.name for column in chunk.columns]
        for row in chunk.rows:
            line = json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
            sink.write(line.encode() + b"\n")

    yield write


@contextmanager
def _csv(sink: BinaryIO, text: Callable[[object], object] = lambda value: value) -> Iterator[Write]:
    """A head, then a line a row, as Postgres writes CSV; lists are JSON, `text` changes cells."""
    is_first = True

    def write(chunk: Chunk) -> None:
        nonlocal is_first
        if is_first:
            sink.write(_csv_line([column.name for column in chunk.columns]))
            is_first = False
        sink.writelines(_csv_line(list(map(text, row))) for row in chunk.rows)

    yield write


@contextmanager
def _parquet(sink: BinaryIO) -> Iterator[Write]:
    """A row group for each chunk."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415 - as above

    writer: Any = None

    def write(chunk: Chunk) -> None:
        nonlocal writer
        schema = pa.schema([pa.field(c.name, _arrow_type(pa, c)) for c in chunk.columns])
        if writer is None:
            writer = parquet.ParquetWriter(sink, schema, compression="zstd")
        if chunk.rows:
            columns: list[Sequence[object]] = list(zip(*chunk.rows, strict=True))
            arrays = [
                pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pa.table(arrays, schema=schema))

    try:
        yield write
    finally:  # left open it would write its end when it is collected, to a file that is no more
        if writer is not None:
            writer.close()


def _no_formula(value: object) -> object:
    """A text that a spreadsheet would run as a formula, with an apostrophe that makes it a text."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


WRITERS: dict[str, Callable[[BinaryIO], AbstractContextManager[Write]]] = {
    "jsonl": _json_lines,
    "csv": _csv,
    "spreadsheet": partial(_csv, text=_no_formula),
    "parquet": _parquet,
}


def _arrow_type(pa: Any, column: Column) -> Any:
    kinds = {
        "int8": pa.int64(),
        "int4": pa.int32(),
        "bool": pa.bool_(),
        "float8": pa.float64(),
        "timestamptz": pa.timestamp("us", tz="UTC"),
        "text[]": pa.list_(pa.string()),
    }
    return kinds.get(column.kind, pa.string())


def _require_pyarrow() -> None:
    try:
        import pyarrow as pa  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed: pip install 'broadsheet[export]'"
        ) from error


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _csv_line(row: Sequence[object]) -> bytes:
    return (",".join(map(_cell, row)) + "\n").encode()


def _cell(value: object) -> str:
    """A value as COPY ... (FORMAT csv) writes it: nothing for NULL, quotes for an empty string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    text = str(_plain(value))
    return text if text and not _QUOTED.search(text) else '"' + text.replace('"', '""') + '"'
