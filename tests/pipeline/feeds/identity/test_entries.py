from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import urls
from pipeline.feeds.identity import entries, ladder
from pipeline.model import Document, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model.identity import Key, Rung

LINK = "https://paper.example/ferry"
OTHER = "https://paper.example/harbour"


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def known(*told: Entry, site_url: str | None = None) -> list[tuple[str | None, str | None]]:
    """(rung, title) of what is left of a document's entries."""
    found = entries.identified(Document(format="rss", entries=told, site_url=site_url))
    return [(one.rung if one else None, entry.title) for one, entry in found]


LADDER = [
    ("guid", Entry(guid="g", url=LINK, title="t"), sha("g"), "guid"),
    ("guid_stripped", Entry(guid=" g\n"), sha("g"), "guid"),
    ("guid_as_a_broken_document_shows_it", Entry(guid="?a&amp;b"), sha("?a&b"), "guid"),
    ("relative_guid_is_not_resolved", Entry(guid="/g"), sha("/g"), "guid"),
    ("link", Entry(url=LINK, title="t"), sha(urls.canonical(LINK)), "link"),
    ("blank_guid_is_none", Entry(guid=" ", url=LINK), sha(urls.canonical(LINK)), "link"),
    (
        "title",
        Entry(title="t", published_raw="d", summary="<p>a</p>"),
        sha("title\0\0\0t"),
        "title",
    ),
    ("content_first", Entry(content="c", summary="s"), sha("\0\0c"), "content"),
    ("title_only", Entry(title="t"), sha("title\0\0\0t"), "title"),
    ("500_characters", Entry(summary="a" * 600), sha("\0\0" + "a" * 500), "content"),
]


@pytest.mark.parametrize(
    ("entry", "digest", "rung"), [c[1:] for c in LADDER], ids=[c[0] for c in LADDER]
)
def test_ladder(entry: Entry, digest: bytes, rung: Rung) -> None:
    assert entries.identity(entry) == entries.Identity(digest, rung)


@pytest.mark.parametrize(
    "entry",
    [Entry(), Entry(published_raw="d"), Entry(guid="", summary="<br>")],
    ids=["nothing", "date_only", "empty_body"],
)
def test_entry_with_nothing_to_be_known_by_has_no_identity(entry: Entry) -> None:
    assert entries.identity(entry) is None


def test_tracking_parameters_do_not_make_another_entry() -> None:
    tracked = Entry(url=LINK + "?utm_source=feed")
    assert entries.identity(tracked) == entries.identity(Entry(url=LINK))


def test_title_taken_from_the_body_does_not_count_twice() -> None:
    entry = Entry(title="a", summary="a", flags=("title_from_body",))
    assert entries.identity(entry) == entries.identity(Entry(summary="a"))


DOCUMENTS: list[tuple[str, list[Entry], list[tuple[str | None, str | None]]]] = [
    (
        "different",
        [Entry(guid="g", title="A"), Entry(guid="h", title="B")],
        [("guid", "A"), ("guid", "B")],
    ),
    (
        "same_guid_other_link",
        [Entry(guid="g", url=LINK, title="A"), Entry(guid="g", url=OTHER, title="B")],
        [("guid_link", "A"), ("guid_link", "B")],
    ),
    (
        "same_guid_same_link_other_title",
        [Entry(guid="g", url=LINK, title="A"), Entry(guid="g", url=LINK, title="B")],
        [("title", "A"), ("title", "B")],
    ),
    (
        "same_guid_without_links",
        [Entry(guid="g", title="A"), Entry(guid="g", title="B"), Entry(guid="g", title="A")],
        [("title", "A"), ("title", "B")],
    ),
    (
        "third_repeats_the_second",
        [Entry(guid="g", url=LINK, title="A"), *[Entry(guid="g", url=OTHER, title="B")] * 2],
        [("guid_link", "A"), ("guid_link", "B")],
    ),
    (
        "same_link_without_guids",
        [Entry(url=LINK, title="A"), Entry(url=LINK, title="B")],
        [("title", "A"), ("title", "B")],
    ),
    (
        "links_that_differ_in_fragments",
        [Entry(url=f"{LINK}#v2", title="A"), Entry(url=f"{LINK}#v1", title="A")],
        [("title", "A"), ("title", "A")],
    ),
    (
        "same_headline_each_day",
        [
            Entry(url=LINK, title="A", published_raw="Tuesday"),
            Entry(url=LINK, title="A", published_raw="Monday"),
        ],
        [("content", "A"), ("content", "A")],
    ),
    (
        "same_headline_other_text",
        [Entry(title="A", summary="Rain."), Entry(title="A", summary="Sun.")],
        [("content", "A"), ("content", "A")],
    ),
    (
        "same_text_in_other_markup",
        [Entry(title="A", summary="Rain."), Entry(title="A", summary="<p>Rain.</p>")],
        [("title", "A")],
    ),
    (
        "placeholders",
        [Entry(guid="N/A", title="A"), Entry(guid="null", title="B"), Entry(guid=" - ", title="C")],
        [("title", "A"), ("title", "B"), ("title", "C")],
    ),
    (
        "an_absent_value_in_the_path",
        [Entry(url="https://paper.example/undefined", title=title) for title in "AB"],
        [("title", "A"), ("title", "B")],
    ),
    ("nothing_to_be_known_by", [Entry(), Entry()], [(None, None), (None, None)]),
    ("no_text", [Entry(summary="<br>"), Entry(summary="<br>")], [(None, None), (None, None)]),
]


