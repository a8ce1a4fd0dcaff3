"""What an entry is known by in its feed, and what a reader would call a change of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING, Literal

from pipeline import urls
from pipeline.errors import BadUrlError
from pipeline.feeds import plain

if TYPE_CHECKING:
    from pipeline.model import Document, Entry

Rung = Literal["guid", "guid_link", "link", "content"]

# Of a body this many characters tell entries apart that have neither guid nor link.
_BODY_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Identity:
    """A sha256 that is unique in its feed, and the rung of the ladder it was made on."""

    digest: bytes
    rung: Rung


def identity(entry: Entry, *, repeated: bool = False) -> Identity | None:
    """Return what the entry is known by within its feed, or None (reason `no_identity`).

    The ladder: the guid as written, stripped and never resolved; the canonical link; title, date
    as written and the first 500 characters of the body. `repeated` says that its document has
    another entry with the same guid and another link: then the guid and the link together.
    """
    guid, link = _guid(entry), _link(entry)
    if guid and repeated and link:
        return Identity(_digest(guid, link), "guid_link")
    if guid:
        return Identity(_digest(guid), "guid")
    if link:
        return Identity(_digest(link), "link")
    body = plain.words(entry.content or entry.summary or "")[:_BODY_LENGTH]
    title = None if "title_from_body" in entry.flags else entry.title
    if not title and not body:
        return None
    return Identity(_digest(title, entry.published_raw, body), "content")


def identified(document: Document) -> tuple[tuple[Identity | None, Entry], ...]:
    """Return the entries of a document with their identities, each identity once.

    Of entries with the same guid the first keeps it and later ones with another link are known
    by guid and link. A later entry with an identity that was there before is the same entry and
    left out. Entries without an identity all stay, each with None. A link to the feed's own
    site, as some feeds give to every entry, tells nothing apart and is not used.
    """
    first_links: dict[str, str | None] = {}
    found: dict[Identity | int, tuple[Identity | None, Entry]] = {}
    for entry in document.entries:
        telling = replace(entry, url=None) if entry.url == document.site_url else entry
        guid, link = _guid(telling), _link(telling)
        other_link = guid in first_links and first_links[guid] != link
        known_by = identity(telling, repeated=other_link)
        if guid:
            first_links.setdefault(guid, link)
        found.setdefault(known_by or len(found), (known_by, entry))
    return tuple(found.values())


def content_digest(entry: Entry) -> bytes:
    """Return a sha256 of what a reader would call the entry: it changes when the entry does.

    White space, the order of the authors and of the document, and links that are the same
    canonically, do not count.
    """
    texts = (entry.title, entry.summary, entry.content)
    updated = entry.updated_at.isoformat() if entry.updated_at else None
    flat = (" ".join(text.split()) if text else None for text in texts)
    return _digest(_link(entry), updated, *flat, *sorted(entry.authors))


def _guid(entry: Entry) -> str | None:
    """The guid as the reader of a broken document sees it too: `&amp;` is not kept apart."""
    return unescape(unescape(entry.guid)).strip() or None if entry.guid else None


def _link(entry: Entry) -> str | None:
    """The canonical link; one that has no canonical form stands for itself."""
    if not entry.url:
        return None
    try:
        return urls.canonical(entry.url)
    except BadUrlError:
        return entry.url


def _digest(*parts: str | None) -> bytes:
    """The sha256 of the parts with NUL between them; no part holds a NUL (text.clean)."""
    joined = "\0".join(part or "" for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()
