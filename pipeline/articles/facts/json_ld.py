"""What a page says of its article in JSON-LD (schema.org), read tolerantly."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.articles.facts import own_article, tolerant_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

    from pipeline.articles.facts.meta_tags import Head

LARGEST_SCRIPT = 1_000_000
"""Characters; the largest useful one in the corpora has 180,000."""

MOST_NODES = 2000
"""Nodes read of one page: an article, its authors and publisher stand near the start."""

_ARTICLE = re.compile(
    r"(?:^|[:/#])(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review|SocialMediaPosting"
    r"|DiscussionForumPosting)$"
)
_TAGS = re.compile(r"<[^<>]*>")
_CONTAINERS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")

_LISTS = frozenset({"itemListElement", "item", "hasPart"})
"""What holds other articles too, or nothing but them."""

Node = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The article of the page as its JSON-LD tells it; `types` are those of all nodes of the page.

    `published` is as written, `page_published` the same of the page as such (WebPage). `is_free` is isAccessibleForFree, `outlets` the names of
    publishers and organisations.
    """

    types: tuple[str, ...] = ()
    article_types: tuple[str, ...] = ()
    headline: str | None = None
    authors: tuple[str, ...] = ()
    outlet_authors: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    published: str | None = None
    page_published: str | None = None
    description: str | None = None
    image: str | None = None
    keywords: tuple[str, ...] = ()
    section: str | None = None
    language: str | None = None
    body: str | None = None
    is_free: bool | None = None


def linked(tree: lxml.html.HtmlElement, head: Head | None = None) -> Linked:
    """Return what the JSON-LD scripts of `tree` say; an empty `Linked` where there are none.

    The article is that whose address or headline is the page's, which `head` tells; one of another address
    is another page's.
    """
    found = list(_nodes(tree))
    nodes = [node for node, _ in found]
    by_id = {name: node for node in nodes if len(node) > 1 and (name := _text(node.get("@id")))}
    types = tuple(dict.fromkeys(name for node in nodes for name in _texts(node.get("@type"))))
    outlets = tuple(
        dict.fromkeys(
            name
            for node in nodes
            for about in [
                *_listed(node.get("publisher")),
                *_listed(node.get("sourceOrganization")),
                node,
            ]
            for name in _outlet_names(about)
        )
    )
    dated = (_date(node.get("datePublished")) for node in nodes if _is_page(node))
    page_published = next(filter(None, dated), None)
    page = own_article.names_of(tree, head)
    article = _main_article(found, page)
    if article is None:
        return Linked(types=types, outlets=outlets, page_published=page_published)
    return Linked(
        types=types,
        article_types=tuple(_texts(article.get("@type"))),
        headline=_name(article),
        authors=tuple(_author_names(article, by_id, outlets=False)),
        outlet_authors=tuple(_author_names(article, by_id, outlets=True)),
        outlets=outlets,
        published=_date(article.get("datePublished")) or _date(article.get("dateCreated")),
        page_published=page_published,
        description=_text(article.get("description")),
        image=_image(article.get("image"), by_id) or _image(article.get("thumbnailUrl"), by_id),
        keywords=tuple(_keywords(article.get("keywords"))),
        section=next(iter(_texts(article.get("articleSection"))), None),
        language=_language(article.get("inLanguage")),
        body=_body(article.get("articleBody")),
        is_free=_flag(article.get("isAccessibleForFree")),
    )


def _nodes(tree: lxml.html.HtmlElement) -> Iterator[tuple[Node, bool]]:
    """All objects of all scripts, containers opened, at most MOST_NODES; each with whether it stands in a list."""
    scripts = (s for s in tree.iter("script") if "ld+json" in (s.get("type") or "").lower())
    waiting: list[tuple[object, bool]] = [
        (value, False) for script in scripts for value in _loaded(script.text or "")
    ]
    waiting.reverse()
    for _ in range(MOST_NODES):
        if not waiting:
            return
        value, is_listed = waiting.pop()
        if isinstance(value, list):
            waiting.extend((item, is_listed) for item in reversed(value))
        elif isinstance(value, dict):
            waiting.extend(
                (value[name], is_listed or name in _LISTS)
                for name in reversed(_CONTAINERS)
                if name in value
            )
            yield value, is_listed


def _loaded(script: str) -> list[object]:
    return tolerant_json.values(script) if len(script) <= LARGEST_SCRIPT else []