@pytest.mark.parametrize(
    ("told", "expected"), [c[1:] for c in DOCUMENTS], ids=[c[0] for c in DOCUMENTS]
)
def test_entries_of_one_document(
    told: list[Entry], expected: list[tuple[str | None, str | None]]
) -> None:
    assert known(*told) == expected


SITES = [
    pytest.param("https://paper.example/", id="same"),
    pytest.param("http://www.paper.example", id="same-canonically"),
    pytest.param("https://paper.example/?utm_source=rss", id="tracked"),
]


@pytest.mark.parametrize("link", SITES)
def test_link_to_the_site_tells_nothing_apart(link: str) -> None:
    site = "https://paper.example/"
    found = known(Entry(url=link, title="A"), Entry(url=link, title="B"), site_url=site)
    assert found == [("title", "A"), ("title", "B")]


HOMES = [
    pytest.param("https://paper.example/", 1, "paper.example/", id="front-page-of-one-entry"),
    pytest.param("https://paper.example/ferry", 2, "paper.example/ferry", id="section"),
    pytest.param("https://paper.example/ferry", 1, None, id="comments-on-a-page"),
    pytest.param(None, 2, None, id="unknown"),
]


@pytest.mark.parametrize(("site_url", "count", "expected"), HOMES)
def test_home_page(site_url: str | None, count: int, expected: str | None) -> None:
    told = Document(format="rss", site_url=site_url, entries=(Entry(),) * count)
    assert entries.home_page(told) == expected


FULL = Entry(guid="g", url=LINK, title="t", published_raw="d", summary="s")
LADDERS: list[tuple[str, Entry, tuple[Key, ...], list[Rung]]] = [
    ("all", FULL, (), ["guid", "guid_link", "title", "content", "whole"]),
    ("without_guid", FULL, ("guid",), ["link", "title", "content", "whole"]),
    ("without_link", FULL, ("link",), ["guid", "title", "content", "whole"]),
    ("without_both", FULL, ("guid", "link"), ["title", "content", "whole"]),
    ("guid_for_want_of_all", Entry(guid="g"), ("guid", "link"), ["whole"]),
    ("nothing", Entry(), (), []),
]


@pytest.mark.parametrize(
    ("entry", "volatile", "rungs"), [c[1:] for c in LADDERS], ids=[c[0] for c in LADDERS]
)
def test_ladder_leaves_out_what_does_not_last(
    entry: Entry, volatile: tuple[Key, ...], rungs: list[Rung]
) -> None:
    found = ladder.ladder(ladder.keys_of(entry), volatile)
    assert [rung for rung, _ in found] == rungs


@given(st.permutations(range(6)))
def test_order_of_a_document_does_not_change_what_its_entries_are_known_by(
    order: list[int],
) -> None:
    told = [
        Entry(guid="g", url=LINK, title="A"),
        Entry(guid="g", url=LINK, title="B"),
        Entry(guid="g", url=OTHER, title="B"),
        Entry(guid="h", url=OTHER, title="B"),
        Entry(title="B", summary="rain"),
        Entry(title="B", summary="sun"),
    ]

    def identities(order: Iterable[int]) -> dict[Entry, entries.Identity | None]:
        document = Document(format="rss", entries=tuple(told[at] for at in order))
        return {entry: identity for identity, entry in entries.identified(document)}

    assert identities(order) == identities(range(6))


def test_entry_updated_last_stays_of_two_versions() -> None:
    first = Entry(guid="g", url=LINK, title="A", published_raw="d", summary="Rain today.")
    later = replace(first, summary="Sun.", updated_at=datetime(2026, 3, 2, tzinfo=UTC))
    for told in ((first, later), (later, first)):
        found = entries.identified(Document(format="atom", entries=told))
        assert [entry.summary for _, entry in found] == ["Sun."]


WHOLE = Entry(
    guid="g",
    url=LINK,
    title="Ferry runs",
    summary="It runs.",
    content="<p>It runs.</p>",
    updated_at=datetime(2025, 5, 31, tzinfo=UTC),
    authors=("Ana", "Ben"),
)

SAME: list[tuple[str, dict[str, Any]]] = [
    ("place", {"position": 7}),
    ("guid", {"guid": "h"}),
    ("date", {"published_raw": "x"}),
    ("flags", {"flags": ("no_zone",)}),
    ("categories", {"categories": ("Sea",)}),
    ("order_of_authors", {"authors": ("Ben", "Ana")}),
    ("white_space", {"content": "<p>It\n  runs.</p>\n"}),
    ("tracking", {"url": LINK + "?utm_medium=rss"}),
]

CHANGED: list[tuple[str, dict[str, Any]]] = [
    ("title", {"title": "Ferry sails"}),
    ("no_title", {"title": None}),
    ("url", {"url": OTHER}),
    ("summary", {"summary": "It sails."}),
    ("content", {"content": "<p>It sails.</p>"}),
    ("update", {"updated_at": None}),
    ("authors", {"authors": ("Ana",)}),
    ("text_moved", {"summary": "<p>It runs.</p>", "content": "It runs."}),
]


@pytest.mark.parametrize("changes", [c[1] for c in SAME], ids=[c[0] for c in SAME])
def test_what_no_reader_sees_is_no_change(changes: dict[str, Any]) -> None:
    assert entries.content_digest(replace(WHOLE, **changes)) == entries.content_digest(WHOLE)


@pytest.mark.parametrize("changes", [c[1] for c in CHANGED], ids=[c[0] for c in CHANGED])
def test_what_a_reader_sees_is_a_change(changes: dict[str, Any]) -> None:
    assert entries.content_digest(replace(WHOLE, **changes)) != entries.content_digest(WHOLE)
