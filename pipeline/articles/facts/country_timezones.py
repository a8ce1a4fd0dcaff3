"""The time zones of the country that a site's name ends in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.core import get_global

_OTHER_NAMES = {"UK": "GB"}


def offsets(url: str, at: datetime) -> set[timedelta]:
    """Return how far the clocks of the site's country were from UTC at `at`; without UTC itself.

    Empty for names that end in no country's. Zones by country: Unicode CLDR.
    """
    ending = (urlsplit(url).hostname or "").rpartition(".")[2].upper()
    zones = _zones(_OTHER_NAMES.get(ending, ending))
    found = {zone.utcoffset(at.astimezone(UTC).replace(tzinfo=None)) for zone in zones}
    return {offset for offset in found if offset}


@cache
def _zones(territory: str) -> tuple[ZoneInfo, ...]:
    names = [name for name, where in get_global("zone_territories").items() if where == territory]
    found = []
    for name in names:
        try:
            found.append(ZoneInfo(name))
        except (KeyError, OSError, ValueError):  # CLDR knows some names that the system does not
            continue
    return tuple(found)
