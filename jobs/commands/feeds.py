"""broadsheet feeds: adding them and looking at them."""

import asyncio
from typing import Annotated

import typer

from jobs import output, target
from jobs.commands import reading
from jobs.commands.options import DatabaseUrl, Json, Number, Replay
from pipeline import urls
from pipeline.errors import BadUrlError, UsageError

feeds = typer.Typer(no_args_is_help=True, help="Add feeds and look at them.")


@feeds.command("add")
def add_feeds(
    addresses: Annotated[list[str], typer.Argument(metavar="URL...")],
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Add every feed that a page names, not just the first.")
    ] = False,
    category: Annotated[str | None, typer.Option(help="A folder to keep them in.")] = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Add feeds, or those found on a page, and poll them.

    A feed that does not answer now is kept and asked again later; an address where there is no
    feed is not. Exit code 1 says that one was not added, or that its first poll failed.
    """
    from jobs import adding, service  # noqa: PLC0415 - slow to import, and only needed here

    wanted = [_fetchable(address) for address in addresses]
    output.log_to_stderr(quiet=True)
    place = target.find(database_url)

    async def add() -> list[adding.Result]:
        async with service.opened(place) as tools:
            return await adding.add(tools, wanted, every=every, category=category)

    results = asyncio.run(add())
    if as_json:
        output.print_json([result.as_row() for result in results])
    for result in results:
        output.say(str(result))
    raise typer.Exit(0 if all(result.is_good for result in results) else 1)


@feeds.command("list")
def list_feeds(
    *, database_url: DatabaseUrl = None, replay: Replay = False, as_json: Json = False
) -> None:
    """List the feeds."""
    count = reading.show("list_feeds", database_url, replay=replay, as_json=as_json)
    if not (count or replay or as_json):
        reading.hint("feeds", "list_feeds", database_url)


@feeds.command("show")
def show_feed(
    feed_id: Number,
    *,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Show one feed, with its next poll and its last ones."""
    found = reading.read("show_feed", database_url, replay=replay, feed_id=feed_id)
    if not found.rows:
        output.say(f"there is no feed {feed_id}: 'broadsheet feeds list' shows those there are")
        raise typer.Exit(1)
    output.show_record(found, as_json=as_json)
    if not as_json:
        last = reading.read("show_feed_polls", database_url, replay=replay, feed_id=feed_id)
        output.show(last, as_json=False, title="last polls")


def _fetchable(address: str) -> str:
    """The address as it is asked for; what cannot be one is answered with one that can."""
    try:
        return urls.fetchable(address)
    except BadUrlError as error:
        step = "an address begins with http:// or https://"
        if error.message.startswith("no scheme") and _is_fetchable(
            f"https://{address.removeprefix('//')}"
        ):
            step = f"try https://{address.removeprefix('//')}"
        raise UsageError(f"{error.message}: {step}") from error


def _is_fetchable(address: str) -> bool:
    try:
        urls.fetchable(address)
    except BadUrlError:
        return False
    return True
