"""From matches to stories: who is joined with whom, under which number, and who leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Link, Placed, Seat, Signed
from pipeline.stories import placing, signature
from pipeline.stories.placing import Joined

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
    mark = signature.of(text)
    features = mark.features
    return Signed(
        article_id=article_id,
        site=site,
        story_id=known.get("story_id"),
        text_hash=features.text_hash,
        token_count=features.token_count,
        triples=features.triples,
        fives=features.fives,
        names=features.names,
        numbers=features.numbers,
    )


def _seat(article_id: int, **known: Any) -> Seat:
    usual: dict[str, Any] = {
        "story_id": None,
        "is_lead": None,
        "duplicate_kind": None,
        "site": "a.example",
        "published_at": NOW,
        "first_seen_at": NOW,
        "token_count": 100,
    }
    return Seat(article_id=article_id, **usual | known)


def _link(article_id: int, other_article_id: int) -> Link:
    return Link(
        article_id=article_id,
        other_article_id=other_article_id,
        kind="reprint",
        score=1.0,
        reason="",
    )


# Which pairs are worth a decision.


@pytest.mark.parametrize(
    ("matches", "hash_counts", "expected"),
    [
        pytest.param([], {}, [], id="none"),
        pytest.param([(5, 1, 2)], {5: 40}, [(5, 1)], id="two-hashes-are-enough"),
        pytest.param([(5, 1, 1)], {5: 40}, [], id="one-is-a-stock-phrase"),
        pytest.param([(5, 1, 1)], {5: 1}, [(5, 1)], id="one-of-one"),
        pytest.param([(5, 1, 2), (5, 2, 9)], {5: 40}, [(5, 2), (5, 1)], id="most-shared-first"),
        pytest.param([(5, 1, 2), (5, 2, 2)], {5: 40}, [(5, 2), (5, 1)], id="then-the-newer"),
        pytest.param(
            [(5, 1, 2), (6, 1, 3)], {5: 40, 6: 40}, [(5, 1), (6, 1)], id="each-article-its-own"
        ),
    ],
)
def test_pairs_worth_a_decision(
    matches: list[tuple[int, int, int]],
    hash_counts: dict[int, int],
    expected: list[tuple[int, int]],
) -> None:
    assert placing.worth(matches, hash_counts) == expected


def test_twenty_pairs_of_one_article_are_decided_at_most() -> None:
    matches = [(99, other, 2 + other) for other in range(30)]
    assert placing.worth(matches, {99: 100}) == [(99, other) for other in range(29, 9, -1)]


# Links.


def test_same_words_are_linked_with_full_score() -> None:
    known = {1: _signed(1, HERONS), 2: _signed(2, HERONS, "b.example")}
    (link,) = placing.links([(2, 1)], known)
    assert (link.article_id, link.other_article_id) == (2, 1)
    assert (link.kind, link.score, link.reason) == ("same_text", 1.0, "same words")


def test_same_few_words_are_linked_too() -> None:
    """Who asks for the pair has seen that the texts are long enough."""
    known = {1: _signed(1, "Pier closed."), 2: _signed(2, "Pier closed.")}
    assert [link.kind for link in placing.links([(1, 2)], known)] == ["same_text"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [pytest.param(REPRINT, "reprint", id="reprint"), pytest.param(CUT, "excerpt", id="excerpt")],
)
def test_copy_is_linked_with_its_kind_and_figures(text: str, kind: str) -> None:
    known = {1: _signed(1, HERONS), 2: _signed(2, text, "b.example")}
    (link,) = placing.links([(2, 1)], known)
    assert link.kind == kind
    assert 0.9 < link.score <= 1.0
    assert "triples" in link.reason


def test_kind_of_a_link_is_that_of_the_later_article() -> None:
    known = {1: _signed(1, CUT), 2: _signed(2, HERONS, "b.example")}
    assert [link.kind for link in placing.links([(2, 1)], known)] == ["extended"]


def test_other_numbers_on_the_same_site_are_an_update() -> None:
    newer = HERONS.replace("41 heron", "44 heron")
    same_site = {1: _signed(1, HERONS), 2: _signed(2, newer)}
    other_site = {1: _signed(1, HERONS), 2: _signed(2, newer, "b.example")}
    assert [link.kind for link in placing.links([(2, 1)], same_site)] == ["update"]
    assert [link.kind for link in placing.links([(2, 1)], other_site)] == ["reprint"]


def test_other_texts_are_not_linked() -> None:
    known = {1: _signed(1, HERONS), 2: _signed(2, TRAMS)}
    assert placing.links([(2, 1)], known) == []


def test_pair_is_decided_once_whichever_way_it_is_named() -> None:
    known = {n: _signed(n, HERONS) for n in (1, 2, 3)}
    found = placing.links([(3, 2), (1, 2), (2, 1), (1, 3), (3, 1)], known)
    pairs = [(link.other_article_id, link.article_id) for link in found]
    assert pairs == [(1, 2), (1, 3), (2, 3)]


# Stories.


@pytest.mark.parametrize(
    ("story_of", "links", "expected"),
    [
        pytest.param({}, [], [], id="empty-batch"),
        pytest.param(
            {7: None},
            [],
            [Joined(story_id=None, merged=(), newcomers=(7,))],
            id="a-lone-article-is-a-story",
        ),
        pytest.param(
            {7: None, 8: None},
            [(8, 7)],
            [Joined(story_id=None, merged=(), newcomers=(7, 8))],
            id="two-new-ones-make-a-story",
        ),
        pytest.param(
            {3: 30, 8: None},
            [(8, 3)],
            [Joined(story_id=30, merged=(), newcomers=(8,))],
            id="a-new-one-joins-a-story",
        ),
        pytest.param(
            {3: 30, 4: 40, 8: None},
            [(8, 3), (8, 4)],
            [Joined(story_id=30, merged=(40,), newcomers=(8,))],
            id="a-new-one-merges-two-and-the-oldest-number-stays",
        ),
        pytest.param(
            {3: 50, 4: 40, 5: 60, 8: None},
            [(8, 3), (8, 4), (8, 5)],
            [Joined(story_id=40, merged=(50, 60), newcomers=(8,))],
            id="the-oldest-number-not-the-oldest-article",
        ),
        pytest.param(
            {3: 30, 4: 30, 8: None, 9: None},
            [(8, 3), (9, 4)],
            [Joined(story_id=30, merged=(), newcomers=(8, 9))],
            id="members-of-one-story-stay-together-without-a-link",
        ),
        pytest.param(
            {7: None, 8: None, 9: None},
            [(8, 7), (9, 8)],
            [Joined(story_id=None, merged=(), newcomers=(7, 8, 9))],
            id="a-chain-is-one-story",
        ),
        pytest.param(
            {9: None, 7: None, 8: None},
            [(9, 7)],
            [
                Joined(story_id=None, merged=(), newcomers=(7, 9)),
                Joined(story_id=None, merged=(), newcomers=(8,)),
            ],
            id="in-the-order-of-the-first-article",
        ),
        pytest.param(
            {3: 30},
            [],
            [Joined(story_id=30, merged=(), newcomers=())],
            id="a-changed-text-stays-where-it-is",
        ),
    ],
)
def test_stories_are_made_grown_and_merged(
    story_of: dict[int, int | None], links: list[tuple[int, int]], expected: list[Joined]
) -> None:
    assert placing.joined(story_of, [_link(*pair) for pair in links]) == expected


@given(
    story_of=st.dictionaries(st.integers(1, 30), st.none() | st.integers(1, 8), max_size=20),
    data=st.data(),
)
def test_nobody_is_lost_and_no_story_is_split(
    story_of: dict[int, int | None], data: st.DataObject
) -> None:
    ids = st.sampled_from(sorted(story_of) or [0])
    pairs = data.draw(st.lists(st.tuples(ids, ids), max_size=15)) if story_of else []
    found = placing.joined(story_of, [_link(*pair) for pair in pairs])
    newcomers = [article_id for group in found for article_id in group.newcomers]
    stories = [n for group in found for n in ((group.story_id or 0), *group.merged) if n]
    assert sorted(newcomers) == sorted(a for a, story in story_of.items() if story is None)
    assert sorted(stories) == sorted({story for story in story_of.values() if story is not None})
    assert all(group.story_id or not group.merged for group in found)


# Places.


def test_first_published_leads() -> None:
    seats = [_seat(1), _seat(2, published_at=NOW - HOUR), _seat(3, published_at=None)]
    assert placing.leader(seats) == 2


def test_first_seen_stands_in_for_a_missing_date() -> None:
    seats = [_seat(1), _seat(2, published_at=None, first_seen_at=NOW - HOUR)]
    assert placing.leader(seats) == 2


def test_excerpt_does_not_lead_because_it_came_first() -> None:
    seats = [_seat(1, published_at=NOW - HOUR, token_count=59), _seat(2, token_count=100)]
    assert placing.leader(seats) == 2


def test_everyone_gets_a_place_in_the_order_of_the_seats() -> None:
    known = {
        4: _signed(4, REPRINT, "b.example"),
        2: _signed(2, HERONS),
        7: _signed(7, CUT, "c.example"),
        9: _signed(9, HERONS, "d.example"),
    }
    placed = placing.placed(30, 2, [_seat(number) for number in known], known)
    assert placed == [
        Placed(article_id=4, story_id=30, is_lead=False, kind="reprint"),
        Placed(article_id=2, story_id=30, is_lead=True, kind="original"),
        Placed(article_id=7, story_id=30, is_lead=False, kind="excerpt"),
        Placed(article_id=9, story_id=30, is_lead=False, kind="same_text"),
    ]


def test_kind_is_towards_the_leader_whoever_it_is() -> None:
    known = {1: _signed(1, CUT), 2: _signed(2, HERONS, "b.example")}
    seats = [_seat(1), _seat(2)]
    kinds = [placed.kind for placed in placing.placed(30, 1, seats, known)]
    assert kinds == ["original", "extended"]


def test_later_version_on_the_leaders_site_is_an_update() -> None:
    known = {1: _signed(1, HERONS), 2: _signed(2, HERONS.replace("41 heron", "44 heron"))}
    seats = [_seat(1), _seat(2)]
    assert [p.kind for p in placing.placed(30, 1, seats, known)] == ["original", "update"]


def test_present_story_of_a_signature_does_not_matter_for_a_link() -> None:
    known = {1: _signed(1, HERONS, story_id=30), 2: _signed(2, HERONS, story_id=40)}
    assert len(placing.links([(1, 2)], known)) == 1
