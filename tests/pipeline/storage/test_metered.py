"""An article behind a paywall is an article: stored, marked, checked again, and never before a whole text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.decide import Failed, PageRead
from pipeline.errors import NoArticleError
from pipeline.persist import write_page
from tests.pipeline.storage.builders import (
    MINUTE,
    NOW,
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

PAID, OPEN, COPY = (f"https://www.{name}.example/mint" for name in ("brief", "gazette", "ledger"))
HOUR = timedelta(hours=1)
WHOLE = words("mint", 240)
TEASER = "\n".join(WHOLE.split("\n")[:5])
SHOWN = "SELECT url, text, page_kind, access, revision_count FROM news.articles ORDER BY article_id"
LEADS = "SELECT url, is_lead, duplicate_kind FROM news.articles ORDER BY article_id"


def teaser(url: str = PAID, text: str = TEASER, **fields: Any) -> PageRead:
    return page_read(url, text, page_kind="teaser", access="metered", **fields)


@on_database
async def test_a_teaser_is_a_visible_article_and_no_failure(db: Database) -> None:
    await store(
        db,
        teaser(
            title="Race for the mint",
            authors=("Ada Stone",),
            published_at=NOW,
            published_source="meta",
        ),
    )
    await publish(db)
    assert await rows(
        db, "SELECT title, authors, published_at, text, page_kind, access FROM news.articles"
    ) == [("Race for the mint", ["Ada Stone"], NOW, TEASER, "teaser", "metered")]
    assert await value(db, "SELECT count(*) FROM news.failures") == 0
    assert await value(db, "SELECT due_at FROM ingest.article_state") == NOW + HOUR


@on_database
async def test_teasers_are_left_out_by_their_access_and_unknown_ones_stay(db: Database) -> None:
    unknown = page_read(OPEN, words("weir"))
    free = page_read(COPY, words("ferry"), access="free")
    await store(db, teaser(), unknown, free)
    await publish(db)
    query = "SELECT url FROM news.articles WHERE access IS DISTINCT FROM 'metered' ORDER BY url"
    assert await rows(db, query) == [(OPEN,), (COPY,)]
    (columns,) = await rows(db, "SELECT array_agg(value ORDER BY value) FROM news.values "
                                "WHERE column_name = 'articles.access'")  # fmt: skip
    assert columns == (["free", "metered"],)


@on_database
async def test_a_whole_text_takes_the_place_of_a_teaser_and_its_mark(db: Database) -> None:
    await store(db, teaser())
    at = NOW + 2 * HOUR
    await ingest(db, page_read(PAID, WHOLE, at=at, page_kind="article"), at=at)
    await publish(db)
    assert await rows(db, SHOWN) == [(PAID, WHOLE, "article", None, 2)]


@pytest.mark.parametrize("text", [TEASER, WHOLE + "\n" + words("more", 36)])
@on_database
async def test_a_teaser_never_takes_the_place_of_a_whole_text(db: Database, text: str) -> None:
    await store(db, page_read(PAID, WHOLE, page_kind="article"))
    at = NOW + 2 * HOUR
    await ingest(db, teaser(text=text, at=at), at=at)
    await publish(db)
    assert await rows(db, SHOWN) == [(PAID, WHOLE, "article", None, 1)]
    assert await value(db, "SELECT last_checked_at FROM news.articles") == at


@on_database
async def test_the_newest_teaser_is_the_present_one(db: Database) -> None:
    await store(db, teaser(text="The mint sold 50,000 shares, its master says, and more will go."))
    newest = "The mint sold 90,000 shares, its master says."
    at = NOW + 2 * HOUR
    await ingest(db, teaser(text=newest, at=at), at=at)
    await publish(db)
    assert await rows(db, SHOWN) == [(PAID, newest, "teaser", "metered", 2)]


@on_database
async def test_the_whole_text_of_a_feed_takes_the_place_of_a_teaser(db: Database) -> None:
    await store(db, teaser())
    at = NOW + 2 * HOUR
    carried = replace(page_read(PAID, WHOLE, at=at), response=None)
    (due,) = await claim_articles(db, at=at)
    wall = Failed(error=NoArticleError("paywall", PAID), at=at, instead=carried)
    await write_page(db, due, wall, draw=0.5)
    await publish(db)
    assert await rows(db, SHOWN) == [(PAID, WHOLE, None, None, 2)]
    assert await value(db, "SELECT text_source FROM news.articles") == "feed"


@on_database
async def test_a_teaser_gives_way_as_lead_when_a_free_whole_text_comes(db: Database) -> None:
    await poll(db, item(PAID), item(OPEN))
    await ingest(db, teaser(published_at=NOW - HOUR, published_source="meta"))
    await publish(db)
    assert await rows(db, LEADS) == [(PAID, True, "original")]
    before = await value(db, "SELECT change_seq FROM news.articles")
    at = NOW + MINUTE
    await ingest(
        db,
        page_read(OPEN, TEASER, at=at, published_at=NOW, published_source="meta", access="free"),
        at=at,
    )
    await publish(db)
    assert await rows(db, LEADS) == [(PAID, False, "same_text"), (OPEN, True, "original")]
    assert await value(db, "SELECT min(change_seq) FROM news.articles") > before
    assert await rows(db, "SELECT lead_article_id = article_id FROM news.stories "
                          "JOIN news.articles USING (story_id) WHERE url = %s", OPEN) == [(True,)]  # fmt: skip


@on_database
async def test_an_article_whose_wall_falls_may_lead_again(db: Database) -> None:
    await poll(db, item(PAID), item(OPEN))
    await ingest(
        db,
        teaser(published_at=NOW - HOUR, published_source="meta"),
        page_read(OPEN, WHOLE, published_at=NOW, published_source="meta"),
    )
    await publish(db)
    assert [lead for _, lead, _ in await rows(db, LEADS)] == [False, True]
    at = NOW + 2 * HOUR
    await ingest(
        db, page_read(PAID, WHOLE, at=at, published_at=NOW - HOUR, published_source="meta"), at=at
    )
    await publish(db)
    assert [lead for _, lead, _ in await rows(db, LEADS)] == [True, False]


@on_database
async def test_of_teasers_alone_the_first_published_leads(db: Database) -> None:
    await poll(db, item(PAID), item(COPY))
    await ingest(
        db,
        teaser(published_at=NOW, published_source="meta"),
        teaser(COPY, published_at=NOW - HOUR, published_source="meta"),
    )
    await publish(db)
    assert [lead for _, lead, _ in await rows(db, LEADS)] == [False, True]
