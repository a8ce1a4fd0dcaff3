"""Articles that a page carries only in the data of its scripts, for the browser to show."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pipeline.articles import markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

LEAST = 400
"""Characters of a string at least that holds an article's text."""

LONGEST = 3_000_000
"""Characters of a script at most that is looked at."""

LEVELS = 2
"""Strings are written inside strings (React's flight data): how deep they are opened."""

_STRING = re.compile(r'"((?:[^"\\\n]++|\\.)*+)"')
_HTML = re.compile(r"\s*(?:[0-9a-f]+:T[0-9a-f]+,)?\s*(?=<[a-z])", re.IGNORECASE)
_HINT = re.compile(r"(?:<|\\+u003c)(?:p|br)\b", re.IGNORECASE)


def lines(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the lines of the longest HTML that stands as a string in the scripts; empty without one.

    Pages of single-page applications show nothing without running them, and bring the article's paragraphs
    as HTML in their data. Linear in the size of the scripts.
    """
    found: list[str] = []
    for script in tree.iter("script"):
        code = script.text or ""
        if LEAST <= len(code) <= LONGEST and _HINT.search(code):
            for html in _paragraphs(code, LEVELS):
                if len(html) > _length(found):
                    found = max(found, markup.lines(html, chrome=False), key=_length)
    return found


def _length(lines: list[str]) -> int:
    return sum(map(len, lines))


def _paragraphs(code: str, levels: int) -> Iterator[str]:
    """The strings of a script that are HTML with paragraphs."""
    for literal in _STRING.finditer(code):
        if len(literal.group(1)) < LEAST or not _HINT.search(literal.group(1)):
            continue
        try:
            value = str(json.loads(literal.group(0), strict=False))
        except ValueError:
            continue
        if levels > 1 and '"' in value and _HINT.search(value):
            yield from _paragraphs(value, levels - 1)
        if start := _HTML.match(value):
            yield value[start.end() :]
