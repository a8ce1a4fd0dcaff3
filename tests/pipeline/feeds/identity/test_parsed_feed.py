"""What a document brought: entries ready to be stored, those that cannot be, and the balance."""

from __future__ import annotations

import hashlib
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import urls
from pipeline.errors import FeedUnreadableError
from pipeline.feeds import parse
from pipeline.feeds.identity import entries, parsed_feed
from pipeline.model import ParsedEntry, Response

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from pipeline.feeds.identity.parsed_feed import ParsedFeed

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
URL = "https://www.mill.example/feed.xml"
PIER = "https://www.mill.example/news/pier?utm_source=rss"


def _read(*items: str) -> ParsedFeed:
    channel = f"<title>Mill</title><link>https://www.mill.example/</link>{''.join(items)}"
    body = f'<rss version="2.0"><channel>{channel}</channel></rss>'.encode()
    return parsed_feed.of(Response(URL, 200, {"content-type": "application/rss+xml"}, body, NOW))


def _item(guid: str = "", link: str = "", title: str = "", text: str = "") -> str:
    parts = {"guid": guid, "link": link, "title": title, "description": text}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return f"<item>{inner}</item>"


def _only(reading: ParsedFeed) -> ParsedEntry:
    assert len(reading.found) == 1
    return reading.found[0]


def test_entry_is_ready_to_be_stored() -> None:
    known = _only(_read(_item("pier-1", PIER, "Pier opens")))
    assert known.rung == "guid"
    assert known.entry.title == "Pier opens"
    assert known.reason is None
    assert known.url == PIER
    assert known.url_key == urls.canonical("https://www.mill.example/news/pier")
    assert (known.site, known.host) == ("mill.example", "www.mill.example")
    assert known.content_digest == entries.content_digest(known.entry)
    assert len(known.identity) == len(known.content_digest) == 32


@pytest.mark.parametrize(
    ("item", "rung"),
    [
        pytest.param(_item("pier-1", PIER, "Pier"), "guid", id="guid"),
        pytest.param(_item("", PIER, "Pier"), "link", id="link"),
        pytest.param(_item("", "", "Pier", "It opens."), "title", id="title"),
        pytest.param(_item("", "", "", "It opens."), "content", id="content"),
    ],
)
def test_entry_is_known_by_the_first_thing_it_has(item: str, rung: str) -> None:
    assert _only(_read(item)).rung == rung


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("", id="none"),
        pytest.param("mailto:desk@mill.example", id="mail"),
        pytest.param("javascript:void(0)", id="script"),
        pytest.param("http://", id="no-host"),
        pytest.param("http://[::bad/", id="no-address"),
    ],
)
def test_entry_that_leads_nowhere_is_stored_with_no_article(link: str) -> None:
    known = _only(_read(_item("pier-1", link, "Pier opens")))
    assert known.reason == "no_link"
    assert (known.url, known.url_key, known.site, known.host) == (None, None, None, None)


def test_entry_with_nothing_in_it_is_rejected_with_its_place() -> None:
    reading = _read(_item("pier-1", PIER, "Pier"), "<item><category>x</category></item>")
    assert len(reading.found) == 1
    (rejected,) = reading.rejected
    assert rejected.reason == "no_identity"
    assert rejected.entry.position == 1
    assert "entry 1 " in rejected.message


def test_entry_shown_twice_is_one_entry_and_a_repeat() -> None:
    reading = _read(_item("pier-1", PIER, "Pier"), _item("pier-1", PIER, "Pier"))
    assert _only(reading).entry.title == "Pier"
    assert (reading.repeats, reading.rejected) == (1, ())


def test_same_guid_with_another_link_is_another_entry() -> None:
    reading = _read(_item("pier-1", PIER, "Pier"), _item("pier-1", PIER + "&n=2", "Other"))
    assert [known.rung for known in reading.found] == ["guid_link", "guid_link"]


def test_everything_seen_is_found_rejected_repeated_or_skipped() -> None:
    reading = _read(
        _item("a", "https://www.mill.example/a", "A"),
        _item("a", "https://www.mill.example/a", "A"),
        _item("b", "", "B"),
        "<item/>",
        "<item/>",
    )
    parts = (len(reading.found), len(reading.rejected), reading.repeats, reading.skipped)
    assert parts == (2, 2, 1, 0)
    assert sum(parts) == reading.document.total == 5


def test_entries_beyond_the_cap_are_skipped_and_counted() -> None:
    reading = _read(*(_item(f"g{n}", f"https://www.mill.example/{n}", "T") for n in range(6000)))
    assert reading.document.total == 6000
    assert 0 < len(reading.document.entries) < 6000
    assert reading.skipped == 6000 - len(reading.document.entries)
    assert len(reading.found) == len(reading.document.entries)


