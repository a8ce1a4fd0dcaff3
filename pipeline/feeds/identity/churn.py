"""Identifiers that do not last: guids and links that a feed makes anew for each request. Pure.

Some systems make them of the time of the request, of a session, a signature or a cache key. Each
poll would then bring every entry anew, so the identifier is left out of the comparison, in the
very document that shows it. After two such documents in a row the feed is known for it
(`news.feeds.volatile_keys`), and after three documents in a row whose identifiers lasted it no
longer is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.feeds.identity.comparison import LIKE, OTHER, SAME
from pipeline.feeds.identity.sameness import NO, Trust, sureness

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipeline.feeds.identity.comparison import Compared
    from pipeline.model import EntryKeys
    from pipeline.model.identity import IdentityRule, Key

POLLS = 2  # documents in a row with new identifiers: a site that moves changes all of them once
STEADY_POLLS = 3  # documents in a row whose identifiers lasted
# New identifiers are churn where they are many more than those that stayed: a single entry with
# a new guid and date is one that was published again.
FEWEST = 2
SHARE = 0.9
KEYS: tuple[Key, ...] = ("guid", "link")
_PROPERTIES = ("guid", "link", "date", "text")
# What may be new in every document, the least first. Dates of the request come with it.
_SETS = tuple(
    frozenset(names)
    for names in (("guid",), ("link",), ("date",), ("guid", "link"), ("guid", "date"),
                  ("link", "date"), ("guid", "link", "date"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a feed's identifiers are known for, and how many documents in a row spoke against it."""

    volatile: frozenset[Key] = frozenset()
    guid_streak: int = 0
    link_streak: int = 0


def renewed(fresh: Sequence[Sequence[Compared]], kept: Sequence[Compared]) -> frozenset[str] | None:
    """Return what a document gave anew to entries with known headlines; None when nothing.

    `fresh` holds, for each entry that seems new, how it compares with stored ones of its headline;
    `kept` how the others compare with themselves. It takes nine in ten of the entries that have
    such a property, and two of them where neither date nor text says that they are the same.
    """
    for names in _SETS:
        pairs = [[one for one in each if is_explained(one, names)] for each in fresh]
        explained = sum(map(bool, pairs))
        renewed_too = sum(_others(one) >= names for one in kept)
        lasted = sum(not names & _others(one) for one in kept)
        fewest = 1 if any(_is_told(one, names) for each in pairs for one in each) else FEWEST
        changed = explained + renewed_too
        if explained and changed >= fewest and changed >= SHARE * (changed + lasted):
            return names
    return None


def _others(found: Compared) -> set[str]:
    return {name for name in _PROPERTIES if getattr(found, name) is OTHER}


def _is_told(found: Compared, names: frozenset[str]) -> bool:
    """Whether date or text say that two sightings with new identifiers are one entry."""
    return "date" not in names and (found.date is SAME or found.text in {SAME, LIKE})


def is_explained(found: Compared, names: frozenset[str]) -> bool:
    """Return whether all that differs between two sightings of one headline are these properties.

    Without a date something else must tell: the same text, or links that differ in their
    query only. Three headlines that return each day with all else new are three new entries.
    """
    if found.title is not SAME or _others(found) != names:
        return False
    if "date" in names and found.text is not SAME and not _is_same_place(found):
        return False
    return sureness(found.without(names), Trust(link=True)) > NO


def _is_same_place(found: Compared) -> bool:
    return found.link is SAME or (found.link is OTHER and found.is_same_path)


def observed(before: Lasting, pairs: Iterable[Compared]) -> Lasting:
    """Return what the feed's identifiers are known for after a document.

    `pairs` are its known entries beside what is stored of them.
    """
    told = list(pairs)
    streaks = {"guid": before.guid_streak, "link": before.link_streak}
    volatile = set(before.volatile)
    for name in KEYS:
        changed = sum(_is_new(one, name) for one in told)
        lasted = sum(getattr(one, name) is SAME for one in told)
        churned = changed > 0 and changed >= SHARE * (changed + lasted)
        is_against = (lasted > 0 and not changed) if name in volatile else churned
        if not changed and not lasted:
            continue  # nothing to compare says nothing
        streaks[name] = streaks[name] + 1 if is_against else 0
        if streaks[name] >= (STEADY_POLLS if name in volatile else POLLS):
            volatile ^= {name}
            streaks[name] = 0
    return Lasting(frozenset(volatile), streaks["guid"], streaks["link"])


def none_kept(pairs: Sequence[Compared]) -> frozenset[Key]:
    """Return the identifiers that at least two known entries have anew and none has kept."""
    return frozenset(
        name
        for name in KEYS
        if sum(_is_new(one, name) for one in pairs) >= FEWEST
        and not any(getattr(one, name) is SAME for one in pairs)
    )


def _is_new(found: Compared, name: Key) -> bool:
    """Whether an identifier is another; a link to another place of the same page is not."""
    return getattr(found, name) is OTHER and not (name == "link" and found.is_same_page)


def rule(volatile: Collection[Key], told: Sequence[EntryKeys]) -> IdentityRule:
    """Return the rung that a feed's ladder begins with, as `news.feeds.identity_rule` says.

    `told` are the entries of its document: links that most of them share are no rung.
    """
    has_guids = any(keys.guid for keys in told)
    if "guid" not in volatile and (has_guids or "link" not in volatile):
        return "guid"
    links = {keys.link for keys in told if keys.link}
    lasts = "link" not in volatile and len(links) >= SHARE * len(told)
    return "link" if lasts else "content"
