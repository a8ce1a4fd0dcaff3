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
    ("ampersand_alone", "R&D up 4%", "R&D up 4%"),
]


@pytest.mark.parametrize(("markup", "expected"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_words_of_a_snippet(markup: str, expected: str) -> None:
    assert html_to_text.words(markup) == expected


@pytest.mark.parametrize(
    "part", ["<", "<b ", "<!--", "<script>", "</script", "&amp;", "<![CDATA["], ids=repr
)
def test_hostile_repetition_stays_linear(part: str) -> None:
    started = time.process_time()
    html_to_text.words(part * 50_000)
    assert time.process_time() - started < 3  # quadratic would take minutes


@given(st.text())
def test_any_text_becomes_one_line(markup: str) -> None:
    found = html_to_text.words(markup)
    assert found == " ".join(found.split())
