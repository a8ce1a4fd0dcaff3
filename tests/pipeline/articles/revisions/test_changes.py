from __future__ import annotations

import hashlib

import pytest

from pipeline.articles.revisions import changes

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
    assert changes.change_kind(TITLE, TEXT, title, text) == expected


def test_a_digit_is_no_spelling() -> None:
    old, new = "The pier was built in 1931.", "The pier was built in 1937."
    assert changes.change_kind(TITLE, old, TITLE, new) == "substantive"


def test_counters_are_no_change() -> None:
    old, new = f"{TEXT}\n12 comments, 3 min read", f"{TEXT}\n1,304 comments, 4 min read"
    assert changes.change_kind(TITLE, old, TITLE, new) is None


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
    assert changes.change_kind(TITLE, TEXT, TITLE, f"{line}\n{TEXT}") is None
    assert changes.change_kind(TITLE, f"{TEXT}\n{line}", TITLE, TEXT) is None


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
    assert changes.change_kind(TITLE, TEXT, TITLE, f"{TEXT}\n{line}") == "substantive"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("Wednesday, 1 April 2026", "2 April 2026", id="date"),
        pytest.param("Mittwoch, 1. April 2026, 9:15 Uhr", "2. April 2026", id="date in German"),
        pytest.param("mercredi 1er avril 2026 à 9h15", "2 avril 2026", id="date in French"),
        pytest.param("1 de abril de 2026", "2 de abril de 2026", id="date in Spanish"),
        pytest.param("01.04.2026, 09:15", "02.04.2026, 09:15", id="date in figures"),
        pytest.param("2026年4月1日", "2026年4月2日", id="date in Chinese"),
        pytest.param("An hour ago", "2 hours ago", id="age"),
        pytest.param("vor einer Stunde", "vor 2 Stunden", id="age in German"),
        pytest.param("il y a 2 heures", "il y a 3 heures", id="age in French"),
        pytest.param("12 Aufrufe", "1.204 Aufrufe", id="views in German"),
        pytest.param("1 204 vues", "1 205 vues", id="views in French"),
        pytest.param("Visualizzazioni: 12", "Visualizzazioni: 13", id="views in Italian"),
        pytest.param("LIVE", "", id="badge"),
        pytest.param("EN DIRECT", "", id="badge in French"),
    ],
)
def test_line_of_the_page_changes_without_a_change(old: str, new: str) -> None:
    assert changes.change_kind(TITLE, f"{old}\n{TEXT}", TITLE, f"{new}\n{TEXT}") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "2 April 2026 is the day.", "3 April 2026 is the day.", id="date in a sentence"
        ),
        pytest.param("Yes 43 %", "Yes 54 %", id="result of a referendum"),
        pytest.param("Nein: 52,5%", "Nein: 47,5%", id="result of a referendum in German"),
        pytest.param("Labour 43 %", "Labour 44 %", id="result of a vote"),
        pytest.param("14", "15", id="bare figure"),
        pytest.param("Mora 2-1 Orsa", "Mora 2-2 Orsa", id="score"),
        pytest.param("vor dem Spiel", "vor allem Spiel", id="no age"),
        pytest.param("Live music returns", "Music returns", id="no badge"),
    ],
)
def test_line_of_the_article_that_looks_alike_is_a_change(old: str, new: str) -> None:
    kind = changes.change_kind(TITLE, f"{old}\n{TEXT}", TITLE, f"{new}\n{TEXT}")
    assert kind == "substantive"


def _between(line: str) -> str:
    return TEXT.replace("\n", f"\n{line}\n" if line else "\n")


@pytest.mark.parametrize(
    ("expected", "old", "new"),
    [
        pytest.param(None, "Harbour master of Skarv resigns", "", id="link gone"),
        pytest.param(
            None, "Harbour master of Skarv resigns", "Ten piers to see", id="another link"
        ),
        pytest.param("substantive", "He resigned at noon on Monday.", "", id="sentence"),
        pytest.param("substantive", "14 people died in Mora", "", id="begins with a figure"),
        pytest.param("substantive", "Correction: the toll was 14", "", id="correction"),
        pytest.param("substantive", "What it said was this:", "", id="leads to what follows"),
        pytest.param("substantive", "The new pier", "", id="too short for a headline"),
        pytest.param("substantive", "One dead in Mora\nTwo dead in Orsa", "", id="list"),
    ],
)
def test_link_between_paragraphs_is_no_change(expected: str | None, old: str, new: str) -> None:
    assert changes.change_kind(TITLE, _between(old), TITLE, _between(new)) == expected
    assert changes.change_kind(TITLE, _between(new), TITLE, _between(old)) == expected


def test_form_of_quotes_is_no_change() -> None:
    old, new = "\"Yes\", it's the mayor's.", "\u201cYes\u201d, it\u2019s the mayor\u2019s."
    assert changes.change_kind(old, old, new, new) is None


@pytest.mark.parametrize(
    ("expected", "old", "new"),
    [
        pytest.param("typo", "council", "coucnil", id="letters swapped"),
        pytest.param("typo", "council", "concil", id="letter lost"),
        pytest.param("typo", "council", "coumcil", id="letter exchanged"),
        pytest.param("typo", "the", "teh", id="short word swapped"),
        pytest.param("typo", "cafe", "caf\u00e9", id="accent"),
        pytest.param("typo", "M\u00fcller", "Muller", id="accent in a name"),
        pytest.param("typo", "president", "President", id="capital"),
        pytest.param("typo", "14", "14,", id="comma after a figure"),
        pytest.param("typo", "-", "\u2013", id="dash"),
        pytest.param("substantive", "million", "billion", id="million"),
        pytest.param("substantive", "Iran", "Iraq", id="short name"),
        pytest.param("substantive", "Miller", "Millar", id="name"),
        pytest.param("substantive", "can", "can't", id="negation"),
        pytest.param("substantive", "ever", "never", id="never"),
        pytest.param("substantive", "north", "south", id="direction"),
        pytest.param("substantive", "Tuesday", "Thursday", id="weekday"),
        pytest.param("substantive", "legal", "illegal", id="prefix"),
        pytest.param("substantive", "agreed", "disagreed", id="longer prefix"),
        pytest.param("substantive", "man", "men", id="short word"),
        pytest.param("substantive", "14.2", "142", id="point in a figure"),
        pytest.param("substantive", "5", "5%", id="unit of a figure"),
        pytest.param("substantive", "東部的港口", "西部的港口", id="Chinese"),
        pytest.param("substantive", "港口的東部", "港口的西部", id="Chinese, later"),
    ],
)
def test_typo_is_a_matter_of_letters(expected: str, old: str, new: str) -> None:
    frame = "It was said of the {} in town at noon."
    assert changes.change_kind(TITLE, frame.format(old), TITLE, frame.format(new)) == expected


def test_text_that_stays_retracted_is_no_new_retraction() -> None:
    old = "This story was removed."
    assert changes.change_kind(TITLE, old, TITLE, old + " More on this soon.") == "substantive"


def test_long_texts_are_compared_in_linear_time() -> None:
    old = " ".join(f"word{number}" for number in range(150_000))
    assert changes.change_kind(TITLE, old, TITLE, old.replace("word", "term")) == "substantive"


def test_digest_is_of_headline_and_text_together() -> None:
    assert changes.digest(TITLE, TEXT) == hashlib.sha256(f"{TITLE}\0{TEXT}".encode()).digest()
    assert len({changes.digest(*pair) for pair in [("a", "b"), ("ab", ""), (None, "ab")]}) == 3
    assert changes.digest(None, TEXT) == changes.digest("", TEXT)
