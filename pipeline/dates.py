"""Dates as feeds and pages write them: RFC 5322, ISO 8601 and what people put there instead."""
# ruff: noqa: RUF001 - the names of the months are not all Latin

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from pipeline import zones

# No date is longer than this; the rest of a longer text is never looked at.
LONGEST = 100
DAY = 3
"""Parts of a date that names its day."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?=$|[\sTt,])[Tt,\s]*")
_KOREAN = re.compile(r"(\d{4})\s*년\s*(\d{1,2})\s*월\s*(\d{1,2})\s*일")
_CJK = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(?=$|[-+\sZ])")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.]|\s?[hu]\s?|\s?[時时시点]\s?)(?P<minute>\d{2})(?!\d)(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?|오전|오후)?",
    re.IGNORECASE,
)
# `14h` in French and Portuguese, `9 pm` in English; a full hour needs no minutes.
_HOUR = re.compile(
    r"(?<!\d)(?:(\d{1,2})\s?h(?:eures?|oras?)?\b|(\d{1,2})\s?([ap])\.?\s?m\b\.?)", re.IGNORECASE
)
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_EAST = r"(?P<sign>[+-])(?P<east_hours>\d\d):?(?P<east_minutes>\d\d)"
_RFC_3339 = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)[T ]{_CLOCK}(?:\.\d+)?(?:Z|{_EAST})", re.ASCII
)
_RFC_5322 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(?P<day>\d{1,2}) "
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    rf"(?P<year>\d{{4}}) {_CLOCK} (?:GMT|UTC|{_EAST})",
    re.ASCII,
)
_MILLISECONDS = 100_000_000_000
"""A number from here on counts milliseconds: of seconds it would be the year 5138."""
_SINCE_1970 = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d*)?", re.ASCII)
_HALF_BEFORE = re.compile(r"(오전|오후|上午|下午)\s*(?=\d{1,2}\s?[:时時시点])")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_WEEKDAY = re.compile(r"^\s*[^\W\d_]+\.?\s*,")

# The beginnings of the names of the months, without accents, in the languages of the feeds seen:
# English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian, Polish, Czech,
# Russian, Ukrainian, Greek, Hungarian, Turkish, Romanian, Finnish, Indonesian, Hebrew, Arabic (of Egypt and of
# Syria), Hindi.
_MONTH_STEMS = (
    "jan jän gen ene sty led янв січ ιαν oca ian tammi ינואר يناير जनवरी",
    "feb fev feve lut uno фев лют φεβ sub helmi פברואר فبراير شباط फरवरी",
    "mar maa mrz brez мар бер μαρ maalis מרץ مارس آذار मार्च",
    "apr avr abr kwi dub апр кві απρ nis huhti אפריל أبريل نيسان अप्रैल",
    "may mai mag mei maj kve мая май тра μαι μαϊ touko מאי مايو أيار",
    "jun jui giu cze cerven июн чер ιουν haz iun kesa יוני يونيو حزيران जून",
    "jul juil lug lip cervenec июл лип ιουλ tem iul heina יולי يوليو تموز जुलाई",
    "aug aou ago sie srp авг сер αυγ agu elo agustus אוגוסט أغسطس अगस्त",
    "sep set wrz zar сен вер σεπ eyl syys ספטמבר سبتمبر أيلول सितंबर सितम्बर",
    "oct okt ott out paz rij окт жов οκτ eki loka אוקטובר أكتوبر अक्टूबर अक्तूबर",
    "nov lis kas лис ноя νοε noi marras נובמבר نوفمبر नवंबर नवम्बर",
    "dec dez dic gru pro дек гру δεκ ara joulu des דצמבר ديسمبر दिसंबर दिसम्बर",
)
_MONTHS_OF_A_YEAR = 12
_PM = ("p", "오후", "下午")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date as somebody wrote it.

    `at` is aware UTC, `clock` the naive time as written (midnight where none is), `zone` the distance from UTC that
    it names or None, `parts` how much of a date it has: 1 a year, 2 a month, 3 a day. `is_worded` tells
    that the month is a word, `is_local` that its figures
    stand in the order of a country (02/03/2031).
    """

    at: datetime
    clock: datetime
    zone: timedelta | None
    parts: int = 3
    has_time: bool = False
    is_worded: bool = False
    is_local: bool = False


