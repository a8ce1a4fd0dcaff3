"""One request at a time to each machine, whatever the names it is asked under.

A thousand small sites may live at one address; each is a host of its own, the machine is not.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from pipeline.errors import FetchError
from pipeline.web.ssrf_guard import Network, gated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

WAIT_SECONDS = 20.0
"""How long a request waits for others at its address: a third of a feed's deadline."""


class AddressGate:
    """Who is talking to which address in this process."""

    def __init__(self, allow_nets: Sequence[Network], wait_seconds: float = WAIT_SECONDS) -> None:
        """Addresses inside `allow_nets` are not gated."""
        self._allow_nets = allow_nets
        self._wait_seconds = wait_seconds
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def entered(self, addresses: Iterable[str], url: str) -> AsyncIterator[None]:
        """Hold all of a host's IP addresses: which one will be connected to is not known yet.

        They are taken in order, so that two hosts with addresses in common never wait for each
        other. `url` is for the message. Raises FetchError host_busy when the wait grows too long.
        """
        machines = {gated(address, self._allow_nets) for address in addresses} - {None}
        locks = [
            self._locks.setdefault(str(name), asyncio.Lock()) for name in sorted(map(str, machines))
        ]
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(self._wait_seconds):
                    for lock in locks:
                        await stack.enter_async_context(lock)
            except TimeoutError as error:
                message = f"{url[:300]}: its address was busy for {self._wait_seconds:g} s"
                raise FetchError("host_busy", message) from error
            yield
