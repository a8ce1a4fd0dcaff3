from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.parsing import xml
from pipeline.feeds.parsing.well_formed import well_formed

MENDED = [
    ("nothing_to_do", "<rss><item>a</item></rss>", "<rss><item>a</item></rss>"),
    ("left_open", "<rss><item><title>a", "<rss><item><title>a</title></item></rss>"),
    ("half_a_start_tag", "<rss><title>a</title><lin", "<rss><title>a</title></rss>"),
    ("half_an_attribute", '<rss><title>a</title><link href="ht', "<rss><title>a</title></rss>"),
    ("half_an_end_tag", "<rss><title>a</tit", "<rss><title>a</title></rss>"),
    ("half_an_address", "<rss><link>https://paper.example/a</rss", "<rss><link></link></rss>"),
    ("half_a_date", "<rss><pubDate>Tue, 02 Ja", "<rss><pubDate></pubDate></rss>"),
    ("half_a_text_stays", "<rss><description>It ru", "<rss><description>It ru</description></rss>"),
    ("behind_the_document", "<rss>a</rss>[]<p>b</p>", "<rss>a</rss>"),
    ("text_behind_the_document", "<rss>a</rss> served in 3 ms", "<rss>a</rss>"),
    (
        "end_too_early",
        "<rss><item>a</item></rss><item>b</item>",
        "<rss><item>a</item><item>b</item></rss>",
    ),
    (
        "two_documents",
        "<rss><item>a</item></rss><rss><item>b</item></rss>",
        "<rss><item>a</item><item>b</item></rss>",
    ),
    ("end_twice", "<rss><item>a</item></item></rss>", "<rss><item>a</item></rss>"),
    ("end_of_nothing", "<rss>a</b></rss>", "<rss>a</rss>"),
    ("other_case", "<rss><Title>a</title></rss>", "<rss><Title>a</Title></rss>"),
    (
        "item_without_its_end",
        "<rss><item><title>a</title><item><title>b</title></item></rss>",
        "<rss><item><title>a</title></item><item><title>b</title></item></rss>",
    ),
    (
        "title_without_its_end",
        "<rss><item><title>a<link>b</link></item></rss>",
        "<rss><item><title>a</title><link>b</link></item></rss>",
    ),
    (
        "enclosure_as_in_html",
        '<rss><item><enclosure url="a"><link>b</link></item></rss>',
        '<rss><item><enclosure url="a"/><link>b</link></item></rss>',
    ),
    (
        "atom_link_as_in_html",
        '<feed><entry><link href="a"><media:x/></entry></feed>',
        '<feed xmlns:media="http://search.yahoo.com/mrss"><entry><link href="a"/><media:x/></entry></feed>',
    ),
    (
        "page_of_a_sitemap_without_its_end",
        "<urlset><url><loc>a</loc><url><loc>b</loc></url></urlset>",
        "<urlset><url><loc>a</loc></url><url><loc>b</loc></url></urlset>",
    ),
    (
        "html_ends_with_its_text",
        "<rss><description><p>a<br>b</description></rss>",
        "<rss><description><p>a<br/>b</p></description></rss>",
    ),
    (
        "end_inside_an_entry_ends_nothing_outside",
        "<rss><channel><item>a</div></title></item>b</channel></rss>",
        "<rss><channel><item>a</item>b</channel></rss>",
    ),
    ("bare_less_than", "<rss>a < b <3 <= c</rss>", "<rss>a &lt; b &lt;3 &lt;= c</rss>"),
    (
        "word_in_angle_brackets",
        "<rss><title>How <input> works</title></rss>",
        "<rss><title>How &lt;input> works</title></rss>",
    ),
    (
        "break_in_a_title",
        "<rss><title>One<br>two</title></rss>",
        "<rss><title>One<br/>two</title></rss>",
    ),
    (
        "pair_in_a_title",
        "<rss><title>One <b>two</b></title></x></rss>",
        "<rss><title>One <b>two</b></title></rss>",
    ),
    ("attribute_twice", '<rss a="1" a="2">x</rss>', '<rss a="1">x</rss>'),
    (
        "less_than_in_a_value",
        '<rss><a b="1<2" c="3"/>x</rss>',
        '<rss><a b="1&lt;2" c="3"/>x</rss>',
    ),
    (
        "value_without_its_end",
        '<rss><a b="1>x</a><a b="2">y</a></rss>',
        '<rss><a>x</a><a b="2">y</a></rss>',
    ),
    (
        "page_without_its_start",
        "<urlset><loc>a</loc></url><url><loc>b</loc></url></x></urlset>",
        "<urlset><url><loc>a</loc></url><url><loc>b</loc></url></urlset>",
    ),
    (
        "namespace_that_is_no_address",
        '<rss xmlns="&amp;http://a<b/ c">x</rss>',
        '<rss xmlns="http://ab/c">x</rss>',
    ),
    ("declaration_without_its_end", '<?xml version="1.0<rss>x</rss>', "<rss>x</rss>"),
    ("no_quotes", "<rss a=1 b='2'>x</rss>", '<rss a="1" b="2">x</rss>'),
    ("no_value", "<rss a b=1>x</rss>", '<rss a="" b="1">x</rss>'),
    ("greater_than_in_a_value", '<rss a="1>2">x</rss>', '<rss a="1>2">x</rss>'),
    ("cdata", "<rss><![CDATA[a < b & c]]></rss>", "<rss>a &lt; b &amp; c</rss>"),
    (
        "cdata_that_ends_with_its_element",
        "<rss><title><![CDATA[a</title><title><![CDATA[b]]></title></rss>",
        "<rss><title>a</title><title>b</title></rss>",
    ),
    ("cdata_cut", "<rss><title><![CDATA[a < b", "<rss><title>a &lt; b</title></rss>"),
    ("cdata_end_alone", "<rss>a]]>b</rss>", "<rss>a]]&gt;b</rss>"),
    ("comment", "<rss><!-- a <b> -- c -->d</rss>", "<rss>d</rss>"),
    ("instruction", "<?xml version='1.0'?><rss><?php x ?>d</rss>", "<rss>d</rss>"),
    (
        "prefix_of_nobody",
        "<rss><x:y>1</x:y></rss>",
        '<rss xmlns:x="urn:prefix:x"><x:y>1</x:y></rss>',
    ),
    (
        "prefix_declared_at_the_root",
        '<rss xmlns:x="urn:a"><x:y/></rss>',
        '<rss xmlns:x="urn:a"><x:y/></rss>',
    ),
    ("namespace_without_a_name", '<rss xmlns:x=""><a/></rss>', "<rss><a/></rss>"),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in MENDED], ids=[c[0] for c in MENDED])