def written(raw: str, *, day_first: bool | None = None) -> Written | None:
    """Return the date that `raw` begins with or consists of, or None.

    y/m/d is always year, month, day; ten digits are seconds and thirteen milliseconds since 1970, with a fraction or
    without. With dots the day comes first; d/m/y and m/d/y are told apart where one of the two cannot be a
    month, and else read as `day_first` says, None not at all. A zone may have letters (CET), an offset (GMT+0530), its
    IANA name (`America/Los_Angeles`) or an English one (Pacific Time); an offset in figures counts most. Sources:
    RFC 5322 3.3 and 4.3, RFC 3339, RFC 9557, W3C date and time formats, and dates seen in feeds and on pages.
    """
    text = " ".join(raw[: LONGEST * 2].replace("\u2212", "-").split())[:LONGEST]
    try:
        if found := _SINCE_1970.fullmatch(text):
            return since_1970(int(found[1]))
        return _usual(text) or _calendar(text, day_first=day_first)
    except (ValueError, OverflowError):
        return None


def read(raw: str) -> tuple[datetime | None, tuple[str, ...]]:
    """Return (UTC datetime or None, flags) for a date as a feed wrote it; see `written`.

    The flag `no_zone` says that the text names no zone (or one nobody knows) and UTC was taken.
    """
    found = written(raw)
    if found is None:
        return None, ()
    return found.at, () if found.zone is not None else ("no_zone",)


