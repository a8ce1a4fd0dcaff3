"""Which entries of a document are which, and what a reader would call a change of one. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.feeds.identity.comparison import OTHER, SAME, compared
from pipeline.feeds.identity.ladder import digest, keys_of, known_as, ladder, link_of
from pipeline.model import EntryKeys

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.model import Document, Entry
    from pipeline.model.identity import Key, Rung

# More entries that share all but their texts are not compared pair by pair.
_MOST_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Identity:
    """A sha256 that is unique in its feed, the rung of the ladder it was made on, and its keys."""

    digest: bytes
    rung: Rung
    keys: EntryKeys = field(default_factory=EntryKeys, compare=False)


def identity(entry: Entry) -> Identity | None:
    """Return what an entry alone is known by, or None (reason `no_identity`)."""
    keys = keys_of(entry)
    return next((Identity(known, rung, keys) for rung, known in ladder(keys)), None)


def identified(document: Document) -> tuple[tuple[Identity | None, Entry], ...]:
    """Return the entries of a document with their identities, each identity once.

    An entry that the document shows again, the same in all that tells entries apart, is left out.
    Entries without an identity all stay, each with None.
    """
    home = home_page(document)
    told = distinct([(keys_of(entry, home), entry) for entry in document.entries])
    rungs = own_rungs([keys for keys, _ in told])
    return tuple(
        (Identity(rung[1], rung[0], keys) if rung else None, entry)
        for rung, (keys, entry) in zip(rungs, told, strict=True)
    )


def distinct(told: Sequence[tuple[EntryKeys, Entry]]) -> list[tuple[EntryKeys, Entry]]:
    """Return the entries that a reader would tell apart, in document order.

    Two are one when all that tells them apart is the same, or when they share identifier, link,
    headline and date and one text is a correction of the other (RFC 4287, 4.1.1: the same id with
    another time of update is the same entry). The one updated last stays.
    """
    groups: defaultdict[object, list[tuple[EntryKeys, Entry]]] = defaultdict(list)
    for at, (keys, entry) in enumerate(told):
        known = (keys.guid, keys.link, keys.fragment, keys.title, keys.date)
        groups[known if any(ladder(keys)) else at].append((keys, entry))
    kept = [one for group in groups.values() for one in _versions(group)]
    return sorted(kept, key=lambda one: one[1].position)


def _versions(group: list[tuple[EntryKeys, Entry]]) -> list[tuple[EntryKeys, Entry]]:
    """Of entries that differ in nothing but their texts those whose texts are not the same."""
    if len(group) == 1:
        return group
    texts: dict[bytes, tuple[EntryKeys, Entry]] = {}
    for keys, entry in sorted(group, key=_newest_first):
        *_, (_, whole) = ladder(keys)
        texts.setdefault(whole, (keys, entry))
    found = list(texts.values())
    if len(found) > _MOST_VERSIONS:
        return found
    kept: list[tuple[EntryKeys, Entry]] = []
    for one in found:
        if not any(_is_version(one, other) for other in kept):
            kept.append(one)
    return kept


def _newest_first(one: tuple[EntryKeys, Entry]) -> tuple[float, int, bytes]:
    updated_at = one[1].updated_at
    return (
        -updated_at.timestamp() if updated_at else 0.0,
        -len(one[0].body),
        content_digest(one[1]),
    )


def _is_version(one: tuple[EntryKeys, Entry], other: tuple[EntryKeys, Entry]) -> bool:
    """Whether of two entries with the same identifier, link, headline and date one is the other's."""
    likeness = compared(one[0], other[0])
    is_revised = likeness.guid is SAME and one[1].updated_at != other[1].updated_at
    return likeness.date is SAME and (is_revised or likeness.text is not OTHER)


def own_rungs(
    told: Sequence[EntryKeys], volatile: Collection[Key] = ()
) -> list[tuple[Rung, bytes] | None]:
    """Return the first rung of each entry on which no other entry of its document has stood.

    None for one without any rung, or the same in all as another one.
    """
    ladders = [ladder(keys, volatile) for keys in told]
    standing = [next(one, None) for one in ladders]
    stood = Counter(standing)
    while crowded := [at for at, rung in enumerate(standing) if rung and stood[rung] > 1]:
        for at in crowded:
            standing[at] = next(ladders[at], None)
        stood.update(standing[at] for at in crowded)
    return standing


def home_page(document: Document) -> str | None:
    """Return the canonical form of the site's own address, to which no entry can lead.

    None when a feed of one entry names that entry's page as its site, as feeds of comments do.
    """
    home = known_as(document.site_url)
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
    return digest(link_of(entry), updated, *flat, *sorted(entry.authors))
