"""The people who wrote an article, as names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.articles.facts.meta_tags import words
from pipeline.articles.facts.titles import key, site_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import lxml.html

    from pipeline.articles.facts.json_ld import Linked
    from pipeline.articles.facts.meta_tags import Head

MOST = 32
LONGEST = 80
"""Characters of a name; longer ones are biographies."""

_PUNCTUATION = " .:\u2013—-\"'*,"
_END = re.compile(r"(?:(?<!\b[JS]r)\.|[ :\u2013—\-\"'*,])+$")
_SURNAME_FIRST = "citation_author"
"""The meta element whose names are written "Lee, Ann" (of Highwire Press, for Google Scholar)."""
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
    "authors",
    "og:article:author",
    "og:author",
    "creator",
    "twitter:misc:written by",
)
_BY = re.compile(
    r"^(?:(?:written|words|posted|published|story|text|interview|analysis|review|authored|submitted|reviewed|reported)?"
    r"\s*by\b|(?:von|par|por|(?-i:di)|autor(?:in|a|es)?|autor[ei]|the author|authors?|auteurs?|text|av|af|door|автор(?:ы|и)?|текст)\b(?=[\s:]|$)"
    r"|作者|記者|记者|撰文|執筆|文(?=[:\uff1a\uff0f/・]))\s*[:\uff1a\uff0f/|・]?\s*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\S+@\S+\.\S+|https?:\S+|(?<!\w)@\w+|\([^()]*\)|\[[^\[\]]*\]|\b(?:www\.)?[\w-]+\.(?:com|org|net|de|co\.uk|fr|at|lt|is)\b"
)
_AFTER = re.compile(
    r"\s+(?:[-\u2013—|•·]\s|(?:for|in|at|from|via|on|is|updated|published)\s).*", re.IGNORECASE
)
_SPLIT = re.compile(
    r"\s*[;|/&、•·\n]\s*|\s*,(?!\s*[JS]r\b)\s*(?:and\s+)?|\s+(?:and|und|et|og|och|en)\s+(?=\w)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+[ye]\s+")
"""Spanish, Italian and Portuguese: it also stands within a name (Santiago Ramón y Cajal)."""
_NO_NAME = re.compile(
    r"^(?:admin\w*|editors?|staff|staff (?:writer|reporter)s?|news ?room|(?:online-?)?redaktion|r[eé]daction|redacción|redazione|webmaster|guest"
    r"|unknown|anonymous|none|null|(?:post |the )?authors?|agencies|agenturen|ph\.?d|m\.?d|mba|(?:chef)?redakteur(?:in)?|(?:senior |contributing )?(?:writer|reporter|editor|correspondent)|updated.*|veröffentlicht.*|published.*|posted.*"
    r"|follow.*|subscribe.*|share.*|sign (?:in|up)|powered by.*|read more.*|more (?:from|by|posts).*|view .*|see .*|all posts.*|(?:mon|tues?|wed|thur?s?|fri|sat|sun)(?:day)?)$"
    r"|^\d+\b|\d[./:]\d|\b\d{4}\b|https?:|\b(?:photo(?:graph)?|foto|picture|image|min(?:utes)?)\b",
    re.IGNORECASE,
)
_CARD_LABEL = re.compile(r"written|author|verfasst|geschrieben|autor|écrit|escrito", re.IGNORECASE)
_BESIDE_A_NAME = re.compile(
    r"(?:\b(?:correspondent|reporter|editor|columnist|journalist|editor (?:in chief|at large))s?"
    r"|^(?:reuters|ap|(?:the )?associated press|afp|agence france-presse|dpa|apa|sda|bloomberg|pa|pa media|efe|ansa|lusa|belga"
    r"|anp|ritzau|ntb|tt|pap|mti|čtk|tass|тасс|xinhua|新华社|kyodo|upi|pti|ani|ians|aap))$",
    re.IGNORECASE,
)
"""Posts and news agencies: authors only in a byline that names nobody else."""

_PARTICLE = re.compile(r"(?:al|bin|d[aeiou]s?|del|della|de[nr]|e|el|l[ae]|v[ao]n|y|zu)$")
_SLUG = re.compile(r"^[a-z]+(?:[-_.][a-z]+)+$")

# Marks of a byline's element, from sure to likely.
_MARKS = (
    re.compile(
        r"\bauthor[-_]*name|byline[-_]*(?:name|author)|\bname[-_]author|(?:^|\s)author(?:\s|$)|article-author",
        re.IGNORECASE,
    ),
    re.compile(
        r"byline|(?-i:[a-z]Author(?![a-z]))|(?:^|[\s_-])(?:authors?|byl|writer|contributors?|journalist|submitted-by|posted-by|autor[ei]?|autores|auteurs?|redacteur)(?:$|[\s_-])",
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
_MOST_WORDS_OF_NAMES = 8
"""Words of a name that are all written large, but for particles (Maria da Silva dos Santos Lima)."""


def authors(tree: lxml.html.HtmlElement, head: Head, linked: Linked) -> tuple[str, ...]:
    """Return the people's names in the order shown, without "by", addresses and titles.

    JSON-LD's author list first (fundus: .926 against .871 by trafilatura), then meta elements, then
    the page's own byline. The site's or publisher's name stands only where nobody else is named.
    """
    outlets = {key(site) for site in site_names(head, linked)}
    meta = [*_surname_last(head), *head.every(*_META), *_card(head)]
    declared = [name for value in (*linked.authors, *meta) for name in names(value)]
    for told in (lambda: linked.authors, lambda: meta, lambda: bylines(tree)):
        found = [name for value in told() for name in names(value) if key(name) not in outlets]
        if found:
            return _fullest(found)
    return _fullest(declared or linked.outlet_authors)


def _surname_last(head: Head) -> list[str]:
    """The names that are declared with the surname first: of "Lee, Ann", Ann Lee."""
    parts = [value.partition(",") for value in head.every(_SURNAME_FIRST)]
    return [f"{given.strip()} {surname}".strip() for surname, _, given in parts]


def _card(head: Head) -> list[str]:
    """The name on a social card that labels it as the writer's."""
    label = head.first("twitter:label1") or ""
    return head.every("twitter:data1") if _CARD_LABEL.search(label) else []


