"""The lines, wired to the flow: what no step expected is recorded like any other failure."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobs import queues
from jobs.clock import RecordedClock
from jobs.worker import QueueWorker
from pipeline.model import Request, Response
from pipeline.storage import feeds
from pipeline.storage.database import connected
from tests.jobs.world import World

if TYPE_CHECKING:
    import pytest

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
FEED = "https://harbour.example/feed.xml"


async def _answers(request: Request) -> Response:
    return Response(request.url, body=b"<rss/>", fetched_at=NOW)


async def _breaks(*_: object) -> object:
    raise RuntimeError("the moon\x00 is full")


def test_fault_of_ours_backs_off_and_can_be_seen(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    del caplog  # its log line is wanted, and not to be shown

    async def polled() -> int:
        async with connected(database_url) as db:
            await feeds.add(db, [FEED], now=NOW)
            tools = queues.Tools(
                db=db,
                clock=RecordedClock(NOW),
                fetch=_answers,
                run=_breaks,
                draws=random.Random(1),  # noqa: S311 - jitter, no secret
            )
            drain = QueueWorker(line=queues.feeds(tools), db=db, clock=tools.clock, width=1)
            await drain.run()
            return drain.broken

    assert asyncio.run(polled()) == 1
    world = World(database_url)
    assert world.rows("SELECT kind, reason, message FROM news.failures") == [
        ("feed", "internal", "RuntimeError: the moon is full")
    ]
    assert world.value("SELECT next_poll_at FROM news.feeds") > NOW
    assert world.leases() == 0
