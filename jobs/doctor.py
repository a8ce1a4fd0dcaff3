"""The doctor command: can this installation work? One finding for each thing it stands on."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pyexpat import EXPAT_VERSION
from typing import TYPE_CHECKING

from jobs import database_target, health
from pipeline import config
from pipeline.errors import DatabaseError
from pipeline.storage import catalog, embedded, schema
from pipeline.storage.connection_strings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jobs.database_target import Target
    from jobs.health import Health
    from pipeline.storage.catalog import Size

OK, WARN, FAIL = "ok", "warn", "fail"

WEEK = timedelta(days=7)
WEEKS_A_MONTH = 30 / 7
# Leases are reckoned by the database's clock alone; a log with another time is only confusing.
CLOCK_SECONDS = 5.0
WAITS = "15_waits_are_possible"
LEAST_FREE_BYTES = 500_000_000
DNS_SECONDS = 5.0
# Before 2.6.0 expat is quadratic on some documents (CVE-2023-52425).
LEAST_EXPAT = (2, 6, 0)
LIBRARIES = ("aiohttp", "feedparser", "lxml", "psycopg", "trafilatura")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is (ok, warn or fail), and what was seen."""

    name: str
    state: str
    said: str


def findings(database_url: str | None, *, replay: bool) -> list[Finding]:
    """Look at everything; what cannot be looked at without a database is left out then."""
    try:
        place = database_target.find(database_url, replay=replay)
    except DatabaseError as error:
        return [Finding(name="database", state=FAIL, said=str(error)), *_around()]
    return [*asyncio.run(_inside(place)), *_around()]


async def _inside(place: Target) -> list[Finding]:
    async with database_target.opened(place, connections=1) as db:
        version = await catalog.server_version(db)
        asked_at = datetime.now(UTC)
        clock = await db.clock()
        off = clock - asked_at - (datetime.now(UTC) - asked_at) / 2
        size = await catalog.size(db, since=clock - WEEK)
        hosts = await catalog.hosts(db)
        async with db.session() as session:
            waits = await session.check(WAITS)
        alive = await health.look(db)
    return [
        Finding(name="database", state=OK, said=f"{shown(place.url)}, PostgreSQL {version}"),
        Finding(name="schema", state=OK, said=f"migration {schema.version(place.url)}, the newest"),
        clock_finding(off),
        waits_finding(len(waits.rows)),
        services_finding(alive),
        disk_finding(size, _free_bytes(place)),
        await dns_finding(hosts),
    ]


def clock_finding(off: timedelta) -> Finding:
    """Judge by how much the database's clock is ahead of this machine's."""
    seconds = off.total_seconds()
    is_near = abs(seconds) <= CLOCK_SECONDS
    said = f"the database's is {seconds:+.1f} s from this machine's"
    return Finding(name="clock", state=OK if is_near else WARN, said=said)


def waits_finding(impossible: int) -> Finding:
    """Judge by how many leases, holds and intervals end later than their kind allows."""
    if not impossible:
        return Finding(name="waits", state=OK, said="no lease, hold or interval is too long")
    said = (
        f"{impossible} leases, holds and intervals end later than they may: the database's clock went "
        "back; a running service ends them within a minute, and so does 'broadsheet once'"
    )
    return Finding(name="waits", state=FAIL, said=said)


def services_finding(alive: Health) -> Finding:
    """Judge by heartbeats and overdue work; that no service ever ran here is no fault."""
    problems = alive.problems(needs_service=False)
    said = f"{alive.live} alive, nothing overdue" if alive.services else "none is running"
    return Finding(
        name="services", state=FAIL if problems else OK, said="; ".join(problems) or said
    )


def disk_finding(size: Size, free_bytes: int | None) -> Finding:
    """Judge what is free, in bytes, by what a month adds; None when nobody here can know."""
    weeks = (
        size.kept_week_bytes,
        size.body_week_bytes,
        size.fetch_week_bytes,
        size.fingerprint_week_bytes,
    )
    months = [int(week * WEEKS_A_MONTH) for week in weeks]
    kept, body, fetch, fingerprint = map(_bytes, months)
    said = (
        f"{_bytes(size.total_bytes)} used; as in the last week, a month adds {kept} that stay, and {body} "
        f"of bodies, {fetch} of fetches and {fingerprint} of fingerprints that go at their age"
    )
    state = OK
    if free_bytes is not None:
        said += f"; {_bytes(free_bytes)} free"
        if free_bytes < sum(months):
            state = WARN
        if free_bytes < LEAST_FREE_BYTES:
            state = FAIL
    return Finding(name="disk", state=state, said=said)


async def dns_finding(hosts: Sequence[str]) -> Finding:
    """Look up the names of these hosts; one that is found is enough."""
    if not hosts:
        return Finding(name="dns", state=OK, said="no feed is due: nothing to look up")
    loop = asyncio.get_running_loop()
    wrong = ""
    for host in hosts:
        try:
            async with asyncio.timeout(DNS_SECONDS):
                await loop.getaddrinfo(host.partition(":")[0], 443)
        except OSError as error:  # TimeoutError is one
            wrong = f"{host}: {str(error) or 'no answer'}"
        else:
            return Finding(name="dns", state=OK, said=f"{host} is found")
    return Finding(name="dns", state=FAIL, said=wrong)


def expat_finding(version: str) -> Finding:
    """Judge a version of expat such as expat_2.6.1."""
    number = version.rpartition("_")[2]
    is_old = tuple(map(int, number.split("."))) < LEAST_EXPAT
    said = f"{number}: before 2.6.0 some documents take quadratic time" if is_old else number
    return Finding(name="expat", state=WARN if is_old else OK, said=said)


def _around() -> Iterator[Finding]:
    """What needs no database."""
    yield expat_finding(EXPAT_VERSION)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    yield Finding(name="libraries", state=OK, said=versions)
    yield _embedded_finding(config.load()[0].data_dir)


def _embedded_finding(data_dir: Path) -> Finding:
    """Whether the server in the data folder runs, whichever database is worked on."""
    name = "embedded server"
    try:
        server = embedded.running(data_dir)
    except DatabaseError as error:
        return Finding(name=name, state=WARN, said=f"{data_dir}: {error}")
    said = f"process {server.pid} runs on {data_dir}" if server else f"none runs on {data_dir}"
    return Finding(name=name, state=OK, said=said)


def _free_bytes(place: Target) -> int | None:
    """What is free where the embedded server keeps its data; None for another server."""
    return shutil.disk_usage(place.settings.data_dir).free if place.server else None


def _bytes(count: int) -> str:
    if count >= 10**9:
        return f"{count / 10**9:.1f} GB"
    return f"{count / 10**6:.0f} MB"
