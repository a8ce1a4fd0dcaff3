"""What an entry can be known by in its feed: the ladder of identities. Pure.

An entry is known by the first rung on which no other entry stands:

    guid       the identifier as written
    guid_link  the identifier and the link: an identifier that several entries share
    link       the link, of an entry without an identifier
    title      link, fragment and headline: a link that several entries share (changelogs, "latest")
    content    headline, date and the beginning of the text
    whole      all of these together

No rung is chosen by the place in the document: where two entries of a document would stand on
one, neither does. Placeholders ("N/A", "0") and links to the feed's own site are no identifiers.

A rung finds the stored entries that may be the same (`lookups`); whether one is decided by
comparing (`sameness`), so a constant guid finds an older entry and does not become it. A new
entry takes the first free rung of its ladder (`recognition`). Identifiers that a feed makes
anew for each request are left out, rung by rung (`churn`).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline import urls
from pipeline.errors import BadUrlError
from pipeline.feeds.parsing import html_to_text
from pipeline.feeds.parsing.placeholders import is_placeholder, is_placeholder_address
from pipeline.model import EntryKeys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pipeline.model import Entry
    from pipeline.model.identity import Key, Rung

# Which identifiers may have been left out when an entry was stored.
_RULES: tuple[tuple[Key, ...], ...] = ((), ("guid",), ("link",), ("guid", "link"))
# Of a body this many characters tell entries apart.
_BODY_LENGTH = 500
# Of a body this much markup is kept to be compared; more would be sent between processes.
_BODY_KEPT = 4000


def keys_of(entry: Entry, home: str | None = None) -> EntryKeys:
    """Return what an entry can be told apart by; `home` is the link that tells nothing."""
    link = link_of(entry)
    told = link is not None and link != home
    return EntryKeys(
        guid=_guid(entry),
        link=link if told else None,
        fragment=_fragment(entry.url) if told and entry.url and "#" not in (link or "") else None,
        title=None if "title_from_body" in entry.flags else entry.title,
        date=date_of(entry.published_at, entry.published_raw, entry.flags),
        body=(entry.content or entry.summary or "")[:_BODY_KEPT],
    )


def date_of(
    published_at: datetime | None, published_raw: str | None, flags: Collection[str]
) -> str | None:
    """Return the publication date as it is compared; the date of an update is none."""
    if "published_from_updated" in flags:
        return None
    return published_at.astimezone(UTC).isoformat() if published_at else published_raw


def ladder(keys: EntryKeys, volatile: Collection[Key] = ()) -> Iterator[tuple[Rung, bytes]]:
    """Yield the rungs of an entry, the first one first, without `volatile` identifiers."""
    guid = None if "guid" in volatile else keys.guid
    link = None if "link" in volatile else keys.link
    if guid:
        yield "guid", digest(guid)
        if link:
            yield "guid_link", digest(guid, link)
    elif link:
        yield "link", digest(link)
    if keys.title:
        yield "title", digest("title", link, keys.fragment, keys.title)
    text = html_to_text.words(keys.body)[:_BODY_LENGTH] if keys.body else ""
    if keys.title or text:
        yield "content", digest(keys.title, keys.date, text)
    if keys.guid or keys.link or keys.title or text:
        known = (keys.guid, keys.link, keys.fragment, keys.title, keys.date, text)
        yield "whole", digest("whole", *known)


def lookups(keys: EntryKeys) -> tuple[bytes, ...]:
    """Return the identities under which an entry may be stored, whatever its feed was known by."""
    guid = keys.guid or ""
    moved = {"http://": "https://", "https://": "http://"}
    other_scheme = next((to + guid[len(a) :] for a, to in moved.items() if guid.startswith(a)), "")
    found = [digest for rules in _RULES for _, digest in ladder(keys, rules)]
    return tuple(dict.fromkeys([*found, *([digest(other_scheme)] if other_scheme else [])]))


def _guid(entry: Entry) -> str | None:
    """The guid as the reader of a broken document sees it too: `&amp;` is not kept apart."""
    guid = unescape(unescape(entry.guid)).strip() if entry.guid else ""
    return guid if guid and not is_placeholder(guid) else None


def link_of(entry: Entry) -> str | None:
    """Return the comparison key of an entry's address; None for a placeholder."""
    return None if entry.url and is_placeholder_address(entry.url) else known_as(entry.url)


def _fragment(url: str) -> str | None:
    """What follows the `#`, without a browser's own directions to a passage (`:~:text=`)."""
    try:
        return urlsplit(url).fragment.partition(":~:")[0] or None
    except ValueError:
        return None


def known_as(url: str | None) -> str | None:
    """Return what an address is compared by: its key, or itself when it has none."""
    return (key(url) or url) if url else None


@lru_cache(maxsize=16_384)
def key(url: str) -> str | None:
    """Return the comparison key of an address, or None when it has none.

    Remembered, because identity, change and article of an entry all ask for it.
    """
    try:
        return urls.canonical(url)
    except BadUrlError:
        return None


def digest(*parts: str | None) -> bytes:
    """Return the sha256 of the parts with NUL between them; no part holds a NUL (text.clean)."""
    joined = "\0".join(part or "" for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()
