"""The local news web with a fresh database beside it, and what CPU time all processes have spent."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import database_target
from pipeline.storage import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """CPU seconds so far: of this process, of its workers, of Postgres."""

    process: float
    workers: float
    server: float

    def since(self, earlier: Spent) -> Spent:
        """Return what was spent after `earlier`."""
        names = [field.name for field in fields(self)]
        return Spent(**{name: getattr(self, name) - getattr(earlier, name) for name in names})

    @property
    def total(self) -> float:
        """All of it."""
        return self.process + self.workers + self.server

    def __str__(self) -> str:
        return (
            f"CPU s: process {self.process:.2f}, workers {self.workers:.2f}, "
            f"Postgres {self.server:.2f}"
        )


@contextmanager
def database(**settings: str) -> Iterator[database_target.Target]:
    """Start an embedded database of its own; `settings` are BROADSHEET_* without the prefix."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "BROADSHEET_DATA_DIR": folder,
            "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
            "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
            **{f"BROADSHEET_{name}": value for name, value in settings.items()},
        }
        os.environ.pop("DATABASE_URL", None)
        place = database_target.find()
        try:
            yield place
        finally:
            embedded.stop(Path(folder))


@contextmanager
def feeds(newsweb: Path, pages: Path, *, count: int, entries: int) -> Iterator[list[str]]:
    """Serve a local news web, each site on a loopback address of its own; yield its feeds."""
    command = [sys.executable, str(newsweb), "--pages", str(pages), "--feeds", str(count)]
    port = _free_port()
    command += ["--entries", str(entries), "--port", str(port), "--no-prebuild"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603 - as given
        try:
            yield _addresses(port)
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _addresses(port: int) -> list[str]:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_nw/manifest.json") as answer:
                return [feed["url"] for feed in json.load(answer)["feeds"]]
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def spent(place: database_target.Target) -> Spent:
    """Return what this process, its workers and the embedded server have spent so far."""
    if place.server is None:
        raise SystemExit("the embedded server is measured")
    own = resource.getrusage(resource.RUSAGE_SELF)
    server = [place.server.pid, *_children(place.server.pid)]
    return Spent(
        process=own.ru_utime + own.ru_stime,
        workers=sum(_seconds(pid) for pid in _children(os.getpid()) if _is_worker(pid)),
        server=sum(map(_seconds, server)),
    )


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def _is_worker(pid: int) -> bool:
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _seconds(pid: int) -> float:
    """User and system time of a process and of those it has waited for."""
    try:
        columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, columns[11:15])) / TICKS
