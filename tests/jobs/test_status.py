"""The heartbeat of a real service, and who reads it: a frozen service counts as dead."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from jobs.heartbeat import Heartbeat
from pipeline.storage import embedded, schema
from tests.jobs.world import World

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from pipeline.storage.embedded import Server
    from tests.jobs.shell import Ran, Shell

LOCAL = {"BROADSHEET_WORKERS": "1", "BROADSHEET_LISTEN": ""}
SECONDS = 60.0
SILENT = ("--silent-after", "8")


@pytest.fixture
def start(
    shell: Shell, server: Server
) -> Iterator[Callable[[str], tuple[World, subprocess.Popen[str]]]]:
    """Starts a service on a database of its own; returns when it beats."""
    running = []

    def begin(name: str) -> tuple[World, subprocess.Popen[str]]:
        url = embedded.create(server, name)
        schema.migrate(url)
        process = shell.start("run", DATABASE_URL=url, **LOCAL)
        running.append(process)
        world = World(url)
        wait_until(lambda: world.value("SELECT count(*) FROM news.services") == 1)
        return world, process

    yield begin
    for process in running:
        process.kill()
        process.communicate(timeout=SECONDS)


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_a_frozen_service_is_dead_and_one_that_goes_on_lives(
    start: Callable[[str], tuple[World, subprocess.Popen[str]]], cli: Callable[..., Ran]
) -> None:
    world, process = start("service_frozen")
    alive = cli("status", *SILENT, "--json", "--database-url", world.url)
    assert (alive.code, alive.json["alive"], alive.json["reasons"]) == (0, True, []), alive.err
    (row,) = alive.json["services"]
    assert (row["pid"], row["state"]) == (process.pid, "running")

    process.send_signal(signal.SIGSTOP)

    def status() -> Ran:
        return cli("status", *SILENT, "--database-url", world.url)

    wait_until(lambda: status().code == 1)
    frozen = status()
    assert frozen.out.startswith("alive     no\n")
    assert f"process {process.pid}) was last heard of" in frozen.err

    process.send_signal(signal.SIGCONT)
    wait_until(lambda: status().code == 0)

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=SECONDS) == 0
    assert world.values("SELECT state FROM news.services") == ["stopped"]
    ended = status()
    assert ended.code == 1
    assert "no service is running: start 'broadsheet run'" in ended.err


def silent(world: World, *, seconds: int) -> None:
    world.rows(
        "INSERT INTO ingest.services (host, pid, version, started_at, beat_at, state, doing, jobs)"
        " SELECT 'press', 7, '1', at, at, 'running', 'poll', '{}'"
        " FROM (SELECT clock_timestamp() - make_interval(secs => %s)) AS a (at)",
        seconds,
    )


def test_doctor_and_db_status_fail_when_the_heartbeat_is_old(
    cli: Callable[..., Ran], database_url: str
) -> None:
    world = World(database_url)
    silent(world, seconds=40)
    assert cli("db", "status", "--database-url", database_url).code == 0
    world.rows("UPDATE ingest.services SET beat_at = beat_at - interval '10 seconds'")
    for command in (("db", "status"), ("doctor",)):
        ran = cli(*command, "--database-url", database_url)
        assert ran.code == 1
        assert "(press, process 7) was last heard of" in ran.out + ran.err


def test_a_service_that_was_started_again_is_not_missed(
    cli: Callable[..., Ran], database_url: str
) -> None:
    world = World(database_url)
    silent(world, seconds=600)
    silent(world, seconds=1)
    assert cli("status", "--database-url", database_url).code == 0


@pytest.mark.parametrize(
    ("minutes", "hold", "code"),
    [
        pytest.param(9, "0", 0, id="in its grace"),
        pytest.param(11, "0", 1, id="nobody came"),
        pytest.param(11, "1 hour", 0, id="its host is held"),
    ],
)
def test_a_feed_that_nobody_polls_is_named(
    cli: Callable[..., Ran], database_url: str, minutes: int, hold: str, code: int
) -> None:
    world = World(database_url)
    world.add_feeds("https://press.example/feed")
    silent(world, seconds=3600)
    world.rows("UPDATE ingest.services SET beat_at = clock_timestamp()")
    world.rows(
        "UPDATE ingest.feed_state SET due_at = clock_timestamp() - make_interval(mins => %s)",
        minutes,
    )
    world.rows(
        "UPDATE ingest.hosts SET next_request_at = clock_timestamp() - interval '1 day' + %s::interval"
        " + CASE WHEN %s::interval > interval '0' THEN interval '1 day' ELSE interval '0' END",
        hold,
        hold,
    )
    ran = cli("status", "--database-url", database_url)
    assert ran.code == code
    assert ("feed 1 is overdue since" in ran.err) == bool(code)


def test_a_job_without_progress_is_stuck_until_it_makes_some() -> None:
    now = [0.0]
    pulse = Heartbeat(clock=lambda: now[0])
    now[0] = 59.0
    assert pulse.is_alive()
    pulse.progressed("ingest")
    now[0] = 61.0
    assert pulse.stuck() == "poll is stuck: no progress for 61 s"
    pulse.progressed("poll")
    assert pulse.is_alive()


@pytest.mark.parametrize(
    ("reason", "said"), [("timout", "did you mean timeout?"), ("bogus", "'bogus' is no reason")]
)
def test_a_reason_that_is_none_is_wrong_usage(
    cli: Callable[..., Ran], database_url: str, reason: str, said: str
) -> None:
    ran = cli("failures", "list", "--reason", reason, "--database-url", database_url)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())
