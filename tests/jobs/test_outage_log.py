"""An outage is two lines, whatever failed meanwhile."""

from __future__ import annotations

import psycopg
from structlog.testing import capture_logs

from jobs.outage_log import OutageLog


def test_an_outage_is_one_line_when_it_begins_and_one_when_it_ends() -> None:
    now = [100.0]
    outage = OutageLog(clock=lambda: now[0])
    with capture_logs() as lines:
        outage.back()
        for _ in range(500):
            assert outage.lost(psycopg.OperationalError("server closed the connection"))
        now[0] = 140.0
        outage.back()
        outage.back()
    assert [line["event"] for line in lines] == ["database lost", "database is back"]
    assert (lines[0]["cause"], lines[1]["away_seconds"], lines[1]["failures"]) == (
        "away",
        40.0,
        500,
    )


def test_a_full_disk_is_called_a_full_disk() -> None:
    outage = OutageLog()
    with capture_logs() as lines:
        outage.lost(psycopg.errors.DiskFull("could not extend file"))
    assert lines[0]["cause"] == "disk"
    assert lines[0]["message"].startswith("the database has no disk space left")
    assert "free space on its machine" in lines[0]["message"]


def test_a_fault_of_ours_is_no_outage() -> None:
    with capture_logs() as lines:
        assert not OutageLog().lost(psycopg.ProgrammingError("syntax error"))
        assert not OutageLog().lost(ValueError("wrong"))
    assert lines == []
