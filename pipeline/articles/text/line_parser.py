"""The text of a page's blocks as lines, gathered from the parser's events without a tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
"""Elements at which a line ends."""

PROSE_LINE: Final = 80
"""Characters from which a line is prose rather than navigation; a Chinese, Japanese or Korean one
counts as WIDE."""

SENTENCE: Final = 25
"""Characters from which a line that ends like a sentence is prose."""

WIDE: Final = 3

LONGEST_GAP: Final = 10
"""Lines between two of prose, sub-heads and quotes and items, that are kept as the article's."""

_WIDE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_SILENT: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "noframes",
        "template",
        "svg",
        "math",
        "head",
        "iframe",
        "object",
        "select",
        "textarea",
        "button",
    ]
)
_WITH_CHROME: Final = _SILENT | frozenset(["nav", "footer", "aside", "form", "figure"])


class Lines:
    """A parser target (lxml calls it for each tag) that gathers `lines`, of `length` characters.

    `heading` is how many lines stand before the first h1.
    """

    def __init__(self, *, chrome: bool) -> None:
        """Without `chrome`, navigation and the like and lines that are mostly links are left out."""
        self.lines: list[str] = []
        self.length = 0
        self.heading: int | None = None
        self._silent = _SILENT if chrome else _WITH_CHROME
        self._inside = 0
        self._parts: list[str] = []
        self._with_links = chrome
        self._in_link = False
        self._linked = 0

    def start(self, tag: str | bytes, attrib: Mapping[str | bytes, str | bytes]) -> None:  # noqa: ARG002 - the protocol's
        """An element begins."""
        if tag in BLOCKS:
            self.end_line()
        if tag == "h1" and self.heading is None and not self._inside:
            self.heading = len(self.lines)
        self._inside += tag in self._silent
        self._in_link = self._in_link or tag == "a"

    def end(self, tag: str | bytes) -> None:
        """An element ends."""
        self._inside -= tag in self._silent
        self._in_link = self._in_link and tag != "a"
        if tag in BLOCKS:
            self.end_line()

    def data(self, data: str | bytes) -> None:
        """Text."""
        if not self._inside:
            self._parts.append(str(data))
            self._linked += len(data) * self._in_link
            self.length += len(data) * (self._with_links or not self._in_link)

    def comment(self, text: str | bytes) -> None:
        """A comment is no text."""

    def close(self) -> None:
        """The document ends."""
        self.end_line()

    def end_line(self) -> None:
        """What follows is another line."""
        line = " ".join("".join(self._parts).split())
        if line and (self._with_links or self._linked * 2 <= len(line)):
            self.lines.append(line)
        self._parts.clear()
        self._linked = 0
        self._in_link = False  # a link that is never closed must not swallow the page


def is_prose(line: str) -> bool:
    """Whether a line is long enough, or a sentence."""
    weight = len(line) + (WIDE - 1) * len(_WIDE.findall(line))
    return weight >= PROSE_LINE or (weight >= SENTENCE and sentences.ends(line))


def prose(lines: list[str], heading: int | None) -> list[str]:
    """Return those of `lines` that are prose, and what stands between them.

    They begin at the first h1, which `heading` lines stand before, unless most prose is before it. Up to
    LONGEST_GAP lines between two of prose are sub-heads, short quotes and items; more are a list or table
    of something else.
    """
    found = [number for number, line in enumerate(lines) if is_prose(line)]
    below = [number for number in found if number >= (heading or 0)]
    found = below if 2 * len(below) > len(found) else found
    kept: list[str] = []
    last = -1
    for number in found:
        near = kept and number - last <= LONGEST_GAP + 1
        kept += lines[last + 1 if near else number : number + 1]
        last = number
    return kept
