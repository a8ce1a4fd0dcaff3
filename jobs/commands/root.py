"""The commands: `broadsheet --help` shows them."""

import asyncio
import errno
import io
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import SecretStr

from jobs import database_target, output
from jobs.commands.articles import articles
from jobs.commands.capture import capture
from jobs.commands.database import db
from jobs.commands.failures import failures
from jobs.commands.feeds import feeds
from jobs.commands.options import MOST_NUMBERS, DatabaseUrl, Json, Replay
from jobs.commands.product import doctor, export, prune
from jobs.commands.reextract import reextract_pages
from jobs.commands.status import status
from jobs.commands.stories import stories
from pipeline import __version__, config
from pipeline.errors import DatabaseError, UsageError
from pipeline.model import ArticleState, Poll
from pipeline.storage import outages
from pipeline.storage.connection_strings import shown

DONE, FOUND, USAGE, NO_DATABASE = 0, 1, 2, 3
UNWRITTEN = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="News feeds in, a Postgres database of clean articles out.",
    epilog="Exit codes: 0 done, 1 done but something was found or failed, 2 wrong usage, 3 no database.",
)
app.add_typer(feeds, name="feeds")
app.add_typer(articles, name="articles")
app.add_typer(failures, name="failures")
app.add_typer(stories, name="stories")
app.add_typer(db, name="db")
for command in (export, prune, doctor, status):
    app.command()(command)
app.command("reextract")(reextract_pages)
app.command("capture")(capture)


def run_command() -> None:
    """Run the command that was typed; expected failures become one clear line and their exit code."""
    _write_anything()
    for line in config.unknown_variables():
        output.say(f"broadsheet: warning: {line}")
    try:
        _run_and_flush()
    except UsageError as error:
        _end(str(error), USAGE)
    except DatabaseError as error:
        _end(str(error), NO_DATABASE)
    except outages.UNANSWERED as error:
        if outages.cause(error) is None:
            raise
        _end(outages.explained(error), NO_DATABASE)
    except OSError as error:
        if error.errno not in UNWRITTEN:
            raise
        _give_up_writing(error)


def _run_and_flush() -> None:
    try:
        app(prog_name="broadsheet")
    finally:
        sys.stdout.flush()


def _give_up_writing(error: OSError) -> None:
    # What is left in the buffer would fail once more when the program ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:  # who read has enough
        sys.exit(FOUND)
    _end(f"the output cannot be written: {error}", USAGE)


def _end(line: str, code: int) -> NoReturn:
    output.say(f"broadsheet: {line}")
    sys.exit(code)


def _write_anything() -> None:
    """Let output hold any letter, whatever the locale says of its encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


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
    """Run the service until it is told to stop.

    It polls, ingests and publishes on schedule. SIGTERM, SIGHUP and Ctrl-C let it finish what is
    under way; a second one ends it at once.
    """
    from jobs import service  # noqa: PLC0415 - slow to import, and only needed here

    output.log_to_stderr()
    asyncio.run(service.run(database_target.find(database_url)))


@app.command()
def once(
    *,
    max_seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Give back what is not done by then.")
    ] = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Do one round: poll, ingest, publish.

    What is due is polled, then what that found and what else is due is ingested.
    """
    from jobs import report, service  # noqa: PLC0415 - as above

    output.log_to_stderr(quiet=True)
    counts, seen = report.counter()
    with output.progress() as bar:
        task = bar.add_task("one round", total=None)

        def tick(result: Poll | ArticleState) -> None:
            seen(result)
            bar.advance(task)

        place = database_target.find(database_url)
        done = asyncio.run(service.once(place, seconds=max_seconds, seen=tick))
    if done.published:
        counts["article published"] = done.published
    report.print_round(counts, done, as_json=as_json)
    went_well = done.in_time and done.is_online and not done.broken
    raise typer.Exit(DONE if went_well else FOUND)


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
    """Replay recorded pages; no network is used.

    Times are the recorded ones. Without a database the embedded one named "replay" is made anew.
    """
    from jobs.commands import replay  # noqa: PLC0415 - as above

    output.log_to_stderr(quiet=True)
    if not replay.replay(paths, database_url, into_live=into_live, as_json=as_json):
        raise typer.Exit(FOUND)


@app.command()
def poll(
    feed_ids: Annotated[
        list[int] | None, typer.Argument(metavar="ID...", min=1, max=MOST_NUMBERS)
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every active feed.")] = False,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Make feeds due now.

    The service, or the next `broadsheet once`, polls them as politeness allows.
    """
    from jobs.commands import poll  # noqa: PLC0415 - as above

    if bool(feed_ids) == every:
        raise UsageError("name feeds by their numbers, or give --all")
    due = asyncio.run(poll.make_due(database_target.find(database_url), feed_ids))
    output.say(f"{output.plural(len(due), 'feed')} due now")
    missing = sorted(set(feed_ids or []) - set(due))
    if as_json:
        output.print_json({"due": due, "not_due": missing})
    if missing:
        numbers = ", ".join(map(str, missing))
        output.say(f"not made due (no such feed, not active, or being polled): {numbers}")
        raise typer.Exit(FOUND)


@app.command()
def check(
    *, database_url: DatabaseUrl = None, replay: Replay = False, as_json: Json = False
) -> None:
    """Check the rules that must always hold.

    Rows that break one are printed.
    """
    from jobs.commands import check  # noqa: PLC0415 - as above

    broken, holding = asyncio.run(check.broken(database_target.find(database_url, replay=replay)))
    if as_json:
        output.print_json({name: output.rows(table) for name, table in broken.items()})
    else:
        for name, table in broken.items():
            output.show(table, as_json=False, title=f"broken: {name}")
    output.say(f"{output.plural(holding, 'rule')} {'holds' if holding == 1 else 'hold'}")
    if broken:
        output.say(f"{output.plural(len(broken), 'rule')} broken")
        raise typer.Exit(FOUND)


@app.command("config")
def show_config(*, database_url: DatabaseUrl = None, as_json: Json = False) -> None:
    """Print each setting and where it came from.

    Secrets are hidden.
    """
    settings, origins = config.load()
    rows = {
        name: {"value": _said(getattr(settings, name)), "from": origins[name]}
        for name in type(settings).model_fields
    }
    if database_url:
        rows["database_url"] = {"value": shown(database_url), "from": "--database-url"}
    if as_json:
        output.print_json(rows)
        return
    width = max(len(row["value"]) for row in rows.values())
    for name, row in rows.items():
        typer.echo(f"{name:<24}{row['value']:<{width}}  {row['from']}")


def _said(value: object) -> str:
    if isinstance(value, SecretStr):
        return shown(value.get_secret_value())
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "-"
    return "-" if value in (None, "") else str(value)