def test_document_without_entries_brings_nothing() -> None:
    reading = _read()
    assert (reading.found, reading.rejected, reading.repeats, reading.skipped) == ((), (), 0, 0)
    assert reading.document.title == "Mill"


def test_order_is_that_of_the_document() -> None:
    reading = _read(*(_item(f"g{n}", f"https://www.mill.example/{n}", "T") for n in range(9)))
    assert [known.entry.position for known in reading.found] == list(range(9))


def test_page_is_no_feed() -> None:
    with pytest.raises(FeedUnreadableError) as caught:
        parsed_feed.of(
            Response(URL, 200, {}, b"<!doctype html><html><body>Hello</body></html>", NOW)
        )
    assert caught.value.reason == "not_a_feed"


def test_reading_comes_through_a_pickle_as_it_was() -> None:
    reading = _read(_item("pier-1", PIER, "Pier"), "<item/>")
    assert pickle.loads(pickle.dumps(reading)) == reading  # noqa: S301 - made on the line itself


def test_long_guid_is_kept_cut_and_known_by_all_of_it() -> None:
    long = "g" * 1_000_000
    one, two = _only(_read(_item(long + "a", PIER))), _only(_read(_item(long + "b", PIER)))
    assert one.entry.guid == two.entry.guid == "g" * 999 + "…"
    assert one.identity == hashlib.sha256((long + "a").encode()).digest() != two.identity
    assert _only(_read(_item("g" * 1000, PIER))).entry.guid == "g" * 1000


@pytest.mark.parametrize(
    "link", ["https://www.mill.example/", "http://mill.example", "https://mill.example/?utm_id=3"]
)
def test_link_to_the_front_page_leads_to_no_article(link: str) -> None:
    pier, mill = _read(_item("a", link, "A"), _item("b", PIER, "B")).found
    assert (pier.url, pier.url_key, pier.reason) == (None, None, "no_link")
    assert mill.url == PIER


@pytest.mark.parametrize(
    ("count", "is_whole"),
    [pytest.param(5000, True, id="cap"), pytest.param(5001, False, id="more")],
)
def test_document_beyond_the_cap_is_not_whole(count: int, *, is_whole: bool) -> None:
    reading = _read(*(_item(f"g{n}", f"https://www.mill.example/{n}") for n in range(count)))
    assert reading.is_whole is is_whole


def _dated(*days: int | None) -> ParsedFeed:
    """Entries of these days of February, known by their place."""
    items = [
        _item(f"g{n}").replace("</item>", f"<pubDate>2026-02-{day:02}T00:00:00Z</pubDate></item>")
        if day
        else _item(f"g{n}")
        for n, day in enumerate(days)
    ]
    return _read(*items)


def _guids(reading: ParsedFeed) -> list[str | None]:
    return [one.entry.guid for one in reading.found]


ROOM = [
    pytest.param((3, 1, 2), 2000 - 2, ["g0", "g2"], id="newest-stay-in-order"),
    pytest.param((None, 1, None), 2000 - 2, ["g0", "g1"], id="undated-last-in-order"),
    pytest.param((1, 1, 1), 2000 - 2, ["g0", "g1"], id="same-date-in-order"),
    pytest.param((1, 2), 2000 - 2, ["g0", "g1"], id="just-enough"),
    pytest.param((1, 2), 5000, [], id="none-left"),
]


@pytest.mark.parametrize(("days", "new_today", "kept"), ROOM)
def test_what_is_too_much_for_a_day_is_skipped_and_counted(
    days: tuple[int | None, ...], new_today: int, kept: list[str]
) -> None:
    reading = parsed_feed.within_a_day(_dated(*days), (), new_today)
    assert _guids(reading) == kept
    assert reading.skipped == len(days) - len(kept)
    assert reading.is_whole is (len(kept) == len(days))


def test_known_entries_stay_whatever_the_day_brought() -> None:
    whole = _dated(1, 2, 3)
    reading = parsed_feed.within_a_day(whole, {whole.found[0].identity}, 1999)
    assert (_guids(reading), reading.skipped) == (["g0", "g2"], 1)


def _index(*, dated: bool = True) -> ParsedFeed:
    at = "<lastmod>2026-03-01</lastmod>" if dated else ""
    body = f"<sitemapindex><sitemap><loc>/a.xml</loc>{at}</sitemap></sitemapindex>"
    return parsed_feed.of(Response(URL, body=body.encode(), fetched_at=NOW))


