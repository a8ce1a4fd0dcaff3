from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import dates


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month, ... second


WITH_ZONE = [
    ("rfc822", "Tue, 05 Mar 2024 08:15:30 GMT", at(2024, 3, 5, 8, 15, 30)),
    ("rfc822_offset", "Tue, 05 Mar 2024 08:15:30 +0130", at(2024, 3, 5, 6, 45, 30)),
    ("rfc822_no_seconds", "Tue, 05 Mar 2024 08:15 -0500", at(2024, 3, 5, 13, 15)),
    ("rfc822_no_weekday", "5 Mar 2024 08:15:30 Z", at(2024, 3, 5, 8, 15, 30)),
    ("rfc822_two_digit_year", "05 Mar 24 08:15:30 UT", at(2024, 3, 5, 8, 15, 30)),
    ("rfc822_last_century", "05 Mar 98 08:15:30 UT", at(1998, 3, 5, 8, 15, 30)),
    ("comment_behind_offset", "Tue, 05 Mar 2024 08:15:30 -0800 (PST)", at(2024, 3, 5, 16, 15, 30)),
    ("american_zone", "Tue, 05 Mar 2024 08:15:30 EST", at(2024, 3, 5, 13, 15, 30)),
    ("european_summer", "Tue, 02 Jul 2024 08:15:30 CEST", at(2024, 7, 2, 6, 15, 30)),
    ("half_hour_zone", "Tue, 02 Jul 2024 08:15:30 IST", at(2024, 7, 2, 2, 45, 30)),
    ("zone_and_offset", "Tue, 02 Jul 2024 08:15:30 GMT+02:00", at(2024, 7, 2, 6, 15, 30)),
    ("short_offset", "Tue, 02 Jul 2024 08:15:30 +2", at(2024, 7, 2, 6, 15, 30)),
    ("asctime", "Tue Mar  5 08:15:30 EST 2024", at(2024, 3, 5, 13, 15, 30)),
    ("date_command", "Tue Mar  5 08:15:30 +0100 2024", at(2024, 3, 5, 7, 15, 30)),
    ("iso", "2024-03-05T08:15:30+01:00", at(2024, 3, 5, 7, 15, 30)),
    ("iso_fraction", "2024-03-05T08:15:30.987654Z", at(2024, 3, 5, 8, 15, 30)),
    ("iso_lower_case", "2024-03-05t08:15:30z", at(2024, 3, 5, 8, 15, 30)),
    ("iso_blank", "2024-03-05 08:15 +0100", at(2024, 3, 5, 7, 15)),
    ("iso_compact", "20240305T081530Z", at(2024, 3, 5, 8, 15, 30)),
    ("seconds_since_1970", "1709626530", at(2024, 3, 5, 8, 15, 30)),
    ("milliseconds_since_1970", "1709626530123", at(2024, 3, 5, 8, 15, 30)),
    ("afternoon", "March 5, 2024 3:04 PM EST", at(2024, 3, 5, 20, 4)),
    ("midnight_by_half", "March 5, 2024 12:04 AM UTC", at(2024, 3, 5, 0, 4)),
    ("noon_by_half", "March 5, 2024 12:04 p.m. UTC", at(2024, 3, 5, 12, 4)),
    ("end_of_day", "Tue, 05 Mar 2024 24:00:00 GMT", at(2024, 3, 6)),
    ("leap_second", "Sat, 31 Dec 2016 23:59:60 GMT", at(2016, 12, 31, 23, 59, 59)),
    ("german", "Di, 5 Mär 2024 08:15:30 +0100", at(2024, 3, 5, 7, 15, 30)),
    ("german_december", "Do, 5 Dez 2024 08:15:30 MEZ", at(2024, 12, 5, 7, 15, 30)),
    ("french", "mar., 5 août 2025 08:15:30 +0200", at(2025, 8, 5, 6, 15, 30)),
    ("spanish", "jue, 5 ene 2023 08:15:30 +0000", at(2023, 1, 5, 8, 15, 30)),
    ("russian", "пт, 7 мая 2025 10:00:00 +0300", at(2025, 5, 7, 7)),
    ("furthest_east", "2024-03-05T08:00:00+14:00", at(2024, 3, 4, 18)),
    ("furthest_west", "2024-03-05T08:00:00-12:00", at(2024, 3, 5, 20)),
    ("iana", "Fri, 31 Mar 2023 20:19:00 America/Los_Angeles", at(2023, 4, 1, 3, 19)),
    ("iana_in_summer", "Fri, 31 Mar 2023 20:19:00 Europe/Brussels", at(2023, 3, 31, 18, 19)),
    ("iana_in_winter", "Fri, 03 Mar 2023 20:19:00 Europe/Brussels", at(2023, 3, 3, 19, 19)),
    ("iana_of_three", "2024-03-05 08:15 America/Argentina/Ushuaia", at(2024, 3, 5, 11, 15)),
    ("iana_with_a_month_in_it", "5 Mar 2024 08:15 America/Juneau", at(2024, 3, 5, 17, 15)),
    ("iana_in_brackets", "2024-07-02T08:15:30[Europe/Paris]", at(2024, 7, 2, 6, 15, 30)),
    ("offset_before_iana", "2024-07-02T08:15:30+01:00[Europe/Paris]", at(2024, 7, 2, 7, 15, 30)),
    ("iana_behind_letters", "2 Jul 2024 08:15 CET (Europe/Paris)", at(2024, 7, 2, 6, 15)),
    ("iana_of_posix_sign", "2024-07-02 08:15 Etc/GMT+5", at(2024, 7, 2, 13, 15)),
    ("french_hour", "5 mars 2024 à 14h48 CET", at(2024, 3, 5, 13, 48)),
    ("french_hour_with_blanks", "5 mars 2024, 14 h 48 +0100", at(2024, 3, 5, 13, 48)),
    ("portuguese_full_hour", "5 de março de 2024, 14h UTC", at(2024, 3, 5, 14)),
    ("dutch_hour", "5 maart 2024 14u30 +0100", at(2024, 3, 5, 13, 30)),
    ("seconds_with_a_fraction", "1709626530.25", at(2024, 3, 5, 8, 15, 30)),
    ("milliseconds_as_a_float", "1709626530000.0", at(2024, 3, 5, 8, 15, 30)),
    ("white_space", "\n  Tue, 05 Mar 2024\n 08:15:30 GMT ", at(2024, 3, 5, 8, 15, 30)),
]

