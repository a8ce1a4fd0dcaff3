"""What a feed says of when it changes: RSS's ttl, skipHours and skipDays, the syndication module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.feeds.parsing import xml

if TYPE_CHECKING:
    from collections.abc import Iterator

_COUNT = re.compile(r"0{0,3}[1-9][0-9]{0,6}")
_HOUR = re.compile(r"[01]?[0-9]|2[0-4]")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UPDATE_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800}
_UPDATE_PERIODS |= {"monthly": 2592000, "yearly": 31536000}


def ttl_seconds(about: xml.Children) -> float | None:
    """Return the longest wish in seconds: RSS's ttl in minutes, the syndication module's period by frequency."""
    wishes = [int(ttl) * 60.0 for ttl in xml.texts(about, ("ttl",)) if _count(ttl)]
    period = next(xml.texts(about, ("sy:updateperiod",)), "").lower()
    frequency = next(xml.texts(about, ("sy:updatefrequency",)), "1")
    if period in _UPDATE_PERIODS:
        wishes.append(_UPDATE_PERIODS[period] / (int(frequency) if _count(frequency) else 1))
    return max(wishes, default=None)


def _count(digits: str) -> bool:
    """Whether a text is a positive number that is not absurd (19 years of minutes)."""
    return bool(_COUNT.fullmatch(digits))


def skip_hours(about: xml.Children) -> tuple[int, ...]:
    """Return the hours in GMT in which the feed does not change; some write 24 for midnight (RSS 2.0)."""
    hours = _listed(about, "skiphours")
    return tuple(sorted({int(hour) % 24 for hour in hours if _HOUR.fullmatch(hour)}))


def skip_days(about: xml.Children) -> tuple[int, ...]:
    """Return the days of the week (Monday is 0) in GMT in which the feed does not change, by their English names."""
    days = {day.lower() for day in _listed(about, "skipdays")}
    return tuple(at for at, name in enumerate(_DAYS) if name in days)


def _listed(about: xml.Children, name: str) -> Iterator[str]:
    for listing in about.get(name, ()):
        for element in listing.iterchildren("*"):
            yield xml.words(element) or ""
