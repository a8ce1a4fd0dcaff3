"""broadsheet feeds pause, resume, remove, set: what an operator orders."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs import database_target, output
from jobs.commands import secrets
from jobs.commands.options import MOST_NUMBERS, DatabaseUrl, Number
from jobs.database_target import Target
from pipeline import text
from pipeline.errors import UsageError
from pipeline.feeds.subscriptions import opml
from pipeline.storage import feed_settings, feeds, orders
from pipeline.storage.database import Database
from pipeline.storage.feed_settings import Choices
from pipeline.storage.feeds import OffList

LEAST, MOST = timedelta(minutes=1), timedelta(days=30)  # what the table takes
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = re.compile(r"(?:[0-9]{1,7}[smhd])+")

Numbers = Annotated[list[int], typer.Argument(min=1, max=MOST_NUMBERS, metavar="ID...")]


class Pages(Enum):
    """Whether the pages of a feed's articles are asked for."""

    YES = "yes"
    NO = "no"
    DEFAULT = "default"


_FETCH_PAGES = {Pages.YES: True, Pages.NO: False, Pages.DEFAULT: None}


def duration(value: str) -> timedelta | None:
    """Return a duration such as 30m, 2h, 1d or 1h30m; None for `default`."""
    if value == "default":
        return None
    if not DURATION.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is no duration such as 30m, 2h, 1d, and not 'default'")
    parts = re.findall(r"([0-9]+)([smhd])", value)
    found = sum((timedelta(seconds=int(n) * UNIT_SECONDS[unit]) for n, unit in parts), timedelta())
    if not LEAST <= found <= MOST:
        raise typer.BadParameter(f"{value} is not within 1m and 30d")
    return found


def pause(feed_ids: Numbers, *, database_url: DatabaseUrl = None) -> None:
    """Stop polling feeds until they are resumed.

    A poll that is under way is dropped. Example: broadsheet feeds pause 7 9
    """
    _order(feed_ids, database_url, feed_settings.pause, ("pause", "paused"))


def resume(feed_ids: Numbers, *, database_url: DatabaseUrl = None) -> None:
    """Poll feeds again: those that were paused, or had been gone.

    They are due now. Example: broadsheet feeds resume 7 9
    """

    async def resumed(db: Database, numbers: Sequence[int]) -> set[int]:
        return await feed_settings.resume(db, numbers, now=await db.clock())

    _order(feed_ids, database_url, resumed, ("resume", "resumed"))


def remove(feed_ids: Numbers, *, database_url: DatabaseUrl = None) -> None:
    """Take feeds off the list.

    Their articles and entries stay. Adding the address again brings a feed back.

    Example: broadsheet feeds remove 7
    """
    _order(feed_ids, database_url, feed_settings.remove, ("remove", "removed"))


def set_feed(  # noqa: PLR0913 - a command's options
    feed_id: Number,
    *,
    every: Annotated[
        str | None,
        typer.Option(metavar="DUR", help="Poll so often: 30m, 2h, 1d; 1m to 30d, or default."),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(
            metavar="K=V", help="Send a header; K=@FILE reads it from a file, K= takes it back."
        ),
    ] = None,
    auth: Annotated[
        str | None,
        typer.Option(metavar="USER", help="Basic auth; the password is asked for. '' ends it."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the password of --auth stands.")
    ] = None,
    pages: Annotated[
        Pages | None,
        typer.Option(help="Ask for its articles' pages; default: as the settings say."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="T", help="A title in place of its own; '' ends it.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(metavar="C", help="A folder such as News/Europe; '' ends it.")
    ] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Change how one feed is asked and shown.

    With another interval, headers or password it is asked at once. Publishers' hints, holds and
    politeness count with --every too. Headers and passwords are never shown, logged or exported.

    Examples: broadsheet feeds set 7 --every 30m --category News/Europe;
    broadsheet feeds set 7 --auth desk --password-file secret.txt;
    broadsheet feeds set 7 --header X-Api-Key=@key.txt
    """
    changes = _changes(every, pages, title, category)
    headers = secrets.headers(header or [], auth, password_file)
    if not changes and not headers:
        raise UsageError("nothing to set: 'broadsheet feeds set --help' lists what can be")

    def changed(old: Choices) -> Choices:
        both = {**old.headers, **headers}
        kept = {name: value for name, value in both.items() if value is not None}
        return replace(old, headers=kept, **changes)

    place = database_target.find(database_url)

    async def choose() -> bool:
        async with database_target.opened_live(place) as db:
            is_there = await feed_settings.choose(db, feed_id, changed, now=await db.clock())
            if is_there:
                names = ", ".join([*changes, *headers])
                await orders.note(db, "feeds set", f"feed {feed_id}: {names}")
            return is_there

    if not asyncio.run(choose()):
        say_missing(place, [feed_id])
        raise typer.Exit(1)
    output.say(f"feed {feed_id} set")


def _changes(
    every: str | None, pages: Pages | None, title: str | None, category: str | None
) -> dict[str, Any]:
    """The fields of Choices that are to change; None is an option that was not given."""
    changes: dict[str, Any] = {}
    if every is not None:
        interval = duration(every)
        changes["every_seconds"] = interval and interval.total_seconds()
    if pages is not None:
        changes["fetch_pages"] = _FETCH_PAGES[pages]
    if title is not None:
        changes["title"] = text.line(title, opml.LONGEST_NAME)
    if category is not None:
        changes["category"] = opml.category(category)
    return changes


def say_missing(place: Target, feed_ids: Sequence[int]) -> None:
    """Say of feeds that are not on the list what became of them, and what can be done."""

    async def read() -> list[OffList]:
        async with database_target.opened(place) as db:
            return await feeds.off_list(db, feed_ids)

    off = {feed.feed_id: feed for feed in asyncio.run(read())}
    for feed_id in feed_ids:
        output.say(_missing(feed_id, off.get(feed_id)))


def _missing(feed_id: int, off: OffList | None) -> str:
    if off is None:
        return f"there is no feed {feed_id}: 'broadsheet feeds list' shows those there are"
    if off.merged_into is not None:
        return f"feed {feed_id} is the same as feed {off.merged_into}: use that number"
    return f"feed {feed_id} was removed: 'broadsheet feeds add {off.url}' brings it back"


def _order(
    feed_ids: Sequence[int],
    database_url: str | None,
    order: Callable[[Database, Sequence[int]], Awaitable[set[int]]],
    words: tuple[str, str],
) -> None:
    """Carry an order out on all feeds that are on the list; the others are told, with exit 1.

    `words` are the command and what is said of a feed that it was carried out on.
    """
    command, said = words
    place = database_target.find(database_url)
    wanted = list(dict.fromkeys(feed_ids))

    async def carry_out() -> set[int]:
        async with database_target.opened_live(place) as db:
            found = await order(db, wanted)
            if found:
                await orders.note(db, f"feeds {command}", orders.numbered("feed", found))
            return found

    done = asyncio.run(carry_out())
    for feed_id in wanted:
        if feed_id in done:
            output.say(f"feed {feed_id} {said}")
    missing = [feed_id for feed_id in wanted if feed_id not in done]
    if missing:
        say_missing(place, missing)
        raise typer.Exit(1)