WITHOUT_ZONE = [
    ("year_first_slashes", "2020/1/10 14:33:00", at(2020, 1, 10, 14, 33)),
    ("day_only", "2024-03-05", at(2024, 3, 5)),
    ("month_only", "2024-03", at(2024, 3, 1)),
    ("year_only", "2024", at(2024, 1, 1)),
    ("compact_day", "20240305", at(2024, 3, 5)),
    ("english_words", "January 2, 2024 3:04 AM", at(2024, 1, 2, 3, 4)),
    ("time_first", "3:04 AM, January 2 2024", at(2024, 1, 2, 3, 4)),
    ("dashes", "02-Jan-2024", at(2024, 1, 2)),
    ("ordinal", "2nd January 2024", at(2024, 1, 2)),
    ("dots_are_european", "02.03.2024 10:00", at(2024, 3, 2, 10)),
    ("slashes_day_first_when_clear", "31/12/2024 10:00", at(2024, 12, 31, 10)),
    ("slashes_month_first_when_clear", "12/31/2024", at(2024, 12, 31)),
    ("slashes_same_number", "05/05/2024", at(2024, 5, 5)),
    ("german_long", "15. März 2024 14:05", at(2024, 3, 15, 14, 5)),
    ("korean", "2024년 03월 05일 오후 11:31:15", at(2024, 3, 5, 23, 31, 15)),
    ("chinese", "2024年3月5日 08:15", at(2024, 3, 5, 8, 15)),
    ("unknown_iana", "2024-03-05 08:15 Europe/Atlantis", at(2024, 3, 5, 8, 15)),
    ("slash_of_no_zone", "2024-03-05 08:15 Politics/Europe", at(2024, 3, 5, 8, 15)),
    ("french_hour_no_zone", "2024-03-05 14h48", at(2024, 3, 5, 14, 48)),
    ("th_is_no_hour", "5th March 2024", at(2024, 3, 5)),
    ("unknown_zone", "Tue, 05 Mar 2024 08:15:30 XYZT", at(2024, 3, 5, 8, 15, 30)),
]

