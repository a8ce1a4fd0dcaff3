"""broadsheet status: one screen that says whether it is alive."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

import typer

from jobs import database_target, health, output
from jobs.commands.options import DatabaseUrl, Json, Replay
from jobs.database_target import Target
from jobs.health import Health
from pipeline.storage.services import Overdue


def status(
    *,
    silent_after: Annotated[
        float,
        typer.Option(
            min=1, metavar="SECONDS", help="How old the last beat of a service that lives may be."
        ),
    ] = health.SILENT_SECONDS,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Say whether it is alive.

    Services and their heartbeats, what is due, the oldest overdue work, the feeds.

    Exits 1 with the reason when it is not.
    """
    place = database_target.find(database_url, replay=replay)
    found = asyncio.run(_look(place, silent_after))
    problems = found.problems()
    if as_json:
        output.print_json(_record(found, problems))
    else:
        _print(found, problems)
    for line in problems:
        output.say(f"broadsheet: {line}")
    if problems:
        raise typer.Exit(1)


async def _look(place: Target, silent_seconds: float) -> Health:
    async with database_target.opened(place, connections=1) as db:
        return await health.look(db, silent_seconds=silent_seconds)


def _record(found: Health, problems: list[str]) -> dict[str, Any]:
    return {
        "alive": not problems,
        "reasons": problems,
        "services": [_plain(asdict(one)) for one in found.services],
        "overdue_feed": _late(found.overdue_feed),
        "overdue_article": _late(found.overdue_article),
        **_plain(asdict(found.backlog)),
    }


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in record.items()}


def _late(one: Overdue | None) -> dict[str, Any] | None:
    return _plain(asdict(one)) if one else None


def _print(found: Health, problems: list[str]) -> None:
    count = found.backlog
    typer.echo(f"alive     {'no' if problems else 'yes'}")
    for one in found.services:
        typer.echo(
            f"service   {one.service_id}: {one.host}, process {one.pid}, version {one.version}, "
            f"{one.state}, last beat {one.beat_age_seconds:.0f} s ago; {one.doing or 'idle'}"
        )
    typer.echo(
        f"due       {count.feeds_due:,} feeds, {count.articles_due:,} articles; "
        f"{count.unpublished:,} to publish"
    )
    typer.echo(
        f"feeds     {count.feeds_active:,} active ({count.feeds_failing:,} failing), "
        f"{count.feeds_paused:,} paused, {count.feeds_gone:,} gone"
    )
