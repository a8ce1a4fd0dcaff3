"""Every rule of sql/checks: silent on what the seeds bring, and outspoken when it is broken."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.persist.takedown import remove_article
from pipeline.storage.database import connected
from tests.pipeline.storage import builders

if TYPE_CHECKING:
    import psycopg

CHECKS = Path(__file__).resolve().parent.parent.parent / "sql" / "checks"

# Rows that the seeds leave behind, by the name under which the statements below speak of them.
NAMED = {
    ":alias": "(SELECT min(article_id) FROM ingest.articles WHERE alias_of IS NOT NULL)",
    ":failed": "(SELECT min(article_id) FROM ingest.article_state WHERE outcome = 'failed')",
    ":stored": "(SELECT min(article_id) FROM ingest.article_state WHERE outcome = 'stored')",
    ":removed": "(SELECT min(article_id) FROM ingest.removals)",
    # Rule 15 is about live work; the times of a replay are anybody's. It is 8:00 on 2 March.
    ":live": "WITH live AS (UPDATE ingest.purpose SET purpose = 'live')",
    ":entry": "(SELECT min(entry_id) FROM ingest.entries WHERE article_id IS NOT NULL)",
}

# (rule, what is broken, the statement that breaks it)
BROKEN = [
    (1, "sum", "UPDATE ingest.polls SET seen = seen + 1"),
    (1, "unsaid", "UPDATE ingest.polls SET seen = seen + 1, rejected = rejected + 1"),
    (1, "said too often", "UPDATE ingest.polls SET seen = 0, known = 0, new = 0, rejected = -1"),
    (2, "chain", "UPDATE ingest.articles SET alias_of = :alias WHERE article_id = :failed"),
    (2, "queued", "UPDATE ingest.article_state SET outcome = 'pending' WHERE outcome = 'alias'"),
    (2, "entry", "UPDATE ingest.entries SET article_id = :alias WHERE entry_id = :entry"),
    (2, "address", "UPDATE ingest.article_urls SET article_id = :alias"),
    (3, "no place", "DELETE FROM ingest.article_state WHERE article_id = :failed"),
    (3, "late", "UPDATE ingest.article_state SET due_at = '2031-01-01Z' WHERE due_at IS NOT NULL"),
    (4, "no place", "DELETE FROM ingest.feed_state"),
    (4, "active", "UPDATE ingest.feed_state SET due_at = NULL"),
    (4, "paused", "UPDATE ingest.feeds SET state = 'paused'"),
    (4, "late", "UPDATE ingest.feed_state SET due_at = '2031-01-01Z' WHERE due_at IS NOT NULL"),
    (5, "article", "UPDATE ingest.article_state SET message = NULL WHERE article_id = :failed"),
    (5, "capped", "UPDATE ingest.article_state SET outcome = 'capped', reason = NULL"),
    (5, "quarantined", "UPDATE ingest.article_state SET outcome = 'quarantined', reason = NULL"),
    (5, "poll", "UPDATE ingest.polls SET reason = NULL WHERE outcome = 'failed'"),
    (5, "poll message", "UPDATE ingest.polls SET message = NULL WHERE outcome = 'failed'"),
    (5, "entry", "UPDATE ingest.entries SET reason = NULL"),
    (6, "etag", "UPDATE ingest.feed_state SET etag = 'x', body_sha256 = NULL"),
    (6, "date", "UPDATE ingest.feed_state SET last_modified = 'x', last_success_at = NULL"),
    (7, "outcome", "UPDATE ingest.article_state SET outcome = 'failed' WHERE outcome = 'stored'"),
    (7, "no text", "UPDATE ingest.article_state SET outcome = 'stored' WHERE article_id = :failed"),
    (7, "count", "UPDATE ingest.articles SET revision_count = revision_count + 1"),
    (7, "current", "UPDATE ingest.revisions SET is_current = false"),
    (7, "signature", "DELETE FROM ingest.signatures WHERE article_id = :stored"),
    (7, "words", "DELETE FROM ingest.search WHERE article_id = :stored"),
    (7, "unpublished", "DELETE FROM ingest.publications WHERE article_id = :stored"),
    (8, "feed", "UPDATE ingest.feeds SET url = 'https://reader:secret@alder.example/feed'"),
    (8, "article", "UPDATE ingest.articles SET url = 'http://reader@alder.example/a?b'"),
    (8, "entry", "UPDATE ingest.entries SET url = 'https://:secret@alder.example'"),
    (8, "capitals", "UPDATE ingest.entries SET url = 'HTTPS://Reader:secret@alder.example'"),
    (8, "no scheme", "UPDATE ingest.articles SET image_url = '//reader:secret@alder.example/i'"),
    (8, "former feed", "UPDATE ingest.feed_urls SET url = 'https://reader:secret@alder.example/feed'"),
    (8, "moved feed", "UPDATE ingest.feed_state SET moved_to = 'https://reader:secret@alder.example/feed'"),
    (8, "validated", "UPDATE ingest.feed_state SET validated_url = 'https://reader:secret@alder.example/feed'"),
    (8, "key", "UPDATE ingest.articles SET url_key = 'reader:secret@alder.example/a'"),
    (8, "other key", "UPDATE ingest.article_urls SET url_key = 'reader:secret@alder.example/a'"),
    (8, "rejected", "INSERT INTO ingest.rejections (poll_id, feed_id, position, url, rejected_at, reason, message) SELECT poll_id, feed_id, 0, 'https://reader:secret@alder.example/a', polled_at, 'database', '' FROM ingest.polls"),
    (9, "leaderless", "UPDATE ingest.publications SET is_lead = false"),
    (9, "two leads", "UPDATE ingest.publications SET is_lead = true"),
    (9, "another lead", "UPDATE ingest.stories SET lead_article_id = lead_article_id + 1"),
    (9, "undead", "INSERT INTO ingest.story_ids SELECT max(story_id), min(story_id) FROM ingest.stories"),
    (
        12,
        "not erased",
        "INSERT INTO ingest.removals VALUES (:stored, 0, '2026-03-02Z', 'desk')",
    ),
    (12, "notice", "INSERT INTO ingest.unpublished VALUES (:removed, '2026-03-02Z')"),
    (12, "link", "INSERT INTO ingest.story_links VALUES (:removed, 0, 'reprint', 1, '')"),
    (12, "other link", "INSERT INTO ingest.story_links VALUES (99999, :removed, 'reprint', 1, '')"),
    (12, "fingerprint", "INSERT INTO ingest.fingerprints VALUES (1, :removed, '2026-03-02')"),
    (12, "body", "UPDATE ingest.fetches SET article_id = :removed WHERE fetch_id = (SELECT max(fetch_id) FROM ingest.fetches JOIN ingest.bodies USING (body_sha256) WHERE purpose = 'page')"),
    (12, "entry", "UPDATE ingest.entries SET title = 'x' WHERE article_id = :removed"),
    (9, "word", "INSERT INTO ingest.story_rulings (article_id, other_article_id, ruling, ruled_at, ruled_by) SELECT max(lead_article_id), min(lead_article_id), 'together', '2026-01-01Z', 'ann' FROM ingest.stories"),
    (10, "ingest_seq", "UPDATE ingest.singletons SET ingest_seq = ingest_seq - 1"),
    (10, "change_seq", "UPDATE ingest.singletons SET change_seq = change_seq - 1"),
    (10, "takedown", "UPDATE ingest.removals SET change_seq = 1000000"),
    (10, "twice", "UPDATE ingest.removals SET change_seq = (SELECT max(change_seq) FROM ingest.publications)"),
    (11, "no owner", "DELETE FROM ingest.article_urls"),
    (11, "another owner", "UPDATE ingest.article_urls SET article_id = :stored"),
    (13, "article", "UPDATE ingest.article_state SET lease_token = gen_random_uuid(), due_at = '2026-03-02 09:00Z' WHERE article_id = :stored"),
    (13, "feed", "UPDATE ingest.feed_state SET lease_token = gen_random_uuid(), due_at = '2026-03-02 09:00Z'"),
    (14, "reason", "UPDATE ingest.feed_state SET due_reason = 'whim'"),
    (14, "input", "UPDATE ingest.feed_state SET plan = '[{\"input\": \"asked for\"}]'"),
    (15, "leased host", ":live UPDATE ingest.hosts SET lease_token = gen_random_uuid(), leased_until = '2026-03-02 08:03Z'"),
    (15, "interval", ":live UPDATE ingest.hosts SET hold_reason = NULL, next_request_at = '2026-03-02 09:02Z'"),
    (15, "hold", ":live UPDATE ingest.hosts SET hold_reason = 'rate_limited', next_request_at = '2026-03-09 08:02Z'"),
    (15, "leased feed", ":live UPDATE ingest.feed_state SET last_polled_at = NULL, lease_token = gen_random_uuid(), due_at = '2026-03-02 08:03Z'"),
    (15, "leased article", ":live UPDATE ingest.article_state SET lease_token = gen_random_uuid(), due_at = '2026-03-02 08:03Z'"),
    (15, "last poll", ":live UPDATE ingest.feed_state SET last_polled_at = '2026-03-02 08:03Z'"),
]  # fmt: skip
# (rule, what it is not about, the statement)
ALLOWED = [
    (8, "hidden", "UPDATE ingest.entries SET url = 'https://***@alder.example/a'"),
    (8, "a path", "UPDATE ingest.entries SET url = 'https://alder.example/@reader/a'"),
    (12, "another's body", "UPDATE ingest.fetches SET body_sha256 = (SELECT body_sha256 FROM ingest.bodies ORDER BY 1 LIMIT 1)"),
    (13, "live lease", "UPDATE ingest.feed_state SET lease_token = gen_random_uuid(), due_at = (SELECT max(polled_at) FROM ingest.polls)"),
    (13, "waiting without lease", "UPDATE ingest.article_state SET lease_token = NULL, due_at = '2026-03-02 09:00Z'"),
    (15, "recorded times", "UPDATE ingest.feed_state SET last_polled_at = '2026-03-02 08:03Z'"),
    (15, "interval of an hour", ":live, quiet AS (UPDATE ingest.feed_state SET last_polled_at = NULL) UPDATE ingest.hosts SET hold_reason = NULL, next_request_at = '2026-03-02 09:00Z'"),
    (15, "hold of a week", ":live, quiet AS (UPDATE ingest.feed_state SET last_polled_at = NULL) UPDATE ingest.hosts SET hold_reason = 'rate_limited', next_request_at = '2026-03-09 08:00Z'"),
    (13, "host held", "WITH held AS (UPDATE ingest.hosts SET hold_reason = 'rate_limited') UPDATE ingest.feed_state SET lease_token = gen_random_uuid(), due_at = '2026-03-02 09:00Z'"),
]  # fmt: skip
UNGUARDED = """
SET session_replication_role = replica;
DO $$
DECLARE
  guard record;
