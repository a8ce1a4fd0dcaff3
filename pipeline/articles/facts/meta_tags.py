"""What the head of a page says: meta elements, title, canonical link, language."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import lxml.html

MOST_METAS = 500
"""meta elements read of one page; the most in the corpora is 150."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,31}\d{0,2});", re.IGNORECASE)
_HEADS = frozenset({"head", "html", "body"})
"""What a link of the head stands in. A stray tag ends a head early: 14 of 1,173 canonical links of the
corpora stand right in the body, all of them true; one inside the text is not the publisher's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`languages` has the lang of html, body and the first article, each where it is given.

    `canonical` is an absolute address, `image` (rel=image_src) as written; relative ones are read against
    `base`. `meta` has the contents by name, property or itemprop in lower case, in document order.
    """

    url: str
    base: str
    title: str | None
    languages: tuple[str, ...]
    canonical: str | None
    image: str | None
    meta: Mapping[str, tuple[str, ...]]

    def every(self, *names: str) -> list[str]:
        """The contents of all meta elements of these names, in the order of the names."""
        return [value for name in names for value in self.meta.get(name, ())]

    def first(self, *names: str) -> str | None:
        """The first content under the first of these names that has one."""
        return next(iter(self.every(*names)), None)


def head(tree: lxml.html.HtmlElement, url: str) -> Head:
    """Return what the head of `tree`, fetched from `url`, says."""
    meta: dict[str, list[str]] = {}
    for number, element in enumerate(tree.iter("meta")):
        if number >= MOST_METAS:
            break
        content = " ".join(unescaped(element.get("content") or "").split())
        if content:
            for name in ("property", "name", "itemprop", "http-equiv"):
                if key := (element.get(name) or "").strip().lower():
                    meta.setdefault(key, []).append(content)
                    break
    links = _links(tree)
    base = next(filter(None, (absolute(href, url) for href in links["base"])), url)
    canonical = (absolute(href, base) for href in links["canonical"])
    return Head(
        url=url,
        base=base,
        title=_title(tree),
        languages=tuple(_languages(tree)),
        canonical=next(filter(None, canonical), None),
        image=next(iter(links["image_src"]), None),
        meta={name: tuple(contents) for name, contents in meta.items()},
    )


def unescaped(value: str) -> str:
    """Return `value` without the entities that a page escaped twice ("Fish &amp; chips")."""
    return _ENTITY.sub(lambda entity: html.unescape(entity.group()), value)


def _title(tree: lxml.html.HtmlElement) -> str | None:
    """The text of the first title element that is not the name of a drawing."""
    for element in tree.iter("title"):
        found = unescaped(words(element))
        if found and next(element.iterancestors("svg"), None) is None:
            return found
    return None


def _languages(tree: lxml.html.HtmlElement) -> Iterator[str]:
    for element in (tree, next(tree.iter("body"), None), next(tree.iter("article"), None)):
        if element is not None and (said := element.get("lang") or element.get("xml:lang")):
            yield said


def _links(tree: lxml.html.HtmlElement) -> dict[str, list[str]]:
    """The addresses, as written, that the head gives as its base and by these relations."""
    links: dict[str, list[str]] = {"base": [], "canonical": [], "image_src": []}
    for element in tree.iter("link", "base"):
        relations = (
            (element.get("rel") or "").lower().split() if element.tag == "link" else ["base"]
        )
        for relation in links.keys() & set(relations):
            parent, href = element.getparent(), (element.get("href") or "").strip()
            if href and parent is not None and parent.tag in _HEADS:
                links[relation].append(href)
    return links


def words(element: lxml.html.HtmlElement) -> str:
    """Return all text inside `element` on one line."""
    return " ".join(" ".join(map(str, element.itertext())).split())


def absolute(url: str | None, base: str) -> str | None:
    """Return `url` as an absolute http(s) address, read against `base`, or None.

    A fragment or a scheme alone, which would be the page itself, is none.
    """
    stripped = (url or "").strip()
    if not stripped or stripped.startswith("#") or stripped.endswith("//"):
        return None
    try:
        joined = urljoin(base, stripped)
        parts = urlsplit(joined)
        usable = parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:
        return None
    return joined if usable and not set(joined) & set(' \t\r\n<>"') else None


def leads_on(link: lxml.html.HtmlElement, url: str) -> bool:
    """Return whether a link on the page `url` leads to another page of the same site."""
    address = link.get("href") or "#"
    target = absolute(address, url)
    return not address.startswith("#") and target is not None and _host(target) == _host(url)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
