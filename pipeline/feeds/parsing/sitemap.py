"""Sitemaps as feeds: every address of a urlset is an entry, Google's news tags tell of it.

An index names other sitemaps; they are asked for one by one.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import BadUrlError
from pipeline.feeds.parsing import xml
from pipeline.feeds.parsing.raw import RawDocument, RawEntry, ends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

MOST_ASKED = 3  # requests that one poll makes besides that for the index
ROOTS = {"urlset", "sitemap:urlset", "sitemapindex", "sitemap:sitemapindex"}


def document(root: Element) -> RawDocument:
    """Return what a urlset or a sitemapindex says.

    An address without news tags is an entry without a title. Source: sitemaps.org protocol 0.9;
    Google's news and video extensions.
    """
    if xml.name(root).endswith("index"):
        named = _elements(root, "sitemap")
        return RawDocument(format="sitemap", children=tuple(_entry(one) for one in named))
    pages = _elements(root, "url")
    return RawDocument(
        format="sitemap", entries=tuple(_entry(page) for page in ends(pages)), total=len(pages)
    )


def worth_asking(children: Sequence[str], index_url: str) -> tuple[str, ...]:
    """Return the sitemaps of an index that are asked for: the first three on its own host.

    Sitemaps may only list addresses of their own host, and an index sitemaps of its own site
    (sitemaps.org, "Sitemap file location"); elsewhere nobody has leased the host.
    """
    own = urls.host(index_url)
    near = (child for child in children if _host(child) == own)
    return tuple(islice(near, MOST_ASKED))


def _host(url: str) -> str | None:
    try:
        return urls.host(url)
    except BadUrlError:
        return None


def _elements(root: Element, name: str) -> list[Element]:
    return [one for one in root.iterchildren("*") if xml.name(one).rpartition(":")[2] == name]


def _entry(page: Element) -> RawEntry:
    told: dict[str, str] = {}
    for element in page.iter("*"):
        key = xml.name(element).rpartition(":")
        written = xml.words(element) if len(element) == 0 else None
        if written and key[0] in {"", "sitemap", "news", "video"}:
            told.setdefault(f"{key[0].replace('sitemap', '')}:{key[2]}".lstrip(":"), written)
    dates = (told.get("news:publication_date"), told.get("video:publication_date"))
    return RawEntry(
        links=_given(told.get("loc")),
        title=told.get("news:title"),
        published=_given(*dates),
        updated=_given(told.get("lastmod")),
        language=told.get("news:language"),
        categories=tuple(filter(None, map(str.strip, told.get("news:keywords", "").split(",")))),
    )


def _given(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)
