"""What a list of feeds says, before any of them was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed as a list names it; `category` is its path of folders (`News/Europe`).

    `url` is fetchable. `headers` hold the credentials that stood in its address: never shown.
    """

    url: str
    title: str | None = None
    site_url: str | None = None
    category: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A place of a list that names no feed, and why; `title` is what it calls itself there."""

    line: int
    reason: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What was read of a list: each feed once, in order; `repeated` counts those named again."""

    feeds: tuple[ListedFeed, ...]
    bad: tuple[BadLine, ...]
    repeated: int
