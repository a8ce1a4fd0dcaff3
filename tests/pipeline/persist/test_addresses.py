"""Which addresses a page makes its article's own, on a real database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline import persist
from pipeline.model import Hop
from tests.pipeline.storage.builders import (
    MINUTE,
    NOW,
    claim_articles,
    failure,
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
    from pipeline.decide import PageRead
    from pipeline.storage.database import Database

SITE = "https://alder.example"
STORM, FLOOD = f"{SITE}/2026/03/storm-hits-north-coast", f"{SITE}/2026/03/flood-closes-old-mill"
TARN = "https://tarn.example/feed"

OUTCOMES = "SELECT outcome, count(*) FROM ingest.article_state GROUP BY 1 ORDER BY 1"
OWNERS = """
SELECT u.url_key, a.url
FROM ingest.article_urls AS u
JOIN ingest.articles AS a USING (article_id)
ORDER BY 1
"""
UNREST = [
    f"{SITE}/2026/03/unrest-in-the-district-of-{name}" for name in ("kelby", "marlow", "inch")
]


def led(asked: str, answered: str, text: str, canonical_url: str | None = None) -> PageRead:
    """What comes of a page whose address led to another one."""
    read = page_read(answered, text, canonical_url=canonical_url)
    if read.response is None:
        raise AssertionError
    return replace(read, response=replace(read.response, hops=(Hop(url=asked, status=301),)))


@pytest.mark.parametrize(
    "canonical",
    [
        pytest.param(f"{SITE}/", id="front-page"),
        pytest.param(f"{SITE}/2026/03/", id="section"),
        pytest.param(f"{SITE}/2026/03/welcome-to-our-new-site", id="one-for-every-page"),
        pytest.param(f"{SITE}/{{{{article.url.canonical}}}}", id="template-not-filled-in"),
        pytest.param(f"{SITE}/login?next=/2026/03/", id="log-in"),
        pytest.param("https://pirate.example/2026/03/unrest-in-the-district", id="other-site"),
    ],
)
@on_database
async def test_a_canonical_link_that_many_pages_share_makes_none_an_alias(
    db: Database, canonical: str
) -> None:
    await store(db, *(page_read(url, words(url), canonical_url=canonical) for url in UNREST))
    assert await rows(db, OUTCOMES) == [("stored", 3)]
    assert await value(db, "SELECT count(*) FROM ingest.article_urls") == 3


@on_database
async def test_syndicated_copy_stays_an_article_and_joins_the_story(db: Database) -> None:
    """Its canonical link names the other site's original: the text says so too, and surely."""
    original = "https://tarn.example/2026/03/storm-hits-north-coast"
    await store(
        db, page_read(original, words("a")), page_read(STORM, words("a"), canonical_url=original)
    )
    await publish(db)
    assert await rows(db, OUTCOMES) == [("stored", 2)]
    assert await value(db, "SELECT count(DISTINCT story_id) FROM news.articles") == 1


@pytest.mark.parametrize("form", ["{}/amp", "{}?page=1", "{}/", "{}?utm_source=rss", "{}/print"])
@on_database
async def test_a_form_of_the_address_is_no_second_article(db: Database, form: str) -> None:
    await poll(db, item(form.format(STORM)))
    await poll(db, item(STORM), at=NOW + MINUTE, url=TARN)
    assert await rows(db, OUTCOMES) == [("pending", 1)]


@on_database
async def test_second_page_that_names_the_first_gives_way_to_it(db: Database) -> None:
    await store(
        db,
        page_read(STORM, words("a")),
        page_read(f"{STORM}?page=2", words("b"), canonical_url=STORM),
    )
    assert await rows(db, OUTCOMES) == [("alias", 1), ("stored", 1)]


@on_database
async def test_short_link_is_followed_and_its_end_is_known_before_it_is_fetched(
    db: Database,
) -> None:
    short = "https://t.example/AbC1x"
    await store(db, led(short, STORM, words("a")))
    await poll(db, item(STORM), at=NOW + MINUTE, url=TARN)
    assert await rows(db, OUTCOMES) == [("stored", 1)]
    assert await value(db, "SELECT count(DISTINCT article_id) FROM ingest.entries") == 1


