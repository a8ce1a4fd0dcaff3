"""broadsheet doctor: one line for each thing, and exit 1 when one fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from jobs import doctor
from pipeline.storage import catalog, schema
from pipeline.storage.catalog import Size
from pipeline.storage.database import connected
from tests.jobs.world import World
from tests.pipeline.storage.builders import NOW, on_database, page_read, publish, store, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from pipeline.storage.database import Database
    from pipeline.storage.embedded import Server
    from tests.jobs.shell import Ran, Shell

NAMES = [
    "database",
    "schema",
    "clock",
    "waits",
    "services",
    "disk",
    "dns",
    "expat",
    "libraries",
    "embedded server",
]
WEEK = Size(total_bytes=2 * 10**9, kept_week_bytes=70 * 10**6, body_week_bytes=7 * 10**9, fetch_week_bytes=7 * 10**6, fingerprint_week_bytes=14 * 10**6)  # fmt: skip


def test_a_sound_database_is_ok_throughout(cli: Callable[..., Ran], database_url: str) -> None:
    ran = cli("doctor", "--json", "--database-url", database_url)
    findings = {finding["name"]: finding for finding in ran.json}
    assert list(findings) == NAMES
    assert ran.code == 0
    assert {f["state"] for name, f in findings.items() if name != "expat"} == {"ok"}
    assert findings["schema"]["said"] == f"migration {schema.migrations()[-1].version}, the newest"
    assert "PostgreSQL 1" in findings["database"]["said"]


def test_lines_begin_with_the_state(cli: Callable[..., Ran], database_url: str) -> None:
    ran = cli("doctor", "--database-url", database_url)
    lines = ran.out.splitlines()
    assert len(lines) == len(NAMES)
    assert lines[0].startswith("ok    database")


def test_no_database_fails_and_the_rest_is_looked_at(
    cli: Callable[..., Ran], closed_url: str
) -> None:
    ran = cli("doctor", "--json", "--database-url", closed_url)
    assert ran.code == 1
    assert [f["name"] for f in ran.json] == [NAMES[0], *NAMES[-3:]]
    assert ran.json[0]["state"] == "fail"
    assert "hunter2" not in ran.out + ran.err


def test_a_database_without_schema_fails_with_the_remedy(
    cli: Callable[..., Ran], empty_url: str
) -> None:
    ran = cli("doctor", "--database-url", empty_url)
    assert ran.code == 1
    assert "run 'broadsheet db migrate'" in ran.out


@pytest.mark.parametrize(
    ("seconds", "state"), [(0.0, "ok"), (-4.9, "ok"), (5.1, "warn"), (-3600.0, "warn")]
)
def test_a_clock_may_differ_a_little(seconds: float, state: str) -> None:
    found = doctor.clock_finding(timedelta(seconds=seconds))
    assert found.state == state
    assert f"{seconds:+.1f} s" in found.said


@pytest.mark.parametrize(
    ("free", "state"),
    [
        pytest.param(None, "ok", id="another machine's disk"),
        pytest.param(50 * 10**9, "ok", id="more than a month"),
        pytest.param(30 * 10**9, "warn", id="less than a month"),
        pytest.param(4 * 10**8, "fail", id="next to nothing"),
    ],
)
def test_free_space_is_judged_by_what_a_month_adds(free: int | None, state: str) -> None:
    found = doctor.disk_finding(WEEK, free)
    assert found.state == state
    assert "2.0 GB used" in found.said
    assert (
        "a month adds 300 MB that stay, and 30.0 GB of bodies, 30 MB of fetches and 60 MB of"
        in found.said
    )
    assert ("free" in found.said) == (free is not None)


def size(url: str, since: datetime) -> Size:
    async def ask() -> Size:
        async with connected(url, connections=1) as db:
            return await catalog.size(db, since=since)

    return asyncio.run(ask())


@on_database
async def filled(db: Database) -> None:
    for n in range(20):
        await store(db, page_read(f"https://alder.example/{n}", words(str(n))))
    await publish(db)


def test_a_week_that_brought_everything_brought_all_there_is(database_url: str) -> None:
    """Every table is in one of the four kinds: together they are all that the tables take."""
    filled(database_url=database_url)
    found = size(database_url, NOW)
    weeks = (
        found.kept_week_bytes,
        found.body_week_bytes,
        found.fetch_week_bytes,
        found.fingerprint_week_bytes,
    )
    everything = World(database_url).value(
        "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
        "WHERE relnamespace = 'ingest'::regnamespace AND relkind = 'r'"
    )
    assert min(weeks) > 0
    assert sum(weeks) == everything
    assert found.total_bytes > everything


def test_a_week_that_brought_half_is_half(database_url: str) -> None:
    filled(database_url=database_url)
    whole = size(database_url, NOW)
    World(database_url).rows(
        "UPDATE ingest.articles SET first_seen_at = first_seen_at - interval '1 day' WHERE mod(article_id, 2) = 0"
    )
    half = size(database_url, NOW)
    assert half.kept_week_bytes == pytest.approx(whole.kept_week_bytes / 2, rel=0.1)
    assert half.fingerprint_week_bytes == pytest.approx(whole.fingerprint_week_bytes / 2, rel=0.1)


def test_a_week_that_brought_nothing_adds_nothing(database_url: str) -> None:
    found = size(database_url, NOW)
    assert (found.kept_week_bytes, found.body_week_bytes) == (0, 0)
    assert (found.fetch_week_bytes, found.fingerprint_week_bytes) == (0, 0)


def test_the_embedded_server_is_seen_whichever_database_is_worked_on(
    cli: Callable[..., Ran], shell: Shell, server: Server, database_url: str, closed_url: str
) -> None:
    runs = f"process {server.pid} runs on {shell.data_dir}"
    for url in (database_url, closed_url):
        ran = cli("doctor", "--json", "--database-url", url)
        assert (ran.json[-1]["name"], ran.json[-1]["said"]) == ("embedded server", runs)


def test_no_embedded_server_is_told_too(
    cli: Callable[..., Ran], database_url: str, tmp_path: Path
) -> None:
    ran = cli("doctor", "--json", DATABASE_URL=database_url, BROADSHEET_DATA_DIR=str(tmp_path))
    assert ran.json[-1]["said"] == f"none runs on {tmp_path}"


@pytest.mark.parametrize(
    ("version", "state"),
    [("expat_2.5.0", "warn"), ("expat_2.6.0", "ok"), ("expat_2.10.1", "ok")],
)
def test_an_old_expat_is_warned_of(version: str, state: str) -> None:
    assert doctor.expat_finding(version).state == state


@pytest.mark.parametrize(
    ("hosts", "state"),
    [
        pytest.param([], "ok", id="no feeds"),
        pytest.param(["127.0.0.1"], "ok", id="found"),
        pytest.param(["absent.invalid", "localhost"], "ok", id="one of two"),
        pytest.param(["absent.invalid"], "fail", id="none"),
    ],
)
def test_names_of_feeds_must_be_found(hosts: list[str], state: str) -> None:
    assert asyncio.run(doctor.dns_finding(hosts)).state == state
