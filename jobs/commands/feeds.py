"""broadsheet feeds: adding them, looking at them, and what else is done with them."""

import asyncio
from enum import Enum
from typing import Annotated

import typer

from jobs import database_target, output
from jobs.commands import dry_polls, lists, orders, reading
from jobs.commands.options import DatabaseUrl, Json, Number, Replay
from pipeline import urls
from pipeline.errors import BadUrlError, UsageError
from pipeline.feeds.parsing import links
from pipeline.feeds.subscriptions import credentials, opml
from pipeline.model.listing import ListedFeed
from pipeline.storage.database import Table

feeds = typer.Typer(no_args_is_help=True, help="Add feeds, look at them, and manage them.")


class State(Enum):
    """Whether a feed is polled."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


@feeds.command("add")
def add_feeds(
    addresses: Annotated[list[str], typer.Argument(metavar="URL...")],
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Add every feed that a page names, not just the first.")
    ] = False,
    category: Annotated[
        str | None, typer.Option(help="A folder to keep them in, such as News/Europe.")
    ] = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Add feeds, or those found on a page, and poll them.

    On a page, the feeds that it names or links are tried, then the usual places of feeds, then
    the news sitemaps of the host's robots.txt. A feed that does not answer now is kept and asked
    again later; an address where there is no feed is not. A name and password in an address
    (https://user:password@host/feed) are kept apart and never shown.

    Exit code 1 says that one was not added, or that its first poll failed.

    Examples: broadsheet feeds add https://example.org/;
    broadsheet feeds add --all --category News https://example.org/
    """
    from jobs import feed_registration, service  # noqa: PLC0415 - slow to import, and only needed here

    wanted = [_listed(address, opml.category(category)) for address in addresses]
    output.log_to_stderr(quiet=True)
    place = database_target.find(database_url)

    async def add() -> list[feed_registration.Result]:
        async with service.opened(place) as tools:
            return await feed_registration.add(tools, wanted, every=every)

    results = asyncio.run(add())
    if as_json:
        output.print_json([result.as_row() for result in results])
    for result in results:
        output.say(str(result))
    raise typer.Exit(0 if all(result.is_good for result in results) else 1)


@feeds.command("check")
def check_feed(
    address: Annotated[str, typer.Argument(metavar="URL")],
    *,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Try an address without storing anything.

    Says what a poll would store, what it would not and why, and when the next one would be; on a
    page, which feeds it leads to. A feed that is known is asked with its own headers.

    Exit code 1 says that no feed was found. Example: broadsheet feeds check https://example.org/
    """
    from jobs import dry_poll, service  # noqa: PLC0415 - as above

    wanted = _listed(address)
    output.log_to_stderr(quiet=True)
    place = database_target.find(database_url)

    async def check() -> dry_poll.Checked:
        async with service.opened(place) as tools:
            return await dry_poll.check(tools, wanted)

    checked = asyncio.run(check())
    if as_json:
        output.print_json(dry_polls.as_row(checked))
    else:
        dry_polls.show(checked)
    raise typer.Exit(0 if checked.feeds else 1)


@feeds.command("list")
def list_feeds(
    *,
    state: Annotated[State | None, typer.Option(help="Only those that are so.")] = None,
    category: Annotated[
        str | None, typer.Option(help="Only those in this folder, and in the folders in it.")
    ] = None,
    failing: Annotated[
        bool, typer.Option("--failing", help="Only those whose last poll failed.")
    ] = False,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """List the feeds.

    Example: broadsheet feeds list --failing --category News
    """
    chosen = {"state": state and state.value, "category": opml.category(category)}
    count = reading.show(
        "list_feeds", database_url, replay=replay, as_json=as_json, failing=failing, **chosen
    )
    if not (count or replay or as_json):
        everything = {"state": None, "category": None, "failing": False}
        reading.hint("feeds", "list_feeds", database_url, **everything)


@feeds.command("show")
def show_feed(
    feed_id: Number,
    *,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Show one feed and why it is polled when it is.

    Its next poll with all that decided it, and its last ones.

    Of its own headers only the names are shown. Example: broadsheet feeds show 7
    """

    def read(query: str) -> Table:
        return reading.read(query, database_url, replay=replay, feed_id=feed_id)

    found = read("show_feed")
    if not found.rows:
        orders.say_missing(database_target.find(database_url, replay=replay), [feed_id])
        raise typer.Exit(1)
    sent = [name for (name,) in read("feed_header_names").rows]
    plan, polls = read("show_feed_plan"), read("show_feed_polls")
    if as_json:
        (record,) = output.rows(found)
        more = {"headers": sent, "plan": output.rows(plan), "polls": output.rows(polls)}
        output.print_json(record | more)
        return
    names, row = (*found.names, "headers"), (*found.rows[0], sent)
    output.show_record(Table(names=names, rows=(row,)), as_json=False)
    for title, table in (("why then", plan), ("last polls", polls)):
        if table.rows:
            output.show(table, as_json=False, title=f"\n{title}")


feeds.command("pause")(orders.pause)
feeds.command("resume")(orders.resume)
feeds.command("remove")(orders.remove)
feeds.command("set")(orders.set_feed)
feeds.command("import")(lists.import_feeds)
feeds.command("export")(lists.export_feeds)


def _listed(address: str, category: str | None = None) -> ListedFeed:
    """The address as it is asked for; what cannot be one is answered with one that can."""
    try:
        bare, headers = credentials.parted(links.without_feed_scheme(address))
        return ListedFeed(url=urls.fetchable(bare), category=category, headers=headers)
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
