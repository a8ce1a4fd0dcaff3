"""The people who wrote an article, as names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.articles.titles import key, site_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import lxml.html

    from pipeline.articles.head import Head
    from pipeline.articles.json_ld import Linked

MOST = 32
LONGEST = 80
"""Characters of a name; longer ones are biographies."""

_PUNCTUATION = " .:\u2013—-\"'*,"
_META = (
    "author",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dc:creator",
    "dcterms.creator",
    "citation_author",
    "authors",
    "og:article:author",
    "og:author",
    "creator",
    "twitter:misc:written by",
)
_BY = re.compile(
    r"^(?:(?:written|words|posted|published|story|text|interview|analysis|review|authored|submitted|reviewed|reported)?"
    r"\s*by\b|(?:von|par|por|autor(?:in|a|es)?|the author|authors?|auteurs?|text|av|af|door)\b(?=[\s:]|$)|作者|記者|记者|文(?=[:\uff1a\uff0f/]))"
    r"\s*[:\uff1a\uff0f/|]?\s*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\S+@\S+\.\S+|https?:\S+|(?<!\w)@\w+|\([^()]*\)|\[[^\[\]]*\]|\b(?:www\.)?[\w-]+\.(?:com|org|net|de|co\.uk|fr|at|lt|is)\b"
)
_AFTER = re.compile(
    r"\s+(?:[-\u2013—|•·]\s|(?:for|in|at|from|via|on|is|updated|published)\s).*", re.IGNORECASE
)
_SPLIT = re.compile(
    r"\s*[;|/&、•·\n]\s*|\s*,\s*(?:and\s+)?|\s+(?:and|und|et|y|e|og|och|en)\s+(?=\w)", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"^(?:admin\w*|editors?|staff|staff (?:writer|reporter)s?|news ?room|(?:online-?)?redaktion|r[eé]daction|redacción|redazione|webmaster|guest"
    r"|unknown|anonymous|none|null|(?:post |the )?authors?|agencies|agenturen|ph\.?d|m\.?d|mba|(?:chef)?redakteur(?:in)?|(?:senior |contributing )?(?:writer|reporter|editor|correspondent)|updated.*|published.*|posted.*"
    r"|follow.*|subscribe.*|share.*|sign (?:in|up)|powered by.*|read more.*|more (?:from|by).*|view .*|see .*|all posts.*|(?:mon|tues?|wed|thur?s?|fri|sat|sun)(?:day)?)$"
    r"|^\d+\b|\d[./:]\d|\b\d{4}\b|https?:|\b(?:photo(?:graph)?|foto|picture|image|min(?:utes)?)\b",
    re.IGNORECASE,
)
_CARD_LABEL = re.compile(r"written|author|verfasst|geschrieben|autor|écrit|escrito", re.IGNORECASE)
_SLUG = re.compile(r"^[a-z]+(?:[-_.][a-z]+)+$")

# Marks of a byline's element, from sure to likely.
_MARKS = (
    re.compile(
        r"\bauthor[-_]*name|byline[-_]*(?:name|author)|\bname[-_]author|(?:^|\s)author(?:\s|$)|article-author",
        re.IGNORECASE,
    ),
    re.compile(
        r"byline|(?-i:[a-z]Author(?![a-z]))|(?:^|[\s_-])(?:authors?|byl|writer|contributors?|journalist|submitted-by|posted-by|autor|redacteur)(?:$|[\s_-])",
        re.IGNORECASE,
    ),
)
_NOT_HERE = re.compile(
    r"comment|related|sidebar|widget|footer|[-_]bio|bio[-_\s]|avatar|image|photo|social|share|teaser|promo|recommend|next|prev",
    re.IGNORECASE,
)
_WRITTEN_BY = re.compile(
    r"^\s*(?i:(?:(?:written|posted|words|story) )?by):?\s+[A-Z\u00c0-\u00de]|^\s*(?:Von|Par|Por):?\s+[A-Z\u00c0-\u00de]|^\s*(?:By|Von|Par|Por):?\s*$"
)
_BYLINE_TAGS = (
    "a",
    "address",
    "span",
    "p",
    "div",
    "strong",
    "em",
    "li",
    "h3",
    "h4",
    "cite",
    "small",
)
_BY_ITS_WORDS = len(_MARKS) + 2
_LONGEST_BYLINE = 120
_MOST_WORDS = 5


def authors(tree: lxml.html.HtmlElement, head: Head, linked: Linked) -> tuple[str, ...]:
    """Return the people's names in the order shown, without "by", addresses and titles.

    JSON-LD's author list first (fundus: .926 against .871 by trafilatura), then meta elements, then
    the page's own byline. The site's or publisher's name stands only where nobody else is named.
    """
    outlets = {key(site) for site in site_names(head, linked)}
    meta = head.every(*_META) + _card(head)
    declared = [name for value in (*linked.authors, *meta) for name in names(value)]
    for told in (lambda: linked.authors, lambda: meta, lambda: bylines(tree)):
        found = [name for value in told() for name in names(value) if key(name) not in outlets]
        if found:
            return _fullest(found)
    return _fullest(declared or linked.outlet_authors)


def _card(head: Head) -> list[str]:
    """The name on a social card that labels it as the writer's."""
    label = head.first("twitter:label1") or ""
    return head.every("twitter:data1") if _CARD_LABEL.search(label) else []


