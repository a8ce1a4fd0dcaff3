"""What an entry is known by in its feed, and what a reader would call a change of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Literal

from pipeline import urls
from pipeline.errors import BadUrlError
from pipeline.feeds.parsing import html_to_text

if TYPE_CHECKING:
    from pipeline.model import Document, Entry
    from pipeline.model.feed import IdentityRule

Rung = Literal["guid", "guid_link", "link", "content"]
_LADDERS: dict[IdentityRule, tuple[IdentityRule, ...]] = {
    "guid": ("guid", "link", "content"),
    "link": ("link", "content", "guid"),
    "content": ("content", "link", "guid"),
}

# Of a body this many characters tell entries apart that have neither guid nor link.
_BODY_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Identity:
    """A sha256 that is unique in its feed, and the rung of the ladder it was made on."""

    digest: bytes
    rung: Rung


def identity(
    entry: Entry, rule: IdentityRule = "guid", *, repeated: bool = False
) -> Identity | None:
    """Return what the entry is known by within its feed, or None (reason `no_identity`).

    The ladder: the guid as written, stripped and never resolved; the canonical link; title, date
    as written and the first 500 characters of the body. Under another `rule` than guid, for feeds
    whose guids (or links) do not last, it begins lower and ends with what was left out.
    `repeated` says that its document has another entry with the same guid and another link: then
    the guid and the link together.
    """
    return _by_ladder(entry, _guid(entry), _link(entry), rule, repeated=repeated)


def _by_ladder(
    entry: Entry, guid: str | None, link: str | None, rule: IdentityRule, *, repeated: bool
) -> Identity | None:
    for step in _LADDERS[rule]:
        if step == "guid" and guid:
            with_link = (guid, link) if repeated and link else None
            return Identity(_digest(*(with_link or (guid,))), "guid_link" if with_link else "guid")
        if step == "link" and link:
            return Identity(_digest(link), "link")
        if step == "content" and (known_by := _by_content(entry)):
            return known_by
    return None


def _by_content(entry: Entry) -> Identity | None:
    body = html_to_text.words(entry.content or entry.summary or "")[:_BODY_LENGTH]
    title = None if "title_from_body" in entry.flags else entry.title
    if not title and not body:
        return None
    return Identity(_digest(title, entry.published_raw, body), "content")


def identified(
    document: Document, rule: IdentityRule = "guid"
) -> tuple[tuple[Identity | None, Entry], ...]:
    """Return the entries of a document with their identities, each identity once.

    Of entries with the same guid the first keeps it and later ones with another link are known
    by guid and link. A later entry with an identity that was there before is the same entry and
    left out. Entries without an identity all stay, each with None. A link to the feed's own
    site, as some feeds give to every entry, tells nothing apart and is not used.
    """
    home = home_page(document)
    first_links: dict[str, str | None] = {}
    found: dict[Identity | int, tuple[Identity | None, Entry]] = {}
    for entry in document.entries:
        guid, link = _guid(entry), _link(entry)
        link = None if link == home else link
        other_link = guid in first_links and first_links[guid] != link
        known_by = _by_ladder(entry, guid, link, rule, repeated=other_link)
        if guid:
            first_links.setdefault(guid, link)
        found.setdefault(known_by or len(found), (known_by, entry))
    return tuple(found.values())


def home_page(document: Document) -> str | None:
    """Return the canonical form of the site's own address, to which no entry can lead.

    None when a feed of one entry names that entry's page as its site, as feeds of comments do.
    """
    home = _known_as(document.site_url)
    is_page = home is not None and not home.endswith("/")
    return None if is_page and len(document.entries) == 1 else home


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
    return _known_as(entry.url)


def _known_as(url: str | None) -> str | None:
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


def _digest(*parts: str | None) -> bytes:
    """The sha256 of the parts with NUL between them; no part holds a NUL (text.clean)."""
    joined = "\0".join(part or "" for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()
