"""What the service answers at its own port: the wiring of heartbeat, health and metrics."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs import health
from jobs.site import app as site
from pipeline.storage import outages, services

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from jobs.heartbeat import Heartbeat
    from jobs.metrics import Metrics
    from jobs.queues import Tools
    from pipeline.storage.services import Backlog

SCRAPE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPort:
    """The port of one service."""

    tools: Tools
    pulse: Heartbeat
    metrics: Metrics

    def open(self, listen: str) -> AbstractAsyncContextManager[None]:
        """Listen at an address; empty for none."""
        app = site.application(
            is_alive=self.pulse.is_alive, problems=self._problems, metrics=self._text
        )
        return site.listening(app, listen)

    async def _problems(self) -> list[str]:
        own = self.pulse.stuck()
        found = await health.look(self.tools.db)
        return ([own] if own else []) + found.problems()

    async def _text(self) -> bytes:
        return self.metrics.text(
            await self._backlog(),
            pulse=self.pulse,
            outage=self.tools.outage,
            is_online=await self.tools.is_online(),
        )

    async def _backlog(self) -> Backlog | None:
        db = self.tools.db
        try:
            async with asyncio.timeout(SCRAPE_SECONDS):
                return await services.backlog(db, now=await db.clock())
        except (*outages.LOST, TimeoutError):
            return None


def measured(tools: Tools, metrics: Metrics) -> Tools:
    """Return the tools with what they do counted."""
    return replace(
        tools,
        fetch=metrics.counted(tools.fetch),
        run=metrics.timed(tools.run),
        seen=metrics.seen,
    )
