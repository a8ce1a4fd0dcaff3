"""Texts into stories. All texts are invented."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import StoryText
from pipeline.stories import group
from pipeline.stories.grouping import (
    MAX_CANDIDATES,
    NEWEST_PER_HASH,
    Member,
    candidates_worth,
    connected,
    lead,
)

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def prose(seed: int, count: int = 120) -> list[str]:
    """An invented text: distinct words, some names and numbers, the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    words = [
        f"{draw.choice('bdfgklmnprst')}{draw.randrange(10**6):06d}".translate(LETTERS)
        for _ in range(count)
    ]
    return [
        w.title() if n % 7 == 3 else str(draw.randrange(10, 999)) if n % 11 == 5 else w
        for n, w in enumerate(words)
    ]


LETTERS = str.maketrans("0123456789", "aeiouynrst")


def stories(*texts: list[str]) -> list[int]:
    return group(
        [
            StoryText(id=n, url=f"https://example.org/{n}", title=None, text=" ".join(words))
            for n, words in enumerate(texts)
        ]
    )


def test_no_text_no_story() -> None:
    assert group([]) == []


def test_stories_are_numbered_in_order_of_their_first_text() -> None:
    one, two = prose(1), prose(2)
    assert stories(one, two, one, prose(3), two) == [1, 2, 1, 3, 2]


def test_a_cut_copy_joins_whichever_comes_first() -> None:
    one = prose(1)
    assert stories(one, one[:60]) == [1, 1]
    assert stories(one[:60], one) == [1, 1]


def test_a_text_that_matches_two_stories_joins_them() -> None:
    one = prose(1, 200)
    # the two halves share nothing; the whole holds both
    assert stories(one[:100], one[100:]) == [1, 2]
    assert stories(one[:100], one[100:], prose(2), one) == [1, 1, 2, 1]


def test_short_texts_never_join() -> None:
    short = prose(1, 24)
    assert stories(short, short) == [1, 2]
    just = prose(1, 25)
    assert stories(just, just) == [1, 1]


def test_same_words_join_past_the_cap_of_candidates() -> None:
    # the same closing words in many articles push the twin out of every posting
    closing = prose(1, 40)
    crowd = [prose(seed, 200) + closing for seed in range(10, 70)]
    found = stories(closing, *crowd, closing)
    assert found[0] == found[-1]
    assert len(set(found[:-1])) == len(crowd) + 1


def test_boilerplate_joins_nothing() -> None:
    footer = prose(99, 30)
    texts = [prose(seed) + footer for seed in range(8)]
    assert stories(*texts) == list(range(1, 9))


def test_empty_texts_are_stories_of_their_own() -> None:
    assert stories([], [], prose(1)) == [1, 2, 3]


@given(st.permutations([1, 1, 2, 3, 3, 3]))
def test_partition_is_the_same_in_any_order(seeds: list[int]) -> None:
    found = stories(*(prose(seed) for seed in seeds))
    assert found == connected_by_equality(seeds)


def connected_by_equality(values: list[int]) -> list[int]:
    first: dict[int, int] = {}
    return [first.setdefault(value, len(first) + 1) for value in values]


@pytest.mark.parametrize(
    ("shared", "hash_count", "worth"),
    [
        pytest.param({}, 10, [], id="nothing-shared"),
        pytest.param({4: 1, 5: 2}, 10, [5], id="two-are-wanted"),
        pytest.param({4: 1}, 4, [4], id="one-is-enough-of-few"),
        pytest.param({9: 1}, 10, [9], id="or-where-the-other-has-few"),
        pytest.param({4: 1}, 5, [], id="five-are-not-few"),
        pytest.param({4: 2, 5: 9, 6: 3}, 10, [5, 6, 4], id="most-shared-first"),
        pytest.param({4: 2, 5: 2}, 10, [5, 4], id="newer-first-among-equals"),
    ],
)
def test_candidates_share_enough(shared: dict[int, int], hash_count: int, worth: list[int]) -> None:
    assert candidates_worth(shared, hash_count, {4: 5, 5: 9, 6: 7, 9: 4}) == worth


def test_candidates_are_capped() -> None:
    shared = {other: 2 + other for other in range(NEWEST_PER_HASH)}
    worth = candidates_worth(shared, 30, dict.fromkeys(shared, 30))
    assert worth == list(range(NEWEST_PER_HASH - 1, NEWEST_PER_HASH - 1 - MAX_CANDIDATES, -1))


@pytest.mark.parametrize(
    ("count", "links", "numbers"),
    [
        pytest.param(0, [], [], id="none"),
        pytest.param(3, [], [1, 2, 3], id="no-links"),
        pytest.param(3, [(2, 0)], [1, 2, 1], id="one-link"),
        pytest.param(4, [(0, 1), (2, 3), (3, 0)], [1, 1, 1, 1], id="chain"),
        pytest.param(4, [(3, 1), (1, 3), (3, 3)], [1, 2, 3, 2], id="repeated"),
    ],
)
def test_linked_positions_share_a_number(
    count: int, links: list[tuple[int, int]], numbers: list[int]
) -> None:
    assert connected(count, links) == numbers


def member(
    article_id: int, *, published: int | None = 0, seen: int = 0, tokens: int = 100
) -> Member:
    return Member(
        article_id=article_id,
        published_at=None if published is None else MAY + timedelta(hours=published),
        first_seen_at=MAY + timedelta(hours=seen),
        token_count=tokens,
    )


@pytest.mark.parametrize(
    ("members", "wanted"),
    [
        pytest.param([member(7)], 7, id="alone"),
        pytest.param([member(1, published=5), member(2, published=3)], 2, id="published-first"),
        pytest.param(
            [member(1, published=1, tokens=59), member(2, published=3)], 2, id="excerpt-leads-not"
        ),
        pytest.param(
            [member(1, published=1, tokens=60), member(2, published=3)], 1, id="sixty-per-cent-do"
        ),
        pytest.param([member(1, seen=2), member(2, seen=1)], 2, id="then-first-seen"),
        pytest.param([member(2), member(1)], 1, id="then-the-smaller-id"),
        pytest.param(
            [member(1, published=None, seen=4), member(2, published=5, seen=9)],
            1,
            id="undated-counts-from-first-seen",
        ),
        pytest.param([member(1, tokens=0), member(2, tokens=0)], 1, id="no-tokens"),
    ],
)
def test_lead_is_the_first_full_text(members: list[Member], wanted: int) -> None:
    assert lead(members) == wanted
    assert lead(members[::-1]) == wanted
