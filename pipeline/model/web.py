"""What is asked of the web and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipeline.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One document to ask for; validators are sent back byte for byte.

    They are those of `validated_url` (None: of `url`), and are sent to its host only.
    `headers` are sent besides ours, to the origin of `url` only; they may hold secrets.
    """

    url: str
    purpose: Literal["feed", "page", "robots"]
    etag: str | None = None
    last_modified: str | None = None
    validated_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed: the address that answered, and with which status."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered. Only `url` and `body` need to be given by hand.

    `url` is the address that answered (after redirects, which stand in `hops`), header names
    are lower-case, `body` is decoded from its content-encoding.
    """

    url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fetched_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    hops: tuple[Hop, ...] = ()
    duration_seconds: float = 0.0

    @property
    def requested_url(self) -> str:
        """The address that was asked for first."""
        return self.hops[0].url if self.hops else self.url


Fetch = Callable[[Request], Awaitable[Response]]
"""The one seam: the live web and a recorded one look the same from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a host's robots.txt said when it was last asked (None: never).

    `text` is empty where all is allowed; `reason` says why it could not be had, so that nothing is.
    """

    text: str | None
    reason: str | None
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a page can be asked about: sent back as it came."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedBody:
    """A body as it is kept: compressed, with digest and size of what was compressed."""

    sha256: bytes
    data: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRecord:
    """One request as it is recorded: what was asked for whom, and what came of it.

    `asked_at` counts where no answer came; an answer has its own time. `reason` says why it is of no use. `packed` is the answer's body where a worker has packed it already.
    """

    url: str
    purpose: Literal["feed", "page", "robots"]
    asked_at: datetime
    response: Response | None
    packed: PackedBody | None = None
    reason: Reason | None = None
    feed_id: int | None = None
    article_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostHold:
    """A host that asked to be left alone, until when, and why."""

    host: str
    ends_at: datetime
    reason: Reason
