"""When a page says it was published."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import htmldate

if TYPE_CHECKING:
    import lxml.html

    from pipeline.articles.head import Head
    from pipeline.articles.json_ld import Linked

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)
"""How far after the fetch a date may lie: zones and clocks that are off."""

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
_URL_DAY = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[/_-]|$)")
_COMPACT_ZONE = re.compile(r"([+-]\d{2})(\d{2})$")
_FRACTION = re.compile(r"[.,]\d+")


def published(
    tree: lxml.html.HtmlElement, head: Head, linked: Linked, fetched_at: datetime
) -> tuple[datetime, str] | tuple[None, None]:
    """Return (aware UTC time, source) of publication; source is json_ld, meta, url or page_text.

    A date without a zone counts as UTC, one without a time as midnight. Dates before 1990 or more
    than a day after `fetched_at` are none. Text is searched (htmldate; its extensive mode
    only where the plain one finds nothing) only where nothing is declared.
    """
    latest = fetched_at + AHEAD
    declared = [("json_ld", linked.published), *(("meta", value) for value in head.every(*_META))]
    for source, value in declared:
        if value and (at := moment(value)) and EARLIEST <= at <= latest:
            return at, source
    return _undeclared(tree, head, latest)


def moment(value: str) -> datetime | None:
    """Return an ISO 8601 or RFC 5322 date or time as an aware UTC time, or None."""
    spelled = _COMPACT_ZONE.sub(r"\1:\2", _FRACTION.sub("", value.strip().replace("/", "-")))
    for read, text in ((datetime.fromisoformat, spelled), (parsedate_to_datetime, value)):
        try:
            at = read(text)
            return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _undeclared(
    tree: lxml.html.HtmlElement, head: Head, latest: datetime
) -> tuple[datetime, str] | tuple[None, None]:
    in_url = _URL_DAY.search(head.url)
    if (
        in_url
        and (at := moment("{:0>4}-{:0>2}-{:0>2}".format(*in_url.groups())))
        and EARLIEST <= at <= latest
    ):
        return at, "url"
    found = _searched(tree, latest)
    return (found, "page_text") if found and EARLIEST <= found <= latest else (None, None)


def _searched(tree: lxml.html.HtmlElement, latest: datetime) -> datetime | None:
    for extensive in (False, True):
        try:
            day = htmldate.find_date(
                tree,
                extensive_search=extensive,
                original_date=True,
                url="",
                min_date=EARLIEST.replace(tzinfo=None),
                max_date=latest.replace(tzinfo=None),
            )
        except Exception:  # noqa: BLE001 - it reads whatever a page says, and its errors are many
            return None
        if day:
            return _with_time(tree, day) or moment(day)
    return None


def _with_time(tree: lxml.html.HtmlElement, day: str) -> datetime | None:
    """The full time of that day that a time element or a datetime attribute states."""
    for element in tree.iter("time", "span", "abbr", "meta"):
        stated = element.get("datetime") or element.get("content") or ""
        if stated.startswith(day) and len(stated) > len(day):
            return moment(stated)
    return None
