"""Kept pages are read again by the very same steps: what changes, what does not, what is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jobs.reextraction import Difference, reextract
from pipeline import persist
from pipeline.articles import extract
from pipeline.decide import Failed, PageRead
from pipeline.errors import NoArticleError
from pipeline.model import Response
from pipeline.storage.database import checks
from pipeline.storage.stored_pages import Choice
from pipeline.stories import signature
from tests.jobs.site import NEWS, page
from tests.pipeline.storage.builders import (
    MINUTE,
    NOW,
    claim_articles,
    execute,
    ingest,
    item,
    on_database,
    poll,
    publish,
    rows,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.storage.database import Database

HARBOUR, ORCHARD = "https://a.alder.example/harbour", "https://b.alder.example/orchard"
LATER = NOW + timedelta(days=3)
ALL = Choice()
SEEN = (
    "SELECT url, title, text, extractor, revision_count, change_seq FROM news.articles ORDER BY url"
)


async def here(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def _read(url: str, body: str | None = None, **fields: Any) -> PageRead:
    """What the extractor makes of a page; the fields are what an older one made of it."""
    name = url.rpartition("/")[2]
    response = Response(
        url=url,
        headers={"content-type": "text/html; charset=utf-8"},
        body=(body or page(name)).encode(),
        fetched_at=fields.pop("at", NOW),
    )
    article = replace(extract.article(response), **fields)
    return PageRead(
        article=article,
        signature=signature.of(article.text),
        at=response.fetched_at,
        response=response,
    )


async def _again(
    db: Database, choice: Choice = ALL, *, is_dry: bool = False
) -> tuple[Counter[str], list[Difference]]:
    counts: Counter[str] = Counter()
    told: list[Difference | None] = []
    await reextract(db, here, choice, is_dry=is_dry, now=LATER, told=told.append, done=counts)
    assert len(told) == counts.total()
    return counts, [one for one in told if one is not None]


async def _stored(db: Database, *reads: PageRead) -> None:
    await poll(db, item(HARBOUR, title="Harbour"), item(ORCHARD, title="Orchard"))
    await ingest(db, *reads)
    await publish(db)


async def _broken(db: Database) -> list[str]:
    async with db.session() as session:
        return [name for name in checks() if (await session.check(name)).rows]


OLD = {"text": NEWS["harbour"][1] + "\nShare this page.", "extractor": "older/1"}


@on_database
async def test_same_extractor_changes_no_row(db: Database) -> None:
    await _stored(db, _read(HARBOUR), _read(ORCHARD))
    before = await rows(db, SEEN)
    assert await _again(db) == (Counter(same=2), [])
    assert await rows(db, SEEN) == before
    assert await value(db, "SELECT count(*) FROM ingest.unpublished") == 0


@on_database
async def test_better_text_is_a_revision_and_moves_change_seq(db: Database) -> None:
    await _stored(db, _read(HARBOUR, **OLD), _read(ORCHARD))
    last = await value(db, "SELECT max(change_seq) FROM news.articles")
    counts, (difference,) = await _again(db)
    assert counts == Counter(same=1, changed=1)
    assert (difference.url, difference.change_kind) == (HARBOUR, "substantive")
    assert [name for name, _, _ in difference.facts] == ["text", "extractor"]
    (harbour, _) = await rows(db, SEEN)
    assert harbour[2] == "\n".join(NEWS["harbour"][1:])
    assert harbour[4:] == (2, last + 1)
    kinds = (
        "SELECT revision, change_kind, seen_at FROM news.revisions WHERE article_id = 1 ORDER BY 1"
    )
    assert await rows(db, kinds) == [(1, "first", NOW), (2, "substantive", NOW)]
    assert await _broken(db) == []


@on_database
async def test_dry_run_says_the_same_and_writes_nothing(db: Database) -> None:
    await _stored(db, _read(HARBOUR, **OLD), _read(ORCHARD))
    before = await rows(db, SEEN)
    dry = await _again(db, is_dry=True)
    assert await rows(db, SEEN) == before
    assert await _again(db) == dry


@on_database
async def test_other_facts_are_brought_up_to_date_without_a_revision(db: Database) -> None:
    await _stored(db, _read(HARBOUR, extractor="older/1", authors=("Somebody",)))
    last = await value(db, "SELECT max(change_seq) FROM news.articles")
    counts, (difference,) = await _again(db)
    assert (counts, difference.change_kind) == (Counter(changed=1), None)
    assert [name for name, _, _ in difference.facts] == ["authors", "extractor"]
    ((*_, extractor, revisions, change_seq),) = await rows(db, SEEN)
    assert (extractor, revisions, change_seq) == (_read(HARBOUR).article.extractor, 1, last + 1)


@on_database
async def test_place_in_the_queue_and_later_looks_stay_as_they_are(db: Database) -> None:
    await _stored(db, _read(HARBOUR, **OLD))
    await execute(
        db,
        "UPDATE ingest.articles SET page_state = 'gone', last_checked_at = '2026-03-02 18:00Z'"
        " WHERE article_id = 1",
    )
    queue = "SELECT stage, outcome, due_at, unchanged_checks FROM ingest.article_state ORDER BY article_id"
    before = await rows(db, queue)
    await _again(db)
    assert await rows(db, queue) == before
    state = (
        "SELECT page_state, last_checked_at > fetched_at FROM ingest.articles WHERE article_id = 1"
    )
    assert await rows(db, state) == [("gone", True)]


@on_database
async def test_page_that_was_read_in_vain_becomes_an_article(db: Database) -> None:
    read = _read(HARBOUR)
    await poll(db, item(HARBOUR))
    (due,) = await claim_articles(db)

    failed = Failed(error=NoArticleError("no_text", "none"), at=NOW, response=read.response)
    await persist.write_page(db, due, failed, draw=0.5)
    counts, (difference,) = await _again(db)
    assert counts == Counter(mended=1)
    assert difference.change_kind == "first"
    assert await value(db, "SELECT title FROM news.articles") == NEWS["harbour"][0]
    state = "SELECT stage, outcome, reason, due_at > %s FROM ingest.article_state"
    assert await rows(db, state, LATER) == [("recheck", "stored", None, True)]
    assert await _broken(db) == []


@on_database
async def test_page_that_is_no_article_any_more_keeps_its_text(db: Database) -> None:
    await _stored(db, _read(HARBOUR))
    await execute(
        db,
        "UPDATE ingest.fetches SET headers = jsonb_build_object('content-type', 'application/pdf')"
        " WHERE purpose = 'page'",
        "UPDATE ingest.fetches SET final_url = 'https://a.alder.example/' WHERE purpose = 'page'",
        "UPDATE ingest.fetches SET hops = jsonb_build_array(jsonb_build_array(url, 302))"
        " WHERE purpose = 'page'",
    )
    before = await rows(db, SEEN)
    counts, (difference,) = await _again(db)
    assert (counts, difference.reason) == (Counter(lost=1), "soft_404")
    assert await rows(db, SEEN) == before


@on_database
async def test_pruned_pages_are_counted(db: Database) -> None:
    await _stored(db, _read(HARBOUR, **OLD), _read(ORCHARD))
    await execute(db, "DELETE FROM ingest.bodies")
    assert await _again(db) == (Counter(pruned=2), [])


@on_database
async def test_article_in_somebodys_hands_is_left_alone(db: Database) -> None:
    await _stored(db, _read(HARBOUR, **OLD))
    await execute(db, "UPDATE ingest.article_state SET lease_token = gen_random_uuid()")
    assert (await _again(db))[0] == Counter(late=1)
    assert await value(db, "SELECT revision_count FROM news.articles") == 1


@on_database
async def test_newest_answer_is_the_one_that_is_read(db: Database) -> None:
    await _stored(db, _read(HARBOUR, **OLD))
    at = NOW + 61 * MINUTE
    changed = page("harbour").replace("forty-one", "forty-two")
    await ingest(db, _read(HARBOUR, changed, at=at), at=at)
    await publish(db)
    assert await _again(db) == (Counter(same=1), [])
    assert "forty-two" in await value(db, "SELECT text FROM news.articles")


@on_database
async def test_options_narrow_what_is_read(db: Database) -> None:
    await _stored(db, _read(HARBOUR, **OLD), _read(ORCHARD))
    for choice, expected in [
        (Choice(site="alder.example"), 2),
        (Choice(site="tarn.example"), 0),
        (Choice(since=NOW), 2),
        (Choice(since=NOW + MINUTE), 0),
        (Choice(extractor="older/1"), 1),
        (Choice(extractor="older"), 1),
        (Choice(extractor="old"), 0),
        (Choice(extractor="%"), 0),
    ]:
        counts, _ = await _again(db, choice, is_dry=True)
        assert (choice, counts.total()) == (choice, expected)
