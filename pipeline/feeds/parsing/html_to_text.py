"""Titles, names and HTML snippets as plain text on one line.

    declared HTML    -> `words`     every known tag is markup
    declared text    -> `literal`   nothing is markup
    not declared     -> `guessed`   what looks like markup is markup: `<b>new</b>` is, `<input>` is not

Regular expressions on purpose: each is linear on any input, and a title with a bare `<` in it
keeps its words, which an HTML parser would swallow.
"""

from __future__ import annotations

import re
from html import unescape

from pipeline.text import without_c1

# To the end where its own end is missing: a match that fails would be tried again at each start.
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b[^<>]*>.*?(?:</\1\b[^<>]*>|\Z)|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
_INLINE_NAMES = (
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|nobr|q|s|samp"
    "|small|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
_BLOCK_NAMES = (
    "address|applet|area|article|aside|audio|base|blockquote|body|br|button|canvas|caption"
    "|center|col|dd|details|div|dl|dt|embed|fieldset|figcaption|figure|footer|form|frame|h[1-6]"
    "|head|header|hr|html|iframe|img|input|label|li|link|main|map|math|menu|meta|nav|noscript"
    "|object|ol|option|p|param|picture|pre|script|section|select|source|style|summary|svg|table"
    "|tbody|td|template|textarea|tfoot|th|thead|title|tr|track|ul|video"
)
_INLINE = re.compile(rf"</?(?:{_INLINE_NAMES})\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(rf"</?(?:{_BLOCK_NAMES})\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(
    rf"<(?P<end>/?)(?:(?P<inline>{_INLINE_NAMES})|(?P<block>{_BLOCK_NAMES}))\b(?P<rest>[^<>]*)>",
    re.IGNORECASE,
)
# Elements without an end tag that are no words of a title: breaks, and pictures that name a file.
_BREAKS = {"br", "wbr"}
_PICTURES = {"img", "hr"}
_HIDDEN_END = re.compile(r"(?:-->|\[CDATA\[|\]\]>|</(?:script|style)\b[^<>]*>)\Z", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")


def words(markup: str) -> str:
    """Return the text of an HTML snippet on one line, `""` when there is none.

    Known tags go, an unknown one and a bare `<` stay. What was escaped twice, as many feeds do,
    is unescaped twice; of the tags in that only those that look like markup go.
    """
    return _one_line(_again(unescape(_untagged(markup))))


def shown(markup: str) -> str:
    """Return the text of a title that is declared to be HTML, on one line.

    Its tags go. A tag that it shows as text (`&lt;input&gt;`) stays, which is what the
    declaration says (RFC 4287 3.1.1.2); references that were escaped twice are read.
    """
    return _one_line(_unescaped(unescape(_untagged(markup))))


def literal(written: str) -> str:
    """Return a text that is declared to be plain, on one line.

    Nothing in it is markup (RFC 4287 3.1.1.1); references that were escaped twice are read.
    """
    return _one_line(_unescaped(written))


def guessed(written: str) -> str:
    """Return a text that may be HTML or plain, as titles of RSS and names are, on one line.

    Markup is a pair of tags, a line break and a picture. A tag that stands alone is spoken of:
    `How does <input> differ from <select>?` keeps both. What was escaped twice is read twice.
    """
    if "<" not in written and "&" not in written:
        return _one_line(written)
    return _one_line(_again(unescape(_without_markup(written))))


def _one_line(text: str) -> str:
    plain = text if text.isascii() else without_c1(text)
    return " ".join(plain.split())


def _again(flat: str) -> str:
    return _without_markup(_unescaped(flat)) if _is_escaped(flat) else flat


def _is_escaped(flat: str) -> bool:
    return "<" in flat or _ENTITY.search(flat) is not None


def _unescaped(flat: str) -> str:
    return unescape(flat) if _ENTITY.search(flat) else flat


def _untagged(markup: str) -> str:
    if "<" not in markup:
        return markup
    return _BLOCK.sub(" ", _INLINE.sub("", _HIDDEN.sub(" ", markup)))


def _without_markup(written: str) -> str:
    """`written` without the tags that look like markup."""
    if "<" not in written:
        return written
    # A comment or script without its end is spoken of.
    visible = _HIDDEN.sub(lambda found: " " if _HIDDEN_END.search(found[0]) else found[0], written)
    tags = list(_TAG.finditer(visible))
    paired = _paired(tags)
    kept, at = [], 0
    for index, tag in enumerate(tags):
        if index in paired or _stands_alone(tag):
            kept += [visible[at : tag.start()], "" if tag["inline"] else " "]
            at = tag.end()
    return "".join((*kept, visible[at:]))


def _paired(tags: list[re.Match[str]]) -> set[int]:
    """The places of tags that have their partner: a start tag and the next end tag of its name."""
    open_at: dict[str, list[int]] = {}
    found: set[int] = set()
    for index, tag in enumerate(tags):
        name = (tag["inline"] or tag["block"]).lower()
        if not tag["end"]:
            open_at.setdefault(name, []).append(index)
        elif open_at.get(name):
            found |= {open_at[name].pop(), index}
    return found


def _stands_alone(tag: re.Match[str]) -> bool:
    name = (tag["inline"] or tag["block"]).lower()
    return name in _BREAKS or (name in _PICTURES and bool(tag["rest"].strip()))
