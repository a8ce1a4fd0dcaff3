from __future__ import annotations

import gzip
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FeedUnreadableError
from pipeline.feeds import parse
from pipeline.model import Document, Entry, Response

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://paper.example/feed"
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
DATE = "Sat, 31 May 2025 08:00:00 GMT"
DATE_AT = datetime(2025, 5, 31, 8, tzinfo=UTC)

ITEM = (
    "<item><title>Ferry runs</title><link>https://paper.example/ferry</link><guid>f-1</guid>"
    f"<pubDate>{DATE}</pubDate><description>It runs.</description></item>"
)
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title>'
    f"<link>https://paper.example/</link>{ITEM}</channel></rss>"
)
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>Harbour Post</title><link>https://paper.example/</link></channel>
<item rdf:about="f-1"><title>Ferry runs</title><link>https://paper.example/ferry</link>
<dc:date>2025-05-31T10:00:00+02:00</dc:date><description>It runs.</description></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Post</title>
<link href="https://paper.example/"/><entry><title>Ferry runs</title><id>f-1</id>
<link href="/ferry"/><published>2025-05-31T08:00:00Z</published>
<summary>It runs.</summary></entry></feed>"""
ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Harbour Post</title>
<link rel="alternate" href="https://paper.example/"/><entry><title>Ferry runs</title><id>f-1</id>
<link rel="alternate" href="/ferry"/><issued>2025-05-31T08:00:00Z</issued>
<summary>It runs.</summary></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post",
"home_page_url": "https://paper.example/", "items": [{"id": "f-1", "title": "Ferry runs",
"url": "/ferry", "date_published": "2025-05-31T08:00:00Z", "summary": "It runs."}]}"""
BROKEN_RSS = RSS.replace("<channel>", "<channel><br>")

FORMATS = [
    ("rss", RSS),
    ("rdf", RDF),
    ("atom", ATOM),
    ("atom", ATOM_03),
    ("json", JSON),
    ("rss", BROKEN_RSS),
]


def read(text: str | bytes, content_type: str | None = None) -> Document:
    headers = {"content-type": content_type} if content_type else {}
    body = text if isinstance(text, bytes) else text.encode()
    return parse.document(Response(URL, headers=headers, body=body, fetched_at=NOW))


def only(text: str | bytes) -> Entry:
    (entry,) = read(text).entries
    return entry


@pytest.mark.parametrize(
    ("name", "text"), FORMATS, ids=["rss", "rdf", "atom", "atom03", "json", "broken_rss"]
)
def test_every_format_and_path_gives_the_same_entry(name: str, text: str) -> None:
    found = read(text)
    assert (found.format, found.title, found.site_url, found.total) == (
        name,
        "Harbour Post",
        "https://paper.example/",
        1,
    )
    assert found.entries == (
        Entry(
            guid="f-1",
            url="https://paper.example/ferry",
            title="Ferry runs",
            published_at=DATE_AT,
            published_raw=found.entries[0].published_raw,
            summary="It runs.",
        ),
    )


@pytest.mark.parametrize(
    "content_type", [None, "text/html", "image/png", "application/json", "text/xml; charset=zip"]
)
def test_content_type_does_not_decide_the_format(content_type: str | None) -> None:
    assert read(RSS, content_type).format == "rss"
    assert read(JSON, content_type).format == "json"


NO_FEEDS = [
    ("html", b"<!doctype html><html><body>Hello</body></html>", "not_a_feed"),
    ("html_upper_case", b"<HTML><body>Hello</body></HTML>", "not_a_feed"),
    ("html_behind_a_comment", b"<!-- x --><html><body><item>Hello</body></html>", "not_a_feed"),
    ("xhtml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "not_a_feed"),
    ("text", b"Service unavailable", "not_a_feed"),
    ("a_file_name", b"/dev/zero", "not_a_feed"),
    ("an_address", b"https://paper.example/feed", "not_a_feed"),
    ("picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_feed"),
    ("other_xml", b"<opml><body><outline/></body></opml>", "not_a_feed"),
    ("other_json", b'{"status": "ok"}', "not_a_feed"),
    ("json_list", b"[1, 2]", "not_a_feed"),
    ("broken_json_feed", JSON[:200].encode(), "unreadable"),
    ("deep_json", b'{"items": ' + b"[" * 100_000, "unreadable"),
    ("empty", b"", "unreadable"),
    ("white_space", b" \n\t ", "unreadable"),
    ("nuls", bytes(100), "unreadable"),
    ("broken_gzip", b"\x1f\x8b\x08 broken", "unreadable"),
]


@pytest.mark.parametrize(
    ("body", "reason"), [c[1:] for c in NO_FEEDS], ids=[c[0] for c in NO_FEEDS]
)
def test_what_is_no_feed_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadableError) as caught:
        read(body)
    assert caught.value.reason == reason
    assert URL in caught.value.message


