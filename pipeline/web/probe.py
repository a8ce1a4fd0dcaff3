"""Whether a site takes connections: the smallest question there is, nothing is sent."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.web.ssrf_guard import GuardedResolver, Lookup, Network

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

SECONDS = 5.0
_PORTS = {"http": 80, "https": 443}


def reaching(
    allow_nets: Sequence[Network], lookup: Lookup = socket.getaddrinfo
) -> Callable[[str], Awaitable[bool]]:
    """Return the function that says whether an origin (https://example.org) takes connections.

    It connects within 5 s to the first addresses that the guard allows, and hangs up.
    """

    async def reaches(origin: str) -> bool:
        parts = urlsplit(origin)
        port = parts.port or _PORTS[parts.scheme]
        resolver = GuardedResolver(allow_nets, SECONDS, lookup)
        try:
            async with asyncio.timeout(SECONDS):
                found = await resolver.resolve(parts.hostname or "", port)
                return await _connects(found[0]["host"], port)
        except (OSError, TimeoutError):
            return False
        finally:
            await resolver.close()

    return reaches


async def _connects(address: str, port: int) -> bool:
    _, writer = await asyncio.open_connection(address, port)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
