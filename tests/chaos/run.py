"""The stages: what is broken in each, what must be true after it, and the comparison at the end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg

from pipeline.storage import embedded, schema
from pipeline.storage.outages import LOST
from tests.chaos import truth
from tests.chaos.disk import Disk
from tests.chaos.fleet import Fleet
from tests.chaos.report import Report
from tests.chaos.web import Web
from tests.jobs.world import World

if TYPE_CHECKING:
    from pathlib import Path

Say = Callable[[str], None]
SUSPENSION_SECONDS = 65.0  # longer than a lease
END_SECONDS = 240.0
BEGIN_SECONDS = 30.0
SITES, FIRST = 12, 4
LEAST_SUSPENSION_MINUTES = 3.0


class Chaos:
    """One run: the same seed breaks the same things in the same order."""

    def __init__(self, *, seed: int, minutes: float, folder: Path) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - what is broken next, no secret
        self.minutes, self.folder = minutes, folder
        self.report = Report(seed=seed)
        self.web = Web(sites=SITES, seed=seed)
        self.web.published = FIRST

    def run(self, say: Say) -> Report:
        """Return what came of it; `say` hears of each stage."""
        with ExitStack() as stack:
            stack.enter_context(self.web)
            self.disk = stack.enter_context(Disk(self.folder / "disk"))
            self.fleet = self._fleet(self.disk.folder, "chaos")
            stack.callback(self.fleet.close)
            self._stages(say)
            self._settle(self.fleet)
            self._judge(say)
        return self.report

    def _fleet(self, folder: Path, database: str) -> Fleet:
        server = embedded.start(folder)
        url = embedded.create(server, database)
        schema.migrate(url)
        World(url).add_feeds(*self.web.feeds())
        logs = self.folder / f"logs-{database}"
        logs.mkdir()
        settings = {
            "BROADSHEET_DATA_DIR": str(folder),
            "BROADSHEET_ALLOW_NETS": "127.0.0.0/8",
            "BROADSHEET_PORTS": str(self.web.port),
            "BROADSHEET_HOST_INTERVAL_SECONDS": "0",
            "BROADSHEET_WORKERS": "1",
        }
        return Fleet(folder, database, settings, logs)

    def _stages(self, say: Say) -> None:
        stages = [
            self._kills, self._crashes, self._sessions, self._outage, self._clock, self._terms
        ]  # fmt: skip
        if self.disk.is_small:
            stages.append(self._full_disk)
        else:
            say(f"left out: disk full ({self.disk.why})")
        if self.minutes >= LEAST_SUSPENSION_MINUTES:
            stages.append(self._suspension)
        until = time.monotonic() + self.minutes * 60
        while time.monotonic() < until:
            for stage in self.draw.sample(stages, len(stages)):
                if time.monotonic() > until:
                    return
                self.fleet.keep(self.draw.choice((2, 2, 3)))
                self._publish()
                self._work()
                stage(until)
                self.web.come_back_if_away()
                self._hold_rules(stage.__name__.strip("_"), say)

    def _publish(self) -> None:
        """New pages at every site, and every feed due."""
        self.web.published += 1
        with suppress(*LOST):
            self._do(*truth.PASSING)

    def _work(self) -> None:
        """Let services begin and store a page: what is broken is to be broken under work."""
        count = "SELECT count(*) FROM news.articles"
        until = time.monotonic() + BEGIN_SECONDS
        while not self.fleet.is_at_work() and time.monotonic() < until:
            self.fleet.keep(len(self.fleet.running))
            time.sleep(0.1)
        before = truth.ask(self.fleet.url, count)
        while truth.ask(self.fleet.url, count) == before and time.monotonic() < until:
            time.sleep(0.1)

    def _do(self, *statements: str, **values: object) -> None:
        with psycopg.connect(self.fleet.url, autocommit=True, connect_timeout=5) as connection:
            for statement in statements:
                connection.execute(statement.encode(), values or None)

    def _kills(self, until: float) -> None:
        for _ in range(6):
            time.sleep(self.draw.uniform(0.2, 3))
            self.fleet.kill_a_worker(self.draw)
            if self.draw.random() < 0.6:
                self.fleet.kill_one(self.draw)
            self.fleet.keep(2)
            if time.monotonic() > until:
                return

    def _crashes(self, _: float) -> None:
        for _ in range(2):
            self.fleet.crash_server()
            self._recovered()

    def _sessions(self, _: float) -> None:
        for _ in range(4):
            time.sleep(self.draw.uniform(0.3, 1.5))
            self.fleet.end_sessions()
        self._recovered()

    def _outage(self, _: float) -> None:
        self.web.go_away()
        self._publish()
        time.sleep(self.draw.uniform(3, 8))

    def _clock(self, _: float) -> None:
        hours = self.draw.choice((2, -2, 30))
        with suppress(*LOST):
            self._do(*truth.STEPS, step=timedelta(hours=hours))

    def _terms(self, _: float) -> None:
        time.sleep(self.draw.uniform(1, 4))
        for code, seconds in self.fleet.terminate_all():
            if code or seconds > 20:
                self.report.faults.append(f"TERM ended a service with {code} after {seconds:.0f} s")
        if held := truth.leases(self.fleet.url):
            # What a service that was killed before held may be among them.
            self.report.faults += [] if self.fleet.kills else [f"{held} leases after TERM"]

    def _suspension(self, _: float) -> None:
        self.fleet.suspend_one(self.draw, SUSPENSION_SECONDS)

    def _full_disk(self, _: float) -> None:
        with self.disk.full():
            self._publish()
            time.sleep(self.draw.uniform(2, 5))
        self._recovered()

    def _recovered(self) -> None:
        """Note the seconds until a service writes again, once the server answers."""
        url = self.fleet.url
        truth.ask(url, "SELECT 1")
        began = time.monotonic()
        ((before,),) = truth.ask(url, "SELECT clock_timestamp()")
        while time.monotonic() - began < 60:
            with suppress(*LOST):
                self._do(*truth.PASSING)
            self.fleet.keep(len(self.fleet.running) or 2)
            found = truth.ask(
                url, "SELECT 1 FROM news.polls WHERE polled_at > %s LIMIT 1", (before,)
            )
            if found:
                self.report.recoveries.append(time.monotonic() - began)
                return
            time.sleep(0.2)
        self.report.faults.append("no service worked a minute after the server was back")

    def _hold_rules(self, stage: str, say: Say) -> None:
        broken = truth.broken_rules(self.fleet.url)
        if stage == "clock":  # told, and mended within a minute
            broken.pop("15_waits_are_possible", None)
        for rule, count in broken.items():
            self.report.faults.append(f"{rule}: {count} rows after {stage}")
        ((stored,),) = truth.ask(self.fleet.url, "SELECT count(*) FROM news.articles")
        say(
            f"{stage}: {stored} of {len(self.web.pages())} pages stored, broken: {broken or 'none'}"
        )

    def _settle(self, fleet: Fleet) -> None:
        """Let services finish in peace; what dead ones held, and what failed for a while, is due."""
        with psycopg.connect(fleet.url, autocommit=True) as connection:
            for statement in truth.LEASES_END:
                connection.execute(statement.encode())
        fleet.keep(2)
        until = time.monotonic() + END_SECONDS
        while time.monotonic() < until:
            truth.ask(fleet.url, ";".join(truth.PASSING))
            if not self._missing(fleet):
                break
            time.sleep(1)
        fleet.terminate_all()

    def _missing(self, fleet: Fleet) -> bool:
        url = fleet.url
        return bool(truth.lost(url, self.web)) or truth.quarantined(url) < self.web.poison()

    def _judge(self, say: Say) -> None:
        report, fleet = self.report, self.fleet
        report.kills, report.restarts = fleet.kills, fleet.restarts
        report.ended_sessions = fleet.ended_sessions
        report.pages, report.poison = len(self.web.pages()), self.web.poison()
        report.lost = truth.lost(fleet.url, self.web)
        report.doubled = len(truth.doubled(fleet.url))
        report.quarantined = truth.quarantined(fleet.url)
        found = truth.ask(fleet.url, truth.CONTENT)
        report.stored = len(found)
        self._hold_rules("all", say)
        clean = self._fleet(self.folder / "clean", "clean")
        try:
            self._settle(clean)
            expected = truth.ask(clean.url, truth.CONTENT)
        finally:
            clean.close()
        report.different = len(set(found) ^ set(expected))