def test_feed_inside_a_page_is_found() -> None:
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{ATOM}</body></html>'
    assert read(page).entries == read(ATOM).entries


def test_gzipped_document_is_read() -> None:
    assert read(gzip.compress(RSS.encode())).entries == read(RSS).entries


def test_gzip_without_its_end_is_read_and_marked_as_recovered() -> None:
    found = read(gzip.compress(RSS.encode())[:-4])
    assert found.recovered
    assert found.entries == read(RSS).entries


def test_cut_gzip_keeps_the_entries_before_the_cut() -> None:
    items = "".join(ITEM.replace("f-1", f"f-{n}") for n in range(300))
    found = read(gzip.compress(RSS.replace(ITEM, items).encode())[:-30])
    assert [entry.guid for entry in found.entries[:3]] == ["f-0", "f-1", "f-2"]


@pytest.mark.parametrize("wrap", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_sitemap_index_is_a_document_that_names_others(wrap: Callable[[bytes], bytes]) -> None:
    index = "<sitemapindex><sitemap><loc>/news.xml.gz</loc></sitemap></sitemapindex>"
    found = read(wrap(index.encode()))
    assert (found.format, found.entries, found.total) == ("sitemap", (), 0)
    assert found.children == ("https://paper.example/news.xml.gz",)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + JSON, id="byte-order-mark"),
        pytest.param("{}" + JSON, id="brackets-before"),
        pytest.param("<br /><b>Notice</b>: line 3\n" + JSON, id="warning-before"),
        pytest.param(JSON + "<!-- 3 ms -->", id="comment-behind"),
        pytest.param(JSON.replace("}]}", '}, {"id": "f-2", "ti'), id="cut"),
    ],
)
def test_json_feed_is_read_through_what_surrounds_it(text: str) -> None:
    assert [entry.guid for entry in read(text).entries] == ["f-1"]


@pytest.mark.parametrize(
    ("text", "oldest"),
    [
        pytest.param(RSS, 15_001, id="strict"),
        pytest.param(BROKEN_RSS, 1_000, id="recovered"),
    ],
)
def test_of_a_hundred_thousand_entries_all_are_counted(text: str, oldest: int) -> None:
    def item(number: int) -> str:
        return ITEM.replace("f-1", f"f-{number}").replace(DATE, str(1_700_000_000 + number))

    count = oldest + 5000
    items = "".join(item(number) for number in range(count))
    found = read(text.replace(ITEM, items))
    assert found.total == count
    assert len(found.entries) == 5000
    assert found.entries[0].guid == f"f-{oldest}"


def test_feed_without_entries_is_a_document() -> None:
    found = read("<rss><channel><title>Harbour Post</title></channel></rss>")
    assert (found.title, found.entries, found.total) == ("Harbour Post", (), 0)


WELL_FORMED = [RSS, RDF, ATOM, JSON, "\n\n" + RSS, "\ufeff" + RSS]


@pytest.mark.parametrize("text", WELL_FORMED)
def test_well_formed_document_is_not_called_recovered(text: str) -> None:
    assert not read(text).recovered


DAMAGES = [
    ("brackets_before_the_document", "{}" + RSS),
    ("list_before_the_document", "[]\n" + RSS),
    ("comment_without_an_end", RSS.replace("<item>", "<!-- <item>")),
    ("before_the_document", "<b>Warning</b>: line 3\n" + RSS),
    ("bare_ampersand", RSS.replace("Harbour Post", "Harbour & Post")),
    ("html_name", RSS.replace("Harbour Post", "Harbour&nbsp;Post")),
    ("control_character", RSS.replace("Harbour Post", "Harbour\x02 Post")),
    ("illegal_reference", RSS.replace("Harbour Post", "Harbour&#xD800; Post")),
    ("unclosed_tag", BROKEN_RSS),
    ("undeclared_prefix", RSS.replace("<item>", "<item><x:y>1</x:y>")),
    ("attribute_twice", RSS.replace("<item>", '<item a="1" a="2">')),
    ("end_missing", RSS.removesuffix("</channel></rss>")),
    ("two_roots", RSS + "<p>served by</p>"),
    ("entity_bomb", '<!DOCTYPE rss [<!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]>' + RSS[21:]),
]


