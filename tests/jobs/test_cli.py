"""Every command: its help, its exit code, and who gets to read what went wrong."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup, TyperOption

from jobs.commands.root import app
from pipeline import __version__
from pipeline.storage import roles
from tests.jobs.shell import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.jobs.shell import Ran, Shell
    from tests.jobs.world import World

FULL = Path("/dev/full")
Command = TyperCommand | TyperGroup
SEEDS = "SEEDS"  # stands for the checkout's seeds folder

LOOKING = [
    ["articles", "list"],
    ["articles", "show", "1"],
    ["articles", "search", "bridge"],
    ["failures", "list"],
    ["feeds", "list"],
    ["feeds", "show", "1"],
    ["check"],
]
WORKING = [
    ["feeds", "add", "https://harbor-ledger.example/atom.xml"],
    ["poll", "--all"],
    ["once"],
    ["run"],
]
OPERATING = [
    ["db", "url"],
    ["db", "psql"],
    ["db", "roles"],
    ["db", "status"],
    ["replay", SEEDS],
]


def _commands(group: TyperGroup, *names: str) -> Iterator[tuple[tuple[str, ...], Command]]:
    for name, command in group.commands.items():
        assert isinstance(command, (TyperCommand, TyperGroup))
        if isinstance(command, TyperGroup):
            yield from _commands(command, *names, name)
        yield (*names, name), command


def _root() -> TyperGroup:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    return root


COMMANDS = sorted(_commands(_root()), key=lambda named: named[0])


@pytest.fixture
def newer_url(database_url: str) -> str:
    """A database that a later version has migrated."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO public.broadsheet_migrations VALUES (9001, '9001_later', 'x', now())"
        )
    return database_url


def _arguments(command: list[str], root: Path) -> list[str]:
    return [str(root / "seeds") if word == SEEDS else word for word in command]


def _is_one_clear_line(ran: Ran) -> bool:
    return ran.err.startswith("broadsheet: ") and ran.err.count("\n") == 1 and not ran.out