UNREADABLE = [
    ("empty", ""),
    ("words", "yesterday"),
    ("ambiguous_slashes", "01/02/2024"),
    ("no_such_day", "2024-02-30"),
    ("no_such_month", "2024-13-01"),
    ("no_such_hour", "Tue, 05 Mar 2024 25:00:00 GMT"),
    ("no_such_minute", "Tue, 05 Mar 2024 10:60:00 GMT"),
    ("offset_beyond_the_earth", "2024-03-05T08:00:00+15:00"),
    ("five_digit_year", "10000-01-01"),
    ("year_zero", "0000-01-01T00:00:00Z"),
    ("negative_year", "-0001-11-30T00:00:00+00:00"),
    ("too_many_digits", "1" * 16),
    ("version_number", "1709626530.1.2"),
    ("month_alone", "March"),
    ("end_of_time", "9999-12-31T23:00:00-12:00"),
]


@pytest.mark.parametrize(
    ("written", "expected"), [c[1:] for c in WITH_ZONE], ids=[c[0] for c in WITH_ZONE]
)
def test_date_with_zone_is_read_without_flag(written: str, expected: datetime) -> None:
    assert dates.read(written) == (expected, ())


@pytest.mark.parametrize(
    ("written", "expected"), [c[1:] for c in WITHOUT_ZONE], ids=[c[0] for c in WITHOUT_ZONE]
)
def test_date_without_zone_is_utc_with_a_flag(written: str, expected: datetime) -> None:
    assert dates.read(written) == (expected, ("no_zone",))


@pytest.mark.parametrize("written", [c[1] for c in UNREADABLE], ids=[c[0] for c in UNREADABLE])
def test_what_is_no_date_is_none(written: str) -> None:
    assert dates.read(written) == (None, ())


NOW = at(2025, 6, 1, 12)
BOUNDS = [
    ("first_moment", at(1990, 1, 1), True),
    ("before_it", at(1989, 12, 31, 23, 59, 59), False),
    ("a_day_ahead", NOW + timedelta(hours=24), True),
    ("beyond_a_day_ahead", NOW + timedelta(hours=24, seconds=1), False),
]


@pytest.mark.parametrize(
    ("moment", "expected"), [c[1:] for c in BOUNDS], ids=[c[0] for c in BOUNDS]
)
def test_bounds_are_1990_and_a_day_ahead(moment: datetime, expected: bool) -> None:  # noqa: FBT001 - a table
    assert dates.within(moment, NOW) is expected


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001 - made aware below
def test_every_rfc822_and_iso_date_reads_back(moment: datetime) -> None:
    aware = moment.replace(microsecond=0, tzinfo=UTC)
    assert dates.read(aware.isoformat()) == (aware, ())
    assert dates.read(aware.strftime("%a, %d %b %Y %H:%M:%S +0000")) == (aware, ())


@given(
    st.text(alphabet="0123456789 :-/.,+TZapmJanMar年月日GMT", max_size=120) | st.text(max_size=60)
)
def test_no_text_raises(written: str) -> None:
    moment, _ = dates.read(written)
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Tue Nov 24 2026 15:21:41 GMT+0530 (India Standard Time)", at(2026, 11, 24, 9, 51, 41)),
        ("Tue Nov 24 2026 15:21:41 GMT-0300 (Marquesas Time)", at(2026, 11, 24, 18, 21, 41)),
        ("Monday November 23, 2026 10:05 am PST", at(2026, 11, 23, 18, 5)),
        ("2 July 2031 9 pm JST", at(2031, 7, 2, 12)),
        ("2 July 2031 9:30 p. m. CEST", at(2031, 7, 2, 19, 30)),
        ("January 2, 2031 9:30 AM ET", at(2031, 1, 2, 14, 30)),
        ("July 2, 2031 9:30 AM ET", at(2031, 7, 2, 13, 30)),
        ("July 2, 2031 9:30 AM (Pacific Time)", at(2031, 7, 2, 16, 30)),
        ("9:30 AM July 2, 2031 Eastern Daylight Time", at(2031, 7, 2, 13, 30)),
        ("2031-07-02 09:30 British Summer Time", at(2031, 7, 2, 8, 30)),
        ("2031-07-02 09:30 UTC\u221205:00", at(2031, 7, 2, 14, 30)),
        ("2031-07-02T09:30+02:00[Europe/Berlin]", at(2031, 7, 2, 7, 30)),
        ("2031年7月2日14時48分 JST", at(2031, 7, 2, 5, 48)),
    ],
)
def test_zones_are_read_in_all_their_spellings(raw: str, expected: datetime) -> None:
    assert dates.read(raw) == (expected, ())


