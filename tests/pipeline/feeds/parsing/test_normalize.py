from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.feeds.parsing import normalize
from pipeline.feeds.parsing.raw import RawDocument, RawEnclosure, RawEntry
from pipeline.model import Document, Enclosure, Entry

URL = "https://feeds.example/post/rss.xml"
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def document(*entries: RawEntry, **fields: Any) -> Document:
    return normalize.document(RawDocument(format="rss", entries=entries, **fields), URL, NOW)


def entry(feed: dict[str, Any] | None = None, **fields: Any) -> Entry:
    (found,) = document(RawEntry(**fields), **(feed or {})).entries
    return found


def day(number: int) -> datetime:
    return datetime(2025, 5, number, tzinfo=UTC)


URLS: list[tuple[str, dict[str, Any], str | None]] = [
    ("absolute", {"links": ("https://paper.example/a",)}, "https://paper.example/a"),
    ("relative_to_the_site", {"links": ("/a",)}, "https://paper.example/a"),
    ("first_that_can_be_stored", {"links": ("javascript:x", "/b")}, "https://paper.example/b"),
    ("credentials", {"links": ("https://u:p@paper.example/a",)}, None),
    (
        "guid_that_is_a_link",
        {"guid": "https://paper.example/g", "guid_is_link": True},
        "https://paper.example/g",
    ),
    ("guid_that_is_none", {"guid": "https://paper.example/g", "guid_is_link": False}, None),
    ("guid_is_never_resolved", {"guid": "/g", "guid_is_link": True}, None),
    (
        "link_before_guid",
        {"links": ("/a",), "guid": "https://paper.example/g", "guid_is_link": True},
        "https://paper.example/a",
    ),
    ("never_the_site", {}, None),
]


@pytest.mark.parametrize(("fields", "expected"), [c[1:] for c in URLS], ids=[c[0] for c in URLS])
def test_url_of_an_entry(fields: dict[str, Any], expected: str | None) -> None:
    assert entry({"links": ("https://paper.example/",)}, **fields).url == expected


def test_link_is_relative_to_the_feed_when_the_site_is_unknown() -> None:
    assert entry(links=("a",)).url == "https://feeds.example/post/a"


def test_site_may_be_relative_to_the_feed() -> None:
    found = document(RawEntry(links=("a",)), links=("/site/",))
    assert (found.site_url, found.entries[0].url) == (
        "https://feeds.example/site/",
        "https://feeds.example/site/a",
    )


BASES: list[tuple[str, dict[str, Any], str]] = [
    (
        "atom",
        {"format": "atom", "links": ("https://www.feeds.example/",)},
        "https://feeds.example/post/a",
    ),
    (
        "atom_of_another_site",
        {"format": "atom", "links": ("https://paper.example/",)},
        "https://paper.example/a",
    ),
    ("rss", {"links": ("https://paper.example/x/",)}, "https://paper.example/x/a"),
    ("json", {"format": "json", "links": ("https://paper.example/",)}, "https://paper.example/a"),
    ("sitemap", {"format": "sitemap"}, "https://feeds.example/post/a"),
    (
        "first_site_is_broken",
        {"links": ("http://[", "https://paper.example/")},
        "https://paper.example/a",
    ),
    ("site_is_a_script", {"links": ("javascript:x",)}, "https://feeds.example/post/a"),
    ("site_is_missing", {"links": ("N/A",)}, "https://feeds.example/post/a"),
    ("site_is_the_root", {"links": ("/",)}, "https://feeds.example/a"),
    ("authors_machine", {"links": ("http://localhost:1313/",)}, "https://feeds.example/post/a"),
    ("site_without_scheme", {"links": ("www.paper.example",)}, "https://www.paper.example/a"),
]


@pytest.mark.parametrize(("feed", "expected"), [c[1:] for c in BASES], ids=[c[0] for c in BASES])
def test_relative_link_has_the_base_of_its_format(feed: dict[str, Any], expected: str) -> None:
    raw = RawDocument(**{"format": "rss", "entries": (RawEntry(links=("a",)),), **feed})
    assert normalize.document(raw, URL, NOW).entries[0].url == expected


