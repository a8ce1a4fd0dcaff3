"""Texts into stories: which pairs are worth a decision, who belongs together, and who leads."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.stories import dedupe, fingerprint, shingles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pipeline.model import Fingerprint, StoryText

NEWEST_PER_HASH = 50  # texts looked at for one hash: boilerplate stands in every article of a site
MAX_CANDIDATES = 20  # decisions for one text, those with most shared hashes first
MIN_SHARED = 2  # hashes; one alone is often a stock phrase ...
FEW_HASHES = 5  # ... but all that a text of about 50 words with fewer may share with its copy
_LEAD_LENGTH = 0.6  # of the longest member: an excerpt does not lead because it came first


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What decides whether an article leads its story."""

    article_id: int
    published_at: datetime | None
    first_seen_at: datetime
    token_count: int
    is_teaser: bool = False


def group(texts: Sequence[StoryText]) -> list[int]:
    """Return a story number (1, 2, ... in order of the first text) for each of `texts`, in order.

    By the rules of the service, which takes articles one after the other: texts with the same
    words (25 at least) are one story, others are looked up by shared fingerprint hashes and
    decided on. Who matches members of two stories joins them.
    """
    marks = [fingerprint.of(text.text) for text in texts]
    known = [shingles.of(text.text) for text in texts]
    links = [
        (new, other) for new, other in _candidates(marks) if dedupe.decide(known[new], known[other])
    ]
    return connected(len(texts), links)


def candidates_worth(
    shared: Mapping[int, int], hash_count: int, hash_counts: Mapping[int, int]
) -> list[int]:
    """Return the ids that are worth a decision, those with most shared hashes first, at most 20.

    `shared` counts by id the hashes in common with a text that has `hash_count` of them,
    `hash_counts` are those of the others. Two in common are wanted, one where either text has
    fewer than five. Ties: the higher (newer) id first.
    """
    worth = [
        (count, other)
        for other, count in shared.items()
        if count >= MIN_SHARED or min(hash_count, hash_counts[other]) < FEW_HASHES
    ]
    return [other for _, other in sorted(worth, reverse=True)[:MAX_CANDIDATES]]


def connected(count: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Return for each of the positions 0 .. count - 1 the number of its connected part.

    Parts are numbered 1, 2, ... in order of their first position.
    """
    parents = list(range(count))
    for one, other in links:
        parents[_root(parents, one)] = _root(parents, other)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(_root(parents, one), len(numbers) + 1) for one in range(count)]


def lead(members: Sequence[Member]) -> int:
    """Return the article_id that leads a story: the first published that is not an excerpt.

    The earliest published_at (first_seen_at where there is none) among the members with at
    least 60 % of the longest one's tokens; ties by first_seen_at, then the smaller id. A teaser,
    which is what a paywall shows, leads teasers only. `members` is not empty.
    """
    whole = [member for member in members if not member.is_teaser] or members
    longest = max(member.token_count for member in whole)
    full = (member for member in whole if member.token_count >= _LEAD_LENGTH * longest)
    return min(full, key=_seniority).article_id


def _seniority(member: Member) -> tuple[datetime, datetime, int]:
    published_at = member.published_at or member.first_seen_at
    return published_at, member.first_seen_at, member.article_id


def _candidates(marks: Sequence[Fingerprint]) -> Iterator[tuple[int, int]]:
    """Pairs of positions (newer, older) to decide on, the newer ones in order."""
    newest_with: defaultdict[int, list[int]] = defaultdict(list)
    first_with: dict[bytes, int] = {}
    hash_counts = {position: len(mark.hashes) for position, mark in enumerate(marks)}
    for new, mark in enumerate(marks):
        if mark.token_count < fingerprint.MIN_TOKENS:
            continue
        twin = first_with.setdefault(mark.text_hash, new)
        if twin != new:
            yield new, twin
        shared: Counter[int] = Counter()
        for value in mark.hashes:
            shared.update(newest_with[value][-NEWEST_PER_HASH:])
            newest_with[value].append(new)
        for other in candidates_worth(shared, len(mark.hashes), hash_counts):
            yield new, other


def _root(parents: list[int], one: int) -> int:
    while parents[one] != one:
        parents[one] = parents[parents[one]]
        one = parents[one]
    return one
