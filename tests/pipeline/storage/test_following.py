"""Numbers are given in the order in which rows become visible: who follows them misses nothing."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from pipeline import flow, persist
from pipeline.persist.takedown import remove_article
from pipeline.storage import publishing
from pipeline.storage.database import connected
from tests.conftest import ROOT
from tests.pipeline.storage.builders import (
    NOW,
    article_id,
    claim_articles,
    item,
    on_database,
    page_read,
    poll,
    publish,
    queue_publishing,
    rows,
    store,
    words,
)
from tests.pipeline.storage.following import Copy, Work

if TYPE_CHECKING:
    from pipeline.storage.database import Database
    from pipeline.storage.embedded import Server

A, B = "https://alder.example/page", "https://birch.example/page"
NUMBERS = "SELECT url, ingest_seq, change_seq FROM news.articles ORDER BY change_seq"


@on_database
async def test_a_transaction_that_ends_late_gets_a_late_number(db: Database) -> None:
    """A is found first and stored in a transaction that is still open while B is published."""
    await poll(db, item(A), item(B))
    due = {article.url: article for article in await claim_articles(db)}
    copy = Copy()
    async with db.transaction() as slow:
        await queue_publishing(slow, due[A].article_id, now=NOW)
        await persist.write_page(db, due[B], page_read(B, words("b")), draw=0.5)
        assert await publish(db) == 1
        await copy.catch_up(db)
    await persist.write_page(db, due[A], page_read(A, words("a")), draw=0.5)
    assert await publish(db) == 1
    await copy.catch_up(db)
    assert due[A].article_id < due[B].article_id
    assert await rows(db, NUMBERS) == [(B, 1, 1), (A, 2, 2)]
    assert sorted(copy.rows) == sorted(article.article_id for article in due.values())


@on_database
async def test_numbers_are_unseen_until_their_batch_is_whole(db: Database) -> None:
    """A second publisher goes away meanwhile: no later number can be seen before."""
    await store(db, page_read(A, words("a")), page_read(B, words("b")))
    async with db.transaction() as tx:
        numbers = await publishing.lock(tx)
        assert numbers is not None
        await tx.run("advance_publishing", ingest_seq=2, change_seq=2)
        assert await flow.publish(db) == 0
        assert await rows(db, NUMBERS) == []


def test_a_follower_ends_with_exactly_the_rows(database_url: str) -> None:
    """Beside four writers that store and change, and a publisher."""

    async def scenario() -> None:
        copy = Copy()
        async with connected(database_url, connections=8) as db:
            work = Work(db, NOW)
            async with work.going_on():
                until = time.monotonic() + 3
                while time.monotonic() < until:
                    if not await copy.catch_up(db):
                        await asyncio.sleep(0.01)
            await publish(db)
            while await copy.catch_up(db):
                pass
            true = {row[0]: row for row in await rows(db, "SELECT * FROM news.articles")}
            changed = await rows(db, "SELECT count(*) FROM news.articles WHERE revision_count > 1")
        assert len(true) >= 20
        assert changed[0][0] > 0
        assert copy.rows == true

    asyncio.run(scenario())


@on_database
async def one_more(db: Database, page: str) -> None:
    await store(db, page_read(page, words(page)))
    await publish(db)


def test_the_example_in_python_follows(database_url: str) -> None:
    one_more(database_url=database_url, page=A)
    program = str(ROOT / "sql" / "examples" / "follow.py")
    with subprocess.Popen(  # noqa: S603 - of the checkout
        [sys.executable, "-u", program, database_url], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            first = json.loads(process.stdout.readline())
            one_more(database_url=database_url, page=B)
            second = json.loads(process.stdout.readline())
        finally:
            process.terminate()
    assert [(row["url"], row["change_seq"]) for row in (first, second)] == [(A, 1), (B, 2)]


@on_database
async def taken_down(db: Database, page: str) -> None:
    await remove_article(db, await article_id(db, page), now=NOW, by="desk")


def test_the_example_in_python_tells_takedowns_in_their_place(database_url: str) -> None:
    for page in (A, B):
        one_more(database_url=database_url, page=page)
    program = str(ROOT / "sql" / "examples" / "follow.py")
    with subprocess.Popen(  # noqa: S603 - of the checkout
        [sys.executable, "-u", program, database_url, "1"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            told = [json.loads(process.stdout.readline())]
            taken_down(database_url=database_url, page=A)
            told.append(json.loads(process.stdout.readline()))
        finally:
            process.terminate()
    assert [(row["change_seq"], row["is_removed"], row["url"]) for row in told] == [
        (2, False, B),
        (3, True, None),
    ]


@pytest.mark.parametrize("arguments", [[], ["postgresql:///news", "soon"]])
def test_the_example_in_python_says_how_it_is_called(arguments: list[str]) -> None:
    program = str(ROOT / "sql" / "examples" / "follow.py")
    done = subprocess.run(  # noqa: S603 - as above
        [sys.executable, program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("usage: follow.py")


def test_the_example_in_psql_is_told(server: Server, database_url: str) -> None:
    page = (ROOT / "sql" / "examples" / "README.md").read_text()
    assert "-c 'LISTEN news_articles' -c 'SELECT pg_sleep(60)'" in page
    listening = [database_url, "-c", "LISTEN news_articles", "-c", "SELECT pg_sleep(3)"]
    with subprocess.Popen(  # noqa: S603 - of the wheel
        [str(server.tools / "psql"), *listening], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "LISTEN\n"
        one_more(database_url=database_url, page=A)
        said, _ = process.communicate(timeout=30)
    assert '"news_articles" with payload "{"ingest_seq" : 1, "change_seq" : 1}"' in said
