"""From a response to a feed document. The only home of feedparser.

    bytes -> text -> JSON Feed -------------------------------------------------------> raw document -> document
                 `-> XML, strictly -> else repaired -> else made well formed -> else feedparser -^

All XML is read by one mapping of ours, so that a feed says the same on the day it is damaged.
feedparser resolves guids, misreads dates and takes pictures' captions for summaries (measured):
it is the last way, for what cannot be made well formed, and what it finds goes through the same
last step.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import feedparser

from pipeline.errors import FeedUnreadableError
from pipeline.feeds.parsing import json_feed, normalize, rss_atom, sitemap, source, well_formed, xml
from pipeline.feeds.parsing.raw import RawDocument, RawEnclosure, RawEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from pipeline.model import Document, Response

# Atomic, so that many comments cannot make it try every way to split them.
_PAGE = re.compile(
    r"(?>(?:<\?xml[^>]*>|<!--.*?-->|\s+)*)<(?:!doctype\s+)?html\b", re.IGNORECASE | re.DOTALL
)
_FEED = re.compile(
    r"<(?:\w{1,20}:)?(?:rss|feed|rdf|urlset|sitemapindex|channel|item|entry)[\s>]", re.IGNORECASE
)

_ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:item|entry|url|sitemap)[\s>]", re.IGNORECASE)
# Entries that are read of each end of a document that is not well formed.
_MENDED_ENDS = 5000


def document(response: Response) -> Document:
    """Return the feed in a response, whatever its content type says.

    Read are RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, JSON Feed 1.x and sitemaps, gzipped or
    not; of a sitemap index the addresses of its sitemaps. Dates are bounded by the response's `fetched_at`. FeedUnreadableError with reason
    `not_a_feed` (a page, a picture, another kind of XML) or `unreadable` (empty or beyond repair).
    """
    body, whole = source.inflated(response.body)
    text = source.document(body, response.headers.get("content-type"))
    if not text:
        raise FeedUnreadableError("unreadable", f"empty document at {response.url}")
    raw = _raw(text, response.url)
    found = normalize.document(raw, response.url, response.fetched_at)
    return found if whole else replace(found, recovered=True)


def _raw(text: str, url: str) -> RawDocument:
    if text.startswith(("{", "[")):
        try:
            return json_feed.document(text, url)
        except FeedUnreadableError as error:
            if error.reason != "not_a_feed" or not (
                _FEED.search(text) or json_feed.start(text) > 0
            ):
                raise  # else a few brackets in front of it
    begin = -1 if _FEED.search(text) else json_feed.start(text)
    if begin >= 0:
        return replace(json_feed.document(text[begin:], url), recovered=True)
    return _xml(text, url)


def _xml(text: str, url: str) -> RawDocument:
    is_page = _PAGE.match(text)
    root = xml.strict(text) if _FEED.search(text) else None
    if root is not None:
        return _of_root(root, url)
    if is_page or not _FEED.search(text):
        raise FeedUnreadableError("not_a_feed", f"no feed at {url}: {text[:60]!r}")
    mended = xml.repaired(text)
    root = xml.strict(mended)
    raw = _of_root(root, url) if root is not None else _mended(mended, url)
    return replace(raw, recovered=True)


def _mended(text: str, url: str) -> RawDocument:
    """The feed in a document that is not well formed, whose references have been repaired."""
    short, left_out = _without_middle(text)
    mended, is_cut = well_formed.well_formed(short)
    root = xml.strict(mended)
    raw = _of_root(root, url) if root is not None else _recovered(short, url)
    whole = _without_cut_entry(raw) if is_cut else raw
    return replace(whole, total=left_out + (raw.total or len(raw.entries)))


def _without_middle(text: str) -> tuple[str, int]:
    """A document with at most both ends of its entries, and how many were left out.

    To mend an entry takes 50 us and more, and a document may hold millions.
    """
    begins = [found.start() for found in _ENTRY.finditer(text)]
    if len(begins) <= 2 * _MENDED_ENDS:
        return text, 0
    short = text[: begins[_MENDED_ENDS]] + text[begins[-_MENDED_ENDS] :]
    return short, len(begins) - 2 * _MENDED_ENDS


def _without_cut_entry(raw: RawDocument) -> RawDocument:
    """A document without a last entry that lost what the others are known by.

    Kept, it would come back as another entry when the document is whole again.
    """
    if len(raw.entries) <= 1:
        return raw
    *others, last = raw.entries
    has_guids = all(one.guid for one in others)
    has_links = all(one.links for one in others)
    is_known = last.guid if has_guids else last.links if has_links else True
    return raw if is_known else replace(raw, entries=raw.entries[:-1])


def _of_root(root: Element, url: str) -> RawDocument:
    """The feed in a tree; some wrap theirs in another document (a page, an envelope).

    Of several the first that has entries counts. Where entries are shown and none can be read,
    that is a failure, and no feed without entries.
    """
    empty: RawDocument | None = None
    for element in islice(_feeds_in(root), _MOST_FEEDS):
        is_sitemap = xml.name(element) in sitemap.ROOTS
        raw = sitemap.document(element) if is_sitemap else rss_atom.document(element)
        if raw.entries or raw.children:
            return raw
        empty = empty or raw
    if empty is None:
        raise FeedUnreadableError("not_a_feed", f"<{xml.name(root)}> is no feed at {url}")
    names = _ADDRESSES if empty.format == "sitemap" else _ITEMS
    shown = sum(1 for one in root.iter("*") if xml.name(one).rpartition(":")[2] in names)
    if shown:
        raise FeedUnreadableError("unreadable", f"none of {shown} entries could be read at {url}")
    return empty


def _feeds_in(root: Element) -> Iterator[Element]:
    return (one for one in root.iter("*") if xml.name(one) in _ROOTS)


_ROOTS = rss_atom.FORMATS.keys() | sitemap.ROOTS
# Feeds in one document that are looked into for one with entries.
_MOST_FEEDS = 10
_ITEMS = {"item", "entry"}
_ADDRESSES = {"url", "sitemap"}


def _recovered(text: str, url: str) -> RawDocument:
    """What feedparser makes of a document that is not well formed; `text` has been mended."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        raise FeedUnreadableError("unreadable", f"beyond repair at {url}: {error!r}") from error
    version = str(found.get("version") or "")
    if not version and not found.entries:
        raise FeedUnreadableError("unreadable", f"beyond repair at {url}")
    feed = found.feed
    has_bodies = not version.startswith("rss") or ":encoded" in text
    return RawDocument(
        format=_format(version),
        title=_text(feed, "title"),
        links=tuple(filter(None, [_text(feed, "link")])),
        language=_text(feed, "language"),
        authors=tuple(_authors(feed)),
        entries=tuple(_entry(entry, has_bodies=has_bodies) for entry in found.entries),
        recovered=True,
    )


