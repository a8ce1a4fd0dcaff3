"""Which entries of a document the feed has shown before, and which are new. Pure.

The document's entries and the stored ones that any rung finds are paired, the surest pair first,
each at most once: the order of the document does not matter, and an entry that is surely another
stored one cannot take the place of a newer story.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import TYPE_CHECKING

from pipeline.feeds.identity import churn, entries, trust
from pipeline.feeds.identity.comparison import OTHER, SAME, UNKNOWN, compared, same_guid
from pipeline.feeds.identity.ladder import keys_of, ladder, lookups
from pipeline.feeds.identity.sameness import CERTAIN, NO, sureness
from pipeline.model import Entry, Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.feeds.identity.churn import Lasting
    from pipeline.feeds.identity.comparison import Compared
    from pipeline.feeds.identity.trust import Crowd
    from pipeline.model import EntryKeys, KnownEntry, ParsedEntry

# Of a headline or link that more pairs share than these only equal identities are compared.
_MOST_PAIRS = 2500


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored of a feed: `settled` by identity, for entries that show nothing new.

    `candidates` are found by any rung or by headline, for the other entries; `newest` are the
    feed's latest, which tell whether its identifiers differ at all. `home` tells nothing apart.
    """

    settled: Mapping[bytes, KnownEntry]
    candidates: Sequence[KnownEntry] = ()
    newest: Sequence[KnownEntry] = ()
    home: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The entries of a document: `found` with the identities they are stored under from now on.

    `known` holds the stored entry of each that is not new, by that identity.
    """

    found: tuple[ParsedEntry, ...]
    known: Mapping[bytes, Match]
    lasting: Lasting


@dataclass(frozen=True, slots=True)
class _Pair:
    at: int
    row: KnownEntry
    likeness: Compared
    sureness: int


def unsettled(
    found: Sequence[ParsedEntry], settled: Mapping[bytes, KnownEntry]
) -> list[ParsedEntry]:
    """Return the entries of a document that are not stored just as they are shown."""
    return [one for one in found if not _is_settled(one, settled)]


def recognised(found: Sequence[ParsedEntry], stored: Stored, lasting: Lasting) -> Recognised:
    """Decide what each entry of a document is, and what the feed's identifiers are worth."""
    rows = {row.entry_id: row for row in (*stored.candidates, *stored.newest)}
    shown = {entry_id: _row_keys(row, stored.home) for entry_id, row in rows.items()}
    crowd = trust.crowd((one.keys for one in found), shown.values())
    known = _settled(found, stored)
    for round_ in (_alike, _renewed, _beside_renewed):
        claimed = {pair.row.entry_id for pair in known.values()}
        free = {i: row for i, row in rows.items() if i not in claimed}
        fresh = [at for at in range(len(found)) if at not in known]
        likely = _likely(found, fresh, free, shown)
        known |= _surest_first(round_(found, likely, known, crowd, lasting), found)
    after = churn.observed(lasting, [pair.likeness for pair in known.values()])
    return _named(found, stored, known, after)


def _row_keys(row: KnownEntry, home: str | None) -> EntryKeys:
    """What a stored entry can be told apart by, as `keys_of` does of a shown one."""
    shown = Entry(
        guid=row.guid,
        url=row.url,
        title=row.title,
        published_at=row.published_at,
        published_raw=row.published_raw,
        flags=tuple(row.flags),
        content=row.body,
    )
    return keys_of(shown, home)


def _is_settled(one: ParsedEntry, settled: Mapping[bytes, KnownEntry]) -> bool:
    row = settled.get(one.identity)
    return row is not None and row.content_digest == one.content_digest


def _settled(found: Sequence[ParsedEntry], stored: Stored) -> dict[int, _Pair]:
    """The entries that are stored as they are shown; of these only the identifiers were read."""
    pairs = {}
    for at, one in enumerate(found):
        if _is_settled(one, stored.settled):
            row = stored.settled[one.identity]
            likeness = compared(one.keys, _row_keys(row, stored.home))
            pairs[at] = _Pair(at, row, likeness, CERTAIN)
    return pairs


def _likely(
    found: Sequence[ParsedEntry],
    fresh: Sequence[int],
    rows: Mapping[int, KnownEntry],
    shown: Mapping[int, EntryKeys],
) -> list[_Pair]:
    """The pairs that share a guid, a link, a headline or an identity; none of them is sure yet."""
    by_handle: defaultdict[object, list[int]] = defaultdict(list)
    for entry_id, row in rows.items():
        for handle in (*_handles(shown[entry_id]), row.identity):
            by_handle[handle].append(entry_id)
    wanted = {at: _handles(found[at].keys) for at in fresh}
    asked = Counter(handle for handles in wanted.values() for handle in handles)
    pairs: list[_Pair] = []
    for at, handles in wanted.items():
        keys = found[at].keys
        few = [h for h in handles if asked[h] * len(by_handle.get(h, ())) <= _MOST_PAIRS]
        likely = {i for handle in (*few, *lookups(keys)) for i in by_handle.get(handle, ())}
        pairs += (_Pair(at, rows[i], compared(keys, shown[i]), NO) for i in sorted(likely))
    return pairs