def _main_article(found: list[tuple[Node, bool]], page: own_article.Names) -> Node | None:
    """The article of the page's address, else of its headline, else the first that may be its own.

    One with a headline or a date goes before one without. An article of another address, and one in a list,
    is another page's.
    """
    articles = [
        (node, is_listed)
        for node, is_listed in found
        if any(_ARTICLE.search(name) for name in _texts(node.get("@type")))
    ]
    articles.sort(key=lambda one: not (one[0].get("headline") or one[0].get("datePublished")))
    by_address = (node for node, _ in articles if page.has_address(_addresses(node)))
    by_name = (node for node, _ in articles if page.has_name(_name(node)))
    unclaimed = (
        node
        for node, is_listed in articles
        if not (is_listed and page.is_known) and not page.is_elsewhere(_addresses(node))
    )
    return next(chain(by_address, by_name, unclaimed), None)


def _name(article: Node) -> str | None:
    return _text(article.get("headline")) or _text(article.get("name"))


def _addresses(node: Node) -> list[str]:
    """The addresses under which a node says that it stands."""
    values = [node.get("url"), node.get("mainEntityOfPage"), node.get("@id")]
    found = []
    for value in values:
        for one in _listed(value):
            whole = one if isinstance(one, dict) else {"@id": one}
            found += [text for key in ("@id", "url") if (text := _text(whole.get(key)))]
    return found


def _is_page(node: Node) -> bool:
    return any(name.endswith("WebPage") for name in _texts(node.get("@type")))


def _author_names(article: Node, by_id: dict[str, Node], *, outlets: bool) -> Iterator[str]:
    """The names of the authors that are people, or of those that are organisations."""
    listed = _listed(article.get("author")) or _listed(article.get("creator"))
    for value in listed[:64]:
        whole = _whole(value, by_id) if isinstance(value, dict) else {"name": value}
        is_outlet = _is_outlet(whole) and "Person" not in _texts(whole.get("@type"))
        if is_outlet == outlets:
            yield from _texts(whole.get("name")) or _full_name(whole)


def _whole(node: Node, by_id: dict[str, Node]) -> Node:
    """The node with what the page says of the same @id elsewhere."""
    return {**by_id.get(_text(node.get("@id")) or "", {}), **node}


def _full_name(person: Node) -> list[str]:
    parts = [_text(person.get(key)) for key in ("givenName", "additionalName", "familyName")]
    name = " ".join(part for part in parts if part)
    return [name] if name else []


def _is_outlet(node: Node) -> bool:
    return any(
        name.endswith(("Organization", "WebSite", "Corporation"))
        for name in _texts(node.get("@type"))
    )


def _outlet_names(value: object) -> list[str]:
    if isinstance(value, dict) and _is_outlet(value):
        return _texts(value.get("name")) + _texts(value.get("alternateName"))
    return []


def _image(value: object, by_id: dict[str, Node]) -> str | None:
    for image in _listed(value):
        if isinstance(image, dict):
            whole = _whole(image, by_id)
            found = _text(whole.get("url")) or _text(whole.get("contentUrl"))
        else:
            found = _text(image)
        if found:
            return found
    return None


def _keywords(value: object) -> Iterator[str]:
    for words in _texts(value):
        yield from (word.strip() for word in words.split(","))


def _date(value: object) -> str | None:
    """A date as written, also one that is a number: seconds or milliseconds since 1970."""
    return str(value) if type(value) is int else _text(value)


def _language(value: object) -> str | None:
    """The tag of a language: its text, or what stands for it in an object of type Language."""
    first = next(iter(_listed(value)), None)
    return (_text(first.get("alternateName")) if isinstance(first, dict) else None) or _text(first)


def _body(value: object) -> str | None:
    """The articleBody with its line breaks kept."""
    body = (
        value
        if isinstance(value, str)
        else "\n".join(v for v in _listed(value) if isinstance(v, str))
    )
    return html.unescape(body) or None


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    spelled = (_text(value) or "").lower().rpartition("/")[2]
    return {"true": True, "false": False, "yes": True, "no": False}.get(spelled)


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> list[str]:
    return [found for item in _listed(value) if (found := _text(item))]


def _text(value: object) -> str | None:
    """A string without tags and entities; of an object its @value or name; numbers are no text."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    return " ".join(_TAGS.sub(" ", html.unescape(value)).split()) or None
