"""From matches to stories: who is joined with whom, under which number, and who leads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.model import Features, Link, PlannedStory, Signed, StoryMember, StoryPlace
from pipeline.stories import dedupe, shingles
from pipeline.stories.grouping import Member, lead

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

PORTION_WORDS = 200_000  # of texts compared at a time: 2 MB to be read, 25 MB when unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Articles that belong together: the story's number (None: a new one), those merged into it.

    `article_ids` are those that were asked about, ascending; the stories may hold more.
    """

    story_id: int | None
    merged: tuple[int, ...]
    article_ids: tuple[int, ...]


def twins(pairs: Iterable[tuple[int, int]], signed: Mapping[int, Signed]) -> list[Link]:
    """Return the links among candidate pairs that have the very same words."""
    return [
        Link(
            article_id=article_id,
            other_article_id=other_id,
            kind="same_text",
            score=1.0,
            reason="same words",
        )
        for other_id, article_id in _ordered(pairs)
        if _are_twins(signed, article_id, other_id)
    ]


def portions(
    pairs: Iterable[tuple[int, int]], signed: Mapping[int, Signed]
) -> Iterator[list[tuple[int, int]]]:
    """Yield the pairs that need their texts compared, in portions of 200,000 words.

    Texts count with what is kept of them. A pair is (article, other) with the later article first, each
    pair comes once.
    """
    portion: list[tuple[int, int]] = []
    held: set[int] = set()
    size = 0
    for other_id, article_id in _ordered(pairs):
        if _are_twins(signed, article_id, other_id):
            continue
        added = {article_id, other_id} - held
        if portion and size + sum(_size(signed[i]) for i in added) > PORTION_WORDS:
            yield portion
            portion, held, size, added = [], set(), 0, {article_id, other_id}
        portion.append((article_id, other_id))
        held |= added
        size += sum(_size(signed[i]) for i in added)
    if portion:
        yield portion


def links(
    pairs: Iterable[tuple[int, int]], known: Mapping[int, Features], signed: Mapping[int, Signed]
) -> list[Link]:
    """Return the links among pairs (article, other): those that tell the same text."""
    found = []
    unpacked = {article_id: shingles.unpacked(features) for article_id, features in known.items()}
    for article_id, other_id in pairs:
        match = dedupe.agreed(unpacked[article_id], unpacked[other_id])
        if match is None:
            continue
        same_site = signed[article_id].site == signed[other_id].site
        found.append(
            Link(
                article_id=article_id,
                other_article_id=other_id,
                kind=dedupe.kind(known[other_id], known[article_id], same_host=same_site),
                score=match.score,
                reason=match.reason,
                jaccard=match.jaccard,
            )
        )
    return found


@dataclass(slots=True)
class _Part:
    article_ids: list[int] = field(default_factory=list)
    stories: set[int] = field(default_factory=set)


def joined(
    story_of: Mapping[int, int | None],
    links: Iterable[Link],
    parted: Collection[tuple[int, int]] = frozenset(),
) -> list[Joined]:
    """Return the stories that a batch makes, grows or merges, in the order of their first article.

    `story_of` holds every article of the batch and of the links with its present story. The
    oldest number stays; membership only grows. `parted` are pairs of stories that an operator
    holds apart: a link that would join them does not count, and of several the strongest do.
    """
    part_of = _present_parts(story_of)
    walls: defaultdict[int, set[int]] = defaultdict(set)
    for one_story, other_story in parted:
        walls[one_story].add(other_story)
        walls[other_story].add(one_story)
    for link in sorted(links, key=_strongest_first):
        one, other = part_of[link.article_id], part_of[link.other_article_id]
        if one is other or any(
            walls[story] & other.stories for story in one.stories & walls.keys()
        ):
            continue
        if len(one.article_ids) < len(other.article_ids):
            one, other = other, one
        one.article_ids += other.article_ids
        one.stories |= other.stories
        part_of.update(dict.fromkeys(other.article_ids, one))
    parts = {id(part): part for _, part in sorted(part_of.items())}
    return [_joined(part) for part in parts.values()]


