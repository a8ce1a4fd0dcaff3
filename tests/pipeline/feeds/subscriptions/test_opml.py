"""OPML: folders and feeds out of it and into it, whatever it looks like."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.feeds.subscriptions import opml
from pipeline.feeds.subscriptions.opml import Outline
from pipeline.model.listing import ListedFeed

A, B = "https://a.example/f", "https://b.example/f"


def outlines(inside: str) -> list[Outline]:
    """What an OPML document with these outlines holds, when nothing is wrong with it."""
    found, bad = opml.outlines(f'<opml version="2.0"><body>{inside}</body></opml>')
    assert bad == []
    return found


def outline(line: int = 1, url: str | None = A, **fields: str) -> Outline:
    kept = {"title": None, "site_url": None, "category": None} | fields
    return Outline(line=line, url=url, **kept)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        pytest.param(f'<outline xmlUrl="{A}"/>', [outline()], id="least"),
        pytest.param(f'<outline text="T" xmlUrl="{A}"/>', [outline(title="T")], id="text"),
        pytest.param(
            f'<outline text="T" title="U" xmlUrl="{A}"/>', [outline(title="U")], id="title_first"
        ),
        pytest.param(f'<outline text="{A}" xmlUrl="{A}"/>', [outline()], id="address_is_no_title"),
        pytest.param(
            f'<outline xmlUrl="{A}" htmlUrl="{B}"/>', [outline(site_url=B)], id="home_page"
        ),
        pytest.param(
            f'<outline text=" a \n b " xmlUrl="{A}"/>', [outline(2, title="a b")], id="spaces"
        ),
        pytest.param(
            f'<outline text="News"><outline text=" Europe "><outline xmlUrl="{A}"/></outline></outline>',
            [outline(category="News/Europe")],
            id="folders",
        ),
        pytest.param(
            f'<outline title="News"><outline xmlUrl="{A}"/></outline><outline xmlUrl="{B}"/>',
            [outline(category="News"), outline(url=B)],
            id="folder_ends",
        ),
        pytest.param(
            f'<outline xmlUrl="{A}"><outline xmlUrl="{B}"/></outline>',
            [outline(), outline(url=B)],
            id="feed_is_no_folder",
        ),
        pytest.param(
            f'<outline><outline text="x"><outline xmlUrl="{A}"/></outline></outline>',
            [outline(category="x")],
            id="nameless_folder",
        ),
        pytest.param(
            f'<outline category="/News/Europe,/B" xmlUrl="{A}"/>',
            [outline(category="News/Europe")],
            id="category_attribute",
        ),
        pytest.param(f'<outline xmlurl="{A}"/>', [outline()], id="small_letters"),
        pytest.param(f'<outline XMLURL="{A}" TITLE="T"/>', [outline(title="T")], id="capitals"),
        pytest.param(f'<outline xmlURL=" {A} "/>', [outline()], id="other_capitals"),
        pytest.param(f'<outline xml_url="{A}"/>', [outline()], id="joint"),
        pytest.param(f'<outline xmlUri="{A}"/>', [outline()], id="uri"),
        pytest.param(
            f'<outline feedUrl="{A}" siteUrl="{B}"/>', [outline(site_url=B)], id="feed_url"
        ),
        pytest.param(f'<outline xmlUrl="" feedUrl="{A}"/>', [outline()], id="empty_one_is_none"),
        pytest.param(f'<outline x:xmlUrl="{A}" xmlns:x="urn:x"/>', [outline()], id="prefixed"),
        pytest.param(f'<outline type="rss" url="{A}"/>', [outline()], id="url_of_a_feed"),
        pytest.param(f'<outline type="Atom" href="{A}"/>', [outline()], id="href_of_a_feed"),
        pytest.param(
            f'<outline type="rss" url="{B}" xmlUrl="{A}"/>', [outline()], id="xml_url_first"
        ),
        pytest.param(f'<outline type="link" url="{A}"/>', [], id="bookmark"),
        pytest.param(f'<outline text="T" url="{A}"/>', [], id="bookmark_without_a_type"),
        pytest.param(
            f'<outline type="rss" title="tech"><outline type="rss" xmlUrl="{A}"/></outline>',
            [outline(category="tech")],
            id="folder_with_a_type",
        ),
        pytest.param(
            f'<outline type="rss" text="a"><outline type="atom" text="b"><outline xmlUrl="{A}"/></outline>'
            f'<outline xmlUrl="{B}"/></outline>',
            [outline(category="a/b"), outline(url=B, category="a")],
            id="folders_with_types",
        ),
        pytest.param(
            f'<outline text="a" htmlUrl="{B}"><outline xmlUrl="{A}"/></outline>',
            [outline(category="a")],
            id="folder_with_a_page",
        ),
        pytest.param(
            f'<outline text="a"><outline type="rss" text="b"/><outline xmlUrl="{A}"/></outline>',
            [outline(url=None, title="b", category="a"), outline(category="a")],
            id="feed_without_an_address_in_a_folder",
        ),
        pytest.param('<outline text="empty folder"/>', [], id="empty_folder"),
        pytest.param(
            '<outline type="rss" text="T"/>', [outline(url=None, title="T")], id="no_address"
        ),
        pytest.param(
            f'<outline htmlUrl="{B}"/>', [outline(url=None, site_url=B)], id="home_page_only"
        ),
        pytest.param(
            f'<outline text="a & b&nbsp;&eacute;" xmlUrl="{A}?x=1&y=2"/>',
            [outline(url=f"{A}?x=1&y=2", title="a & b é")],
            id="html_in_xml",
        ),
    ],
)
def test_outlines_are_read(inside: str, expected: list[Outline]) -> None:
    assert outlines(inside) == expected


def test_namespace_does_not_matter() -> None:
    found, bad = opml.outlines(
        f'<opml xmlns="http://opml.org/spec2"><body><outline xmlUrl="{A}"/></body></opml>'
    )
    assert (found, bad) == ([outline()], [])


@pytest.mark.parametrize("start", ["", "<!-- a\nb -->\n", "<!DOCTYPE opml [\n\n]>\n"])
def test_line_is_that_of_the_file(start: str) -> None:
    written = f'<?xml version="1.0"?>\n{start}<opml><body>\n<outline\nxmlUrl="{A}"/></body></opml>'
    (found,), _ = opml.outlines(written)
    assert found.line == written[: written.index("xmlUrl")].count("\n") + 1


def test_what_stands_before_the_document_counts_as_lines() -> None:
    (found,), bad = opml.outlines(
        f'<!-- a -->\n\n<?xml version="1.0"?><opml>\n<outline xmlUrl="{A}"/></opml>'
    )
    assert (found.line, bad) == (4, [])


def test_lines_beyond_65535_are_counted() -> None:
    (found,), _ = opml.outlines(
        "<opml><body>" + "\n" * 70_000 + f'<outline xmlUrl="{A}"/></body></opml>'
    )
    assert found.line == 70_001


@pytest.mark.parametrize(
    ("inside", "kept", "line"),
    [
        pytest.param(
            f'<outline a="1" a="2" xmlUrl="{A}"/>\n<outline xmlUrl="{B}"/>', [A, B], 2, id="twice"
        ),
        pytest.param(
            f'<outline text=a xmlUrl="{A}"/>\n<outline xmlUrl="{B}"/>', [B], 2, id="no_quotes"
        ),
        pytest.param(
            f'<outline xmlUrl="{A}">\n<outline xmlUrl="{B}"/>', [A, B], 3, id="never_closed"
        ),
        pytest.param(
            f'<outline text="<" xmlUrl="{A}"/>\n<outline xmlUrl="{B}"/>', [A, B], 2, id="bracket"
        ),
    ],
)
def test_what_is_broken_is_told_and_the_rest_read(inside: str, kept: list[str], line: int) -> None:
    found, bad = opml.outlines(f"<opml><body>\n{inside}</body></opml>")
    assert [one.url for one in found if one.url in {A, B}] == kept
    assert [one.line for one in bad] == [line]
    assert bad[0].reason.startswith("broken XML: ")


def test_a_cut_file_gives_what_came_before_the_cut() -> None:
    found, bad = opml.outlines(f'<opml><body>\n<outline xmlUrl="{A}"/>\n<outline xmlUrl="http')
    assert [one.url for one in found if one.url] == [A]
    assert [one.line for one in bad] == [3]


def test_no_entity_is_expanded() -> None:
    declared = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">\n' for n in range(1, 10))
    written = f'<!DOCTYPE x [<!ENTITY b0 "boom">\n{declared}]><opml><outline text="&b9;" xmlUrl="{A}"/></opml>'
    (found,), bad = opml.outlines(written)
    assert (found.title, found.line, bad) == ("&b9;", 11, [])


@pytest.mark.parametrize("kind", ["SYSTEM", "PUBLIC 'x'"])
def test_no_file_is_read(kind: str) -> None:
    written = f'<!DOCTYPE x [<!ENTITY f {kind} "file:///etc/hostname">]><opml><outline text="&f;" xmlUrl="{A}"/></opml>'
    (found,), _ = opml.outlines(written)
    assert found.title == "&f;"


def test_depth_of_100000_ends_the_reading() -> None:
    deep = '<outline text="x">' * 100_000
    found, bad = opml.outlines(f'<opml><body><outline xmlUrl="{A}"/>\n{deep}')
    assert [one.url for one in found] == [A]
    assert [one.line for one in bad] == [2]


@pytest.mark.parametrize(
    "written",
    [
        "<",
        "<opml",
        "<!DOCTYPE" * 50_000,
        "<!DOCTYPE x [" + "] " * 200_000,
        "<p>Hello",
        "<a b=" * 9999,
    ],
    ids=lambda written: written[:12],
)
def test_what_is_no_opml_has_no_outlines(written: str) -> None:
    assert opml.outlines(written)[0] == []


@given(st.text())
def test_no_text_raises(written: str) -> None:
    opml.outlines("<" + written)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("News/Europe", "News/Europe"),
        (" /News// Europe/ ", "News/Europe"),
        ("a\nb", "a b"),
        ("/", None),
        ("", None),
        (None, None),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_path_of_folders_has_one_form(path: str | None, expected: str | None) -> None:
    assert opml.category(path) == expected
    assert opml.category(expected) == expected


FEEDS = [
    ListedFeed(url="https://z.example/f", title="Zander", site_url="https://z.example/"),
    ListedFeed(url=A, title='Q & "A" <x>', category="News/Europe"),
    ListedFeed(url=B, category="News"),
    ListedFeed(url="https://c.example/f", title="Same", category="News/Europe"),
    ListedFeed(url="https://d.example/f", title="Same", category="News/Europe"),
    ListedFeed(url="https://g.example/f", title="https://g.example/f"),
    ListedFeed(url="https://e.example/f", title="É\x85\u2028\x01", category="AC/DC"),
]


def test_document_has_folders_then_feeds_by_name() -> None:
    assert opml.document(FEEDS[1:3]).decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<opml version="2.0">\n'
        "  <head>\n"
        "    <title>Broadsheet</title>\n"
        "  </head>\n"
        "  <body>\n"
        '    <outline text="News">\n'
        f'      <outline type="rss" text="{B}" xmlUrl="{B}"/>\n'
        '      <outline text="Europe">\n'
        '        <outline type="rss" text="Q &amp; &quot;A&quot; &lt;x&gt;" '
        f'title="Q &amp; &quot;A&quot; &lt;x&gt;" xmlUrl="{A}"/>\n'
        "      </outline>\n"
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n"
    )


def test_order_of_the_feeds_does_not_matter() -> None:
    assert opml.document(FEEDS) == opml.document(FEEDS[::-1])


def test_document_is_read_as_it_was_written() -> None:
    found, bad = opml.outlines(opml.document(FEEDS).decode())
    assert bad == []
    read = [
        ListedFeed(url=one.url or "", title=one.title, site_url=one.site_url, category=one.category)
        for one in found
    ]
    assert {feed.url for feed in read} == {feed.url for feed in FEEDS}
    assert opml.document(read) == opml.document(FEEDS)


NAMES = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=8))
def test_written_and_read_and_written_is_the_same(
    named: list[tuple[str | None, str | None]],
) -> None:
    feeds = [
        ListedFeed(url=f"https://n{n}.example/", title=title, category=category)
        for n, (title, category) in enumerate(named)
    ]
    written = opml.document(feeds)
    etree.fromstring(written)  # well-formed, without mending
    found, bad = opml.outlines(written.decode())
    read = [ListedFeed(url=one.url or "", title=one.title, category=one.category) for one in found]
    assert (bad, opml.document(read)) == ([], written)


def test_empty_list_is_a_document() -> None:
    assert opml.outlines(opml.document([]).decode()) == ([], [])


def test_many_attributes_do_not_take_long() -> None:
    started = time.process_time()
    attributes = " ".join(f'a{n}="x"' for n in range(20_000))
    assert [one.url for one in outlines(f'<outline xmlUrl="{A}" {attributes}/>')] == [A]
    assert time.process_time() - started < 3  # quadratic takes longer
