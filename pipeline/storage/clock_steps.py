"""What a database clock that went back leaves behind: leases, holds and intervals that end too late.

Everything is planned by the database's clock. Set back by two hours, it would leave what was leased
or planned before asleep for those two hours. A clock that goes forward only makes things due early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.storage.hosts import LONGEST_HOLD
from pipeline.storage.leases import LEASE

if TYPE_CHECKING:
    from pipeline.storage.database import Database

SLACK = timedelta(minutes=1)
"""How far in the future a poll may lie: clocks are corrected by seconds all the time."""
LONGEST_CRAWL_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How many waits were too long, and end in time now."""

    hosts: int = 0
    feeds: int = 0
    articles: int = 0

    @property
    def total(self) -> int:
        """How many there were of all kinds."""
        return self.hosts + self.feeds + self.articles


async def end(db: Database, *, now: datetime, host_interval_seconds: float) -> Ended:
    """Let every wait that ends later than its kind allows end in time; return how many did not.

    A lease ends in a minute, an interval of a host now, a hold that is longer than any now. Feeds
    and articles keep the length of their intervals, from now on.
    """
    interval = max(timedelta(seconds=host_interval_seconds), LONGEST_CRAWL_DELAY) + SLACK
    async with db.transaction() as tx:
        ended = await tx.row(
            Ended,
            "end_clock_step",
            now=now,
            lease=LEASE + SLACK,
            interval=interval,
            hold=LONGEST_HOLD + SLACK,
            slack=SLACK,
        )
    return ended or Ended()
