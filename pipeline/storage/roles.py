"""The three roles: who migrates, who runs the service, who may only read."""

from __future__ import annotations

import psycopg

from pipeline.errors import DatabaseError
from pipeline.storage.connection_strings import shown
from pipeline.storage.connections import UNPREPARED
from pipeline.storage.database import sql_folder

ROLES = (
    ("broadsheet_owner", "migrates the schema"),
    ("broadsheet_writer", "runs the service: reads and writes rows, never the schema"),
    ("broadsheet_reader", "reads schema news, and nothing else"),
)


def make(url: str) -> tuple[str, ...]:
    """Make the roles, or bring their rights up to date; return a line for what was left undone.

    A superuser leaves nothing undone. Raises DatabaseError, and nothing is changed, for who may not
    make roles or does not own the database and all that is ours in it.
    """
    script = (sql_folder() / "roles.sql").read_bytes()
    undone: list[str] = []

    def note(said: psycopg.errors.Diagnostic) -> None:
        if said.severity_nonlocalized == "WARNING" and said.message_primary:
            undone.append(said.message_primary)

    try:
        with psycopg.connect(url, **UNPREPARED) as connection:
            connection.add_notice_handler(note)
            connection.execute(script)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseError(
            f"{shown(url)} may not make roles: connect as a superuser once, or as the owner of the "
            f"database with CREATEROLE ({' '.join(str(error).split())})"
        ) from error
    return tuple(undone)
