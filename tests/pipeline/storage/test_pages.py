"""Articles and their addresses: texts that are kept, and articles that turn out to be another."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline import persist, urls
from pipeline.storage import entries, page_intents, pages
from tests.pipeline.storage.builders import (
    MINUTE,
    NOW,
    article_id,
    claim_articles,
    claim_feed,
    failure,
    feed_read,
    ingest,
    item,
    on_database,
    page_read,
    poll,
    publish,
    rows,
    value,
    words,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import DueArticle
    from pipeline.storage.database import Database

# Two hosts of one site: both can be claimed at the same moment.
A, B, C = (f"https://{host}.alder.example/{host}" for host in "abc")
TARN = "https://tarn.example/feed"
LATER = NOW + timedelta(days=1)

OUTCOMES = """
SELECT a.url, s.outcome, b.url
FROM ingest.articles AS a
JOIN ingest.article_state AS s USING (article_id)
LEFT JOIN ingest.articles AS b ON b.article_id = a.alias_of
ORDER BY a.url
"""

ENTRIES = "SELECT article_id, count(*) FROM news.entries GROUP BY 1"


async def broken_rules(db: Database) -> list[str]:
    async with db.session() as session:
        names = ("02_aliases_are_empty", "07_texts_are_whole", "11_addresses_have_one_owner")
        return [name for name in names if (await session.check(name)).rows]


async def claimed(db: Database, at: datetime = NOW) -> dict[str, DueArticle]:
    return {due.url: due for due in await claim_articles(db, at=at)}


async def wait_for_locks(db: Database, count: int) -> None:
    """Return when so many connections wait for another's lock."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while await value(db, query) < count:  # noqa: ASYNC110 - it happens in the server
        await asyncio.sleep(0)


@on_database
async def test_an_article_whose_page_names_another_gives_way(db: Database) -> None:
    await poll(db, item(A), item(B))
    await ingest(db, page_read(A, words("a"), canonical_url=B))
    await ingest(db, page_read(B, words("a")), at=NOW + MINUTE)
    assert await rows(db, OUTCOMES) == [(A, "alias", B), (B, "stored", None)]
    assert await value(db, "SELECT count(DISTINCT article_id) FROM news.entries") == 1
    assert await broken_rules(db) == []


@on_database
async def test_an_alias_is_never_asked_for_again(db: Database) -> None:
    await poll(db, item(A), item(B))
    await ingest(db, page_read(A, words("a"), canonical_url=B))
    assert set(await claimed(db, LATER)) == {B}


@on_database
async def test_entries_that_come_later_lead_past_the_alias(db: Database) -> None:
    await poll(db, item(A), item(B))
    await ingest(db, page_read(A, words("a"), canonical_url=B))
    await poll(db, item(A), at=NOW + MINUTE, url=TARN)
    root = await article_id(db, B)
    assert await rows(db, "SELECT DISTINCT article_id FROM news.entries") == [(root,)]


@on_database
async def test_a_canonical_address_becomes_the_articles_own(db: Database) -> None:
    await poll(db, item(A))
    await ingest(db, page_read(A, words("a"), canonical_url=B))
    await poll(db, item(B), at=NOW + MINUTE, url=TARN)
    assert await rows(db, OUTCOMES) == [(A, "stored", None)]
    assert await value(db, "SELECT count(*) FROM news.entries") == 2


@on_database
async def test_an_article_with_text_never_gives_way(db: Database) -> None:
    await poll(db, item(A), item(B))
    await ingest(db, page_read(A, words("a")), page_read(B, words("b")))
    at = NOW + timedelta(days=2)
    await ingest(db, page_read(A, words("a"), canonical_url=B, at=at), at=at)
    assert await rows(db, OUTCOMES) == [(A, "stored", None), (B, "stored", None)]
    assert await broken_rules(db) == []


@on_database
async def test_a_text_is_not_lost_to_an_address_that_failed(db: Database) -> None:
    """B is gone; A has the text and names B: B gives way, with its entries."""
    await poll(db, item(A), item(B))
    due = await claimed(db)
    await persist.write_page(db, due[B], failure(B, "gone"), draw=0.5)
    await persist.write_page(db, due[A], page_read(A, words("a"), canonical_url=B), draw=0.5)
    assert await rows(db, OUTCOMES) == [(A, "stored", None), (B, "alias", A)]
    assert await rows(db, "SELECT DISTINCT article_id FROM ingest.entries") == [
        (await article_id(db, A),)
    ]
    assert await broken_rules(db) == []


