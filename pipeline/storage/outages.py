"""What a database error means: an outage that passes, a refusal, or a fault of ours.

The one place that knows SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html).
A command ends with `explained` as its one line and exit code 3; the service waits and tries again.
"""

from __future__ import annotations

from enum import StrEnum

import psycopg
from psycopg import errors

LOST = (
    psycopg.OperationalError,  # PoolTimeout is one
    errors.ReadOnlySqlTransaction,
    errors.IdleInTransactionSessionTimeout,
    errors.TransactionTimeout,
)
"""What an outage is raised as. `cause` tells whether one of these is."""
UNANSWERED = (*LOST, errors.InsufficientPrivilege)
"""What a command ends with when the database did not do what was asked."""
READ_ONLY = errors.ReadOnlySqlTransaction
"""What is raised by a server that takes no writes: a standby, a failed-over primary, a full disk."""


class Cause(StrEnum):
    """Why the database could not do what was asked; the work is done when it is back."""

    AWAY = "away"
    FULL = "connections"
    READ_ONLY = "read_only"
    DISK = "disk"
    MEMORY = "memory"
    TIMEOUT = "timeout"
    CONFLICT = "conflict"
    RIGHTS = "rights"


PASSING = {Cause.AWAY, Cause.FULL, Cause.READ_ONLY, Cause.DISK}
"""Causes that no statement brings about itself: it can be tried again as soon as they are over."""

_BY_STATE = {
    "25006": Cause.READ_ONLY,
    "25P03": Cause.TIMEOUT,  # idle_in_transaction_session_timeout
    "25P04": Cause.TIMEOUT,  # transaction_timeout
    "40001": Cause.CONFLICT,
    "40P01": Cause.CONFLICT,
    "42501": Cause.RIGHTS,
    "53000": Cause.MEMORY,
    "53100": Cause.DISK,
    "53200": Cause.MEMORY,
    "53300": Cause.FULL,
    "53400": Cause.MEMORY,
    "55P03": Cause.CONFLICT,
    "57014": Cause.TIMEOUT,  # statement_timeout
    "57P05": Cause.AWAY,  # idle_session_timeout
    "58030": Cause.DISK,
}
_AWAY_CLASSES = ("08", "57P")  # the connection broke, or the server stops or starts
# A failed start of a connection carries no SQLSTATE, only what the server said.
_SAYINGS = {"too many clients": Cause.FULL, "too many connections": Cause.FULL}

_MEANINGS = {
    Cause.AWAY: ("the database went away", "it is tried again; 'broadsheet doctor' looks at it"),
    Cause.FULL: (
        "the database takes no more connections",
        "raise max_connections or the role's limit, or end other sessions",
    ),
    Cause.READ_ONLY: (
        "the database takes no writes",
        "it is a standby or set to read-only: name the primary in DATABASE_URL",
    ),
    Cause.DISK: ("the database has no disk space left", "free space on its machine"),
    Cause.MEMORY: ("the database is out of memory or at a limit", "see its log"),
    Cause.TIMEOUT: (
        "the database gave up a statement that took too long",
        "raise statement_timeout for this role, or see what holds it up in pg_stat_activity",
    ),
    Cause.CONFLICT: ("the database gave way to another session", "run it again"),
    Cause.RIGHTS: (
        "the database refused this user",
        (
            "grant it a role of 'broadsheet db roles' (broadsheet_reader reads schema news, "
            "broadsheet_writer does the rest, broadsheet_owner migrates), or use another user"
        ),
    ),
}


def cause(error: BaseException) -> Cause | None:
    """Return why the database could not answer, or None for an error that is no outage."""
    if not isinstance(error, UNANSWERED):
        return None
    state = error.sqlstate
    if state is None:
        said = str(error)
        return next((cause for saying, cause in _SAYINGS.items() if saying in said), Cause.AWAY)
    if state in _BY_STATE:
        return _BY_STATE[state]
    return Cause.AWAY if state.startswith(_AWAY_CLASSES) else None


def explained(error: BaseException) -> str:
    """Return an outage as one line: what it is, what the server said, what helps."""
    what, remedy = _MEANINGS[cause(error) or Cause.AWAY]
    return f"{what}: {' '.join(str(error).split())}; {remedy}"
