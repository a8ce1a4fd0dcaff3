"""broadsheet db: the schema, the connection, the roles, the embedded server."""

import os
import shutil
from typing import Annotated

import typer

from jobs import output, target
from jobs.commands.options import DatabaseUrl, Json, Replay
from pipeline import config
from pipeline.errors import DatabaseError, UsageError
from pipeline.storage import embedded, roles, schema
from pipeline.storage.database import shown

db = typer.Typer(no_args_is_help=True, help="The database and the embedded server.")


@db.command()
def migrate(*, database_url: DatabaseUrl = None, replay: Replay = False) -> None:
    """Bring the schema to this version; safe to run from several places at once."""
    settings, _ = config.load()
    url = database_url or (settings.database_url and settings.database_url.get_secret_value())
    if url and not replay:
        applied = schema.migrate(url)
    else:
        url = target.find(replay=replay).url
        applied = ()
    for name in applied:
        output.say(f"applied {name}")
    output.say(f"{shown(url)} is at migration {schema.version(url)}")


@db.command()
def url(*, database_url: DatabaseUrl = None, replay: Replay = False) -> None:
    """Print the connection string."""
    typer.echo(target.find(database_url, replay=replay).url)


@db.command()
def psql(
    arguments: Annotated[list[str] | None, typer.Argument(help="Passed on to psql.")] = None,
    *,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
) -> None:
    """Open psql on the database; arguments after -- go to psql."""
    place = target.find(database_url, replay=replay)
    program = shutil.which("psql") if place.server is None else str(place.server.tools / "psql")
    if program is None:
        raise UsageError("psql is not installed; 'broadsheet db url' prints the connection string")
    # Not a shell: the program is replaced by psql with these very arguments.
    os.execv(program, [program, place.url, *(arguments or [])])  # noqa: S606


@db.command("roles")
def make_roles(*, database_url: DatabaseUrl = None, replay: Replay = False) -> None:
    """Make the roles broadsheet_owner, _writer and _reader, or bring their rights up to date."""
    place = target.find(database_url, replay=replay)
    for name, meaning in roles.make(place.url):
        output.say(f"{name}: {meaning}")
    output.say("none of them can log in yet: GRANT one to a login role, or ALTER ROLE ... LOGIN")


@db.command()
def start() -> None:
    """Start the embedded server and print its connection string."""
    settings, _ = config.load()
    server = embedded.start(settings.data_dir)
    typer.echo(embedded.create(server, embedded.LIVE))


@db.command()
def stop() -> None:
    """Stop the embedded server; its data stays."""
    settings, _ = config.load()
    stopped = embedded.stop(settings.data_dir)
    output.say("the embedded server is stopped" if stopped else "no embedded server was running")


@db.command()
def status(*, database_url: DatabaseUrl = None, as_json: Json = False) -> None:
    """Say which database is used and whether it can be."""
    settings, _ = config.load()
    given = database_url or (settings.database_url and settings.database_url.get_secret_value())
    server = None if given else embedded.running(settings.data_dir)
    if not given and server is None:
        raise DatabaseError(
            f"the embedded server in {settings.data_dir} is not running: 'broadsheet db start'"
        )
    url = given or (server.url(embedded.LIVE) if server else "")
    facts = {
        "database": shown(url),
        "server": f"embedded, process {server.pid}" if server else "given by DATABASE_URL",
        "schema": schema.version(url),
        "newest": schema.migrations()[-1].version,
    }
    if as_json:
        output.print_json(facts)
    else:
        for name, value in facts.items():
            typer.echo(f"{name:<10}{value}")
    schema.require_current(url)
