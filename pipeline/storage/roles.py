"""The three roles: who migrates, who runs the service, who may only read."""

from __future__ import annotations

import psycopg

from pipeline.errors import DatabaseError
from pipeline.storage.database import CONNECTION, shown, sql_folder

ROLES = (
    ("broadsheet_owner", "migrates the schema"),
    ("broadsheet_writer", "runs the service: reads and writes rows, never the schema"),
    ("broadsheet_reader", "reads schema news, and nothing else"),
)


def make(url: str) -> tuple[tuple[str, str], ...]:
    """Make the roles, or bring their rights up to date; return each with its meaning.

    Raises DatabaseError when the connection may not make roles.
    """
    script = (sql_folder() / "roles.sql").read_bytes()
    try:
        with psycopg.connect(url, **CONNECTION) as connection:
            connection.execute(script)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseError(
            f"{shown(url)} may not make roles: connect as a superuser once ({error})"
        ) from error
    return ROLES
