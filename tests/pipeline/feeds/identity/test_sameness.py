"""Two sightings side by side: one entry, or two, as a reader would say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.feeds.identity.comparison import Likeness, compared, same_guid
from pipeline.feeds.identity.sameness import NO, Trust, sureness
from pipeline.model import EntryKeys

if TYPE_CHECKING:
    from collections.abc import Mapping

SAME, LIKE, OTHER, UNKNOWN = Likeness
WORDS = "The ferry to the island runs again after the storm of last week"
ONE = EntryKeys(
    guid="g", link="mill.example/ferry", title="Ferry runs again", date="2026-03-01", body=WORDS
)
GOOD = Trust(guid=True, link=True, own=True)
NEITHER = Trust()


def another(**fields: str | None) -> EntryKeys:
    """The same sighting but for some fields."""
    return replace(ONE, **fields)  # type: ignore[arg-type]


TEXTS = [
    pytest.param(WORDS, f"<p>{WORDS.upper()}!</p>", SAME, id="markup-case-and-stops"),
    pytest.param(WORDS, f"{WORDS}, says the captain of it", LIKE, id="prolonged"),
    pytest.param(WORDS, WORDS.replace("island", "isle"), LIKE, id="one-word-in-thirteen"),
    pytest.param(WORDS, WORDS.replace("island runs", "coast sinks"), OTHER, id="two-words"),
    pytest.param(f"{WORDS} at 8", f"{WORDS} at 9", OTHER, id="another-figure"),
    pytest.param("Notes 3", "Notes 4", OTHER, id="few-words"),
    pytest.param("Notes", "Notes of it", OTHER, id="few-words-prolonged"),
    pytest.param("", WORDS, UNKNOWN, id="no-text"),
    pytest.param("<br>", WORDS, UNKNOWN, id="markup-only"),
]


@pytest.mark.parametrize(("one", "other", "expected"), TEXTS)
def test_texts(one: str, other: str, expected: Likeness) -> None:
    for first, second in ((one, other), (other, one)):
        assert compared(another(body=first), another(body=second)).text is expected


HEADLINES = [
    pytest.param("Storm hits cost", "Storm hits coast", LIKE, id="typo"),
    pytest.param("Storm hits coast", "STORM HITS COAST", SAME, id="case"),
    pytest.param("Version 2.1 is out", "Version 2.2 is out", OTHER, id="another-number"),
    pytest.param("Storm hits coast", "Gale hits the coast", OTHER, id="other-words"),
    pytest.param(None, "Storm", UNKNOWN, id="none"),
]


@pytest.mark.parametrize(("one", "other", "expected"), HEADLINES)
def test_headlines(one: str | None, other: str | None, expected: Likeness) -> None:
    assert compared(another(title=one), another(title=other)).title is expected


def test_links_that_name_two_places_of_a_page_are_two() -> None:
    places = [another(fragment=place) for place in ("v1", "v2", None)]
    assert compared(places[0], places[1]).link is OTHER
    assert compared(places[0], places[2]).link is SAME


def test_guid_that_moves_to_https_is_the_same() -> None:
    assert same_guid("http://mill.example/1") == same_guid("https://www.mill.example/1")
    assert same_guid("http://mill.example/1") != same_guid("http://mill.example/2")


# What is another than in ONE, what the identifiers are worth, and whether it is one entry.
PAIRS: list[tuple[str, Mapping[str, str | None], Trust, bool]] = [
    ("nothing", {}, NEITHER, True),
    ("headline and a good guid", {"title": "Gale", "link": "mill.example/gale"}, GOOD, True),
    ("link and a good guid", {"link": "mill.example/isle"}, GOOD, True),
    (
        "all but a good guid",
        {"title": "Gale", "link": "mill.example/gale", "date": "2026-03-02", "body": "Wind."},
        GOOD,
        False,
    ),
    (
        "headline and link of a constant guid",
        {"title": "Gale", "link": "mill.example/gale", "body": ""},
        NEITHER,
        False,
    ),
    ("fresh guid", {"guid": "h"}, GOOD, True),
    ("fresh guid and date", {"guid": "h", "date": "2026-03-02"}, GOOD, False),
    ("fresh guid and text", {"guid": "h", "body": "Wind."}, GOOD, False),
    ("fresh guid and link", {"guid": "h", "link": "mill.example/gale"}, GOOD, False),
    ("fresh guid and headline", {"guid": "h", "title": "Gale"}, GOOD, True),
    ("fresh guid and headline at a shared link", {"guid": "h", "title": "Gale"}, NEITHER, False),
    ("fresh guid, headline and date", {"guid": "h", "title": "Gale", "date": "d"}, GOOD, False),
    ("headline at a good link", {"guid": None, "title": "Gale"}, GOOD, True),
    (
        "headline, date and text at a good link",
        {"guid": None, "title": "Gale", "date": "2026-03-02", "body": "Wind."},
        GOOD,
        False,
    ),
    (
        "headline and date at a good link",
        {"guid": None, "title": "Gale", "date": "2026-03-02"},
        GOOD,
        True,
    ),
    ("headline at a shared link", {"guid": None, "title": "Gale", "date": None}, NEITHER, False),
    ("typo at a shared link", {"guid": None, "title": "Ferry runs agan"}, NEITHER, True),
    ("text at a shared link", {"guid": None, "body": "Wind."}, NEITHER, True),
    ("date at a shared link", {"guid": None, "date": "2026-03-02"}, NEITHER, True),
    (
        "date and text at a shared link",
        {"guid": None, "date": "2026-03-02", "body": "Wind."},
        NEITHER,
        False,
    ),
    ("date and no text", {"guid": None, "date": "2026-03-02", "body": ""}, NEITHER, False),
    (
        "text of one of several with this headline and date",
        {"guid": None, "body": "Wind."},
        Trust(alone=False),
        False,
    ),
    ("link", {"guid": None, "link": "mill.example/isle"}, NEITHER, True),
    ("link and text", {"guid": None, "link": "mill.example/isle", "body": "Wind."}, GOOD, False),
    ("link, no text", {"guid": None, "link": "mill.example/isle", "body": ""}, GOOD, False),
    ("token, no text", {"guid": None, "link": "mill.example/ferry?t=1", "body": ""}, GOOD, True),
    (
        "token and date",
        {"guid": None, "link": "mill.example/ferry?t=1", "date": "2026-03-02"},
        GOOD,
        False,
    ),
    ("no link", {"guid": None, "link": None}, NEITHER, True),
    ("no link, other date", {"guid": None, "link": None, "date": "2026-03-02"}, NEITHER, False),
    ("no link, no date, other text", {"link": None, "date": None, "body": "Wind."}, NEITHER, False),
    ("no link, other headline", {"guid": None, "link": None, "title": "Gale"}, NEITHER, True),
    (
        "no link, other headline and text",
        {"guid": None, "link": None, "title": "Gale", "body": "Wind."},
        NEITHER,
        False,
    ),
    ("text alone", {"guid": None, "link": None, "title": None}, NEITHER, True),
    (
        "another text alone",
        {"guid": None, "link": None, "title": None, "body": "Wind."},
        NEITHER,
        False,
    ),
]


@pytest.mark.parametrize(
    ("fields", "trust", "expected"), [c[1:] for c in PAIRS], ids=[c[0] for c in PAIRS]
)
def test_one_entry_or_two(
    fields: Mapping[str, str | None], trust: Trust, *, expected: bool
) -> None:
    other = another(**fields)
    for first, second in ((ONE, other), (other, ONE)):
        assert (sureness(compared(first, second), trust) > NO) is expected


def test_counters_in_an_undated_text_change_nothing() -> None:
    first = EntryKeys(title="Now open", body=f"{WORDS}, 3 minutes ago")
    second = replace(first, body=f"{WORDS}, 5 minutes ago")
    assert sureness(compared(first, second), NEITHER) > NO
