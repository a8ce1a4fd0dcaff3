"""The port of a real service: alive, ready, and the metrics that rules and dashboard name."""

from __future__ import annotations

import json
import re
import signal
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import psycopg
import pytest

from jobs.heartbeat import Heartbeat
from jobs.metrics import Metrics
from jobs.outage_log import OutageLog
from pipeline.model import Counts, Poll
from tests.conftest import ROOT
from tests.pipeline.storage.builders import NOW

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.jobs.shell import Shell

SECONDS = 60.0
SUFFIX = re.compile(r"_(bucket|sum|count|created)$")


@pytest.fixture
def service(shell: Shell, database_url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service, and the address at which it listens."""
    process = shell.start(
        "run", DATABASE_URL=database_url, BROADSHEET_WORKERS="1", BROADSHEET_LISTEN="127.0.0.1:0"
    )
    assert process.stderr
    for line in process.stderr:
        if (said := json.loads(line))["event"] == "listening":
            yield process, f"http://{said['addresses'][0]}"
            break
    process.kill()
    process.communicate(timeout=SECONDS)


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - our own
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_service_is_alive_and_ready_until_its_database_is_away(
    service: tuple[subprocess.Popen[str], str], database_url: str
) -> None:
    process, address = service
    assert get(f"{address}/healthz") == (200, "ok\n")
    assert get(f"{address}/readyz") == (200, "ok\n")
    status, metrics = get(f"{address}/metrics")
    assert status == 200
    assert "news_database_up 1.0\n" in metrics
    assert "news_alive 1.0\n" in metrics
    assert 'news_queue_depth{stage="poll"} 0.0\n' in metrics

    name = database_url.rpartition("?")[0].rpartition("/")[2]
    with psycopg.connect(
        database_url.replace(f"/{name}?", "/postgres?"), autocommit=True
    ) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        status, why = get(f"{address}/readyz")
        assert status == 503
        assert why.startswith("the database does not answer")
        assert get(f"{address}/healthz") == (200, "ok\n")
        assert "news_database_up 0.0\n" in get(f"{address}/metrics")[1]
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
    until = time.monotonic() + SECONDS
    while get(f"{address}/readyz")[0] != 200:
        assert time.monotonic() < until
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    events = [json.loads(line)["event"] for line in err.splitlines()]
    assert events.count("database lost") <= 2
    assert "Traceback" not in err


def exported() -> set[str]:
    text = Metrics().text(None, pulse=Heartbeat(), outage=OutageLog(), is_online=True).decode()
    return {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}


@pytest.mark.parametrize("name", ["alerts.yml", "dashboard.json"])
def test_rules_and_dashboard_name_metrics_that_exist(name: str) -> None:
    text = (ROOT / "monitoring" / name).read_text()
    named = {SUFFIX.sub("", one) for one in re.findall(r"\bnews_[a-z_]+", text)}
    assert len(named) >= 6
    assert named - exported() == set()


def test_the_dashboard_shows_every_metric() -> None:
    text = (ROOT / "monitoring" / "dashboard.json").read_text()
    assert json.loads(text)["panels"]
    unseen = {name for name in exported() if name not in text and not name.endswith("_created")}
    assert unseen == set()


def test_polls_are_counted_by_what_became_of_their_entries() -> None:
    metrics = Metrics()
    counts = Counts(new=1, known=2, updated=0, skipped=0, rejected=3)
    poll = Poll(polled_at=NOW, outcome="changed", status=200, duration_seconds=0.1, bytes=9, counts=counts)  # fmt: skip
    metrics.seen(poll)
    metrics.seen(poll)
    assert metrics.registry.get_sample_value("news_entries_total", {"state": "rejected"}) == 6
    assert metrics.registry.get_sample_value("news_entries_total", {"state": "new"}) == 2
