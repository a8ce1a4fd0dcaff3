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
    pages, named = _elements(root, "url"), _elements(root, "sitemap")
    if named and (not pages or xml.name(root).endswith("index")):
        return RawDocument(format="sitemap", children=tuple(_entry(one) for one in named))
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
    """Those under the root, wherever they stand when none is its child."""
    near = [one for one in root.iterchildren("*") if _local(one) == name]
    return near or [one for one in root.iter("*") if _local(one) == name]


def _local(element: Element) -> str:
    return xml.name(element).rpartition(":")[2]


def _entry(page: Element) -> RawEntry:
    told: dict[str, str] = {}
    foreign: dict[str, str] = {}
    for element in page.iter("*"):
        key = xml.name(element).rpartition(":")
        written = xml.words(element) if len(element) == 0 else None
        if written and key[0] in {"", "sitemap", "news", "video"}:
            told.setdefault(f"{key[0].replace('sitemap', '')}:{key[2]}".lstrip(":"), written)
        elif written and key[0] == "?":
            foreign.setdefault(key[2], written)
    for name in ("title", "publication_date", "language", "keywords"):
        if stand_in := told.get(name) or foreign.get(name):  # news tags in another namespace
            told.setdefault(f"news:{name}", stand_in)
    for name in ("loc", "lastmod"):
        if stand_in := foreign.get(name):
            told.setdefault(name, stand_in)
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
