from __future__ import annotations

import pytest
from lxml import etree

from pipeline.articles import body, markup

LONG = "The council of Harbour Town voted on Tuesday to rebuild the old pier, which a storm broke."


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        pytest.param("<p>One</p><p>Two</p>", ["One", "Two"], id="paragraphs"),
        pytest.param("<p>A<hi> b</hi> c</p>", ["A b c"], id="inline"),
        pytest.param("<p>A<lb/>b</p>", ["A", "b"], id="line break"),
        pytest.param("<p>A</p>tail<p>B</p>", ["A", "tail", "B"], id="text between"),
        pytest.param("<list><item>a</item><item>b</item></list>", ["a", "b"], id="items"),
        pytest.param(
            "<table><row><cell>a</cell><cell>b</cell></row><row><cell>c</cell></row></table>",
            ["a | b", "c"],
            id="rows",
        ),
        pytest.param("<quote><p>a</p>b</quote>", ["a", "b"], id="quote"),
        pytest.param("<p> a \n\t b </p>", ["a", "b"], id="lines of preformatted text"),
        pytest.param("<row><cell/><cell> </cell></row><p/>", [], id="nothing"),
    ],
)
def test_result_becomes_lines(xml: str, expected: list[str]) -> None:
    assert body.paragraphs(etree.fromstring(f"<body>{xml}</body>")) == expected


FRONT = (
    "<html><body><article><header><h1>Pier to be rebuilt</h1><p>Nine million crowns.</p></header>"
    "<p class='article-standfirst'>A landmark.</p><div class='byline'>By <a>Ann Lee</a></div>"
    f"<p>{LONG}</p><h3 class='subheading'>What it costs</h3><p>Plain first words.</p></article></body></html>"
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["Pier to be rebuilt", LONG], [LONG], id="headline"),
        pytest.param(["PIER TO BE REBUILT!", LONG], [LONG], id="headline in other letters"),
        pytest.param(["Nine million crowns.", LONG], [LONG], id="line of the header"),
        pytest.param(["A landmark.", LONG], [LONG], id="dek by its class"),
        pytest.param(["By Ann Lee", LONG], [LONG], id="byline by its class"),
        pytest.param(["Told title", LONG], [LONG], id="title"),
        pytest.param(
            ["Pier to be rebuilt", "A landmark.", "By Ann Lee", LONG], [LONG], id="all of them"
        ),
        pytest.param(["Plain first words.", LONG], ["Plain first words.", LONG], id="a paragraph"),
        pytest.param(
            [LONG, "What it costs", "By Ann Lee"],
            [LONG, "What it costs", "By Ann Lee"],
            id="nothing after the body has begun",
        ),
        pytest.param([], [], id="nothing"),
    ],
)
def test_front_matter_is_left_out(lines: list[str], expected: list[str]) -> None:
    tree = markup.tree(FRONT)
    assert tree is not None
    assert body.without_front(lines, tree, "Told title") == expected


def test_header_that_holds_the_article_is_no_front_matter() -> None:
    lines = [f"{LONG} {number}" for number in range(20)]
    wrapped = "".join(f"<p>{line}</p>" for line in lines)
    tree = markup.tree(f"<html><body><header><h1>Pier</h1>{wrapped}</header></body></html>")
    assert tree is not None
    assert body.without_front(["Pier", *lines], tree, None) == lines


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div class='article-body'><p>A</p><p>B</p></div>", ["A", "B"]),
        ("<div class='x story__content y'>A</div>", ["A"]),
        ("<div itemprop='articleBody'>A<aside>no</aside></div>", ["A"]),
        ("<section class='entry-content'>A<script>no</script></section>", ["A"]),
        ("<div class='article-body-related'>A</div>", []),
        ("<p class='article-body'>A</p>", []),
        ("<div>A</div>", []),
    ],
)
def test_marked_body_is_found_by_its_mark(html: str, expected: list[str]) -> None:
    tree = markup.tree(f"<html><body><p>Before</p>{html}<p>After</p></body></html>")
    assert tree is not None
    assert body.marked(tree) == expected


def test_joined_text_is_clean_and_bounded() -> None:
    assert body.joined(["a\x00b", "c\u202e"]) == ("ab\nc", False)
    assert body.joined([]) == ("", False)
    text, truncated = body.joined(["x" * body.LONGEST_TEXT, "y"])
    assert len(text) == body.LONGEST_TEXT
    assert truncated
