"""A minute of chaos. `python -m tests.chaos --seed N --minutes M` is longer, and breaks more."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.chaos.run import Chaos


@pytest.mark.timeout(900)  # an undisturbed run follows, and the machine may be busy
def test_a_minute_of_faults_loses_and_doubles_nothing() -> None:
    said: list[str] = []
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        Path(name).chmod(0o755)  # the server's own user gets there
        report = Chaos(seed=1, minutes=1.0, folder=Path(name)).run(said.append)
    assert report.is_good, "\n".join([*said, report.line()])
    assert report.stored == report.pages - len(report.poison)
    assert report.kills + report.restarts + report.ended_sessions > 0