@on_database
async def test_articles_that_all_lead_to_one_page_stay_themselves(db: Database) -> None:
    """The site is under repair: thirty addresses answer with one page, for a day."""
    moved = f"{SITE}/we-are-making-things-better"
    asked = [f"{SITE}/2026/03/storm-damage-report-of-week-{n}" for n in range(30)]
    await store(db, *(led(url, moved, words("repair")) for url in asked))
    assert await rows(db, OUTCOMES) == [("stored", 30)]
    assert await value(db, "SELECT count(DISTINCT article_id) FROM ingest.article_urls") == 30


@on_database
async def test_canonical_link_of_a_page_that_was_led_astray_is_not_looked_at(
    db: Database,
) -> None:
    moved = f"{SITE}/2026/03/mayor-opens-new-bridge"
    await store(db, led(STORM, f"{moved}?from=a", words("a"), canonical_url=moved))
    assert len(await rows(db, OWNERS)) == 1


@on_database
async def test_of_two_short_links_to_one_page_the_later_gives_way(db: Database) -> None:
    """Both are in hand at once, and neither knows the other's end."""
    one, two = "https://t.example/AbC1x", "https://u.example/9zZ"
    await poll(db, item(one), item(two))
    due = {article.url: article for article in await claim_articles(db)}
    looks = await asyncio.gather(
        *(
            persist.write_page(db, due[url], led(url, STORM, words("a")), draw=0.5)
            for url in (one, two)
        )
    )
    assert sorted(look.outcome for look in looks if look) == ["alias", "stored"]
    assert await rows(db, OUTCOMES) == [("alias", 1), ("stored", 1)]
    assert len({owner for _, owner in await rows(db, OWNERS)}) == 1


@on_database
async def test_who_gave_way_to_an_article_that_fails_is_found_again_by_its_own_address(
    db: Database,
) -> None:
    one, two = "https://a.alder.example/a", "https://b.alder.example/b"
    await poll(db, item(one), item(two))
    due = {article.url: article for article in await claim_articles(db)}
    await persist.write_page(db, due[one], page_read(one, words("a"), canonical_url=two), draw=0.5)
    await persist.write_page(db, due[two], failure(two, "timeout"), draw=0.5)
    await poll(db, item(one), at=NOW + MINUTE, url=TARN)
    assert await rows(db, OUTCOMES) == [("failed", 1), ("pending", 1)]
    assert await rows(db, OWNERS) == [("a.alder.example/a", one), ("b.alder.example/b", two)]


@on_database
async def test_chain_of_names_ends_at_the_article_that_has_the_text(db: Database) -> None:
    """A gave way to B; when B later names C, B has its text and stays, and C gives way to none."""
    a, b, c = (f"https://{host}.alder.example/{host}" for host in "abc")
    await poll(db, item(a), item(b), item(c))
    await ingest(db, page_read(a, words("a"), canonical_url=b))
    await ingest(db, page_read(b, words("a")), at=NOW + MINUTE)
    again = NOW + 3000 * MINUTE
    await ingest(db, page_read(b, words("a"), canonical_url=c, at=again), at=again)
    await ingest(db, page_read(c, words("c"), at=again), at=again + MINUTE)
    assert await rows(db, OUTCOMES) == [("alias", 1), ("stored", 2)]
    owners = dict(await rows(db, OWNERS))
    assert owners == {"a.alder.example/a": b, "b.alder.example/b": b, "c.alder.example/c": c}


@on_database
async def test_an_address_that_was_seen_first_keeps_its_article(db: Database) -> None:
    """Flood's page says it is Storm's, by mistake; both have their texts already."""
    await store(db, page_read(STORM, words("a")), page_read(FLOOD, words("b")))
    at = NOW + 3000 * MINUTE
    await ingest(db, page_read(FLOOD, words("b"), canonical_url=STORM, at=at), at=at)
    assert await rows(db, OUTCOMES) == [("stored", 2)]
    assert [owner for _, owner in await rows(db, OWNERS)] == [FLOOD, STORM]
