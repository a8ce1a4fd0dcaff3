"""Dates as machines write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import htmldate

if TYPE_CHECKING:
    import lxml.html

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

YEAR_ALONE = "-01-01"
"""How htmldate ends a date of which it found the year only (right on 3 of 13 pages)."""

_COMPACT_ZONE = re.compile(r"([+-]\d{2})(\d{2})$")
_FRACTION = re.compile(r"[.,]\d+")


def moment(value: str) -> datetime | None:
    """Return an ISO 8601 or RFC 5322 date or time as an aware UTC time, or None.

    Without a zone it counts as UTC, without a time as midnight.
    """
    at = as_written(value)
    try:
        return at and at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None


def as_written(value: str) -> datetime | None:
    """Return the date or time with the zone that it names; naive where it names none."""
    spelled = _COMPACT_ZONE.sub(r"\1:\2", _FRACTION.sub("", value.strip().replace("/", "-")))
    for read, text in ((datetime.fromisoformat, spelled), (parsedate_to_datetime, value)):
        try:
            return read(text)
        except (ValueError, OverflowError):
            continue
    return None


def found(tree: lxml.html.HtmlElement, latest: datetime, *, extensive: bool) -> str | None:
    """Return the day (YYYY-MM-DD) that htmldate finds in a page, not after `latest`, or None."""
    try:
        return htmldate.find_date(
            tree,
            extensive_search=extensive,
            original_date=True,
            url="",
            min_date=EARLIEST.replace(tzinfo=None),
            max_date=latest.replace(tzinfo=None),
        )
    except Exception:  # noqa: BLE001 - it reads whatever a page says, and its errors are many
        return None
