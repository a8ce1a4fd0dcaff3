"""Feeds that make their links or guids anew for each request bring no entry twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Counts
from tests.pipeline.persist.feeds import SITE, Item, shown, titles
from tests.pipeline.storage.builders import (
    ingest,
    on_database,
    page_read,
    rows,
    value,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.storage.database import Database

RULE = "SELECT identity_rule, volatile_keys FROM news.feeds"
ARTICLES = "SELECT count(*) FROM ingest.articles"
ADDRESSES = "SELECT count(*) FROM ingest.article_urls"


def papers(nth: int, *numbers: int, **names: str) -> list[Item]:
    """Items whose names hold the number of the document; `{n}` is the item's own."""
    return [
        Item(
            title=f"Paper {n}",
            day=1,
            **{name: form.format(n=n, nth=nth) for name, form in names.items()},
        )
        for n in numbers
    ]


TOKEN = f"{SITE}/p{{n}}?v={{nth}}x{{n}}"
SESSION = f"{SITE}/s/{{nth}}{{n}}/paper"
CHURNING = [
    pytest.param({"link": TOKEN}, ("content", ["link"]), id="token-in-the-query"),
    pytest.param({"link": SESSION}, ("content", ["link"]), id="session-in-the-path"),
    pytest.param({"link": TOKEN, "guid": TOKEN}, ("content", ["guid", "link"]), id="permalink"),
    pytest.param({"link": f"{SITE}/p{{n}}#{{nth}}"}, ("guid", []), id="fragment"),
    pytest.param(
        {"link": TOKEN, "guid": "{n}"}, ("guid", ["link"]), id="link-beside-a-lasting-guid"
    ),
    pytest.param({"link": f"{SITE}/p{{n}}", "guid": "{nth}-{n}"}, ("link", ["guid"]), id="guid"),
    pytest.param({"link": SESSION, "guid": "{nth}-{n}"}, ("content", ["guid", "link"]), id="both"),
    pytest.param({"guid": "{nth}-{n}"}, ("content", ["guid"]), id="guid-without-a-link"),
]


@pytest.mark.parametrize(("names", "rule"), CHURNING)
@on_database
async def test_new_identifiers_in_each_document_bring_no_copies(
    db: Database, names: dict[str, str], rule: tuple[str, list[str]]
) -> None:
    await shown(db, 0, papers(0, 3, 2, 1, **names))
    assert (await shown(db, 1, papers(1, 3, 2, 1, **names))).counts == Counts(known=3)
    await shown(db, 2, papers(2, 3, 2, 1, **names))
    assert await rows(db, RULE) == [rule]
    addresses = await value(db, ADDRESSES)
    assert (await shown(db, 3, papers(3, 5, 4, 3, 2, **names))).counts == Counts(new=2, known=2)
    for nth in range(4, 9):
        assert (await shown(db, nth, papers(nth, 5, 4, 3, **names))).counts == Counts(known=3)
    assert await titles(db) == [f"Paper {n}" for n in (3, 2, 1, 5, 4)]
    assert await value(db, ARTICLES) == (5 if "link" in names else 0)
    assert await value(db, ADDRESSES) <= addresses + 2


@pytest.mark.parametrize("text", [None, "The same words each time, in full."])
@on_database
async def test_dates_of_the_request_bring_no_copies(db: Database, text: str | None) -> None:
    for nth in range(4):
        items = papers(nth, 2, 1, link=f"{SITE}/p{{n}}", guid="{nth}-{n}")
        await shown(db, nth, [replace(item, day=nth, text=text) for item in items])
    assert await titles(db) == ["Paper 2", "Paper 1"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda n: f"https://site.example/{n}", id="https"),
        pytest.param(lambda n: f"https://www.site.example/{n}", id="https-and-www"),
        pytest.param(lambda n: f"urn:site:{n}", id="other-system"),
    ],
)
@on_database
async def test_fresh_guids_after_a_move_to_https_are_the_same_entries(
    db: Database, other: Callable[[int], str]
) -> None:
    old = [
        Item(title=f"T{n}", link=f"http://site.example/{n}", guid=f"http://site.example/{n}", day=n)
        for n in range(4)
    ]
    new = [
        replace(item, link=f"https://site.example/{n}", guid=other(n)) for n, item in enumerate(old)
    ]
    await shown(db, 0, old)
    assert (await shown(db, 1, new)).counts == Counts(known=4)
    assert await rows(db, RULE) == [("guid", [])]
    corrected = [replace(new[0], title="Another headline"), *new[1:]]
    assert (await shown(db, 2, corrected)).counts == Counts(known=3, updated=1)
    assert await value(db, ARTICLES) == 4


