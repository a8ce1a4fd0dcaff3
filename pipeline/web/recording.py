"""Recording the web: what `pipeline.web.recorded_web` reads, written.

A `Recorder` stands between a Fetch and the web, and keeps each answer of each address, redirects
hop by hop. seeds/README.md explains the folder that comes of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline import text
from pipeline.errors import FetchError, UsageError
from pipeline.web.recorded_web import ERRORS, INDEX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from pipeline.model import Request, Response
    from pipeline.web.redirects import Exchange

# Left out: what can let somebody in or names a reader, and what belongs to one transfer only.
LEFT_OUT = frozenset(
    {
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "cookie",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "set-cookie",
        "set-cookie2",
        "transfer-encoding",
        "www-authenticate",
    }
)
SUFFIXES = {
    "application/atom+xml": ".atom",
    "application/feed+json": ".json",
    "application/json": ".json",
    "application/rss+xml": ".xml",
    "application/xml": ".xml",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/xml": ".xml",
}
NAME_CHARACTERS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to be recorded, or the reason why there was none."""

    url: str
    at: datetime
    is_feed: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str | None = None


class Recorder:
    """Keeps what an exchange answers, as of one moment; an address is asked once."""

    def __init__(self, exchange: Exchange, at: datetime) -> None:
        self._exchange = exchange
        self._at = at
        self._feeds: set[str] = set()
        self._answers: dict[str, Answer] = {}
        self._given: dict[str, Response | FetchError] = {}
        self.unrecorded: dict[str, str] = {}
        """Addresses of which nothing can be recorded, and the reason: no recording has it."""

    async def exchange(self, request: Request, url: str) -> Response:
        """Ask as the exchange does; what was asked before is answered as it was then."""
        if url not in self._given:
            self._given[url] = await self._asked(request, url)
        given = self._given[url]
        if isinstance(given, FetchError):
            raise given
        return given

    def mark_feed(self, url: str) -> None:
        """Say that a feed is polled at this address."""
        self._feeds.add(url)

    def answers(self) -> list[Answer]:
        """Return what was recorded, in the order asked."""
        return [
            Answer(
                url=one.url,
                at=one.at,
                is_feed=one.url in self._feeds,
                status=one.status,
                headers=one.headers,
                body=one.body,
                error=one.error,
            )
            for one in self._answers.values()
        ]

    async def _asked(self, request: Request, url: str) -> Response | FetchError:
        try:
            response = await self._exchange(request, url)
        except FetchError as error:
            if error.reason in ERRORS:
                self._answers[url] = Answer(url=url, at=self._at, error=error.reason)
            else:
                self.unrecorded[url] = error.reason
            return error
        self._answers[url] = Answer(
            url=url,
            at=self._at,
            status=response.status,
            headers=response.headers,
            body=response.body,
        )
        return response


def require_empty(folder: Path) -> None:
    """Raise UsageError unless a folder is empty, or not there yet and can be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty: give a new folder")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from error


def write(folder: Path, answers: Iterable[Answer]) -> int:
    """Write a seeds folder and return how many recordings it holds; of doubles the first stays."""
    kept: dict[tuple[str, datetime], Answer] = {}
    for answer in answers:
        kept.setdefault((answer.url, answer.at), answer)
    ordered = sorted(kept.values(), key=lambda answer: (answer.at, not answer.is_feed, answer.url))
    tables = [_table(answer, _file(folder, answer)) for answer in ordered]
    (folder / INDEX).write_text("\n".join(tables), "utf-8")
    return len(tables)


def _file(folder: Path, answer: Answer) -> str | None:
    """Write the body of an answer, under its digest, and return its name; None without one."""
    if not answer.body:
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    parts = urlsplit(answer.url)
    said = re.sub(r"[^a-z0-9]+", "-", f"{parts.hostname} {parts.path}".lower()).strip("-")
    digest = hashlib.sha256(answer.body).hexdigest()[:12]
    place = "feeds" if answer.is_feed else "pages"
    name = f"{place}/{said[:NAME_CHARACTERS]}-{digest}{SUFFIXES.get(kind, '.bin')}"
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(answer.body)
    return name


def _table(answer: Answer, file: str | None) -> str:
    lines = ["[[recording]]", f"url = {_toml(answer.url)}", f"at = {_moment(answer.at)}"]
    if answer.is_feed:
        lines.append("feed = true")
    if answer.error:
        return "\n".join([*lines, f"error = {_toml(answer.error)}"]) + "\n"
    if answer.status != 200:  # noqa: PLR2004 - what a recording is without a status
        lines.append(f"status = {answer.status}")
    headers = {name: value for name, value in answer.headers.items() if name not in LEFT_OUT}
    if headers:
        said = ", ".join(f"{_toml(name)} = {_toml(value)}" for name, value in headers.items())
        lines.append(f"headers = {{ {said} }}")
    if file:
        lines.append(f"file = {_toml(file)}")
    return "\n".join(lines) + "\n"


def _toml(value: str) -> str:
    """A basic string of TOML: JSON's, and without the characters that neither may hold."""
    return json.dumps(text.clean(value), ensure_ascii=False)


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
