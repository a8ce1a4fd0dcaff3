"""Feeds and sitemaps that are damaged, or written in other names: what is in them is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FeedUnreadableError
from pipeline.feeds import parse
from pipeline.feeds.identity import parsed_feed
from pipeline.model import Document, Entry, Response

URL = "https://paper.example/blog/feed.xml"
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
AT = datetime(2025, 5, 31, 8, tzinfo=UTC)


def response(text: str) -> Response:
    return Response(URL, body=text.encode("utf-8", "replace"), fetched_at=NOW)


def read(text: str) -> Document:
    return parse.document(response(text))


def rss(inside: str, attributes: str = "") -> str:
    return (
        f'<rss version="2.0" {attributes}><channel><title>Post</title>'
        f"<link>https://paper.example/</link>{inside}</channel></rss>"
    )


def only(text: str) -> Entry:
    (entry,) = read(text).entries
    return entry


# --- namespaces by meaning ---

MODULES = """<item><title>A</title><link>/a</link><dc:creator>Ana</dc:creator>
<dc:date>2025-05-31T08:00:00Z</dc:date><content:encoded>Long</content:encoded></item>"""
DC, CONTENT = "purl.org/dc/elements/1.1", "purl.org/rss/1.0/modules/content"


@pytest.mark.parametrize(
    ("dc", "content"),
    [
        (f"http://{DC}/", f"http://{CONTENT}/"),
        (f"https://{DC}/", f"https://{CONTENT}/"),
        (f"http://{DC}", f"http://{CONTENT}"),
        (f"HTTP://{DC.upper()}/", f"http://{CONTENT.title()}/"),
        ("urn:a", "urn:b"),
    ],
    ids=["as_specified", "https", "no_slash", "capitals", "nobodys"],
)
def test_modules_are_read_under_any_spelling_of_their_namespace(dc: str, content: str) -> None:
    entry = only(rss(MODULES, f'xmlns:dc="{dc}" xmlns:content="{content}"'))
    assert (entry.authors, entry.published_at, entry.content) == (("Ana",), AT, "Long")


ITEM = "<item><title>A</title><link>https://paper.example/a</link><guid>g</guid></item>"
STRANGE_HOMES = [
    ("atoms_in_rss", rss(ITEM, 'xmlns="http://www.w3.org/2005/Atom"')),
    ("medias_in_rss", rss(ITEM, 'xmlns="http://search.yahoo.com/mrss/"')),
    ("contents_in_rss", rss(ITEM, f'xmlns="http://{CONTENT}/"')),
    ("nobodys_in_rss", rss(ITEM, 'xmlns="urn:nobody"')),
    ("channel_of_another", rss(ITEM).replace("<channel>", '<channel xmlns="urn:nobody">')),
    ("item_of_another", rss(ITEM).replace("<item>", '<item xmlns="http://www.w3.org/2005/atom">')),
    ("prefixed_item", rss(ITEM.replace("item>", "x:item>"), 'xmlns:x="urn:nobody"')),
    (
        "rss_1_without_its_sign",
        (
            '<rdf:RDF xmlns:rdf="https://www.w3.org/1999/02/22-rdf-syntax-ns" '
            f'xmlns="https://purl.org/rss/1.0"><channel/>{ITEM}</rdf:RDF>'
        ),
    ),
    (
        "atom_feed_of_another",
        (
            '<feed xmlns="http://purl.org/dc/terms/"><entry><id>g</id><title>A</title>'
            '<link href="https://paper.example/a"/></entry></feed>'
        ),
    ),
    (
        "atom_entry_of_another",
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry xmlns="urn:nobody"><id>g</id>'
            '<title>A</title><link href="https://paper.example/a"/></entry></feed>'
        ),
    ),
]


@pytest.mark.parametrize("text", [c[1] for c in STRANGE_HOMES], ids=[c[0] for c in STRANGE_HOMES])
def test_entries_in_a_namespace_that_is_not_theirs_are_entries(text: str) -> None:
    entry = only(text)
    assert (entry.guid, entry.title, entry.url) == ("g", "A", "https://paper.example/a")


@pytest.mark.parametrize("uri", [f"http://{DC}/", "http://search.yahoo.com/mrss/"])
def test_module_that_is_the_default_namespace_too_is_still_read(uri: str) -> None:
    text = rss(
        "<item><title>A</title><link>/a</link><m:creator>Ana</m:creator><m:description>M</m:description></item>",
        f'xmlns="{uri}" xmlns:m="{uri}"',
    )
    entry = only(text)
    assert (entry.title, entry.summary) == ("A", "M")
    assert entry.authors == (("Ana",) if DC in uri else ())


FOREIGN = 'xmlns:x="urn:nobody" xmlns:xlink="http://www.w3.org/1999/xlink"'
STAND_INS: list[tuple[str, str, str, object]] = [
    ("link", "<x:link>/a</x:link>", "url", "https://paper.example/a"),
    ("link_in_own_space", '<link xmlns="urn:n">/a</link>', "url", "https://paper.example/a"),
    ("link_by_attribute", '<link xlink:href="/a"/>', "url", "https://paper.example/a"),
    ("title", "<x:title>T</x:title>", "title", "T"),
    ("guid", "<x:guid>g</x:guid>", "guid", "g"),
    ("date", "<x:pubDate>2025-05-31T08:00:00Z</x:pubDate>", "published_at", AT),
    ("author", "<x:creator>Ana</x:creator>", "authors", ("Ana",)),
    ("summary", "<x:description>S</x:description>", "summary", "S"),
    ("content", "<x:full-text>C</x:full-text>", "content", "C"),
    ("category", "<x:category>Sea</x:category>", "categories", ("Sea",)),
    ("author_without_a_namespace", "<creator>Ana</creator>", "authors", ("Ana",)),
    ("content_without_a_namespace", "<encoded>C</encoded>", "content", "C"),
    ("date_without_a_namespace", "<date>2025-05-31T08:00:00Z</date>", "published_at", AT),
    ("id_without_a_link", "<x:id>7</x:id>", "guid", "7"),
    # near misses: there is something better, or it is no stand-in
    ("own_link_first", "<x:link>/b</x:link><link>/a</link>", "url", "https://paper.example/a"),
    ("own_href_first", '<link href="/a" xlink:href="/b"/>', "url", "https://paper.example/a"),
    ("own_title_first", "<x:title>X</x:title><title>T</title>", "title", "T"),
    ("own_author_first", "<x:author>X</x:author><author>Ana</author>", "authors", ("Ana",)),
    (
        "own_category_only",
        "<x:category>X</x:category><category>Sea</category>",
        "categories",
        ("Sea",),
    ),
    ("id_beside_a_link", "<x:id>7</x:id><link>/a</link>", "guid", None),
    ("not_inside_another", "<title>T</title><x:y><x:link>/b</x:link></x:y>", "url", None),
]


@pytest.mark.parametrize(
    ("inside", "field", "expected"), [c[1:] for c in STAND_INS], ids=[c[0] for c in STAND_INS]
)
def test_name_in_a_foreign_namespace_stands_in_for_what_is_missing(
    inside: str, field: str, expected: object
) -> None:
    assert getattr(only(rss(f"<item>{inside}</item>", FOREIGN)), field) == expected


# --- no silent nothing ---


def test_first_feed_with_entries_counts() -> None:
    found = read(f'<wrap><feed xmlns="http://www.w3.org/2005/Atom"/>{rss(ITEM)}</wrap>')
    assert [entry.guid for entry in found.entries] == ["g"]


def test_items_where_no_feed_has_them_are_a_failure() -> None:
    items = "<content:items><content:item/><content:item/></content:items>"
    with pytest.raises(FeedUnreadableError, match="none of 2 entries could be read") as caught:
        read(rss(items, f'xmlns:content="http://{CONTENT}/"'))
    assert caught.value.reason == "unreadable"


NOTHING = [
    ("items_without_anything", rss("<item><x/></item><item/>")),
    ("items_of_other_names", rss("<item><titre>A</titre><lien>/a</lien></item>")),
    ("pages_without_an_address", "<urlset><url><priority>1</priority></url></urlset>"),
    ("json_items_that_are_texts", '{"version": "https://jsonfeed.org/version/1", "items": ["a"]}'),
    ("json_items_that_are_empty", '{"version": "https://jsonfeed.org/version/1", "items": [{}]}'),
]


@pytest.mark.parametrize("text", [c[1] for c in NOTHING], ids=[c[0] for c in NOTHING])
def test_document_whose_items_give_no_entry_is_a_failure_that_says_so(text: str) -> None:
    with pytest.raises(FeedUnreadableError) as caught:
        parsed_feed.of(response(text))
    assert caught.value.reason == "unreadable"
    assert URL in caught.value.message


EMPTY = [
    ("rss", rss("")),
    ("with_a_picture", rss("<image><url>/a.png</url><link>/</link></image>")),
    ("atom", '<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title></feed>'),
    ("json", '{"version": "https://jsonfeed.org/version/1", "items": []}'),
    ("sitemap", "<urlset></urlset>"),
]


@pytest.mark.parametrize("text", [c[1] for c in EMPTY], ids=[c[0] for c in EMPTY])
def test_document_without_items_is_an_empty_feed(text: str) -> None:
    found = parsed_feed.of(response(text))
    assert (found.found, found.rejected) == ((), ())


# --- sitemaps ---

SITE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = (
    "<news:news><news:title>Head</news:title>"
    "<news:publication_date>2025-05-31T08:00:00Z</news:publication_date></news:news>"
)
PAGE = "<url><loc>https://paper.example/a</loc></url>"
SITEMAPS = [
    ("prefix_undeclared", f"<urlset {SITE}><url><loc>/a</loc>{NEWS}</url></urlset>", ["/a"]),
    ("cut_in_an_address", f"<urlset>{PAGE}<url><loc>https://paper.example/b", ["/a"]),
    ("cut_in_a_tag", f"<urlset>{PAGE}<url><loc>https://paper.example/b</l", ["/a"]),
    ("cut_behind_an_address", f"<urlset>{PAGE}<url><loc>/b</loc><lastmod>202", ["/a", "/b"]),
    ("cut_behind_a_page", f"<urlset>{PAGE}", ["/a"]),
    ("junk_behind", f"<urlset>{PAGE}</urlset><script>a && b</script>", ["/a"]),
    ("bare_ampersand", "<urlset><url><loc>/?a=1&b=2</loc></url></urlset>", ["/?a=1&b=2"]),
    (
        "bare_less_than",
        f"<urlset>{PAGE}<url><loc>/b</loc><x>1 < 2</x></url></urlset>",
        ["/a", "/b"],
    ),
    (
        "page_without_its_end",
        "<urlset><url><loc>/a</loc><url><loc>/b</loc></url></urlset>",
        ["/a", "/b"],
    ),
    ("prefix_on_all", "<s:urlset><s:url><s:loc>/a</s:loc></s:url></s:urlset>", ["/a"]),
    ("warning_before", f"<b>Notice</b>: x\n<urlset {SITE}>{PAGE}</urlset>", ["/a"]),
    ("wrapped", f"<urlset><set>{PAGE}</set></urlset>", ["/a"]),
    ("pages_in_an_index", f"<sitemapindex>{PAGE}</sitemapindex>", ["/a"]),
]


@pytest.mark.parametrize(("text", "paths"), [c[1:] for c in SITEMAPS], ids=[c[0] for c in SITEMAPS])
def test_damaged_sitemap_keeps_its_whole_addresses(text: str, paths: list[str]) -> None:
    found = read(text)
    assert found.format == "sitemap"
    assert [entry.url for entry in found.entries] == [
        f"https://paper.example{path}" for path in paths
    ]


def test_news_of_a_sitemap_are_read_without_a_declared_prefix() -> None:
    entry = only(SITEMAPS[0][1])
    assert (entry.title, entry.published_at) == ("Head", AT)


def test_news_of_a_sitemap_are_read_in_any_namespace() -> None:
    entry = only(f'<urlset {SITE} xmlns:news="urn:nobody"><url><loc>/a</loc>{NEWS}</url></urlset>')
    assert (entry.title, entry.published_at) == ("Head", AT)


CHILD = "<sitemap><loc>https://paper.example/a.xml</loc></sitemap>"
INDEXES = [
    ("cut", f"<sitemapindex>{CHILD}<sitemap><loc>https://paper.example/b"),
    ("junk_behind", f"<sitemapindex>{CHILD}</sitemapindex>[]"),
    ("junk_before", f"Warning: x <sitemapindex>{CHILD}</sitemapindex>"),
    ("bare_ampersand", f"<sitemapindex>{CHILD}<!-- --><x>a & b</x></sitemapindex>"),
    ("undeclared_prefix", f"<sitemapindex>{CHILD}<x:y/></sitemapindex>"),
    ("in_a_urlset", f"<urlset>{CHILD}</urlset>"),
]


@pytest.mark.parametrize("text", [c[1] for c in INDEXES], ids=[c[0] for c in INDEXES])
def test_damaged_index_names_its_whole_sitemaps(text: str) -> None:
    assert read(text).children == ("https://paper.example/a.xml",)


# --- the same fields, damaged or not ---

RICH = """<item><title>How does &lt;input&gt; work?</title><link>https://paper.example/{n}</link>
<guid isPermaLink="false">g{n}</guid><pubDate>Sat, 31 May 2025 08:00:00 GMT</pubDate>
<itunes:summary>Podcast</itunes:summary><description>D &amp;amp; &lt;b&gt;{n}&lt;/b&gt;</description>
<media:group><media:title>M</media:title><media:description>Caption</media:description></media:group>
<content:encoded><![CDATA[<p>Long {n} < 5</p>]]></content:encoded><dc:creator>Ana &amp; Ben</dc:creator>
<category>C++ &lt;vector&gt;</category><enclosure url="/{n}.mp3" type="audio/mpeg" length="9"/></item>"""
SPACES = (
    f'xmlns:dc="http://{DC}/" xmlns:content="http://{CONTENT}/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)
WHOLE = rss(RICH.replace("{n}", "1") + RICH.replace("{n}", "2"), SPACES)
DAMAGES = [
    ("junk_behind", WHOLE + "[]"),
    ("foreign_prefix", WHOLE.replace("</item>", "<zz:y/></item>")),
    ("no_declarations", WHOLE.replace(SPACES, "")),
    ("end_missing", WHOLE.removesuffix("</channel></rss>")),
    ("item_end_missing", WHOLE.replace("</item>", "", 1)),
    ("end_twice", WHOLE.replace("</item>", "</item></item>")),
    ("html_end_alone", WHOLE.replace("</item>", "</div></item>")),
    ("enclosure_open", WHOLE.replace('length="9"/>', 'length="9">')),
    ("no_quotes", WHOLE.replace('length="9"', "length=9")),
    ("bare_less_than", WHOLE.replace("<category>", "< <category>")),
]


@pytest.mark.parametrize("text", [c[1] for c in DAMAGES], ids=[c[0] for c in DAMAGES])
def test_damage_changes_no_field(text: str) -> None:
    found = read(text)
    assert found.recovered
    assert found.entries == read(WHOLE).entries


def test_recovered_entry_prefers_the_fields_of_the_strict_one() -> None:
    entry = read(DAMAGES[2][1]).entries[0]
    assert (entry.title, entry.summary, entry.content, entry.authors, entry.categories) == (
        "How does <input> work?",
        "D &amp; <b>1</b>",
        "<p>Long 1 < 5</p>",
        ("Ana & Ben",),
        ("C++ <vector>",),
    )


def test_entry_that_is_cut_before_its_guid_is_left_out() -> None:
    at = WHOLE.index("g2")
    assert [entry.guid for entry in read(WHOLE[:at]).entries] == ["g1"]


def test_entry_that_is_cut_behind_its_guid_stays() -> None:
    at = WHOLE.index("Podcast", WHOLE.index("g2"))
    found = read(WHOLE[:at]).entries
    assert [(entry.guid, entry.published_at) for entry in found] == [("g1", AT), ("g2", AT)]


@given(st.integers(WHOLE.index("</item>") + 7, len(WHOLE)))
def test_cut_document_says_of_whole_entries_what_the_whole_one_says(at: int) -> None:
    assert read(WHOLE[:at]).entries[:1] == read(WHOLE).entries[:1]
    assert {entry.guid for entry in read(WHOLE[:at]).entries} <= {"g1", "g2"}


TITLES = [
    ("rss_escaped", "<title>How does &lt;input&gt; work?</title>"),
    ("rss_cdata", "<title><![CDATA[How does <input> work?]]></title>"),
    ("rss_escaped_in_cdata", "<title><![CDATA[How does &lt;input&gt; work?]]></title>"),
    ("rss_escaped_twice", "<title>How does &amp;lt;input&amp;gt; work?</title>"),
    ("rss_bare", "<title>How does <input> work?</title>"),
    ("text", '<title type="text">How does &lt;input&gt; work?</title>'),
    ("html", '<title type="html">How &lt;b&gt;does&lt;/b&gt; &amp;lt;input&amp;gt; work?</title>'),
    ("dublin_core", "<dc:title>How does &lt;input&gt; work?</dc:title>"),
]


@pytest.mark.parametrize("title", [c[1] for c in TITLES], ids=[c[0] for c in TITLES])
def test_tag_that_is_spoken_of_stays_in_every_format(title: str) -> None:
    link = "<link>/a</link>"
    assert only(rss(f"<item>{title}{link}</item>")).title == "How does <input> work?"
    if "CDATA" not in title:
        feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>g</id>{title}</entry></feed>"
        assert only(feed).title == "How does <input> work?"


def test_json_title_keeps_a_tag_that_is_spoken_of() -> None:
    text = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1, "title": "Use <dialog>"}]}'
    assert only(text).title == "Use <dialog>"


C1 = [
    ("decimal", "Don&#146;t wait&#133;"),
    ("hexadecimal", "Don&#x92;t wait&#X85;"),
    ("with_zeros", "Don&#0146;t wait&#x0085;"),
    ("escaped", "Don&amp;#146;t wait&amp;#133;"),
    ("raw", "Don\x92t wait\x85"),
    ("right", "Don’t wait…"),  # noqa: RUF001
]


@pytest.mark.parametrize("written", [c[1] for c in C1], ids=[c[0] for c in C1])
def test_c1_is_windows_1252_in_all_fields(written: str) -> None:
    inside = f"<item><title>{written}</title><author>{written}</author><category>{written}</category></item>"
    entry = only(rss(inside))
    expected = "Don’t wait…"  # noqa: RUF001
    assert (entry.title, entry.authors, entry.categories) == (expected, (expected,), (expected,))


def test_reference_beside_c1_is_what_it_says() -> None:
    assert only(rss("<item><title>&#127;a&#160;b&#161;&#1280;</title></item>")).title == "a b¡Ԁ"


LINKS = [
    ("beside_the_feed", 'href="post-1/"', "https://paper.example/blog/post-1/"),
    ("path", 'href="/post-1/"', "https://paper.example/post-1/"),
    ("xml_base", 'xml:base="x/" href="post-1"', "https://paper.example/blog/x/post-1"),
    ("xml_base_path", 'xml:base="/x/" href="post-1"', "https://paper.example/x/post-1"),
    ("no_scheme", 'href="www.other.example/a"', "https://www.other.example/a"),
    (
        "no_scheme_in_a_base",
        'xml:base="/x/" href="www.other.example/a"',
        "https://www.other.example/a",
    ),
    ("file", 'href="www.html"', "https://paper.example/blog/www.html"),
]


@pytest.mark.parametrize(("link", "expected"), [c[1:] for c in LINKS], ids=[c[0] for c in LINKS])
def test_link_of_atom_is_resolved_against_the_document(link: str, expected: str) -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://paper.example/"/>'
        f"<entry><id>g</id><link {link}/></entry></feed>"
    )
    assert only(text).url == expected
