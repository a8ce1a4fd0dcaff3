from __future__ import annotations

import hashlib

import pytest

from pipeline.articles import revisions

TITLE = "Pier to be rebuilt"
TEXT = "The council voted on Tuesday to rebuild the old pier.\nWork begins in spring and costs 9 million."


@pytest.mark.parametrize(
    ("expected", "title", "text"),
    [
        pytest.param(None, TITLE, TEXT, id="the same"),
        pytest.param(None, TITLE, TEXT.replace("\n", " \n\n"), id="white space"),
        pytest.param(None, f" {TITLE} ", TEXT, id="white space in the headline"),
        pytest.param("typo", TITLE, TEXT.replace("council", "councill"), id="a letter"),
        pytest.param("typo", TITLE, TEXT.replace("the old", "teh odl"), id="two words"),
        pytest.param("typo", TITLE, TEXT.replace("Tuesday", "Tues day"), id="a word parted"),
        pytest.param("typo", TITLE, TEXT.replace("pier.", "pier!"), id="punctuation"),
        pytest.param("typo", "Pier to be rebiult", TEXT, id="the headline's spelling"),
        pytest.param("headline", "Harbour gets its pier back", TEXT, id="another headline"),
        pytest.param("headline", None, TEXT, id="no headline any more"),
        pytest.param("substantive", TITLE, TEXT.replace("9 million", "12 million"), id="a figure"),
        pytest.param("substantive", TITLE, TEXT.replace("Tuesday", "Monday night"), id="a fact"),
        pytest.param("substantive", TITLE, TEXT.replace("rebuild", "demolish"), id="another word"),
        pytest.param("substantive", TITLE, TEXT + "\nThe mayor said so.", id="a paragraph more"),
        pytest.param("substantive", TITLE, TEXT.partition("\n")[0], id="a paragraph less"),
        pytest.param("substantive", "Other headline now", TEXT + " More.", id="headline and text"),
        pytest.param(
            "substantive",
            TITLE,
            TEXT.replace("council", "councel")
            .replace("voted", "votted")
            .replace("old", "ould")
            .replace("Work", "Worke"),
            id="four respellings",
        ),
        pytest.param(
            "substantive", TITLE, TEXT + "\nThe statue was removed.", id="removal as news"
        ),
        pytest.param("retraction", f"Retracted: {TITLE}", TEXT, id="retracted by its headline"),
        pytest.param(
            "retraction", TITLE, "This article has been withdrawn by the editors.", id="notice"
        ),
        pytest.param(
            "retraction", TITLE, TEXT + "\nWe have retracted this story.", id="notice below"
        ),
        pytest.param("substantive", TITLE, "", id="text gone"),
    ],
)
def test_kind_of_change(expected: str | None, title: str | None, text: str) -> None:
    assert revisions.change_kind(TITLE, TEXT, title, text) == expected


def test_a_digit_is_no_spelling() -> None:
    old, new = "The pier was built in 1931.", "The pier was built in 1937."
    assert revisions.change_kind(TITLE, old, TITLE, new) == "substantive"


def test_counters_are_no_change() -> None:
    old, new = f"{TEXT}\n12 comments, 3 min read", f"{TEXT}\n1,304 comments, 4 min read"
    assert revisions.change_kind(TITLE, old, TITLE, new) is None


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Related: Harbour master resigns",
        "Read more: Ten piers worth a walk | The Mill",
        "Lesen Sie auch: Neue Brücke",
        "Updated 3 minutes ago",
        "Last updated: 2 March 2026, 14:05",
        "Aktualisiert: 02.03.2026, 14:05 Uhr",
        "Comments (41)",
        "Comments: 1,204",
        "3.4K views",
    ],
)
def test_paragraph_of_the_page_comes_and_goes_without_a_change(line: str) -> None:
    assert revisions.change_kind(TITLE, TEXT, TITLE, f"{line}\n{TEXT}") is None
    assert revisions.change_kind(TITLE, f"{TEXT}\n{line}", TITLE, TEXT) is None


@pytest.mark.parametrize(
    "line",
    [
        "Related charges were dropped in 2024 after the mayor had testified.",
        "Published accounts of 2025 show that the pier cost 9 million, twice what was promised to the council.",
        "Updated plans are shown at the town hall.",
        "Read more books, said the mayor.",
        "The harbour has 12 readers of meters.",
    ],
)
def test_paragraph_that_only_begins_like_one_of_the_page_is_a_change(line: str) -> None:
    assert revisions.change_kind(TITLE, TEXT, TITLE, f"{TEXT}\n{line}") == "substantive"


def test_text_that_stays_retracted_is_no_new_retraction() -> None:
    old = "This story was removed."
    assert revisions.change_kind(TITLE, old, TITLE, old + " More on this soon.") == "substantive"


def test_long_texts_are_compared_in_linear_time() -> None:
    old = " ".join(f"word{number}" for number in range(150_000))
    assert revisions.change_kind(TITLE, old, TITLE, old.replace("word", "term")) == "substantive"


def test_digest_is_of_headline_and_text_together() -> None:
    assert revisions.digest(TITLE, TEXT) == hashlib.sha256(f"{TITLE}\0{TEXT}".encode()).digest()
    assert len({revisions.digest(*pair) for pair in [("a", "b"), ("ab", ""), (None, "ab")]}) == 3
    assert revisions.digest(None, TEXT) == revisions.digest("", TEXT)
