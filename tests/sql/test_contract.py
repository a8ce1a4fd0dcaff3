"""What people and their scripts rely on in schema news: names, types, comments, closed lists."""

from __future__ import annotations

import ast
import inspect
import re

import psycopg
import pytest

from pipeline.feeds.scheduling import publisher_hints, schedule
from pipeline.reasons import Reason
from pipeline.storage import feed_settings
from tests.conftest import ROOT

TIMES = "timestamp with time zone"

# As promised to the users of the schema; a column may be added, never renamed or dropped.
COLUMNS = {
    "articles": {
        "bigint": "article_id ingest_seq change_seq story_id",
        "text": "url canonical_url site title description published_source language text image_url "
        "section page_kind page_state duplicate_kind text_source extractor access",
        "text[]": "authors tags",
        TIMES: "published_at first_seen_at fetched_at changed_at last_checked_at",
        "integer": "word_count revision_count",
        "boolean": "is_lead truncated",
    },
    "stories": {
        "bigint": "story_id lead_article_id",
        "text": "title",
        "integer": "article_count site_count",
        TIMES: "first_published_at last_published_at first_seen_at",
    },
    "story_links": {
        "bigint": "article_id other_article_id",
        "text": "kind reason",
        "double precision": "score",
    },
    "story_ids": {"bigint": "old_story_id story_id"},
    "entries": {
        "bigint": "entry_id feed_id article_id",
        "text": "guid url title summary article_outcome article_reason",
        "text[]": "authors",
        TIMES: "published_at feed_updated_at first_seen_at last_seen_at",
        "integer": "position",
    },
    "revisions": {
        "bigint": "article_id",
        "integer": "revision",
        TIMES: "seen_at",
        "text": "title description text change_kind",
    },
    "feeds": {
        "bigint": "feed_id",
        "text": "url title site_url language category state next_poll_reason last_error_reason "
        "last_error",
        TIMES: "last_polled_at next_poll_at last_success_at",
        "integer": "failure_streak entries_7d articles_7d",
        "interval": "poll_interval",
    },
    "polls": {
        "bigint": "poll_id feed_id bytes",
        TIMES: "polled_at",
        "text": "outcome reason message",
        "integer": "status seen new known updated skipped rejected",
        "double precision": "duration_seconds",
    },
    "fetches": {
        "bigint": "fetch_id feed_id article_id bytes",
        "text": "url body_sha256 reason",
        TIMES: "fetched_at",
        "integer": "status",
    },
    "failures": {
        "text": "kind url stage reason message",
        "bigint": "id",
        "integer": "attempts",
        TIMES: "first_at last_at next_attempt_at",
        "boolean": "final",
    },
    "freshness": {
        TIMES: "hour",
        "integer": "articles",
        "interval": "delay_p50 delay_p95",
    },
    "orders": {
        "bigint": "order_id",
        "text": "ordered_by command detail",
        TIMES: "ordered_at",
    },
    "services": {
        "bigint": "service_id",
        "text": "host version state doing",
        "integer": "pid",
        TIMES: "started_at beat_at",
    },
    "values": {"text": "column_name value meaning"},
}
PROMISED = [
    (view, column, kind)
    for view, kinds in COLUMNS.items()
    for kind, columns in kinds.items()
    for column in columns.split()
]

VALUES = {
    "feeds.state": "active paused gone",
    "polls.outcome": "changed unchanged not_modified failed",
    "entries.article_outcome": "pending stored alias failed quarantined capped",
    "reason": "dns connect tls timeout too_slow too_large truncated_transfer bad_encoding "
    "blocked_address bad_url redirect_loop http_4xx http_5xx gone rate_limited robots network_down "
    "not_a_feed unreadable no_link no_identity not_html no_text soft_404 paywall consent_wall "
    "bot_wall listing worker_killed worker_timeout over_cap not_recorded tombstoned database "
    "internal",
    "services.state": "running stopping stopped",
    "articles.page_kind": "article live_blog teaser video gallery listing",
    "articles.access": "free metered",
    "articles.page_state": "live gone unreachable",
    "articles.published_source": "feed feed_updated json_ld meta page_text url",
    "articles.text_source": "page feed",
    "articles.duplicate_kind": "original same_text reprint excerpt extended update",
    "revisions.change_kind": "first typo headline substantive retraction",
}