def names(byline: str) -> list[str]:
    """Return the names in one byline: "By Ann Lee and Bo Ek" gives two."""
    found: list[str] = []
    for part in _SPLIT.split(_ADDRESS.sub(" ", byline)):
        name = _AFTER.sub("", _BY.sub("", part.strip(_PUNCTUATION))).strip(_PUNCTUATION)
        is_name = 1 < len(name) <= LONGEST and len(name.split()) <= _MOST_WORDS
        if is_name and not _NO_NAME.search(name) and not _SLUG.match(name):
            found.append(" ".join(name.split()))
    return found


def bylines(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the names in the page's byline: in the first element marked as one, surest mark first.

    rel=author, itemprop=author, a class that says author name; then byline and its like; then a short
    line that begins with "By".
    """
    ranked: dict[int, str] = {}
    for element in tree.iter(*_BYLINE_TAGS):
        rank = _rank(element)
        if rank is not None and rank not in ranked and not _elsewhere(element):
            shown = "\n".join(part for raw in element.itertext() if (part := str(raw).strip()))
            if len(shown) <= _LONGEST_BYLINE and any(
                not name[0].islower() for name in names(shown)
            ):
                ranked[rank] = shown if rank > 1 else " ".join(shown.split())
    return [name for name in names(ranked[min(ranked)]) if not name[0].islower()] if ranked else []


def _rank(element: lxml.html.HtmlElement) -> int | None:
    """How sure the element is a byline, 1 the surest; None when nothing says so."""
    if element.attrib and (rank := _mark(element)):
        return rank
    return _BY_ITS_WORDS if element.text and _WRITTEN_BY.match(element.text) else None


def _mark(element: lxml.html.HtmlElement) -> int | None:
    if any("author" in (element.get(name) or "").split() for name in ("rel", "itemprop")):
        return 1
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _marked(marks) if len(marks) > 1 else None


@lru_cache(4096)  # the elements of a page share few classes
def _marked(marks: str) -> int | None:
    return next((rank for rank, mark in enumerate(_MARKS, 2) if mark.search(marks)), None)


def _elsewhere(element: lxml.html.HtmlElement) -> bool:
    """Whether the element stands in comments, a footer or beside the article."""
    around = [
        element,
        *element.iterancestors("div", "section", "aside", "footer", "ul", "ol", "li", "figure"),
    ]
    return any(
        up.tag in {"aside", "footer", "figure"} or _NOT_HERE.search(up.get("class") or "")
        for up in around[:6]
    )


def _fullest(found: Sequence[str]) -> tuple[str, ...]:
    """The names once each, without those that are part of another one."""
    unique = list(dict.fromkeys(found))
    return tuple(
        name for name in unique if not any(name != other and name in other for other in unique)
    )[:MOST]
