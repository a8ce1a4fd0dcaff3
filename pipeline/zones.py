"""Time zones as people and machines write them behind a time."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

# Offsets in use on Earth reach from -12 to +14 hours; others are mistakes.
OFFSETS = range(-12 * 60, 14 * 60 + 1)

# Names of zones as the IANA database writes them, bare or in brackets (RFC 9557 section 3.1).
IANA = re.compile(
    r"[\[(]?\b((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc"
    r"|Europe|Indian|Mexico|Pacific|US)(?:/[A-Za-z0-9_+-]{1,30}){1,2})[\])]?",
    re.IGNORECASE,
)
OFFSET = re.compile(r"(?:\b(?:GMT|UTC|UT))?\s?([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")

_ZONE_HOURS = {
    0: "ut utc gmt z wet",
    1: "cet met mez bst wat west",
    2: "cest mest mesz eet cat sast",
    3: "eest msk eat trt",
    4: "msd gst samt",
    5: "pkt yekt",
    7: "wib ict",
    8: "awst hkt sgt wita pht",
    9: "jst kst wit",
    10: "aest",
    11: "aedt",
    12: "nzst",
    13: "nzdt",
    -2: "ndt",
    -3: "adt brt art",
    -4: "ast edt clt",
    -5: "est cdt pet cot",
    -6: "cst mdt",
    -7: "mst pdt",
    -8: "pst akdt",
    -9: "akst hdt",
    -10: "hst",
}
_ZONES = {name: hours * 60 for hours, names in _ZONE_HOURS.items() for name in names.split()}
_ZONES |= {
    "bdt": 360,
    "myt": 480,
    "vet": -240,
    "bot": -240,
    "uyt": -180,
    "clst": -180,
    "brst": -120,
}
_ZONES |= {"ist": 330, "npt": 345, "acst": 570, "acdt": 630, "nst": -210, "irst": 210}

# English names, as browsers write them behind an offset and people behind a time; each is followed by "Time".
_SPELLED = {
    "coordinated universal": "utc",
    "greenwich mean": "gmt",
    "british summer": "bst",
    "india standard": "ist",
    "japan standard": "jst",
    "korea standard": "kst",
    "hong kong": "hkt",
    "hong kong standard": "hkt",
    "singapore standard": "sgt",
    "moscow standard": "msk",
    "central european": "cet",
    "central european standard": "cet",
    "central european summer": "cest",
    "eastern european standard": "eet",
    "eastern european summer": "eest",
    "western european standard": "wet",
    "western european summer": "west",
    "south africa standard": "sast",
    "eastern standard": "est",
    "eastern daylight": "edt",
    "central standard": "cst",
    "central daylight": "cdt",
    "mountain standard": "mst",
    "mountain daylight": "mdt",
    "pacific standard": "pst",
    "pacific daylight": "pdt",
    "australian eastern standard": "aest",
    "australian eastern daylight": "aedt",
}
# What Americans call the time on their clocks, in summer and winter.
_REGIONS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
}
_NAME = re.compile(
    rf"\b({'|'.join(sorted([*_SPELLED, *_REGIONS], key=len, reverse=True))}) time\b", re.IGNORECASE
)


def minutes_east(text: str, local: datetime, iana: str | None) -> int | None:
    """Return how many minutes east of UTC the zone is that `text` names at the naive time `local`, or None.

    `text` is what stands behind the time; `iana` is a name that was found beside it. An offset in figures goes
    before the name, and the name before letters.
    """
    found = _offset(text)
    if found is None and iana:
        found = _minutes_in(iana, local)
    return _by_letters(text, local) if found is None else found


def _offset(text: str) -> int | None:
    """Minutes east of UTC that `text` writes in figures."""
    found = OFFSET.search(text)
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return -minutes if found[1] == "-" else minutes


def _minutes_in(name: str, local: datetime) -> int | None:
    """Minutes that the clocks of an IANA zone are east of UTC at `local`; None if it is unknown."""
    zone = _iana(name)
    offset = zone.utcoffset(local) if zone else None
    return None if offset is None else int(offset.total_seconds()) // 60


@lru_cache(maxsize=256)
def _iana(name: str) -> ZoneInfo | None:
    """The zone of a name; the machine's files of zones decide which there are."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None


def _by_letters(text: str, local: datetime) -> int | None:
    """Minutes east of UTC that `text` names by letters, or None when it names no zone known.

    Letters are those of a zone where they are capitals or stand right behind the time: "est" is a word too.
    """
    if spelled := _NAME.search(text):
        name = spelled[1].lower()
        if name in _REGIONS:
            return _minutes_in(_REGIONS[name], local)
        return _ZONES[_SPELLED[name]]
    for place, word in enumerate(_WORD.findall(text)):
        letters = word.lower()
        if letters in _ZONES and (word.isupper() or place == 0):
            return _ZONES[letters]
        if word.isupper() and letters in _REGIONS:
            return _minutes_in(_REGIONS[letters], local)
    return None
