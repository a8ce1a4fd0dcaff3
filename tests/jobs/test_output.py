"""What a terminal shows and what a pipe gets."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest
import structlog

from jobs import output
from pipeline.storage.database import Table
from tests.jobs.shell import PROGRAM

if TYPE_CHECKING:
    from tests.jobs.shell import Shell
    from tests.jobs.world import World

EMPTY = Table(names=("id", "title"), rows=())
ONE = Table(names=("id", "title"), rows=((1, "Frost"),))


def _on_terminal(shell: Shell, columns: int, *arguments: str) -> str:
    """What the command writes to a terminal of this width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    settings = {"BROADSHEET_DATA_DIR": str(shell.data_dir), "TERM": "xterm", "NO_COLOR": "1"}
    kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    with subprocess.Popen(  # noqa: S603 - the project's own command
        [PROGRAM, *arguments], stdout=theirs, stderr=theirs, env=kept | settings
    ):
        os.close(theirs)
        written = b""
        while chunk := _read(ours):
            written += chunk
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so at the end
        return b""


def test_table_fits_a_terminal_of_80_columns(shell: Shell, replayed: World) -> None:
    assert replayed.value("SELECT count(*) FROM news.articles") == 21
    shown = _on_terminal(shell, 80, "articles", "list", "--replay").splitlines()
    assert shown[0].split() == ["id", "published_at", "site", "title"]
    assert len(shown) == 23
    assert max(map(len, shown)) <= 80


def test_rows_are_no_record_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    output.show(EMPTY, as_json=False, title="Told twice")
    assert capsys.readouterr() == ("", "no rows\n")
    output.show(EMPTY, as_json=True)
    assert capsys.readouterr() == ("[]\n", "")


def test_title_stands_over_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    output.show(ONE, as_json=False, title="Told twice")
    assert capsys.readouterr() == ("Told twice\nid  title\n──  ─────\n 1  Frost\n\n", "")


def test_long_text_stays_in_one_line_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(["frost " * 300, "[bold] thaw"])
    output.show_record(Table(names=("id", "text"), rows=((7, text),)), as_json=False)
    assert capsys.readouterr().out == f"id    7\n\ntext\n{text}\n"


@pytest.mark.parametrize(
    ("count", "word", "said"),
    [(1, "feed", "1 feed"), (2, "feed", "2 feeds"), (1200, "story", "1,200 stories")],
)
def test_words_follow_their_count(count: int, word: str, said: str) -> None:
    assert output.plural(count, word) == said


def test_traceback_for_people_shows_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    """Not even what stands in a local variable, which may be a feed's password."""

    def fail(headers: dict[str, str]) -> None:
        raise ValueError(len(headers))

    try:
        fail({"authorization": "open" + "-sesame"})
    except ValueError:
        structlog.wrap_logger(
            structlog.PrintLogger(sys.stderr), processors=[output._for_people()]
        ).error("item failed", exc_info=True)
    said = capsys.readouterr().err
    assert "ValueError: 1" in said
    assert "open-sesame" not in said
