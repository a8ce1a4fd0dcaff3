from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.articles.facts import dates, json_ld, machine_dates, meta_tags
from pipeline.articles.text import markup

FETCHED = datetime(2031, 3, 5, 12, tzinfo=UTC)


def published(
    html: str, url: str = "https://post.example/pier"
) -> tuple[datetime | None, str | None]:
    return next(((at, source) for source, at in stated(html, url)), (None, None))


def stated(html: str, url: str = "https://post.example/pier") -> tuple[tuple[str, datetime], ...]:
    tree = markup.tree(f"<html>{html}</html>")
    assert tree is not None
    found = dates.stated(tree, meta_tags.head(tree, url), json_ld.linked(tree), FETCHED)
    return tuple((date.source, date.stated_at) for date in found)


def linked(date: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pier", '
        f'"datePublished": "{date}"}}</script>'
    )


def at(*parts: int) -> datetime:
    year, month, day, *rest = parts
    hour, minute = (*rest, 0, 0)[:2]
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2031-03-02T09:30:00+01:00", at(2031, 3, 2, 8, 30)),
        ("2031-03-02T09:30:00+0100", at(2031, 3, 2, 8, 30)),
        ("2031-03-02T23:30:00-05:00", at(2031, 3, 3, 4, 30)),
        ("2031-03-02T09:30Z", at(2031, 3, 2, 9, 30)),
        ("2031-03-02T09:30:00.123456789Z", at(2031, 3, 2, 9, 30)),
        ("2031-03-02 09:30:00", at(2031, 3, 2, 9, 30)),
        ("2031-03-02", at(2031, 3, 2)),
        ("2031/03/02", at(2031, 3, 2)),
        ("20310302", at(2031, 3, 2)),
        (" 2031-03-02 ", at(2031, 3, 2)),
        ("Sun, 02 Mar 2031 09:30:00 +0100", at(2031, 3, 2, 8, 30)),
        ("Sun, Mar 02 2031 10:01:00 EST", at(2031, 3, 2, 15, 1)),
        ("Sun, 02 Mar 2031 09:30:00 -0000", at(2031, 3, 2, 9, 30)),
        ("March 2, 2031", at(2031, 3, 2)),
        ("2nd of March 2031", None),
        ("Sunday, Sept. 2nd, 2029", at(2029, 9, 2)),
        ("2 March 2031", at(2031, 3, 2)),
        ("Mar 02, 2031 9:30 PM", at(2031, 3, 2, 21, 30)),
        ("March 2, 2031 at 12:05 a.m. EST", at(2031, 3, 2, 5, 5)),
        ("February 30, 2031", None),
        ("March 2, 2031 25:00", None),
        ("2031-03-02 08:30:00 EST", at(2031, 3, 2, 13, 30)),
        ("2031-07-02T08:30:00PDT", at(2031, 7, 2, 15, 30)),
        ("2031-07-02 08:30 CEST", at(2031, 7, 2, 6, 30)),
        ("2031-07-02 08:30 XYZ", None),
        ("1773045000", at(2026, 3, 9, 8, 30)),
        ("1773045000000", at(2026, 3, 9, 8, 30)),
        ("177304500", None),
        ("Sun, 30 Feb 2031 09:30:00 GMT", None),
        ("2031-02-30", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_iso_and_mail_dates_become_utc(written: str, expected: datetime | None) -> None:
    assert machine_dates.moment(written) == expected


META = "<meta property='article:published_time' content='{}'>"
TEXT = "<body><article><h1>Pier</h1>{}<p>The pier is to be rebuilt.</p></article></body>"


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        pytest.param(
            (at(2031, 3, 2, 9), "json_ld"),
            f"<head>{linked('2031-03-02T09:00Z')}{META.format('2031-03-01')}</head>",
            id="JSON-LD before meta",
        ),
        pytest.param(
            (at(2031, 3, 1), "meta"), f"<head>{META.format('2031-03-01')}</head>", id="meta"
        ),
        pytest.param(
            (at(2031, 3, 1), "meta"),
            f"<head>{linked('soon')}{META.format('2031-03-01')}</head>",
            id="an unreadable date is passed over",
        ),
        pytest.param(
            (at(2031, 3, 1), "meta"),
            f"<head>{linked('2041-01-01')}{META.format('2031-03-01')}</head>",
            id="a date after the fetch is passed over",
        ),
        pytest.param(
            (at(2031, 3, 2, 8, 30), "page_text"),
            TEXT.format("<time datetime='2031-03-02T09:30:00+01:00'>2 March</time>"),
            id="a time element, with its time",
        ),
        pytest.param(
            (at(2031, 3, 2), "page_text"),
            TEXT.format("<p class='date'>Published on March 2, 2031</p>"),
            id="a date in words",
        ),
        pytest.param((None, None), TEXT.format(""), id="no date"),
        pytest.param(
            (at(2031, 3, 1), "json_ld"), f"<head>{linked('March 1, 2031')}</head>", id="in words"
        ),
        pytest.param(
            (at(2031, 3, 2), "page_text"),
            f"<head>{linked('March 1, 2031')}</head>{TEXT.format('<p>March 2, 2031</p>')}",
            id="a day in words gives way to another one that readers see",
        ),
        pytest.param(
            (at(2031, 3, 1), "json_ld"),
            f"<head>{linked('2031-03-01')}</head>{TEXT.format('<p>March 2, 2031</p>')}",
            id="a day as machines write it does not",
        ),
        pytest.param(
            (at(2026, 3, 9, 8, 30), "json_ld"),
            f"<head>{linked('1773045000').replace(chr(34) + '1773045000' + chr(34), '1773045000')}</head>",
            id="seconds since 1970 as a number",
        ),
        pytest.param(
            (None, None),
            TEXT.format(
                "<p>The storm of 16 October 1998 tore the wall down, and on 4 May 2024 the council met "
                "to speak of it for the very first time in public.</p>"
            ),
            id="days that the prose tells of",
        ),
        pytest.param(
            (None, None),
            TEXT.format("") + "<aside><time datetime='2031-03-02T10:00Z'>2 March</time></aside>",
            id="the dates of other articles",
        ),
        pytest.param(
            (None, None),
            "<head><meta property='article:modified_time' content='2031-03-02T10:00Z'></head>"
            + TEXT.format(""),
            id="when it was changed",
        ),
    ],
)
def test_date_is_taken_from_the_surest_source(
    expected: tuple[datetime | None, str | None], html: str
) -> None:
    assert published(html) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://post.example/2031/03/02/pier", (at(2031, 3, 2), "url")),
        ("https://post.example/2031-3-2-pier", (at(2031, 3, 2), "url")),
        ("https://post.example/2031/13/02/pier", (None, None)),
        ("https://post.example/1985/03/02/pier", (None, None)),
        ("https://post.example/2035/03/02/pier", (None, None)),
    ],
)
def test_day_in_the_address_is_used_when_nothing_is_declared(
    url: str, expected: tuple[datetime | None, str | None]
) -> None:
    assert published(TEXT.format(""), url) == expected


