"""How two sightings of an entry compare: what is the same, what differs, what is unknown. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.feeds.parsing import html_to_text

if TYPE_CHECKING:
    from pipeline.model import EntryKeys

# A corrected text keeps most of its words; two texts from one template differ in more.
CORRECTED_SHARE = 0.9
# Of fewer words nothing can be said but that they are the same.
FEW_WORDS = 8
# Letters that a corrected headline keeps; more differ between two headlines of one form.
HEADLINE_SHARE = 0.9
_WORD = re.compile(r"\w+")
_WORDS_COMPARED = 300
_GUID_LENGTH = 999  # less than what is stored of a guid
_HTTP = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)


class Likeness(Enum):
    """How one property of two sightings compares; LIKE is a correction of it."""

    SAME = "same"
    LIKE = "like"
    OTHER = "other"
    UNKNOWN = "unknown"


SAME, LIKE, OTHER, UNKNOWN = Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two sightings, property by property.

    `is_same_page`: the links differ in their fragments at most. `is_same_path`: they differ in
    their queries at most. `is_recounted`: the texts differ in figures only, and
    no dates tell more.
    """

    guid: Likeness
    link: Likeness
    title: Likeness
    date: Likeness
    text: Likeness
    is_same_page: bool = False
    is_same_path: bool = False
    is_recounted: bool = False

    def without(self, names: frozenset[str]) -> Compared:
        """Return the comparison as it is when guid, link or date of these names say nothing."""
        return replace(
            self,
            guid=UNKNOWN if "guid" in names else self.guid,
            link=UNKNOWN if "link" in names else self.link,
            date=UNKNOWN if "date" in names else self.date,
        )

    def says(self, *likenesses: Likeness) -> int:
        """Return how many properties beside the guid compare in one of these ways."""
        return sum(one in likenesses for one in (self.link, self.title, self.date, self.text))


def compared(one: EntryKeys, other: EntryKeys) -> Compared:
    """Return how two sightings compare."""
    text = _texts(one.body, other.body)
    is_undated = not one.date or not other.date
    return Compared(
        guid=_equal(one.guid and same_guid(one.guid), other.guid and same_guid(other.guid)),
        link=_links(one, other),
        title=_titles(one.title, other.title),
        date=_equal(one.date, other.date),
        text=text,
        is_same_page=one.link is not None and one.link == other.link,
        is_same_path=_path(one.link) is not None and _path(one.link) == _path(other.link),
        is_recounted=text is OTHER and is_undated and _differ_in_figures(one.body, other.body),
    )


def same_guid(guid: str) -> str:
    """Return the guid without what a move to https or www. changes in one that is an address.

    Of a long one the beginning, as it is stored.
    """
    return _HTTP.sub("//", guid[:_GUID_LENGTH])


@lru_cache(maxsize=4096)
def words(markup: str) -> tuple[str, ...]:
    """Return the first words of a text, in lower case."""
    found = _WORD.findall(html_to_text.words(markup).casefold())
    return tuple(found[:_WORDS_COMPARED])


def _equal(one: str | None, other: str | None) -> Likeness:
    if not one or not other:
        return UNKNOWN
    return SAME if one == other else OTHER


def _links(one: EntryKeys, other: EntryKeys) -> Likeness:
    """Addresses that differ in their fragments only are two when both have one."""
    found = _equal(one.link, other.link)
    parted = found is SAME and _equal(one.fragment, other.fragment) is OTHER
    return OTHER if parted else found


def _path(link: str | None) -> str | None:
    """The host and path; None of a link whose query is all that names the page."""
    if link is None:
        return None
    parts = urlsplit(link)
    return parts.path if parts.path.partition("/")[2] else None


def _titles(one: str | None, other: str | None) -> Likeness:
    found = _equal(one and one.casefold(), other and other.casefold())
    if found is not OTHER or not one or not other or _numbers(one) != _numbers(other):
        return found
    share = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()
    return LIKE if share >= HEADLINE_SHARE else OTHER


def _texts(one: str, other: str) -> Likeness:
    if not one or not other:
        return UNKNOWN
    first, second = words(one), words(other)
    if not first or not second:
        return UNKNOWN
    if first == second:
        return SAME
    shorter, longer = sorted((_counted(one), _counted(other)), key=_length)
    if _length(shorter) < FEW_WORDS or any(figure not in longer for figure in _figures(shorter)):
        return OTHER
    kept = sum(min(count, longer[word]) for word, count in shorter.items())
    return LIKE if kept >= CORRECTED_SHARE * _length(shorter) else OTHER


def _differ_in_figures(one: str, other: str) -> bool:
    """Counters and "3 minutes ago" change at each request and tell nothing."""
    first, second = (
        [word for word in words(text) if not _has_digit(word)] for text in (one, other)
    )
    return len(first) >= FEW_WORDS and first == second


@lru_cache(maxsize=4096)
def _counted(markup: str) -> Counter[str]:
    return Counter(words(markup))


def _length(counted: Counter[str]) -> int:
    return counted.total()


def _figures(counted: Counter[str]) -> list[str]:
    return [word for word in counted if _has_digit(word)]


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _numbers(title: str) -> list[str]:
    return re.findall(r"\d+", title)
