"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): from the text to what the document says."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any

from pipeline.errors import FeedUnreadableError
from pipeline.feeds.parsing.raw import RawDocument, RawEnclosure, RawEntry, ends
from pipeline.text import without_c1

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION = "jsonfeed.org/version/"
_DECODER = json.JSONDecoder(strict=False)
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_ITEM = re.compile(r'(?<=[},\[\s])\{\s*"id"\s*:')
_BETWEEN = re.compile(r"[\s,]*")
# Warnings of a broken server before the document; a feed names its version first, as a rule.
_LONGEST_JUNK = 10_000


def document(text: str, url: str) -> RawDocument:
    """Return what a JSON Feed says; values of a wrong type count as absent.

    Of a document that is cut or broken all items before the damage are returned.
    FeedUnreadableError with reason `not_a_feed` for other JSON, `unreadable` for a broken feed.
    """
    try:
        feed, _ = _DECODER.raw_decode(text)
        is_whole = True
    except (ValueError, RecursionError) as error:
        feed, is_whole = _salvaged(text), False
        if not feed["items"]:
            looks_so = _VERSION in text or '"items"' in text
            reason = "unreadable" if looks_so else "not_a_feed"
            raise FeedUnreadableError(reason, f"broken JSON at {url}: {error}") from error
    named = isinstance(feed, dict) and _VERSION in str(feed.get("version"))
    if not isinstance(feed, dict) or not (named or isinstance(feed.get("items"), list)):
        raise FeedUnreadableError("not_a_feed", f"JSON, but no JSON Feed, at {url}")
    items = _objects(feed, "items")
    if feed.get("items") and not items:
        raise FeedUnreadableError("unreadable", f"items that are no objects, at {url}")
    return RawDocument(
        format="json",
        title=_text(feed, "title"),
        links=tuple(filter(None, [_text(feed, "home_page_url")])),
        language=_text(feed, "language"),
        authors=_authors(feed),
        entries=tuple(_entry(item) for item in ends(items)),
        total=len(items),
        recovered=not is_whole,
    )


def start(text: str) -> int:
    """Return where a JSON Feed begins in a text that has something else before it; -1 without one."""
    version = text.find(_VERSION, 0, _LONGEST_JUNK)
    return text.rfind("{", 0, version) if version >= 0 else -1


def _salvaged(text: str) -> dict[str, Any]:
    """The feed's own facts, as far as they stand before its items, and the items before the damage."""
    begin = _ITEMS.search(text)
    if begin is None:
        return {"items": []}
    try:
        feed = _DECODER.decode(text[: begin.end()] + "]}")
    except (ValueError, RecursionError):
        feed = {}
    return {**feed, "items": list(_items(text, begin.end()))}


def _items(text: str, at: int) -> Iterator[Any]:
    """Items as they can be read; behind damage, those that begin with an id (at most 1,000 tries)."""
    tries = 1000
    while between := _BETWEEN.match(text, at):
        try:
            item, at = _DECODER.raw_decode(text, between.end())
        except (ValueError, RecursionError):
            following = _ITEM.search(text, between.end() + 1)
            if following is None or not (tries := tries - 1):
                return
            at = following.start()
        else:
            yield item


def _entry(item: dict[str, Any]) -> RawEntry:
    plain = _text(item, "content_text")
    summary = _text(item, "summary")
    return RawEntry(
        guid=_text(item, "id"),
        guid_is_link=True,
        links=tuple(filter(None, (_text(item, "url"), _text(item, "external_url")))),
        title=_text(item, "title"),
        published=tuple(filter(None, [_text(item, "date_published")])),
        updated=tuple(filter(None, [_text(item, "date_modified")])),
        authors=_authors(item),
        summary=escape(summary, quote=False) if summary else None,
        content=_text(item, "content_html") or (escape(plain, quote=False) if plain else None),
        language=_text(item, "language"),
        enclosures=tuple(_enclosures(item)),
        categories=tuple(tag.strip() for tag in _many(item, "tags") if isinstance(tag, str)),
    )


def _text(value: dict[str, Any], key: str) -> str | None:
    """A text, stripped, or None; numbers are texts, because some feeds have such ids."""
    found = value.get(key)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    try:
        return without_c1(str(found)).strip() or None
    except ValueError:  # more than 4,300 digits
        return None


def _many(value: dict[str, Any], key: str) -> list[Any]:
    """What stands where a list should be: the list, or the one thing that would be in it.

    An object with numbers for names is a list too: PHP writes one where places are missing.
    """
    found = value.get(key)
    if isinstance(found, dict) and found and all(map(str.isdecimal, found)):
        return list(found.values())
    if isinstance(found, list):
        return found
    return [] if found is None else [found]


def _objects(value: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [found for found in _many(value, key) if isinstance(found, dict)]


def _authors(value: dict[str, Any]) -> tuple[str, ...]:
    """Names. Version 1.1 has a list of objects, 1.0 had one; some give names in place of objects."""
    people = _many(value, "authors") or _many(value, "author")
    names = (
        _text(person, "name") if isinstance(person, dict) else _text({"name": person}, "name")
        for person in people
    )
    return tuple(filter(None, names))


def _enclosures(item: dict[str, Any]) -> Iterator[RawEnclosure]:
    for attached in _objects(item, "attachments"):
        if url := _text(attached, "url"):
            kind, size = _text(attached, "mime_type"), _text(attached, "size_in_bytes")
            yield RawEnclosure(url=url, media_type=kind, length=size)
