"""The replay command: which database, which pages, and the report at the end."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from jobs import database_target, output, report
from jobs.replay import replay as walk
from pipeline import config
from pipeline.errors import UsageError
from pipeline.storage import embedded, feeds, leases, schema
from pipeline.storage.connection_strings import shown
from pipeline.storage.database import connected
from pipeline.web import recorded_web, workers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from jobs.database_target import Target
    from jobs.replay import Replayed
    from pipeline.config import Settings
    from pipeline.model import ArticleState, Poll
    from pipeline.storage.database import Database
    from pipeline.web.recorded_web import Archive


def replay(
    paths: Sequence[Path], database_url: str | None, *, into_live: bool, as_json: bool
) -> bool:
    """Replay seeds folders, print what is in the database then, return whether all was replayed.

    The folders are read whole first: a fault in them leaves no trace. Raises UsageError for
    one, and for a database with live work in it unless `into_live`.
    """
    recorded = recorded_web.load(paths)
    settings, _ = config.load()
    given = database_url or (settings.database_url and settings.database_url.get_secret_value())
    started = time.monotonic()
    with ExitStack() as stack:
        if given:
            place = database_target.Target(url=given, settings=settings)
            _prepare(given, into_live=into_live)
        else:
            stack.enter_context(embedded.alone(settings.data_dir, "replay"))
            place = _made_anew(settings)
        result = asyncio.run(_replay(place, recorded, into_live=into_live, as_json=as_json))
    moments = output.plural(len(recorded.moments()), "moment")
    output.say(f"replayed {moments} in {time.monotonic() - started:.1f} s")
    if not as_json:
        tools = place.server.tools if place.server else None
        output.out().print(
            "Query it:\n  " + report.psql_line(place.url, tools), soft_wrap=True, highlight=False
        )
    return _complete(result)


def _complete(result: Replayed) -> bool:
    if result.missed:
        feeds_missed = ", ".join(sorted(set(result.missed)))
        output.say(f"recorded, but not polled at their moment: {feeds_missed}")
    if result.broken:
        output.say(report.faults(result.broken))
    return not result.missed and not result.broken


def _made_anew(settings: Settings) -> Target:
    server = embedded.start(settings.data_dir)
    url = embedded.create(server, embedded.REPLAY, anew=True)
    schema.migrate(url)
    asyncio.run(_mark(url))
    return database_target.Target(url=url, settings=settings, server=server)


def _prepare(url: str, *, into_live: bool) -> None:
    """Make sure that the database may be replayed into: a new one is marked as a replay's."""
    if schema.version(url) is None:
        schema.migrate(url)
        if not into_live:
            asyncio.run(_mark(url))
        return
    schema.require_current(url)
    if not into_live and not asyncio.run(_is_replay(url)):
        raise UsageError(
            f"{shown(url)} is a database for live work, and recorded times would mix with it: "
            "replay into a new database (without a schema), or say --into-live"
        )


async def _mark(url: str) -> None:
    async with connected(url, connections=1) as db:
        await feeds.mark_replay(db)


async def _is_replay(url: str) -> bool:
    async with connected(url, connections=1) as db:
        return await feeds.is_replay(db)


async def _replay(place: Target, recorded: Archive, *, into_live: bool, as_json: bool) -> Replayed:
    async with (
        connected(place.url, connections=4) as db,
        feeds.replaying_alone(db),
        workers.started(1) as pool,
    ):
        if not into_live:
            await leases.clear(db)
        result = await _walk(db, recorded, pool)
        await report.print_report(db, as_json=as_json)
    return result


async def _walk(db: Database, recorded: Archive, pool: workers.Workers) -> Replayed:
    with output.progress() as bar:
        moments = bar.add_task("moments", total=len(recorded.moments()))
        outcomes = bar.add_task("polls and pages", total=None)

        def reached(moment: datetime) -> None:
            bar.update(moments, advance=1, description=f"{moment:%Y-%m-%d %H:%M}")

        def seen(_: Poll | ArticleState) -> None:
            bar.advance(outcomes)

        return await walk(db, recorded, pool.run, seen=seen, reached=reached)
