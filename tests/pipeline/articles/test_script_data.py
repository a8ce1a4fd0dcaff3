"""Articles that stand only in the data of a page's scripts."""

from __future__ import annotations

import json

import pytest

from pipeline.articles import markup, reading, script_data
from pipeline.articles.json_ld import Linked

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
    found = reading.reading(tree, html, "https://post.example/pier", Linked())
    assert (found.lines, found.extractor) == (PARAGRAPHS, "script_data/1")


def test_it_is_not_read_where_the_page_shows_its_text() -> None:
    shown = [line.replace("oak", "stone") for line in PARAGRAPHS]
    body = "".join(f"<p>{line}</p>" for line in shown)
    html = page(data(body=HTML * 2)).replace(
        "<div id='root'>", f"<article><h1>Pier</h1>{body}</article><div>"
    )
    tree = markup.tree(html)
    assert tree is not None
    assert reading.reading(tree, html, "https://post.example/pier", Linked()).lines[-7:] == shown
