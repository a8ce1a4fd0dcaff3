"""Pages that are written together: each as if it was alone, one transaction for all of them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import persist
from pipeline.decide import Failed
from pipeline.errors import NoArticleError
from tests.pipeline.storage.builders import (
    NOW,
    claim_articles,
    claim_feed,
    failure,
    item,
    on_database,
    page_read,
    poll,
    rows,
    value,
    words,
)

if TYPE_CHECKING:
    from pipeline.model import DueArticle
    from pipeline.persist.pages import Decided
    from pipeline.storage.database import Database

# Hosts of one site: all can be claimed at the same moment, and name each other as canonical.
A, B, C = (f"https://{host}.alder.example/{host}" for host in "abc")
STATES = """
SELECT a.url, s.outcome, o.url
FROM ingest.article_state AS s
JOIN ingest.articles AS a USING (article_id)
LEFT JOIN ingest.articles AS o ON o.article_id = a.alias_of
ORDER BY 1
"""


async def claimed(db: Database) -> list[DueArticle]:
    """The articles of A, B and C, in this order."""
    await poll(db, item(A), item(B), item(C))
    return sorted(await claim_articles(db), key=lambda due: due.url)


@on_database
async def test_texts_failures_and_aliases_go_in_one_transaction(db: Database) -> None:
    a, b, c = await claimed(db)
    group: list[Decided] = [
        (a, page_read(A, words("a")), 0.5),
        (b, failure(B, "timeout"), 0.5),
        (c, Failed(error=NoArticleError("no_text", C), at=NOW), 0.5),
    ]
    states = await persist.write_pages(db, group)
    assert [state and state.outcome for state in states] == ["stored", "failed", "failed"]
    assert await value(db, "SELECT count(DISTINCT xmin::text) FROM ingest.article_state") == 1
    assert await rows(db, STATES) == [(A, "stored", None), (B, "failed", None), (C, "failed", None)]


@on_database
async def test_numbers_are_in_the_order_of_the_group(db: Database) -> None:
    a, b, c = await claimed(db)
    group = [(due, page_read(due.url, words(due.url)), 0.5) for due in (c, a, b)]
    await persist.write_pages(db, group)
    assert await rows(
        db,
        "SELECT a.url FROM ingest.revisions JOIN ingest.articles AS a USING (article_id)"
        " ORDER BY revision_id",
    ) == [(C,), (A,), (B,)]
    pages = "SELECT url FROM ingest.fetches WHERE purpose = 'page' ORDER BY fetch_id"
    assert await rows(db, pages) == [(C,), (A,), (B,)]


@on_database
async def test_second_page_of_a_group_sees_what_the_first_one_wrote(db: Database) -> None:
    """B's page says that it is A; A is in the same group and gets its text there."""
    a, b, _ = await claimed(db)
    group: list[Decided] = [
        (a, page_read(A, words("a")), 0.5),
        (b, page_read(B, words("a"), canonical_url=A), 0.5),
    ]
    states = await persist.write_pages(db, group)
    assert [state and state.outcome for state in states] == ["stored", "alias"]
    assert (await rows(db, STATES))[:2] == [(A, "stored", None), (B, "alias", A)]


@on_database
async def test_two_pages_that_name_each_other_do_not_both_give_way(db: Database) -> None:
    a, b, _ = await claimed(db)
    group: list[Decided] = [
        (a, page_read(A, words("a"), canonical_url=B), 0.5),
        (b, page_read(B, words("a"), canonical_url=A), 0.5),
    ]
    states = await persist.write_pages(db, group)
    assert sorted(str(state and state.outcome) for state in states) == ["alias", "stored"]


@on_database
async def test_lost_lease_costs_its_own_page_only(db: Database) -> None:
    a, b, _ = await claimed(db)
    stranger = replace(b, lease_token=uuid.uuid4())
    group = [(a, page_read(A, words("a")), 0.5), (stranger, page_read(B, words("b")), 0.5)]
    first, second = await persist.write_pages(db, group)
    assert first is not None
    assert second is None
    assert await value(db, "SELECT count(*) FROM ingest.revisions") == 1


@on_database
async def test_polls_without_a_document_go_in_one_transaction(db: Database) -> None:
    urls = [f"https://{name}.example/feed" for name in ("alder", "birch", "cedar")]
    feeds = [await claim_feed(db, url) for url in urls]
    gone = replace(feeds[2], lease_token=uuid.uuid4())
    group = [
        (feeds[0], failure(urls[0], "timeout"), 0.5),
        (feeds[1], failure(urls[1], "not_a_feed"), 0.5),
        (gone, failure(urls[2], "timeout"), 0.5),
    ]
    polls = await persist.write_polls(db, group)
    assert [one and one.reason for one in polls] == ["timeout", "not_a_feed", None]
    assert await value(db, "SELECT count(DISTINCT xmin::text) FROM ingest.polls") == 1
