"""The command line: `broadsheet --help` shows the commands."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from jobs import output, target
from jobs.commands.articles import articles, failures
from jobs.commands.database import db
from jobs.commands.feeds import feeds
from jobs.commands.options import DatabaseUrl, Json, Replay
from pipeline import __version__, config
from pipeline.errors import DatabaseError, UsageError
from pipeline.model import NextLook, Poll
from pipeline.storage.database import LOST

DONE, FOUND, USAGE, NO_DATABASE = 0, 1, 2, 3

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="News feeds in, a Postgres database of clean articles out.",
    epilog="Exit codes: 0 done, 1 done but something was found or failed, 2 wrong usage, 3 no database.",
)
app.add_typer(feeds, name="feeds")
app.add_typer(articles, name="articles")
app.add_typer(failures, name="failures")
app.add_typer(db, name="db")


def main() -> None:
    """Run the command line; expected failures become one clear line and their exit code."""
    try:
        app(prog_name="broadsheet")
    except UsageError as error:
        output.say(f"broadsheet: {error}")
        sys.exit(USAGE)
    except DatabaseError as error:
        output.say(f"broadsheet: {error}")
        sys.exit(NO_DATABASE)
    except LOST as error:
        output.say(f"broadsheet: the database went away: {' '.join(str(error).split())}")
        sys.exit(NO_DATABASE)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        typer.echo(f"broadsheet {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """News feeds in, a Postgres database of clean articles out."""


@app.command()
def run(*, database_url: DatabaseUrl = None) -> None:
    """Run the service until SIGTERM: poll, ingest and publish on schedule."""
    from jobs import service  # noqa: PLC0415 - slow to import, and only needed here

    output.log_to_stderr()
    asyncio.run(service.run(target.find(database_url)))


@app.command()
def once(
    *,
    max_seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Give back what is not done by then.")
    ] = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Do one round: poll what is due, ingest what that found and what else is due, publish."""
    from jobs import reporting, service  # noqa: PLC0415 - as above

    output.log_to_stderr(quiet=True)
    counts, seen = reporting.counter()
    with output.progress() as bar:
        task = bar.add_task("one round", total=None)

        def tick(result: Poll | NextLook) -> None:
            seen(result)
            bar.advance(task)

        place = target.find(database_url)
        in_time = asyncio.run(service.once(place, seconds=max_seconds, seen=tick))
    if as_json:
        output.print_json(dict(sorted(counts.items())))
    else:
        for name, count in sorted(counts.items()):
            typer.echo(f"{count:>7}  {name}")
    if not in_time:
        output.say("time ran out: the rest was given back and is due")
        raise typer.Exit(FOUND)


@app.command()
def replay(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Seeds folders.")],
    *,
    into_live: Annotated[
        bool, typer.Option("--into-live", help="Allow a database that holds live work.")
    ] = False,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Replay recorded pages with their recorded times; no network is used.

    Without a database the embedded one named "replay" is made anew.
    """
    from jobs import replaying  # noqa: PLC0415 - as above

    output.log_to_stderr(quiet=True)
    replaying.replay(paths, database_url, into_live=into_live, as_json=as_json)


@app.command()
def poll(
    feed_ids: Annotated[list[int] | None, typer.Argument(metavar="ID...")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every active feed.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Make feeds due now; the service or the next `once` polls them as politeness allows."""
    from jobs import polling  # noqa: PLC0415 - as above

    if bool(feed_ids) == every:
        raise UsageError("name feeds by their numbers, or give --all")
    due = asyncio.run(polling.make_due(target.find(database_url), feed_ids))
    output.say(f"{output.plural(len(due), 'feed')} due now")
    missing = sorted(set(feed_ids or []) - set(due))
    if missing:
        numbers = ", ".join(map(str, missing))
        output.say(f"not made due (no such feed, not active, or being polled): {numbers}")
        raise typer.Exit(FOUND)


@app.command()
def check(
    *, database_url: DatabaseUrl = None, replay: Replay = False, as_json: Json = False
) -> None:
    """Check the rules that must always hold; print the rows that break one."""
    from jobs import checking  # noqa: PLC0415 - as above

    broken = asyncio.run(checking.broken(target.find(database_url, replay=replay)))
    if as_json:
        output.print_json({name: output.rows(table) for name, table in broken.items()})
    else:
        for name, table in broken.items():
            output.show(table, as_json=False, title=f"broken: {name}")
    if broken:
        output.say(f"{output.plural(len(broken), 'rule')} broken")
        raise typer.Exit(FOUND)


@app.command("config")
def show_config(*, as_json: Json = False) -> None:
    """Print each setting and where its value came from; secrets are hidden."""
    settings, origins = config.load()
    rows = {name: (getattr(settings, name), origins[name]) for name in type(settings).model_fields}
    if as_json:
        output.print_json({name: {"value": _said(v), "from": o} for name, (v, o) in rows.items()})
        return
    for name, (value, origin) in rows.items():
        typer.echo(f"{name:<24}{_said(value):<44}{origin}")


def _said(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "-"
    return str(value)
