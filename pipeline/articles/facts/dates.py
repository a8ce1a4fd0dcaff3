"""When a page says it was published: every date it states, and which one is believed."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from pipeline.articles.facts import country_timezones, dateline
from pipeline.articles.facts.machine_dates import EARLIEST, YEAR_ALONE, as_written, found, moment
from pipeline.articles.facts.meta_tags import words
from pipeline.model import StatedDate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import lxml.html

    from pipeline.articles.facts.json_ld import Linked
    from pipeline.articles.facts.meta_tags import Head

AHEAD = timedelta(hours=24)
"""How far after the fetch a date may lie: zones and clocks that are off."""

SLACK = timedelta(minutes=15)
"""How far after the fetch a date is believed while the page states another one."""

PROSE = 100
"""Characters of a paragraph from which its dates are those of what it tells."""

_WORD = re.compile(r"[^\W\d_]{3}")
_CHANGED = re.compile(r"modif|updat", re.IGNORECASE)
_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
)
_MICRODATA = re.compile(r"(?:^|[\s:/])datePublished(?:$|\s)", re.IGNORECASE)
_COUNTED = ("data-time", "data-timestamp", "data-epoch", "data-unixtime", "data-utime")
_URL_DAY = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[/_-]|$)")


@dataclass(frozen=True, slots=True)
class _Said:
    """A date that the page states; `at` is aware UTC, `clock` the time as written, `zone` what it names."""

    source: str
    at: datetime
    clock: datetime
    zone: timedelta | None = None
    is_day: bool = False
    is_in_words: bool = False


def stated(
    tree: lxml.html.HtmlElement, head: Head, linked: Linked, fetched_at: datetime
) -> tuple[StatedDate, ...]:
    """Return what the page states, in aware UTC time, the one to be believed first.

    Each source stands once: json_ld, meta (meta elements and microdata), url, page_text. In this order they are
    believed, but for one that lies after `fetched_at` while another does not. Where two
    write the same time on the clock and only one of them names a zone other than UTC, that one is right (of 19 such
    pages of the development corpora it was so on all). A date without a zone
    counts as UTC, one without a time as midnight. Dates before 1990 or more than a day after the fetch are none.
    The text is searched only where nothing is declared, or nothing but a day in words ("March 2, 2031"):
    where the page shows its readers another day, that one is right (on 4 of 4 pages).
    """
    latest = fetched_at + AHEAD
    said = [date for date in _declared(tree, head, linked) if EARLIEST <= date.at <= latest]
    if all(date.is_in_words for date in said):
        shown = dateline.shown(tree, latest)
        if shown and shown.date() not in {date.at.date() for date in said}:
            said = [_Said("page_text", shown, shown.replace(tzinfo=None))]
    if not said:
        said = [date for date in _counted(tree) if EARLIEST <= date.at <= latest][:1]
    if not said:
        said = [date for date in _found(tree, latest) if EARLIEST <= date.at <= latest]
    said.sort(key=lambda date: date.at > fetched_at + SLACK)
    by_source: dict[str, datetime] = {}
    for date in said:
        by_source.setdefault(date.source, date.at if by_source else _exact(date, said, head.url))
    return tuple(StatedDate(source, at) for source, at in by_source.items())


def _declared(tree: lxml.html.HtmlElement, head: Head, linked: Linked) -> Iterator[_Said]:
    in_url = _URL_DAY.search(head.url)
    told = [
        ("json_ld", linked.published),
        *(("meta", value) for value in head.every(*_META)),
        *(("meta", value) for value in _microdata(tree)),
        ("json_ld", linked.page_published),
        ("url", "{:0>4}-{:0>2}-{:0>2}".format(*in_url.groups()) if in_url else None),
    ]
    for source, value in told:
        if value and (said := _said(source, value)):
            yield said


def _said(source: str, value: str) -> _Said | None:
    at, written = moment(value), as_written(value)
    if at is None or written is None:
        return None
    clock = written.replace(second=0, microsecond=0, tzinfo=None)
    is_day = clock.time() == time() and ":" not in value
    return _Said(
        source, at, clock, written.utcoffset(), is_day, bool(is_day and _WORD.search(value))
    )


def _microdata(tree: lxml.html.HtmlElement) -> Iterator[str]:
    """The dates that elements of the body are marked as (microdata, RDFa)."""
    for element in tree.iter("time", "span", "div", "p", "a", "meta", "abbr"):
        marks = element.get("itemprop") or element.get("property")
        if marks and _MICRODATA.search(marks):
            yield element.get("datetime") or element.get("content") or element.text or ""


def _exact(date: _Said, said: list[_Said], url: str) -> datetime:
    """The time of `date`, if need be as another source states it more exactly.

    Where two call themselves UTC and lie as far apart as the clocks of the site's country from UTC, one
    is the country's time, and the other is right.
    """
    for other in said:
        apart = date.at - other.at
        if (
            apart
            and date.zone == other.zone == timedelta()
            and apart in country_timezones.offsets(url, date.at)
        ):
            return other.at
        same_clock = other.clock == date.clock and other.zone and not date.zone
        same_day = other.clock.date() == date.clock.date() and date.is_day and not other.is_day
        if same_clock or same_day:
            return other.at
    return date.at


def _counted(tree: lxml.html.HtmlElement) -> Iterator[_Said]:
    """The times that the page gives its scripts in seconds, to show how long ago it was."""
    for element in tree.iter("time", "span", "a", "div", "p", "abbr"):
        for name in _COUNTED:
            value = element.get(name) or ""
            if value.isdecimal() and (at := moment(value)):
                yield _Said("page_text", at, at.replace(tzinfo=None))


def _found(tree: lxml.html.HtmlElement, latest: datetime) -> Iterator[_Said]:
    """The date that htmldate finds anywhere, outside of prose, asides and what tells of changes."""
    page = _bare(tree)
    for extensive in (False, True):
        day = found(page, latest, extensive=extensive)
        if day and not day.endswith(YEAR_ALONE):
            if at := _with_time(page, day) or moment(day):
                yield _Said("page_text", at, at.replace(tzinfo=None))
            return


def _bare(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """The page without what dates other things than its publication.

    Where htmldate is asked (87 pages of the corpora whose day is known), it is right on 60 so and wrong on
    17, and on 59 and 19 with the whole page.
    """
    page = deepcopy(tree)
    for element in list(page.iter("aside", "meta", "p")):
        if _dates_others(element) and element.getparent() is not None:
            element.drop_tree()
    return page


def _dates_others(element: lxml.html.HtmlElement) -> bool:
    if element.tag == "meta":
        named = (element.get(name) or "" for name in ("property", "name", "itemprop", "http-equiv"))
        return bool(_CHANGED.search(" ".join(named)))
    if element.tag == "p":
        return len(words(element)) > PROSE and next(element.iter("time"), None) is None
    return True


def _with_time(tree: lxml.html.HtmlElement, day: str) -> datetime | None:
    """The full time of that day that a time element or a datetime attribute states."""
    for element in tree.iter("time", "span", "abbr", "meta"):
        stated = element.get("datetime") or element.get("content") or ""
        if stated.startswith(day) and len(stated) > len(day):
            return moment(stated)
    return None
