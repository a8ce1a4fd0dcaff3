"""docs/backup.md, tried: a dump restored elsewhere is the same database, and the service goes on in it."""

from __future__ import annotations

import asyncio
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.storage import embedded, roles, schema
from pipeline.storage.database import checks, connected
from tests.conftest import ROOT
from tests.pipeline.storage import builders

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.storage.embedded import Server

PAGE = "https://alder.example/before"
INDEX_ANEW = "SELECT count(*) FROM ingest.search, ingest.index_article(article_id)"


@pytest.fixture(scope="module")
def original(server: Server) -> str:
    """A database with the seeds, the roles and a secret in it."""
    url = embedded.create(server, "original")
    schema.migrate(url)
    asyncio.run(builders.replay_seeds(url, ROOT))
    roles.make(url)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE ingest.purpose SET purpose = 'live'")
        connection.execute('INSERT INTO ingest.feed_headers VALUES (1, \'{"x-key": "secret"}\')')
    return url


def tool(server: Server, name: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - of the wheel
        [str(server.tools / name), *arguments], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def restored(server: Server, original: str, name: str, folder: Path, *left_out: str) -> str:
    """The address of a copy, made as docs/backup.md says."""
    file = str(folder / "news.dump")
    tool(server, "pg_dump", "--format=custom", *left_out, f"--file={file}", original)
    url = embedded.create(server, name, anew=True)
    options = ("--exit-on-error", "--no-owner", "--no-privileges")
    tool(server, "pg_restore", *options, f"--dbname={url}", file)
    return url


def state(url: str) -> dict[str, list[str]]:
    async def read() -> dict[str, list[str]]:
        async with connected(url, connections=1) as db:
            return await builders.snapshot(db)

    return asyncio.run(read())


def test_a_restored_database_holds_the_same_rows(
    server: Server, original: str, tmp_path: Path
) -> None:
    url = restored(server, original, "restored", tmp_path)
    assert schema.migrate(url) == ()
    roles.make(url)
    schema.require_current(url)
    assert state(url) == state(original)


def test_the_rules_hold_and_the_service_goes_on(
    server: Server, original: str, tmp_path: Path
) -> None:
    url = restored(server, original, "resumed", tmp_path)
    with psycopg.connect(url) as connection:
        (last,) = connection.execute("SELECT max(change_seq) FROM news.articles").fetchone() or (0,)
        assert connection.execute("SELECT * FROM news.search('ferry')").fetchall()

    async def scenario() -> tuple[object, list[str]]:
        async with connected(url, connections=2) as db:
            await builders.store(db, builders.page_read(PAGE, builders.words("new")))
            await builders.publish(db)
            number = await builders.value(db, "SELECT max(change_seq) FROM news.articles")
            async with db.session() as session:
                broken = [name for name in checks() if (await session.check(name)).rows]
        return number, broken

    assert asyncio.run(scenario()) == (int(str(last)) + 1, [])


def test_a_dump_without_bodies_holds_the_rest(
    server: Server, original: str, tmp_path: Path
) -> None:
    url = restored(server, original, "light", tmp_path, "--exclude-table-data=ingest.bodies")
    whole, light = state(original), state(url)
    assert len(whole["bodies"]) > 10
    assert light == {**whole, "bodies": []}


def test_the_index_is_made_anew_and_its_articles_are_counted(
    server: Server, original: str, tmp_path: Path
) -> None:
    url = restored(server, original, "indexed", tmp_path)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE ingest.search SET document = ''")
        assert connection.execute("SELECT * FROM news.search('ferry')").fetchall() == []
        (count,) = connection.execute("SELECT count(*) FROM ingest.search").fetchone() or (0,)
        assert connection.execute(INDEX_ANEW).fetchone() == (count,)
        assert connection.execute("SELECT * FROM news.search('ferry')").fetchall()


def test_the_commands_are_those_of_the_page() -> None:
    page = (ROOT / "docs" / "backup.md").read_text()
    for words in (
        "pg_dump --format=custom --file=",
        "pg_dump --format=custom --exclude-table-data=ingest.bodies --file=",
        "pg_restore --exit-on-error --no-owner --no-privileges --dbname=",
        INDEX_ANEW,
    ):
        assert words in page
