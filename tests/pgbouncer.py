"""A real PgBouncer in front of the test server, of the Debian package of that name."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.storage.embedded import Server

SECONDS = 20.0
FOLDERS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
PROGRAM = shutil.which("pgbouncer", path=FOLDERS)

needs_pgbouncer = pytest.mark.skipif(
    PROGRAM is None, reason="no pgbouncer here: 'apt-get install pgbouncer' to test behind a pooler"
)


@contextmanager
def pooled(server: Server, folder: Path, *, mode: str, size: int = 1) -> Iterator[str]:
    """Run a PgBouncer with `size` server connections a database; yields an address to join names to.

    Each transaction gets any of them, so that sessions of clients mix as they do in production.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={server.socket_dir} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = any\npool_mode = {mode}\ndefault_pool_size = {size}\n"
    )
    user = []
    if os.geteuid() == 0:  # it refuses to run as root; the server's own user gets to the socket
        owner = server.socket_dir.stat().st_uid
        user = ["-u", pwd.getpwuid(owner).pw_name]
        os.chown(folder, owner, -1)
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the system's own program
            [str(PROGRAM), *user, str(settings)], stdout=log, stderr=log
        )
    try:
        url = f"postgresql://postgres@127.0.0.1:{port}"
        _wait_for(f"{url}/postgres")
        yield url
    finally:
        process.terminate()
        process.wait(SECONDS)


def through(pooler: str, url: str) -> str:
    """Return the address of the database of `url` behind a pooler."""
    return make_conninfo(pooler, dbname=str(conninfo_to_dict(url)["dbname"]))


def _wait_for(url: str) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
