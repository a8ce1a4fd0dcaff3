"""The recorded web: folders of plain files that answer in place of the network.

A folder holds `recordings.toml`, an array of tables `[[recording]]` with `url`, `at` (a TOML
date-time with offset) and `file` (the body, relative to the folder) or `error` (a reason of the
closed list in place of an answer); `status` is 200 and `headers` empty unless given, and
`feed = true` marks a feed that is polled at that moment. seeds/README.md explains them.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.errors import FetchError, NotRecordedError, UsageError
from pipeline.model import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.web.redirects import Exchange

INDEX = "recordings.toml"
NOT_MODIFIED = 304
KEYS = {"url", "at", "feed", "status", "headers", "file", "error"}
# Reasons that a recording may give in place of an answer: those of a transport.
ERRORS = frozenset(
    [
        "dns",
        "connect",
        "tls",
        "timeout",
        "too_slow",
        "too_large",
        "truncated_transfer",
        "bad_encoding",
        "blocked_address",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One answer of the recorded web, or one failure to get an answer."""

    url: str
    at: datetime
    is_feed: bool = False
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    error: str | None = None

    def response(self) -> Response:
        """Return the recorded answer; its time is the recording's."""
        body = self.file.read_bytes() if self.file else b""
        return Response(self.url, self.status, self.headers, body, self.at)


class Archive:
    """Recordings by address, each list in time order."""

    def __init__(self, recordings: Iterable[Recording]) -> None:
        self._by_url: dict[str, list[Recording]] = {}
        for recording in sorted(recordings, key=lambda r: (r.at, r.url)):
            self._by_url.setdefault(recording.url, []).append(recording)

    def moments(self) -> tuple[datetime, ...]:
        """Return every recorded moment once, in order."""
        return tuple(sorted({r.at for answers in self._by_url.values() for r in answers}))

    def feeds_at(self, moment: datetime) -> tuple[str, ...]:
        """Return the feeds recorded at exactly this moment, in the order of their addresses."""
        return tuple(
            sorted(
                url
                for url, answers in self._by_url.items()
                if any(r.is_feed and r.at == moment for r in answers)
            )
        )

    def feeds(self) -> tuple[str, ...]:
        """Return every feed of the archive, in the order of their first recording."""
        first: dict[str, datetime] = {}
        for url, answers in self._by_url.items():
            times = [r.at for r in answers if r.is_feed]
            if times:
                first[url] = times[0]
        return tuple(sorted(first, key=lambda url: (first[url], url)))

    def at(self, moment: datetime) -> Exchange:
        """Return the exchange that answers as the web did at `moment`.

        A URL answers with its newest recording at or before the moment; 304 only to a request
        with validators. Without one, robots.txt is 404 and anything else NotRecordedError.
        """

        async def exchange(request: Request, url: str) -> Response:
            conditional = request.etag is not None or request.last_modified is not None
            found = self._find(url, moment, conditional=conditional)
            if found is None and request.purpose == "robots":
                return Response(url, 404, {}, b"", moment)
            if found is None:
                raise NotRecordedError(f"{url}: no recording", next_at=self._after(url, moment))
            if found.error:
                raise FetchError(found.error, f"{url}: recorded as {found.error}")
            return found.response()

        return exchange

    def _find(self, url: str, moment: datetime, *, conditional: bool) -> Recording | None:
        answers = self._by_url.get(url, [])
        until = bisect_right(answers, moment, key=lambda r: r.at)
        fitting = (r for r in reversed(answers[:until]) if conditional or r.status != NOT_MODIFIED)
        return next(fitting, None)

    def _after(self, url: str, moment: datetime) -> datetime | None:
        return next((r.at for r in self._by_url.get(url, []) if r.at > moment), None)


def load(folders: Iterable[Path]) -> Archive:
    """Read seeds folders into one archive.

    Raises UsageError, naming the file and the recording, for a folder without an index, an
    unreadable index, a bad time, status or address, a body that is missing, or two answers of one
    address at one time.
    """
    recordings = [recording for folder in folders for recording in _read_folder(folder)]
    _require_different(recordings)
    if not any(recording.is_feed for recording in recordings):
        raise UsageError("the recordings hold no feed: mark at least one with 'feed = true'")
    return Archive(recordings)


def _read_folder(folder: Path) -> list[Recording]:
    if folder.name == INDEX:
        raise UsageError(
            f"{folder} is the index of a seeds folder: give the folder {folder.parent}"
        )
    index = folder / INDEX
    try:
        whole = tomllib.loads(index.read_text("utf-8"))
    except FileNotFoundError as error:
        raise UsageError(f"{folder} is no seeds folder: it has no {INDEX}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read {index}: {error}") from error
    unknown = sorted(set(whole) - {"recording"})
    if unknown:
        raise UsageError(f"{index}: unknown table {unknown[0]!r}: answers are tables [[recording]]")
    tables = whole.get("recording", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UsageError(f"{index}: 'recording' must be an array of tables: [[recording]]")
    return [_read(folder, number, table) for number, table in enumerate(tables, 1)]


def _require_different(recordings: Iterable[Recording]) -> None:
    seen: set[tuple[str, datetime]] = set()
    for recording in recordings:
        key = (recording.url, recording.at)
        if key in seen:
            raise UsageError(
                f"{recording.url} is recorded twice at {recording.at:%Y-%m-%dT%H:%M:%SZ}: "
                "keep one of the recordings"
            )
        seen.add(key)


def _read(folder: Path, number: int, table: dict[str, Any]) -> Recording:
    place = f"{folder / INDEX}: recording {number} ({table.get('url', 'without url')})"
    unknown = sorted(set(table) - KEYS)
    if unknown:
        raise UsageError(f"{place}: unknown key {unknown[0]!r}; known: {', '.join(sorted(KEYS))}")
    return Recording(
        url=_url(place, table.get("url")),
        at=_time(place, table.get("at")),
        is_feed=_flag(place, table.get("feed", False)),
        status=_status(place, table.get("status", 200)),
        headers=_headers(place, table.get("headers", {})),
        file=_file(place, folder, table.get("file")),
        error=_error(place, table.get("error")),
    )


def _url(place: str, value: Any) -> str:
    try:
        is_web = isinstance(value, str) and urlsplit(value).scheme in {"http", "https"}
    except ValueError:  # a bad IPv6 address
        is_web = False
    if not is_web:
        raise UsageError(f"{place}: 'url' must be an http or https address")
    return str(value)


def _time(place: str, value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise UsageError(
            f"{place}: 'at' must be a time with its zone, such as 2026-03-02T08:00:00Z"
        )
    return value.astimezone(UTC)


def _flag(place: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{place}: 'feed' must be true or false")
    return value


def _status(place: str, value: Any) -> int:
    if not isinstance(value, int) or not 200 <= value <= 599:  # noqa: PLR2004 - HTTP statuses
        raise UsageError(f"{place}: 'status' must be a number from 200 to 599")
    return value


def _headers(place: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise UsageError(f"{place}: 'headers' must be a table of texts")
    return {name.lower(): text for name, text in value.items()}


def _file(place: str, folder: Path, value: Any) -> Path | None:
    if value is None:
        return None
    path = folder / str(value)
    if not path.is_file():
        raise UsageError(f"{place}: the file {path} is missing")
    return path


def _error(place: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in ERRORS:
        raise UsageError(f"{place}: 'error' must be one of {', '.join(sorted(ERRORS))}")
    return value
