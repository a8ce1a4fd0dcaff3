"""Articles that stand only in the data of a page's scripts."""

from __future__ import annotations

import json

import pytest

from pipeline.articles.facts.json_ld import Linked
from pipeline.articles.text import markup, script_data, text_extraction

PARAGRAPHS = [
    f"On day {day} the harbour board met the masons, and the pier grew by another span of oak."
    for day in range(1, 8)
]
HTML = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
OTHER = (
    "<p>"
    + "Subscribe to our letter from the sea, it is free and it comes on Sundays. " * 6
    + "</p>"
)


def page(*scripts: str) -> str:
    shells = "".join(f"<script>{script}</script>" for script in scripts)
    return f"<html><body><div id='root'></div>{shells}</body></html>"


def data(**values: object) -> str:
    return "window.__STATE__ = " + json.dumps({"article": {"id": 7, **values}}) + ";"


def state(paragraphs: object) -> str:
    value = json.dumps({"props": {"body": paragraphs}})
    return page().replace("</body>", f'<script type="application/json">{value}</script></body>')


def pieces(line: str) -> list[dict[str, object]]:
    head, _, tail = line.partition("harbour")
    return [{"text": head}, {"type": "a", "children": [{"text": "harbour"}]}, {"text": tail}]


def lines(html: str) -> list[str]:
    tree = markup.tree(html)
    assert tree is not None
    return script_data.lines(tree)


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        pytest.param(PARAGRAPHS, page(data(body=HTML)), id="as it is"),
        pytest.param(
            PARAGRAPHS, page(data(body=HTML).replace("<", "\\u003c")), id="with escaped tags"
        ),
        pytest.param(
            PARAGRAPHS, page(f"push({json.dumps(data(body=HTML))})"), id="a string in a string"
        ),
        pytest.param(
            PARAGRAPHS, page(f"push([1,{json.dumps('1a:T4c2,' + HTML)}])"), id="flight data"
        ),
        pytest.param(
            PARAGRAPHS,
            page(data(letter=OTHER), data(body=HTML), data(teaser="<p>Pier.</p>")),
            id="the longest",
        ),
        pytest.param(PARAGRAPHS, state(PARAGRAPHS), id="an array of texts"),
        pytest.param(PARAGRAPHS, state([f"<p>{line}</p>" for line in PARAGRAPHS]), id="of HTML"),
        pytest.param(
            PARAGRAPHS,
            state([{"type": "paragraph", "data": {"text": line}} for line in PARAGRAPHS]),
            id="of objects",
        ),
        pytest.param(
            PARAGRAPHS,
            state([{"type": "p", "children": pieces(line)} for line in PARAGRAPHS]),
            id="of objects of pieces of text",
        ),
        pytest.param(
            PARAGRAPHS,
            state(
                [*({"text": line} for line in PARAGRAPHS), {"alt": "A pier.", "credit": "Bo Ek"}]
            ),
            id="with a picture",
        ),
        pytest.param(
            [],
            state([{"title": "Pier is built", "summary": line} for line in PARAGRAPHS]),
            id="teasers of articles",
        ),
        pytest.param(
            [], state([f"Accept the cookies of number {n}" for n in range(30)]), id="labels"
        ),
        pytest.param(
            [],
            page(data(body=PARAGRAPHS)),
            id="an array in a program",
        ),
        pytest.param([], page(data(body="x" * 900)), id="no HTML"),
        pytest.param([], page(data(body="<p>A short text.</p>")), id="too short"),
        pytest.param(
            [], page(data(body=HTML).replace("<", "\\u003c").replace('"', "'")), id="no JSON"
        ),
        pytest.param([], page('"' + "<p>" * 900), id="a string without an end"),
        pytest.param([], page(), id="no script"),
    ],
)
def test_the_longest_html_in_the_scripts_is_read(expected: list[str], html: str) -> None:
    assert lines(html) == expected


def test_it_is_read_where_the_page_shows_nothing() -> None:
    html = page(data(body=HTML))
    tree = markup.tree(html)
    assert tree is not None
    found = text_extraction.reading(tree, html, "https://post.example/pier", Linked())
    assert (found.lines, found.extractor) == (PARAGRAPHS, "script_data/1")


def test_it_is_not_read_where_the_page_shows_its_text() -> None:
    shown = [line.replace("oak", "stone") for line in PARAGRAPHS]
    body = "".join(f"<p>{line}</p>" for line in shown)
    html = page(data(body=HTML * 2)).replace(
        "<div id='root'>", f"<article><h1>Pier</h1>{body}</article><div>"
    )
    tree = markup.tree(html)
    assert tree is not None
    assert (
        text_extraction.reading(tree, html, "https://post.example/pier", Linked()).lines[-7:]
        == shown
    )
