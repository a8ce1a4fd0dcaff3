"""broadsheet articles, broadsheet failures: looking at what came of the feeds."""

from datetime import datetime
from typing import Annotated

import typer

from jobs import output
from jobs.commands import reading
from jobs.commands.options import DatabaseUrl, Json, Limit, Replay

articles = typer.Typer(no_args_is_help=True, help="Look at articles.")
failures = typer.Typer(no_args_is_help=True, help="Look at what did not become an article.")

Site = Annotated[str | None, typer.Option(help="Only this registrable domain (example.org).")]
Since = Annotated[datetime | None, typer.Option(help="Published at or after this UTC time.")]
Until = Annotated[datetime | None, typer.Option(help="Published before this UTC time.")]


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
    """List the newest articles."""
    reading.show(
        "list_articles",
        database_url,
        replay=replay,
        as_json=as_json,
        site=site,
        since=since,
        lim=limit,
    )


@articles.command("show")
def show_article(
    article_id: int,
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


@articles.command("search")
def search_articles(  # noqa: PLR0913 - a command's options
    words: Annotated[list[str], typer.Argument(help='Words, "a phrase", or, -not.')],
    *,
    site: Site = None,
    since: Since = None,
    until: Until = None,
    language: Annotated[str | None, typer.Option(help="Only this language (en, de).")] = None,
    limit: Limit = 20,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Search the texts; the best match comes first."""
    reading.show(
        "search_articles",
        database_url,
        replay=replay,
        as_json=as_json,
        words=" ".join(words),
        lim=limit,
        since=since,
        until=until,
        language=language,
        site=site,
    )


@failures.command("list")
def list_failures(
    *,
    kind: Annotated[str | None, typer.Option(help="feed, article or entry.")] = None,
    limit: Limit = 100,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """List feeds, articles and entries that failed, with the reason and the next attempt."""
    reading.show(
        "list_failures", database_url, replay=replay, as_json=as_json, kind=kind, lim=limit
    )
