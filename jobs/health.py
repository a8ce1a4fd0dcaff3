"""Is it alive: the services by their heartbeats, and due work that nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.storage import services

if TYPE_CHECKING:
    from pipeline.storage.database import Database
    from pipeline.storage.services import Backlog, Overdue, Service

SILENT_SECONDS = 45.0  # nine beats
# A service that has been silent for so long beside one that lives is taken for replaced.
LOST_SECONDS = 3600.0
# How long work may be due at a free host: a full queue is worked off by hosts, each in its turn.
GRACE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What was seen at `now`; `problems` is empty when all is well."""

    now: datetime
    services: tuple[Service, ...]
    silent: tuple[Service, ...]
    overdue_feed: Overdue | None
    overdue_article: Overdue | None
    backlog: Backlog

    @property
    def live(self) -> int:
        """How many services are heard of."""
        return len(self.services) - len(self.silent)

    def problems(self, *, needs_service: bool = True) -> list[str]:
        """Return what is wrong, a line each with the next step.

        Without `needs_service` an installation where none ever ran is well, as one that is
        worked by `broadsheet once`.
        """
        found = []
        if needs_service and not self.services:
            found.append("no service is running: start 'broadsheet run'")
        found += [
            _silence(one)
            for one in self.silent
            if not self.live or one.beat_age_seconds < LOST_SECONDS
        ]
        if needs_service or self.services:
            for kind, late in (("feed", self.overdue_feed), ("article", self.overdue_article)):
                if late:
                    since = late.due_at.isoformat(timespec="seconds")
                    found.append(
                        f"{kind} {late.id} is overdue since {since} ({late.url}): "
                        "see what the service does in its log"
                    )
        return found


def _silence(one: Service) -> str:
    name = f"service {one.service_id} ({one.host}, process {one.pid})"
    doing = f" while {one.doing}" if one.doing else ""
    return (
        f"{name} was last heard of {one.beat_age_seconds:.0f} s ago{doing}: "
        "it is dead or stuck, start it again"
    )


async def look(db: Database, *, silent_seconds: float = SILENT_SECONDS) -> Health:
    """Return how services and queues are now.

    Work counts as overdue after `GRACE`, counted from the start of the services that live: a
    backlog from before is theirs to work off.
    """
    now = await db.clock()
    found = await services.unended(db, now=now)
    silent = tuple(one for one in found if one.beat_age_seconds > silent_seconds)
    starts = [one.started_at for one in found if one not in silent]
    before = now - GRACE
    is_fresh = bool(starts) and min(starts) > before
    return Health(
        now=now,
        services=tuple(found),
        silent=silent,
        overdue_feed=None if is_fresh else await services.overdue(db, "feed", before=before),
        overdue_article=None if is_fresh else await services.overdue(db, "article", before=before),
        backlog=await services.backlog(db, now=now),
    )
