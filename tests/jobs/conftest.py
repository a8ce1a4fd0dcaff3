"""The command line as people use it, and a replayed world for the commands that only look."""

from __future__ import annotations

import socket
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
import structlog

from jobs import cli as command_line
from pipeline.storage import embedded
from tests.jobs.shell import Ran, Shell
from tests.jobs.site import Site
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.storage.embedded import Server


@pytest.fixture(scope="session")
def shell(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The command, in an empty folder and with the data folder of the test run."""
    return Shell(folder=tmp_path_factory.mktemp("folder"), data_dir=data_dir)


@pytest.fixture(scope="session")
def replay(shell: Shell, server: Server, root: Path) -> Ran:
    """What `broadsheet replay seeds` said; the embedded database `replay` holds the seeds then."""
    assert embedded.running(shell.data_dir) == server
    return shell.run("replay", str(root / "seeds"))


@pytest.fixture(scope="session")
def replayed(replay: Ran, server: Server) -> World:
    """The seeds, replayed by the command; for tests that only look."""
    assert replay.code == 0, replay.err
    return World(server.url(embedded.REPLAY))


@pytest.fixture(scope="module")
def sites() -> Iterator[Callable[[], Site]]:
    """Makes news sites that end with the module."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Site())


@pytest.fixture
def cli(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Callable[..., Ran]]:
    """The command line inside this process, in an empty folder: quick, for what needs no other.

    Settings are given by name, as environment variables.
    """
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **settings: str) -> Ran:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["broadsheet", *arguments])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        written = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Ran(code, written.out, written.err)

    yield run
    structlog.reset_defaults()


@pytest.fixture
def closed_url() -> str:
    """The address of a database at a port where nobody listens; it holds a password."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    return f"postgresql://desk:hunter2@127.0.0.1:{port}/news"
