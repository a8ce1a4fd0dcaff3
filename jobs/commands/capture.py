"""broadsheet capture: an incident becomes a test."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from jobs import database_target, output
from jobs.commands.options import MOST_NUMBERS, DatabaseUrl, Json, Replay, time
from jobs.web_capture import Captured, captured_before
from jobs.web_capture import capture as record_feed
from pipeline import config, urls
from pipeline.errors import BadUrlError, UsageError
from pipeline.feeds.subscriptions import credentials
from pipeline.model.listing import ListedFeed
from pipeline.web import recording, ssrf_guard, workers
from pipeline.web.fetch import Client

MOST_PAGES = 500


def capture(  # noqa: PLR0913 - a command's options
    source: Annotated[str, typer.Argument(metavar="URL", help="A feed.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    *,
    from_database: Annotated[
        bool,
        typer.Option("--from-database", help="In place of URL the number of a feed: what is kept."),
    ] = False,
    pages: Annotated[int, typer.Option(min=0, help="How many pages at most.")] = MOST_PAGES,
    since: Annotated[
        datetime | None,
        typer.Option(parser=time, metavar="TIME", help="With --from-database: fetched since."),
    ] = None,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Record a feed and its pages as a seeds folder.

    It is what 'broadsheet replay DIR' plays again.

    They are asked for now, politely and as robots.txt allows, redirects and errors included. With
    --from-database nothing is asked for: what is kept of a feed is written with its own times.

    Cookies and credentials are not in it. Addresses are as they are: look for secrets in them, and
    for texts that are not yours, before you share the folder.

    Examples: broadsheet capture https://example.org/feed.xml incident;
    broadsheet capture --from-database 7 incident
    """
    recording.require_empty(folder)
    if from_database:
        place = database_target.find(database_url, replay=replay)
        captured = asyncio.run(_kept(place, _number(source), since))
    else:
        output.log_to_stderr(quiet=True)
        captured = asyncio.run(_live(_listed(source), pages))
    count = recording.write(folder, captured.answers)
    _say(captured, count, folder)
    if as_json:
        output.print_json(
            {
                "recordings": count,
                "pages": captured.pages,
                "refused": captured.refused,
                "missing": captured.missing,
                "error": captured.error,
            }
        )
    raise typer.Exit(1 if captured.missing or captured.error else 0)


async def _live(listed: ListedFeed, most_pages: int) -> Captured:
    from jobs import service  # noqa: PLC0415 - slow to import, and only needed here

    settings, _ = config.load()
    options = service.client_options(settings)
    async with (
        Client(options, partial(datetime.now, UTC)) as client,
        workers.started(1) as pool,
    ):
        with output.progress() as bar:
            task = bar.add_task("pages", total=None)

            def told(pages: int) -> None:
                if pages >= 0:
                    bar.update(task, total=pages)
                else:
                    bar.advance(task)

            return await record_feed(
                listed,
                client.exchange,
                pool.run,
                now=datetime.now(UTC).replace(microsecond=0),
                interval_seconds=settings.host_interval_seconds,
                reachable=partial(ssrf_guard.reachable, allow_nets=settings.allow_nets),
                most_pages=most_pages,
                told=told,
            )


async def _kept(place: database_target.Target, feed_id: int, since: datetime | None) -> Captured:
    async with database_target.opened(place) as db:
        return await captured_before(db, feed_id, since)


def _listed(source: str) -> ListedFeed:
    try:
        bare, headers = credentials.parted(source)
        return ListedFeed(url=urls.fetchable(bare), headers=headers)
    except BadUrlError as error:
        raise UsageError(f"{error.message}: give the address of a feed") from error


def _number(source: str) -> int:
    if not (source.isascii() and source.isdigit() and 0 < int(source) <= MOST_NUMBERS):
        raise UsageError(f"{source!r} is no number of a feed: 'broadsheet feeds list' shows them")
    return int(source)


def _say(captured: Captured, count: int, folder: Path) -> None:
    said = (
        f"{output.plural(count, 'recording')} in {folder}, {output.plural(captured.pages, 'page')}"
    )
    output.say(f"{said}; play it: broadsheet replay {folder}")
    if captured.refused:
        output.say(f"{output.plural(captured.refused, 'page')} not asked for: robots.txt says no")
    if captured.missing:
        output.say(
            f"{output.plural(captured.missing, 'answer')} missing: pruned, or no recording can say it"
        )
    if captured.error:
        output.say(f"the feed could not be read: {captured.error}")
