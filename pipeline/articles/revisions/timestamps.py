"""Lines that say nothing but when a page was published, changed or looked at.

Names of months and weekdays, and ages ("3 hours ago"), are those of Unicode CLDR; the other words stand
in boilerplate.toml.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_timedelta

from pipeline.articles import word_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

LISTS = Path(__file__).with_name("boilerplate.toml")

LONGEST = 60
"""Characters of a timestamp at most: "Wednesday, 30 September 2026 at 10:15 a.m. BST"."""

_LANGUAGES = "en de fr es it pt nl sv da nb fi pl cs ru uk tr zh ja ko".split()  # noqa: SIM905 - a line
_SECONDS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000,
}  # fmt: skip
_COUNTS = (1, 2, 5)
"""Numbers that take different forms of a unit in the languages above: one, few and many."""

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_LONG_NUMBER = re.compile(r"\d{5}|\d,\d{3}")
_FIGURES = re.compile(
    r"\b\d\d?[./-]\d\d?[./-]\d\d(?:\d\d)?\b|\b\d{4}[./-]\d\d?[./-]\d\d?(?!\d)|\d年"
)
_NO_DATE = re.compile(r"[^\w\s.,:/|·•\u2013+-]")


def is_timestamp(line: str) -> bool:
    """Return whether a line is a date, an age ("3 hours ago"), or one of them with its label.

    After a label a time of day or a year is enough: "Updated at 14:05".
    """
    if len(line) > LONGEST:
        return False
    said = line.strip().casefold()
    rest = _after_label(said)
    if rest is None:
        return _is_age(said) or (_is_made_of_dates(said) and _names_a_day(said))
    return _is_age(rest) or (_is_made_of_dates(rest) and _NUMBER.search(rest) is not None)


@cache
def label_pattern() -> str:
    """Return the pattern of the words that label a time of publication or change."""
    said = sorted(word_lists.phrases(LISTS, "labels"), key=len, reverse=True)
    return rf"(?:(?:last|first|zuletzt)\s+)?(?:{'|'.join(map(re.escape, said))})"


def _after_label(said: str) -> str | None:
    found = re.match(rf"{label_pattern()}\b\s*:?\s*", said)
    return said[found.end() :] if found else None


def _is_made_of_dates(said: str) -> bool:
    """Whether each word and sign may stand in a date, as in "Mittwoch, 1. April 2026, 9:15 Uhr"."""
    if _NO_DATE.search(said) or _LONG_NUMBER.search(said):
        return False
    known = word_lists.phrases(LISTS, "in_dates")
    return all(word in known or word in _names() for word in _WORD.findall(said))


def _names_a_day(said: str) -> bool:
    """Whether it has figures in the form of a date, or a month and a number."""
    has_month = any(word in _months() for word in _WORD.findall(said))
    return bool(_FIGURES.search(said)) or (has_month and _NUMBER.search(said) is not None)


def _is_age(said: str) -> bool:
    """Whether it says how long ago, with a number or a word for it: "2 hours ago", "vor einer Stunde"."""
    if said in word_lists.phrases(LISTS, "now"):
        return True
    if _NUMBER.search(said):
        return _form(said) in _ages()
    parts = said.split()
    counted = (" ".join([*parts[:at], "1", *parts[at + 1 :]]) for at in range(len(parts)))
    return any(_form(one) in _ages() for one in counted)


def _form(said: str) -> str:
    """A phrase without spaces and points, each number as one sign."""
    return _NUMBER.sub("#", re.sub(r"[\s.]+", "", said.casefold()))


@cache
def _ages() -> frozenset[str]:
    """The forms in which languages say how long ago something was."""
    own = (_form(phrase) for phrase in word_lists.phrases(LISTS, "ages"))
    return frozenset({*own, *map(_form, _spelled_ages())})


def _spelled_ages() -> Iterator[str]:
    for language in _LANGUAGES:
        for unit, seconds in _SECONDS.items():
            for count in _COUNTS:
                for width in ("long", "short"):
                    try:
                        yield format_timedelta(
                            timedelta(seconds=-seconds * count),
                            granularity=unit,  # type: ignore[arg-type] # of the literals that babel lists
                            threshold=1e9,
                            add_direction=True,
                            format=width,
                            locale=language,
                        )
                    except KeyError:  # CLDR has no short form of this unit
                        continue


@cache
def _names() -> frozenset[str]:
    """The names of weekdays and months."""
    return _months().union(*(_calendar(language, "days") for language in _LANGUAGES))


@cache
def _months() -> frozenset[str]:
    known = word_lists.phrases(LISTS, "months")
    return known.union(*(_calendar(language, "months") for language in _LANGUAGES))


def _calendar(language: str, what: str) -> set[str]:
    """The names in running text and on their own, in full and short; each word of them."""
    calendar = getattr(Locale(language), what)
    return {
        word
        for use in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in calendar[use][width].values()
        if not _NUMBER.search(name)  # "4月": the sign alone is no month
        for word in _WORD.findall(name.casefold())
    }