# Every closed list, the promised ones and those that came later.
LISTS = {
    "access_kinds", "article_outcomes", "article_stages", "change_kinds", "duplicate_kinds", "feed_states",
    "identity_rules", "page_kinds", "page_states", "poll_outcomes", "poll_reasons",
    "published_sources", "reasons", "ruling_kinds", "service_states", "text_sources", "volatile_keys",
}  # fmt: skip
# Columns that hold a reason; those of free text are no closed list.
REASONS = {
    "polls.reason", "polls.skip_reason", "fetches.reason", "failures.reason", "rejections.reason",
    "entries.article_reason", "feeds.last_error_reason",
}  # fmt: skip

PRESENT = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = 'news'::regnamespace AND c.relkind = 'v' AND a.attnum > 0
"""
UNCOMMENTED = """
SELECT c.relname, NULL
FROM pg_class AS c
WHERE c.relnamespace = 'news'::regnamespace AND obj_description(c.oid, 'pg_class') IS NULL
UNION ALL
SELECT c.relname, a.attname
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = 'news'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  AND col_description(c.oid, a.attnum) IS NULL
UNION ALL
SELECT p.proname, '()'
FROM pg_proc AS p
WHERE p.pronamespace = 'news'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
"""


COMMENTS = """
SELECT c.relname, a.attname, col_description(c.oid, a.attnum)
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relnamespace = 'news'::regnamespace AND c.relkind = 'v' AND a.attnum > 0
"""


def schedule_inputs() -> set[str]:
    """The first words of every bid and wish in the code, and those that stand in tables."""
    words = {name for _, _, name in schedule.RARELY} | {
        str(one) for one in Reason if one.policy.again_soon
    }
    for path in (ROOT / "pipeline" / "feeds").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                first = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "input")]
                if call.func.id in {"WaitInput", "ScheduleInput"}:
                    words |= {str(c.value) for c in first if isinstance(c, ast.Constant)}
    named = re.search(r'name = "(\S+)" if .* else "(\S+)"', inspect.getsource(publisher_hints.of))
    assert named
    return {*words, *named.groups()}


def orders_given() -> set[str]:
    """What the queries write by themselves, what jobs ask for, and the states of stopped feeds."""
    sql = "\n".join(path.read_text() for path in (ROOT / "sql" / "queries").glob("*.sql"))
    python = "\n".join(path.read_text() for path in (ROOT / "jobs").rglob("*.py"))
    stopped = inspect.getsource(feed_settings)
    return {
        *re.findall(r"due_reason = (?:CASE .*THEN )?'([^']+)'", sql),
        *re.findall(r"SELECT a\.feed_id, w\.host, %\(now\)s, '(\w+)'", sql),
        *re.findall(r'make_due\([^)]*reason="([^"]+)"', python),
        *re.findall(r'_stop\(db, feed_ids, "(\w+)"\)', stopped),
    }


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def test_every_promised_column_is_there_in_its_type(database_url: str) -> None:
    present = set(ask(database_url, PRESENT))
    assert [promise for promise in PROMISED if promise not in present] == []


def test_every_view_and_column_and_function_has_a_comment(database_url: str) -> None:
    assert ask(database_url, UNCOMMENTED) == []


@pytest.mark.parametrize(
    ("dropped", "missed"),
    [
        ("COMMENT ON VIEW news.polls IS NULL", ("polls", None)),
        ("COMMENT ON COLUMN news.polls.seen IS NULL", ("polls", "seen")),
        ("COMMENT ON FUNCTION news.search IS NULL", ("search", "()")),
        ("CREATE VIEW news.bare AS SELECT", ("bare", None)),
    ],
)
def test_a_missing_comment_is_noticed(
    database_url: str, dropped: str, missed: tuple[str, str | None]
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(dropped)
    assert ask(database_url, UNCOMMENTED) == [missed]


def test_search_takes_and_returns_what_is_promised(database_url: str) -> None:
    ((arguments, result),) = ask(
        database_url,
        "SELECT pg_get_function_arguments(oid), pg_get_function_result(oid) "
        "FROM pg_proc WHERE oid = 'news.search'::regproc",
    )
    assert arguments == (
        "query text, lim integer DEFAULT 20, since timestamp with time zone DEFAULT NULL::timestamp "
        "with time zone, until timestamp with time zone DEFAULT NULL::timestamp with time zone, "
        "language text DEFAULT NULL::text, site text DEFAULT NULL::text"
    )
    assert result == (
        "TABLE(article_id bigint, title text, url text, published_at timestamp with time zone, "
        "rank real, headline text)"
    )


def test_the_comment_of_search_says_that_it_ranks_the_newest_thousand(database_url: str) -> None:
    ((comment,),) = ask(database_url, "SELECT obj_description('news.search'::regproc, 'pg_proc')")
    assert "1,000 newest" in str(comment)


@pytest.mark.parametrize("column", VALUES)
def test_every_promised_value_has_a_meaning(
    template_connection: psycopg.Connection[tuple[object, ...]], column: str
) -> None:
    found = template_connection.execute(
        "SELECT value, meaning FROM news.values WHERE column_name = %s", (column,)
    ).fetchall()
    meanings = {str(value): str(meaning).strip() for value, meaning in found}
    assert set(VALUES[column].split()) - meanings.keys() == set()
    assert all(meanings.values())


def test_a_comment_that_speaks_of_values_leads_to_some(database_url: str) -> None:
    named = {
        f"{view}.{column}"
        for view, column, comment in ask(database_url, COMMENTS)
        if "see news.values" in str(comment)
    }
    listed = {str(name) for (name,) in ask(database_url, "SELECT column_name FROM news.values")}
    assert len(named) > 15
    assert named - listed <= REASONS
    present = {f"{view}.{column}" for view, column, _ in ask(database_url, COMMENTS)}
    assert listed - present == {"reason"}


def test_every_word_of_the_replayed_seeds_is_listed(
    replayed_connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    found = replayed_connection.execute("SELECT column_name, value FROM news.values").fetchall()
    values: dict[str, set[object]] = {}
    for name, value in found:
        values.setdefault("reason" if name in REASONS else str(name), set()).add(value)
    for name in (values.keys() | REASONS) - {"reason"}:
        view, column = name.split(".")
        query = f"SELECT DISTINCT {column} FROM news.{view} WHERE {column} IS NOT NULL"  # noqa: S608 - of the catalog
        held: set[object] = set()
        for (value,) in replayed_connection.execute(query.encode()):
            held.update(value if isinstance(value, list) else [value])
        assert held <= values["reason" if name in REASONS else name], name


def test_every_word_of_the_schedule_is_listed(database_url: str) -> None:
    inputs = {
        value
        for (value,) in ask(database_url, "SELECT value FROM ingest.poll_reasons WHERE is_input")
    }
    others = {
        value
        for (value,) in ask(
            database_url, "SELECT value FROM ingest.poll_reasons WHERE NOT is_input"
        )
    }
    assert inputs == schedule_inputs()
    assert others == orders_given()


def test_every_closed_list_is_shown(database_url: str) -> None:
    """A table with a value and a meaning is a closed list; news.values shows every row of it."""
    lists = ask(
        database_url,
        "SELECT a.attrelid::regclass::text FROM pg_attribute AS a "
        "JOIN pg_class AS c ON c.oid = a.attrelid "
        "WHERE c.relnamespace = 'ingest'::regnamespace AND c.relkind = 'r' AND a.attname = 'meaning'",
    )
    held = " UNION ALL ".join(f"SELECT value, meaning FROM {name}" for (name,) in lists)  # noqa: S608 - names of the catalog
    assert {str(name).removeprefix("ingest.") for (name,) in lists} == LISTS
    rest = set(ask(database_url, "SELECT value, meaning FROM news.values"))
    assert set(ask(database_url, held)) <= rest
    failures = "SELECT value FROM news.values WHERE column_name LIKE 'failures.%%' ORDER BY 1"
    assert [value for (value,) in ask(database_url, failures)] == sorted(
        ["poll", "fetch", "recheck", "done", "entry", "feed", "article", "entry"]
    )


def test_code_and_database_know_the_same_reasons_with_the_same_meanings(database_url: str) -> None:
    rows = ask(database_url, "SELECT value, meaning FROM news.values WHERE column_name = 'reason'")
    assert {str(value): meaning for value, meaning in rows} == {
        str(one): one.meaning for one in Reason
    }


UNCOMMENTED_OF_OURS = """
SELECT c.relname, a.attname
FROM pg_class AS c
LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'ingest'::regnamespace
  AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition
  AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
"""


def test_every_table_and_column_of_ours_says_what_it_holds(database_url: str) -> None:
    assert ask(database_url, UNCOMMENTED_OF_OURS) == []
