"""How many polls of unchanged feeds a core-second pays for, bookkeeping in Postgres included.

    python bench/unchanged.py NEWSWEB PAGES [--feeds 1000] [--rounds 3]

NEWSWEB is newsweb.py, PAGES a folder of HTML pages for it. Starts the local news web, each site on
an address of its own, and a fresh embedded database in a temporary folder; polls all feeds twice
through the service's own lines (the first time stores them, the second warms up), then `--rounds`
times with nothing new, and prints the CPU seconds of this process, its workers and the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from jobs import lines, service, target
from jobs.work import Drain
from pipeline.storage import embedded, feeds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import NextLook, Poll

PORT = 8931
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """CPU seconds so far."""

    process: float
    workers: float
    server: float

    def since(self, earlier: Spent) -> Spent:
        """Return what was spent after `earlier`."""
        return Spent(
            process=self.process - earlier.process,
            workers=self.workers - earlier.workers,
            server=self.server - earlier.server,
        )

    @property
    def total(self) -> float:
        """All of it."""
        return self.process + self.workers + self.server


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("newsweb", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "BROADSHEET_DATA_DIR": folder,
            "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
            "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
        }
        os.environ.pop("DATABASE_URL", None)
        with _web(options.newsweb, options.pages, options.feeds) as addresses:
            place = target.find()
            try:
                asyncio.run(_measure(place, addresses, options.rounds))
            finally:
                if place.server:
                    embedded.stop(Path(folder))


@contextmanager
def _web(newsweb: Path, pages: Path, count: int) -> Iterator[list[str]]:
    command = [sys.executable, str(newsweb), "--pages", str(pages), "--feeds", str(count)]
    command += ["--entries", "20", "--port", str(PORT), "--no-prebuild"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603 - as given
        try:
            yield _addresses()
        finally:
            server.terminate()


def _addresses() -> list[str]:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_nw/manifest.json") as answer:
                return [feed["url"] for feed in json.load(answer)["feeds"]]
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


async def _measure(place: target.Target, addresses: Sequence[str], rounds: int) -> None:
    async with service.opened(place) as tools:
        await feeds.add(tools.db, addresses, now=await tools.clock.read())
        for name in ("first", "warm-up"):
            print(name, dict(await _round(tools)))
        for number in range(1, rounds + 1):
            before, began = _spent(place), time.monotonic()
            outcomes = await _round(tools)
            _print(number, outcomes, _spent(place).since(before), time.monotonic() - began)


async def _round(tools: lines.Tools) -> Counter[str]:
    seen: Counter[str] = Counter()

    def count(outcome: Poll | NextLook) -> None:
        seen[outcome.outcome] += 1

    now = await tools.clock.read()
    await feeds.make_due(tools.db, None, now=now, reason="asked for")
    line = lines.feeds(replace(tools, seen=count))
    await Drain(line=line, db=tools.db, clock=tools.clock, width=service.FEED_HOSTS).run()
    return seen


def _print(number: int, outcomes: Counter[str], spent: Spent, seconds: float) -> None:
    polls = outcomes.total()
    print(
        f"round {number}: {polls} polls {dict(outcomes)} in {seconds:.1f} s; "
        f"CPU s: process {spent.process:.2f}, workers {spent.workers:.2f}, "
        f"Postgres {spent.server:.2f}; polls per core-second: "
        f"{polls / spent.process:.0f} of the process, {polls / spent.total:.0f} of all"
    )


def _spent(place: target.Target) -> Spent:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return Spent(
        process=own.ru_utime + own.ru_stime,
        workers=sum(_seconds(pid) for pid in _children(os.getpid()) if _is_worker(pid)),
        server=sum(map(_seconds, _postgres(place))),
    )


def _postgres(place: target.Target) -> list[int]:
    if place.server is None:
        raise SystemExit("the embedded server is measured")
    return [place.server.pid, *_children(place.server.pid)]


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
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


if __name__ == "__main__":
    main()