@on_database
async def test_who_gave_way_is_asked_for_when_the_other_fails(db: Database) -> None:
    await poll(db, item(A), item(B))
    due = await claimed(db)
    await persist.write_page(db, due[A], page_read(A, words("a"), canonical_url=B), draw=0.5)
    assert await rows(db, OUTCOMES) == [(A, "alias", B), (B, "pending", None)]
    await persist.write_page(db, due[B], failure(B, "timeout"), draw=0.5)
    assert await rows(db, OUTCOMES) == [(A, "pending", None), (B, "failed", None)]
    assert await broken_rules(db) == []
    await free_hosts(db)
    again = (await claimed(db, NOW))[A]
    await persist.write_page(db, again, page_read(A, words("a"), canonical_url=B), draw=0.5)
    assert await rows(db, OUTCOMES) == [(A, "stored", None), (B, "alias", A)]
    assert await broken_rules(db) == []


@on_database
async def test_a_changed_dek_is_shown_without_a_new_revision(db: Database) -> None:
    await poll(db, item(A))
    at = NOW + timedelta(hours=2)
    await ingest(db, page_read(A, words("a"), description="First dek"))
    await ingest(db, page_read(A, words("a"), description="Second dek", at=at), at=at)
    await publish(db)
    assert await rows(db, "SELECT description, revision_count FROM news.articles") == [
        ("Second dek", 1)
    ]


@on_database
async def test_a_chain_of_aliases_leads_to_its_end(db: Database) -> None:
    """A gives way to B, which then gives way to C: A's address and entries end at C."""
    await poll(db, item(A), item(B), item(C))
    await ingest(db, page_read(A, words("a"), canonical_url=B))
    await ingest(db, page_read(B, words("a"), canonical_url=C), at=NOW + MINUTE)
    await ingest(db, page_read(C, words("a")), at=NOW + 2 * MINUTE)
    assert await rows(db, OUTCOMES) == [(A, "alias", C), (B, "alias", C), (C, "stored", None)]
    assert await broken_rules(db) == []


@pytest.mark.parametrize("first", [A, B])
@on_database
async def test_of_two_that_wait_for_each_other_one_stays(db: Database, first: str) -> None:
    """Both have claimed their addresses when the first may go on; the other sees what it did."""
    second = B if first == A else A
    await poll(db, item(A), item(B))
    due = await claimed(db)
    reads = {
        A: page_read(A, words("a"), canonical_url=B),
        B: page_read(B, words("a"), canonical_url=A),
    }
    async with db.transaction() as blocker:
        # Whoever asks first for the pair of articles waits first for this lock.
        await blocker.connection.execute("SELECT FROM ingest.articles FOR NO KEY UPDATE")
        tasks = [asyncio.create_task(persist.write_page(db, due[first], reads[first], draw=0.5))]
        await wait_for_locks(db, 1)
        tasks.append(
            asyncio.create_task(persist.write_page(db, due[second], reads[second], draw=0.5))
        )
        await wait_for_locks(db, 2)
    await asyncio.gather(*tasks)
    assert await rows(db, OUTCOMES) in (
        [(A, "alias", B), (B, "stored", None)],
        [(A, "stored", None), (B, "alias", A)],
    )
    assert await broken_rules(db) == []


@on_database
async def test_two_that_name_each_other_never_both_give_way(db: Database) -> None:
    for n in range(10):
        one, two = f"{A}/{n}", f"{B}/{n}"
        at = NOW + n * MINUTE
        await poll(db, item(one), item(two), at=at)
        due = await claimed(db, at)
        writes = [
            persist.write_page(
                db, due[one], page_read(one, words("a"), canonical_url=two), draw=0.5
            ),
            persist.write_page(
                db, due[two], page_read(two, words("a"), canonical_url=one), draw=0.5
            ),
        ]
        looks = await asyncio.gather(*(writes if n % 2 else writes[::-1]))
        assert sorted(look.outcome for look in looks if look) == ["alias", "stored"]
        await free_hosts(db)
    assert await broken_rules(db) == []


