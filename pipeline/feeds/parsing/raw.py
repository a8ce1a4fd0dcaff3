"""What a document literally says, before anything is resolved, read or cut.

Every reader (XML, JSON Feed, sitemap, recovery) ends here, so that identity, dates and links never
depend on the reader that was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

One = TypeVar("One")

TextKind = Literal["html", "text"]
"""What a document declares a title to be."""

# So many at either end of a longer document are looked at for the newest: feeds are in the order
# of time, one way or the other. Mapping an entry costs 50 us, a document may hold millions.
ENDS = 10_000


def ends(all_of_them: Sequence[One]) -> Sequence[One]:
    """Return what is looked at of the entries of a document: all, or both ends."""
    if len(all_of_them) <= 2 * ENDS:
        return all_of_them
    return [*all_of_them[:ENDS], *all_of_them[-ENDS:]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEnclosure:
    """A media file as declared; nothing checked."""

    url: str
    media_type: str | None = None
    length: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An entry as declared: texts stripped, `""` never used, lists in order of preference.

    `links` may be relative. `summary` and `content` are HTML. `title` is what `title_kind` says,
    None when nothing is declared, as RSS never does. `authors` may hold mail addresses.
    `published` and `updated` are dates as written, the best first.
    """

    guid: str | None = None
    guid_is_link: bool = False
    links: tuple[str, ...] = ()
    title: str | None = None
    title_kind: TextKind | None = None
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None
    language: str | None = None
    enclosures: tuple[RawEnclosure, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """A feed as declared. `recovered` when it had to be repaired to be read.

    `links` lead to the site, the best first. `total` counts all entries when those in the middle were left out, see `ends`. `children` are
    the sitemaps that a sitemap index names, with their links and dates.
    """

    format: str
    title: str | None = None
    title_kind: TextKind | None = None
    links: tuple[str, ...] = ()
    language: str | None = None
    authors: tuple[str, ...] = ()
    entries: tuple[RawEntry, ...] = ()
    total: int | None = None
    children: tuple[RawEntry, ...] = ()
    ttl_seconds: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    recovered: bool = False
