"""Replay: recorded moments in order, through the very same flow, with no network."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs import queues
from jobs.clock import RecordedClock
from jobs.worker import Due, Queue, QueueWorker
from pipeline.storage import feeds
from pipeline.web.redirects import following

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pipeline.flow import Run
    from pipeline.model import ArticleState, Poll
    from pipeline.storage.database import Database
    from pipeline.web.recorded_web import Archive

SEED = 1  # of the jitter: the same seeds give the same rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What did not go as recorded: feeds that were not polled at their moment, faults of ours."""

    missed: tuple[str, ...]
    broken: int


async def replay(
    db: Database,
    archive: Archive,
    run: Run,
    *,
    seen: Callable[[Poll | ArticleState], None],
    reached: Callable[[datetime], None],
) -> Replayed:
    """Walk the archive's moments; at each poll, ingest and publish until nothing is due.

    Exactly the feeds recorded at a moment are polled there. A moment that was replayed before
    is passed over, so a second replay onto the same database changes no row. `reached` is told
    of each moment, `seen` of each outcome.
    """
    known: set[int] = set()
    missed: list[str] = []
    broken = 0
    for moment in archive.moments():
        reached(moment)
        added = [f.feed_id for f in await feeds.add(db, archive.feeds_at(moment), now=moment)]
        known.update(added)
        tools = queues.Tools(
            db=db,
            clock=RecordedClock(moment),
            fetch=following(archive.at(moment)),
            run=run,
            draws=random.Random(f"{SEED} {moment.isoformat()}"),  # noqa: S311 - jitter, no secret
            heed_hosts=False,
            feed_ids=await feeds.make_due(db, added, now=moment, reason="recorded"),
            seen=seen,
        )
        broken += await _work_off(queues.feeds(tools), tools)
        missed += await feeds.unpolled(db, added, moment=moment)
        pages = replace(tools, feed_ids=sorted(known))
        broken += await _work_off(queues.articles(pages), pages)
        await queues.publish_all(db)
    return Replayed(missed=tuple(missed), broken=broken)


async def _work_off(line: Queue[Due], tools: queues.Tools) -> int:
    """Drain a line until nothing of it is due; return how many items met a fault of ours."""
    broken = 0
    while True:
        drain = QueueWorker(line=line, db=tools.db, clock=tools.clock, width=1)
        handled = await drain.run()
        broken += drain.broken
        if not handled:
            return broken
