"""What a page says of its article in JSON-LD (schema.org), read tolerantly."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

LARGEST_SCRIPT = 1_000_000
"""Characters; the largest useful one in the corpora has 180,000."""

MOST_NODES = 2000
"""Nodes read of one page: an article, its authors and publisher stand near the start."""

_ARTICLE = re.compile(
    r"(?:^|[:/#])(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review|SocialMediaPosting"
    r"|DiscussionForumPosting)$"
)
_TAGS = re.compile(r"<[^<>]*>")
_WRAPPING = re.compile(r"\A\s*(?://\s*)?(?:<!--|<!\[CDATA\[)?|(?://\s*)?(?:-->|\]\]>)?[\s;]*\Z")
_CONTAINERS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")

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


def linked(tree: lxml.html.HtmlElement) -> Linked:
    """Return what the JSON-LD scripts of `tree` say; an empty `Linked` where there are none."""
    nodes = list(_nodes(tree))
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
    page_published = next(
        (found for node in nodes if _is_page(node) and (found := _date(node.get("datePublished")))),
        None,
    )
    article = _main_article(nodes)
    if article is None:
        return Linked(types=types, outlets=outlets, page_published=page_published)
    return Linked(
        types=types,
        article_types=tuple(_texts(article.get("@type"))),
        headline=_text(article.get("headline")) or _text(article.get("name")),
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


def _nodes(tree: lxml.html.HtmlElement) -> Iterator[Node]:
    """All typed or named objects of all scripts, containers opened, at most MOST_NODES."""
    scripts = (s for s in tree.iter("script") if "ld+json" in (s.get("type") or "").lower())
    waiting = [_loaded(script.text or "") for script in scripts]
    waiting.reverse()
    for _ in range(MOST_NODES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            waiting.extend(value[name] for name in reversed(_CONTAINERS) if name in value)
            yield value


def _loaded(script: str) -> object:
    if len(script) > LARGEST_SCRIPT:
        return None
    try:
        return json.loads(_WRAPPING.sub("", script), strict=False)
    except (ValueError, RecursionError):
        return None


def _main_article(nodes: list[Node]) -> Node | None:
    """The first node of an article type that has a headline; else the first of an article type."""
    articles = [
        node for node in nodes if any(_ARTICLE.search(t) for t in _texts(node.get("@type")))
    ]
    whole = (node for node in articles if node.get("headline") or node.get("datePublished"))
    return next(whole, articles[0] if articles else None)


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
