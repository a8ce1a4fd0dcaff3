"""What of a written value is a person's name, and what is an agency, a post, a place or no name at all."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.core import get_global

from pipeline.articles import word_lists

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 80
"""Characters of a name; longer ones are biographies."""

LISTS = Path(__file__).with_suffix(".toml")

_MOST_WORDS = 5
_MOST_WORDS_OF_NAMES = 10
"""Words of a name in which no word but particles begins with a small letter."""

_LANGUAGES = (
    "en de fr es it pt nl sv da nb fi pl cs ru uk tr".split()  # noqa: SIM905 - a line, not a column
)
"""Whose words for weekdays, months and countries are known (Unicode CLDR)."""

_DEGREE = re.compile(
    r"(?:ph\.? ?d|m\.? ?d|mba|m\.?a|b\.?a|m\.?sc|b\.?sc|esq|d\.?phil|ll\.?[bm]|r\.?n)\.?$",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]{1,3}[A-Z0-9]{1,4}$")
"""A word of two to seven capital letters: of an agency, a channel (QCN, ARD1)."""

_LOGIN = re.compile(r"[a-z]{2,}(?:[-_.][a-z]{2,})+$")
_CLOCK = re.compile(r"\d[./:]\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COUNT = re.compile(r"\d+\+?\s*(?:[a-z]|$|Min)")
"""A number alone or with what is counted: "3 hours ago", "10 Min"; "50 Cent" is none."""

_OF_A_PICTURE = re.compile(r"(?:photo(?:graph)?|foto|picture|image)s?\b|.* images$", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


class Kind(Enum):
    """What a value names. All but NOTHING may stand for the author; a person goes before the others."""

    PERSON = "person"
    AGENCY = "agency"
    CODE = "code"
    """A word in capital letters: of a channel, an agency, a degree."""
    DEPARTMENT = "department"
    """A post, a desk or the staff of an outlet."""
    PLACE = "place"
    NOTHING = "nothing"
    """A button, a date, an address, a sentence."""


def kind(value: str, *, declared: bool) -> Kind:
    """Return what `value`, stripped of labels, names.

    `declared` tells that the page declares it as one person: then what could be a place, or a credit of a
    picture, is that person's name.
    """
    spelled = value.casefold().strip(" .")
    if _is_nothing(value, spelled):
        return Kind.NOTHING
    if spelled in _list("agencies"):
        return Kind.AGENCY
    if is_department(value):
        return Kind.DEPARTMENT
    if _CODE.match(value):
        return Kind.CODE
    return Kind.PERSON if declared else _shown_kind(value, spelled)


def _shown_kind(value: str, spelled: str) -> Kind:
    if value[0].isdigit() or _OF_A_PICTURE.match(value):
        return Kind.NOTHING
    return Kind.PLACE if spelled in places() else Kind.PERSON


def is_degree(part: str) -> bool:
    """Return whether it is a degree written after a name: PhD, M.D."""
    return bool(_DEGREE.match(part.strip()))


def is_department(value: str) -> bool:
    """Return whether its last words are a post or a part of an outlet: "Harbour Editor", "QCN Staff"."""
    spelled = value.casefold().strip(" .")
    if _ends(spelled, _list("departments")):
        return True
    first, _, last = spelled.rpartition(" ")
    is_outlet = first.startswith("the ") or bool(_CODE.match(value.split(maxsplit=1)[0]))
    return last in _list("staff") and is_outlet


def is_button(value: str) -> bool:
    """Return whether it begins with what is written on buttons and notes: "Read more"."""
    return _starts(value.casefold(), _list("buttons"))


def is_particle(word: str) -> bool:
    """Return whether it is a small word within names: "von", "da", "'t"."""
    return word in _list("particles")


def is_name_like(value: str) -> bool:
    """Return whether it begins as a name does: with a capital, a letter without case, or a particle."""
    words = value.split()
    while len(words) > 1 and is_particle(words[0]):
        words = words[1:]
    return not _is_small(words[0]) or any(letter.isupper() for letter in words[0])


def _is_nothing(value: str, spelled: str) -> bool:
    return (
        not 1 < len(value) <= LONGEST
        or not _LETTER.search(value)
        or not _is_short(value.split())
        or spelled in _list("nobody")
        or _is_vague(spelled)
        or is_button(value)
        or bool(_LOGIN.match(value))
        or _is_date(value, spelled)
    )


def _is_short(words: list[str]) -> bool:
    """Whether it has no more words than a name has."""
    return len(words) <= _MOST_WORDS or (
        len(words) <= _MOST_WORDS_OF_NAMES
        and all(not _is_small(word) or is_particle(word) for word in words)
    )


def _is_small(word: str) -> bool:
    """Whether it begins with a small letter of a script that writes names with capitals (Georgian does not)."""
    return word[0] != word[0].title()


def _is_date(value: str, spelled: str) -> bool:
    """Whether it is a weekday, a date, a time or a count: "Monday", "Monday November 23", "5 min read"."""
    if spelled in _weekdays():
        return True
    if not any(letter.isdigit() for letter in value):
        return False
    words = spelled.replace(",", " ").replace(".", " ").split()
    return bool(
        _COUNT.match(value)
        or _CLOCK.search(value)
        or _YEAR.search(value)
        or any(word in _months() or word in _weekdays() for word in words)
    )


def _is_vague(spelled: str) -> bool:
    """Whether it is a post or a department and does not say which: "Staff writer", "Die Redaktion"."""
    known = _list("departments") | _list("staff") | _list("vague")
    return all(word in known for word in spelled.replace("-", " ").split())


def _starts(value: str, phrases: Iterable[str]) -> bool:
    """Whether it begins with one of the phrases, up to the end of a word."""
    words = value.split()
    return any(" ".join(words[:count]) in phrases for count in (1, 2, 3))


def _ends(value: str, phrases: Iterable[str]) -> bool:
    words = value.split()
    return any(" ".join(words[-count:]) in phrases for count in (1, 2))


def _list(name: str) -> frozenset[str]:
    return word_lists.phrases(LISTS, name)


@cache
def places() -> frozenset[str]:
    """The names of countries and of the cities that time zones are named after (Unicode CLDR)."""
    found: set[str] = set()
    for locale in map(Locale, _LANGUAGES):
        found.update(name for code, name in locale.territories.items() if code.isalpha())
        cities = (zone.get("city") for zone in locale.time_zones.values())
        found.update(city for city in cities if city)
    zones = (zone.rpartition("/")[2] for zone in get_global("zone_territories"))
    found.update(zone.replace("_", " ") for zone in zones)
    return frozenset(name.casefold() for name in found)


@cache
def _weekdays() -> frozenset[str]:
    words = [_calendar(language, "days") for language in _LANGUAGES]
    english = ["mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"]
    return frozenset(english).union(*words)


@cache
def _months() -> frozenset[str]:
    return frozenset().union(*(_calendar(language, "months") for language in _LANGUAGES))


def _calendar(language: str, what: str) -> set[str]:
    """The full names in running text, and in English the short ones too."""
    calendar = getattr(Locale(language), what)
    widths = ["wide", "abbreviated"] if what == "months" else ["wide"]
    return {
        name.casefold().rstrip(".")
        for width in widths
        for name in calendar["format"][width].values()
    }
