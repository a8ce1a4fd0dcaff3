"""From what a document says to what is kept: resolved, read, cleaned and cut. One way for all."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from pipeline import dates, text
from pipeline.feeds.parsing import html_to_text, links
from pipeline.feeds.parsing.placeholders import is_placeholder
from pipeline.feeds.parsing.raw import ENDS, RawDocument, RawEnclosure, RawEntry, TextKind
from pipeline.model import Document, Enclosure, Entry

MOST_ENTRIES = 5000
MOST_CHILDREN = 50
MOST_CATEGORIES = 64
MOST_ENCLOSURES = 16
MOST_AUTHORS = 64
TITLE_LENGTH = 1000
TITLE_FROM_BODY_LENGTH = 100
NAME_LENGTH = 300
BODY_LENGTH = 1_000_000
# Of a long body this much is looked at for a title; markup may take most of it.
_BODY_LOOKED_AT = 5000
# More digits than this are no size of a file; a bigint holds them.
_LENGTH_DIGITS = 15

# `mail@host (Name)`, `Name <mail@host>`, `Name (mail@host)`: what RSS 2.0 calls an author.
_MAIL = re.compile(
    r"(?:mailto:)?[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;\"]{1,255}", re.IGNORECASE
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|<\s*>|\[\s*\]")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_READ_AS = {"html": html_to_text.shown, "text": html_to_text.literal, None: html_to_text.guessed}
_SITES = {"/", ".", "./"}
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}")


def document(raw: RawDocument, url: str, fetched_at: datetime) -> Document:
    """Return the feed document as the rest of the pipeline knows it.

    Links are resolved as `_base` says. Dates outside 1990 .. `fetched_at`
    + 24 h are None, with a flag and the text kept. Of more than 5,000 entries the newest stay,
    in document order, and `total` tells how many there were.
    """
    site_url = _site_url(raw.links, url)
    base = _base(raw, site_url, url)
    feed = RawEntry(authors=raw.authors, language=raw.language)
    total = len(raw.entries) if raw.total is None else raw.total
    left_out = total - len(raw.entries)
    kept = _newest(raw.entries, fetched_at)
    return Document(
        format=raw.format,
        title=_title(raw.title, raw.title_kind),
        site_url=site_url,
        language=_language(raw.language),
        entries=tuple(
            _entry(raw.entries[at], feed, base, fetched_at, at + (left_out if at >= ENDS else 0))
            for at in kept
        ),
        total=total,
        children=_children(raw.children, base, fetched_at),
        children_dated=any(child.updated for child in raw.children),
        ttl_seconds=raw.ttl_seconds,
        skip_hours=raw.skip_hours,
        skip_days=raw.skip_days,
        recovered=raw.recovered,
    )


def _site_url(written: tuple[str, ...], url: str) -> str | None:
    """The first link of a channel that leads anywhere; `/` is a site, though no page."""
    leading = (one for one in written if one.strip() in _SITES or not is_placeholder(one))
    return next(filter(None, (links.absolute(one, url) for one in leading)), None)


def _base(raw: RawDocument, site_url: str | None, url: str) -> str:
    """What relative links are relative to, where no xml:base says it.

    Of Atom and of sitemaps the address of the document (RFC 4287 section 2, RFC 3986 section
    5.1.3), unless another site serves a copy of it (FeedBurner, a mirror): links in that were
    written for the site. RSS and JSON Feed say nothing of it: feeds in the wild mean the site. A
    site that names a machine of its author's (`http://localhost:4000`) is no base for anyone else.
    """
    if site_url is None or not links.is_public(site_url):
        return url
    is_own = raw.format in {"atom", "sitemap"} and links.is_same_site(site_url, url)
    return url if is_own else site_url


def _children(named: tuple[RawEntry, ...], base: str, fetched_at: datetime) -> tuple[str, ...]:
    """Addresses of sitemaps: the newest first; of those without a date news first, as written."""
    oldest = datetime.min.replace(tzinfo=UTC)
    dated = [(links.absolute(_first(one.links), base), one.updated) for one in named]
    order = sorted(
        ((url, _first_date(updated, fetched_at)[0] or oldest) for url, updated in dated if url),
        key=lambda child: (child[1], "news" in child[0].lower()),
        reverse=True,
    )
    return tuple(dict.fromkeys(url for url, _ in order))[:MOST_CHILDREN]


def _first(written: tuple[str, ...]) -> str | None:
    return next(iter(written), None)


def _newest(entries: tuple[RawEntry, ...], fetched_at: datetime) -> list[int]:
    """Positions of the newest entries, in document order; those without a date come last."""
    positions = list(range(len(entries)))
    if len(positions) <= MOST_ENTRIES:
        return positions
    oldest = datetime.min.replace(tzinfo=UTC)
    at = [_dated(entry, fetched_at)[0] or oldest for entry in entries]
    return sorted(sorted(positions, key=at.__getitem__, reverse=True)[:MOST_ENTRIES])


def _entry(raw: RawEntry, feed: RawEntry, base: str, fetched_at: datetime, position: int) -> Entry:
    title = _title(raw.title, raw.title_kind)
    from_body = None if title else _title_from_body(raw)
    authors = _names(raw.authors)
    from_feed = () if authors else _names(feed.authors)
    published_at, published_raw, flags = _dated(raw, fetched_at)
    flags += ("title_from_body",) if from_body else ()
    flags += ("feed_author",) if from_feed else ()
    return Entry(
        guid=text.clean(raw.guid).strip() or None if raw.guid else None,
        url=_url(raw, base),
        title=title or from_body,
        published_at=published_at,
        published_raw=published_raw,
        updated_at=_first_date(raw.updated, fetched_at)[0],
        authors=authors or from_feed,
        summary=_body(raw.summary),
        content=_body(raw.content),
        language=_language(raw.language) or _language(feed.language),
        position=position,
        enclosures=_enclosures(raw.enclosures, base),
        categories=_categories(raw.categories),
        flags=flags,
    )


def _url(raw: RawEntry, base: str) -> str | None:
    """The first link that can be stored; else the guid, if it is one and absolute itself."""
    found = (links.absolute(link, base) for link in raw.links if not is_placeholder(link))
    guid = raw.guid if raw.guid_is_link else None
    return next(filter(None, found), None) or links.absolute(guid, "")


def _title(written: str | None, kind: TextKind | None) -> str | None:
    return text.line(_READ_AS[kind](written), TITLE_LENGTH) if written else None


def _title_from_body(raw: RawEntry) -> str | None:
    bodies = (
        html_to_text.words(body[:_BODY_LOOKED_AT]) for body in (raw.summary, raw.content) if body
    )
    return text.line(next(filter(None, bodies), None), TITLE_FROM_BODY_LENGTH)


def _dated(
    raw: RawEntry, fetched_at: datetime
) -> tuple[datetime | None, str | None, tuple[str, ...]]:
    """(published_at, published_raw, flags). An update stands in for a date that is not there."""
    at, written, flags = _first_date(raw.published, fetched_at)
    if at is None and not flags and raw.updated:
        updated_at, updated_written, updated_flags = _first_date(raw.updated, fetched_at)
        if updated_at or not written:
            named = (*updated_flags, "published_from_updated") if updated_at else updated_flags
            at, written, flags = updated_at, updated_written, named
    return at, text.line(written, dates.LONGEST), flags


def _first_date(
    written: tuple[str, ...], fetched_at: datetime
) -> tuple[datetime | None, str | None, tuple[str, ...]]:
    """The first text that can be read as a date decides, even if it is out of bounds."""
    for one in written:
        at, flags = dates.read(one)
        if at and dates.within(at, fetched_at):
            return at, one, flags
        if at:
            return None, one, (*flags, "date_out_of_bounds")
    return None, next(iter(written), None), ()


def _names(written: tuple[str, ...]) -> tuple[str, ...]:
    """Names on one line, distinct, without mail addresses."""
    names = (_name(one) for one in written[: 4 * MOST_AUTHORS])
    return tuple(dict.fromkeys(filter(None, names)))[:MOST_AUTHORS]


def _name(written: str) -> str | None:
    flat = html_to_text.guessed(written[: 10 * NAME_LENGTH])
    if "@" in flat:
        without = _EMPTY_BRACKETS.sub("", _MAIL.sub("", flat)).strip(" ,;<>\"'")
        bracketed = _BRACKETED.fullmatch(without)
        flat = bracketed[1] if bracketed else without
    return text.line(flat, NAME_LENGTH)


def _body(markup: str | None) -> str | None:
    if not markup:
        return None
    whole = text.clean(markup).strip()
    return (whole if len(whole) <= BODY_LENGTH else whole[: BODY_LENGTH - 1] + "…") or None


def _language(written: str | None) -> str | None:
    """A language tag in lower case (BCP 47), or None for anything else."""
    tag = (written or "")[:50].strip().lower().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def _enclosures(raw: tuple[RawEnclosure, ...], base: str) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for one in raw[: 4 * MOST_ENCLOSURES]:
        if url := links.absolute(one.url, base):
            kind = text.line(one.media_type, 100)
            found.setdefault(url, Enclosure(url=url, media_type=kind, length=_length(one.length)))
    return tuple(found.values())[:MOST_ENCLOSURES]


def _length(written: str | None) -> int | None:
    """A number of bytes that fits a bigint; zero and texts are what feeds write for unknown."""
    digits = (written or "").strip()
    usable = digits.isascii() and digits.isdigit() and len(digits) <= _LENGTH_DIGITS
    return int(digits) or None if usable else None


def _categories(written: tuple[str, ...]) -> tuple[str, ...]:
    names = (text.line(html_to_text.guessed(one[:1000]), NAME_LENGTH) for one in written[:1000])
    return tuple(dict.fromkeys(filter(None, names)))[:MOST_CATEGORIES]