def _format(version: str) -> str:
    """RSS 0.90 and 1.0 are RDF; what has no version is some RSS."""
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in {"rss090", "rss10"} else "rss"


def _entry(entry: Any, *, has_bodies: bool) -> RawEntry:
    """An entry as feedparser found it.

    feedparser copies content into a missing summary, and puts itunes:summary where RSS's content
    would be, so of a document that has no bodies none is taken.
    """
    bodies = [_text(body, "value") for body in _list(entry, "content")] if has_bodies else []
    content = max(filter(None, bodies), key=len, default=None)
    summary = _text(entry, "summary")
    return RawEntry(
        guid=_text(entry, "id"),
        guid_is_link=bool(entry.get("guidislink")),
        links=tuple(filter(None, (_text(entry, key) for key in ("feedburner_origlink", "link")))),
        title=_text(entry, "title"),
        published=tuple(filter(None, (_text(entry, key) for key in ("published", "created")))),
        updated=tuple(filter(None, [_text(entry, "updated")])),
        authors=tuple(_authors(entry)),
        summary=summary if summary not in bodies else None,
        content=content,
        language=_text(entry, "language"),
        enclosures=tuple(_enclosures(entry)),
        categories=tuple(filter(None, (_text(tag, "term") for tag in _list(entry, "tags")))),
    )


def _text(value: Any, key: str) -> str | None:
    found = dict.get(value, key)  # past feedparser's aliases, some of which warn
    return found.strip() or None if isinstance(found, str) else None


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []


def _authors(value: Any) -> Iterator[str]:
    """Names; of one person with a mail address the whole text, which feedparser cuts wrongly."""
    named = [name for person in _list(value, "authors") if (name := _text(person, "name"))]
    whole = _text(value, "author")
    if whole and (not named or (len(named) == 1 and "@" in whole)):
        yield whole
    else:
        yield from named


def _enclosures(entry: Any) -> Iterator[RawEnclosure]:
    for enclosed in _list(entry, "enclosures"):
        if url := _text(enclosed, "href"):
            kind, length = _text(enclosed, "type"), _text(enclosed, "length")
            yield RawEnclosure(url=url, media_type=kind, length=length)
