"""What asking and reading can come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.errors import IngestError
    from pipeline.feeds.found import Reading
    from pipeline.model import Article, Response, Signature


# Failures that say nothing of the feed or page: it is asked again soon, and as if never asked.
NOBODYS_FAULT = {"network_down", "host_busy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Nothing came, or nothing in it; `response` is what did come."""

    error: IngestError
    at: datetime
    response: Response | None = None

    @property
    def is_nobodys_fault(self) -> bool:
        """Whether it is our own network, or a host that was busy with our other requests."""
        return self.error.reason in NOBODYS_FAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """What we have already: a 304 (not_modified), or the same bytes again (unchanged)."""

    response: Response
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead:
    """A document that differs from the last one."""

    response: Response
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """An article; `response` is None when its text is the feed's own."""

    article: Article
    signature: Signature
    at: datetime
    response: Response | None
