"""Telling our own outage from that of others: nobody is charged for a pulled cable."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

import structlog

from jobs.batcher import Batcher
from pipeline import urls
from pipeline.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from pipeline.model import Fetch, Request, Response

log = structlog.get_logger()

UNREACHED = {"dns", "connect"}  # how an outage of ours looks from inside
MOST_KNOWN = 64  # origins that answered last
SAMPLE = 6  # of them are tried at a look
LEAST_KNOWN = 2  # fewer others prove nothing: two sites may well be down at once
LOOK_AGAIN_SECONDS = 10.0  # while the network is away


class Network:
    """Whether the network is there, judged when a host cannot be reached.

    A failure to resolve or connect is taken for our own outage when none of a sample of origins
    that answered lately can be reached either, by a look that began after the failure. Anything that
    answers, with whatever status, shows that the network is there.
    """

    def __init__(
        self,
        reaches: Callable[[str], Awaitable[bool]],
        known: Iterable[str],
        *,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        """`reaches` says whether an origin takes connections; `known` ones answered lately."""
        self._reaches = reaches
        self._look_again_seconds = look_again_seconds
        self._known = dict.fromkeys(known)
        self._judge = Batcher(self._look)
        self._is_down = False
        self._away_since = 0.0
        self._looked = 0.0

    def watched(self, fetch: Fetch) -> Fetch:
        """Return `fetch` with failures that are ours raised as FetchError network_down."""

        async def watched_fetch(request: Request) -> Response:
            origin = urls.origin(request.url)
            try:
                response = await fetch(request)
            except FetchError as error:
                if error.response is not None:
                    self._answered(origin)
                if error.reason in UNREACHED and not await self._judge(origin):
                    message = f"our own network is away: {error.message}"
                    raise FetchError("network_down", message) from error
                raise
            self._answered(origin)
            return response

        return watched_fetch

    async def is_there(self) -> bool:
        """Return whether work can go on; looks again every 10 s while the network is away."""
        if self._is_down and time.monotonic() - self._looked >= self._look_again_seconds:
            await self._judge("")
        return not self._is_down

    def _answered(self, origin: str) -> None:
        self._known.pop(origin, None)
        self._known[origin] = None
        if len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._change(is_down=False)

    async def _look(self, failed: Sequence[str]) -> list[bool]:
        """Whether the network is there, for each of the origins that could not be reached."""
        others = [origin for origin in self._known if origin not in failed]
        if len(others) >= LEAST_KNOWN:
            # By chance, and others at each look: the last ones may all live at one hoster.
            others = random.sample(others, min(SAMPLE, len(others)))
            self._change(is_down=not await self._any_reached(others))
        self._looked = time.monotonic()
        return [not self._is_down] * len(failed)

    async def _any_reached(self, origins: Sequence[str]) -> bool:
        tries = [asyncio.ensure_future(self._reaches(origin)) for origin in origins]
        try:
            for done in asyncio.as_completed(tries):
                if await done:
                    return True
            return False
        finally:
            for one in tries:
                one.cancel()
            await asyncio.gather(*tries, return_exceptions=True)

    def _change(self, *, is_down: bool) -> None:
        if is_down and not self._is_down:
            self._away_since = time.monotonic()
            log.warning("network is away", message="no feed is charged; 'broadsheet doctor' looks")
        if self._is_down and not is_down:
            away = time.monotonic() - self._away_since
            log.warning("network is back", away_seconds=round(away, 1))
        self._is_down = is_down
