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
UNKNOWN_FOR = timedelta(minutes=15)


def must_ask(known: Robots, now: datetime) -> bool:
    """Return whether what a host allows has to be asked (again)."""
    keep = UNKNOWN_FOR if known.reason else KEPT_FOR
    return known.fetched_at is None or now - known.fetched_at >= keep


async def ask(origin: str, fetch: Fetch, now: datetime) -> tuple[Robots, Response | FetchError]:
    """Ask a host (`https://example.org`) what it allows; also return its answer.

    Raises FetchError when it could not be asked for a reason that is not its own.
    """
    answer: Response | FetchError
    try:
        answer = await fetch(Request(url=f"{origin}/robots.txt", purpose="robots"))
    except FetchError as error:
        if error.is_nobodys_fault:
            raise
        answer = error
    text = robots.to_store(answer)
    reason = answer.reason if text is None and isinstance(answer, FetchError) else None
    return Robots(text=text, reason=reason, fetched_at=now), answer


def polite(fetch: Fetch, known: Robots, agent: str) -> Fetch:
    """Return a fetch that raises FetchError for what `known` does not allow `agent`."""

    async def allowed(request: Request) -> Response:
        require_allowed(known, request.url, agent)
        return await fetch(request)

    return allowed


def require_allowed(known: Robots, url: str, agent: str) -> None:
    """Raise FetchError when `known` does not allow `agent` to ask for `url`.

    With reason robots where robots.txt says no; where it could not be had, with the reason for
    that: nothing may be asked then (RFC 9309 section 2.3.1.4), until it is asked for again.
    """
    if known.reason:
        message = f"{url}: robots.txt could not be had, so the rest is not asked for"
        raise FetchError(known.reason, message, retry_after=UNKNOWN_FOR)
    if not robots.allowed(known.text, url, agent):
        raise FetchError("robots", f"{url}: robots.txt does not allow it")


def pause(known: Robots, agent: str, interval_seconds: float) -> float:
    """Return the seconds between two requests to the host: ours, or its crawl-delay if longer."""
    return max(interval_seconds, robots.crawl_delay(known.text, agent))
