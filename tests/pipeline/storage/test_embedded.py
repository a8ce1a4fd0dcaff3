"""The server in a wheel: shared by commands, outliving them, and back after a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psycopg
import pytest

from pipeline.errors import DatabaseError
from pipeline.storage import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.storage.embedded import Server

    Command = Callable[[Path], subprocess.Popen[str]]

# A command that starts the server, says its number, and goes on until its input ends.
COMMAND = """
import sys
from pathlib import Path
from pipeline.storage import embedded
print(embedded.start(Path(sys.argv[1])).pid, flush=True)
sys.stdin.read()
"""
PATIENCE_SECONDS = 30.0


@pytest.fixture
def command(root: Path) -> Iterator[Command]:
    """Starts commands that end with the test at the latest."""
    begun: list[subprocess.Popen[str]] = []

    def begin(data_dir: Path) -> subprocess.Popen[str]:
        begun.append(
            subprocess.Popen(  # noqa: S603 - our own code
                [sys.executable, "-c", COMMAND, str(data_dir)],
                cwd=root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with any server."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def said(process: subprocess.Popen[str]) -> int:
    """The server's number as a command tells it."""
    out: IO[str] | None = process.stdout
    assert out
    return int(out.readline())


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder; what runs there ends with the test."""
    with tempfile.TemporaryDirectory(prefix="bs-") as name:
        Path(name).chmod(0o755)  # or root's server keeps its data in a folder of the system
        yield Path(name) / "data"
        embedded.stop(Path(name) / "data")


def answers(server: Server) -> bool:
    with psycopg.connect(server.url("postgres")) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def wait_until_gone(pid: int) -> None:
    """Return when a process has ended; one that nobody reaps has ended too."""
    until = time.monotonic() + PATIENCE_SECONDS
    stat = Path(f"/proc/{pid}/stat")
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (ProcessLookupError, FileNotFoundError):
            return
    raise AssertionError(pid)


def test_two_commands_at_once_share_a_server_that_outlives_them(
    folder: Path, command: Command
) -> None:
    """Both begin in a folder that is not there yet; both are killed, the server goes on."""
    first, second = command(folder), command(folder)
    pid = said(first)
    assert said(second) == pid
    for process in (first, second):
        process.send_signal(signal.SIGKILL)
        process.wait()
    server = embedded.running(folder)
    assert server
    assert server.pid == pid
    assert answers(server)
    assert embedded.start(folder).pid == pid


def test_stop_ends_the_server_and_says_whether_one_ran(folder: Path) -> None:
    assert embedded.running(folder) is None
    assert embedded.stop(folder) is False
    server = embedded.start(folder)
    assert embedded.stop(folder) is True
    wait_until_gone(server.pid)
    assert embedded.running(folder) is None
    assert embedded.stop(folder) is False
    again = embedded.start(folder)
    assert again.pid != server.pid
    assert answers(again)


def test_what_was_committed_is_there_after_a_crash(folder: Path) -> None:
    server = embedded.start(folder)
    url = embedded.create(server, "news")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    os.kill(server.pid, signal.SIGKILL)
    wait_until_gone(server.pid)
    again = embedded.start(folder)
    assert again.pid != server.pid
    with psycopg.connect(again.url("news")) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)


def test_a_stale_number_of_another_process_does_not_count_as_a_server(
    folder: Path, bystander: subprocess.Popen[bytes]
) -> None:
    """After a power cut the number in the pid file may be anybody's."""
    server = embedded.start(folder)
    pid_file = folder / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(server.pid, signal.SIGKILL)
    wait_until_gone(server.pid)
    pid_file.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
    assert embedded.running(folder) is None
    assert embedded.stop(folder) is False
    assert answers(embedded.start(folder))
    assert bystander.poll() is None


def shown(server: Server, setting: str) -> object:
    with psycopg.connect(server.url("postgres")) as connection:
        ((found,),) = connection.execute(f"SHOW {setting}".encode()).fetchall()
    return found


@pytest.mark.parametrize(
    ("memory_mb", "buffers_mb"),
    [
        pytest.param(512, 128, id="small: what Postgres itself takes"),
        pytest.param(2048, 256, id="an eighth"),
        pytest.param(8191, 1023, id="an eighth, rounded down"),
        pytest.param(65536, 1024, id="large: no more than a gigabyte"),
    ],
)
def test_an_eighth_of_the_memory_is_the_servers(memory_mb: int, buffers_mb: int) -> None:
    assert embedded.buffers_mb(memory_mb * 2**20) == buffers_mb


def test_a_new_server_has_its_memory_and_one_that_was_tuned_keeps_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The container's limit counts where it is below the machine's memory."""
    limit = folder.parent / "memory.max"
    limit.write_text(f"{2 * 2**30}\n")
    monkeypatch.setattr(embedded, "_LIMIT", limit)
    assert shown(embedded.start(folder), "shared_buffers") == "256MB"
    embedded.stop(folder)
    settings = folder / "postgres" / "postgresql.conf"
    tuned = settings.read_text().replace("shared_buffers = 256MB", "shared_buffers = 64MB")
    settings.write_text(tuned)
    assert shown(embedded.start(folder), "shared_buffers") == "64MB"
    assert settings.read_text() == tuned


def test_a_folder_too_deep_for_a_socket_works(folder: Path) -> None:
    deep = folder.joinpath(*["a-folder-name-of-thirty-letters"] * 5)
    assert len(str(deep)) > 108  # the longest path of a unix socket on Linux
    try:
        server = embedded.start(deep)
        assert answers(server)
        assert embedded.running(deep) == server
    finally:
        assert embedded.stop(deep)


def test_a_database_is_made_once_and_anew_on_request(server: Server) -> None:
    assert not embedded.exists(server, "made")
    url = embedded.create(server, "made")
    assert embedded.exists(server, "made")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        assert embedded.create(server, "made") == url
        connection.execute("TABLE kept")
        embedded.create(server, "made", anew=True)  # although somebody is connected
    with (
        psycopg.connect(url) as connection,
        pytest.raises(psycopg.errors.UndefinedTable),
    ):
        connection.execute("TABLE kept")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseError, match="cannot make the data folder"):
        embedded.start(tmp_path / "file" / "data")


def test_a_task_that_runs_elsewhere_is_told(tmp_path: Path) -> None:
    with (
        embedded.alone(tmp_path, "replay"),
        embedded.alone(tmp_path, "export"),
        pytest.raises(DatabaseError, match="another replay is running"),
        embedded.alone(tmp_path, "replay"),
    ):
        pass
    with embedded.alone(tmp_path, "replay"):
        pass


def test_the_address_of_a_database_is_quoted(tmp_path: Path) -> None:
    odd = tmp_path / "a folder & more"
    server = embedded.Server(pid=1, socket_dir=odd, tools=tmp_path)
    assert psycopg.conninfo.conninfo_to_dict(server.url("news")) == {
        "user": "postgres",
        "dbname": "news",
        "host": str(odd),
    }
