from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.parsing import html_to_text

TEXTS = [
    ("plain", "Ferry runs again", "Ferry runs again"),
    ("white_space", "  Ferry\n\truns\u00a0again ", "Ferry runs again"),
    ("entity", "Salt &amp; pepper", "Salt & pepper"),
    ("entity_twice", "Salt &amp;amp; pepper", "Salt & pepper"),
    ("number", "It&#8217;s", "It\u2019s"),
    ("inline_tag", "un<b>believ</b>able", "unbelievable"),
    ("block_tag", "<p>One</p><p>Two</p>", "One Two"),
    ("line_break", "One<br/>Two", "One Two"),
    ("escaped_tag", "&lt;em&gt;Tide&lt;/em&gt; turns", "Tide turns"),
    ("bare_less_than", "Why 3 < 4 matters", "Why 3 < 4 matters"),
    ("escaped_less_than", "Why 3 &lt; 4 matters", "Why 3 < 4 matters"),
    ("unknown_tag_stays", "Vector<int> explained", "Vector<int> explained"),
    ("image", '<img src=x onerror="alert(1)">Title', "Title"),
    ("script_goes_with_its_text", "A<script>evil()</script>B", "A B"),
    ("unclosed_script_takes_the_rest", "A<script>evil()", "A"),
    ("style", "<style>p{}</style>Text", "Text"),
    ("comment", "A<!-- hidden > -->B", "A B"),
    ("cdata_left_over", "<![CDATA[Tide]]>", "Tide"),
    ("nothing", "<p> </p>", ""),
    ("c1_reference", "Don&#146;t wait&#133;", "Don\u2019t wait\u2026"),
    ("c1_character", "Don\x92t wait\x85", "Don\u2019t wait\u2026"),
    ("ampersand_alone", "R&D up 4%", "R&D up 4%"),
]


@pytest.mark.parametrize(("markup", "expected"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_words_of_a_snippet(markup: str, expected: str) -> None:
    assert html_to_text.words(markup) == expected


GUESSED = [
    ("plain", "Ferry  runs\nagain", "Ferry runs again"),
    (
        "tag_spoken_of",
        "How does <input> differ from <select>?",
        "How does <input> differ from <select>?",
    ),
    ("escaped_tag_spoken_of", "The &lt;video&gt; element", "The <video> element"),
    ("escaped_twice", "The &amp;lt;video&amp;gt; element", "The <video> element"),
    ("two_start_tags", "Intent to unship: <a> as <area>", "Intent to unship: <a> as <area>"),
    ("tag_with_an_attribute", '<link rel="preload"> explained', '<link rel="preload"> explained'),
    ("end_tag_alone", "Why close </p> at all", "Why close </p> at all"),
    ("end_before_start", "Why </p> before <p>", "Why </p> before <p>"),
    ("script_spoken_of", "How <script> blocks a page", "How <script> blocks a page"),
    ("pair_around_a_tag", "<code><input></code> again", "<input> again"),
    ("pair", "<b>Bold</b> move", "Bold move"),
    ("pair_in_capitals", "<B>Bold</b> move", "Bold move"),
    ("pair_with_attributes", '<span class="x">Bold</span> move', "Bold move"),
    ("nested_pairs", "<p>One <em>two</em></p><p>three</p>", "One two three"),
    ("crossed_pairs", "<b><i>One</b></i> two", "One two"),
    ("escaped_pair", "&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
    ("break", "One<br>two<BR/>three", "One two three"),
    ("picture", '<img src="a.png" alt="x">Title', "Title"),
    ("picture_spoken_of", "What <img> needs", "What <img> needs"),
    ("script_with_its_end", "A<script>evil()</script>B", "A B"),
    ("comment", "A<!-- hidden > -->B", "A B"),
    ("comment_without_an_end", "What <!-- means", "What <!-- means"),
    ("not_a_tag", "Vector<int> and 3 < 4", "Vector<int> and 3 < 4"),
    ("entity_twice", "Salt &amp;amp; pepper", "Salt & pepper"),
    ("c1", "wait\x85 &#146;", "wait\u2026 \u2019"),
    ("nothing", "<b></b>", ""),
]


@pytest.mark.parametrize(
    ("written", "expected"), [c[1:] for c in GUESSED], ids=[c[0] for c in GUESSED]
)
def test_undeclared_text_keeps_tags_that_are_spoken_of(written: str, expected: str) -> None:
    assert html_to_text.guessed(written) == expected


DECLARED = [
    ("markup", "<b>Bold</b> <i>move", "Bold move", "<b>Bold</b> <i>move"),
    ("tag_alone", "An <input> here", "An here", "An <input> here"),
    ("escaped_tag", "An &lt;input&gt; here", "An <input> here", "An <input> here"),
    ("escaped_pair", "&lt;b&gt;x&lt;/b&gt; here", "<b>x</b> here", "<b>x</b> here"),
    ("entity_twice", "Salt &amp;amp; pepper", "Salt & pepper", "Salt &amp; pepper"),
    ("ampersand", "R&D <= 3", "R&D <= 3", "R&D <= 3"),
]


@pytest.mark.parametrize(
    ("written", "as_html", "as_text"), [c[1:] for c in DECLARED], ids=[c[0] for c in DECLARED]
)
def test_declared_kind_is_believed(written: str, as_html: str, as_text: str) -> None:
    assert html_to_text.shown(written) == as_html
    assert html_to_text.literal(written) == as_text


@pytest.mark.parametrize(
    "part",
    ["<", "<b ", "<!--", "<script>", "</script", "<b>", "</b>", "&amp;", "<![CDATA["],
    ids=repr,
)
def test_hostile_repetition_stays_linear(part: str) -> None:
    started = time.process_time()
    html_to_text.words(part * 50_000)
    html_to_text.guessed(part * 50_000)
    assert time.process_time() - started < 3  # quadratic would take minutes


@given(st.text())
def test_any_text_becomes_one_line(markup: str) -> None:
    for read in (html_to_text.words, html_to_text.guessed, html_to_text.literal):
        found = read(markup)
        assert found == " ".join(found.split())
