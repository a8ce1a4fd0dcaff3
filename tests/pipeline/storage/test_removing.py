"""A takedown: what an article said is gone, it never returns, and those who follow are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pipeline import persist
from pipeline.errors import UsageError
from pipeline.persist import takedown
from tests.pipeline.storage.builders import (
    MINUTE,
    NOW,
    article_id,
    claim_articles,
    ingest,
    item,
    on_database,
    page_read,
    poll,
    publish,
    rows,
    store,
    value,
    words,
)

if TYPE_CHECKING:
    from pipeline.storage.database import Database

A, B, C = (f"https://{host}.alder.example/{host}" for host in "abc")
LATER = NOW + timedelta(hours=2)
SECRET = words("secret")
SECRET_WORD = SECRET.split()[5]

# Everything that may hold a word of the text; bodies are packed, so they are counted apart.
HOLDERS = {
    "revisions": "text || coalesce(title, '') || coalesce(description, '')",
    "entries": "concat(title, summary, content, authors, categories)",
    "search": "document",
    "articles": "concat(canonical_url, authors, image_url, tags, section)",
    "story_links": "reason",
    "article_state": "message",
}


async def remove(db: Database, url: str, **options: Any) -> None:
    number = await article_id(db, url)
    await takedown.remove_article(db, number, now=LATER, by="desk", **options)


async def broken(db: Database) -> list[str]:
    from pipeline.storage.database import checks  # noqa: PLC0415 - only here

    async with db.session() as session:
        return [name for name in checks() if (await session.check(name)).rows]


async def holders(db: Database, word: str) -> list[str]:
    found = []
    for table, expression in HOLDERS.items():
        query = (
            f"SELECT count(*) FROM ingest.{table} WHERE ({expression})::text LIKE '%' || %s || '%'"  # noqa: S608 - names above
        )
        if await value(db, query.replace("'%'", "'%%'"), word):
            found.append(table)
    return found


async def _published(db: Database) -> None:
    """A and B tell the same, C another text; A was first and leads."""
    await poll(db, item(A, title=f"{SECRET_WORD} told", content_html=SECRET), item(C))
    await ingest(db, page_read(A, SECRET), page_read(C, words("c")))
    await publish(db)
    await store(db, page_read(B, SECRET, at=NOW + MINUTE), at=NOW + MINUTE)
    await publish(db)


@on_database
async def test_nothing_of_the_text_is_left(db: Database) -> None:
    await poll(db, item(A, title=f"{SECRET_WORD} told", content_html=SECRET, summary=SECRET))
    await ingest(db, page_read(A, SECRET))
    await ingest(db, page_read(A, SECRET + " More.", at=LATER), at=LATER)
    await publish(db)
    assert await value(db, "SELECT revision_count FROM news.articles") == 2
    assert set(await holders(db, SECRET_WORD)) >= {"revisions", "entries", "search"}
    await remove(db, A)
    assert await holders(db, SECRET_WORD) == []
    for table in ("signatures", "fingerprints", "bodies", "publications", "stories", "unpublished"):
        query = f"SELECT count(*) FROM ingest.{table}"  # noqa: S608 - names above
        if table == "bodies":  # the feed's document is not the article's page
            query += " WHERE body_sha256 IN (SELECT body_sha256 FROM ingest.fetches WHERE purpose = 'page')"
        assert (table, await value(db, query)) == (table, 0)
    assert await broken(db) == []


@on_database
async def test_article_that_is_not_published_yet_is_removed_too(db: Database) -> None:
    await poll(db, item(A))
    await ingest(db, page_read(A, SECRET))
    await remove(db, A)
    assert await publish(db) == 0
    assert await holders(db, SECRET_WORD) == []
    assert await broken(db) == []


@on_database
async def test_addresses_and_identities_stay(db: Database) -> None:
    await _published(db)
    before = await rows(db, "SELECT url_digest, article_id FROM ingest.article_urls ORDER BY 1")
    identities = await rows(db, "SELECT identity, article_id FROM ingest.entries ORDER BY 1")
    await remove(db, A)
    assert before == await rows(
        db, "SELECT url_digest, article_id FROM ingest.article_urls ORDER BY 1"
    )
    assert identities == await rows(
        db, "SELECT identity, article_id FROM ingest.entries ORDER BY 1"
    )
    assert await rows(
        db,
        "SELECT article_outcome, article_reason, title FROM news.entries WHERE url = %s",
        A,
    ) == [("removed", "tombstoned", None)]


@on_database
async def test_its_story_goes_on_under_another_lead(db: Database) -> None:
    await _published(db)
    assert await rows(db, "SELECT url FROM news.articles WHERE is_lead ORDER BY 1") == [(A,), (C,)]
    await remove(db, A)
    assert await rows(
        db, "SELECT url, is_lead, duplicate_kind FROM news.articles ORDER BY url"
    ) == [(B, True, "original"), (C, True, "original")]
    assert await value(db, "SELECT count(*) FROM news.stories") == 2
    assert await broken(db) == []


@on_database
async def test_who_follows_change_seq_learns_of_it(db: Database) -> None:
    await _published(db)
    last = await value(db, "SELECT max(change_seq) FROM news.articles")
    number = await article_id(db, A)
    await remove(db, A, why="court order")
    ((removed, change_seq),) = await rows(db, "SELECT article_id, change_seq FROM news.removals")
    assert (removed, change_seq) == (number, last + 1)
    # The new lead changed too, under a number of its own.
    assert await rows(
        db, "SELECT url, change_seq FROM news.articles WHERE change_seq > %s", last
    ) == [(B, last + 2)]
    await store(db, page_read("https://d.alder.example/d", words("d"), at=LATER), at=LATER)
    await publish(db)
    assert await value(db, "SELECT max(change_seq) FROM news.articles") == last + 3
    assert await value(db, "SELECT why FROM ingest.removals") == "court order"


@on_database
async def test_it_never_returns_by_its_feed(db: Database) -> None:
    await _published(db)
    await remove(db, A)
    await poll(db, item(A, title=f"{SECRET_WORD} again", content_html=SECRET), at=LATER)
    tarn = "https://tarn.example/feed"
    await poll(db, item(A, id="other", title=SECRET_WORD, content_html=SECRET), at=LATER, url=tarn)
    assert await holders(db, SECRET_WORD) == ["revisions", "search"]  # B's
    claimed = await claim_articles(db, at=LATER + timedelta(days=2))
    assert A not in {due.url for due in claimed}
    assert await broken(db) == []


@on_database
async def test_poll_skips_its_entries(db: Database) -> None:
    await poll(db, item(A), item(C))
    await remove(db, A)
    at = LATER
    again = await poll(db, item(A, title="Again"), item(C), item(B), at=at)
    assert (again.counts.skipped, again.counts.known, again.counts.new) == (1, 1, 1)
    tarn = "https://tarn.example/feed"
    other = await poll(db, item(A, id="other"), at=at, url=tarn)
    assert (other.counts.skipped, other.counts.seen) == (1, 1)
    assert await value(db, "SELECT count(*) FROM news.entries") == 3
    assert await broken(db) == []


@on_database
async def test_page_that_names_it_as_its_own_gives_way_and_leaves_nothing(db: Database) -> None:
    await poll(db, item(A))
    await ingest(db, page_read(A, SECRET))
    await remove(db, A)
    await poll(db, item(B), at=LATER, url="https://tarn.example/feed")
    await ingest(db, page_read(B, SECRET, canonical_url=A, at=LATER), at=LATER)
    assert (
        await value(db, "SELECT outcome FROM ingest.article_state WHERE article_id = 2") == "alias"
    )
    assert await holders(db, SECRET_WORD) == []
    assert (
        await value(
            db,
            "SELECT count(*) FROM ingest.bodies JOIN ingest.fetches USING (body_sha256)"
            " WHERE purpose = 'page'",
        )
        == 0
    )
    assert await publish(db) == 0
    assert await broken(db) == []


@on_database
async def test_body_that_is_anothers_page_too_stays(db: Database) -> None:
    await poll(db, item(A), item(C))
    same = page_read(A, SECRET).response
    assert same is not None
    await ingest(db, page_read(A, SECRET), page_read(C, words("c")))
    await rows(
        db,
        "UPDATE ingest.fetches SET body_sha256 = (SELECT body_sha256 FROM ingest.fetches"
        " WHERE url = %s) WHERE url = %s RETURNING 1",
        A,
        C,
    )
    await remove(db, A)
    assert (
        await value(
            db,
            "SELECT count(*) FROM ingest.fetches JOIN ingest.bodies USING (body_sha256)"
            " WHERE url = %s",
            C,
        )
        == 1
    )


@on_database
async def test_worker_that_has_it_in_hand_writes_nothing(db: Database) -> None:
    await poll(db, item(A))
    (due,) = await claim_articles(db)
    await remove(db, A)

    assert await persist.write_page(db, due, page_read(A, SECRET), draw=0.5) is None
    assert await holders(db, SECRET_WORD) == []


@on_database
async def test_number_of_an_alias_removes_the_article_it_is(db: Database) -> None:
    await poll(db, item(A), item(B))
    await ingest(db, page_read(A, SECRET, canonical_url=B))
    await ingest(db, page_read(B, SECRET), at=NOW + MINUTE)
    root = await article_id(db, B)
    found = await takedown.remove_article(db, await article_id(db, A), now=LATER, by="desk")
    assert (found.article_id, found.url) == (root, B)
    assert await holders(db, SECRET_WORD) == []


@on_database
async def test_what_is_not_there_or_removed_already_is_refused(db: Database) -> None:
    await poll(db, item(A))
    with pytest.raises(UsageError, match="no article 99"):
        await takedown.remove_article(db, 99, now=LATER, by="desk")
    await remove(db, A)
    with pytest.raises(UsageError, match="removed already"):
        await remove(db, A)


@on_database
async def test_only_a_listed_article_can_be_erased(db: Database) -> None:
    await poll(db, item(A))
    with pytest.raises(psycopg.errors.RaiseException, match="not on the list"):
        await rows(db, "SELECT ingest.erase_article(%s)", await article_id(db, A))
