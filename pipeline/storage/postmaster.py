"""The embedded server's process: made, started, found by its pid file, stopped."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import DatabaseError
from pipeline.storage.server_files import run_as

if TYPE_CHECKING:
    from pipeline.storage.server_files import ServerFiles

START_SECONDS = 60
"""Crash recovery after a power cut may last longer: it goes on, and the next start waits for it."""
START_ATTEMPTS = 6  # the backends of a server that was killed hold its memory for a moment
STOP_SECONDS, LAST_SECONDS = 60, 10
NOBODY = 2**31 - 1  # a number that no process can have: Linux ends at 2**22, macOS before
_LONGEST_SOCKET = 100  # the path of a socket may have 103 bytes on macOS, 107 on Linux
_SOCKET = ".s.PGSQL.5432"
_PID_LINES = 8
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """A server that runs; `is_ready` once it takes connections."""

    pid: int
    socket_dir: Path
    is_ready: bool


def found(files: ServerFiles) -> Postmaster | None:
    """Return what the pid file says, if the server that it names runs."""
    try:
        lines = (files.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    if not lines or not lines[0].isdecimal() or not _serves(int(lines[0]), files.data):
        return None
    is_whole = len(lines) == _PID_LINES  # it is written bit by bit while the server starts
    return Postmaster(
        pid=int(lines[0]),
        socket_dir=Path(lines[4]) if is_whole else files.data,
        is_ready=is_whole and lines[7].strip() == "ready",
    )


def initialise(files: ServerFiles) -> None:
    """Make the cluster, unless it is there."""
    if not (files.data / "PG_VERSION").exists():
        words = ("--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(files.data))
        _run(files, "initdb", *words)


def start(files: ServerFiles) -> Postmaster:
    """Start the server, or wait for one that starts; return it when it takes connections.

    Raises:
        DatabaseError: it did not come up; names its log.
    """
    for left in reversed(range(START_ATTEMPTS)):
        try:
            if found(files) is None:
                _begin(files)
            break
        except DatabaseError:
            if not left:
                raise
            time.sleep(1)
    until = time.monotonic() + START_SECONDS
    while (server := found(files)) is None or not server.is_ready:
        if server is None or time.monotonic() > until:
            raise _not_up(files, "")
        time.sleep(_LOOK_SECONDS)
    return server


def _begin(files: ServerFiles) -> None:
    _name_nobody(files.data)
    options = f'-h "" -k {shlex.quote(str(_socket_dir(files)))}'
    log = str(files.data / "log")
    words = ("-w", "-t", str(START_SECONDS), "-o", options, "-l", log, "-D", str(files.data))
    _run(files, "pg_ctl", *words, "start")


def stop(server: Postmaster, data: Path) -> None:
    """End the server and its sessions; returns when it is gone."""
    import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with the extra

    process = psutil.Process(server.pid)
    for signum, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, LAST_SECONDS)):
        process.send_signal(signum)  # a fast shutdown, and an immediate one if that hangs
        with suppress(psutil.TimeoutExpired):
            process.wait(seconds)
            break
    if server.socket_dir != data:
        with suppress(OSError):
            server.socket_dir.rmdir()


def _run(files: ServerFiles, program: str, *words: str) -> None:
    command = [str(files.programs / program), *words]
    # Not a pipe: the server that pg_ctl leaves behind would hold it open.
    with tempfile.TemporaryFile() as said:
        try:
            run_as(files.user, command, said)
        except (subprocess.SubprocessError, OSError) as error:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:]
            raise _not_up(files, f" ({program}: {''.join(last) or error})") from error


def _not_up(files: ServerFiles, why: str) -> DatabaseError:
    log = files.data / "log"
    see = f": see {log}" if log.exists() else ""
    return DatabaseError(f"the embedded Postgres in {files.data} did not start{why}{see}")


def _socket_dir(files: ServerFiles) -> Path:
    """The data folder; one of its own where the path of a socket there is too long."""
    if len(str(files.data / _SOCKET).encode()) <= _LONGEST_SOCKET:
        return files.data
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-"))
    if files.user:
        os.chown(folder, files.user.pw_uid, files.user.pw_gid)
    return folder


def _serves(pid: int, data: Path) -> bool:
    """Whether the process is this folder's server: no zombie, no other's that has the number now."""
    import psutil  # noqa: PLC0415 - comes with the extra

    try:
        return str(data) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def _name_nobody(data: Path) -> None:
    """Let a pid file that a crash left behind name no process, or Postgres would not start.

    The file itself stays: by what else it says Postgres makes sure that no backend of the dead
    server is still at work.
    """
    file = data / "postmaster.pid"
    if file.exists():
        pid, _, rest = file.read_text().partition("\n")
        if pid.isdecimal() and not _serves(int(pid), data):
            file.write_text(f"{NOBODY}\n{rest}")
