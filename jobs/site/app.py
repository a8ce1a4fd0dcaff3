"""The service's own port: `/healthz`, `/readyz`, `/metrics`. Pages add their routes to the application."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from pipeline import config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

log = structlog.get_logger()

READY_SECONDS = 5.0  # a database that does not answer within this time is not ready
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def application(
    *,
    is_alive: Callable[[], bool],
    problems: Callable[[], Awaitable[list[str]]],
    metrics: Callable[[], Awaitable[bytes]],
) -> web.Application:
    """Return the application; `problems` says what is wrong, a line each, nothing when ready.

    `/healthz` answers 200 while the jobs of this process make progress, `/readyz` while the
    database answers too and no due work is left undone, both 503 with the reason otherwise.
    """

    async def healthz(_: web.Request) -> web.Response:
        return _verdict([] if is_alive() else ["a job makes no progress"])

    async def readyz(_: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(READY_SECONDS):
                return _verdict(await problems())
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is "not ready"
            return _verdict([f"the database does not answer: {type(error).__name__}"])

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(body=await metrics(), headers={"Content-Type": METRICS_TYPE})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", show_metrics)
    return app


def _verdict(problems: list[str]) -> web.Response:
    text = "".join(f"{line}\n" for line in problems) or "ok\n"
    return web.Response(text=text, status=503 if problems else 200)


@asynccontextmanager
async def listening(app: web.Application, listen: str) -> AsyncIterator[None]:
    """Serve at an address such as 127.0.0.1:8642 (empty: nowhere).

    A port that is taken is a warning: another service on this machine has it, and work goes on.
    """
    if not listen:
        yield
        return
    host, port = config.listen_address(listen)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port, shutdown_timeout=1.0).start()
            log.info("listening", addresses=[f"{a[0]}:{a[1]}" for a in runner.addresses])
        except OSError as error:
            log.warning(
                "not listening",
                address=listen,
                message=f"{error.strerror or error}; set BROADSHEET_LISTEN to another address, or to none",
            )
        yield
    finally:
        await runner.cleanup()
