"""A service whose embedded server is stopped and started again: two lines, and it goes on."""

from __future__ import annotations

import json
import signal
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.storage import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.jobs.shell import Shell

SECONDS = 60.0
AWAY_SECONDS = 12.0


@pytest.fixture
def own_shell(shell: Shell) -> Iterator[Shell]:
    """Commands on an embedded server of the test's own."""
    with tempfile.TemporaryDirectory(prefix="bs-") as name:
        yield replace(shell, data_dir=Path(name))
        embedded.stop(Path(name))


def wait_for_beat(url: str, after: object) -> object:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute("SELECT max(beat_at) FROM news.services").fetchone()
        if row and row[0] is not None and row[0] != after:
            return row[0]
        time.sleep(0.3)
    raise AssertionError("no heartbeat")


def test_an_outage_of_the_embedded_server_is_two_lines(own_shell: Shell) -> None:
    url = own_shell.run("db", "start").out.strip()
    process = own_shell.start("run", DATABASE_URL=url, BROADSHEET_WORKERS="1")
    beat = wait_for_beat(url, None)

    refused = own_shell.run("db", "stop")
    assert refused.code == 2
    assert "still connected: broadsheet to" in refused.err
    assert own_shell.run("db", "stop", "--force").code == 0
    time.sleep(AWAY_SECONDS)
    assert own_shell.run("db", "start").out.strip() == url
    wait_for_beat(url, beat)
    time.sleep(3)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    lines = [json.loads(line) for line in err.splitlines()]
    assert [line["event"] for line in lines if line["level"] != "info"] == [
        "database lost",
        "database is back",
    ]
    assert [line["cause"] for line in lines if "cause" in line] == ["away", "away"]
    (back,) = [line for line in lines if "away_seconds" in line]
    assert 3 < back["away_seconds"] < SECONDS
