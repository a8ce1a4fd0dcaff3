"""When a page says it was published: every date it states, and which one is believed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pipeline import dates as reader
from pipeline.articles.facts import country_timezones, date_order, date_search, dateline, page_parts
from pipeline.model import StatedDate

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

    from pipeline.articles.facts.json_ld import Linked
    from pipeline.articles.facts.meta_tags import Head
    from pipeline.articles.facts.page_parts import Parts

SLACK = timedelta(minutes=15)
"""How far after the fetch a date is believed while the page states another one."""

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
_MICRODATA = re.compile(r"(?:^|[\s:/])date(?:Published|Created)(?:$|\s)", re.IGNORECASE)
_URL_DAY = re.compile(r"/(\d{4})[/-](\d{1,2}|[a-z]{3,9})[/-](\d{1,2})(?:[/_-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Said:
    """A date that the page states; `at` is aware UTC, `clock` the time as written, `zone` what it names.

    It `is_unsure` where it is a day in words, or figures in the order of a country.
    """

    source: str
    at: datetime
    clock: datetime
    zone: timedelta | None = None
    is_day: bool = False
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    """What the dates of a page are read against.

    `day` is that in its address, `day_first` the order in its language, `latest` the end of what is believed.
    """

    day: date | None
    day_first: bool | None
    latest: datetime

    def read(self, raw: str) -> reader.Written | None:
        """Return the date, if it names a day from 1990 to a day after the fetch.

        02/03/2031 is the day in the address, if one of the two is; else that in the order of the language, unless it is
        still to come.
        """
        orders = (None,) if self.day_first is None else (self.day_first, not self.day_first)
        both = [reader.written(raw, day_first=order) for order in orders]
        possible = [one for one in both if one and self._is_possible(one)]
        on_the_day = (one for one in possible if one.clock.date() == self.day)
        return next(on_the_day, next(iter(possible), None))

    def _is_possible(self, one: reader.Written) -> bool:
        return one.parts == reader.DAY and reader.EARLIEST <= one.at <= self.latest


def stated(
    tree: lxml.html.HtmlElement, head: Head, linked: Linked, fetched_at: datetime
) -> tuple[StatedDate, ...]:
    """Return what the page states, in aware UTC time, the one to be believed first.

    Each source stands once: json_ld, meta (meta elements and microdata), page_text, url. In this order they are
    believed, but for one that lies after `fetched_at` while another does not. Where two
    write the same time on the clock and only one of them names a zone other than UTC, that one is right (of 19 such
    pages of the development corpora it was so on all). A date without a zone
    counts as UTC, one without a time as midnight. Dates before 1990 or more than a day after the fetch are none.
    The text is searched only where nothing is declared, or nothing but a day in words ("March 2, 2031") or figures
    in the order of a country (02/03/2031): where the page shows its readers another day, that one is right (on 4 of 4 pages). Parts of the page that are
    about other pages never date it, nor does the date of a change.
    """
    said = _every(tree, head, linked, fetched_at)
    by_source: dict[str, datetime] = {}
    for one in said:
        by_source.setdefault(one.source, one.at if by_source else _exact(one, said, head.url))
    return tuple(StatedDate(source, at) for source, at in by_source.items())


def candidates(
    tree: lxml.html.HtmlElement, head: Head, linked: Linked, fetched_at: datetime
) -> list[StatedDate]:
    """Return every date that the page states, a source more than once, as `stated` believes them."""
    return [StatedDate(one.source, one.at) for one in _every(tree, head, linked, fetched_at)]


def _every(
    tree: lxml.html.HtmlElement, head: Head, linked: Linked, fetched_at: datetime
) -> list[_Said]:
    page = _page(head, linked, fetched_at)
    parts = page_parts.parts_of(tree, head.url)
    said = list(_declared(tree, head, linked, page, parts))
    if not said or (page.day is None and all(one.is_unsure for one in said)):
        said = _in_text(tree, said, page, parts)
    if page.day:
        midnight = datetime.combine(page.day, time())
        said.append(_Said("url", midnight.replace(tzinfo=UTC), midnight, is_day=True))
    said.sort(key=lambda one: one.at > fetched_at + SLACK)
    return said


def _page(head: Head, linked: Linked, fetched_at: datetime) -> _Page:
    order = date_order.is_day_first(next(iter(head.languages), linked.language), head.url)
    page = _Page(None, order, fetched_at + reader.AHEAD)
    in_url = _URL_DAY.search(head.url)
    found = page.read(_spelled(*in_url.groups())) if in_url else None
    return replace(page, day=found.clock.date()) if found else page


def _spelled(year: str, month: str, day: str) -> str:
    return f"{year}-{month}-{day}" if month.isdecimal() else f"{day} {month} {year}"


def _declared(
    tree: lxml.html.HtmlElement, head: Head, linked: Linked, page: _Page, parts: Parts
) -> Iterator[_Said]:
    told = [
        ("json_ld", linked.published),
        *(("meta", value) for value in head.every(*_META)),
        *(("meta", value) for value in _microdata(tree, parts)),
        ("json_ld", linked.page_published),
    ]
    for source, value in told:
        if value and (read := page.read(value)):
            yield _said(source, read)


def _said(source: str, read: reader.Written) -> _Said:
    clock = read.clock.replace(second=0, microsecond=0)
    is_day = not read.has_time
    is_unsure = read.is_local or (is_day and read.is_worded)
    return _Said(source, read.at, clock, read.zone, is_day, is_unsure)


def _microdata(tree: lxml.html.HtmlElement, parts: Parts) -> Iterator[str]:
    """The dates that elements of the body are marked as (microdata, RDFa)."""
    for element in tree.iter("time", "span", "div", "p", "a", "meta", "abbr"):
        marks = element.get("itemprop") or element.get("property")
        if marks and _MICRODATA.search(marks) and parts.holds(element):
            yield element.get("datetime") or element.get("content") or element.text or ""


def _in_text(
    tree: lxml.html.HtmlElement, declared: list[_Said], page: _Page, parts: Parts
) -> list[_Said]:
    """What is said where the text is asked too: the date that readers see, or else what scripts and htmldate find.

    One without a label does not go against the day in the address.
    """
    own = parts.own(tree)
    shown = dateline.shown(own, page.read, page.latest)
    day = shown.clock.date() if shown else None
    read = [_as_said(shown)] if shown else []
    if declared:
        return (
            [*declared, *read] if day in {None, *(one.clock.date() for one in declared)} else read
        )
    if shown and (shown.is_labelled or page.day in {None, day}):
        return read
    if page.day:
        return []
    written = next(date_search.counted(own, page.read), None) or date_search.anywhere(
        own, page.read, page.latest
    )
    return [_said("page_text", written)] if written else []


def _as_said(shown: dateline.Shown) -> _Said:
    clock = shown.clock.replace(second=0, microsecond=0)
    return _Said("page_text", shown.at, clock, shown.zone, is_day=not shown.has_time)


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