@pytest.mark.parametrize(
    ("date", "accepted"),
    [
        ("2031-03-06T12:00:00Z", True),
        ("2031-03-06T12:00:01Z", False),
        ("1990-01-01T00:00:00Z", True),
        ("1989-12-31T23:59:59Z", False),
    ],
)
def test_dates_lie_between_1990_and_a_day_after_the_fetch(date: str, *, accepted: bool) -> None:
    assert (published(f"<head>{linked(date)}</head>")[1] == "json_ld") == accepted


MICRODATA = "<time itemprop='datePublished' datetime='{}'>lately</time>"
PAGE_LD = '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2031-03-01T08:00:00Z"}</script>'


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        pytest.param(
            (at(2031, 3, 2, 8, 45), "meta"),
            TEXT.format(MICRODATA.format("2031-03-02T09:45+0100")),
            id="microdata",
        ),
        pytest.param(
            (at(2031, 3, 2, 8, 45), "meta"),
            TEXT.format(
                "<span property='schema:datePublished' content='2031-03-02T08:45Z'></span>"
            ),
            id="RDFa",
        ),
        pytest.param(
            (at(2031, 3, 2), "meta"),
            TEXT.format("<p itemprop='datePublished'>2031-03-02</p>"),
            id="microdata as text",
        ),
        pytest.param(
            (at(2031, 3, 1, 8), "json_ld"),
            f"<head>{PAGE_LD}</head>" + TEXT.format("<p>March 2, 2031</p>"),
            id="JSON-LD of the page, where no article is described",
        ),
        pytest.param(
            (at(2031, 3, 2), "meta"),
            f"<head>{PAGE_LD}{META.format('2031-03-02')}</head>",
            id="what is said of the article goes before what is said of the page",
        ),
    ],
)
def test_dates_are_declared_in_many_ways(
    expected: tuple[datetime | None, str | None], html: str
) -> None:
    assert published(html) == expected


