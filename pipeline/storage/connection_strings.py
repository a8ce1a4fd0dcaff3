"""What may be said of a connection string: host and database, never a password.

People write a password in ways that a pattern does not see (`user%3Apassword@`, `pass%77ord=`,
`host=x password='a b'`) or that libpq reads as something else (`user:se/cret@host` is a database
called `cret@host`). So libpq's own parser splits the string, and a value that does not look like
what it should be is not repeated, nor is a message that may quote it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from pipeline.config import URL_SHAPE

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMELESS = "the database that DATABASE_URL names"
UNREADABLE = f"libpq cannot read the connection string; it looks like {URL_SHAPE}"
HINT = "special characters of a password are percent-encoded in a URL: @ is %40, : is %3A, / is %2F"

_NAME = re.compile(r"[\w.$-]*")
_PORTS = re.compile(r"[0-9,]*")
_HOSTS = re.compile(r"[\w.,-]*|[0-9A-Fa-f:.]+|[/@][\w./-]*")
_PLAIN = {"user": _NAME, "dbname": _NAME, "host": _HOSTS, "hostaddr": _HOSTS, "port": _PORTS}
# What libpq and the server say without repeating a value.
_SAYINGS = (
    "password authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "Connection refused",
    "timeout expired",
    "server does not support SSL",
    "certificate verify failed",
    "too many clients",
    "too many connections",
    "starting up",
    "shutting down",
    "failed to resolve host",
)


def shown(url: str) -> str:
    """Return the host, port and database of a connection string, or words that stand for them.

    One that holds nothing but these and a user's name is returned as it is.
    """
    found = _parsed(url)
    if found is None or not _is_plain(found, "host", "port", "dbname"):
        return NAMELESS
    if found.keys() <= _PLAIN.keys() and _is_plain(found, *_PLAIN):
        return url
    host, port, database = (found.get(name, "") for name in ("host", "port", "dbname"))
    if host.startswith(("/", "@")):
        return f"postgresql:///{database}?host={quote(host)}" + (f"&port={port}" if port else "")
    address = f"[{host}]" if ":" in host else host
    return f"postgresql://{address}{':' if port else ''}{port}/{database}"


def failure(url: str, error: Exception) -> str:
    """Return one line for a connection that could not be made: to what, why, and what may help."""
    found = _parsed(url)
    if found is None:
        return f"no connection to {NAMELESS}: {UNREADABLE}; {HINT}"
    reason = " ".join(str(error).split())
    if not _is_plain(found, *_PLAIN):
        reason = next((saying for saying in _SAYINGS if saying in reason), "")
        reason = f"{reason} ({HINT})" if reason else HINT
    return f"no connection to {shown(url)}: {reason}"


def _parsed(url: str) -> dict[str, str] | None:
    try:
        return {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.Error:
        return None


def _is_plain(found: Mapping[str, str], *names: str) -> bool:
    return all(_PLAIN[name].fullmatch(found.get(name, "")) for name in names)
