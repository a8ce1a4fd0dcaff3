from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import dates as reader
from pipeline.articles.facts import dates, json_ld, meta_tags
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
    assert published(html, "https://post.example.com.au/a")[0] == reader.read(told)[0]


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


HEAD = "<body><article><h1>Pier</h1>{}<p>The pier is to be rebuilt.</p></article>{}</body>"
RELATED = "<a href='/2031/02/28/museum'>Museum closes its west wing</a>"


@pytest.mark.parametrize(
    "html",
    [
        HEAD.format("", f"<section><ul><li>{RELATED}</li></ul></section>"),
        HEAD.format("", f"<section><h3>More</h3>{RELATED}</section>"),
        HEAD.format("", f"<ul><li>{RELATED} <time datetime='2031-02-28T10:00Z'>x</time></li></ul>"),
        HEAD.format(
            "", "<div class=comments><p>Bo, <time datetime='2031-03-01'>x</time></p></div>"
        ),
        HEAD.format("", "<div class=comment><b itemprop=datePublished>2031-03-01</b></div>"),
        HEAD.format("", "<footer>Last change 1 March 2031</footer>"),
        HEAD.format("", "<footer><p>\u00a9 2031. All rights reserved.</p></footer>"),
        HEAD.format("<time itemprop=dateModified datetime='2031-03-02T10:00Z'></time>", ""),
        "<meta property='og:updated_time' content='2031-03-02T10:00Z'>" + HEAD.format("", ""),
    ],
)
def test_what_is_about_other_pages_and_changes_never_dates_a_page(html: str) -> None:
    assert published(html) == (None, None)


def test_a_change_that_readers_see_stands_in_only_where_nothing_else_dates_the_page() -> None:
    html = HEAD.format("<p>Updated: March 2, 2031</p>", "")
    assert published(html) == (at(2031, 3, 2), "page_text")
    assert published(html, "https://post.example/2031/02/28/pier") == (at(2031, 2, 28), "url")
    assert published(html.replace("<p>", "<p>March 1, 2031</p><p>")) == (
        at(2031, 3, 1),
        "page_text",
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Monday March 3, 2031 10:05 am PST by Ann Lee", at(2031, 3, 3, 18, 5)),
        ("le 3 mars 2031 \u00e0 14h48", at(2031, 3, 3, 14, 48)),
        ("Posted 03.03.2031", at(2031, 3, 3)),
        ("3 March 2031, 9:30 CET", at(2031, 3, 3, 8, 30)),
        ("2031\u5e743\u67083\u65e5 14:48 JST", at(2031, 3, 3, 5, 48)),
        (
            "\u062a\u0645 \u0646\u0634\u0631\u0647 3 \u0622\u0630\u0627\u0631 / \u0645\u0627\u0631\u0633 2031",
            at(2031, 3, 3),
        ),
        (
            "<time class=updated datetime='2031-03-04'>03/03/2031 01:57 | Actualizado a 04/03/2031</time>",
            at(2031, 3, 3, 1, 57),
        ),
    ],
)
def test_the_date_beside_the_headline_has_its_time_and_zone(line: str, expected: datetime) -> None:
    assert published(HEAD.format(f"<p lang=es>{line}</p>", "")) == (expected, "page_text")


@pytest.mark.parametrize(
    ("line", "url", "expected"),
    [
        (
            "Online seit 09.02.2031, 11:40 Uhr",
            "/2031-02-28/pier",
            (at(2031, 2, 9, 11, 40), "page_text"),
        ),
        ("Published: February 9, 2031", "/2031/02/28/pier", (at(2031, 2, 9), "page_text")),
        ("Publi\u00e9 le 9 f\u00e9vrier 2031", "/2031/02/28/pier", (at(2031, 2, 9), "page_text")),
        ("February 9, 2031", "/2031/02/28/pier", (at(2031, 2, 28), "url")),
        ("9 February 2031, 10:30", "/2031/02/09/pier", (at(2031, 2, 9, 10, 30), "page_text")),
        ("", "/2031/february/28/pier", (at(2031, 2, 28), "url")),
    ],
)
def test_a_labelled_date_goes_before_that_of_the_address(
    line: str, url: str, expected: tuple[datetime, str]
) -> None:
    assert published(HEAD.format(f"<p>{line}</p>", ""), f"https://post.example{url}") == expected


@pytest.mark.parametrize(
    ("language", "url", "expected"),
    [
        ("es", "https://post.example/a", at(2031, 1, 3)),
        ("en-GB", "https://post.example/a", at(2031, 1, 3)),
        ("en", "https://post.example.uk/a", at(2031, 1, 3)),
        ("en-US", "https://post.example/a", at(2031, 3, 1)),
        ("en", "https://post.example/a", at(2031, 3, 1)),
        ("en-US", "https://post.example/2031/01/03/a", at(2031, 1, 3)),
        ("es", "https://post.example/2031/03/01/a", at(2031, 3, 1)),
        ("es", "https://post.example/2031/02/01/a", at(2031, 1, 3)),
    ],
)
def test_the_address_and_the_language_tell_the_day_from_the_month(
    language: str, url: str, expected: datetime
) -> None:
    html = f"<head>{META.format('03/01/2031')}</head><body lang={language}><h1>Pier</h1></body>"
    assert published(html, url)[0] == expected


def test_figures_that_would_be_to_come_are_read_the_other_way() -> None:
    html = (
        "<body lang=en-US><article><h1>Pier</h1><p>03/12/2030</p><p>04/03/2031</p></article></body>"
    )
    assert published(html)[0] == at(2030, 3, 12)
    assert published(html.replace("03/12/2030", "04/03/2031"))[0] == at(2031, 3, 4)


def test_figures_in_the_order_of_a_country_give_way_to_what_readers_see() -> None:
    html = f"<head>{META.format('03/01/2031 10:30')}</head><body lang=en-US>" + HEAD.format(
        "<p>1. M\u00e4rz 2031</p>", ""
    )
    assert published(html) == (at(2031, 3, 1, 10, 30), "meta")
    assert published(html.replace("1. M", "4. M")) == (at(2031, 3, 4), "page_text")
