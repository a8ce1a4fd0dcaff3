"""What people naturally ask for finds an index: no table that grows is read from end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pipeline.storage import database, embedded, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.storage.embedded import Server

MILLION = Path(__file__).resolve().parent.parent.parent / "bench" / "million.sql"
# As many as make Postgres prefer an index wherever it would among a million.
ARTICLES = 20_000
# Tables that grow with the articles; others may be read whole.
GROWING = {
    "articles", "article_state", "article_urls", "revisions", "search", "signatures", "entries",
    "polls", "fetches", "publications", "stories", "story_links",
}  # fmt: skip

# What is asked, and whether it may sort; an order that comes from an index needs no sorting.
ASKED = {
    "latest 50 articles": "SELECT * FROM news.articles ORDER BY published_at DESC NULLS LAST, article_id DESC LIMIT 50",
    "articles seen last": "SELECT * FROM news.articles ORDER BY first_seen_at DESC LIMIT 50",
    "a site's day": "SELECT * FROM news.articles WHERE site = 'n7.example' AND published_at >= '2026-02-01Z' AND published_at < '2026-02-02Z'",
    "an article by number": "SELECT * FROM news.articles WHERE article_id = 777",
    "an article by address": "SELECT * FROM news.articles WHERE url = 'https://n39.example/news/' || (SELECT max(article_id) FROM ingest.articles WHERE site = 'n39.example')",
    "articles of a story": "SELECT * FROM news.articles WHERE story_id = 777",
    "a story with its articles": "SELECT * FROM news.stories JOIN news.articles AS a USING (story_id) WHERE story_id = 777",
    "a story by its lead": "SELECT * FROM news.stories WHERE lead_article_id = 777",
    "newest stories": "SELECT * FROM news.stories ORDER BY first_seen_at DESC LIMIT 20",
    "articles of a feed": "SELECT a.* FROM news.entries AS e JOIN news.articles AS a USING (article_id) WHERE e.feed_id = 39 AND e.first_seen_at >= '2026-02-20Z'",
    "changes since a number": "SELECT * FROM news.articles WHERE change_seq > 12000 ORDER BY change_seq LIMIT 1000",
    "new since a number": "SELECT * FROM news.articles WHERE ingest_seq > 12000 ORDER BY ingest_seq LIMIT 1000",
    "revisions of an article": "SELECT * FROM news.revisions WHERE article_id = 780 ORDER BY revision",
    "newest revisions": "SELECT * FROM news.revisions ORDER BY seen_at DESC LIMIT 20",
    "failures by reason": "SELECT * FROM news.failures WHERE reason = 'paywall'",
    "failing articles by reason": "SELECT * FROM news.failures WHERE kind = 'article' AND reason = 'paywall'",
    "one feed": "SELECT * FROM news.feeds WHERE feed_id = 7",
    "polls of a feed": "SELECT * FROM news.polls WHERE feed_id = 39 ORDER BY polled_at DESC LIMIT 20",
    "newest polls": "SELECT * FROM news.polls ORDER BY polled_at DESC LIMIT 20",
    "entries of a feed": "SELECT * FROM news.entries WHERE feed_id = 39 ORDER BY first_seen_at DESC LIMIT 20",
    "entries of an article": "SELECT * FROM news.entries WHERE article_id = 777",
    "fetches of a feed": "SELECT * FROM news.fetches WHERE feed_id = 39 ORDER BY fetched_at DESC LIMIT 20",
    "newest fetches": "SELECT * FROM news.fetches ORDER BY fetched_at DESC LIMIT 20",
    "fetches that brought a body": "SELECT * FROM ingest.fetches WHERE body_sha256 = sha256('body77')",
    "an answer by its identity": "SELECT * FROM ingest.fetches WHERE (fetched_at, url_digest, purpose) = (SELECT fetched_at, url_digest, purpose FROM ingest.fetches WHERE fetch_id = 777)",
    "articles of the same words": "SELECT article_id FROM ingest.signatures WHERE text_hash = sha256('779')",
    "links of an article": "SELECT * FROM news.story_links WHERE article_id = 780",
    "links to an article": "SELECT * FROM news.story_links WHERE other_article_id = 779",
    "present number of a story": "SELECT * FROM news.story_ids WHERE old_story_id = 7",
    "freshness of a day": "SELECT * FROM news.freshness WHERE hour >= '2026-02-28Z'",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A year of invented news."""
    url = embedded.create(server, "year")
    schema.migrate(url)
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SELECT set_config('million.articles', %s, false)", (str(ARTICLES),))
        connection.execute(MILLION.read_bytes())
        connection.execute("VACUUM ANALYZE")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def read_whole(plan: dict[str, Any]) -> list[str]:
    """The growing tables that a plan reads from end to end, by a scan or through an index."""
    found = [name for part in plan.get("Plans", ()) for name in read_whole(part)]
    name = str(plan.get("Relation Name"))
    if plan["Node Type"].endswith("Seq Scan") and name in GROWING:
        found.append(name)
    return found


def plan(connection: psycopg.Connection[tuple[object, ...]], query: str) -> dict[str, Any]:
    ((found,),) = connection.execute(b"EXPLAIN (FORMAT JSON) " + query.encode()).fetchall()
    explained = found if isinstance(found, list) else json.loads(str(found))
    result = explained[0]["Plan"]
    assert isinstance(result, dict)
    return result


@pytest.mark.parametrize("asked", ASKED)
def test_no_growing_table_is_read_whole(
    filled: psycopg.Connection[tuple[object, ...]], asked: str
) -> None:
    assert read_whole(plan(filled, ASKED[asked])) == []


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_finds_something(
    filled: psycopg.Connection[tuple[object, ...]], asked: str
) -> None:
    if asked == "present number of a story":
        return
    assert filled.execute(ASKED[asked].encode()).fetchone() is not None


