"""The service's own wiring in this process, with names that all lead to this machine."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from jobs import service
from jobs.clock import DatabaseClock
from pipeline.config import Settings
from pipeline.storage.database import connected
from pipeline.web.fetch import Client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from aiohttp.connector import AddrInfoType

    from jobs.queues import Tools

CONTACT = "https://desk.example/bot"


@asynccontextmanager
async def wired(url: str, **settings: Any) -> AsyncIterator[Tools]:
    """What the lines work with on a database, as in the service; documents are read here."""
    given = {"allow_nets": "127.0.0.0/8", "host_interval_seconds": 0, "user_agent_contact": CONTACT}
    chosen = Settings(**{**given, **settings})
    async with connected(url, connections=8) as db:
        clock = DatabaseClock(db)
        await clock.read()
        options = service.client_options(chosen)
        async with Client(options, clock.now, lookup=_this_machine) as client:
            yield await service.wired(chosen, db, clock, client, _here)


def _this_machine(host: str, port: int, *_: object) -> Sequence[AddrInfoType]:
    if not host.endswith(".example"):
        raise socket.gaierror(socket.EAI_NONAME, host)
    return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]


async def _here(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)
