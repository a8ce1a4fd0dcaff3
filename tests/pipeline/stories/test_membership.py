"""From matches to stories: who is joined with whom, under which number, and who leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Link, Signed, StoryMember, StoryPlace
from pipeline.stories import membership, signature
from pipeline.stories.membership import Joined

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)

HERONS = """Wardens on the Sallow Marsh counted 41 heron nests this spring, the most since 1988, the
county trust said on Friday. Volunteer Edda Maas found 9 of them in the alders behind Cutter Lane,
where nobody had looked before. The trust wants to close the path along the Brede dyke until the
first of July and has written to the parish of Lower Wick. Anglers from the Wick club called the
plan fair if the east bank stays open. A warm winter and a dry March helped the birds, said Jonas
Peel, who has kept the list for 22 years. He expects about 90 young to leave the nests in June."""

TRAMS = """The council of Ostermark ordered 12 trams from the Kessel works in Brunn on Thursday, two
more than planned. They replace cars built in 1974 whose doors no longer close in frost. Mayor
Lise Hartog said the first will run on line 6 to the Vale hospital by autumn of next year. The
price, 38 million crowns, rose by a tenth because of steel. Drivers asked for cabs with heating
on both sides after 3 of them fell ill in January. The old cars go to the museum at Port Sloe."""

# As reprinted elsewhere, and as cut down to its beginning.
REPRINT = "LOWER WICK (Vale Press) " + HERONS
CUT = HERONS.split("Anglers", maxsplit=1)[0]


def _signed(article_id: int, text: str, site: str = "a.example", **known: Any) -> Signed:
    mark = signature.of(text).fingerprint
    return Signed(
        article_id=article_id,
        site=site,
        story_id=known.get("story_id"),
        text_hash=mark.text_hash,
        token_count=known.get("token_count", mark.token_count),
    )


def _links(pairs: list[tuple[int, int]], *texts: str, sites: str = "abcdefg") -> list[Link]:
    """The links among texts that are numbered from 1 on."""
    signed = {n: _signed(n, t, f"{sites[n - 1]}.example") for n, t in enumerate(texts, 1)}
    known = {n: signature.of(text).features for n, text in enumerate(texts, 1)}
    found = membership.twins(pairs, signed)
    for portion in membership.portions(pairs, signed):
        found += membership.links(portion, known, signed)
    return found


def _seat(article_id: int, text: str = HERONS, **known: Any) -> StoryMember:
    mark = signature.of(text).features
    usual: dict[str, Any] = {
        "story_id": None,
        "is_lead": None,
        "duplicate_kind": None,
        "site": "a.example",
        "published_at": NOW,
        "first_seen_at": NOW,
        "text_hash": mark.text_hash,
        "token_count": mark.token_count,
        "numbers": mark.numbers,
    }
    return StoryMember(article_id=article_id, **usual | known)


def _link(article_id: int, other_article_id: int, jaccard: float = 1.0) -> Link:
    return Link(
        jaccard=jaccard,
        article_id=article_id,
        other_article_id=other_article_id,
        kind="reprint",
        score=1.0,
        reason="",
    )


# Links.


def test_same_words_are_linked_with_full_score() -> None:
    (link,) = _links([(2, 1)], HERONS, HERONS)
    assert (link.article_id, link.other_article_id) == (2, 1)
    assert (link.kind, link.score, link.reason) == ("same_text", 1.0, "same words")


def test_same_few_words_are_linked_too() -> None:
    """Who asks for the pair has seen that the texts are long enough."""
    assert [link.kind for link in _links([(1, 2)], "Pier closed.", "Pier closed.")] == ["same_text"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [pytest.param(REPRINT, "reprint", id="reprint"), pytest.param(CUT, "excerpt", id="excerpt")],
)
def test_copy_is_linked_with_its_kind_and_figures(text: str, kind: str) -> None:
    (link,) = _links([(2, 1)], HERONS, text)
    assert link.kind == kind
    assert 0.9 < link.score <= 1.0
    assert 0.4 < link.jaccard < 1.0
    assert "triples" in link.reason


def test_kind_of_a_link_is_that_of_the_later_article() -> None:
    assert [link.kind for link in _links([(2, 1)], CUT, HERONS)] == ["extended"]


def test_other_numbers_on_the_same_site_are_an_update() -> None:
    newer = HERONS.replace("41 heron", "44 heron")
    assert [link.kind for link in _links([(2, 1)], HERONS, newer, sites="aa")] == ["update"]
    assert [link.kind for link in _links([(2, 1)], HERONS, newer)] == ["reprint"]


def test_other_texts_are_not_linked() -> None:
    assert _links([(2, 1)], HERONS, TRAMS) == []


def test_pair_is_decided_once_whichever_way_it_is_named() -> None:
    found = _links([(3, 2), (1, 2), (2, 1), (1, 3), (3, 1)], HERONS, HERONS, REPRINT)
    pairs = [(link.other_article_id, link.article_id) for link in found]
    assert pairs == [(1, 2), (1, 3), (2, 3)]


@pytest.mark.parametrize(
    ("words", "portions"),
    [
        pytest.param(10, 1, id="small-ones-together"),
        pytest.param(8_000, 2, id="as-many-as-fit"),
        pytest.param(500_000, 2, id="of-giants-a-part-is-kept"),
    ],
)
def test_texts_are_compared_a_bounded_portion_at_a_time(words: int, portions: int) -> None:
    """Thirty texts, all held against the first: 24 of 8,192 words are a portion."""
    signed = {n: _signed(n, str(n), token_count=words) for n in range(1, 31)}
    pairs = [(1, n) for n in range(2, 31)]
    found = list(membership.portions(pairs, signed))
    assert len(found) == portions
    assert [pair for portion in found for pair in portion] == [(n, 1) for n in range(2, 31)]


# Stories.


@pytest.mark.parametrize(
    ("story_of", "links", "expected"),
    [
        pytest.param({}, [], [], id="empty-batch"),
        pytest.param(
            {7: None},
            [],
            [Joined(story_id=None, merged=(), article_ids=(7,))],
            id="a-lone-article-is-a-story",
        ),
        pytest.param(
            {7: None, 8: None},
            [(8, 7)],
            [Joined(story_id=None, merged=(), article_ids=(7, 8))],
            id="two-new-ones-make-a-story",
        ),
        pytest.param(
            {3: 30, 8: None},
            [(8, 3)],
            [Joined(story_id=30, merged=(), article_ids=(3, 8))],
            id="a-new-one-joins-a-story",
        ),
        pytest.param(
            {3: 30, 4: 40, 8: None},
            [(8, 3), (8, 4)],
            [Joined(story_id=30, merged=(40,), article_ids=(3, 4, 8))],
            id="a-new-one-merges-two-and-the-oldest-number-stays",
        ),
        pytest.param(
            {3: 50, 4: 40, 5: 60, 8: None},
            [(8, 3), (8, 4), (8, 5)],
            [Joined(story_id=40, merged=(50, 60), article_ids=(3, 4, 5, 8))],
            id="the-oldest-number-not-the-oldest-article",
        ),
        pytest.param(
            {3: 30, 4: 30, 8: None, 9: None},
            [(8, 3), (9, 4)],
            [Joined(story_id=30, merged=(), article_ids=(3, 4, 8, 9))],
            id="members-of-one-story-stay-together-without-a-link",
        ),
        pytest.param(
            {7: None, 8: None, 9: None},
            [(8, 7), (9, 8)],
            [Joined(story_id=None, merged=(), article_ids=(7, 8, 9))],
            id="a-chain-is-one-story",
        ),
        pytest.param(
            {9: None, 7: None, 8: None},
            [(9, 7)],
            [
                Joined(story_id=None, merged=(), article_ids=(7, 9)),
                Joined(story_id=None, merged=(), article_ids=(8,)),
            ],
            id="in-the-order-of-the-first-article",
        ),
        pytest.param(
            {3: 30},
            [],
            [Joined(story_id=30, merged=(), article_ids=(3,))],
            id="a-changed-text-stays-where-it-is",
        ),
    ],
)
def test_stories_are_made_grown_and_merged(
    story_of: dict[int, int | None], links: list[tuple[int, int]], expected: list[Joined]
) -> None:
    assert membership.joined(story_of, [_link(*pair) for pair in links]) == expected


@given(
    story_of=st.dictionaries(st.integers(1, 30), st.none() | st.integers(1, 8), max_size=20),
    data=st.data(),
)
def test_nobody_is_lost_and_no_story_is_split(
    story_of: dict[int, int | None], data: st.DataObject
) -> None:
    ids = st.sampled_from(sorted(story_of) or [0])
    pairs = data.draw(st.lists(st.tuples(ids, ids), max_size=15)) if story_of else []
    found = membership.joined(story_of, [_link(*pair) for pair in pairs])
    asked = [article_id for group in found for article_id in group.article_ids]
    stories = [n for group in found for n in ((group.story_id or 0), *group.merged) if n]
    assert sorted(asked) == sorted(story_of)
    assert sorted(stories) == sorted({story for story in story_of.values() if story is not None})
    assert all(group.story_id or not group.merged for group in found)


# (present stories, links with their jaccard, parted stories, the parts that come out)
PARTED = [
    pytest.param({3: 30, 4: 40}, [(4, 3, 1.0)], {(30, 40)}, [(3,), (4,)], id="never-joined"),
    pytest.param({3: 30, 4: 40}, [(4, 3, 1.0)], {(40, 30)}, [(3,), (4,)], id="either-way-round"),
    pytest.param({3: 30, 4: 40}, [(4, 3, 1.0)], {(30, 50)}, [(3, 4)], id="others-are-parted"),
    pytest.param(
        {3: 30, 4: 40, 8: None},
        [(8, 3, 0.5), (8, 4, 0.6)],
        {(30, 40)},
        [(3,), (4, 8)],
        id="a-newcomer-joins-the-nearer",
    ),
    pytest.param(
        {3: 30, 4: 40, 8: None},
        [(8, 3, 0.6), (8, 4, 0.6)],
        {(30, 40)},
        [(3, 8), (4,)],
        id="of-equals-the-older",
    ),
    pytest.param(
        {3: 30, 4: 40, 8: None, 9: None},
        [(8, 3, 0.9), (9, 4, 0.8), (9, 8, 0.7)],
        {(30, 40)},
        [(3, 8), (4, 9)],
        id="no-way-round-by-newcomers",
    ),
    pytest.param(
        {3: 30, 4: 40, 5: 50},
        [(5, 3, 0.9), (5, 4, 0.8)],
        {(30, 40)},
        [(3, 5), (4,)],
        id="no-way-round-by-a-third-story",
    ),
]


@pytest.mark.parametrize(("story_of", "links", "parted", "parts"), PARTED)
def test_what_is_held_apart_is_not_joined(
    story_of: dict[int, int | None],
    links: list[tuple[int, int, float]],
    parted: set[tuple[int, int]],
    parts: list[tuple[int, ...]],
) -> None:
    found = [_link(*link) for link in links]
    groups = membership.joined(story_of, found, parted)
    assert [group.article_ids for group in groups] == parts
    within = [(a, b) for part in parts for a in part for b in part]
    kept = [(link.article_id, link.other_article_id) for link in membership.holding(found, groups)]
    assert kept == [(a, b) for a, b, _ in links if (a, b) in within]


# Seats and places.


def _leader(*seats: StoryMember) -> int:
    return membership.sitting(seats).leader.article_id


def test_first_published_leads() -> None:
    seats = (_seat(1), _seat(2, published_at=NOW - HOUR), _seat(3, published_at=None))
    assert _leader(*seats) == 2


def test_first_seen_stands_in_for_a_missing_date() -> None:
    assert _leader(_seat(1), _seat(2, published_at=None, first_seen_at=NOW - HOUR)) == 2


def test_excerpt_does_not_lead_because_it_came_first() -> None:
    early = _seat(1, published_at=NOW - HOUR, token_count=59)
    assert _leader(early, _seat(2, token_count=100)) == 2


def test_a_story_is_known_since_its_first_article_was_seen() -> None:
    seats = [_seat(1), _seat(2, first_seen_at=NOW - HOUR), _seat(3, first_seen_at=NOW + HOUR)]
    assert membership.sitting(seats).first_seen_at == NOW - HOUR


def test_everyone_sits_in_the_story_that_takes_them() -> None:
    groups = [
        Joined(story_id=30, merged=(40,), article_ids=(3, 8)),
        Joined(story_id=None, merged=(), article_ids=(9, 10)),
    ]
    seats = [
        *(_seat(n, story_id=30) for n in (3, 4)),
        _seat(5, story_id=40),
        *(_seat(n) for n in (8, 9, 10)),
    ]
    one, other = membership.seated(groups, seats)
    assert [seat.article_id for seat in one.seats] == [3, 4, 5, 8]
    assert (one.story_id, one.merged) == (30, (40,))
    assert [seat.article_id for seat in other.seats] == [9, 10]
    assert (other.story_id, other.merged) == (None, ())


def test_everyone_gets_a_place_in_the_order_of_the_seats() -> None:
    seats = [
        _seat(4, REPRINT, site="b.example"),
        _seat(2, HERONS, published_at=NOW - HOUR),
        _seat(7, CUT, site="c.example"),
        _seat(9, HERONS, site="d.example"),
    ]
    assert membership.placed(membership.sitting(seats), 30) == [
        StoryPlace(article_id=4, story_id=30, is_lead=False, kind="reprint"),
        StoryPlace(article_id=2, story_id=30, is_lead=True, kind="original"),
        StoryPlace(article_id=7, story_id=30, is_lead=False, kind="excerpt"),
        StoryPlace(article_id=9, story_id=30, is_lead=False, kind="same_text"),
    ]


def _kinds(*seats: StoryMember) -> list[str]:
    return [placed.kind for placed in membership.placed(membership.sitting(seats), 30)]


def test_kind_is_towards_the_leader_whoever_it_is() -> None:
    longer = _seat(2, HERONS, site="b.example")
    # 70 of 104 tokens: long enough to lead
    assert _kinds(_seat(1, CUT, token_count=70), longer) == ["original", "extended"]


def test_later_version_on_the_leaders_site_is_an_update() -> None:
    newer = HERONS.replace("41 heron", "44 heron")
    assert _kinds(_seat(1), _seat(2, newer)) == ["original", "update"]
    assert _kinds(_seat(1), _seat(2, newer, site="b.example")) == ["original", "reprint"]


def test_only_places_that_differ_from_the_present_ones_are_changes() -> None:
    stays: dict[str, Any] = {
        "story_id": 30,
        "is_lead": False,
        "duplicate_kind": "same_text",
    }
    seats = [
        _seat(1, story_id=30, is_lead=True, duplicate_kind="original"),
        _seat(2, **stays, site="b.example"),
        _seat(3, **stays | {"story_id": 40}, site="c.example"),
        _seat(4, **stays | {"duplicate_kind": "reprint"}, site="d.example"),
        _seat(5, site="e.example"),
    ]
    other = membership.sitting([_seat(0)])
    moved = membership.changed([membership.sitting(seats), other], [30, 50])
    assert [(p.article_id, p.story_id) for p in moved] == [(0, 50), (3, 30), (4, 30), (5, 30)]
    (seen, *rest) = membership.changed([membership.sitting(seats)], [30], visible={2})
    assert (seen.article_id, [p.article_id for p in rest]) == (2, [3, 4, 5])
