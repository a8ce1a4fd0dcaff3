"""broadsheet failures: what did not become an article, and trying it again."""

import asyncio
from difflib import get_close_matches
from enum import Enum
from typing import Annotated

import typer

from jobs import database_target, output
from jobs.commands import reading
from jobs.commands.options import MOST_NUMBERS, DatabaseUrl, Json, Limit, Replay, Site
from jobs.database_target import Target
from pipeline import reasons
from pipeline.errors import UsageError
from pipeline.storage import orders, retries
from pipeline.storage.retries import Chosen

failures = typer.Typer(
    no_args_is_help=True, help="Look at what did not become an article, and try it again."
)


def _reason(value: str) -> str:
    if value not in set(map(str, reasons.Reason)):
        near = get_close_matches(value, map(str, reasons.Reason), n=1)
        hint = f"did you mean {near[0]}?" if near else "news.values lists them, as reason"
        raise typer.BadParameter(f"{value!r} is no reason: {hint}")
    return value


Reason = Annotated[
    str | None,
    typer.Option(
        parser=_reason,
        metavar="R",
        help="Only this reason, such as timeout or paywall (news.values).",
    ),
]


class Kind(Enum):
    """What failed."""

    FEED = "feed"
    ARTICLE = "article"
    ENTRY = "entry"


class Tried(Enum):
    """What can be tried again."""

    FEED = "feed"
    ARTICLE = "article"


@failures.command("list")
def list_failures(  # noqa: PLR0913 - a command's options
    *,
    kind: Annotated[Kind | None, typer.Option(help="Only these.")] = None,
    reason: Reason = None,
    site: Site = None,
    limit: Limit = 100,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """List what failed, with the reason and the next attempt.

    These are feeds, articles, and entries without an address.

    Example: broadsheet failures list --reason bot_wall --site example.org
    """
    reading.show(
        "list_failures",
        database_url,
        replay=replay,
        as_json=as_json,
        kind=kind and kind.value,
        reason=reason,
        site=site,
        lim=limit,
    )


@failures.command("retry")
def retry(  # noqa: PLR0913 - a command's options
    numbers: Annotated[
        list[int] | None, typer.Argument(min=1, max=MOST_NUMBERS, metavar="[ID]...")
    ] = None,
    *,
    kind: Annotated[Tried | None, typer.Option(help="Only these.")] = None,
    reason: Reason = None,
    site: Site = None,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Try what failed again now: all of it, or what the options name.

    Pages are asked for as if they were new, those in quarantine too; feeds are polled. The service,
    or the next 'broadsheet once', does it as politeness allows. What is being worked on is left.

    Examples: broadsheet failures retry --reason timeout; broadsheet failures retry --kind article 12 15
    """
    chosen = Chosen(ids=numbers or None, reason=reason, site=site)
    place = database_target.find(database_url, replay=replay)
    due = asyncio.run(_retry(place, chosen, kind, replay=replay))
    for word, ids in due.items():
        output.say(f"{output.plural(len(ids), word)} due now")
    if as_json:
        output.print_json({f"{word}s": ids for word, ids in due.items()})
    missing = sorted(set(numbers or []) - {number for ids in due.values() for number in ids})
    if missing:
        output.say(f"not failed, or being worked on: {', '.join(map(str, missing))}")
        raise typer.Exit(1)


async def _retry(
    place: Target, chosen: Chosen, kind: Tried | None, *, replay: bool
) -> dict[str, list[int]]:
    ways = {Tried.ARTICLE: retries.articles, Tried.FEED: retries.feeds}
    async with (database_target.opened if replay else database_target.opened_live)(place) as db:
        now = await db.clock()
        if chosen.ids and kind is None:
            _require_one_kind(await retries.ambiguous(db, chosen.ids))
        due = {
            one.value: await way(db, chosen, now=now)
            for one, way in ways.items()
            if kind in {None, one}
        }
        detail = "; ".join(orders.numbered(word, ids) for word, ids in due.items() if ids)
        if detail:
            await orders.note(db, "failures retry", detail)
        return due


def _require_one_kind(ambiguous: list[int]) -> None:
    if ambiguous:
        numbers = ", ".join(map(str, ambiguous))
        raise UsageError(f"a feed and an article failed as {numbers}: say --kind article or feed")