@pytest.mark.parametrize(
    ("in_ld", "in_meta", "expected"),
    [
        pytest.param("2031-03-02T09:30:10Z", "2031-03-02T09:30:00+01:00", (8, 30), id="Z is local"),
        pytest.param("2031-03-02T09:30:00", "2031-03-02T09:30:00-0500", (14, 30), id="no zone"),
        pytest.param(
            "2031-03-02T09:30:00+01:00", "2031-03-02T09:30:00Z", (8, 30), id="first names it"
        ),
        pytest.param("2031-03-02T09:30:00Z", "2031-03-02T10:30:00+01:00", (9, 30), id="they agree"),
        pytest.param(
            "2031-03-02T09:30:00Z", "2031-03-02T09:31:00+01:00", (9, 30), id="other clocks"
        ),
        pytest.param("2031-03-02", "2031-03-02T10:15:00Z", (10, 15), id="a bare day gives way"),
        pytest.param("2031-03-02", "2031-03-03T10:15:00Z", (0, 0), id="to a time of that day only"),
    ],
)
def test_the_source_that_names_its_zone_or_time_is_the_exact_one(
    in_ld: str, in_meta: str, expected: tuple[int, int]
) -> None:
    found, source = published(f"<head>{linked(in_ld)}{META.format(in_meta)}</head>")
    assert (found, source) == (at(2031, 3, 2, *expected), "json_ld")


def test_a_date_after_the_fetch_gives_way_to_one_before_it() -> None:
    html = f"<head>{linked('2031-03-05T20:00:00Z')}{META.format('2031-03-05T10:00:00Z')}</head>"
    assert published(html) == (at(2031, 3, 5, 10), "meta")
    assert published(f"<head>{linked('2031-03-05T20:00:00Z')}</head>") == (
        at(2031, 3, 5, 20),
        "json_ld",
    )


def test_each_source_is_kept_once_the_one_believed_first() -> None:
    html = f"<head>{META.format('2031-03-02T08:00Z')}{META.format('2031-03-01')}{linked('2031-03-03T07:00Z')}</head>"
    assert stated(html, "https://post.example/2031/03/02/pier") == (
        ("json_ld", at(2031, 3, 3, 7)),
        ("meta", at(2031, 3, 2, 8)),
        ("url", at(2031, 3, 2)),
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(
            "https://post.example.com.au/a", (21, 25), id="ten hours: the clock of Sydney"
        ),
        pytest.param("https://post.example.uk/a", (7, 25), id="not that of London"),
        pytest.param("https://post.example/a", (7, 25), id="no country"),
    ],
)
def test_the_country_s_own_time_called_utc_gives_way(url: str, expected: tuple[int, int]) -> None:
    html = (
        f"<head>{linked('2030-07-02T07:25:06Z')}{META.format('2030-07-01T21:25:06+00:00')}</head>"
    )
    found, source = published(html, url)
    assert source == "json_ld"
    assert found is not None
    assert (found.hour, found.minute) == expected


@pytest.mark.parametrize(
    ("told", "other"),
    [
        ("2030-07-01T21:25:06Z", "2030-07-02T07:25:06Z"),
        ("2030-07-01T21:25:06Z", "2030-07-02T06:25:06Z"),
    ],
    ids=["the right one first", "apart by another offset"],
)
def test_utc_stays_what_it_is_otherwise(told: str, other: str) -> None:
    html = f"<head>{linked(told)}{META.format(other)}</head>"
    assert published(html, "https://post.example.com.au/a")[0] == machine_dates.moment(told)


@pytest.mark.parametrize(
    ("expected", "attribute"),
    [
        ((at(2031, 3, 2, 8, 30), "page_text"), "data-time='1930206600'"),
        ((at(2031, 3, 2, 8, 30), "page_text"), "data-timestamp='1930206600000'"),
        ((None, None), "data-time='12:30'"),
        ((None, None), "data-time='7'"),
        ((None, None), "data-count='1930206600'"),
    ],
    ids=["seconds", "milliseconds", "a time of day", "no time", "another number"],
)
def test_seconds_given_to_scripts_are_read(
    expected: tuple[datetime | None, str | None], attribute: str
) -> None:
    assert published(TEXT.format(f"<span {attribute}>3 days ago</span>")) == expected
