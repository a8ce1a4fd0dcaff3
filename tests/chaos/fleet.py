"""The processes that are broken: services, and the Postgres that they share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from pipeline.storage import embedded

if TYPE_CHECKING:
    from random import Random

    from pipeline.storage.embedded import Server

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class Fleet:
    """Services that work on one database, and what was done to them."""

    data_dir: Path
    database: str
    settings: dict[str, str]
    logs: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    log_of: dict[int, Path] = field(default_factory=dict)
    started: int = 0
    kills: int = 0
    restarts: int = 0
    ended_sessions: int = 0
    _server: Server | None = None

    @property
    def server(self) -> Server:
        """The server, started where it is down."""
        found = embedded.running(self.data_dir) or embedded.start(self.data_dir)
        self._server = found
        return found

    @property
    def url(self) -> str:
        return self.server.url(self.database)

    def keep(self, count: int) -> None:
        """Have so many services running."""
        self.running = [process for process in self.running if process.poll() is None]
        while len(self.running) > count:
            self._kill(self.running.pop())
        while len(self.running) < count:
            self.running.append(self._start())

    def is_at_work(self) -> bool:
        """Whether every service has started, and none has ended."""
        return all(
            process.poll() is None and b'"started"' in self.log_of[process.pid].read_bytes()
            for process in self.running
        )

    def kill_one(self, draw: Random) -> None:
        """kill -9 a service; its workers end with it."""
        victim = draw.choice(self.running)
        self.running.remove(victim)
        self._kill(victim)
        self.kills += 1

    def kill_a_worker(self, draw: Random) -> None:
        """kill -9 a worker of a service."""
        children = [
            int(pid)
            for process in self.running
            for pid in _children(process.pid)
            if b"spawn_main" in _command(int(pid))
        ]
        if children:
            with suppress(ProcessLookupError):
                os.kill(draw.choice(children), signal.SIGKILL)
            self.kills += 1

    def suspend_one(self, draw: Random, seconds: float) -> None:
        """Let a service stand still."""
        victim = draw.choice(self.running)
        victim.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        victim.send_signal(signal.SIGCONT)

    def terminate_all(self) -> list[tuple[int, float]]:
        """End all services in order; return their exit codes and the seconds that each took."""
        began = time.monotonic()
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        ended = [
            (process.wait(PATIENCE_SECONDS), time.monotonic() - began) for process in self.running
        ]
        self.running = []
        return ended

    def crash_server(self) -> None:
        """An immediate stop, as of a power cut, and a start."""
        pid = self.server.pid
        os.kill(pid, signal.SIGQUIT)
        until = time.monotonic() + PATIENCE_SECONDS
        while embedded.running(self.data_dir) and time.monotonic() < until:
            time.sleep(0.05)
        self._server = embedded.start(self.data_dir)
        self.restarts += 1

    def end_sessions(self) -> None:
        """Terminate every session on the database."""
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
                (self.database,),
            ).fetchone()
        self.ended_sessions += int(found[0]) if found else 0

    def close(self) -> None:
        for process in self.running:
            self._kill(process)
        embedded.stop(self.data_dir)

    def _start(self) -> subprocess.Popen[bytes]:
        self.started += 1
        with (self.logs / f"service-{self.started}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.service", "run"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.settings, "DATABASE_URL": self.url},
            )
        self.log_of[process.pid] = Path(log.name)
        return process

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait(PATIENCE_SECONDS)


def _children(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
