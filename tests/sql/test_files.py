"""Rules that the files keep: no clock but one, no SQL in Python, a comment on top, plans for all."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = sorted((ROOT / "sql").rglob("*.sql"))
QUERIES = sorted((ROOT / "sql" / "queries").glob("*.sql"))
PYTHON = sorted(path for folder in ("pipeline", "jobs") for path in (ROOT / folder).rglob("*.py"))
# Migrations, databases and sessions are made by these; what they say cannot stand in a query file.
SPEAKERS = {"schema.py", "embedded.py", "database.py", "connections.py"}

PARAMETER = re.compile(r"%\((\w+)\)[sbt]")
CLOCK = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\("
    r"|\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime)\b"
    r"|'(?:now|today|yesterday|tomorrow)'",
    re.IGNORECASE,
)
STATEMENT = re.compile(
    r"^\s*(?:SELECT\s|WITH\s\w+\sAS\s|INSERT\sINTO\s|UPDATE\s\S+\s+SET\s|DELETE\sFROM\s|TRUNCATE\s"
    r"|(?:CREATE|ALTER|DROP|COMMENT\sON|LOCK)\s[A-Z]|GRANT\s|REVOKE\s|LISTEN\s|NOTIFY\s|COPY\s)",
)


def clock_uses(text: str) -> list[str]:
    return CLOCK.findall(re.sub(r"--.*", "", text))


def statements(source: str) -> list[str]:
    """The strings of a Python file that are SQL; docstrings are not."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [
        node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, (str, bytes))
        and id(node) not in prose
    ]
    return [text for text in strings if STATEMENT.match(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_only_read_clock_reads_the_clock(path: Path) -> None:
    expected = 1 if path.name == "read_clock.sql" else 0
    assert len(clock_uses(path.read_text())) == expected


@pytest.mark.parametrize(
    "text",
    ["SELECT now();", "SET at = CURRENT_TIMESTAMP", "at >= localtimestamp", "'now'::timestamptz"],
)
def test_a_clock_is_noticed(text: str) -> None:
    assert len(clock_uses(text)) == 1


@pytest.mark.parametrize("text", ["known, now_at", "-- until now()", "%(now)s", "last_now (a)"])
def test_other_words_are_no_clock(text: str) -> None:
    assert clock_uses(text) == []


def test_no_column_has_a_clock_for_a_default(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        defaults = connection.execute(
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef AS d "
            "JOIN pg_class AS c ON c.oid = d.adrelid "
            "WHERE c.relnamespace = 'ingest'::regnamespace"
        ).fetchall()
    assert [text for (text,) in defaults if clock_uses(str(text))] == []


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.stem)
def test_python_holds_no_sql(path: Path) -> None:
    if path.parent.name == "storage" and path.name in SPEAKERS:
        return
    assert statements(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('x = "SELECT 1"', 1),
        ('x = b"INSERT INTO t VALUES (1)"', 1),
        ('x = f"DELETE FROM {t}"', 1),
        ('x = """\\n  UPDATE t SET a = 1"""', 1),
        ('"""SELECT is described here."""', 0),
        ('x = "Select a feed"', 0),
        ('x = "CREATE"', 0),
    ],
)
def test_sql_in_python_is_noticed(source: str, count: int) -> None:
    assert len(statements(source)) == count


@pytest.mark.parametrize(
    "path", [*QUERIES, *sorted((ROOT / "sql" / "checks").glob("*.sql"))], ids=lambda path: path.stem
)
def test_a_query_begins_with_one_line_that_says_why(path: Path) -> None:
    first, second, *_ = path.read_text().splitlines()
    assert re.fullmatch(r"-- [A-Z].*[.?]", first)
    assert not second.startswith("--")


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_query_is_one_statement_that_runs_on_the_schema(
    template_connection: psycopg.Connection[tuple[object, ...]], path: Path
) -> None:
    text = path.read_text()
    values = dict.fromkeys(PARAMETER.findall(text))
    with template_connection.transaction(force_rollback=True):
        plan = template_connection.execute(b"EXPLAIN " + text.encode(), values).fetchall()
    assert plan


def test_every_query_is_used() -> None:
    code = "\n".join(path.read_text() for path in PYTHON)
    assert [path.stem for path in QUERIES if f'"{path.stem}"' not in code] == []