def test_bad_site_does_not_spoil_absolute_links() -> None:
    found = document(RawEntry(links=("https://paper.example/a",)), links=("http://[",))
    assert (found.site_url, found.entries[0].url) == (None, "https://paper.example/a")


def test_guid_stays_as_written() -> None:
    assert entry(guid=" tag:x,2025:/A?b=1&amp;c ").guid == "tag:x,2025:/A?b=1&amp;c"


TITLES: list[tuple[str, dict[str, Any], str | None, tuple[str, ...]]] = [
    ("clean", {"title": " <b>Ferry</b>\n runs &amp;amp; sails"}, "Ferry runs & sails", ()),
    ("from_summary", {"summary": "<p>It runs.</p>"}, "It runs.", ("title_from_body",)),
    ("from_content", {"content": "<p>It runs.</p>"}, "It runs.", ("title_from_body",)),
    (
        "empty_markup_is_none",
        {"title": "<b></b>", "summary": "It runs."},
        "It runs.",
        ("title_from_body",),
    ),
    ("none", {}, None, ()),
    ("long", {"title": "a" * 1001}, "a" * 999 + "…", ()),
    ("long_body", {"summary": "b" * 101}, "b" * 99 + "…", ("title_from_body",)),
    ("tag_spoken_of", {"title": "How does <input> work?"}, "How does <input> work?", ()),
    ("declared_html", {"title": "An <input> here", "title_kind": "html"}, "An here", ()),
    ("declared_text", {"title": "A <b>c</b>", "title_kind": "text"}, "A <b>c</b>", ()),
    ("bidi_controls_go", {"title": "Fer\u202ery"}, "Ferry", ()),
]


@pytest.mark.parametrize(
    ("fields", "expected", "flags"), [c[1:] for c in TITLES], ids=[c[0] for c in TITLES]
)
def test_title_is_clean_text(
    fields: dict[str, Any], expected: str | None, flags: tuple[str, ...]
) -> None:
    found = entry(**fields)
    assert (found.title, found.flags) == (expected, flags)


Z = "T00:00:00Z"
DATES: list[tuple[str, dict[str, Any], datetime | None, str | None, tuple[str, ...]]] = [
    ("published", {"published": ("2025-05-03" + Z,)}, day(3), "2025-05-03" + Z, ()),
    (
        "second_when_first_cannot_be_read",
        {"published": ("soon", "2025-05-03" + Z)},
        day(3),
        "2025-05-03" + Z,
        (),
    ),
    ("no_zone", {"published": ("2025-05-03",)}, day(3), "2025-05-03", ("no_zone",)),
    (
        "update_instead",
        {"updated": ("2025-05-04" + Z,)},
        day(4),
        "2025-05-04" + Z,
        ("published_from_updated",),
    ),
    (
        "update_for_an_unreadable_one",
        {"published": ("soon",), "updated": ("2025-05-04" + Z,)},
        day(4),
        "2025-05-04" + Z,
        ("published_from_updated",),
    ),
    ("unreadable_is_kept", {"published": ("soon",)}, None, "soon", ()),
    ("both_unreadable", {"published": ("soon",), "updated": ("later",)}, None, "soon", ()),
    (
        "future",
        {"published": ("2025-07-01" + Z,), "updated": ("2025-05-04" + Z,)},
        None,
        "2025-07-01" + Z,
        ("date_out_of_bounds",),
    ),
    (
        "before_the_web",
        {"published": ("1970-01-01" + Z,)},
        None,
        "1970-01-01" + Z,
        ("date_out_of_bounds",),
    ),
    (
        "a_few_hours_ahead",
        {"published": ("2025-06-02" + Z,)},
        datetime(2025, 6, 2, tzinfo=UTC),
        "2025-06-02" + Z,
        (),
    ),
    ("none", {}, None, None, ()),
]


