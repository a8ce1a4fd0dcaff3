"""One row for each item that a reader would call another, and no copies: on a real database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Counts
from tests.pipeline.persist.feeds import SITE, Item, shown, titles
from tests.pipeline.storage.builders import on_database, rows, value

if TYPE_CHECKING:
    from pipeline.storage.database import Database

LOG = f"{SITE}/changelog"
RULE = "SELECT identity_rule, volatile_keys FROM news.feeds"
ARTICLES = "SELECT count(*) FROM ingest.articles"
WORDS = "The ferry to the island runs again after the storm of last week"


def versions(*numbers: int, **fields: str | None) -> list[Item]:
    """Releases, each with its number in headline, date and text."""
    return [Item(title=f"Version {n}", day=n, text=f"Notes {n}", **fields) for n in numbers]


SHARED = [
    pytest.param({"link": LOG}, id="link"),
    pytest.param({"link": LOG, "guid": LOG}, id="link-that-is-the-guid"),
    pytest.param({"link": LOG, "guid": "N/A"}, id="guid-is-a-placeholder"),
    pytest.param({"link": "N/A", "guid": "N/A"}, id="placeholders"),
    pytest.param({"link": "-", "guid": "null"}, id="other-placeholders"),
    pytest.param({"link": "#"}, id="number-sign"),
    pytest.param({"link": f"{SITE}/undefined"}, id="absent-value-in-a-path"),
    pytest.param({"link": f"{SITE}/"}, id="home-page"),
    pytest.param({"guid": "G"}, id="guid"),
    pytest.param({"guid": "G", "link": LOG}, id="guid-and-link"),
    pytest.param({}, id="nothing"),
]


@pytest.mark.parametrize("fields", SHARED)
@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
@on_database
async def test_items_that_share_all_identifiers_are_told_apart(
    db: Database, fields: dict[str, str], *, dated: bool
) -> None:
    def told(*numbers: int) -> list[Item]:
        items = versions(*numbers, **fields)
        return items if dated else [replace(item, day=None) for item in items]

    assert (await shown(db, 0, told(3, 2, 1))).counts == Counts(new=3)
    assert (await shown(db, 1, told(4, 3, 2))).counts == Counts(new=1, known=2)
    assert (await shown(db, 2, told(2, 3, 4, 1))).counts == Counts(known=4)
    assert (await shown(db, 3, told(6))).counts == Counts(new=1)
    assert (await shown(db, 4, told(7, 5))).counts == Counts(new=2)
    assert (await shown(db, 5, told(7, 6, 5, 4, 3, 2, 1))).counts == Counts(known=7)
    assert await titles(db) == [f"Version {n}" for n in (3, 2, 1, 4, 6, 7, 5)]


@pytest.mark.parametrize("order", [(3, 2, 1), (1, 2, 3), (2, 3, 1)])
@on_database
async def test_constant_guid_moves_no_row_onto_a_newer_story(
    db: Database, order: tuple[int, ...]
) -> None:
    def told(*numbers: int) -> list[Item]:
        return [Item(title=f"n{n}", link=f"{SITE}/n{n}", guid="G") for n in numbers]

    await shown(db, 0, told(1))
    await shown(db, 1, told(*(n for n in order if n < 3)))
    await shown(db, 2, told(*order))
    query = "SELECT title, url, first_seen_at = last_seen_at FROM news.entries ORDER BY entry_id"
    assert await rows(db, query) == [
        ("n1", f"{SITE}/n1", False),
        ("n2", f"{SITE}/n2", False),
        ("n3", f"{SITE}/n3", True),
    ]
    assert await value(db, ARTICLES) == 3


@on_database
async def test_guids_that_number_the_places_move_no_row(db: Database) -> None:
    def told(*numbers: int) -> list[Item]:
        return [
            Item(title=f"n{n}", link=f"{SITE}/n{n}", guid=f"item-{place}")
            for place, n in enumerate(numbers)
        ]

    await shown(db, 0, told(2, 1))
    assert (await shown(db, 1, told(4, 3, 2, 1))).counts == Counts(new=2, known=2)
    assert (await shown(db, 2, told(6, 5))).counts == Counts(new=2)
    assert await titles(db) == ["n2", "n1", "n4", "n3", "n6", "n5"]


@on_database
async def test_constant_guid_of_one_entry_among_good_ones_moves_no_row(db: Database) -> None:
    good = [Item(title=f"Good {n}", link=f"{SITE}/good-{n}", guid=f"g{n}") for n in range(4)]
    for n in range(3):
        latest = Item(title=f"Latest story, number {n}", link=f"{SITE}/{n}", guid="latest")
        await shown(db, n, [*good, latest])
    assert await titles(db) == [
        *(f"Good {n}" for n in range(4)),
        *(f"Latest story, number {n}" for n in range(3)),
    ]


BRIEFINGS = [
    pytest.param({"link": f"{SITE}/briefing"}, id="link"),
    pytest.param({"link": f"{SITE}/briefing", "guid": f"{SITE}/briefing"}, id="guid-is-the-link"),
    pytest.param({"guid": "briefing"}, id="guid"),
    pytest.param({}, id="nothing"),
]


@pytest.mark.parametrize("fields", BRIEFINGS)
@on_database
async def test_the_same_headline_each_day_is_another_item(
    db: Database, fields: dict[str, str]
) -> None:
    for n in range(4):
        item = Item(title="Morning briefing", day=n, text=f"What to know on day {n}.", **fields)
        assert (await shown(db, 2 * n, [item])).counts == Counts(new=1)
        corrected = replace(item, text=f"What you should know on day {n}, corrected.")
        assert (await shown(db, 2 * n + 1, [corrected])).counts == Counts(updated=1)
    assert await value(db, "SELECT count(DISTINCT published_at) FROM ingest.entries") == 4


GOOD = [
    pytest.param({"guid": "w1"}, {"guid": "w2"}, id="guid"),
    pytest.param({"link": f"{SITE}/weather"}, {"link": f"{SITE}/sea"}, id="link"),
    pytest.param(
        {"guid": "w1", "link": f"{SITE}/weather"}, {"guid": "w2", "link": f"{SITE}/sea"}, id="both"
    ),
]


@pytest.mark.parametrize(("one", "other"), GOOD)
@on_database
async def test_corrected_headline_keeps_its_row_where_an_identifier_is_good(
    db: Database, one: dict[str, str], other: dict[str, str]
) -> None:
    first = Item(title="Gale expected", day=1, text=WORDS, **one)
    second = Item(title="Fog at sea", day=1, text="Nothing can be seen.", **other)
    await shown(db, 0, [first, second])
    corrected = replace(first, title="Storm is over us")
    assert (await shown(db, 1, [corrected, second])).counts == Counts(known=1, updated=1)
    bumped = replace(corrected, day=2)
    assert (await shown(db, 2, [second, bumped])).counts == Counts(known=2)
    assert await titles(db) == ["Storm is over us", "Fog at sea"]


@on_database
async def test_item_that_is_published_again_is_another_one(db: Database) -> None:
    """With a guid and a date of its own it is news to whoever reads the feed."""
    tip = Item(title="Water the roses", link=f"{SITE}/roses", guid="1", day=1, text=WORDS)
    rest = [Item(title=f"T{n}", link=f"{SITE}/t{n}", guid=f"t{n}", day=n) for n in range(3)]
    await shown(db, 0, [tip, *rest])
    again = replace(tip, guid="2", day=9)
    assert (await shown(db, 1, [again, *rest])).counts == Counts(new=1, known=3)
    assert await rows(db, RULE) == [("guid", [])]


@on_database
async def test_two_feeds_with_one_headline_have_a_row_each(db: Database) -> None:
    for name in ("alder", "birch"):
        item = Item(title="Weather", link=f"https://{name}.example/w", day=1)
        assert (await shown(db, 0, [item], site=f"https://{name}.example")).counts == Counts(new=1)


@on_database
async def test_entries_of_one_headline_and_links_of_their_own_stay_apart(db: Database) -> None:
    towns = [
        Item(title="Weather", link=f"{SITE}/{town}", day=1, text=f"In {town} it rains.")
        for town in ("oslo", "bergen", "tromso")
    ]
    await shown(db, 0, towns)
    assert (await shown(db, 1, towns[::-1])).counts == Counts(known=3)
    for n, town in enumerate(towns):
        assert (await shown(db, 2 + n, [town])).counts == Counts(known=1)


@on_database
async def test_what_is_merged_is_counted(db: Database) -> None:
    item = Item(title="Ferry runs", link=f"{SITE}/ferry", guid="g", day=1, text=WORDS)
    await shown(db, 0, [item, item, replace(item, text=f"<p>{WORDS}</p>"), Item(title="Other")])
    query = "SELECT seen, new, known, merged FROM news.polls"
    assert await rows(db, query) == [(4, 2, 2, 2)]