def holding(links: Iterable[Link], groups: Sequence[Joined]) -> list[Link]:
    """Return the links within the groups; the others would join what is held apart."""
    group_of = {i: n for n, group in enumerate(groups) for i in group.article_ids}
    return [link for link in links if group_of[link.article_id] == group_of[link.other_article_id]]


def seated(groups: Sequence[Joined], seats: Iterable[StoryMember]) -> list[PlannedStory]:
    """Return the stories with those who sit in them, in the order of `groups`.

    `seats` holds everything in these stories and every article that stands in none yet.
    """
    by_story = {
        s: n for n, g in enumerate(groups) for s in (g.story_id, *g.merged) if s is not None
    }
    by_article = {i: n for n, group in enumerate(groups) for i in group.article_ids}
    members: defaultdict[int, list[StoryMember]] = defaultdict(list)
    for seat in seats:
        new = seat.story_id is None
        members[by_article[seat.article_id] if new else by_story[seat.story_id or 0]].append(seat)
    return [
        sitting(members[n], story_id=group.story_id, merged=group.merged)
        for n, group in enumerate(groups)
    ]


def sitting(
    seats: Sequence[StoryMember], *, story_id: int | None = None, merged: tuple[int, ...] = ()
) -> PlannedStory:
    """Return a story with these articles (one at least) and the one of them that leads."""
    leader = lead([_member(seat) for seat in seats])
    return PlannedStory(
        story_id=story_id,
        merged=merged,
        seats=tuple(seats),
        leader=next(seat for seat in seats if seat.article_id == leader),
        first_seen_at=min(seat.first_seen_at for seat in seats),
    )


def placed(story: PlannedStory, story_id: int) -> list[StoryPlace]:
    """Return the place of each article of a story that has the number `story_id`."""
    return [
        StoryPlace(
            article_id=seat.article_id,
            story_id=story_id,
            is_lead=seat is story.leader,
            kind=_kind(story.leader, seat),
        )
        for seat in story.seats
    ]


def changed(
    stories: Sequence[PlannedStory], numbers: Sequence[int], visible: Collection[int] = ()
) -> list[StoryPlace]:
    """Return the places, by article, that differ from the present ones or are in `visible`.

    `numbers` are those that the stories have now.
    """
    found = [
        now
        for story, story_id in zip(stories, numbers, strict=True)
        for was, now in zip(story.seats, placed(story, story_id), strict=True)
        if now.article_id in visible or _moved(was, now)
    ]
    return sorted(found, key=lambda place: place.article_id)


def _moved(was: StoryMember, now: StoryPlace) -> bool:
    before = (was.story_id, was.is_lead, was.duplicate_kind)
    return before != (now.story_id, now.is_lead, now.kind)


def _ordered(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each pair once, the earlier article first, in order of the earlier article."""
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _are_twins(signed: Mapping[int, Signed], one: int, other: int) -> bool:
    return signed[one].text_hash == signed[other].text_hash


def _size(signed: Signed) -> int:
    return min(signed.token_count, shingles.WHOLE_WORDS)


def _strongest_first(link: Link) -> tuple[float, int, int]:
    return (-link.jaccard, link.article_id, link.other_article_id)


def _present_parts(story_of: Mapping[int, int | None]) -> dict[int, _Part]:
    """The part of each article before anything is joined: its story, or itself alone."""
    of_story: defaultdict[int, _Part] = defaultdict(_Part)
    part_of = {}
    for article_id, story in sorted(story_of.items()):
        part = _Part() if story is None else of_story[story]
        part.article_ids.append(article_id)
        if story is not None:
            part.stories.add(story)
        part_of[article_id] = part
    return part_of


def _joined(part: _Part) -> Joined:
    stories = sorted(part.stories)
    return Joined(
        story_id=stories[0] if stories else None,
        merged=tuple(stories[1:]),
        article_ids=tuple(sorted(part.article_ids)),
    )


def _kind(leader: StoryMember, member: StoryMember) -> str:
    if member is leader:
        return "original"
    return dedupe.kind(leader, member, same_host=leader.site == member.site)


def _member(seat: StoryMember) -> Member:
    return Member(
        article_id=seat.article_id,
        published_at=seat.published_at,
        first_seen_at=seat.first_seen_at,
        token_count=seat.token_count,
        is_teaser=seat.is_teaser,
    )
