"""What the service manager hears: READY, signs of life, STOPPING; and the unit file that asks for them."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from jobs import service_manager

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A socket that listens as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)  # noqa: FBT003 - the standard library's
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listener


def _heard(listener: socket.socket) -> list[str]:
    heard = []
    while True:
        try:
            heard.append(listener.recv(100).decode())
        except BlockingIOError:
            return heard


async def _live(seconds: float) -> None:
    async with service_manager.told():
        await asyncio.sleep(seconds)


def test_it_is_ready_lives_and_stops(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "100000")
    asyncio.run(_live(0.3))
    first, *alive, last = _heard(manager)
    assert (first, set(alive), last) == ("READY=1", {"WATCHDOG=1"}, "STOPPING=1")
    assert len(alive) > 1


def test_no_watchdog_hears_no_signs_of_life(manager: socket.socket) -> None:
    asyncio.run(_live(0.0))
    assert _heard(manager) == ["READY=1", "STOPPING=1"]


def test_a_watchdog_for_another_process_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "100000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid() + 1))
    assert service_manager.watchdog_seconds() is None
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    assert service_manager.watchdog_seconds() == 0.1


def test_without_a_manager_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    asyncio.run(_live(0.0))


@pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze here")
def test_the_unit_is_sound_and_shut_off(root: Path, tmp_path: Path) -> None:
    unit = (root / "systemd" / "broadsheet.service").read_text()
    program = "/opt/broadsheet/bin/broadsheet"
    assert unit.count(f"={program} ") == 2
    file = tmp_path / "broadsheet.service"
    file.write_text(unit.replace(program, str(shutil.which("true"))))
    verified = subprocess.run(  # noqa: S603 - the system's own program
        [str(ANALYZE), "verify", str(file)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(  # noqa: S603 - as above
        [str(ANALYZE), "security", "--offline=true", "--threshold=15", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-200:]