def test_a_table_read_whole_is_noticed(filled: psycopg.Connection[tuple[object, ...]]) -> None:
    assert read_whole(plan(filled, "SELECT * FROM news.articles WHERE title = 'x'")) != []


def indexes_read_alone(plan: dict[str, Any]) -> set[str]:
    """The indexes that a plan reads without their tables."""
    own = {str(plan["Index Name"])} if plan["Node Type"] == "Index Only Scan" else set()
    return own.union(*(indexes_read_alone(part) for part in plan.get("Plans", ())))


def test_the_last_week_of_all_feeds_is_counted_in_indexes_alone(
    filled: psycopg.Connection[tuple[object, ...]],
) -> None:
    found = plan(filled, "SELECT * FROM news.feeds")
    assert indexes_read_alone(found) == {"entries_seen", "publications_pkey"}


def nodes(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A part of a plan and all below it."""
    yield found
    for part in found.get("Plans", ()):
        yield from nodes(part)


def batch_plan(
    connection: psycopg.Connection[tuple[object, ...]], query: str
) -> list[dict[str, Any]]:
    """The parts of the plan by which a batch of the newest 200 articles is published."""
    ((batch,),) = connection.execute(
        "SELECT array_agg(article_id) FROM (SELECT article_id FROM ingest.signatures ORDER BY 1 DESC LIMIT 200)"
    ).fetchall()
    bounds = {"window_days": 30, "newest": 50, "least_shared": 2, "few_hashes": 5, "most": 20}
    text = (database.sql_folder() / "queries" / f"{query}.sql").read_bytes()
    ((found,),) = connection.execute(
        b"EXPLAIN (FORMAT JSON) " + text, {"article_ids": batch, "newcomers": batch, **bounds}
    ).fetchall()
    assert isinstance(found, list)
    return list(nodes(found[0]["Plan"]))


@pytest.mark.parametrize("query", ["fingerprint_matches", "post_fingerprints"])
def test_fingerprints_are_asked_for_in_the_order_of_their_index(
    filled: psycopg.Connection[tuple[object, ...]], query: str
) -> None:
    """Out of order each hash would bring the upper pages of the index into the caches anew."""
    sorts = [n["Sort Key"] for n in batch_plan(filled, query) if n["Node Type"] == "Sort"]
    assert "h.hash" in [keys[0] for keys in sorts]


def test_a_hash_is_looked_up_in_the_index_of_each_month(
    filled: psycopg.Connection[tuple[object, ...]],
) -> None:
    parts = batch_plan(filled, "fingerprint_matches")
    found = {n["Relation Name"] for n in parts if n.get("Index Cond") == "(hash = h.hash)"}
    assert found >= {"fingerprints_2026_01", "fingerprints_2026_02"}


def rows_read(found: dict[str, Any]) -> int:
    """How many rows of the search table an executed plan took from the index."""
    own = found["Actual Rows"] * found["Actual Loops"] if "Bitmap Heap" in found["Node Type"] else 0
    return int(own) + sum(rows_read(part) for part in found.get("Plans", ()))


def test_a_word_of_every_article_is_looked_for_in_the_newest_blocks_only(
    filled: psycopg.Connection[tuple[object, ...]],
) -> None:
    """Two blocks of 512 hours hold at most a ninth of the year."""
    ((found,),) = filled.execute(
        """
        EXPLAIN (ANALYZE, FORMAT JSON)
        SELECT FROM ingest.search
        WHERE document @@ ('newsroom'::tsquery && ingest.search_mark(
          ' 3:' || ingest.search_block('2026-03-01Z', 3)))
        """
    ).fetchall()
    assert isinstance(found, list)
    assert 100 < rows_read(found[0]["Plan"]) < ARTICLES / 9


def test_the_newest_matches_are_taken(filled: psycopg.Connection[tuple[object, ...]]) -> None:
    newest = filled.execute(
        "SELECT article_id FROM news.articles ORDER BY published_at DESC NULLS LAST, article_id DESC "
        "LIMIT 1000"
    ).fetchall()
    ranked = filled.execute("SELECT article_id FROM news.search('newsroom', 5000)").fetchall()
    assert len(ranked) == 1000
    assert set(ranked) == set(newest)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        pytest.param("unique777", 1, id="one article"),
        pytest.param("theme7", 500, id="a few weeks"),
        pytest.param("newsroom site", 0, id="a word of nobody"),
    ],
)
def test_rarer_words_are_found_wherever_they_are(
    filled: psycopg.Connection[tuple[object, ...]], words: str, count: int
) -> None:
    found = filled.execute("SELECT FROM news.search(%s, 5000)", (words,)).fetchall()
    assert len(found) == count


def test_bounds_narrow_a_common_word(filled: psycopg.Connection[tuple[object, ...]]) -> None:
    day = filled.execute(
        "SELECT article_id FROM news.articles WHERE published_at >= '2025-07-01Z' AND published_at < '2025-07-02Z'"
    ).fetchall()
    found = filled.execute(
        "SELECT article_id FROM news.search('newsroom', 5000, '2025-07-01Z', '2025-07-02Z')"
    ).fetchall()
    assert set(found) == set(day) != set()
    site = filled.execute(
        "SELECT article_id FROM news.articles WHERE site = 'n39.example' AND language = 'de'"
    ).fetchall()
    found = filled.execute(
        "SELECT article_id FROM news.search('newsroom', 5000, site => 'n39.example', language => 'de')"
    ).fetchall()
    assert set(found) == set(site) != set()
