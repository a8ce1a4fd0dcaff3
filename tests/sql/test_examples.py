"""The queries worth stealing: each runs on the replayed seeds, and asks only what readers may see."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import psycopg

EXAMPLES = sorted(
    (Path(__file__).resolve().parent.parent.parent / "sql" / "examples").glob("*.sql")
)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs_on_the_replayed_seeds(
    replayed_connection: psycopg.Connection[tuple[object, ...]], path: Path
) -> None:
    found = replayed_connection.execute(path.read_bytes())
    names = [column.name for column in found.description or ()]
    assert "?column?" not in names
    assert len(names) == len(set(names)) > 1


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_asks_what_readers_may_see(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("-- ")
    assert "ingest." not in text
