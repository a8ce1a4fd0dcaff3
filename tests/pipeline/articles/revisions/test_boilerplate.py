"""Which changes of a text are its page's and make no revision, and which are the article's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import word_lists
from pipeline.articles.revisions import boilerplate, changes, timestamps

TITLE = "Pier to be rebuilt"
FIRST = "The council voted on Tuesday to rebuild the old pier."
LAST = "Work begins in spring and lasts until the autumn."


def kind(old: str, new: str, *, frame: str = f"{FIRST}\n{{}}\n{LAST}") -> str | None:
    """What changed where one line between two sentences was another before."""
    return changes.change_kind(TITLE, frame.format(old), TITLE, frame.format(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("He sold 50,000 shares.", "He sold 90,000 shares.", id="shares sold"),
        pytest.param("She vanished 3 hours ago.", "She vanished 9 hours ago.", id="age of an event"),
        pytest.param("The clip has 3 million views.", "The clip has 4 million views.", id="views"),
        pytest.param(
            "The plan drew 12 comments, 3 of them kind.",
            "The plan drew 12 comments, 4 of them kind.",
            id="counter before a figure",
        ),
        pytest.param(
            "Comments (41) were read out.", "Comments (42) were read out.", id="bracketed figure"
        ),
        pytest.param(
            "Jury finds the mayor guilty on all counts",
            "Jury finds the mayor innocent on all counts",
            id="verdict on a line of its own",
        ),
        pytest.param(
            "Court says mayor is guilty", "Mayor is cleared, says court", id="verdict turned round"
        ),
        pytest.param(
            "Mayor will not stand for office again",
            "Mayor will stand for office again",
            id="negation on a line of its own",
        ),
        pytest.param(
            "Anna Lind named head of the port", "Anna Holm named head of the port", id="name"
        ),
        pytest.param("Labour wins by three seats", "Labour wins by four seats", id="number in words"),
        pytest.param("法院裁定市長有罪入獄", "法院裁定市長無罪釋放", id="verdict in Chinese"),
        pytest.param(
            "Published in 2025, the report names 14", "Published in 2025, the report names 15",
            id="begins like a label",
        ),
        pytest.param("Rules posted 3 hours ago", "Rules posted 9 hours ago", id="label in a phrase"),
        pytest.param(
            "Recommended: 3 doses for adults", "Recommended: 2 doses for adults", id="advice"
        ),
        pytest.param("Alder Fund | 50,000 shares", "Alder Fund | 90,000 shares", id="table row"),
        pytest.param("Alder Fund · 50,000 shares", "Alder Fund · 90,000 shares", id="dotted row"),
        pytest.param(
            "Alder | 50,000 shares | 2 April 2026", "Alder | 90,000 shares | 2 April 2026", id="cells"
        ),
        pytest.param("By noon, 500 shares.", "By noon, 900 shares.", id="short sentence"),
    ],
)  # fmt: skip
def test_changed_fact_is_a_revision(old: str, new: str) -> None:
    assert kind(old, new) == "substantive"
    assert kind(new, old) == "substantive"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("12 comments", "14 comments", id="counter"),
        pytest.param("12 comments, 3 min read", "14 comments, 4 min read", id="two counters"),
        pytest.param("3 hours ago", "9 hours ago", id="age"),
        pytest.param(
            "By Ann Lee | 3 hours ago | 2 views", "By Ann Lee | 9 hours ago | 5 views", id="byline"
        ),
        pytest.param("Ann Lee | 3 min read", "Ann Lee | 4 min read", id="reading time"),
        pytest.param(
            "Ann Lee · 3 hours ago · 12 comments", "Ann Lee · 1 day ago · 30 comments", id="dots"
        ),
        pytest.param("Updated 3 hours ago by Ann Lee", "Updated 9 hours ago by Ann Lee", id="label"),
        pytest.param(
            "By Ann Lee, updated 3 hours ago", "By Ann Lee, updated 9 hours ago", id="label behind"
        ),
        pytest.param(
            "Published 2 April 2026 Updated 3 April 2026",
            "Published 2 April 2026 Updated 4 April 2026",
            id="two dates",
        ),
        pytest.param("Updated at 14:05", "Updated at 16:20", id="time of day"),
        pytest.param("Lesezeit: 3 Min.", "Lesezeit: 4 Min.", id="reading time in German"),
        pytest.param("Recommended", "Recommended for you", id="heading of links"),
        pytest.param("See also: Jury finds mayor guilty", "See also: Mayor freed", id="named link"),
        pytest.param("Harbour master resigns today", "Ten piers to see in Mora", id="another link"),
    ],
)  # fmt: skip
def test_changed_line_of_the_page_is_none(old: str, new: str) -> None:
    assert kind(old, new) is None


def test_line_is_found_again_where_a_paragraph_before_it_was_parted() -> None:
    old = f"{FIRST} {LAST}\nJury finds the mayor guilty\n{LAST}"
    new = f"{FIRST}\n{LAST}\nJury finds the mayor innocent\n{LAST}"
    assert changes.change_kind(TITLE, old, TITLE, new) == "substantive"


def test_another_author_beside_a_counter_is_a_revision() -> None:
    assert kind("By Ann Lee | 3 hours ago", "By Bo Dahl | 9 hours ago") == "substantive"


def test_counter_in_a_headline_is_a_fact() -> None:
    old, new = "Founder sold 50,000 shares", "Founder sold 90,000 shares"
    assert changes.change_kind(old, FIRST, new, FIRST) == "headline"


def test_reworded_link_beside_a_typo_counts_as_more_than_spelling() -> None:
    old = f"{FIRST}\nJury finds the mayor guilty\n{LAST}"
    new = f"{FIRST}\nJury finds the mayor innocent\n{LAST}".replace("council", "councli")
    assert changes.change_kind(TITLE, old, TITLE, new) == "substantive"


COUNTED = [
    "shares",
    "comments",
    "views",
    "likes",
    "readers",
    "hours ago",
    "days ago",
    "minutes ago",
]
WORD = st.text(alphabet="abcdefghij", min_size=3, max_size=9)


@given(
    words=st.lists(WORD, min_size=2, max_size=8),
    numbers=st.lists(
        st.integers(min_value=1, max_value=10**6), min_size=2, max_size=2, unique=True
    ),
    counted=st.sampled_from(COUNTED),
    tail=st.lists(WORD, max_size=4),
)
def test_number_that_changes_within_a_sentence_is_always_a_revision(
    words: list[str], numbers: list[int], counted: str, tail: list[str]
) -> None:
    old, new = (" ".join(["He", *words, f"{number:,}", counted, *tail]) + "." for number in numbers)
    assert kind(old, new) == "substantive"


@pytest.mark.parametrize("at", ["start", "middle", "end"])
def test_own_words_are_those_of_sentences(at: str) -> None:
    place = {"start": "{}\n" + FIRST, "middle": f"{FIRST}\n{{}}\n{LAST}", "end": LAST + "\n{}"}[at]
    text = place.format("Advertisement")
    assert boilerplate.own_words(text) == place.format("").split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Wednesday, 30 September 2026 at 10:15 a.m. BST", True),
        ("2026-04-01T09:15:00Z", True),
        ("9h15", False),
        ("Updated 9h15", True),
        ("Publicado: hace 2 horas", True),
        ("30 September", True),
        ("2 to 1", False),
        ("Updated plans", False),
        ("Posted in Mora", False),
        ("May leads by 2", False),
        (f"1.1.11 {'2' * 50}x", False),  # read in linear time, though it looks like a date
        ("3 hours ago " * 9, False),
    ],
)
def test_timestamp_is_a_date_an_age_or_a_labelled_time(line: str, expected: object) -> None:
    assert timestamps.is_timestamp(line) is expected


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        pytest.param(name, entry, id=f"{name}-{entry.phrase}")
        for name, entries in word_lists.tables(timestamps.LISTS).items()
        for entry in entries
    ],
)
def test_each_word_of_the_lists_makes_its_example_the_pages_and_not_its_near_miss(
    name: str, entry: word_lists.Entry
) -> None:
    """The lines stand at the start of a text, where nothing is taken for a link; notes stand within it."""
    lines = [entry.example, entry.near_miss]
    if name == "notes":
        owns = [
            entry.example.split()[0] in boilerplate.own_words(f"{FIRST}\n{line}\n{LAST}")
            for line in lines
        ]
        assert owns == [True, False]
    else:
        owns = [boilerplate.own_words(f"{line}\n{FIRST}") != FIRST.split() for line in lines]
        assert owns == [False, True]
