"""Dates as machines write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import htmldate

if TYPE_CHECKING:
    import lxml.html

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

YEAR_ALONE = "-01-01"
"""How htmldate ends a date of which it found the year only (right on 3 of 13 pages)."""

_COMPACT_ZONE = re.compile(r"([+-]\d{2})(\d{2})$")
_FRACTION = re.compile(r"(?<=:\d\d)[.,]\d+")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ENGLISH = re.compile(
    rf"(?:[a-z]{{3,9}},?\s+)?(?:{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+"
    rf"{_MONTH.replace('month', 'month2')}),?\s+(?P<year>\d{{4}})"
    r"(?:,?\s+(?:at\s+|[-\N{EN DASH}]\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?P<second>:\d\d)?\s*(?P<half>[ap])?(?:\.?m\b\.?)?)?"
    r"\s*(?P<zone>Z|[+-]\d\d:\d\d)?$",
    re.IGNORECASE,
)
_ZONES = {
    **dict.fromkeys(("UTC", "GMT", "WET"), "+00:00"),
    **dict.fromkeys(("CET", "MEZ", "BST", "WEST"), "+01:00"),
    **dict.fromkeys(("CEST", "MESZ", "EET"), "+02:00"),
    **dict.fromkeys(("EEST", "MSK"), "+03:00"),
    "EDT": "-04:00",
    **dict.fromkeys(("EST", "CDT"), "-05:00"),
    **dict.fromkeys(("CST", "MDT"), "-06:00"),
    **dict.fromkeys(("MST", "PDT"), "-07:00"),
    "PST": "-08:00",
}
"""What the names of zones mean in Europe and North America."""
_ZONE = re.compile(rf"(?<=[\d m.])\s*(?:{'|'.join(_ZONES)})$")


def moment(value: str) -> datetime | None:
    """Return a date or time as an aware UTC time, or None.

    Read are ISO 8601, RFC 5322, English ("March 2, 2031 9:30 AM EST") and seconds or milliseconds
    since 1970. Without a zone it counts as UTC, without a time as midnight.
    """
    at = as_written(value)
    try:
        return at and at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None


def as_written(value: str) -> datetime | None:
    """Return the date or time with the zone that it names; naive where it names none."""
    spelled = _COMPACT_ZONE.sub(r"\1:\2", _FRACTION.sub("", value.strip().replace("/", "-")))
    for read, text in (
        (datetime.fromisoformat, spelled),
        (_otherwise, value.strip()),
        (parsedate_to_datetime, value),
    ):
        try:
            found = read(text)
        except (ValueError, OverflowError):
            continue
        if found:
            return found
    return None


def _otherwise(value: str) -> datetime | None:
    """A date in English, one with the name of a zone, or the seconds or milliseconds since 1970.

    Raises ValueError for a day or an hour that is none.
    """
    if _EPOCH.match(value):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value[:10]))
    zoned = _ZONE.sub(lambda zone: _ZONES[zone.group().strip()], value)
    found = _ENGLISH.match(zoned)
    if found is None:
        return datetime.fromisoformat(zoned) if zoned != value else None
    month = _MONTHS.index((found["month"] or found["month2"])[:3].lower()) + 1
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    day = int(found["day"] or found["day2"])
    clock = f"{int(found['year']):04}-{month:02}-{day:02}T{hour:02}:{minute:02}"
    return datetime.fromisoformat(clock + (found["second"] or "") + (found["zone"] or ""))


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
