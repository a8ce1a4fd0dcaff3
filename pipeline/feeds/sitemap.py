"""Sitemaps as feeds: every address of a urlset is an entry, Google's news tags tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.feeds import tree
from pipeline.feeds.raw import RawDocument, RawEntry

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ROOTS = {"urlset", "sitemap:urlset"}


def document(root: Element) -> RawDocument:
    """Return what a urlset says. An address without news tags is an entry without a title.

    Source: sitemaps.org protocol 0.9; Google's news and video extensions.
    """
    pages = [page for page in root.iterchildren("*") if tree.name(page).endswith("url")]
    return RawDocument(format="sitemap", entries=tuple(_entry(page) for page in pages))


def _entry(page: Element) -> RawEntry:
    told: dict[str, str] = {}
    for element in page.iter("*"):
        key = tree.name(element).rpartition(":")
        written = tree.words(element) if len(element) == 0 else None
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
