"""Telling systemd how the service is: ready, stopping, alive (sd_notify(3)); nothing without systemd."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

SOCKET, WATCHDOG, WATCHED = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"


def tell(message: str) -> None:
    """Send a message such as READY=1 to the service manager, if there is one that listens."""
    address = os.environ.get(SOCKET, "")
    if not address.startswith(("/", "@")):
        return
    target = f"\0{address[1:]}" if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
        sender.sendto(message.encode(), target)


@asynccontextmanager
async def told(is_alive: Callable[[], bool] = lambda: True) -> AsyncIterator[None]:
    """Tell that the service is ready, then that it lives as often as is wanted, then that it stops.

    An event loop that is stuck tells nothing, nor does one while `is_alive` says no: the service is
    started anew.
    """
    tell("READY=1")
    seconds = watchdog_seconds()
    beating = asyncio.create_task(_beat(seconds / 2, is_alive)) if seconds else None
    try:
        yield
    finally:
        tell("STOPPING=1")
        if beating:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating


def watchdog_seconds() -> float | None:
    """Return within how many seconds a sign of life is wanted; None when nobody wants any."""
    wanted = os.environ.get(WATCHDOG, "")
    is_ours = os.environ.get(WATCHED, str(os.getpid())) == str(os.getpid())
    return int(wanted) / 1_000_000 if wanted.isdecimal() and is_ours else None


async def _beat(seconds: float, is_alive: Callable[[], bool]) -> None:
    while True:
        if is_alive():
            tell("WATCHDOG=1")
        await asyncio.sleep(seconds)
