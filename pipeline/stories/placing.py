"""From matches to stories: who is joined with whom, under which number, and who leads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Link, Placed, Seat, Signed
from pipeline.stories import dedupe
from pipeline.stories.grouping import Member, candidates_worth, connected, lead

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Articles that belong together: the story's number (None: a new one), those merged into it.

    `newcomers` are the articles that stand in none of these stories yet.
    """

    story_id: int | None
    merged: tuple[int, ...]
    newcomers: tuple[int, ...]


def worth(
    matches: Iterable[tuple[int, int, int]], hash_counts: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Return the pairs worth a decision from (article, other, shared hashes), each once.

    `hash_counts` is how many hashes each article of the batch has.
    """
    shared: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for article_id, other_id, count in matches:
        shared[article_id][other_id] = count
    return [
        (article_id, other_id)
        for article_id, counts in shared.items()
        for other_id in candidates_worth(counts, hash_counts[article_id])
    ]


def links(pairs: Iterable[tuple[int, int]], known: Mapping[int, Signed]) -> list[Link]:
    """Return the links among candidate pairs of articles: those that tell the same text."""
    found = []
    for other_id, article_id in sorted({(min(pair), max(pair)) for pair in pairs}):
        article, other = known[article_id].features, known[other_id].features
        match = dedupe.Match(score=1.0, reason="same words")
        if article.text_hash != other.text_hash:
            decided = dedupe.decide(article, other)
            if decided is None:
                continue
            match = decided
        same_site = known[article_id].site == known[other_id].site
        found.append(
            Link(
                article_id=article_id,
                other_article_id=other_id,
                kind=dedupe.kind(other, article, same_host=same_site),
                score=match.score,
                reason=match.reason,
            )
        )
    return found


def joined(story_of: Mapping[int, int | None], links: Sequence[Link]) -> list[Joined]:
    """Return the stories that a batch makes, grows or merges, in the order of their first article.

    `story_of` holds every article of the batch and of the links with its present story. The
    oldest number stays; membership only grows.
    """
    article_ids = sorted(story_of)
    position = {article_id: n for n, article_id in enumerate(article_ids)}
    ties = [(position[link.article_id], position[link.other_article_id]) for link in links]
    ties += _same_story(story_of, position)
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for article_id, part in zip(article_ids, connected(len(article_ids), ties), strict=True):
        parts[part].append(article_id)
    return [_join(part, story_of) for part in parts.values()]


def leader(seats: Sequence[Seat]) -> int:
    """Return the article that leads a story with these articles."""
    return lead([_member(seat) for seat in seats])


def placed(
    story_id: int, leader: int, seats: Sequence[Seat], known: Mapping[int, Signed]
) -> list[Placed]:
    """Return the place of each article of a story, in the order of `seats`."""
    return [
        Placed(
            article_id=seat.article_id,
            story_id=story_id,
            is_lead=seat.article_id == leader,
            kind=_kind(known[leader], known[seat.article_id]),
        )
        for seat in seats
    ]


def _kind(leader: Signed, member: Signed) -> str:
    if leader.article_id == member.article_id:
        return "original"
    return dedupe.kind(leader.features, member.features, same_host=leader.site == member.site)


def _member(seat: Seat) -> Member:
    return Member(
        article_id=seat.article_id,
        published_at=seat.published_at,
        first_seen_at=seat.first_seen_at,
        token_count=seat.token_count,
    )


def _same_story(
    story_of: Mapping[int, int | None], position: Mapping[int, int]
) -> list[tuple[int, int]]:
    first: dict[int, int] = {}
    return [
        (position[article_id], position[first.setdefault(story_id, article_id)])
        for article_id, story_id in sorted(story_of.items())
        if story_id is not None
    ]


def _join(part: Sequence[int], story_of: Mapping[int, int | None]) -> Joined:
    stories = sorted({story for a in part if (story := story_of[a]) is not None})
    return Joined(
        story_id=stories[0] if stories else None,
        merged=tuple(stories[1:]),
        newcomers=tuple(article_id for article_id in part if story_of[article_id] is None),
    )
