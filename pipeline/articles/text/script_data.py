"""Articles that a page carries only in the data of its scripts, for the browser to show."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pipeline.articles.text import limits, line_parser, markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

LEAST = 400
"""Characters of a string at least that holds an article's text."""

LEVELS = 2
"""Strings are written inside strings (React's flight data): how deep they are opened."""

DEPTH = 6
"""Levels inside an element of a JSON array in which its text is looked for."""

_JSON = re.compile(r"(?<!ld\+)json\b", re.IGNORECASE)
_WORDS = re.compile("\\s|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_STRING = re.compile(r'"((?:[^"\\\n]++|\\.)*+)"')
_HTML = re.compile(r"\s*(?:[0-9a-f]+:T[0-9a-f]+,\s*)?(?=<[a-z])", re.IGNORECASE)
# Markdown: paragraphs are set apart by an empty line.
_MARKDOWN = re.compile(r"\S\n\n+\S")
_LEADING = re.compile(r"^(?:#{1,6}|>|[-*+]|\d{1,3}\.)[ \t]+", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|(?<!\w)_)(\S[^*_\n]{0,500}?)\1")
_HINT = re.compile(r"(?:<|\\u003c)(?:p|br)\b", re.IGNORECASE)


def lines(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the lines of the longest article in the scripts' data; empty without one.

    Pages of single-page applications show nothing without running them, and bring the article's paragraphs
    as HTML in one string, or each in an element of a JSON array. Linear in the size of the scripts.
    """
    found: list[str] = []
    for script in tree.iter("script"):
        code = script.text or ""
        if not LEAST <= len(code) <= limits.LONGEST_DATA:
            continue
        if _HINT.search(code):
            for html in _paragraphs(code, LEVELS):
                if len(html) > _length(found):
                    found = max(found, markup.lines(html, chrome=False), key=_length)
        if _JSON.search(script.get("type") or ""):
            found = max(found, _array(code), key=_length)
    return found


def _array(code: str) -> list[str]:
    """The lines of the JSON array with the longest text, where at least half of them are prose."""
    found: list[str] = []
    for paragraphs in _arrays(code):
        if max(LEAST, _length(found)) <= _length(paragraphs):
            whole = "\n\n".join(paragraphs)
            tagged = markup.has_tags(whole)
            lines = (
                markup.lines(f"<p>{'<p>'.join(paragraphs)}")
                if tagged
                else markup.plain_lines(whole)
            )
            if 2 * sum(map(line_parser.is_prose, lines)) >= len(lines):
                found = max(found, lines, key=_length)
    return found


def _arrays(code: str) -> Iterator[list[str]]:
    """The arrays of a script of JSON as their elements' paragraphs."""
    try:
        waiting = [json.loads(code, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            parts = (element for element in value if not _is_markdown(element))
            yield [told for element in parts if (told := _paragraph(element))]
        if isinstance(value, dict | list):
            waiting.extend(value.values() if isinstance(value, dict) else value)
        elif isinstance(value, str) and len(value) >= LEAST:
            if _is_markdown(value):
                yield [_unmarked(paragraph) for paragraph in value.split("\n\n")]
            elif inner := _inside(value):
                waiting.append(inner)


def _is_markdown(value: object) -> bool:
    """Whether a string is a text of its own, in several paragraphs without tags."""
    is_long = isinstance(value, str) and len(value) >= LEAST
    return is_long and bool(_MARKDOWN.search(str(value))) and not markup.has_tags(str(value))


def _inside(value: str) -> object:
    """The JSON that a string holds, None when it holds none."""
    if value[:1] not in {"{", "["}:
        return None
    try:
        return json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return None


def _unmarked(paragraph: str) -> str:
    """A paragraph of Markdown as readers see it: without marks of headings, emphasis and links."""
    plain = _LINK.sub(r"\1", _LEADING.sub("", paragraph.strip()))
    return " ".join(_EMPHASIS.sub(r"\2", plain).split())


def _paragraph(element: object) -> str:
    """A string, or the strings of the only name in an object under which there are words.

    With words under two names the object is something else: a teaser's headline and its summary.
    """
    told: dict[str, list[str]] = {}
    waiting: list[tuple[str, object, int]] = [("", element, DEPTH)]
    while waiting:
        name, value, depth = waiting.pop()
        if isinstance(value, str) and value[:1] not in {"{", "["}:
            told.setdefault(name, []).append(value)
        elif isinstance(value, list) and depth:
            waiting.extend((name, inner, depth - 1) for inner in reversed(value))
        elif isinstance(value, dict) and depth:
            waiting.extend((key, inner, depth - 1) for key, inner in reversed(value.items()))
    worded = [texts for texts in told.values() if any(map(_WORDS.search, texts))]
    return "".join(worded[0]) if len(worded) == 1 else ""


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
