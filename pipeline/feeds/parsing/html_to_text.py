"""HTML snippets as plain text, for titles and for what an entry is known by.

Regular expressions on purpose: each is linear on any input, and a title with a bare `<` in it
keeps its words, which an HTML parser would swallow.
"""

from __future__ import annotations

import re
from html import unescape

_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b[^<>]*>.*?(?:</\1\b[^<>]*>|\Z)|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
_INLINE = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|nobr|q|s|samp"
    r"|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"</?(?:address|applet|area|article|aside|audio|base|blockquote|body|br|button|canvas|caption"
    r"|center|col|dd|details|div|dl|dt|embed|fieldset|figcaption|figure|footer|form|frame|h[1-6]"
    r"|head|header|hr|html|iframe|img|input|label|li|link|main|map|math|menu|meta|nav|noscript"
    r"|object|ol|option|p|param|picture|pre|script|section|select|source|style|summary|svg|table"
    r"|tbody|td|template|textarea|tfoot|th|thead|title|tr|track|ul|video)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")


def words(markup: str) -> str:
    """Return the text of an HTML snippet on one line, `""` when there is none.

    Known tags go, an unknown one and a bare `<` stay. What was escaped twice, as many feeds do,
    is unescaped twice.
    """
    flat = unescape(_untagged(markup))
    if _ENTITY.search(flat) or "<" in flat:
        flat = _untagged(unescape(_untagged(flat)))
    return " ".join(flat.split())


def _untagged(markup: str) -> str:
    if "<" not in markup:
        return markup
    return _BLOCK.sub(" ", _INLINE.sub("", _UNSEEN.sub(" ", markup)))
