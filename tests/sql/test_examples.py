"""The queries worth stealing: each runs on the replayed seeds, in the shape that is expected of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pipeline import persist
from tests.pipeline.storage.builders import (
    NOW,
    claim_feed,
    execute,
    failure,
    item,
    on_database,
    page_read,
    poll,
    publish,
    store,
    words,
)

if TYPE_CHECKING:
    from pipeline.storage.database import Database

FOLDER = Path(__file__).resolve().parent.parent.parent / "sql" / "examples"
EXAMPLES = sorted(FOLDER.glob("*.sql"))

# Its columns, and how many rows the seeds give it; None where a better schedule or reading of the
# same seeds may give another number, but not none.
SHAPES = {
    "behind_paywalls": ("site articles metered percent", 1),
    "busiest_authors": ("author sites articles last_published_at", None),
    "daily_counts": ("day articles stories sites words", 5),
    "date_sources": ("site published_source meaning articles", None),
    "dates_that_differ": (
        "article_id site published_source published_at other_source other_date url",
        1,
    ),
    "day_of_a_site": ("published_at title authors section word_count url", 2),
    "failing_by_reason": ("kind reason meaning failing example", 8),
    "feed_health": (
        "feed_id title state failure_streak last_error_reason last_success_at next_poll_at entries_7d articles_7d",
        13,
    ),
    "feeds_gone_quiet": ("feed_id title url last_polled_at last_new_at quiet_for", None),
    "freshness_by_site": ("site articles median_delay longest_delay", 12),
    "gaps": ("feed_id url polled_at polled_before_at new", 0),
    "headline_in_feed_and_on_page": ("article_id site in_feed on_page", None),
    "hours_of_the_day": ("hour articles sites", None),
    "incremental_sync": (
        "change_seq article_id is_removed ingest_seq url title text changed_at",
        21,
    ),
    "languages": ("language articles sites median_words", 4),
    "latest_articles": ("published_at site title url", 19),
    "outlets_that_copy_each_other": ("first_site later_site texts median_later_by", 2),
    "pages_gone": ("article_id site title page_state meaning last_checked_at url", 1),
    "poll_yield": ("feed_id polls changed unchanged not_modified failed new_entries", 13),
    "present_story_number": ("noted_story_id story_id title", 3),
    "read_each_article_once": ("ingest_seq article_id site language title text", 21),
    "rewritten_articles": ("article_id seen_at stood_for longer_by title", 1),
    "search_by_day": ("day articles", 1),
    "search_with_filters": ("rank published_at title headline url", 3),
    "share_of_syndicated_text": ("site articles syndicated percent", 12),
    "silent_headline_changes": ("article_id before after seen_at change_kind", 0),
    "slowest_feeds": ("feed_id url polls mean_seconds longest_seconds", 13),
    "stories_by_reach": ("story_id title article_count site_count ran_for", 1),
    "story_timeline": (
        "published_at first_seen_at site duplicate_kind score word_count title",
        3,
    ),
    "traffic_by_day": ("day answers bytes not_modified failed", 4),
    "what_became_of_entries": (
        "feed_id article_outcome article_reason entries example",
        None,
    ),
    "who_published_first": ("title first_site published_at site later_by duplicate_kind", 2),
}

each_example = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


def run(connection: psycopg.Connection[tuple[object, ...]], name: str) -> list[dict[str, object]]:
    found = connection.execute((FOLDER / f"{name}.sql").read_bytes())
    names = [column.name for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_there_are_twenty_and_each_has_a_shape() -> None:
    assert {path.stem for path in EXAMPLES} == SHAPES.keys()
    assert len(SHAPES) >= 20


@each_example
def test_an_example_gives_the_expected_shape_on_the_replayed_seeds(
    replayed_connection: psycopg.Connection[tuple[object, ...]], path: Path
) -> None:
    columns, count = SHAPES[path.stem]
    found = replayed_connection.execute(path.read_bytes())
    assert [column.name for column in found.description or ()] == columns.split()
    rows = found.fetchall()
    assert len(rows) == count if count is not None else rows


@each_example
def test_an_example_asks_what_readers_may_see(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("-- ")
    assert "ingest." not in text


def test_the_copied_story_is_told_by_three(
    replayed_connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    told = run(replayed_connection, "story_timeline")
    assert [(row["site"], row["duplicate_kind"]) for row in told] == [
        ("the-open-dispatch.example", "original"),
        ("harbor-ledger.example", "reprint"),
        ("rivercountypost.example", "excerpt"),
    ]
    later = run(replayed_connection, "who_published_first")
    assert [row["site"] for row in later] == [row["site"] for row in told[1:]]
    (reach,) = run(replayed_connection, "stories_by_reach")
    assert (reach["article_count"], reach["site_count"]) == (3, 3)


def test_days_add_up_to_all_articles(
    replayed_connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    days = run(replayed_connection, "daily_counts")
    assert sum(int(str(day["articles"])) for day in days) == 21
    assert sum(int(str(day["stories"])) for day in days) == 19


def test_a_search_keeps_its_filters(
    replayed_connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    for row in run(replayed_connection, "search_with_filters"):
        assert "«" in str(row["headline"])
        assert "2026-03-01" <= str(row["published_at"]) < "2026-04-01"


EARLY, LATE = "https://early.example/excerpt", "https://late.example/whole"
HOUR = timedelta(hours=1)


@on_database
async def told_twice(db: Database) -> None:
    """The excerpt came first, the whole text an hour later and was found first: it leads."""
    whole = words("a", 360)
    excerpt = "\n".join(whole.splitlines()[:12])
    await store(db, page_read(LATE, whole, published_at=NOW - HOUR, published_source="meta"))
    await store(db, page_read(EARLY, excerpt, published_at=NOW - 2 * HOUR, published_source="meta"))
    await publish(db)


def test_who_comes_first_is_first_by_publication_whoever_leads(database_url: str) -> None:
    told_twice(database_url=database_url)
    with psycopg.connect(database_url) as connection:
        leads = connection.execute("SELECT site FROM news.articles WHERE is_lead").fetchall()
        assert leads == [("late.example",)]
        shares = run(connection, "share_of_syndicated_text")
        assert {row["site"]: int(str(row["percent"])[:-2]) for row in shares} == {
            "late.example": 100,
            "early.example": 0,
        }
        assert run(connection, "outlets_that_copy_each_other") == [
            {
                "first_site": "early.example",
                "later_site": "late.example",
                "texts": 1,
                "median_later_by": HOUR,
            }
        ]


@on_database
async def untold(db: Database) -> None:
    """Neither says when it was published: what was seen first was first."""
    await store(db, page_read(EARLY, words("a")), at=NOW)
    await store(db, page_read(LATE, words("a")), at=NOW + HOUR)
    await publish(db)
    await execute(db, "UPDATE ingest.articles SET published_at = NULL, published_source = NULL")


def test_without_dates_who_was_seen_first_comes_first(database_url: str) -> None:
    untold(database_url=database_url)
    with psycopg.connect(database_url) as connection:
        (copied,) = run(connection, "outlets_that_copy_each_other")
    assert (copied["first_site"], copied["later_site"]) == ("early.example", "late.example")


@on_database
async def quiet_and_failing(db: Database) -> None:
    """Two feeds with an old entry: one answers still, the other fails since."""
    for url in ("https://quiet.example/feed", "https://failing.example/feed"):
        await poll(db, item(f"{url}/1"), url=url)
    await poll(db, at=NOW + 100 * HOUR, url="https://quiet.example/feed")
    feed = await claim_feed(db, "https://failing.example/feed", at=NOW + 100 * HOUR)
    await persist.write_poll(db, feed, failure(feed.url, at=NOW + 100 * HOUR), draw=0.5)


def test_a_failing_feed_is_not_a_quiet_one(database_url: str) -> None:
    quiet_and_failing(database_url=database_url)
    with psycopg.connect(database_url) as connection:
        found = run(connection, "feeds_gone_quiet")
    assert [row["url"] for row in found] == ["https://quiet.example/feed"]