def test_fault_is_mended(text: str, expected: str) -> None:
    found, _ = well_formed(text)
    assert found == expected
    assert xml.strict(found) is not None


def test_usual_prefix_means_its_namespace() -> None:
    root = xml.strict(well_formed("<rss><dc:creator>Ana</dc:creator></rss>")[0])
    assert root is not None
    assert list(xml.children(root)) == ["dc:creator"]


PIECES = st.sampled_from(
    [
        *("<item>", "</item>", "<title>", "</title>", "<link>", "</link>", "<p>", "</p>", "<br>"),
        *("<dc:date>", "</dc:date>", "<x a=1 a='2'>", "</x>", "<![CDATA[", "]]>", "<!--", "-->"),
        *(
            "<?x",
            "?>",
            "<",
            ">",
            "a",
            " ",
            '"',
            "<link href='",
            "</rss>",
            "<rss>",
            "<a:b:c>",
            "<a:>",
        ),
        *("<item xmlns:q='urn:q' q:r='1'>", "<q:r>", "&amp;", "<é>", "<a é='1'>", "xmlns:xml='a'"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_result_is_well_formed_whatever_stands_in_the_document(inside: str) -> None:
    assert xml.strict(well_formed(f"<rss>{inside}</rss>")[0]) is not None


@given(st.lists(st.sampled_from(["<item>a</item>", "<item><title>b</title></item>"]), min_size=1))
def test_what_is_well_formed_stays(items: list[str]) -> None:
    text = f"<rss>{''.join(items)}</rss>"
    assert well_formed(text) == (text, False)


CUTS = [
    ("whole", "<rss><item>a</item></rss>", False),
    ("in_an_entry", "<rss><item>a", True),
    ("behind_an_entry", "<rss><item>a</item>", False),
    ("in_the_channel", "<rss><channel><title>a", False),
    ("in_a_page", "<urlset><url><loc>a", True),
    ("entry_ends_with_the_document", "<rss><item>a</rss>", False),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CUTS], ids=[c[0] for c in CUTS])
def test_document_that_ends_inside_an_entry_is_cut(text: str, expected: bool) -> None:  # noqa: FBT001
    assert well_formed(text)[1] is expected


@pytest.mark.parametrize(
    "part",
    [
        "<a>",
        "<item>",
        "</item>",
        "<",
        "<![CDATA[",
        "<!--",
        "<a b='",
        '<a b="1" ',
        "</rss>",
        "<x:y>",
        "<a><![CDATA[x</a>",
        *('"', "<a '\"", "a", "a=", '<a b="<'),
    ],
    ids=repr,
)
def test_hostile_repetition_stays_linear(part: str) -> None:
    started = time.process_time()
    well_formed("<rss>" + part * 40_000)
    well_formed("<rss>" + part * 40_000 + "]]><item>")
    well_formed("<rss><a " + part * 40_000 + "!></a>")
    assert time.process_time() - started < 3  # quadratic would take minutes