@pytest.mark.parametrize("text", [c[1] for c in DAMAGES], ids=[c[0] for c in DAMAGES])
def test_damaged_document_keeps_its_entry(text: str) -> None:
    found = read(text)
    known = [(e.guid, e.url, e.title, e.published_at, e.summary) for e in found.entries]
    expected = ("f-1", "https://paper.example/ferry", "Ferry runs", DATE_AT, "It runs.")
    assert known == [expected]


@pytest.mark.parametrize("text", [c[1] for c in DAMAGES[:-1]], ids=[c[0] for c in DAMAGES[:-1]])
def test_damaged_document_is_called_recovered(text: str) -> None:
    assert read(text).recovered


def test_illegal_reference_costs_a_character_only() -> None:
    assert (
        read(RSS.replace("Ferry runs", "Ferry &#xD800;runs &#0;")).entries[0].title == "Ferry runs"
    )


def test_html_left_open_in_a_description_stays_in_its_entry() -> None:
    text = RSS.replace("It runs.", "<p>It <br> runs.").replace("</channel>", ITEM + "</channel>")
    first, second = read(text).entries
    assert "runs." in (first.summary or "")
    assert (second.title, second.summary) == ("Ferry runs", "It runs.")


def test_recovery_keeps_content_and_summary_apart() -> None:
    body = "<content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded>"
    entry = only(BROKEN_RSS.replace("</item>", body + "</item>"))
    assert (entry.summary, entry.content) == ("It runs.", "<p>All of it.</p>")


def test_recovery_does_not_copy_content_into_summary() -> None:
    body = "<content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded>"
    entry = only(BROKEN_RSS.replace("<description>It runs.</description>", body))
    assert (entry.summary, entry.content) == (None, "<p>All of it.</p>")


def test_recovery_takes_no_podcast_text_for_content() -> None:
    entry = only(BROKEN_RSS.replace("</item>", "<itunes:summary>Long.</itunes:summary></item>"))
    assert (entry.summary, entry.content) == ("It runs.", None)


def test_recovery_finds_authors_categories_and_enclosures() -> None:
    more = (
        "<author>desk@paper.example (Ana Rey)</author><category>Sea</category>"
        '<enclosure url="https://paper.example/a.mp3" type="audio/mpeg" length="12"/>'
    )
    entry = only(BROKEN_RSS.replace("</item>", more + "</item>"))
    assert (entry.authors, entry.categories) == (("Ana Rey",), ("Sea",))
    assert [(e.url, e.media_type, e.length) for e in entry.enclosures] == [
        ("https://paper.example/a.mp3", "audio/mpeg", 12)
    ]


def test_recovery_does_not_resolve_guids() -> None:
    assert only(BROKEN_RSS.replace("f-1", "/relative/1")).guid == "/relative/1"


def test_document_pickles() -> None:
    found = read(RSS)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes


def test_external_entity_leaves_no_trace() -> None:
    text = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + RSS[21:]
    found = read(text.replace("Ferry runs", "Ferry &x;runs"))
    assert found.entries[0].title in {"Ferry runs", "Ferry &x;runs"}


def test_strings_can_be_stored() -> None:
    text = JSON.replace("Ferry runs", "Ferry\\u0000 \\ud800runs\\u202e").replace(
        "f-1", "f\\u0000-1"
    )
    entry = only(text)
    assert (entry.title, entry.guid) == ("Ferry runs", "f-1")


PIECES = st.sampled_from(
    [
        *("<rss>", "</rss>", "<channel>", "<item>", "</item>", "<feed>", "<entry>", "</entry>"),
        *("<title>", "</title>", "<link href='", "'/>", "<guid>", "<pubDate>", "<urlset>", "<url>"),
        *("<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x [", "<!ENTITY a '&a;'>", "]>", "&a;"),
        *("&#0;", "&#xD800;", "&", "\x00", "\ud7ff", "<?xml version='1.0' encoding='", "utf-16'?>"),
        *('{"items": [', '{"id": ', "}]}", '"', "null", "1e999", "xml:base='http://['", "a", " "),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_document_raises_anything_else(text: str) -> None:
    try:
        read(text)
    except FeedUnreadableError as error:
        assert error.reason in {"not_a_feed", "unreadable"}  # noqa: PT017 - raising is allowed


@given(st.data())
def test_no_damage_to_a_feed_raises_anything_else(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([text.encode() for _, text in FORMATS])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=4))
    try:
        read(bytes(body) or b"x")
    except FeedUnreadableError as error:
        assert error.reason in {"not_a_feed", "unreadable"}  # noqa: PT017 - raising is allowed
