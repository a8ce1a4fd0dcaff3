"""What the identifiers of an entry are worth, by who else in its feed has them. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.feeds.identity.comparison import same_guid
from pipeline.feeds.identity.ladder import key
from pipeline.feeds.identity.sameness import Trust
from pipeline.urls import naming

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pipeline.model import EntryKeys
    from pipeline.model.identity import Key

# An identifier is good when the feed tells at least so many entries apart by it.
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many entries of the document, and how many that are stored, share an identifier."""

    shown: Counter[tuple[object, ...]]
    stored: Counter[tuple[object, ...]]
    guids: int
    links: int

    def trust(self, keys: EntryKeys, volatile: Collection[Key]) -> Trust:
        """Return what the identifiers of one entry are worth.

        A guid that is the link says no more than the link does, but where that names an article.
        """
        page = _names_article(keys.link)
        guid = keys.guid and same_guid(keys.guid)
        own = self._is_alone(("guid", guid)) and self._is_alone(("link", keys.link))
        is_link = bool(keys.guid) and key(str(keys.guid)) == keys.link
        return Trust(
            guid=self._is_good(("guid", guid), self.guids)
            and "guid" not in volatile
            and (page or not is_link),
            link=self._is_good(("link", keys.link), self.links) and "link" not in volatile,
            own=own,
            page=page,
            alone=self._is_alone(("headline", keys.link, keys.title, keys.date)),
        )

    def _is_good(self, identifier: tuple[str, str | None], distinct: int) -> bool:
        return bool(identifier[1]) and distinct >= _FEWEST and self._is_alone(identifier)

    def _is_alone(self, identifier: tuple[object, ...]) -> bool:
        return self.shown[identifier] <= 1 and self.stored[identifier] <= 1


def crowd(document: Iterable[EntryKeys], stored: Iterable[EntryKeys]) -> Crowd:
    """Return how often identifiers occur in a document and among what is stored of its feed."""
    shown, held = _counted(document), _counted(stored)
    kinds = Counter(identifier[0] for identifier in {*shown, *held})
    return Crowd(shown, held, guids=kinds["guid"], links=kinds["link"])


def _counted(told: Iterable[EntryKeys]) -> Counter[tuple[object, ...]]:
    counts: Counter[tuple[object, ...]] = Counter()
    for keys in told:
        counts["headline", keys.link, keys.title, keys.date] += 1
        if keys.date:  # an entry without a date may be any of those that have one
            counts["headline", keys.link, keys.title, None] += 1
        if keys.link:
            counts["link", keys.link] += 1
        if keys.guid:
            counts["guid", same_guid(keys.guid)] += 1
    return counts


def _names_article(link: str | None) -> bool:
    path = "/" + (link or "").partition("/")[2].partition("?")[0]
    return naming.is_article(path)
