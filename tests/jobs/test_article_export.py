"""broadsheet export: every column of every article, in three forms, in bounded memory."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from pyarrow import parquet

from jobs import article_export
from pipeline.storage import export as storage
from tests.jobs.shell import PROGRAM
from tests.jobs.world import World
from tests.pipeline.storage.builders import on_database, page_read, publish, store, words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from pipeline.storage.database import Database
    from tests.jobs.shell import Ran, Shell

COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = 'news.articles'::regclass AND attnum > 0 ORDER BY attnum"


def read(file: Path) -> list[dict[str, Any]]:
    if file.suffix == ".parquet":
        rows: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
        return rows
    text = file.read_text("utf-8")
    if file.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(text)))
    return [json.loads(line) for line in text.splitlines()]


FULL = Path("/dev/full")


@on_database
async def with_an_article(db: Database) -> None:
    await store(db, page_read("https://alder.example/a", words("a")))
    await publish(db)


@pytest.fixture
def slow_url(database_url: str) -> str:
    """A database with an article that it takes a minute to read, and no time to count."""
    with_an_article(database_url=database_url)
    world = World(database_url)
    world.rows(
        "CREATE FUNCTION public.slow(value text) RETURNS text STABLE LANGUAGE plpgsql "
        "AS 'BEGIN PERFORM pg_sleep(60); RETURN value; END'"
    )
    definition = str(world.value("SELECT pg_get_viewdef('news.articles'::regclass)"))
    slow = definition.replace("a.extractor", "public.slow(a.extractor) AS extractor")
    assert slow != definition
    world.rows(f"CREATE OR REPLACE VIEW news.articles AS {slow}")
    return database_url


@pytest.fixture(params=["jsonl", "csv", "parquet"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_article_is_written_with_every_column(
    cli: Callable[..., Ran], replayed: World, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"out.{kind}"
    ran = cli("export", "--format", kind, "-o", str(file), "--database-url", replayed.url)
    assert (ran.code, ran.out) == (0, "")
    assert "21 articles exported" in ran.err
    found = read(file)
    assert list(found[0]) == replayed.values(COLUMNS)
    assert [int(row["ingest_seq"]) for row in found] == list(range(1, 22))
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


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param(None, "", id="NULL"),
        pytest.param("", '""', id="empty"),
        pytest.param("plain", "plain", id="bare"),
        pytest.param("a, b", '"a, b"', id="comma"),
        pytest.param('say "ah"', '"say ""ah"""', id="quotes"),
        pytest.param("a\nb", '"a\nb"', id="lines"),
        pytest.param("a\rb", '"a\rb"', id="carriage return"),
        pytest.param([], "[]", id="no list"),
        pytest.param(["Åse", 'B "b"'], '"[""Åse"", ""B \\""b\\""""]"', id="list"),
        pytest.param(False, "false", id="boolean"),
        pytest.param(7, "7", id="number"),
    ],
)
def test_a_cell_of_csv_is_as_postgres_writes_it(
    cli: Callable[..., Ran],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    value: object,
    cell: str,
) -> None:
    async def one(*_: object, **__: object) -> AsyncGenerator[storage.Chunk, None]:
        columns = tuple(storage.Column(name=name, kind="text") for name in ("a", "b"))
        yield storage.Chunk(columns=columns, rows=[(1, value)])

    monkeypatch.setattr(storage, "articles", one)
    ran = cli("export", "--format", "csv", "--database-url", database_url)
    assert (ran.code, ran.out) == (0, f"a,b\n1,{cell}\n")


