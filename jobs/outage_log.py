"""One line when the database goes, one when it is back: never one for each thing that failed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from pipeline.storage import outages

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class OutageLog:
    """The outages that are going on, by their cause; `clock` gives monotonic seconds."""

    clock: Callable[[], float] = time.monotonic
    since: dict[outages.Cause, float] = field(default_factory=dict)
    failures: int = 0
    total: int = 0

    def lost(self, error: BaseException) -> bool:
        """Note a failure; return whether it is an outage, which is then logged, once a cause."""
        cause = outages.cause(error)
        if cause is None:
            return False
        self.failures += 1
        self.total += 1
        if cause not in self.since:
            self.since[cause] = self.clock()
            log.warning("database lost", cause=str(cause), message=outages.explained(error))
        return True

    def back(self) -> None:
        """Note that the database answered: an outage, if there was one, is over."""
        if not self.since:
            return
        away = self.clock() - min(self.since.values())
        causes = ", ".join(self.since)
        log.warning(
            "database is back", cause=causes, away_seconds=round(away, 1), failures=self.failures
        )
        self.since.clear()
        self.failures = 0