def _handles(keys: EntryKeys) -> list[object]:
    guid = keys.guid and same_guid(keys.guid)
    named = (("guid", guid), ("link", keys.link), ("title", keys.title))
    return [one for one in named if one[1]]


def _alike(
    found: Sequence[ParsedEntry],
    likely: Sequence[_Pair],
    _known: Mapping[int, _Pair],
    crowd: Crowd,
    lasting: Lasting,
) -> list[_Pair]:
    """The pairs that are one entry each for themselves."""
    volatile = frozenset[str](lasting.volatile)
    trusts = {
        at: crowd.trust(found[at].keys, lasting.volatile) for at in {pair.at for pair in likely}
    }
    judged = (
        replace(pair, sureness=sureness(pair.likeness.without(volatile), trusts[pair.at]))
        for pair in likely
    )
    return [pair for pair in judged if pair.sureness > NO]


def _renewed(
    _found: Sequence[ParsedEntry],
    likely: Sequence[_Pair],
    known: Mapping[int, _Pair],
    _crowd: Crowd,
    lasting: Lasting,
) -> list[_Pair]:
    """The pairs that are one entry because the whole document has new identifiers or dates."""
    volatile = frozenset[str](lasting.volatile)
    fresh: defaultdict[int, list[Compared]] = defaultdict(list)
    for pair in likely:
        fresh[pair.at].append(pair.likeness.without(volatile))
    kept = [pair.likeness.without(volatile) for pair in known.values()]
    names = churn.renewed(list(fresh.values()), kept)
    if names is None:
        return []
    return [
        replace(pair, sureness=1)
        for pair in likely
        if churn.is_explained(pair.likeness.without(volatile), names)
    ]


def _beside_renewed(
    found: Sequence[ParsedEntry],
    likely: Sequence[_Pair],
    known: Mapping[int, _Pair],
    crowd: Crowd,
    lasting: Lasting,
) -> list[_Pair]:
    """The pairs that are one entry once identifiers that no known entry kept are left out."""
    new = churn.none_kept([pair.likeness for pair in known.values()])
    if new <= lasting.volatile:
        return []
    return _alike(found, likely, known, crowd, replace(lasting, volatile=lasting.volatile | new))


def _surest_first(pairs: Iterable[_Pair], found: Sequence[ParsedEntry]) -> dict[int, _Pair]:
    """One stored entry for each, and each for one; of equals the older one, in any order."""
    chosen: dict[int, _Pair] = {}
    claimed: set[int] = set()
    ranked = sorted(
        pairs,
        key=lambda p: (-p.sureness, -p.likeness.says(SAME), p.row.entry_id, found[p.at].identity),
    )
    for pair in ranked:
        if pair.at not in chosen and pair.row.entry_id not in claimed:
            chosen[pair.at] = pair
            claimed.add(pair.row.entry_id)
    return chosen


def _named(
    found: Sequence[ParsedEntry], stored: Stored, known: Mapping[int, _Pair], lasting: Lasting
) -> Recognised:
    """Give each entry the identity that it is stored under; no two have the same one."""
    rows = (*stored.settled.values(), *stored.candidates, *stored.newest)
    taken = {row.identity for row in rows}
    named: dict[int, ParsedEntry] = {}
    own = entries.own_rungs([one.keys for one in found], lasting.volatile)
    for at, one in enumerate(found):
        row = known[at].row if at in known else None
        if row and _stands_on(row.identity, one, lasting):
            named[at] = replace(one, identity=row.identity, rung=row.rung)
            continue
        alone = dropwhile(own[at].__ne__, ladder(one.keys, lasting.volatile))
        free = next(((rung, digest) for rung, digest in alone if digest not in taken), None)
        held = (row.rung, row.identity) if row else None
        if last := free or held:
            rung, digest = last
            taken.add(digest)
            named[at] = replace(one, identity=digest, rung=rung)
    return Recognised(
        found=tuple(named.values()),
        known={named[at].identity: _match(pair, lasting) for at, pair in known.items()},
        lasting=lasting,
    )


def _stands_on(identity: bytes, one: ParsedEntry, lasting: Lasting) -> bool:
    """Whether an entry may go on under an identity: one of its ladder, of lasting identifiers."""
    if identity == one.identity and not lasting.volatile:
        return True
    return any(digest == identity for _, digest in ladder(one.keys, lasting.volatile))


def _match(pair: _Pair, lasting: Lasting) -> Match:
    """The stored entry; it stays with its article where only the link is another now."""
    found = pair.likeness
    is_moved = found.link is OTHER and pair.row.article_id is not None
    keeps = is_moved and (found.title is SAME or "link" in lasting.volatile)
    is_renewed = keeps and found.title is SAME and found.text in {SAME, UNKNOWN}
    return Match(pair.row, keeps_article=keeps, is_renewed=is_renewed)