def names(byline: str) -> list[str]:
    """Return the names in one byline: "By Ann Lee and Bo Ek" gives two."""
    found: list[str] = []
    for part in _parts(_ADDRESS.sub(" ", byline)):
        name = _AFTER.sub("", _BY.sub("", part.lstrip(_PUNCTUATION)))
        name = " ".join(_END.sub("", name.lstrip(_PUNCTUATION)).split())
        is_name = 1 < len(name) <= LONGEST and _is_short(name.split())
        if is_name and not _NO_NAME.search(name) and not _SLUG.match(name):
            found.append(name)
    return [name for name in found if not _BESIDE_A_NAME.search(name)] or found


def _parts(byline: str) -> Iterator[str]:
    """What stands between the signs and words of a list; "y" and "e" join names of two words at least."""
    for part in _SPLIT.split(byline):
        both = _AND.split(_BY.sub("", part.strip()))
        if all(len(name.split()) > 1 for name in both):
            yield from both
        else:
            yield part


def _is_short(written: list[str]) -> bool:
    """Whether it has no more words than a name has."""
    return len(written) <= _MOST_WORDS or (
        len(written) <= _MOST_WORDS_OF_NAMES
        and all(word[0].isupper() or _PARTICLE.match(word) for word in written)
    )


def bylines(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the names in the page's byline: in the first element marked as one, surest mark first.

    rel=author, itemprop=author, a class that says author name; then byline and its like; then a short
    line that begins with "By".
    """
    ranked: dict[int, list[lxml.html.HtmlElement]] = {}
    for element in tree.iter(*_BYLINE_TAGS):
        rank = _rank(element)
        if rank is None or (rank in ranked and not _joins(element, ranked[rank])):
            continue
        if not _elsewhere(element) and _people(element, rank):
            ranked.setdefault(rank, []).append(element)
    best = min(ranked, default=0)
    return [name for element in ranked.get(best, []) for name in _people(element, best)]


def _joins(element: lxml.html.HtmlElement, found: list[lxml.html.HtmlElement]) -> bool:
    """Whether it is one more byline: marked alike and beside that found last, or each in an element of its own."""
    if element.tag != found[-1].tag or element.get("class") != found[-1].get("class"):
        return False
    parent, before = element.getparent(), found[-1].getparent()
    if parent is None or before is None or len(found) >= MOST:
        return False
    is_next = len(parent) == len(before) == 1 and parent.getparent() is before.getparent()
    return parent is before or is_next


def _people(element: lxml.html.HtmlElement, rank: int) -> list[str]:
    """The names in a byline; of one marked with microdata, those marked in it. None if it is long."""
    if rank == 1:
        marked = [part for part in element.iterdescendants() if part.get("itemprop") == "name"]
        shown = "\n".join(map(words, marked)) or words(element)
    else:
        shown = "\n".join(part for raw in element.itertext() if (part := str(raw).strip()))
    short = shown if len(shown) <= _LONGEST_BYLINE else ""
    return [name for name in names(short) if not name[0].islower()]


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
        name
        for name in unique
        if not any(name != other and f" {key(name)} " in f" {key(other)} " for other in unique)
    )[:MOST]