@pytest.mark.parametrize(
    ("fields", "at", "raw", "flags"), [c[1:] for c in DATES], ids=[c[0] for c in DATES]
)
def test_published(
    fields: dict[str, Any], at: datetime | None, raw: str | None, flags: tuple[str, ...]
) -> None:
    found = entry(**fields)
    assert (found.published_at, found.published_raw, found.flags) == (at, raw, flags)


def test_raw_date_is_cut_to_100_characters() -> None:
    assert len(entry(published=("x" * 5000,)).published_raw or "") == 100


def test_update_has_its_own_field() -> None:
    found = entry(published=("2025-05-03" + Z,), updated=("2025-05-04" + Z,))
    assert (found.published_at, found.updated_at) == (day(3), day(4))


def test_update_out_of_bounds_is_none() -> None:
    assert entry(updated=("2099-05-04" + Z,)).updated_at is None


AUTHORS = [
    ("name", ("Ana Rey",), ("Ana Rey",)),
    ("mail_then_name", ("ana@paper.example (Ana Rey)",), ("Ana Rey",)),
    ("name_then_mail", ("Ana Rey <ana@paper.example>",), ("Ana Rey",)),
    ("name_then_mail_in_brackets", ("Ana Rey (ana@paper.example)",), ("Ana Rey",)),
    ("mailto", ("Ana Rey (mailto:ana@paper.example)",), ("Ana Rey",)),
    ("mail_alone", ("ana@paper.example",), ()),
    ("distinct", ("Ana", "Ben", "Ana"), ("Ana", "Ben")),
    ("markup", ("<b>Ana</b> &amp; Ben",), ("Ana & Ben",)),
    ("at_without_mail", ("Ana @ Sea",), ("Ana @ Sea",)),
    ("too_long", ("a" * 301,), ("a" * 299 + "…",)),
]