def test_sitemaps_of_an_index_are_one_reading() -> None:
    first = _read(_item("a", PIER, "A"), _item("b", "", "B"), "<item/>")
    second = _read(_item("b", "", "again"), _item("c", "", "C"), _item("c", "", "C"))
    merged = parsed_feed.merged(_index(), [first, second], is_whole=True)
    assert [(one.entry.title, one.entry.position) for one in merged.found] == [
        ("A", 0),
        ("B", 1),
        ("C", 2),
    ]
    parts = (len(merged.found), merged.repeats, merged.skipped, len(merged.rejected))
    assert parts == (3, 2, 0, 1)
    assert sum(parts) == merged.document.total == 6
    assert merged.document.entries == tuple(one.entry for one in merged.found)
    assert merged.digest == _index().digest


@pytest.mark.parametrize(
    ("dated", "had_all", "expected"),
    [(True, True, True), (False, True, False), (True, False, False)],
    ids=["whole", "undated-index", "child-missing"],
)
def test_index_that_may_hide_something_is_not_whole(
    *, dated: bool, had_all: bool, expected: bool
) -> None:
    assert parsed_feed.merged(_index(dated=dated), [_read()], is_whole=had_all).is_whole is expected


def test_merged_sitemaps_keep_the_cap_of_one_document() -> None:
    children = [_read(*(_item(f"{name}{n}", "", "T") for n in range(3000))) for name in ("a", "b")]
    merged = parsed_feed.merged(_index(), children, is_whole=True)
    assert (len(merged.found), merged.skipped, merged.document.total) == (5000, 1000, 6000)
    assert not merged.is_whole


TOLD = st.lists(
    st.tuples(
        st.sampled_from(
            ["", "g-1", "/relative/2", "tag:x,2026:&amp;3", "https://mill.example/?a=1&amp;b=2"]
        ),
        st.sampled_from(
            ["", "/pier", "news/mill?a=1&amp;b=2", "https://other.example/x", "mailto:a@b"]
        ),
        st.sampled_from(["", "Pier opens", "Mill &amp; pier", "1 &lt; 2"]),
        st.sampled_from(["", "It opens.", "&lt;p&gt;All&lt;/p&gt; of it."]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda told: told[0] or told[1] or told,
).filter(lambda told: any(guid or title or body for guid, _, title, body in told))


def _identities(text: str, url: str = URL) -> dict[bytes, str]:
    reading = parsed_feed.of(Response(url, body=text.encode(), fetched_at=NOW))
    return {one.identity: one.rung for one in reading.found}


def _channel(told: Sequence[tuple[str, ...]], site: str = "https://www.mill.example/") -> str:
    items = "".join(_item(*fields) for fields in told)
    link = f"<link>{site}</link>" if site else ""
    return f"<rss><channel><title>Mill</title>{link}{items}</channel></rss>"


@given(TOLD, st.randoms(use_true_random=False))
def test_identity_does_not_depend_on_the_order_of_the_document(
    told: list[tuple[str, ...]], chance: Random
) -> None:
    before = _identities(_channel(told))
    chance.shuffle(told)
    assert _identities(_channel(told)) == before


@given(
    TOLD.filter(lambda told: all(guid for guid, *_ in told)),
    st.sampled_from(["", "https://x.example/"]),
)
def test_identity_by_guid_does_not_depend_on_the_base_address(
    told: list[tuple[str, ...]], site: str
) -> None:
    moved = _identities(_channel(told, site), "http://mirror.example/feed")
    assert moved == _identities(_channel(told))


@given(TOLD)
def test_identity_does_not_depend_on_white_space(told: list[tuple[str, ...]]) -> None:
    text = _channel(told)
    spaced = (
        text.replace("><", ">\n  <")
        .replace("</title>", " \n</title>")
        .replace("<guid>", "<guid>\t")
    )
    assert _identities(spaced) == _identities(text)


DAMAGED = [
    pytest.param("</channel>", "<note>a & b</note></channel>", id="stray-ampersand"),
    pytest.param("</channel>", "<br></channel>", id="unclosed-tag-at-the-end"),
    pytest.param("</channel></rss>", "", id="end-missing"),
    pytest.param("<rss>", "<b>Warning</b><rss>", id="junk-before"),
]


@pytest.mark.parametrize(("whole", "broken"), DAMAGED)
@given(told=TOLD)
def test_identity_does_not_depend_on_the_way_it_was_read(
    whole: str, broken: str, told: list[tuple[str, ...]]
) -> None:
    text = _channel(told)
    damaged = text.replace(whole, broken)
    assert parse.document(Response(URL, body=damaged.encode(), fetched_at=NOW)).recovered
    assert _identities(damaged) == _identities(text)