BEGIN
  FOR guard IN
    SELECT conrelid::regclass AS name, conname FROM pg_constraint
    WHERE conislocal AND contype = 'c' AND connamespace = 'ingest'::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', guard.name, guard.conname);
  END LOOP;
END $$
"""


@pytest.fixture(scope="module")
def unguarded(
    replayed_connection: psycopg.Connection[tuple[object, ...]],
) -> psycopg.Connection[tuple[object, ...]]:
    """The replayed database, one article taken down, without the constraints that keep most rules."""
    asyncio.run(take_down(replayed_connection.info.dsn))
    replayed_connection.execute(UNGUARDED)
    return replayed_connection


async def take_down(dsn: str) -> None:
    async with connected(dsn, connections=1) as db:
        first = int(await builders.value(db, "SELECT min(article_id) FROM news.articles"))
        await remove_article(db, first, now=builders.NOW, by="desk")


def rules() -> dict[int, Path]:
    return {int(path.name[:2]): path for path in CHECKS.glob("*.sql")}


def broken(connection: psycopg.Connection[tuple[object, ...]], rule: int) -> int:
    """How many rows break a rule."""
    values = {"now": builders.NOW}
    return len(connection.execute(rules()[rule].read_bytes(), values).fetchall())


def named(statement: str) -> bytes:
    for name, row in NAMED.items():
        statement = statement.replace(name, row)
    return statement.encode()


def test_every_rule_has_a_way_to_be_broken() -> None:
    assert {rule for rule, _, _ in BROKEN} == rules().keys()


@pytest.mark.parametrize("rule", rules())
def test_a_rule_is_silent_on_the_replayed_seeds(
    unguarded: psycopg.Connection[tuple[object, ...]], rule: int
) -> None:
    assert broken(unguarded, rule) == 0


@pytest.mark.parametrize(
    ("rule", "statement"),
    [pytest.param(rule, statement, id=f"{rule:02} {what}") for rule, what, statement in BROKEN],
)
def test_a_broken_rule_is_noticed(
    unguarded: psycopg.Connection[tuple[object, ...]], rule: int, statement: str
) -> None:
    with unguarded.transaction(force_rollback=True):
        assert unguarded.execute(named(statement)).rowcount > 0
        assert broken(unguarded, rule) > 0


@pytest.mark.parametrize(
    ("rule", "statement"),
    [pytest.param(rule, statement, id=f"{rule:02} {what}") for rule, what, statement in ALLOWED],
)
def test_what_a_rule_is_not_about_is_left_alone(
    unguarded: psycopg.Connection[tuple[object, ...]], rule: int, statement: str
) -> None:
    with unguarded.transaction(force_rollback=True):
        assert unguarded.execute(named(statement)).rowcount > 0
        assert broken(unguarded, rule) == 0
