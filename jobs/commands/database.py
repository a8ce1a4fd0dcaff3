"""broadsheet db: the schema, the connection, the roles, the embedded server."""

import asyncio
import os
import shutil
from typing import Annotated

import typer

from jobs import database_target, health, output, schema_docs
from jobs.commands.options import DatabaseUrl, Json, Replay
from pipeline import config
from pipeline.errors import DatabaseError, UsageError
from pipeline.storage import embedded, roles, schema
from pipeline.storage.connection_strings import shown
from pipeline.storage.database import connected
from pipeline.storage.embedded import Server

db = typer.Typer(no_args_is_help=True, help="The database and the embedded server.")


@db.command()
def migrate(*, database_url: DatabaseUrl = None, replay: Replay = False) -> None:
    """Bring the schema to this version.

    It is safe to run from several places at once.
    """
    _require_one(database_url, replay=replay)
    settings, _ = config.load()
    url = database_url or (settings.database_url and settings.database_url.get_secret_value())
    if url and not replay:
        applied = schema.migrate(url, output.say)
    else:
        url = database_target.find(replay=replay).url
        applied = ()
    for name in applied:
        output.say(f"applied {name}")
    output.say(f"{shown(url)} is at migration {schema.version(url)}")


@db.command()
def url(*, database_url: DatabaseUrl = None, replay: Replay = False, as_json: Json = False) -> None:
    """Print the connection string."""
    found = database_target.find(database_url, replay=replay).url
    if as_json:
        output.print_json({"url": found})
    else:
        typer.echo(found)


@db.command()
def psql(
    arguments: Annotated[list[str] | None, typer.Argument(help="Passed on to psql.")] = None,
    *,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
) -> None:
    """Open psql on the database; arguments after -- go to psql."""
    place = database_target.find(database_url, replay=replay)
    program = shutil.which("psql") if place.server is None else str(place.server.tools / "psql")
    if program is None:
        raise UsageError("psql is not installed; 'broadsheet db url' prints the connection string")
    # Not a shell: the program is replaced by psql with these very arguments.
    os.execv(program, [program, place.url, *(arguments or [])])  # noqa: S606


@db.command()
def describe(*, database_url: DatabaseUrl = None, replay: Replay = False) -> None:
    """Print what can be queried, as Markdown.

    The views, columns and closed lists of schema news.
    """
    typer.echo(schema_docs.markdown(database_target.find(database_url, replay=replay)), nl=False)


@db.command("roles")
def make_roles(*, database_url: DatabaseUrl = None, replay: Replay = False) -> None:
    """Make the roles, or bring their rights up to date.

    They are broadsheet_owner, broadsheet_writer and broadsheet_reader. A superuser can do all of it;
    the owner of the database with CREATEROLE nearly all: exits 1 and says what is left.
    """
    place = database_target.find(database_url, replay=replay)
    undone = roles.make(place.url)
    for name, meaning in roles.ROLES:
        output.say(f"{name}: {meaning}")
    output.say("none of them can log in yet: GRANT one to a login role, or ALTER ROLE ... LOGIN")
    for line in undone:
        output.say(f"broadsheet: warning: {line}")
    if undone:
        raise typer.Exit(1)


@db.command()
def start() -> None:
    """Start the embedded server and print its URL.

    Its database is made, or brought up to date.
    """
    settings, _ = config.load()
    url = embedded.create(embedded.start(settings.data_dir), embedded.LIVE)
    schema.migrate(url, output.say)
    typer.echo(url)


@db.command()
def stop(
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Even while others are connected.")
    ] = False,
) -> None:
    """Stop the embedded server; its data stays.

    While a service or somebody else is connected it is left running, unless --force.
    """
    settings, _ = config.load()
    server = None if force else embedded.running(settings.data_dir)
    if server and (connected := embedded.clients(server)):
        raise UsageError(
            f"still connected: {', '.join(connected)}; stop the service first, or say --force"
        )
    stopped = embedded.stop(settings.data_dir)
    output.say("the embedded server is stopped" if stopped else "no embedded server was running")


@db.command()
def status(
    *, database_url: DatabaseUrl = None, replay: Replay = False, as_json: Json = False
) -> None:
    """Say which database is used and whether it can be.

    Exits 1 when a service is silent or due work is not done.
    """
    url, server = _present(database_url, replay=replay)
    facts = {
        "database": shown(url),
        "server": f"embedded, process {server.pid}" if server else "not the embedded one",
        "schema": schema.version(url),
        "newest": schema.migrations()[-1].version,
    }
    if as_json:
        output.print_json(facts)
    else:
        for name, value in facts.items():
            typer.echo(f"{name:<10}{'-' if value is None else value}")
    schema.require_current(url)
    problems = asyncio.run(_problems(url))
    for line in problems:
        output.say(f"broadsheet: {line}")
    if problems:
        raise typer.Exit(1)


async def _problems(url: str) -> list[str]:
    async with connected(url, connections=1) as db:
        return (await health.look(db)).problems(needs_service=False)


def _present(database_url: str | None, *, replay: bool) -> tuple[str, Server | None]:
    """The database a command would use, without starting or making anything."""
    _require_one(database_url, replay=replay)
    settings, _ = config.load()
    given = database_url or (settings.database_url and settings.database_url.get_secret_value())
    if given and not replay:
        return given, None
    server = embedded.running(settings.data_dir)
    if server is None:
        raise DatabaseError(
            f"the embedded server in {settings.data_dir} is not running: 'broadsheet db start'"
        )
    name = embedded.REPLAY if replay else embedded.LIVE
    if not embedded.exists(server, name):
        next_step = "replay PATH" if replay else "db start"
        raise DatabaseError(
            f"the embedded server (process {server.pid}) runs, and holds no database {name!r} yet: "
            f"'broadsheet {next_step}' makes it"
        )
    return server.url(name), server


def _require_one(database_url: str | None, *, replay: bool) -> None:
    if replay and database_url:
        raise UsageError("--replay and --database-url name two databases: give one")