@on_database
async def test_feed_that_becomes_stable_is_believed_again(db: Database) -> None:
    for nth in range(3):
        await shown(db, nth, papers(nth, 3, 2, 1, link=TOKEN))
    assert await rows(db, RULE) == [("content", ["link"])]
    changed = "SELECT identity_changed_at FROM news.feeds"
    noticed = await value(db, changed)
    for nth in range(3, 7):
        newest = Item(title=f"Paper {nth + 1}", link=f"{SITE}/p{nth + 1}")
        await shown(db, nth, [newest, *papers(9, 3, 2, 1, link=TOKEN)])
    assert await rows(db, RULE) == [("guid", [])]
    assert await value(db, changed) > noticed
    retitled = [*papers(9, 3, 2, link=TOKEN), replace(papers(9, 1, link=TOKEN)[0], title="Another")]
    assert (await shown(db, 8, retitled)).counts == Counts(known=2, updated=1)


@on_database
async def test_article_with_a_text_keeps_its_address_and_one_without_takes_the_newest(
    db: Database,
) -> None:
    names = {"link": f"{SITE}/p{{n}}?v={{nth}}x{{n}}", "guid": "{n}"}
    await shown(db, 0, papers(0, 2, 1, **names))
    kept = f"{SITE}/p1?v=0x1"
    await ingest(db, page_read(kept, words("one")))
    queue = "SELECT due_at FROM ingest.article_state WHERE outcome = 'stored'"
    due_at = await value(db, queue)
    for nth in range(1, 5):
        await shown(db, nth, papers(nth, 2, 1, **names))
    found = "SELECT url FROM ingest.articles ORDER BY url"
    assert [url for (url,) in await rows(db, found)] == [kept, f"{SITE}/p2?v=4x2"]
    assert await value(db, queue) == due_at


@on_database
async def test_headlines_that_return_each_day_are_no_churn(db: Database) -> None:
    """Three departments, each day with new pages and new texts."""
    for nth in range(5):
        items = [
            Item(
                title=title,
                link=f"{SITE}/{title}/{nth}",
                guid=f"{title} {nth}",
                day=nth,
                text=f"{title} of day {nth}: {words(f'{title} {nth}', 12)}",
            )
            for title in ("Weather", "Tides", "Ferries")
        ]
        assert (await shown(db, nth, items)).counts == Counts(new=3)
    assert await rows(db, RULE) == [("guid", [])]


@on_database
async def test_one_entry_with_a_new_link_is_no_churn(db: Database) -> None:
    items = papers(0, 3, 2, 1, link=f"{SITE}/p{{n}}", guid="{n}")
    for nth in range(4):
        moved = replace(items[0], link=f"{SITE}/moved-{nth}")
        assert (await shown(db, nth, [moved, *items[1:]])).counts.new == (0 if nth else 3)
    assert await rows(db, RULE) == [("guid", [])]
    assert await value(db, ARTICLES) == 3


@on_database
async def test_removed_article_does_not_return_under_another_link(db: Database) -> None:
    names = {"link": TOKEN, "guid": "{n}"}
    await shown(db, 0, papers(0, 2, 1, **names))
    await rows(
        db,
        "INSERT INTO ingest.removals (article_id, change_seq, removed_at, removed_by)"
        " SELECT article_id, 1, first_seen_at, 'test' FROM ingest.articles WHERE url LIKE '%%p1%%'"
        " RETURNING ingest.erase_article(article_id)",
    )
    for nth in range(1, 4):
        result = await shown(db, nth, papers(nth, 2, 1, **names))
        assert result.counts == Counts(known=1, skipped=1)
    assert await value(db, ARTICLES) == 2
