"""What an operator lets be sent with a feed's requests: asked for or read from files."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.feeds.subscriptions import credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHARACTERS = 100_000  # of a file with a secret: far more than a header holds


def headers(
    given: Sequence[str], user: str | None, password_file: Path | None
) -> dict[str, str | None]:
    """Return the headers to set, by name; None takes one back.

    `given` are K=V, K=@FILE or K=; for `user` the password is asked for at the terminal, or read
    from its file, and an empty user takes it back. Raises UsageError.
    """
    if password_file is not None and not user:
        raise UsageError("--password-file goes with --auth USER")
    found = dict(_header(one) for one in given)
    if user is None:
        return found
    if credentials.AUTHORIZATION in found:
        raise UsageError("--auth and --header Authorization=... set the same header: give one")
    found[credentials.AUTHORIZATION] = (
        credentials.basic(user, _password(password_file)) if user else None
    )
    return found


def _header(given: str) -> tuple[str, str | None]:
    name, equals, value = given.partition("=")
    if not equals:
        raise UsageError(f"--header {name[:100]!r}: write K=V, K=@FILE or K=")
    if not value:
        return credentials.header(name, "none")[0], None
    return credentials.header(name, _read(Path(value[1:])) if value.startswith("@") else value)


def _password(path: Path | None) -> str:
    if path is not None:
        return _read(path)
    if not sys.stdin.isatty():
        raise UsageError("no terminal to ask for the password: give --password-file FILE")
    return getpass.getpass("Password: ")


def _read(path: Path) -> str:
    """The text of a file without the line break at its end."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(MOST_CHARACTERS).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from error
