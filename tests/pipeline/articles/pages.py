"""Minimal pages of our own for the rules on kinds and walls."""

from __future__ import annotations

import json
from html import escape

from pipeline.articles.facts import json_ld, titles
from pipeline.articles.facts.meta_tags import head
from pipeline.articles.kinds import non_articles
from pipeline.articles.kinds.page import Page
from pipeline.articles.text import markup

URL = "https://post.example/news/pier"
LINE = "The council of Harbour Town voted on Tuesday to rebuild the old pier, which a storm broke."
SHORT, LONG = [LINE], [LINE] * 40


def page(html: str, lines: list[str], url: str = URL) -> Page:
    """A page of which `lines` were found to be the text."""
    source = f"<html>{html}</html>"
    tree = markup.tree(source)
    assert tree is not None
    heading = head(tree, url)
    linked_data = json_ld.linked(tree, heading)
    title = titles.title(tree, heading, linked_data)
    return Page(tree, heading, linked_data, title, lines, source)


def wall(html: str, lines: list[str], shown: list[str] | None = None, url: str = URL) -> str | None:
    """The reason of the wall on a page that shows `shown`, or else its text."""
    found = wall_of(html, lines, shown, url)
    return None if found is None else found.reason


def wall_of(
    html: str, lines: list[str], shown: list[str] | None = None, url: str = URL
) -> non_articles.Wall | None:
    told = "".join(f"<p>{escape(line)}</p>" for line in (lines if shown is None else shown))
    return non_articles.wall(page(html + told, lines, url))


def linked(kind_name: str | list[str], **told: object) -> str:
    node = {"@type": kind_name, "headline": "Pier"} | told
    return script(node)


def script(*nodes: object) -> str:
    value = nodes[0] if len(nodes) == 1 else {"@graph": nodes}
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def og_type(name: str) -> str:
    return f"<meta property='og:type' content='{name}'>"


def teasers(count: int, host: str = "", summary: str = "What happened there, in one line.") -> str:
    return "".join(
        f"<div><h2><a href='{host}/n{n}'>Headline {n}</a></h2><p>{summary} {n}</p></div>"
        for n in range(count)
    )
