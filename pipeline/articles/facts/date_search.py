"""The date of a page that neither declares one nor shows one beside its headline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import htmldate

from pipeline import dates
from pipeline.articles.facts.meta_tags import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    import lxml.html

    Read = Callable[[str], dates.Written | None]

YEAR_ALONE = "-01-01"
"""How htmldate ends a date of which it found the year only (right on 3 of 13 pages)."""

PROSE = 100
"""Characters of a paragraph from which its dates are those of what it tells."""

_CHANGED = re.compile(r"modif|updat", re.IGNORECASE)
_COUNTED = ("data-time", "data-timestamp", "data-epoch", "data-unixtime", "data-utime")


def counted(tree: lxml.html.HtmlElement, read: Read) -> Iterator[dates.Written]:
    """The times that the page gives its scripts in seconds, to show how long ago it was."""
    for element in tree.iter("time", "span", "a", "div", "p", "abbr"):
        if _CHANGED.search(element.get("itemprop") or ""):
            continue
        for name in _COUNTED:
            value = element.get(name) or ""
            if value.isdecimal() and (written := read(value)) and written.has_time:
                yield written


def anywhere(tree: lxml.html.HtmlElement, read: Read, latest: datetime) -> dates.Written | None:
    """Return the date that htmldate finds in `tree`, outside of prose and what tells of changes.

    `tree` is changed: what cannot date the page is taken out.
    """
    for element in list(tree.iter("meta", "script", "time", "p")):
        if element.getparent() is not None and _dates_others(element):
            element.drop_tree()
    for extensive in (False, True):
        day = found(tree, latest, extensive=extensive)
        if day and not day.endswith(YEAR_ALONE):
            return read(_with_time(tree, day) or day)
    return None


def found(tree: lxml.html.HtmlElement, latest: datetime, *, extensive: bool) -> str | None:
    """Return the day (YYYY-MM-DD) that htmldate finds in a page, not after `latest`, or None."""
    try:
        return htmldate.find_date(
            tree,
            extensive_search=extensive,
            original_date=True,
            url="",
            min_date=dates.EARLIEST.replace(tzinfo=None),
            max_date=latest.replace(tzinfo=None),
        )
    except Exception:  # noqa: BLE001 - it reads whatever a page says, and its errors are many
        return None


def _dates_others(element: lxml.html.HtmlElement) -> bool:
    if element.tag == "script":
        return "ld+json" in (element.get("type") or "")
    names = ("property", "name", "itemprop", "http-equiv", "class")
    if element.tag in {"meta", "time"} and _CHANGED.search(
        " ".join(element.get(name) or "" for name in names)
    ):
        return True
    if element.tag == "p" and len(words(element)) > PROSE:
        return next(element.iter("time"), None) is None
    return False


def _with_time(tree: lxml.html.HtmlElement, day: str) -> str | None:
    """The full time of that day that a time element or a datetime attribute states."""
    for element in tree.iter("time", "span", "abbr", "meta"):
        stated = element.get("datetime") or element.get("content") or ""
        if stated.startswith(day) and len(stated) > len(day):
            return stated
    return None
