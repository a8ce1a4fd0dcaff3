"""docs/sql.md says what the catalog says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.shell import Ran


def test_the_page_is_fresh(cli: Callable[..., Ran], database_url: str) -> None:
    ran = cli("db", "describe", "--database-url", database_url)
    assert ran.code == 0
    assert (ROOT / "docs" / "sql.md").read_text() == ran.out, "run 'make docs'"


def test_a_changed_comment_shows(cli: Callable[..., Ran], database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("COMMENT ON COLUMN news.polls.seen IS 'one | two'")
    ran = cli("db", "describe", "--database-url", database_url)
    assert "| `seen` | integer | one \\| two |" in ran.out
