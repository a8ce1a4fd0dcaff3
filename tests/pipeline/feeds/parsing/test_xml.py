from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from pipeline.feeds.parsing import xml

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

REPAIRS = [
    ("nothing_to_do", "<rss>a</rss>", "<rss>a</rss>"),
    (
        "before_the_declaration",
        'Warning!<?xml version="1.0"?><rss/>',
        '<?xml version="1.0"?><rss/>',
    ),
    ("before_the_root", "<b>Notice</b> line 3<rss/>", "<rss/>"),
    ("bare_ampersand", "<rss>a & b</rss>", "<rss>a &amp; b</rss>"),
    ("ampersand_in_address", "<rss>?a=1&b=2</rss>", "<rss>?a=1&amp;b=2</rss>"),
    ("known_references", "<rss>&lt;&amp;&#65;</rss>", "<rss>&lt;&amp;&#65;</rss>"),
    ("hexadecimal", "<rss>&#x41;&#X42;</rss>", "<rss>&#65;&#66;</rss>"),
    ("html_name", "<rss>a&nbsp;b&eacute;</rss>", "<rss>a\u00a0bé</rss>"),
    ("html_name_for_markup", "<rss>&LT;b</rss>", "<rss>&lt;b</rss>"),
    ("unknown_name", "<rss>&bogus;</rss>", "<rss>&amp;bogus;</rss>"),
    ("surrogate_reference", "<rss>a&#xD800;b</rss>", "<rss>ab</rss>"),
    ("control_reference", "<rss>a&#0;&#11;b</rss>", "<rss>ab</rss>"),
    ("beyond_unicode", "<rss>a&#x110000;b</rss>", "<rss>ab</rss>"),
    ("control_character", "<rss>a\x02b</rss>", "<rss>ab</rss>"),
    (
        "cdata_is_left_alone",
        "<rss><![CDATA[a & b&nbsp;]]></rss>",
        "<rss><![CDATA[a & b&nbsp;]]></rss>",
    ),
    ("comment_without_its_end", "<rss><!-- a & b</rss>", "<rss>&lt;!-- a &amp; b</rss>"),
    (
        "two_comments_without_an_end",
        "<rss><!-- a --><!-- b <!-- c & d</rss>",
        "<rss><!-- a -->&lt;!-- b &lt;!-- c &amp; d</rss>",
    ),
    ("comment_is_left_alone", "<rss><!-- a & b --></rss>", "<rss><!-- a & b --></rss>"),
    (
        "own_entity_stays",
        '<!DOCTYPE rss [<!ENTITY x "y">]><rss>&x; &z;</rss>',
        '<!DOCTYPE rss [<!ENTITY x "y">]><rss>&x; &amp;z;</rss>',
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), [c[1:] for c in REPAIRS], ids=[c[0] for c in REPAIRS]
)
def test_repair(text: str, expected: str) -> None:
    assert xml.repaired(text) == expected


@pytest.mark.parametrize(
    "part", ["&", "&#", "<!DOCTYPE[", "<![CDATA[", "<!--", "]", "<!ENTITY ", "<a:"], ids=repr
)
def test_repair_of_hostile_repetition_stays_linear(part: str) -> None:
    started = time.process_time()
    xml.repaired("<rss>" + part * 40_000)
    assert time.process_time() - started < 3  # quadratic would take minutes


def root_of(text: str) -> Element:
    root = xml.strict(text)
    assert root is not None
    return root


def test_declared_encoding_does_not_matter_any_more() -> None:
    assert xml.words(root_of('<?xml version="1.0" encoding="utf-16"?><rss>é</rss>')) == "é"


@pytest.mark.parametrize(
    "text",
    ["", "plain", "<rss>", "<rss>&nbsp;</rss>", "<rss a='1' a='2'/>", "<a:b/>", "<rss/><rss/>"],
    ids=repr,
)
def test_what_is_not_well_formed_has_no_tree(text: str) -> None:
    assert xml.strict(text) is None


def test_external_entity_is_not_read() -> None:
    text = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss>a&x;b</rss>'
    root = xml.strict(text)
    assert root is None or xml.words(root) in {"ab", "a&x;b"}


def test_internal_entity_is_read() -> None:
    assert xml.words(root_of('<!DOCTYPE rss [<!ENTITY x "y">]><rss>a&x;b</rss>')) == "ayb"


NAMES = [
    ("none", "<Title/>", "title"),
    ("rss1", '<title xmlns="http://purl.org/rss/1.0/"/>', "title"),
    ("atom", '<a:title xmlns:a="http://www.w3.org/2005/Atom"/>', "atom:title"),
    ("atom03", '<title xmlns="http://purl.org/atom/ns#"/>', "atom:title"),
    ("other_prefix", '<x:date xmlns:x="http://purl.org/dc/elements/1.1/"/>', "dc:date"),
    ("no_slash", '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1"/>', "dc:date"),
    ("unknown", '<y:title xmlns:y="urn:nobody"/>', "?:title"),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in NAMES], ids=[c[0] for c in NAMES])
def test_name_does_not_depend_on_the_prefix(text: str, expected: str) -> None:
    assert xml.name(root_of(text)) == expected


def test_root_in_an_unknown_name_space_takes_its_children_home() -> None:
    root = root_of('<rss xmlns="urn:nobody"><channel/></rss>')
    assert [xml.name(root), *xml.children(root)] == ["rss", "channel"]


MARKUP = [
    ("escaped", "<d>&lt;p&gt;a&lt;/p&gt;</d>", "<p>a</p>"),
    ("cdata", "<d><![CDATA[<p>a</p>]]></d>", "<p>a</p>"),
    ("in_place", "<d>a <b>c</b> d</d>", "a <b>c</b> d"),
    ("text_beside_elements_is_text", "<d>1 &lt; 2<br/></d>", "1 &lt; 2<br>"),
    ("empty", "<d> </d>", None),
    (
        "xhtml_without_its_div",
        '<d><div xmlns="http://www.w3.org/1999/xhtml"><p>a</p> b</div></d>',
        "<p>a</p> b",
    ),
    (
        "xhtml_prefix_goes",
        '<d xmlns:h="http://www.w3.org/1999/xhtml"><h:p class="x">a<h:br/></h:p></d>',
        '<p class="x">a<br></p>',
    ),
    ("two_divs_stay", "<d><div>a</div><div>b</div></d>", "<div>a</div><div>b</div>"),
    ("comment_goes", "<d>a<!-- x -->b</d>", "ab"),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in MARKUP], ids=[c[0] for c in MARKUP])
def test_markup_is_html(text: str, expected: str | None) -> None:
    assert xml.markup(root_of(text)) == expected


def test_attribute_is_stripped_and_empty_is_none() -> None:
    root = root_of('<d a=" x " b=" "/>')
    assert [xml.attribute(root, name) for name in "abc"] == ["x", None, None]


def test_many_attributes_do_not_take_long() -> None:
    started = time.process_time()
    root = root_of("<d " + " ".join(f'a{n}="x"' for n in range(20_000)) + "/>")
    assert [xml.attribute(root, "href") for _ in range(20)] == [None] * 20
    assert time.process_time() - started < 3
