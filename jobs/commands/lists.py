"""broadsheet feeds import, export: lists of feeds, as readers exchange them."""

import asyncio
import sys
from enum import Enum
from typing import Annotated

import typer

from jobs import database_target, output
from jobs.commands.options import DatabaseUrl, Json, Replay
from pipeline.storage import feeds as stored

MOST_SHOWN = 100  # bad lines that are said one by one; --json has them all


class Format(Enum):
    """How a list is written."""

    OPML = "opml"
    URLS = "urls"


def import_feeds(
    path: Annotated[str, typer.Argument(metavar="FILE", help="The list; - reads stdin.")],
    *,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Import a list of feeds: OPML, or an address a line.

    Nested outlines of OPML become categories such as News/Europe. In a list of addresses blank
    lines and # comments are left out. Feeds are registered only, `broadsheet run` polls them.
    Those known already stay as they are, so a list can be imported again. A name and password in
    an address (https://user:password@host/feed) are kept apart and never shown.

    Lines that name no feed are said with their numbers, the rest is kept, and the exit code is 1.

    Examples: broadsheet feeds import feeds.opml; cat urls.txt | broadsheet feeds import -
    """
    from jobs import feed_import  # noqa: PLC0415 - slow to import, and only needed here

    listing = feed_import.listing(feed_import.read(path))
    done = asyncio.run(feed_import.register(database_target.find(database_url), listing))
    for one in done.bad[:MOST_SHOWN]:
        name = f' "{one.title}"' if one.title else ""
        output.say(f"line {one.line}{name}: {one.reason}")
    if len(done.bad) > MOST_SHOWN:
        output.say(f"and {len(done.bad) - MOST_SHOWN:,} more: --json has them all")
    output.say(str(done))
    if as_json:
        output.print_json(done.as_row())
    raise typer.Exit(1 if done.bad else 0)


def export_feeds(
    *,
    form: Annotated[
        Format, typer.Option("--format", help="How the list is written.")
    ] = Format.OPML,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
) -> None:
    """Write the list of feeds to stdout: OPML 2.0, or an address a line.

    Categories become folders. Feeds that are paused or gone are in it too; headers, passwords
    and other settings are not.

    Example: broadsheet feeds export > feeds.opml
    """
    from pipeline.feeds.subscriptions import opml  # noqa: PLC0415 - as above

    place = database_target.find(database_url, replay=replay)

    async def read() -> bytes:
        async with database_target.opened(place) as db:
            listed = await stored.all_listed(db)
        if form is Format.URLS:
            return "".join(f"{feed.url}\n" for feed in listed).encode()
        return opml.document(listed)

    written = asyncio.run(read())
    sys.stdout.write(written.decode())
