"""broadsheet export: every column of every article, in three forms, in bounded memory."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

from pipeline.storage import export as storage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.shell import Ran
    from tests.jobs.world import World

COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = 'news.articles'::regclass AND attnum > 0 ORDER BY attnum"


def read(file: Path) -> list[dict[str, Any]]:
    if file.suffix == ".parquet":
        rows: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
        return rows
    text = file.read_text("utf-8")
    if file.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(text)))
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(params=["jsonl", "csv", "parquet"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_article_is_written_with_every_column(
    cli: Callable[..., Ran], replayed: World, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"out.{kind}"
    ran = cli("export", "--format", kind, "-o", str(file), "--database-url", replayed.url)
    assert (ran.code, ran.out) == (0, "")
    assert "20 articles exported" in ran.err
    found = read(file)
    assert list(found[0]) == replayed.values(COLUMNS)
    assert [int(row["ingest_seq"]) for row in found] == list(range(1, 21))
    texts = replayed.values("SELECT text FROM news.articles ORDER BY ingest_seq")
    assert [row["text"] for row in found] == texts
    assert sorted(path.name for path in tmp_path.iterdir()) == [file.name]


def test_values_keep_their_kind(
    cli: Callable[..., Ran], replayed: World, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"out.{kind}"
    cli("export", "--format", kind, "-o", str(file), "--database-url", replayed.url)
    ((published_at, authors),) = replayed.rows(
        "SELECT published_at, authors FROM news.articles WHERE ingest_seq = 1"
    )
    first = read(file)[0]
    expected: dict[str, Any] = {
        "jsonl": (published_at.isoformat(), authors, True, None),
        "csv": (published_at.isoformat(), json.dumps(authors, ensure_ascii=False), "true", ""),
        "parquet": (published_at, authors, True, None),
    }
    names = ("published_at", "authors", "is_lead", "image_url")
    assert tuple(first[name] for name in names) == expected[kind]


def test_site_and_time_narrow_it(cli: Callable[..., Ran], replayed: World) -> None:
    only = ("--site", "www.harbor-ledger.example", "--since", "2026-03-02")
    ran = cli("export", "--format", "jsonl", *only, "--database-url", replayed.url)
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["site"] for row in rows] == ["harbor-ledger.example"] * 2
    assert all(row["published_at"] >= "2026-03-02" for row in rows)


def test_nothing_found_is_an_empty_export_with_columns(
    cli: Callable[..., Ran], database_url: str, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"out.{kind}"
    ran = cli("export", "--format", kind, "-o", str(file), "--database-url", database_url)
    assert (ran.code, ran.err) == (0, "0 articles exported\n")
    if kind == "parquet":
        assert parquet.read_schema(file).names[:2] == ["article_id", "ingest_seq"]
    else:
        assert file.read_text().startswith("article_id,ingest_seq,") == (kind == "csv")


def test_chunks_are_bounded(
    cli: Callable[..., Ran],
    replayed: World,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    kind: str,
) -> None:
    """In chunks of seven the result is the same."""
    whole, parts = tmp_path / f"whole.{kind}", tmp_path / f"parts.{kind}"
    cli("export", "--format", kind, "-o", str(whole), "--database-url", replayed.url)
    monkeypatch.setattr(storage, "CHUNK", 7)
    cli("export", "--format", kind, "-o", str(parts), "--database-url", replayed.url)
    assert read(parts) == read(whole)
    if kind == "parquet":
        assert parquet.ParquetFile(parts).num_row_groups == 3


def test_parquet_without_pyarrow_says_what_to_install(
    cli: Callable[..., Ran], replayed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ran = cli("export", "--format", "parquet", "--database-url", replayed.url)
    assert (ran.code, ran.out) == (2, "")
    assert "pip install 'broadsheet[export]'" in ran.err


def test_a_file_that_cannot_be_written_is_2_and_leaves_nothing(
    cli: Callable[..., Ran], replayed: World, tmp_path: Path
) -> None:
    file = tmp_path / "absent" / "out.csv"
    ran = cli("export", "--format", "csv", "-o", str(file), "--database-url", replayed.url)
    assert ran.code == 2
    assert f"cannot write {file}" in ran.err


def test_an_export_that_fails_leaves_the_old_file(
    cli: Callable[..., Ran], replayed: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("old")
    monkeypatch.setattr("jobs.exporting.json.dumps", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cli("export", "--format", "jsonl", "-o", str(file), "--database-url", replayed.url)
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert file.read_text() == "old"
