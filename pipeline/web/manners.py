"""Asking a host only for what its robots.txt allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.errors import FetchError
from pipeline.model import Request, Response, Robots
from pipeline.web import robots

if TYPE_CHECKING:
    from pipeline.model import Fetch

KEPT_FOR = timedelta(hours=24)  # RFC 9309 section 2.4
REFUSED_FOR = timedelta(hours=1)


def must_ask(known: Robots, now: datetime) -> bool:
    """Return whether what a host allows has to be asked (again)."""
    keep = REFUSED_FOR if known.refused else KEPT_FOR
    return known.fetched_at is None or now - known.fetched_at >= keep


async def ask(origin: str, fetch: Fetch, now: datetime) -> tuple[Robots, Response | None]:
    """Ask a host (`https://example.org`) what it allows; also return its answer, if one came."""
    try:
        response = await fetch(Request(url=f"{origin}/robots.txt", purpose="robots"))
        return Robots(text=robots.to_store(response), refused=False, fetched_at=now), response
    except FetchError as error:
        text = robots.to_store(error)
        return Robots(text=text, refused=text is None, fetched_at=now), error.response


def polite(fetch: Fetch, known: Robots, agent: str) -> Fetch:
    """Return a fetch that raises FetchError (robots) for what `known` does not allow `agent`."""

    async def allowed(request: Request) -> Response:
        if not robots.allowed(None if known.refused else known.text, request.url, agent):
            raise FetchError("robots", f"{request.url}: robots.txt does not allow it")
        return await fetch(request)

    return allowed
