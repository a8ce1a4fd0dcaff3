"""Settings as the commands meet them: the config command, and files that cannot be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.shell import Ran, Shell


def test_config_says_where_each_value_came_from(cli: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_text("workers = 3\nports = [443]\n")
    ran = cli(
        "config",
        "--json",
        BROADSHEET_WORKERS="2",
        BROADSHEET_ALLOW_NETS="10.0.0.0/8,127.0.0.1/32",
        DATABASE_URL="postgresql://desk:hunter2@db.example/news",
    )
    assert (ran.code, ran.err) == (0, "")
    settings = json.loads(ran.out)
    assert settings["workers"] == {"value": "2", "from": "BROADSHEET_WORKERS"}
    assert settings["ports"] == {"value": "443", "from": str(tmp_path / "broadsheet.toml")}
    assert settings["allow_nets"]["value"] == "10.0.0.0/8,127.0.0.1/32"
    assert settings["fetch_pages"] == {"value": "true", "from": "default"}
    assert settings["database_url"]["from"] == "DATABASE_URL"
    assert "hunter2" not in ran.out


def test_config_shows_the_database_that_is_given(cli: Callable[..., Ran]) -> None:
    given = "postgresql://desk:hunter2@db.example/news"
    ran = cli("config", "--json", "--database-url", given)
    assert ran.json["database_url"] == {
        "value": "postgresql://db.example/news",
        "from": "--database-url",
    }


def test_config_prints_a_line_each(cli: Callable[..., Ran]) -> None:
    ran = cli("config", DATABASE_URL="postgresql://desk:hunter2@db.example/news")
    names = [line.split()[0] for line in ran.out.splitlines()]
    assert names[:2] == ["database_url", "data_dir"]
    assert {"keep_pages_days", "keep_feeds_days", "keep_fetches_days"} < set(names)
    assert "hunter2" not in ran.out


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("workers = ", "cannot read the settings file"),
        ("workers = 0", "workers"),
        ('workers = "many"', "workers"),
        ("colour = 3", "colour"),
        ('allow_nets = "10.0.0.0/99"', "allow_nets"),
        ("host_interval_seconds = -1", "host_interval_seconds"),
        ('ports = ["http"]', "ports"),
        ("fetch_pages = 7", "fetch_pages"),
    ],
    ids=str,
)
@pytest.mark.parametrize("command", [["config"], ["feeds", "list"]], ids=" ".join)
def test_wrong_settings_file_is_2(
    cli: Callable[..., Ran], tmp_path: Path, written: str, says: str, command: list[str]
) -> None:
    (tmp_path / "broadsheet.toml").write_text(written)
    ran = cli(*command)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("broadsheet: ")
    assert ran.err.count("\n") == 1
    assert says in ran.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BROADSHEET_WORKERS", "none"),
        ("BROADSHEET_ALLOW_NETS", "localhost"),
        ("BROADSHEET_FETCH_PAGES", "maybe"),
        ("BROADSHEET_CONFIG", "/nowhere/at/all.toml"),
        ("DATABASE_URL_FILE", "/nowhere/at/all"),
    ],
)
def test_wrong_environment_is_2_and_named(cli: Callable[..., Ran], name: str, value: str) -> None:
    ran = cli("feeds", "list", **{name: value})
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    known_by = value if value.startswith("/") else name.removeprefix("BROADSHEET_").lower()
    assert known_by in ran.err


def test_named_settings_file_is_read_from_any_folder(
    cli: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    file = tmp_path / "elsewhere" / "desk.toml"
    file.write_text('user_agent_contact = "desk@news.example"\n')
    ran = cli("config", "--json", BROADSHEET_CONFIG=str(file))
    assert json.loads(ran.out)["user_agent_contact"] == {
        "value": "desk@news.example",
        "from": str(file),
    }


def test_file_with_the_address_of_the_database_is_used(
    cli: Callable[..., Ran], tmp_path: Path, database_url: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{database_url}\n")
    ran = cli("db", "url", DATABASE_URL_FILE=str(secret))
    assert (ran.code, ran.out) == (0, f"{database_url}\n")


def test_installed_command_reads_the_file_of_its_folder(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_bytes(b"\xff\xfe")
    there = type(shell)(folder=tmp_path, data_dir=shell.data_dir)
    ran = there.run("config")
    assert (ran.code, ran.out) == (2, "")
    assert str(tmp_path / "broadsheet.toml") in ran.err
    assert "Traceback" not in ran.err
