"""The people who wrote an article, as names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.articles.facts.meta_tags import words
from pipeline.articles.facts.names import STAND_INS, best, declared, in_byline
from pipeline.articles.facts.people import Kind, is_name_like
from pipeline.articles.facts.titles import key, site_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import lxml.html

    from pipeline.articles.facts.json_ld import Linked
    from pipeline.articles.facts.meta_tags import Head
    from pipeline.articles.facts.names import Named

MOST = 32
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
_CARD_LABEL = re.compile(r"written|author|verfasst|geschrieben|autor|écrit|escrito", re.IGNORECASE)
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
_MOST_SMALL_WORDS = 2


def authors(tree: lxml.html.HtmlElement, head: Head, linked: Linked) -> tuple[str, ...]:
    """Return the people's names in the order shown, without "by", addresses and titles.

    JSON-LD's author list first, then meta elements, then
    the page's own byline: the first that names a person. Agencies and departments stand only where none does, the
    site's or publisher's name only where nobody else is named.
    """
    return _fullest(next((names for _, names in candidates(tree, head, linked) if names), ()))


def candidates(
    tree: lxml.html.HtmlElement, head: Head, linked: Linked
) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield who is named by each source (json_ld, meta, byline), the one to be believed first.

    A source comes again for those who stand for an author only where no person is named.
    """
    language = next(iter(head.languages), "")
    outlets = {key(site) for site in site_names(head, linked)}
    in_meta = [*_surname_last(head), *head.every(*_META), *_card(head)]
    told = {"json_ld": linked.authors, "meta": in_meta}
    structured = {source: _listed(values, language) for source, values in told.items()}
    own = {
        source: [name for name in names if key(name.text) not in outlets]
        for source, names in structured.items()
    }
    for source, names in own.items():
        yield source, _people(names)
    for source, names in own.items():
        yield source, best(names)
    yield "byline", [name for name in best(bylines(tree, language)) if key(name) not in outlets]
    yield "outlet", [name for names in structured.values() for name in best(names)]
    yield "outlet", linked.outlet_authors


def _listed(values: Sequence[str], language: str) -> list[Named]:
    """What the values of one source name, each declared to be an author."""
    return [name for value in values[: 2 * MOST] for name in declared(value, language)]


def _people(found: Sequence[Named]) -> list[str]:
    """The people, and the agencies listed beside them; nothing where no person is named."""
    wanted = [name.text for name in found if name.kind in {Kind.PERSON, Kind.AGENCY}]
    return wanted if any(name.kind is Kind.PERSON for name in found) else []


def _surname_last(head: Head) -> list[str]:
    """The names that are declared with the surname first: of "Lee, Ann", Ann Lee."""
    parts = [value.partition(",") for value in head.every(_SURNAME_FIRST)]
    return [f"{given.strip()} {surname}".strip() for surname, _, given in parts]


def _card(head: Head) -> list[str]:
    """The name on a social card that labels it as the writer's."""
    label = head.first("twitter:label1") or ""
    return head.every("twitter:data1") if _CARD_LABEL.search(label) else []


def bylines(tree: lxml.html.HtmlElement, language: str = "") -> list[Named]:
    """Return what the page's byline names: the first element marked as one, surest mark first.

    rel=author, itemprop=author, a class that says author name; then byline and its like; then a short
    line that begins with "By".
    """
    ranked: dict[int, list[lxml.html.HtmlElement]] = {}
    for element in tree.iter(*_BYLINE_TAGS):
        rank = _rank(element)
        if rank is None or (rank in ranked and not _joins(element, ranked[rank])):
            continue
        if not _elsewhere(element) and _named(element, rank, language):
            ranked.setdefault(rank, []).append(element)
    surest = min(ranked, default=0)
    return [
        name for element in ranked.get(surest, []) for name in _named(element, surest, language)
    ]


def _joins(element: lxml.html.HtmlElement, found: list[lxml.html.HtmlElement]) -> bool:
    """Whether it is one more byline: marked alike and beside that found last, or each in an element of its own."""
    if element.tag != found[-1].tag or element.get("class") != found[-1].get("class"):
        return False
    parent, before = element.getparent(), found[-1].getparent()
    if parent is None or before is None or len(found) >= MOST:
        return False
    is_next = len(parent) == len(before) == 1 and parent.getparent() is before.getparent()
    return parent is before or is_next


def _named(element: lxml.html.HtmlElement, rank: int, language: str) -> list[Named]:
    """What a byline names; of one marked with microdata, what is marked in it. Nothing if it is long."""
    if rank == 1:
        marked = [part for part in element.iterdescendants() if part.get("itemprop") == "name"]
        shown = "\n".join(map(words, marked)) or words(element)
    else:
        shown = "\n".join(part for raw in element.itertext() if (part := str(raw).strip()))
    if len(shown) > _LONGEST_BYLINE:
        return []
    found = declared(shown, language) if rank == 1 else in_byline(shown, language)
    kinds = STAND_INS | {Kind.PERSON}
    return [name for name in found if name.kind in kinds and _may_stand(name.text, rank)]


def _may_stand(name: str, rank: int) -> bool:
    """Whether it is written as a name; where a mark is sure, a few small words are one too (bell hooks)."""
    return is_name_like(name) or (rank == 1 and len(name.split()) <= _MOST_SMALL_WORDS)


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
