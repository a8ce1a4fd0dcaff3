from __future__ import annotations

import pytest
from lxml import etree

from pipeline.articles.text import body, markup

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


URL = "https://www.post.example/2031/pier"
OTHER = "Storm takes the second lighthouse too"
PAGE = (
    "<html><body><article><header><h1>Pier to be rebuilt</h1><p>Nine million crowns.</p></header>"
    f"<p>{LONG}</p><p><a href='/2031/lighthouse'>{OTHER}</a></p>"
    "<p>Read more: <a href='https://post.example/storms'>All storms of the last winter</a></p>"
    "<p><a href='https://elsewhere.example/a'>Report of the weather office today</a></p>"
    "<p><a href='#costs'>What it will cost us</a></p><p><a href='/tags/pier'>Pier news</a></p>"
    "</article></body></html>"
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["Pier to be rebuilt", LONG], [LONG], id="headline"),
        pytest.param(["PIER TO BE REBUILT!", LONG], [LONG], id="headline in other letters"),
        pytest.param(["Told title", LONG], [LONG], id="title"),
        pytest.param(["A dek.", "Told title", LONG], ["A dek.", LONG], id="headline below a dek"),
        pytest.param(
            [LONG, "Pier to be rebuilt"], [LONG, "Pier to be rebuilt"], id="not inside the body"
        ),
        pytest.param([LONG, OTHER], [LONG], id="link to another article"),
        pytest.param([OTHER, LONG], [LONG], id="link before the body"),
        pytest.param(
            [LONG, OTHER, f"See also: {OTHER}", LONG, OTHER],
            [LONG, OTHER, f"See also: {OTHER}", LONG],
            id="links between paragraphs",
        ),
        pytest.param([LONG, f"See also: {OTHER}"], [LONG], id="link with a label"),
        pytest.param(
            [LONG, f"He wrote in his letter: {OTHER}"],
            [LONG, f"He wrote in his letter: {OTHER}"],
            id="link at the end of a sentence",
        ),
        pytest.param(
            [LONG, "All storms of the last winter"], [LONG], id="the site without its www"
        ),
        pytest.param(
            [LONG, "Report of the weather office today"],
            [LONG, "Report of the weather office today"],
            id="link to another site",
        ),
        pytest.param(
            [LONG, "What it will cost us"],
            [LONG, "What it will cost us"],
            id="link within the page",
        ),
        pytest.param([LONG, "Pier news"], [LONG, "Pier news"], id="link of two words"),
        pytest.param([LONG, f"{OTHER} again"], [LONG, f"{OTHER} again"], id="more than the link"),
        pytest.param(["Short.", OTHER], ["Short.", OTHER], id="page that is mostly links"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_headline_and_pointers_are_no_text(lines: list[str], expected: list[str]) -> None:
    tree = markup.tree(PAGE)
    assert tree is not None
    assert body.own(lines, tree, "Told title", URL) == expected


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


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(
            "<p>Use <code>a b</code>, then <code>c</code>.</p>", ["Use a b, then c."], id="in"
        ),
        pytest.param("<p>Ships <code>a</code><code>b</code></p>", ["Ships a b"], id="side by side"),
        pytest.param("<p>One</p><code>a\nb</code><p>Two</p>", ["One", "a", "b", "Two"], id="block"),
        pytest.param("<quote><code>a</code><code>b</code></quote>", ["a", "b"], id="lines of code"),
    ],
)
def test_code_within_a_paragraph_is_a_part_of_its_line(result: str, expected: list[str]) -> None:
    assert body.paragraphs(etree.fromstring(f"<body>{result}</body>")) == expected


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        pytest.param(["Pier", "It rains.", "It snows."], ["Pier It rains. It snows."], id="joined"),
        pytest.param(["It rains.", "It snows."], ["It rains. It snows."], id="a part of the page"),
        pytest.param(["It rains. It hails."], ["It rains. It hails."], id="not made of them"),
        pytest.param(["It rains.", "It snows."], ["It rains.", "It snows."], id="two lines"),
    ],
)
def test_line_made_of_several_blocks_is_separated(expected: list[str], lines: list[str]) -> None:
    html = "<nav>Home</nav><h1>Pier</h1><p>It rains.</p><p>It snows.</p><p>Share</p>"
    assert body.separated(lines, f"<html><body>{html}</body></html>") == expected