def since_1970(seconds: float) -> Written | None:
    """Return the time that many seconds, or milliseconds where it is that large a number, after 1970."""
    scaled = seconds / 1000 if abs(seconds) >= _MILLISECONDS else seconds
    try:
        at = datetime.fromtimestamp(int(scaled), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Written(at=at, clock=at.replace(tzinfo=None), zone=timedelta(), has_time=True)


def within(at: datetime, fetched_at: datetime) -> bool:
    """Return whether `at` lies in 1990 .. fetch + 24 h; what does not is a mistake of the feed."""
    return EARLIEST <= at <= fetched_at + AHEAD


def _usual(text: str) -> Written | None:
    """A date in exactly the form of RFC 5322 or RFC 3339, as nearly all are; None for others.

    It gives what `_calendar` gives, in a quarter of the time.
    """
    found = _RFC_3339.fullmatch(text) or _RFC_5322.fullmatch(text)
    if not found:
        return None
    said = found.groupdict()
    minutes = int(said["east_hours"] or 0) * 60 + int(said["east_minutes"] or 0)
    minutes = -minutes if said["sign"] == "-" else minutes
    month = int(said["month"]) if said["month"].isdigit() else _MONTHS[said["month"].lower()]
    numbers = (int(said[name]) for name in ("day", "hour", "minute", "second"))
    day, hour, minute, second = numbers
    if minutes not in zones.OFFSETS or hour >= 24 or second >= 60:  # noqa: PLR2004 (a day's, a minute's end)
        return None
    clock = datetime(int(said["year"]), month, day, hour, minute, second)  # noqa: DTZ001 - its zone comes next
    zone = timedelta(minutes=minutes)
    return Written(
        at=(clock - zone).replace(tzinfo=UTC),
        clock=clock,
        zone=zone,
        has_time=True,
        is_worded=not said["month"].isdigit(),
    )


def _calendar(text: str, *, day_first: bool | None) -> Written | None:
    named = zones.IANA.search(text)
    if named:  # some hold the name of a month: `America/Juneau`
        text = f"{text[: named.start()]} {text[named.end() :]}"
    found = _day(text, day_first=day_first)
    if found is None:
        return None
    seconds, rest = _clock(found.rest)
    local = datetime(*found.day) + timedelta(seconds=seconds or 0)  # noqa: DTZ001 - its zone comes next
    minutes = zones.minutes_east(rest, local, named[1] if named else None)
    if minutes is not None and minutes not in zones.OFFSETS:
        return None
    zone = None if minutes is None else timedelta(minutes=minutes)
    return Written(
        at=local.replace(tzinfo=timezone(zone or timedelta())).astimezone(UTC),
        clock=local,
        zone=zone,
        parts=found.parts,
        has_time=seconds is not None,
        is_worded=found.is_worded,
        is_local=found.is_local,
    )


class _Day(NamedTuple):
    """(year, month, day), the text without it, and what `Written` says of it."""

    day: tuple[int, int, int]
    rest: str
    parts: int = 3
    is_worded: bool = False
    is_local: bool = False


def _day(text: str, *, day_first: bool | None) -> _Day | None:
    for pattern in (_ISO, _KOREAN, _CJK):
        if found := pattern.match(text):
            stated = [int(part) for part in found.groups() if part]
            year, month, day = (*stated, 1, 1)[:3]
            return _Day((year, month, day), text[found.end() :], len(stated))
    if found := _COMPACT.match(text):
        year, month, day = (int(part) for part in found.groups()[:3])
        hour, minute, second = found.groups()[3:]
        clock = f"{hour}:{minute}:{second or '00'} " if hour else ""
        return _Day((year, month, day), clock + text[found.end() :])
    if worded := _worded(text):
        return worded
    numbers = _NUMERIC.search(text)
    ordered = _numeric(numbers, day_first=day_first) if numbers else None
    if numbers is None or ordered is None:
        return None
    rest = text[: numbers.start()] + " " + text[numbers.end() :]
    return _Day(ordered, rest, is_local=numbers[2] == "/")


def _numeric(found: re.Match[str], *, day_first: bool | None) -> tuple[int, int, int] | None:
    """Year, month and day of figures; with dots the day comes first, with dashes too where any order is told."""
    first, mark, second, year = int(found[1]), found[2], int(found[3]), _year(found[4])
    if mark == "." or first > _MONTHS_OF_A_YEAR:
        return year, second, first
    if second > _MONTHS_OF_A_YEAR or first == second:
        return year, first, second
    if day_first is None:
        return None
    is_day_first = day_first or mark == "-"
    return (year, second, first) if is_day_first else (year, first, second)


def _worded(text: str) -> _Day | None:
    """Day, month and year where the month is a word: `Thu, 01 Jan 2004`, `January 2, 2024`.

    Words behind the time are asked last: zones and places begin as months do (Novosibirsk Time).
    """
    text = _WEEKDAY.sub("", text)
    time = _TIME.search(text) or _HOUR.search(text)
    before, clock = (text[: time.start()], text[time.start() :]) if time else (text, "")
    behind = zones.OFFSET.sub(" ", text[time.end() :]) if time else ""
    months = _months_in(before) or _months_in(behind)
    numbers = _NUMBER.findall(before + " " + behind)[:2]
    if len(numbers) < 2 or not months:  # noqa: PLR2004 (day and year)
        return None
    year_first = len(numbers[0]) > 2  # noqa: PLR2004 (days have two digits)
    day, year = reversed(numbers) if year_first else numbers
    return _Day((_year(year), months[-1], int(day)), clock, is_worded=True)


def _months_in(text: str) -> list[int]:
    return [month for word in _WORD.findall(text) if (month := _month(word))]


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


def _clock(text: str) -> tuple[int | None, str]:
    """Seconds since midnight, None where no time stands, and the text behind it."""
    before = _HALF_BEFORE.search(text)
    found = _TIME.search(text)
    if not found:
        return _full_hour(text)
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    half = (found["half"] or (before[1] if before else "")).lower()
    if half.startswith(_PM):
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    if hour > 24 or minute >= 60 or second > 60:  # noqa: PLR2004 (24:00 and leap seconds are)
        raise ValueError(text)
    return hour * 3600 + minute * 60 + min(second, 59), text[found.end() :]


def _full_hour(text: str) -> tuple[int | None, str]:
    found = _HOUR.search(text)
    hour = int(found[1] or found[2]) if found else 0
    if not found or hour > 24:  # noqa: PLR2004 (hours of a day)
        return None, text
    half = (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return hour * 3600, text[found.end() :]
