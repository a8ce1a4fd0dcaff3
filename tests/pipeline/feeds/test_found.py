"""What a document brought: entries ready to be stored, those that cannot be, and the balance."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipeline import urls
from pipeline.errors import FeedUnreadableError
from pipeline.feeds import entries, found
from pipeline.model import Found, Response

if TYPE_CHECKING:
    from pipeline.feeds.found import Reading

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
URL = "https://www.mill.example/feed.xml"
PIER = "https://www.mill.example/news/pier?utm_source=rss"


def _read(*items: str) -> Reading:
    channel = f"<title>Mill</title><link>https://www.mill.example/</link>{''.join(items)}"
    body = f'<rss version="2.0"><channel>{channel}</channel></rss>'.encode()
    return found.reading(Response(URL, 200, {"content-type": "application/rss+xml"}, body, NOW))


def _item(guid: str = "", link: str = "", title: str = "", text: str = "") -> str:
    parts = {"guid": guid, "link": link, "title": title, "description": text}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return f"<item>{inner}</item>"


def _only(reading: Reading) -> Found:
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
        pytest.param(_item("", "", "Pier", "It opens."), "content", id="content"),
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
    reading = _read(_item("pier-1", PIER, "Pier"), _item("pier-1", PIER, "Pier, again"))
    assert _only(reading).entry.title == "Pier"
    assert (reading.repeats, reading.rejected) == (1, ())


def test_same_guid_with_another_link_is_another_entry() -> None:
    reading = _read(_item("pier-1", PIER, "Pier"), _item("pier-1", PIER + "&n=2", "Other"))
    assert [known.rung for known in reading.found] == ["guid", "guid_link"]


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
        found.reading(
            Response(URL, 200, {}, b"<!doctype html><html><body>Hello</body></html>", NOW)
        )
    assert caught.value.reason == "not_a_feed"


def test_reading_comes_through_a_pickle_as_it_was() -> None:
    reading = _read(_item("pier-1", PIER, "Pier"), "<item/>")
    assert pickle.loads(pickle.dumps(reading)) == reading  # noqa: S301 - made on the line itself