def test_installed_command_tells_its_version(shell: Shell) -> None:
    ran = shell.run("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"broadsheet {__version__}\n", "")


def test_help_names_every_command_and_the_exit_codes(cli: Callable[..., Ran]) -> None:
    ran = cli("--help")
    assert (ran.code, ran.err) == (0, "")
    for name in ("articles", "check", "config", "db", "failures", "feeds", "once", "poll"):
        assert f"\n  {name} " in ran.out
    assert "0 done, 1 done but" in ran.out
    assert "3 no database" in ran.out


@pytest.mark.parametrize(
    ("names", "command"), COMMANDS, ids=[" ".join(names) for names, _ in COMMANDS]
)
def test_every_command_has_help_and_so_has_every_option(
    cli: Callable[..., Ran], names: tuple[str, ...], command: Command
) -> None:
    ran = cli(*names, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert command.help
    assert command.help.split()[0] in ran.out
    options = [option for option in command.params if isinstance(option, TyperOption)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["fetch"],
        ["feeds", "ad"],
        ["feeds", "list", "--jason"],
        ["feeds", "add"],
        ["feeds", "show"],
        ["feeds", "show", "first"],
        ["articles", "search"],
        ["articles", "list", "--since", "yesterday"],
        ["articles", "list", "--limit", "0"],
        ["once", "--max-seconds", "soon"],
        ["feeds", "list", "--database-url", "news"],
        ["replay"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_says_where_help_is(
    cli: Callable[..., Ran], arguments: list[str]
) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: broadsheet" in ran.err
    assert "--help" in ran.err


@pytest.mark.parametrize("arguments", [["poll"], ["poll", "1", "--all"]], ids=" ".join)
def test_poll_wants_either_feeds_or_all(cli: Callable[..., Ran], arguments: list[str]) -> None:
    ran = cli(*arguments)
    assert ran.code == 2
    assert _is_one_clear_line(ran)


def test_two_databases_are_one_too_many(cli: Callable[..., Ran], closed_url: str) -> None:
    ran = cli("feeds", "list", "--replay", "--database-url", closed_url)
    assert ran.code == 2
    assert _is_one_clear_line(ran)
    assert "hunter2" not in ran.err


@pytest.mark.parametrize(
    "command", [*LOOKING, *WORKING, *OPERATING, ["db", "migrate"]], ids=" ".join
)
def test_no_server_is_3(
    cli: Callable[..., Ran], closed_url: str, root: Path, command: list[str]
) -> None:
    ran = cli(*_arguments(command, root), DATABASE_URL=closed_url)
    assert ran.code == 3
    assert _is_one_clear_line(ran)
    assert "no connection to postgresql://127.0.0.1" in ran.err
    assert "hunter2" not in ran.err


def test_no_server_leaves_no_traceback(shell: Shell, closed_url: str) -> None:
    ran = shell.run("once", DATABASE_URL=closed_url)
    assert ran.code == 3
    assert _is_one_clear_line(ran)


@pytest.mark.parametrize(
    "command", [*LOOKING, *WORKING, *OPERATING, ["db", "migrate"]], ids=" ".join
)
def test_newer_schema_is_3_and_nothing_is_done(
    cli: Callable[..., Ran], newer_url: str, root: Path, command: list[str]
) -> None:
    ran = cli(*_arguments(command, root), DATABASE_URL=newer_url)
    assert ran.code == 3
    assert "newer than this program (migration 9001): install the newer Broadsheet" in ran.err


@pytest.mark.parametrize("command", [*LOOKING, *WORKING], ids=" ".join)
def test_database_without_schema_is_3_with_the_next_step(
    cli: Callable[..., Ran], empty_url: str, command: list[str]
) -> None:
    ran = cli(*command, DATABASE_URL=empty_url)
    assert ran.code == 3
    assert _is_one_clear_line(ran)
    assert "holds no Broadsheet schema: run 'broadsheet db migrate'" in ran.err


@pytest.mark.parametrize("command", WORKING, ids=" ".join)
def test_live_work_on_a_replayed_database_is_2(
    cli: Callable[..., Ran], database_url: str, command: list[str]
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE ingest.purpose SET purpose = 'replay'")
    ran = cli(*command, DATABASE_URL=database_url)
    assert ran.code == 2
    assert _is_one_clear_line(ran)
    assert "holds a replay" in ran.err
    assert "use another database" in ran.err


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("example.org", "try https://example.org"),
        ("//example.org/feed", "try https://example.org/feed"),
        ("ftp://example.org/feed", "an address begins with http:// or https://"),
        ("https://", "an address begins with http:// or https://"),
    ],
)
def test_address_that_is_none_is_2_with_the_next_step(
    cli: Callable[..., Ran], address: str, says: str
) -> None:
    ran = cli("feeds", "add", address)
    assert ran.code == 2
    assert _is_one_clear_line(ran)
    assert ran.err.endswith(f"{says}\n")


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", [[], ["feeds"], ["articles", "search"]], ids=" ".join)
def test_help_has_two_names(cli: Callable[..., Ran], command: list[str], flag: str) -> None:
    ran = cli(*command, flag)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: {' '.join(['broadsheet', *command])} [OPTIONS]")


def test_no_command_is_cut_in_its_list(cli: Callable[..., Ran]) -> None:
    groups = [names for names, command in COMMANDS if isinstance(command, TyperGroup)]
    for names in [(), *groups]:
        listed = cli(*names, "--help").out.partition("Commands:")[2]
        assert "..." not in listed


def test_misspelled_variable_is_a_warning(cli: Callable[..., Ran]) -> None:
    ran = cli("config", BROADSHEET_WORKER="2")
    assert ran.code == 0
    assert ran.err == (
        "broadsheet: warning: BROADSHEET_WORKER is no setting of this version: "
        "did you mean BROADSHEET_WORKERS?\n"
    )


def test_user_without_rights_is_3_with_the_next_step(
    cli: Callable[..., Ran], database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE ROLE stranger LOGIN")
    url = database_url.replace("postgres@", "stranger@", 1)
    ran = cli("feeds", "list", DATABASE_URL=url)
    assert ran.code == 3
    assert _is_one_clear_line(ran)
    assert "permission denied for " in ran.err
    assert "grant it a role of 'broadsheet db roles'" in ran.err


@pytest.fixture
def reader_url(replayed: World) -> Iterator[str]:
    """The replayed seeds, as somebody in broadsheet_reader sees them."""
    roles.make(replayed.url)
    with psycopg.connect(replayed.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE rita LOGIN IN ROLE broadsheet_reader")
        yield replayed.url.replace("postgres@", "rita@", 1)
        connection.execute("DROP ROLE rita")


@pytest.mark.parametrize(
    "command",
    [
        ["articles", "list"],
        ["articles", "search", "ferry"],
        ["export", "--format", "jsonl"],
        ["feeds", "list"],
        ["failures", "list"],
    ],
    ids=" ".join,
)
def test_a_reader_may_use_what_reads(
    cli: Callable[..., Ran], reader_url: str, command: list[str]
) -> None:
    ran = cli(*command, DATABASE_URL=reader_url)
    assert ran.code == 0, ran.err
    assert ran.out


def test_a_reader_is_told_which_role_does_the_rest(
    cli: Callable[..., Ran], reader_url: str
) -> None:
    ran = cli("poll", "--all", DATABASE_URL=reader_url)
    assert ran.code == 3
    assert _is_one_clear_line(ran)
    assert "broadsheet_reader reads schema news, broadsheet_writer does the rest" in ran.err


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the system does not show what is loaded")
def test_ctrl_c_while_it_loads_is_130_without_a_word(shell: Shell) -> None:
    started = shell.start("articles", "list", "--replay")
    loaded = Path(f"/proc/{started.pid}/maps")
    while "pydantic_core" not in loaded.read_text():
        assert started.poll() is None
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, out, err) == (130, "", "")


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("arguments", [["--version"], ["config", "--json"]], ids=" ".join)
def test_output_that_cannot_be_written_is_2_in_one_line(shell: Shell, arguments: list[str]) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(  # noqa: S603 - the project's own command
            [PROGRAM, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=shell.folder,
            env=shell._environment({}),
        )
    assert done.returncode == 2
    assert done.stderr == (
        "broadsheet: the output cannot be written: [Errno 28] No space left on device\n"
    )


def test_letters_are_written_whatever_the_locale(shell: Shell, tmp_path: Path) -> None:
    folder = str(tmp_path / "Élodie")
    ran = shell.run("config", "--json", BROADSHEET_DATA_DIR=folder, PYTHONIOENCODING="ascii")
    assert (ran.code, ran.err) == (0, "")
    assert "Élodie" in ran.out


def test_round_without_work_says_so(cli: Callable[..., Ran], database_url: str) -> None:
    ran = cli("once", DATABASE_URL=database_url, BROADSHEET_WORKERS="1")
    assert (ran.code, ran.out, ran.err) == (0, "", "nothing was due\n")


def test_poll_tells_which_feeds_are_due_as_json(cli: Callable[..., Ran], database_url: str) -> None:
    ran = cli("poll", "7", "3", "--json", DATABASE_URL=database_url)
    assert ran.code == 1
    assert ran.json == {"due": [], "not_due": [3, 7]}


def test_given_connection_string_that_is_none_is_answered_with_its_shape(
    cli: Callable[..., Ran],
) -> None:
    ran = cli("feeds", "list", "--database-url", "mysql://desk:hunter2@db.example/news")
    assert (ran.code, ran.out) == (2, "")
    assert "postgresql://user:password@host:5432/database" in ran.err
    assert "hunter2" not in ran.err
