"""broadsheet stories: looking at stories, and putting right what the rules got wrong."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from jobs import database_target, output
from jobs.commands import reading
from jobs.commands.options import MOST_NUMBERS, DatabaseUrl, Json, Number, Replay
from pipeline import text
from pipeline.model import Ruling
from pipeline.persist import story_overrides
from pipeline.storage import orders
from pipeline.storage.database import Database

stories = typer.Typer(
    no_args_is_help=True, help="Look at stories; part and join them where the rules were wrong."
)

PARTS = {
    "articles": "show_story_articles",
    "links": "show_story_links",
    "rulings": "show_story_rulings",
}
LONGEST_WORD = 500  # characters of a name or a reason

Done = TypeVar("Done")

Story = Annotated[int, typer.Argument(min=1, max=MOST_NUMBERS, metavar="ID")]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who says so; default: the login name.")
]
Why = Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why, for who asks later.")]


@stories.command("show")
def show_story(
    story_id: Number,
    *,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Show one story and why it stands together.

    Its articles, the links between them, what operators said.

    A number that was merged into another shows that one.
    """
    now = reading.read("story_number", database_url, replay=replay, story_id=story_id).rows
    present = int(now[0][0]) if now else story_id
    story = reading.read("show_story", database_url, replay=replay, story_id=present)
    if not story.rows:
        output.say(
            f"there is no story {story_id}: 'broadsheet articles show ID' names an article's"
        )
        raise typer.Exit(1)
    if present != story_id:
        output.say(f"story {story_id} was merged: it is {present} now")
    parts = {
        name: reading.read(query, database_url, replay=replay, story_id=present)
        for name, query in PARTS.items()
    }
    if as_json:
        rows = {name: output.rows(table) for name, table in parts.items()}
        output.print_json({**output.rows(story)[0], **rows})
        return
    output.show_record(story, as_json=False)
    for name, table in parts.items():
        if table.rows:
            output.show(table, as_json=False, title=name)


@stories.command("split")
def split(
    story_id: Number,
    article_ids: Annotated[
        list[int], typer.Argument(min=1, max=MOST_NUMBERS, metavar="ARTICLE...")
    ],
    *,
    by: By = None,
    why: Why = None,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
) -> None:
    """Take articles out of a story, into one of their own.

    They are never joined with the rest again, unless by 'broadsheet stories join'.

    Example: broadsheet stories split 12 345 367 --why "two different fires"
    """

    async def order(db: Database) -> story_overrides.Split:
        return await story_overrides.split_story(
            db, story_id, article_ids, await _ruling(db, by, why)
        )

    detail = f"story {story_id}: {orders.numbered('article', set(article_ids))}"

    done = _carry_out(order, database_url, ("stories split", detail), replay=replay)
    output.say(
        f"{output.plural(len(set(article_ids)), 'article')} of story {done.story_id} "
        f"now in story {done.new_story_id}"
    )


@stories.command("join")
def join(
    story_id: Number,
    other_story_id: Story,
    *,
    by: By = None,
    why: Why = None,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
) -> None:
    """Make two stories one.

    The older number stays, the other leads to it. This takes back an earlier split between them.

    Example: broadsheet stories join 12 15 --why "same report, translated names"
    """

    async def order(db: Database) -> tuple[int, int]:
        ruling = await _ruling(db, by, why)
        return await story_overrides.join_stories(db, story_id, other_story_id, ruling)

    detail = f"story {story_id} and {other_story_id}"
    stays, goes = _carry_out(order, database_url, ("stories join", detail), replay=replay)
    output.say(f"story {goes} is now part of story {stays}")


def _carry_out(
    order: Callable[[Database], Awaitable[Done]],
    database_url: str | None,
    noted: tuple[str, str],
    *,
    replay: bool,
) -> Done:
    place = database_target.find(database_url, replay=replay)

    async def carry_out() -> Done:
        async with (database_target.opened if replay else database_target.opened_live)(place) as db:
            done = await order(db)
            await orders.note(db, *noted)
            return done

    return asyncio.run(carry_out())


async def _ruling(db: Database, by: str | None, why: str | None) -> Ruling:
    return Ruling(
        ruled_by=text.line(by or _login(), LONGEST_WORD) or "unknown",
        ruled_at=await db.clock(),
        reason=text.line(why, LONGEST_WORD) if why else None,
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "unknown"
