"""What the head of a page says: meta elements, title, canonical link, language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    import lxml.html

MOST_METAS = 500
"""meta elements read of one page; the most in the corpora is 150."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`meta` has the contents by name, property or itemprop in lower case, in document order."""

    url: str
    title: str | None
    language: str | None
    canonical: str | None
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
        content = " ".join((element.get("content") or "").split())
        if content:
            for name in ("property", "name", "itemprop", "http-equiv"):
                if key := (element.get(name) or "").strip().lower():
                    meta.setdefault(key, []).append(content)
                    break
    title = next((found for found in map(words, tree.iter("title")) if found), None)
    links = (
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    return Head(
        url=url,
        title=title,
        language=tree.get("lang") or tree.get("xml:lang"),
        canonical=next((link for link in links if link), None),
        meta={name: tuple(contents) for name, contents in meta.items()},
    )


def words(element: lxml.html.HtmlElement) -> str:
    """Return all text inside `element` on one line."""
    return " ".join(" ".join(map(str, element.itertext())).split())


def absolute(url: str | None, base: str) -> str | None:
    """Return `url` as an absolute http(s) address, read against `base`, or None."""
    if not url or url.strip().endswith("//"):  # a scheme alone would be the page itself
        return None
    try:
        joined = urljoin(base, url.strip())
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
