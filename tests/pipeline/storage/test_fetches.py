"""Answers of the web: one row for each, one body for the same bytes, no secrets in either."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.model import FetchRecord, Hop, Response
from pipeline.reasons import Reason
from pipeline.storage import fetches
from tests.pipeline.storage.builders import MINUTE, NOW, on_database, rows, snapshot, value

if TYPE_CHECKING:
    from pipeline.storage.database import Database

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "https://alder.example/a"
ANSWER = Response(url=PAGE, body=b"<p>Fog.</p>", fetched_at=NOW, duration_seconds=0.5)


async def add(db: Database, response: Response | None, reason: Reason | None = None) -> int:
    """Record an answer; the id of the newest row."""
    record = FetchRecord(url=PAGE, purpose="page", asked_at=NOW, response=response, reason=reason)
    async with db.transaction() as tx:
        await fetches.add(tx, [record])
    return int(await value(db, "SELECT max(fetch_id) FROM ingest.fetches"))


@on_database
async def test_the_same_answer_twice_is_one_row_and_one_body(db: Database) -> None:
    first = await add(db, ANSWER)
    before = await snapshot(db)
    assert await add(db, ANSWER) == first
    assert await snapshot(db) == before


@on_database
async def test_the_same_bytes_at_another_time_are_another_row_and_the_same_body(
    db: Database,
) -> None:
    first = await add(db, ANSWER)
    second = await add(db, replace(ANSWER, fetched_at=NOW + MINUTE))
    assert first != second
    assert await rows(db, "SELECT stored_at FROM ingest.bodies") == [(NOW + MINUTE,)]


@on_database
async def test_an_older_answer_does_not_age_a_body(db: Database) -> None:
    await add(db, ANSWER)
    await add(db, replace(ANSWER, fetched_at=NOW - MINUTE))
    assert await rows(db, "SELECT stored_at FROM ingest.bodies") == [(NOW,)]


@on_database
async def test_a_body_comes_back_as_it_was(db: Database) -> None:
    await add(db, ANSWER)
    ((digest, packed, size),) = await rows(db, "SELECT body_sha256, body, bytes FROM ingest.bodies")
    assert zstd.decompress(packed) == ANSWER.body
    assert digest == hashlib.sha256(ANSWER.body).digest()
    assert size == len(ANSWER.body)
    assert await value(db, "SELECT body_sha256 FROM news.fetches") == digest.hex()


@on_database
async def test_an_empty_body_is_none(db: Database) -> None:
    await add(db, replace(ANSWER, status=304, body=b""))
    assert await rows(db, "SELECT status, bytes, body_sha256 FROM ingest.fetches") == [
        (304, 0, None)
    ]
    assert await rows(db, "SELECT FROM ingest.bodies") == []


@on_database
async def test_no_answer_is_a_row_with_its_reason(db: Database) -> None:
    await add(db, None, Reason.DNS)
    assert await rows(
        db, "SELECT url, final_url, fetched_at, status, reason FROM ingest.fetches"
    ) == [(PAGE, PAGE, NOW, None, Reason.DNS)]


@on_database
async def test_redirects_are_kept_with_their_status(db: Database) -> None:
    answer = replace(ANSWER, url=f"{PAGE}/b", hops=(Hop(url=PAGE, status=301),))
    await add(db, answer)
    assert await rows(db, "SELECT url, final_url, hops FROM ingest.fetches") == [
        (PAGE, f"{PAGE}/b", [[PAGE, 301]])
    ]


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        pytest.param({"etag": '"1"', "set-cookie": "id=1"}, {"etag": '"1"'}, id="cookie"),
        pytest.param(
            dict.fromkeys(("set-cookie2", "cookie", "authorization", "proxy-authorization"), "x"),
            {},
            id="credentials",
        ),
        pytest.param({"server": "a\x00b\x07c"}, {"server": "abc"}, id="NUL"),
        pytest.param({"server": "a\ud800b", "x-\udcff": "c"}, {"server": "ab", "x-": "c"}, id="surrogate"),
        pytest.param({"server": "Ärger"}, {"server": "Ärger"}, id="letters stay"),
    ],
)  # fmt: skip
@on_database
async def test_headers_are_kept_clean_and_without_secrets(
    db: Database, headers: dict[str, str], kept: dict[str, str]
) -> None:
    await add(db, replace(ANSWER, headers=headers))
    assert await value(db, "SELECT headers FROM ingest.fetches") == kept


@on_database
async def test_a_flood_of_headers_is_cut(db: Database) -> None:
    await add(db, replace(ANSWER, headers={f"x-{n}": "1" for n in range(500)}))
    assert len(await value(db, "SELECT headers FROM ingest.fetches")) == fetches.MAX_HEADERS


@on_database
async def test_addresses_of_answers_are_cleaned(db: Database) -> None:
    answer = replace(ANSWER, url=f"{PAGE}\x00", hops=(Hop(url=f"{PAGE}\ud800", status=302),))
    await add(db, answer)
    assert await rows(db, "SELECT final_url, hops FROM ingest.fetches") == [(PAGE, [[PAGE, 302]])]
