"""What a publisher says about when to ask again, and what of it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.scheduling import publisher_hints
from pipeline.feeds.scheduling.publisher_hints import Skipped
from pipeline.model import Document, Entry, Response

NOW = datetime(2026, 3, 2, 8, 20, 30, tzinfo=UTC)  # a Monday
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NIGHT = Skipped(hours=(0, 1, 2, 3, 4, 5))
WEEKEND = Skipped(days=(5, 6))


def _hints(headers: dict[str, str], ttl: float | None = None) -> dict[str, timedelta]:
    answer = Response("https://a.example/feed", 304, headers, b"", NOW)
    return {
        bid.input: bid.wait
        for bid in publisher_hints.of(answer, ttl, publisher_hints.lifetime(answer, None))
        if bid.wait is not None
    }


def _at(day: int, hour: int, minute: int = 20) -> datetime:
    return datetime(2026, 3, day, hour, minute, 30, tzinfo=UTC)


def _document(*dates: datetime | None, skip: Skipped = NIGHT) -> Document:
    entries = tuple(Entry(published_at=date) for date in dates)
    return Document(
        format="rss", entries=entries, skip_hours=tuple(skip.hours), skip_days=tuple(skip.days)
    )


# How long an answer stays fresh.


@pytest.mark.parametrize(
    ("headers", "name", "expected"),
    [
        pytest.param({"cache-control": "max-age=7200"}, "max-age", 2 * HOUR, id="max-age"),
        pytest.param({"cache-control": "public, MAX-AGE=7200"}, "max-age", 2 * HOUR, id="any-case"),
        pytest.param({"cache-control": 'max-age="7200"'}, "max-age", 2 * HOUR, id="in-quotes"),
        pytest.param(
            {"cache-control": "max-age=9000", "age": "1800"}, "max-age", 2 * HOUR, id="minus-age"
        ),
        pytest.param(
            {"cache-control": "no-cache, max-age=7200"}, "max-age", 2 * HOUR, id="with-no-cache"
        ),
        pytest.param(
            {
                "expires": "Mon, 02 Mar 2026 11:00:00 GMT",
                "date": "Mon, 02 Mar 2026 09:00:00 GMT",
            },
            "expires",
            2 * HOUR,
            id="expires-minus-the-servers-own-date",
        ),
        pytest.param(
            {"expires": "Mon, 02 Mar 2026 10:20:30 GMT"}, "expires", 2 * HOUR, id="expires"
        ),
        pytest.param(
            {"cache-control": "max-age=7200", "expires": format_datetime(NOW + 9 * HOUR)},
            "max-age",
            2 * HOUR,
            id="max-age-over-expires",
        ),
        pytest.param({"cache-control": "max-age=999999"}, "max-age", DAY, id="a-day-at-most"),
        pytest.param({"cache-control": f"max-age={'9' * 5000}"}, "max-age", DAY, id="many-digits"),
        pytest.param({"expires": format_datetime(NOW + 9 * DAY)}, "expires", DAY, id="far-expires"),
        pytest.param({"retry-after": "7200"}, "retry-after", 2 * HOUR, id="retry-after"),
        pytest.param(
            {"retry-after": "Mon, 02 Mar 2026 10:20:30 GMT"}, "retry-after", 2 * HOUR, id="date"
        ),
        pytest.param({"retry-after": "9999999"}, "retry-after", 7 * DAY, id="a-week-at-most"),
    ],
)
def test_header_says_how_long_to_wait(
    headers: dict[str, str], name: str, expected: timedelta
) -> None:
    assert _hints(headers) == {name: expected}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"cache-control": "no-cache"}, id="no-cache"),
        pytest.param({"cache-control": "no-store, must-revalidate"}, id="no-store"),
        pytest.param({"cache-control": "max-age=9000", "age": "99999"}, id="stale-already"),
        pytest.param({"cache-control": "max-age=-9000"}, id="negative"),
        pytest.param({"cache-control": "max-age=soon"}, id="no-number"),
        pytest.param({"cache-control": "max-age=\u0663\u0660\u0660\u0660\u0660"}, id="not-ascii"),
        pytest.param({"cache-control": "s-maxage=9000"}, id="for-others"),
        pytest.param({"cache-control": "max-age=0", "expires": format_datetime(NOW + DAY)}, id="0"),
        pytest.param({"expires": "0"}, id="expires-zero"),
        pytest.param({"expires": "-1"}, id="expires-minus-one"),
        pytest.param({"expires": format_datetime(NOW - DAY)}, id="expired"),
        pytest.param({"expires": "Mon, 99 Foo 2026 11:00:00 GMT"}, id="no-date"),
        pytest.param({"retry-after": "0"}, id="retry-at-once"),
        pytest.param({"retry-after": "later"}, id="retry-later"),
        pytest.param({"retry-after": format_datetime(NOW - DAY)}, id="retry-yesterday"),
    ],
)
def test_header_that_asks_for_nothing_is_no_hint(headers: dict[str, str]) -> None:
    assert _hints(headers) == {}


@pytest.mark.parametrize(
    ("ttl", "expected"),
    [(3600.0, HOUR), (1e6, DAY), (1e9, DAY)],
    ids=["an-hour", "a-day-at-most", "absurd"],
)
def test_document_asks_for_its_ttl(ttl: float, expected: timedelta) -> None:
    assert _hints({}, ttl) == {"ttl": expected}


def test_every_hint_has_a_name_of_its_own() -> None:
    found = _hints({"cache-control": "max-age=60", "retry-after": "120"}, 180.0)
    assert found == {"max-age": MINUTE, "ttl": 3 * MINUTE, "retry-after": 2 * MINUTE}


@given(
    st.dictionaries(
        st.sampled_from(["cache-control", "expires", "date", "age", "retry-after"]),
        st.text(max_size=40) | st.sampled_from(["max-age=60", format_datetime(NOW + DAY)]),
    ),
    st.none() | st.floats(1, 1e9),
)
def test_hint_is_never_negative_nor_longer_than_a_week(
    headers: dict[str, str], ttl: float | None
) -> None:
    assert all(timedelta() < wait <= 7 * DAY for wait in _hints(headers, ttl).values())


# Skipped hours and days.


@pytest.mark.parametrize(
    ("at", "skip", "expected"),
    [
        pytest.param(_at(2, 8), NIGHT, _at(2, 8), id="outside"),
        pytest.param(_at(2, 3), NIGHT, datetime(2026, 3, 2, 6, tzinfo=UTC), id="in-the-night"),
        pytest.param(_at(2, 3), Skipped(), _at(2, 3), id="none"),
        pytest.param(_at(1, 9), WEEKEND, datetime(2026, 3, 2, tzinfo=UTC), id="sunday"),
        pytest.param(_at(7, 0), WEEKEND, _at(8, 0), id="never-by-more-than-a-day"),
        pytest.param(_at(2, 3), Skipped(hours=range(24)), _at(3, 3), id="all-hours"),
        pytest.param(
            _at(1, 23),
            Skipped(hours=NIGHT.hours, days=WEEKEND.days),
            datetime(2026, 3, 2, 6, tzinfo=UTC),
            id="sunday-then-the-night",
        ),
        pytest.param(_at(2, 3), NIGHT._replace(broken=1), datetime(2026, 3, 2, 6, tzinfo=UTC)),
        pytest.param(_at(2, 3), NIGHT._replace(broken=2), _at(2, 3), id="broken-twice"),
    ],
)
def test_first_allowed_moment(at: datetime, skip: Skipped, expected: datetime) -> None:
    assert publisher_hints.allowed(at, skip) == expected


@pytest.mark.parametrize(
    ("dates", "new", "broken"),
    [
        pytest.param([_at(2, 7), _at(1, 22)], 2, 0, id="outside"),
        pytest.param([_at(2, 3), _at(2, 2)], 2, 2, id="inside"),
        pytest.param([_at(2, 7), _at(2, 3), _at(2, 2)], 2, 1, id="only-the-new"),
        pytest.param([_at(2, 3), _at(2, 2)], 0, 0, id="none-new"),
        pytest.param([None, None], 2, 0, id="no-dates"),
        pytest.param([_at(2, 0, 0).replace(second=0)], 1, 0, id="midnight-is-a-mere-day"),
        pytest.param([_at(2, 5, 30).replace(second=0)], 1, 0, id="or-midnight-elsewhere"),
    ],
)
def test_entries_in_skipped_hours_are_counted(
    dates: list[datetime | None], new: int, broken: int
) -> None:
    assert publisher_hints.skipped(Skipped(), _document(*dates), new).broken == broken


def test_entries_on_skipped_days_are_counted() -> None:
    document = _document(_at(1, 9), _at(1, 8), skip=WEEKEND)
    assert publisher_hints.skipped(Skipped(), document, 2).broken == 2


def test_count_goes_on_while_the_declaration_stays() -> None:
    known = Skipped([5, 4, 3, 2, 1, 0], [], 1)
    assert publisher_hints.skipped(known, _document(_at(2, 3)), 1) == (NIGHT.hours, (), 2)


def test_declaration_that_changed_starts_afresh() -> None:
    document = _document(_at(2, 3), skip=Skipped(hours=(4,)))
    assert publisher_hints.skipped(NIGHT._replace(broken=7), document, 1) == ((4,), (), 0)


def test_declaration_that_is_gone_is_forgotten() -> None:
    assert (
        publisher_hints.skipped(NIGHT._replace(broken=7), _document(skip=Skipped()), 0) == Skipped()
    )


def test_known_document_keeps_its_declaration() -> None:
    known = NIGHT._replace(broken=1)
    assert publisher_hints.skipped(known, None, 0) is known


# In words.


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        (90 * timedelta(seconds=1), "2 min"),
        (73 * MINUTE, "73 min"),
        (2 * HOUR, "2 h"),
        (5.25 * HOUR, "5.25 h"),
        (DAY, "24 h"),
        (7 * DAY, "7 days"),
    ],
)
def test_span_reads_as_minutes_hours_or_days(wait: timedelta, expected: str) -> None:
    assert publisher_hints.span(wait) == expected


@pytest.mark.parametrize(
    ("status", "headers", "known", "expected"),
    [
        pytest.param(304, {}, 7200.0, 7200.0, id="304-that-does-not-say"),
        pytest.param(304, {"cache-control": "max-age=60"}, 7200.0, 60.0, id="304-that-says"),
        pytest.param(304, {"cache-control": "no-cache"}, 7200.0, None, id="304-that-takes-it-back"),
        pytest.param(304, {}, None, None, id="never-said"),
        pytest.param(200, {}, 7200.0, None, id="document-that-does-not-say"),
        pytest.param(
            200, {"cache-control": "max-age=90", "age": "30"}, None, 90.0, id="whole-life"
        ),
        pytest.param(200, {"cache-control": "max-age=0"}, None, None, id="none"),
    ],
)
def test_lifetime_outlives_a_304_that_does_not_say(
    status: int, headers: dict[str, str], known: float | None, expected: float | None
) -> None:
    answer = Response("https://a.example/feed", status, headers, b"", NOW)
    assert publisher_hints.lifetime(answer, known) == expected


def test_known_lifetime_is_a_hint_on_a_304() -> None:
    answer = Response("https://a.example/feed", 304, {"age": "600"}, b"", NOW)
    assert [bid.wait for bid in publisher_hints.of(answer, None, 7200.0)] == [2 * HOUR]
