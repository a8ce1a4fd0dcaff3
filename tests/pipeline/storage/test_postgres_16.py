"""The oldest server that is promised: the same schema, the same replay, the same rules."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.storage import embedded, roles, schema
from pipeline.storage.database import checks, connected
from tests.pipeline.storage.builders import replay_seeds

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def old_url() -> Iterator[str]:
    """A database of PostgreSQL 16, which the wheel of the embedded server carries too."""
    with tempfile.TemporaryDirectory(prefix="bs-16-") as name:
        yield embedded.start(Path(name), version=16).url("postgres")
        embedded.stop(Path(name))


@pytest.fixture(scope="module")
def replayed_url(old_url: str, root: Path) -> str:
    """The same with the seeds replayed."""
    schema.migrate(old_url)
    asyncio.run(replay_seeds(old_url, root))
    return old_url


def test_it_is_the_oldest_that_is_taken(old_url: str) -> None:
    with psycopg.connect(old_url) as connection:
        assert connection.info.server_version // 10000 == schema.LEAST_SERVER // 10000


def test_the_schema_is_current(replayed_url: str) -> None:
    schema.require_current(replayed_url)
    assert schema.migrate(replayed_url) == ()


def test_the_seeds_bring_articles_and_every_rule_holds(replayed_url: str) -> None:
    async def broken() -> list[str]:
        async with connected(replayed_url, connections=1) as db, db.session() as session:
            return [name for name in checks() if (await session.check(name)).rows]

    assert asyncio.run(broken()) == []


def test_people_can_query_it(replayed_url: str) -> None:
    with psycopg.connect(replayed_url) as connection:
        (articles,) = connection.execute("SELECT count(*) FROM news.articles").fetchone() or (0,)
        assert articles > 10
        views = connection.execute("SELECT viewname FROM pg_views WHERE schemaname = 'news'")
        for (view,) in views.fetchall():
            connection.execute(f"TABLE news.{view}")
        assert connection.execute("SELECT * FROM news.search('ferry')").fetchall()


def test_roles_can_be_made(replayed_url: str) -> None:
    assert roles.make(replayed_url) == roles.make(replayed_url)
