"""What must be true after each stage, and what is in a database at the end."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import psycopg

from pipeline.storage.database import checks, connected

if TYPE_CHECKING:
    from tests.chaos.web import Web

CONTENT = "SELECT url, title, md5(text), revision_count FROM news.articles ORDER BY 1"
DOUBLED = """
SELECT 'article', url FROM news.articles GROUP BY 2 HAVING count(*) > 1
UNION ALL
SELECT 'entry', guid || ' of ' || feed_id FROM news.entries GROUP BY 2 HAVING count(*) > 1
"""
# As if time passed: what failed for a while, and what a dead process held, is due now.
PASSING = (
    """UPDATE ingest.article_state SET due_at = clock_timestamp()
    WHERE outcome IN ('failed', 'pending') AND due_at > clock_timestamp() AND lease_token IS NULL""",
    "UPDATE ingest.feed_state SET due_at = clock_timestamp() WHERE lease_token IS NULL",
    """UPDATE ingest.hosts SET next_request_at = clock_timestamp()
    WHERE next_request_at > clock_timestamp() AND lease_token IS NULL""",
    # A robots.txt that could not be had keeps us away for a while.
    """UPDATE ingest.hosts SET robots = NULL, robots_reason = NULL, robots_fetched_at = NULL
    WHERE robots_reason IS NOT NULL AND lease_token IS NULL""",
)
LEASES_END = (
    "UPDATE ingest.article_state SET due_at = clock_timestamp() WHERE lease_token IS NOT NULL",
    "UPDATE ingest.feed_state SET due_at = clock_timestamp() WHERE lease_token IS NOT NULL",
    "UPDATE ingest.hosts SET leased_until = clock_timestamp() WHERE lease_token IS NOT NULL",
)
# The clock went back by an hour, or on by one: all that it said is later, or earlier.
STEPS = (
    "UPDATE ingest.hosts SET next_request_at = next_request_at + %(step)s, leased_until = leased_until + %(step)s",
    "UPDATE ingest.feed_state SET due_at = due_at + %(step)s, last_polled_at = last_polled_at + %(step)s",
    "UPDATE ingest.article_state SET due_at = due_at + %(step)s, failed_at = failed_at + %(step)s",
)


def ask(url: str, query: str, values: Any = None) -> list[tuple[Any, ...]]:
    """Return the rows of a query; a database that is coming back is waited for."""
    until = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                found = connection.execute(query.encode(), values)
                return found.fetchall() if found.description else []
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def broken_rules(url: str) -> dict[str, int]:
    """The rules of `broadsheet check` that do not hold, and how many rows break each."""

    async def look() -> dict[str, int]:
        async with connected(url, connections=1) as db, db.session() as session:
            found = {rule: len((await session.check(rule)).rows) for rule in checks()}
            return {rule: count for rule, count in found.items() if count}

    return asyncio.run(look())


def doubled(url: str) -> list[tuple[Any, ...]]:
    return ask(url, DOUBLED)


def lost(url: str, web: Web) -> set[str]:
    """Pages that are neither stored nor quarantined."""
    quarantined = {
        row[0] for row in ask(url, "SELECT url FROM news.failures WHERE kind = 'article' AND final")
    }
    stored = {row[0] for row in ask(url, "SELECT url FROM news.articles")}
    return set(web.pages()) - stored - quarantined


def quarantined(url: str) -> set[str]:
    return {
        row[0]
        for row in ask(
            url,
            "SELECT a.url FROM ingest.article_state JOIN ingest.articles AS a USING (article_id)"
            " WHERE outcome = 'quarantined'",
        )
    }


def leases(url: str) -> int:
    ((count,),) = ask(
        url,
        "SELECT (SELECT count(lease_token) FROM ingest.feed_state)"
        " + (SELECT count(lease_token) FROM ingest.article_state)"
        " + (SELECT count(lease_token) FROM ingest.hosts)",
    )
    return int(count)