@on_database
async def test_an_entry_that_is_being_stored_moves_with_its_article(db: Database) -> None:
    """A feed shows A again, not yet committed, when A's page gives way to B."""
    await poll(db, item(A), item(B))
    due = (await claimed(db))[A]
    feed = await claim_feed(db, TARN)
    read = page_read(A, words("a"), canonical_url=B)
    async with db.transaction() as tx:
        await entries.store(tx, feed, feed_read(item(A)).parsed.found, {}, NOW)
        page = asyncio.create_task(persist.write_page(db, due, read, draw=0.5))
        await wait_for_locks(db, 1)
    await page
    assert await broken_rules(db) == []
    assert await rows(db, ENTRIES) == [(await article_id(db, B), 3)]


@on_database
async def test_an_entry_waits_for_an_article_that_is_giving_way(db: Database) -> None:
    """A's page gives way to B, not yet committed, when a feed shows A again."""
    await poll(db, item(A), item(B))
    due = (await claimed(db))[A]
    feed = await claim_feed(db, TARN)
    root = await article_id(db, B)
    async with db.transaction() as tx:
        wanted = pages.Wanted(due=due, keys=[urls.canonical(B)], at=NOW)
        owner = (await pages.facts(tx, [wanted]))[due.article_id].owner
        assert owner is not None
        assert owner.article_id == root
        await page_intents.make_alias(tx, due.article_id, root_id=root)
        entry = asyncio.create_task(persist.write_poll(db, feed, feed_read(item(A)), draw=0.5))
        await wait_for_locks(db, 1)
    assert await entry
    assert await broken_rules(db) == []
    assert await rows(db, ENTRIES) == [(root, 3)]


async def free_hosts(db: Database) -> None:
    async with db.session() as session:
        await session.connection.execute(
            "UPDATE ingest.hosts SET leased_until = NULL, lease_token = NULL"
        )


@on_database
async def test_a_changed_text_is_a_revision_more(db: Database) -> None:
    await poll(db, item(A))
    await ingest(db, page_read(A, words("a"), title="Ferry late"))
    at = NOW + timedelta(days=2)
    await ingest(db, page_read(A, words("b"), title="Ferry lost", at=at), at=at)
    await publish(db)
    assert await rows(
        db, "SELECT revision, seen_at, title, change_kind FROM news.revisions ORDER BY 1"
    ) == [(1, NOW, "Ferry late", "first"), (2, at, "Ferry lost", "substantive")]
    assert await rows(db, "SELECT title, text, revision_count, changed_at FROM news.articles") == [
        ("Ferry lost", words("b"), 2, at)
    ]


@on_database
async def test_an_older_answer_never_replaces_the_text(db: Database) -> None:
    await poll(db, item(A))
    await ingest(db, page_read(A, words("a")))
    at = NOW + timedelta(days=2)
    older = page_read(A, words("b"), at=NOW - MINUTE)
    await ingest(db, older, at=at)
    await publish(db)
    assert await rows(db, "SELECT text, revision_count, fetched_at FROM news.articles") == [
        (words("a"), 2, NOW)
    ]
    assert await broken_rules(db) == []


@on_database
async def test_a_page_that_is_gone_keeps_its_text(db: Database) -> None:
    await poll(db, item(A))
    await ingest(db, page_read(A, words("a")))
    await publish(db)
    at = NOW + timedelta(days=2)
    (due,) = await claim_articles(db, at=at)
    await persist.write_page(db, due, failure(A, "soft_404", at=at), draw=0.5)
    await publish(db)
    assert await rows(
        db, "SELECT text, page_state, last_checked_at, change_seq FROM news.articles"
    ) == [(words("a"), "gone", at, 2)]


@on_database
async def test_a_failed_page_says_why_and_when_it_is_tried_again(db: Database) -> None:
    await poll(db, item(A))
    (due,) = await claim_articles(db)
    look = await persist.write_page(db, due, failure(A, "timeout"), draw=0.5)
    assert look
    assert look.due_at
    assert look.due_at > NOW
    assert await rows(
        db,
        "SELECT kind, url, stage, reason, attempts, first_at, last_at, next_attempt_at, final "
        "FROM news.failures",
    ) == [("article", A, "fetch", "timeout", 1, NOW, NOW, look.due_at, False)]
