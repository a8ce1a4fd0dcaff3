"""Settings: the environment over the file over the defaults, and where each came from."""

from __future__ import annotations

import os
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from pipeline import config
from pipeline.config import Settings
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[str], Path]

SECRET = "postgresql://ana:pw-7351@db.example/news"  # noqa: S105 - invented
OTHER = "postgresql://bob:pw-2288@db.example/news"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes broadsheet.toml and returns its folder."""

    def written(content: str) -> Path:
        (tmp_path / config.CONFIG_FILE).write_text(content, "utf-8")
        return tmp_path

    return written


def _database_url(settings: Settings) -> str | None:
    return settings.database_url.get_secret_value() if settings.database_url else None


def test_defaults_are_those_of_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BROADSHEET_DATA_DIR")
    settings, origins = config.load(tmp_path)
    assert settings.database_url is None
    assert settings.allow_nets == ()
    assert settings.ports == (80, 443, 8080, 8443)
    assert settings.host_interval_seconds == 1.0
    assert settings.fetch_pages is True
    assert settings.user_agent_contact == ""
    assert settings.workers == (os.cpu_count() or 1)
    kept = settings.keep_pages_days, settings.keep_feeds_days, settings.keep_fetches_days
    assert kept == (30, 7, 90)
    assert settings.data_dir.is_absolute()
    assert settings.data_dir.name == "broadsheet"
    assert set(origins) == set(Settings.model_fields)
    assert set(origins.values()) == {"default"}


def test_file_is_over_the_default(write: Write) -> None:
    folder = write("workers = 3\nfetch_pages = false\n")
    settings, origins = config.load(folder)
    assert (settings.workers, settings.fetch_pages) == (3, False)
    assert origins["workers"] == origins["fetch_pages"] == str(folder / "broadsheet.toml")
    assert origins["ports"] == "default"


def test_environment_is_over_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write("workers = 3\nkeep_feeds_days = 2\n")
    monkeypatch.setenv("BROADSHEET_WORKERS", "5")
    settings, origins = config.load(folder)
    assert (settings.workers, settings.keep_feeds_days) == (5, 2)
    assert origins["workers"] == "BROADSHEET_WORKERS"
    assert origins["keep_feeds_days"] == str(folder / "broadsheet.toml")


@pytest.mark.parametrize("key", ["database_url", "DATABASE_URL"])
def test_database_url_of_the_environment_is_over_that_of_the_file(
    key: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(f'{key} = "{OTHER}"\n')
    assert _database_url(config.load(folder)[0]) == OTHER
    monkeypatch.setenv("DATABASE_URL", SECRET)
    settings, origins = config.load(folder)
    assert _database_url(settings) == SECRET
    assert origins["database_url"] == "DATABASE_URL"


def test_database_url_is_read_from_the_named_file(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "secret"))
    settings, origins = config.load(write(f'database_url = "{OTHER}"\n'))
    assert _database_url(settings) == SECRET
    assert origins["database_url"] == "DATABASE_URL_FILE"


def test_database_url_itself_is_over_the_named_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "missing"))
    monkeypatch.setenv("DATABASE_URL", SECRET)
    settings, origins = config.load(tmp_path)
    assert _database_url(settings) == SECRET
    assert origins["database_url"] == "DATABASE_URL"


def test_missing_secret_file_is_an_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "missing"))
    with pytest.raises(UsageError, match=r"DATABASE_URL_FILE .*missing"):
        config.load(tmp_path)


def test_settings_file_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "other.toml"
    named.write_text("workers = 4\n")
    monkeypatch.setenv("BROADSHEET_CONFIG", str(named))
    settings, origins = config.load(tmp_path / "elsewhere")
    assert (settings.workers, origins["workers"]) == (4, str(named))


def test_named_settings_file_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_CONFIG", str(tmp_path / "other.toml"))
    with pytest.raises(UsageError, match=r"cannot read the settings file .*other\.toml"):
        config.load(tmp_path)


def test_folder_is_the_working_directory_unless_given(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write("workers = 2\n"))
    assert config.load()[0].workers == 2


@pytest.mark.parametrize("content", [b"workers =", b"\xff\xfe", b"workers = 1\nworkers = 2\n"])
def test_file_that_cannot_be_read_is_an_error_that_names_it(content: bytes, tmp_path: Path) -> None:
    (tmp_path / config.CONFIG_FILE).write_bytes(content)
    with pytest.raises(UsageError, match=r"cannot read the settings file .*broadsheet\.toml"):
        config.load(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("wrokers = 3", "wrokers", id="unknown-key"),
        pytest.param("[pipeline]\nworkers = 3", "pipeline", id="unknown-table"),
        pytest.param('workers = "many"', "workers", id="no-number"),
        pytest.param("workers = 0", "workers", id="too-few-workers"),
        pytest.param("workers = 257", "workers", id="too-many-workers"),
        pytest.param("host_interval_seconds = -1", "host_interval_seconds", id="negative"),
        pytest.param("keep_pages_days = 1.5", "keep_pages_days", id="fraction"),
        pytest.param('fetch_pages = "perhaps"', "fetch_pages", id="neither-true-nor-false"),
        pytest.param("ports = 80", "ports", id="ports-no-list"),
        pytest.param('ports = ["http"]', "ports", id="ports-no-numbers"),
        pytest.param("ports = [0]", "ports", id="port-too-low"),
        pytest.param("ports = [65536]", "ports", id="port-too-high"),
        pytest.param("allow_nets = 5", "allow_nets", id="nets-no-list"),
        pytest.param("allow_nets = [5]", "allow_nets", id="nets-no-texts"),
        pytest.param('allow_nets = ["intranet"]', "intranet", id="no-network"),
        pytest.param('allow_nets = "10.0.0.0/33"', "10.0.0.0/33", id="mask-too-long"),
        pytest.param("user_agent_contact = 5", "user_agent_contact", id="no-text"),
    ],
)
def test_bad_setting_is_an_error_that_names_it(content: str, message: str, write: Write) -> None:
    with pytest.raises(UsageError, match=r"^bad settings: ") as caught:
        config.load(write(content))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKERS", "many"),
        ("WORKERS", ""),
        ("PORTS", "80,http"),
        ("ALLOW_NETS", "nowhere"),
        ("FETCH_PAGES", "perhaps"),
    ],
)
def test_bad_value_of_the_environment_is_an_error(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"BROADSHEET_{name}", value)
    with pytest.raises(
        UsageError, match=rf"^bad settings: {name.lower()}(\.1)? \(BROADSHEET_{name}\): "
    ):
        config.load(tmp_path)


def test_every_bad_setting_is_named_at_once(write: Write) -> None:
    with pytest.raises(UsageError) as caught:
        config.load(write("workers = 0\nkeep_pages_days = -1\n"))
    assert "workers" in str(caught.value)
    assert "keep_pages_days" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.0.0.0/8", ["10.0.0.0/8"]),
        ("10.0.0.0/8,fd00::/8", ["10.0.0.0/8", "fd00::/8"]),
        (" 10.0.0.0/8 , 192.168.1.7 ,", ["10.0.0.0/8", "192.168.1.7/32"]),
        ("10.1.2.3/8", ["10.0.0.0/8"]),
        ("", []),
    ],
)
def test_networks_are_separated_by_commas(
    value: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_ALLOW_NETS", value)
    found = config.load(tmp_path)[0].allow_nets
    assert found == tuple(ip_network(net) for net in expected)


@pytest.mark.parametrize(
    ("value", "expected"), [("80", (80,)), ("80, 8000 ,", (80, 8000)), ("", ())]
)
def test_ports_are_separated_by_commas(
    value: str, expected: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_PORTS", value)
    assert config.load(tmp_path)[0].ports == expected


def test_lists_of_the_file_are_lists_or_separated_by_commas(write: Write) -> None:
    lists = config.load(write('ports = [80, 81]\nallow_nets = ["10.0.0.0/8", "fd00::/8"]\n'))[0]
    texts = config.load(write('ports = "80, 81"\nallow_nets = "10.0.0.0/8, fd00::/8"\n'))[0]
    assert lists == texts
    assert lists.ports == (80, 81)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("true", True), ("1", True), ("yes", True), ("false", False), ("0", False), ("no", False)],
)
def test_switches_are_written_as_people_write_them(
    value: str, expected: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_FETCH_PAGES", value)
    assert config.load(tmp_path)[0].fetch_pages is expected


def test_no_secret_is_shown_by_settings_or_origins(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", SECRET)
    settings, origins = config.load(write(f'database_url = "{OTHER}"\n'))
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(origins)):
        assert "pw-7351" not in shown
        assert "pw-2288" not in shown


@pytest.mark.parametrize("content", [f'database_url = ["{SECRET}"]', f'database_ulr = "{SECRET}"'])
def test_no_secret_is_shown_by_an_error(content: str, write: Write) -> None:
    with pytest.raises(UsageError) as caught:
        config.load(write(content))
    assert "pw-7351" not in str(caught.value)


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings, _ = config.load(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.workers = 9


def test_bad_setting_is_named_with_the_file_that_holds_it(write: Write) -> None:
    folder = write("workers = 0\n")
    with pytest.raises(UsageError) as caught:
        config.load(folder)
    assert f"workers ({folder / 'broadsheet.toml'}): Input should be greater" in str(caught.value)


def test_unknown_key_is_answered_with_the_known_ones(write: Write) -> None:
    with pytest.raises(UsageError) as caught:
        config.load(write("wrokers = 3"))
    said = str(caught.value)
    assert "no such setting: did you mean workers? (known: allow_nets, data_dir, " in said


@pytest.mark.parametrize(
    "value",
    [
        "postgresql://ana@db.example/news",
        "postgres:///news",
        "host=db.example dbname=news",
        "postgresql://",
    ],
)
def test_connection_string_is_what_libpq_takes(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    assert _database_url(config.load(tmp_path)[0]) == value


@pytest.mark.parametrize(
    "value", ["news", "db.example:5432/pw-7351", "mysql://db.example/news?x=1"]
)
def test_other_connection_string_is_answered_with_the_shape_of_one(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(UsageError) as caught:
        config.load(tmp_path)
    assert str(caught.value).startswith("bad settings: database_url (DATABASE_URL): no conn")
    assert "postgresql://user:password@host:5432/database" in str(caught.value)
    assert value not in str(caught.value)


def test_tilde_in_the_data_folder_is_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BROADSHEET_DATA_DIR", "~/news")
    assert config.load(tmp_path)[0].data_dir == tmp_path / "news"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("BROADSHEET_WORKER", "did you mean BROADSHEET_WORKERS?"),
        ("BROADSHEET_ALLOWED_NETS", "did you mean BROADSHEET_ALLOW_NETS?"),
        ("BROADSHEET_DATABASE_URL", "BROADSHEET_DATABASE_URL is no setting of this version"),
        ("BROADSHEET_QX", "BROADSHEET_QX is no setting of this version"),
    ],
)
def test_unknown_variable_is_told_with_the_nearest_known(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    (line,) = config.unknown_variables()
    assert said in line


def test_known_variables_are_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "WORKERS", "KEEP_PAGES_DAYS"):
        monkeypatch.setenv(f"BROADSHEET_{name}", "1")
    monkeypatch.setenv("BROADSHEETS_OTHER", "1")
    assert config.unknown_variables() == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "", "unset it for the embedded server"),
        ("BROADSHEET_DATA_DIR", "", "name a folder"),
        ("BROADSHEET_USER_AGENT_CONTACT", "mailto:a@b.example\nX-Evil: 1", "one line of ASCII"),
        ("BROADSHEET_LISTEN", "8642", "looks like 127.0.0.1:8642"),
        ("BROADSHEET_LISTEN", "127.0.0.1:86420", "looks like 127.0.0.1:8642"),
        ("BROADSHEET_LOG_LEVEL", "loud", "log_level"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(
    name: str, value: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as caught:
        config.load(tmp_path)
    assert said in str(caught.value)