@pytest.mark.parametrize(
    "raw",
    ["2 juillet 2031, 9:30 mis à jour, il est tard", "2 July 2031 9:30 in art", "2 July 2031"],
)
def test_words_that_are_zones_elsewhere_are_none(raw: str) -> None:
    assert dates.read(raw)[1] == ("no_zone",)


@pytest.mark.parametrize(
    ("raw", "day_first", "expected"),
    [
        ("05/11/2026 01:57", True, at(2026, 11, 5, 1, 57)),
        ("05/11/2026 01:57", False, at(2026, 5, 11, 1, 57)),
        ("05-11-26", True, at(2026, 11, 5)),
        ("25/11/2026", False, at(2026, 11, 25)),
        ("11/25/2026", True, at(2026, 11, 25)),
        ("05.11.2026", False, at(2026, 11, 5)),
        ("2026/11/05", True, at(2026, 11, 5)),
    ],
)
def test_the_order_of_day_and_month_may_be_told(
    raw: str,
    day_first: bool,  # noqa: FBT001 - a table
    expected: datetime,
) -> None:
    found = dates.written(raw, day_first=day_first)
    assert found is not None
    assert found.at == expected


def test_a_written_date_says_what_it_is_made_of() -> None:
    assert dates.written("2031-03-02") == dates.Written(
        at=at(2031, 3, 2),
        clock=datetime(2031, 3, 2),  # noqa: DTZ001 - as written
        zone=None,
    )
    assert dates.written("2 March 2031 09:30 +0100") == dates.Written(
        at=at(2031, 3, 2, 8, 30),
        clock=datetime(2031, 3, 2, 9, 30),  # noqa: DTZ001 - as written
        zone=timedelta(hours=1),
        has_time=True,
        is_worded=True,
    )
    assert [found.parts for raw in ("2031", "2031-03") if (found := dates.written(raw))] == [1, 2]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1709626530, at(2024, 3, 5, 8, 15, 30)),
        (1709626530.75, at(2024, 3, 5, 8, 15, 30)),
        (1709626530123, at(2024, 3, 5, 8, 15, 30)),
        (1e300, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_numbers_are_seconds_or_milliseconds(seconds: float, expected: datetime | None) -> None:
    found = dates.since_1970(seconds)
    assert (found and found.at) == expected


@given(st.text(max_size=120), st.sampled_from([True, False, None]))
def test_no_text_raises_in_any_order(raw: str, day_first: bool | None) -> None:  # noqa: FBT001
    found = dates.written(raw, day_first=day_first)
    assert found is None or found.at.tzinfo is UTC


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001 - a clock without a zone
    st.sampled_from(["GMT", "+0000", "-0730", "+1400", "+1500", "-1200"]),
    st.sampled_from(["%a, %d %b %Y %H:%M:%S ", "%d %b %Y %H:%M:%S ", "%Y-%m-%dT%H:%M:%S"]),
)
def test_usual_form_is_read_as_any_other(clock: datetime, zone: str, form: str) -> None:
    written = clock.strftime(form) + ("Z" if zone == "GMT" and "T" in form else zone)
    assert dates.written(written) == dates._calendar(written, day_first=None)


def test_end_of_a_day_and_of_a_minute_are_read_in_the_usual_form_too() -> None:
    assert dates.read("2024-03-05T24:00:00Z") == (at(2024, 3, 6), ())
    assert dates.read("Sat, 31 Dec 2016 23:59:60 GMT") == (at(2016, 12, 31, 23, 59, 59), ())