def test_postgres_reads_its_csv_back(
    cli: Callable[..., Ran], replayed: World, tmp_path: Path
) -> None:
    """NULL and the empty string stay apart; lists come as JSON."""
    file = tmp_path / "out.csv"
    cli("export", "--format", "csv", "-o", str(file), "--database-url", replayed.url)
    with psycopg.connect(replayed.url) as connection:
        connection.execute("CREATE TEMPORARY TABLE copied AS SELECT * FROM news.articles LIMIT 0")
        for column in ("authors", "tags"):
            connection.execute(f"ALTER TABLE copied ALTER {column} TYPE text".encode())
        copying = "COPY copied FROM STDIN (FORMAT csv, HEADER match)"
        with connection.cursor() as cursor, cursor.copy(copying) as copy:
            copy.write(file.read_bytes())
        same = """
            SELECT count(*) FROM copied AS c JOIN news.articles AS a USING (article_id)
            WHERE (a.title, a.text, a.image_url, a.section, a.published_at, a.is_lead, to_jsonb(a.tags))
              IS NOT DISTINCT FROM
              (c.title, c.text, c.image_url, c.section, c.published_at, c.is_lead, c.tags::jsonb)
        """
        assert connection.execute(same).fetchone() == (21,)


def test_a_dash_is_standard_output(
    cli: Callable[..., Ran], replayed: World, tmp_path: Path
) -> None:
    ran = cli("export", "--format", "jsonl", "--output", "-", "--database-url", replayed.url)
    assert (ran.code, len(ran.out.splitlines())) == (0, 21)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")
def test_a_full_standard_output_is_2_in_one_line(shell: Shell, replayed: World, kind: str) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(  # noqa: S603 - the project's own command
            [PROGRAM, "export", "--format", kind, "--database-url", replayed.url],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=shell._environment({}),
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "broadsheet: the output cannot be written: [Errno 28] No space left on device"
    ]


def test_ctrl_c_in_the_middle_is_130_and_leaves_nothing(
    shell: Shell, slow_url: str, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"out.{kind}"
    started = shell.start("export", "--format", kind, "-o", str(file), DATABASE_URL=slow_url)
    while not (found := list(tmp_path.iterdir())):
        assert started.poll() is None
    assert [path.name for path in found] == [f"{file.name}.part"]
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, out, err) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


def test_since_leaves_out_what_has_no_date_and_says_so(
    cli: Callable[..., Ran], database_url: str
) -> None:
    assert "articles without a date are left out" in " ".join(cli("export", "--help").out.split())

    with_an_article(database_url=database_url)
    World(database_url).rows(
        "UPDATE ingest.articles SET published_at = NULL, published_source = NULL"
    )
    counts = [
        cli("export", "--format", "jsonl", *since, "--database-url", database_url).err
        for since in ((), ("--since", "1990-01-02"))
    ]
    assert counts == ["1 article exported\n", "0 articles exported\n"]


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
    monkeypatch.setattr("jobs.article_export.json.dumps", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cli("export", "--format", "jsonl", "-o", str(file), "--database-url", replayed.url)
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert file.read_text() == "old"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        pytest.param('=HYPERLINK("https://x.example")', '"\'=HYPERLINK(""https://x.example"")"', id="formula"),
        pytest.param("+1 for the mayor", "'+1 for the mayor", id="plus"),
        pytest.param("-4 degrees", "'-4 degrees", id="minus"),
        pytest.param("@desk", "'@desk", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("\uff1d1+1", "'\uff1d1+1", id="full-width"),
        pytest.param("2 = 1 + 1", "2 = 1 + 1", id="not at its start"),
        pytest.param(-4, "-4", id="a number is a number"),
    ],
)  # fmt: skip
def test_a_title_is_no_formula_in_a_spreadsheet(text: object, cell: str) -> None:
    sink = io.BytesIO()
    columns = tuple(storage.Column(name=name, kind="text") for name in ("a", "b"))
    with article_export.WRITERS["spreadsheet"](sink) as write:
        write(storage.Chunk(columns=columns, rows=[(1, text)]))
    assert sink.getvalue().decode() == f"a,b\n1,{cell}\n"


def test_a_spreadsheet_is_csv(cli: Callable[..., Ran], database_url: str) -> None:
    assert cli("export", "--format", "csv", "--spreadsheet", DATABASE_URL=database_url).code == 0
    ran = cli("export", "--format", "jsonl", "--spreadsheet", DATABASE_URL=database_url)
    assert (ran.code, "--spreadsheet is for --format csv" in ran.err) == (2, True)