@pytest.mark.parametrize(
    ("written", "expected"), [c[1:] for c in AUTHORS], ids=[c[0] for c in AUTHORS]
)
def test_authors_are_names(written: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert entry(authors=written).authors == expected


def test_author_of_the_feed_stands_in_with_a_flag() -> None:
    found = entry({"authors": ("Desk",)}, authors=("a@paper.example",))
    assert (found.authors, found.flags) == (("Desk",), ("feed_author",))


def test_own_author_needs_no_flag() -> None:
    found = entry({"authors": ("Desk",)}, authors=("Ana",))
    assert (found.authors, found.flags) == (("Ana",), ())


def test_content_and_summary_are_kept_apart_and_cleaned() -> None:
    found = entry(summary=" a\x00 ", content="<p>b\ud800</p>")
    assert (found.summary, found.content) == ("a", "<p>b</p>")


LANGUAGES = [
    ("own", "pt_BR", "en", "pt-br"),
    ("of_the_feed", None, "EN-GB", "en-gb"),
    ("nonsense_is_none", "see below", "x", None),
    ("nonsense_falls_back", "see below", "en", "en"),
]


@pytest.mark.parametrize(
    ("own", "feed", "expected"), [c[1:] for c in LANGUAGES], ids=[c[0] for c in LANGUAGES]
)
def test_language_is_a_lower_case_tag(own: str | None, feed: str, expected: str | None) -> None:
    assert entry({"language": feed}, language=own).language == expected


ENCLOSURES = [
    ("whole", RawEnclosure(url="/a.mp3", media_type="audio/mpeg", length="12"), ("audio/mpeg", 12)),
    ("zero_is_unknown", RawEnclosure(url="/a.mp3", length="0"), (None, None)),
    ("words", RawEnclosure(url="/a.mp3", length="3 MB"), (None, None)),
    ("more_than_a_bigint", RawEnclosure(url="/a.mp3", length="9" * 30), (None, None)),
]


@pytest.mark.parametrize(
    ("raw", "expected"), [c[1:] for c in ENCLOSURES], ids=[c[0] for c in ENCLOSURES]
)
def test_enclosure(raw: RawEnclosure, expected: tuple[str | None, int | None]) -> None:
    kind, length = expected
    url = "https://feeds.example/a.mp3"
    assert entry(enclosures=(raw,)).enclosures == (
        Enclosure(url=url, media_type=kind, length=length),
    )


def test_enclosure_that_is_no_address_is_left_out() -> None:
    assert entry(enclosures=(RawEnclosure(url="file:///etc/passwd"),)).enclosures == ()


def test_at_most_16_enclosures_and_each_once() -> None:
    raw = tuple(RawEnclosure(url=f"/{n // 2}") for n in range(60))
    assert [one.url for one in entry(enclosures=raw).enclosures] == [
        f"https://feeds.example/{n}" for n in range(16)
    ]


def test_at_most_64_categories_and_each_once() -> None:
    names = tuple(f" c{n // 2} " for n in range(300))
    assert entry(categories=names).categories == tuple(f"c{n}" for n in range(64))


def test_position_is_the_place_in_the_document() -> None:
    assert [e.position for e in document(RawEntry(), RawEntry()).entries] == [0, 1]


def test_of_too_many_entries_the_newest_stay_in_document_order() -> None:
    days = [str(1000000000 + n) for n in range(5003)]
    raw = [RawEntry(guid=at, published=(at,)) for at in days]
    raw[2501] = RawEntry(guid="undated")
    found = document(*raw)
    assert found.total == 5003
    assert [e.guid for e in found.entries] == days[2:2501] + days[2502:]
    assert found.entries[0].position == 2


def test_document_keeps_its_hints() -> None:
    hints: dict[str, Any] = {
        "ttl_seconds": 900.0,
        "skip_hours": (1, 2),
        "skip_days": (5, 6),
        "recovered": True,
    }
    found = document(title="<b>Post</b>", **hints)
    assert found == Document(format="rss", title="Post", **hints)


CHILDREN = [
    pytest.param(
        [("/a", "2025-05-01"), ("/b", "2025-05-03")], ["/b", "/a"], True, id="newest-first"
    ),
    pytest.param([("/a", None), ("/b", "2025-05-03")], ["/b", "/a"], True, id="undated-last"),
    pytest.param(
        [("/a", None), ("/news", None), ("/b", None)], ["/news", "/a", "/b"], False, id="news"
    ),
    pytest.param([("/a", "2099-01-01"), ("/b", "2025-05-03")], ["/b", "/a"], True, id="future"),
    pytest.param([("/a", None), ("/a", None)], ["/a"], False, id="each-once"),
    pytest.param([("mailto:x@y.example", None), ("/a", None)], ["/a"], False, id="no-address"),
    pytest.param(
        [(f"/{n}", None) for n in range(60)], [f"/{n}" for n in range(50)], False, id="50"
    ),
]


@pytest.mark.parametrize(("named", "expected", "dated"), CHILDREN)
def test_sitemaps_of_an_index_come_the_likeliest_first(
    named: list[tuple[str, str | None]], expected: list[str], *, dated: bool
) -> None:
    raw = tuple(RawEntry(links=(url,), updated=(at,) if at else ()) for url, at in named)
    found = document(children=raw)
    assert list(found.children) == [f"https://feeds.example{url}" for url in expected]
    assert found.children_dated is dated


def test_huge_body_is_cut_visibly() -> None:
    found = entry(summary="s" * 1_000_001, content="c" * 1_000_000)
    assert found.summary == "s" * 999_999 + "…"
    assert found.content == "c" * 1_000_000


def test_place_counts_entries_that_were_not_looked_at() -> None:
    raw = [RawEntry(guid=str(n), published=(str(1_000_000_000 + n),)) for n in range(20_000)]
    found = document(*raw, total=30_000)
    assert found.total == 30_000
    assert (found.entries[0].guid, found.entries[0].position) == ("15000", 25_000)
