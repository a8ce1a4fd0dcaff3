"""broadsheet articles: looking at what came of the feeds."""

import re
from typing import Annotated

import typer
from typer.core import TyperCommand

from jobs import output
from jobs.commands import reading, revisions, takedown
from jobs.commands.explain import explain
from jobs.commands.options import DatabaseUrl, Json, Limit, Number, Replay, Since, Site, Until

articles = typer.Typer(no_args_is_help=True, help="Look at articles, and take them down.")

# -football and -"a phrase" are words of a search, -n5 and -h are options. NUL cannot come from
# a shell, so it can stand for the dash while options are told from words.
_NOT_WORD = re.compile(r'^-(?!n\d*$|h$)(?=[^\W\d_]|")')
_DASH = "\0"


class _Search(TyperCommand):
    """A command whose words may begin with a dash."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        return super().parse_args(ctx, [_NOT_WORD.sub(_DASH, word, count=1) for word in args])


@articles.command("list")
def list_articles(
    *,
    site: Site = None,
    since: Since = None,
    limit: Limit = 50,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """List articles, the last published first."""
    count = reading.show(
        "list_articles",
        database_url,
        replay=replay,
        as_json=as_json,
        site=site,
        since=since,
        lim=limit,
    )
    if not (count or replay or as_json):
        _hint(database_url)


@articles.command("show")
def show_article(
    article_id: Number,
    *,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Show one article with its text, or why it has none."""
    for query in ("show_article", "show_article_state"):
        table = reading.read(query, database_url, replay=replay, article_id=article_id)
        if table.rows:
            output.show_record(table, as_json=as_json)
            raise typer.Exit(0 if query == "show_article" else 1)
    output.say(
        f"there is no article {article_id}: 'broadsheet articles list' shows those there are"
    )
    raise typer.Exit(1)


@articles.command("search", cls=_Search)
def search_articles(  # noqa: PLR0913 - a command's options
    words: Annotated[list[str], typer.Argument(help='Words, "a phrase", or, -not.')],
    *,
    site: Site = None,
    since: Since = None,
    until: Until = None,
    language: Annotated[
        str | None, typer.Option(help="Only this language (en takes en-us too).")
    ] = None,
    limit: Limit = 20,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Search the texts; the best match comes first.

    All words must occur, in any form that the article's language gives them.
    """
    count = reading.show(
        "search_articles",
        database_url,
        replay=replay,
        as_json=as_json,
        words=" ".join(words).replace(_DASH, "-"),
        lim=limit,
        since=since,
        until=until,
        language=language and language.lower().replace("_", "-"),
        site=site,
    )
    if not (count or replay or as_json):
        _hint(database_url)


articles.command("diff")(revisions.diff)
articles.command("explain")(explain)
articles.command("remove")(takedown.remove)


def _hint(database_url: str | None) -> None:
    reading.hint("articles", "list_articles", database_url, site=None, since=None, lim=1)
