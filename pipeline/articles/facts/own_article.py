"""Whether an article that structured data describes is that of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from pipeline.articles.facts.meta_tags import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    import lxml.html

    from pipeline.articles.facts.meta_tags import Head

MOST_H1 = 10
LEAST_SLUG = 12
"""Characters of the last part of an address from which it names its article alone."""

_SITE = re.compile(r"\s[-\u2013\u2014|\u00b7\u00bb]\s|\|")
"""What sets the name of a site apart in a title."""

_WORD = re.compile(r"\w+")
_ENDING = re.compile(r"(?:\.(?:amp|html?|php|aspx?))+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Address:
    host: str
    path: str
    query: frozenset[tuple[str, str]]

    def is_same(self, other: _Address) -> bool:
        """Return whether both are of one page: on one host, but for what one of them adds to the query.

        The same long last part of two paths is the same article in another section, edition or language of code.
        """
        if self.path == other.path:
            return self.query <= other.query or other.query <= self.query
        slug = self.path.rpartition("/")[2]
        return len(slug) >= LEAST_SLUG and slug == other.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Names:
    """The addresses and headlines of a page; without any, nothing is known to be elsewhere."""

    base: str
    addresses: tuple[_Address, ...]
    headlines: frozenset[str]

    @property
    def is_known(self) -> bool:
        """Whether anything is known of the page."""
        return bool(self.addresses or self.headlines)

    def has_address(self, urls: Iterable[str]) -> bool:
        """Return whether one of the addresses is the page's."""
        return any(one.is_same(own) for one in self._read(urls) for own in self.addresses)

    def has_name(self, headline: str | None) -> bool:
        """Return whether a headline is one of the page's."""
        return bool(headline) and _key(headline or "") in self.headlines

    def is_elsewhere(self, urls: Iterable[str]) -> bool:
        """Return whether all addresses are those of other pages, and there are some."""
        read = self._read(urls)
        return bool(self.addresses) and bool(read) and not self.has_address(urls)

    def _read(self, urls: Iterable[str]) -> list[_Address]:
        return [found for url in urls if (found := _address(url, self.base))]


def names_of(tree: lxml.html.HtmlElement, head: Head | None) -> Names:
    """Return the names of a page: its address, its canonical one, and its headlines as shown and as declared."""
    if head is None:
        return Names("", (), frozenset())
    shown = [words(h1) for _, h1 in zip(range(MOST_H1), tree.iter("h1"), strict=False)]
    titled = [*head.every("og:title", "twitter:title"), head.title or ""]
    titles = [*shown, *titled, *(part for title in titled for part in _SITE.split(title)[:1])]
    urls = (head.url, head.canonical, head.first("og:url"))
    return Names(
        head.base,
        tuple(found for url in urls if url and (found := _address(url, head.base))),
        frozenset(filter(None, map(_key, titles))),
    )


def _address(url: str, base: str) -> _Address | None:
    """The address; None for that of a site alone, or of something else than a page."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
    except ValueError:
        return None
    path = _ENDING.sub("", parts.path.rstrip("/"))
    if url.startswith("#") or parts.scheme not in {"http", "https"} or not path:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    return _Address(host, path, frozenset(parse_qsl(parts.query)))


def _key(value: str) -> str:
    return " ".join(_WORD.findall(value.casefold()))
