"""Root's server gets along without any folder being opened for it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline.errors import DatabaseError
from pipeline.storage import embedded, server_files

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's server has another user")

Modes = dict[Path, tuple[int, int]]


@pytest.fixture
def top() -> Iterator[Path]:
    """A folder that everybody reaches, with a folder of the system's in it."""
    with tempfile.TemporaryDirectory(prefix="bs-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(autouse=True)
def system_dir(top: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the test's server keeps outside its data folder goes with the test."""
    monkeypatch.setattr(server_files, "SYSTEM_DIR", top / "system")
    return top / "system"


def modes(*folders: Path) -> Modes:
    """Mode and owner of these folders and of all above them."""
    above = {path for folder in folders for path in (folder, *folder.parents)}
    return {path: (path.stat().st_mode, path.stat().st_uid) for path in above}


def starts(data_dir: Path) -> bool:
    """Whether a server starts, answers, is found, and ends."""
    server = embedded.start(data_dir)
    try:
        with psycopg.connect(server.url("postgres")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        return embedded.running(data_dir) == server
    finally:
        assert embedded.stop(data_dir)
        assert embedded.running(data_dir) is None


def programs() -> Path:
    return server_files.find(Path("/nowhere")).programs


def test_a_private_folder_above_the_data_stays_private(top: Path, system_dir: Path) -> None:
    private = top / "private"
    private.mkdir(mode=0o700)
    (private / "open").mkdir(mode=0o755)
    before = modes(private / "open", programs())
    data_dir = private / "open" / "data"
    assert starts(data_dir)
    assert modes(private / "open", programs()) == before
    kept = (data_dir / "postgres").resolve()
    assert kept.parent == system_dir
    assert kept.stat().st_mode & 0o077 == 0
    assert starts(data_dir)  # and finds its data again
    assert (data_dir / "postgres").resolve() == kept


def test_a_private_data_folder_keeps_its_mode(top: Path) -> None:
    data_dir = top / "data"
    data_dir.mkdir(mode=0o700)
    before = modes(top, programs())
    assert starts(data_dir)
    assert modes(top, programs()) == before
    assert data_dir.stat().st_mode & 0o777 == 0o700
    assert not (data_dir / "postgres").is_symlink()


def test_a_private_folder_with_other_things_stays_roots(top: Path) -> None:
    home = top / "home"
    home.mkdir(mode=0o700)
    (home / "letters.txt").write_text("Dear Wim")
    before = modes(home)
    assert starts(home)
    assert modes(home) == before


def test_programs_that_are_out_of_reach_are_copied(
    top: Path, system_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a virtual environment under /root."""
    private = top / "private"
    private.mkdir(mode=0o700)
    package = programs().parent.parent
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, private / name)
    found = SimpleNamespace(origin=str(private / package.name / "__init__.py"))
    monkeypatch.setattr(server_files, "find_spec", lambda _: found)
    before = modes(private / package.name)
    assert starts(top / "data")
    assert modes(private / package.name) == before
    assert len(list(system_dir.glob("server-*/*/*/bin/postgres"))) == 1
    assert starts(top / "data")


def test_a_server_that_nothing_can_be_kept_for_is_refused(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = top / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setattr(server_files, "SYSTEM_DIR", private / "system")
    before = modes(private)
    with pytest.raises(DatabaseError, match="set BROADSHEET_DATA_DIR to a folder that it can use"):
        embedded.start(private / "data")
    assert modes(private) == before


def test_data_that_is_gone_is_not_begun_anew(top: Path) -> None:
    private = top / "private"
    private.mkdir(mode=0o700)
    assert starts(private / "data")
    kept = (private / "data" / "postgres").resolve()
    shutil.rmtree(kept)
    with pytest.raises(DatabaseError, match="which is gone: put the data back"):
        embedded.start(private / "data")
