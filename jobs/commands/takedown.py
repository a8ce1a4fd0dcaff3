"""broadsheet articles remove: a takedown."""

import asyncio
import getpass
import sys
from typing import Annotated

import typer

from jobs import database_target, output
from jobs.commands.options import DatabaseUrl, Json, Number, Replay
from jobs.commands.stories import LONGEST_WORD, By, Why
from jobs.database_target import Target
from pipeline import text
from pipeline.errors import UsageError
from pipeline.persist import takedown as tombstones
from pipeline.storage import orders, removals
from pipeline.storage.removals import Removable


def remove(  # noqa: PLR0913 - a command's options
    article_id: Number,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    by: By = None,
    why: Why = None,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Take an article down for good.

    Its text is erased, and it never comes back.

    Erased are its texts, words to search, fingerprints, page bodies, and what its entries carried.
    Its addresses and the identities of its entries stay, so that it is not taken in again. The
    documents of feeds that carried it are kept until they are pruned. Other articles of its story
    stay: a reprint is removed by its own number. There is no way back.

    Example: broadsheet articles remove 12 --why "court order 7/26"
    """
    place = database_target.find(database_url, replay=replay)
    found = asyncio.run(_find(place, article_id))
    if not yes:
        _ask(found)
    removed = asyncio.run(_remove(place, found.article_id, by or _login(), why))
    if as_json:
        output.print_json({"article_id": removed.article_id, "url": removed.url})
    output.say(f"article {removed.article_id} is removed: {removed.url}")
    if removed.others:
        output.say(
            f"{output.plural(removed.others, 'article')} of the same story stay: "
            f"'broadsheet stories show {removed.story_id}'"
        )


async def _find(place: Target, article_id: int) -> Removable:
    async with database_target.opened(place) as db, db.session() as session:
        found = await removals.find(session, article_id)
    if found is None:
        raise UsageError(f"there is no article {article_id}")
    return found


async def _remove(place: Target, article_id: int, by: str, why: str | None) -> Removable:
    async with database_target.opened(place) as db:
        removed = await tombstones.remove_article(
            db,
            article_id,
            now=await db.clock(),
            by=text.line(by, LONGEST_WORD) or "unknown",
            why=text.line(why, LONGEST_WORD) if why else None,
        )
        await orders.note(db, "articles remove", f"article {removed.article_id}")
        return removed


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "unknown"


def _ask(found: Removable) -> None:
    if not sys.stdin.isatty():
        raise UsageError("this cannot be undone: say --yes")
    output.say(f"article {found.article_id}: {found.title or 'without a text'}\n{found.url}")
    typer.confirm("Erase it for good?", abort=True, err=True)
