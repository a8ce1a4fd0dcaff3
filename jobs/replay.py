"""Replay: recorded moments in order, through the very same flow, with no network."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from jobs import lines
from jobs.clock import RecordedClock
from jobs.work import Drain, Due, Line
from pipeline.storage import feeds
from pipeline.web.redirects import following

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pipeline.flow import Run
    from pipeline.model import NextLook, Poll
    from pipeline.storage.database import Database
    from pipeline.web.archive import Archive

SEED = 1  # of the jitter: the same seeds give the same rows


async def replay(
    db: Database,
    archive: Archive,
    run: Run,
    *,
    seen: Callable[[Poll | NextLook], None],
    reached: Callable[[datetime], None],
) -> None:
    """Walk the archive's moments; at each poll, ingest and publish until nothing is due.

    Exactly the feeds recorded at a moment are polled there. A moment that was replayed before
    is passed over, so a second replay onto the same database changes no row. `reached` is told
    of each moment, `seen` of each outcome.
    """
    known: list[int] = []
    for moment in archive.moments():
        reached(moment)
        draws = random.Random(f"{SEED} {moment.isoformat()}")  # noqa: S311 - jitter, no secret
        added = await feeds.add(db, archive.feeds_at(moment), now=moment)
        known = sorted({*known, *(feed.feed_id for feed in added)})
        due = await feeds.make_due(
            db, [feed.feed_id for feed in added], now=moment, reason="recorded"
        )
        tools = lines.Tools(
            db=db,
            clock=RecordedClock(moment),
            fetch=following(archive.at(moment)),
            run=run,
            draws=draws,
            feed_ids=due,
            seen=seen,
        )
        await _drain(lines.feeds(tools), tools)
        whole = lines.Tools(
            db=db,
            clock=tools.clock,
            fetch=tools.fetch,
            run=run,
            draws=draws,
            feed_ids=known,
            seen=seen,
        )
        while await _drain(lines.articles(whole), whole):
            pass
        await lines.publish_all(db)


async def _drain(line: Line[Due], tools: lines.Tools) -> int:
    drain = Drain(line=line, db=tools.db, clock=tools.clock, width=1, interval_seconds=0.0)
    return await drain.run()
