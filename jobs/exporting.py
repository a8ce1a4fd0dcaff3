"""The export command: published articles as JSON lines, CSV or Parquet, streamed."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sys
from contextlib import aclosing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from jobs import output, target
from pipeline.errors import UsageError
from pipeline.storage import export as storage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from jobs.target import Target
    from pipeline.storage.export import Chunk, Column

    Write = Callable[[Chunk], None]


def export(
    place: Target, kind: str, file: Path | None, *, since: datetime | None, site: str | None
) -> int:
    """Write articles to a file or to standard output; return how many.

    `kind` is jsonl, csv or parquet. Raises UsageError when pyarrow is needed and missing, or the
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
    async with target.opened(place, connections=1) as db:
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
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
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
def _json_lines(sink: BinaryIO) -> Iterator[Write]:
    def write(chunk: Chunk) -> None:
        names = [column.name for column in chunk.columns]
        for row in chunk.rows:
            line = json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
            sink.write(line.encode() + b"\n")

    yield write


@contextmanager
def _csv(sink: BinaryIO) -> Iterator[Write]:
    """A head, then a line a row; lists as JSON, nothing for NULL."""
    text = io.TextIOWrapper(sink, encoding="utf-8", newline="", write_through=True)
    lines = csv.writer(text, lineterminator="\n")
    is_first = True

    def write(chunk: Chunk) -> None:
        nonlocal is_first
        if is_first:
            lines.writerow([column.name for column in chunk.columns])
            is_first = False
        lines.writerows([_cell(value) for value in row] for row in chunk.rows)

    yield write
    text.detach()


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

    yield write
    if writer is not None:
        writer.close()


WRITERS = {"jsonl": _json_lines, "csv": _csv, "parquet": _parquet}


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


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return _plain(value)
