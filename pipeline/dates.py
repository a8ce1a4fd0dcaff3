"""Dates as feeds and pages write them: RFC 5322, ISO 8601 and what people put there instead."""
# ruff: noqa: RUF001 - the names of the months are not all Latin

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

# No date is longer than this; the rest of a longer text is never looked at.
LONGEST = 100
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)
# Offsets in use on Earth reach from -12 to +14 hours; others are mistakes.
_OFFSETS = range(-12 * 60, 14 * 60 + 1)

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?=$|[\sTt,])[Tt,\s]*")
_KOREAN = re.compile(r"(\d{4})\s*년\s*(\d{1,2})\s*월\s*(\d{1,2})\s*일")
_CJK = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(?=$|[-+\sZ])")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?|오전|오후)?",
    re.IGNORECASE,
)
_HALF_BEFORE = re.compile(r"(오전|오후|上午|下午)\s*(?=\d{1,2}:)")
_OFFSET = re.compile(r"(?:\b(?:GMT|UTC|UT))?\s*([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_WEEKDAY = re.compile(r"^\s*[^\W\d_]+\.?\s*,")

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
_ZONES |= {"ist": 330, "npt": 345, "acst": 570, "acdt": 630, "nst": -210, "irst": 210}

# The beginnings of the names of the months, without accents, in the languages of the feeds seen:
# English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian, Polish, Czech,
# Russian, Ukrainian, Greek, Hungarian, Turkish, Romanian, Finnish.
_MONTH_STEMS = (
    "jan jän gen ene sty led янв січ ιαν oca ian tammi",
    "feb fev feve lut uno фев лют φεβ sub helmi",
    "mar maa mrz brez мар бер μαρ maalis",
    "apr avr abr kwi dub апр кві απρ nis huhti",
    "may mai mag mei maj kve мая май тра μαι μαϊ touko",
    "jun jui giu cze cerven июн чер ιουν haz iun kesa",
    "jul juil lug lip cervenec июл лип ιουλ tem iul heina",
    "aug aou ago sie srp авг сер αυγ agu elo",
    "sep set wrz zar сен вер σεπ eyl syys",
    "oct okt ott out paz rij окт жов οκτ eki loka",
    "nov lis kas лис ноя νοε noi marras",
    "dec dez dic gru pro дек гру δεκ ara joulu",
)
_MONTHS_OF_A_YEAR = 12
_PM = ("p", "오후", "下午")


def read(raw: str) -> tuple[datetime | None, tuple[str, ...]]:
    """Return (UTC datetime or None, flags) for a date as a feed wrote it.

    The flag `no_zone` says that the text names no zone (or one nobody knows) and UTC was taken.
    y/m/d is always year, month, day; ten digits are seconds and thirteen milliseconds since 1970;
    d/m/y is read only if one of the two cannot be a month. Sources: RFC 5322 3.3 and 4.3,
    RFC 3339, W3C date and time formats, and dates seen in feeds.
    """
    text = " ".join(raw[: LONGEST * 2].split())[:LONGEST]
    try:
        if text.isdigit() and text.isascii() and len(text) in {10, 13}:
            return datetime.fromtimestamp(int(text[:10]), UTC), ()
        return _calendar(text)
    except (ValueError, OverflowError):
        return None, ()


def within(at: datetime, fetched_at: datetime) -> bool:
    """Return whether `at` lies in 1990 .. fetch + 24 h; what does not is a mistake of the feed."""
    return EARLIEST <= at <= fetched_at + AHEAD


def _calendar(text: str) -> tuple[datetime | None, tuple[str, ...]]:
    day, clock = _day_and_rest(text)
    if day is None:
        return None, ()
    seconds, rest = _clock(clock)
    minutes = _zone(rest)
    flags = () if minutes is not None else ("no_zone",)
    if minutes is not None and minutes not in _OFFSETS:
        return None, ()
    zone = timezone(timedelta(minutes=minutes or 0))
    return (datetime(*day, tzinfo=zone) + timedelta(seconds=seconds)).astimezone(UTC), flags


def _day_and_rest(text: str) -> tuple[tuple[int, int, int] | None, str]:
    """The (year, month, day) that `text` names, and the text without it."""
    for pattern in (_ISO, _KOREAN, _CJK):
        if found := pattern.match(text):
            year, month, day = (int(part or 1) for part in found.groups())
            return (year, month, day), text[found.end() :]
    if found := _COMPACT.match(text):
        year, month, day = (int(part) for part in found.groups()[:3])
        hour, minute, second = (part or "00" for part in found.groups()[3:])
        return (year, month, day), f"{hour}:{minute}:{second} {text[found.end() :]}"
    worded, rest = _worded(text)
    if worded is None and (found := _NUMERIC.search(text)):
        return _numeric(found), text[: found.start()] + " " + text[found.end() :]
    return worded, rest


def _numeric(found: re.Match[str]) -> tuple[int, int, int] | None:
    """Day, month and year in figures; with dots the day comes first, else only if it is clear."""
    first, mark, second, year = int(found[1]), found[2], int(found[3]), _year(found[4])
    if mark == "." or first > _MONTHS_OF_A_YEAR:
        return year, second, first
    if second > _MONTHS_OF_A_YEAR or first == second:
        return year, first, second
    return None


def _worded(text: str) -> tuple[tuple[int, int, int] | None, str]:
    """Day, month and year where the month is a word: `Thu, 01 Jan 2004`, `January 2, 2024`."""
    text = _WEEKDAY.sub("", text)
    time = _TIME.search(text)
    before, clock = (text[: time.start()], text[time.start() :]) if time else (text, "")
    behind = _OFFSET.sub(" ", text[time.end() :]) if time else ""
    months = [m for word in _WORD.findall(text) if (m := _month(word))]
    numbers = _NUMBER.findall(before + " " + behind)[:2]
    if len(numbers) < 2 or not months:  # noqa: PLR2004 (day and year)
        return None, ""
    year_first = len(numbers[0]) > 2  # noqa: PLR2004 (days have two digits)
    day, year = reversed(numbers) if year_first else numbers
    return (_year(year), months[-1], int(day)), clock


def _year(digits: str) -> int:
    """RFC 5322 4.3: two digits below 50 are of this century, three digits count from 1900."""
    year = int(digits)
    if len(digits) == 2 and year < 50:  # noqa: PLR2004 (as the RFC says)
        return year + 2000
    return year + 1900 if len(digits) in {2, 3} else year


def _month(word: str) -> int | None:
    plain = _unaccented(word)
    return next((_MONTHS[plain[:n]] for n in range(8, 2, -1) if plain[:n] in _MONTHS), None)


def _unaccented(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_MONTHS = {
    _unaccented(stem): number
    for number, stems in enumerate(_MONTH_STEMS, 1)
    for stem in stems.split()
}


def _clock(text: str) -> tuple[int, str]:
    """Seconds since midnight, and the text behind the time. No time is midnight."""
    before = _HALF_BEFORE.search(text)
    found = _TIME.search(text)
    if not found:
        return 0, text
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    half = (found["half"] or (before[1] if before else "")).lower()
    if half.startswith(_PM):
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    if hour > 24 or minute >= 60 or second > 60:  # noqa: PLR2004 (24:00 and leap seconds are)
        raise ValueError(text)
    return hour * 3600 + minute * 60 + min(second, 59), text[found.end() :]


def _zone(text: str) -> int | None:
    """Minutes east of UTC that `text` names, or None when it names no zone that is known."""
    if found := _OFFSET.search(text):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return -minutes if found[1] == "-" else minutes
    words = [word.lower() for word in _WORD.findall(text)]
    return next((_ZONES[word] for word in words if word in _ZONES), None)
