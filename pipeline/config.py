"""The settings in force: environment over `broadsheet.toml` over defaults, read once."""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

Network = IPv4Network | IPv6Network
Port = Annotated[int, Field(ge=1, le=65535)]
CONFIG_FILE = "broadsheet.toml"
PREFIX = "BROADSHEET_"
MOST_DAYS = 36500  # a century: what stands for "for ever" and is still a date when counted back
MOST_PORT = 65535
OTHERS = {"BROADSHEET_CONFIG"}  # names with our prefix that are no settings
URL_SHAPE = "postgresql://user:password@host:5432/database"


class Settings(BaseSettings):
    """What one deployment may need otherwise than another; see CONTRACT for each name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    database_url: SecretStr | None = Field(
        None, validation_alias=AliasChoices("database_url", "DATABASE_URL")
    )
    data_dir: Path = Field(default_factory=lambda: user_data_path("broadsheet", appauthor=False))
    allow_nets: Annotated[tuple[Network, ...], NoDecode] = ()
    ports: Annotated[tuple[Port, ...], NoDecode] = (80, 443, 8080, 8443)
    host_interval_seconds: float = Field(1.0, ge=0, le=3600)
    user_agent_contact: str = ""
    fetch_pages: bool = True
    feeds_robots: bool = False
    listen: str = "127.0.0.1:8642"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "text"] = "auto"
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=256)
    keep_pages_days: int = Field(30, ge=0, le=MOST_DAYS)
    keep_feeds_days: int = Field(7, ge=0, le=MOST_DAYS)
    keep_fetches_days: int = Field(90, ge=0, le=MOST_DAYS)

    @field_validator("database_url")
    @classmethod
    def _connection(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value():
            raise ValueError("it is empty: unset it for the embedded server, or name a database")
        if value and not names_a_database(value.get_secret_value()):
            raise ValueError(f"no connection string; it looks like {URL_SHAPE}")
        return value

    @field_validator("data_dir", mode="before")
    @classmethod
    def _folder(cls, value: Any) -> Any:
        if value == "":
            raise ValueError("it is empty: name a folder, or leave it unset")
        return value

    @field_validator("data_dir")
    @classmethod
    def _home(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("user_agent_contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            raise ValueError("it goes into a header: one line of ASCII, an address or a mailbox")
        return value

    @field_validator("listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        if value:
            listen_address(value)
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("allow_nets", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        parts = _parts(value)
        if not isinstance(parts, list | tuple):
            raise ValueError("not a list of networks")  # noqa: TRY004 - pydantic explains this one
        return tuple(ip_network(str(part), strict=False) for part in parts)

    @field_validator("ports", mode="before")
    @classmethod
    def _ports(cls, value: Any) -> Any:
        return _parts(value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic names the argument
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over what `load` read from files; no dotenv, no secrets folder."""
        return env_settings, init_settings


def load(folder: Path | None = None) -> tuple[Settings, dict[str, str]]:
    """Return the settings and, for each, where it came from.

    Reads `broadsheet.toml` in `folder` (the working directory), or the file that
    BROADSHEET_CONFIG names. Raises UsageError for a file or value that cannot be read.
    """
    path, in_file = _read_file(folder or Path.cwd())
    in_secret = _read_secret()
    origins = dict.fromkeys(Settings.model_fields, "default")
    origins |= {name.lower(): str(path) for name in in_file}
    origins |= dict.fromkeys(in_secret, "DATABASE_URL_FILE")
    in_environment = (name.lower() for name in EnvSettingsSource(Settings)())
    origins |= {name: _variable(name) for name in in_environment}
    try:
        return Settings(**{**in_file, **in_secret}), origins
    except ValidationError as error:
        raise UsageError(_explain(error, origins)) from error


def listen_address(value: str) -> tuple[str, int]:
    """Return host and port of a setting such as 127.0.0.1:8642; raises ValueError."""
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= MOST_PORT:
        raise ValueError("no address to listen at; it looks like 127.0.0.1:8642, or is empty")
    return host.strip("[]"), int(port)


def names_a_database(value: str) -> bool:
    """Return whether libpq would take it: a URL, or words such as host=... dbname=..."""
    scheme, is_url, _ = value.partition("://")
    return scheme in {"postgresql", "postgres"} if is_url else "=" in value


def unknown_variables() -> list[str]:
    """Return a line for each variable of the environment that has our prefix and is no setting."""
    known = {_variable(name) for name in Settings.model_fields} | OTHERS
    wrong = sorted(n for n in os.environ if n.upper().startswith(PREFIX) and n.upper() not in known)
    return [
        f"{name} is no setting of this version{_nearest(name.upper(), known)}" for name in wrong
    ]


def _read_file(folder: Path) -> tuple[Path, dict[str, Any]]:
    named = os.environ.get("BROADSHEET_CONFIG")
    path = Path(named) if named else folder / CONFIG_FILE
    if not named and not path.exists():
        return path, {}
    try:
        return path, tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read the settings file {path}: {error}") from error


def _read_secret() -> dict[str, str]:
    path = os.environ.get("DATABASE_URL_FILE")
    if not path or "DATABASE_URL" in os.environ:
        return {}
    try:
        return {"database_url": Path(path).read_text("utf-8").strip()}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read DATABASE_URL_FILE {path}: {error}") from error


def _parts(value: Any) -> Any:
    """A comma-separated string as its parts; anything else as it is."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _variable(field: str) -> str:
    return "DATABASE_URL" if field == "database_url" else f"{PREFIX}{field.upper()}"


def _nearest(name: str, known: Iterable[str]) -> str:
    found = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f": did you mean {found[0]}?" if found else ""


def _explain(error: ValidationError, origins: dict[str, str]) -> str:
    """What is wrong with each setting, and where it was set; never the value, it may be secret."""
    return "bad settings: " + "; ".join(_complaint(dict(e), origins) for e in error.errors())


def _complaint(wrong: dict[str, Any], origins: dict[str, str]) -> str:
    name = ".".join(map(str, wrong["loc"]))
    field = str(wrong["loc"][0]).lower()
    origin = origins.get(field, "default")
    if wrong["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        nearest = _nearest(field, Settings.model_fields)
        return f"{name} ({origin}): no such setting{nearest} (known: {known})"
    return f"{name} ({origin}): {wrong['msg'].removeprefix('Value error, ')}"
