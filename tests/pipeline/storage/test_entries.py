"""What feeds cannot do to the record: floods, guids that change with each document, text of any kind."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import persist
from pipeline.dates import within
from pipeline.decide import FeedRead
from pipeline.errors import FeedUnreadableError
from pipeline.feeds.identity import parsed_feed
from pipeline.model import Counts, Response
from pipeline.storage.database import connected
from tests.pipeline.storage.builders import (
    FEED,
    MINUTE,
    NOW,
    claim_feed,
    feed_read,
    item,
    on_database,
    poll,
    rows,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Poll
    from pipeline.storage.database import Database

DAY = timedelta(days=1)
NUMBERS = itertools.count(1)
STATE = "SELECT etag, last_modified, body_sha256 FROM ingest.feed_state"


def _flood(first: int, count: int) -> list[dict[str, object]]:
    """Entries without links, each a second older than the one before."""
    return [
        {"id": f"n{n}", "date_published": (NOW - timedelta(seconds=n)).isoformat()}
        for n in range(first, first + count)
    ]


@on_database
async def test_newest_2000_entries_of_a_flood_are_stored_and_the_rest_comes_the_next_day(
    db: Database,
) -> None:
    flood = _flood(0, 2500)
    first = await poll(db, *reversed(flood))
    assert first.counts == Counts(new=2000, skipped=500)
    oldest = "SELECT guid FROM ingest.entries ORDER BY published_at LIMIT 1"
    assert await value(db, oldest) == "n1999"
    assert await rows(db, STATE) == [(None, None, None)]
    assert await rows(db, "SELECT skipped, skip_reason FROM news.polls") == [(500, "over_cap")]
    assert await value(db, "SELECT count(*) FROM news.rejections") == 0
    second = await poll(db, *flood, at=NOW + DAY - MINUTE)
    assert second.counts == Counts(known=2000, skipped=500)
    third = await poll(db, *flood, at=NOW + DAY)
    assert third.counts == Counts(new=500, known=2000)
    assert await value(db, "SELECT body_sha256 FROM ingest.feed_state") is not None


@on_database
async def test_what_other_polls_of_the_day_brought_counts(db: Database) -> None:
    await poll(db, *_flood(0, 1999))
    result = await poll(db, *_flood(3000, 3), at=NOW + MINUTE)
    assert result.counts == Counts(new=1, skipped=2)
    assert await value(db, "SELECT guid FROM ingest.entries ORDER BY entry_id DESC LIMIT 1") == (
        "n3000"
    )


@on_database
async def test_day_of_one_feed_is_none_of_another(db: Database) -> None:
    await poll(db, *_flood(0, 2000))
    other = await poll(db, item("https://birch.example/1"), url="https://birch.example/feed")
    assert other.counts == Counts(new=1)
    skips = "SELECT skipped, skip_reason FROM news.polls ORDER BY poll_id"
    assert await rows(db, skips) == [(0, None), (0, None)]


async def _shown(db: Database, nth: int, *items: dict[str, object], url: str = FEED) -> Poll:
    """The nth document of a feed, half an hour after the one before."""
    at = NOW + nth * 30 * MINUTE
    feed = await claim_feed(db, url, at=at)
    read = feed_read(*items, at=at, url=url)
    result = await persist.write_poll(db, feed, read, draw=0.5)
    assert result
    return result


def _churning(nth: int, names: str, **fields: object) -> list[dict[str, object]]:
    """Entries with links of their own and guids of this document only."""
    return [
        {**item(f"https://alder.example/{name}"), "id": f"{nth} {name}", **fields} for name in names
    ]


RULE = "SELECT identity_rule FROM news.feeds"


@on_database
async def test_feed_whose_guids_change_is_known_by_its_links_from_the_second_time_on(
    db: Database,
) -> None:
    counts = [(await _shown(db, n, *_churning(n, "abcd"))).counts for n in range(2)]
    assert counts == [Counts(new=4), Counts(known=4)]
    assert await value(db, RULE) == "guid"
    assert (await _shown(db, 2, *_churning(2, "abcd"))).counts == Counts(known=4)
    assert await value(db, RULE) == "link"
    assert await value(db, "SELECT volatile_keys FROM news.feeds") == ["guid"]
    later = await _shown(db, 4, *_churning(4, "eabc"))
    assert later.counts == Counts(new=1, known=3)
    assert await value(db, "SELECT count(*) FROM ingest.articles") == 5
    first = "SELECT first_seen_at FROM ingest.entries WHERE identity_rung = 'link' ORDER BY 1"
    assert [at for (at,) in await rows(db, first)] == [*[NOW] * 4, NOW + 120 * MINUTE]


@on_database
async def test_document_with_lasting_guids_begins_the_count_anew(db: Database) -> None:
    for n, guids in enumerate((0, 1, 1, 3)):
        await _shown(db, n, *_churning(guids, "abcd" if n != 2 else "abcde"))
    assert await value(db, RULE) == "guid"
    assert await value(db, "SELECT guid_churn FROM ingest.feed_state") == 1
    await _shown(db, 4, *_churning(4, "abcd"))
    assert await value(db, RULE) == "link"


@on_database
async def test_churning_feed_with_one_link_for_all_is_known_by_what_it_says(db: Database) -> None:
    def told(nth: int) -> list[dict[str, object]]:
        one = "https://alder.example/log"
        return [{"id": f"{nth} {n}", "url": one, "title": f"Line {n}"} for n in range(4)]

    for n in range(4):
        await _shown(db, n, *told(n))
    assert await value(db, RULE) == "content"
    assert (await _shown(db, 4, *told(4))).counts == Counts(known=4)
    rungs = "SELECT count(*) FROM ingest.entries WHERE identity_rung = 'title'"
    assert await value(db, rungs) == 4


@on_database
async def test_churning_feed_without_links_is_known_by_what_it_says(db: Database) -> None:
    for n in range(4):
        await _shown(db, n, *_churning(n, "abcd", url=None))
    assert await value(db, RULE) == "content"
    assert (await _shown(db, 4, *_churning(4, "abcd", url=None))).counts == Counts(known=4)


@on_database
async def test_new_headlines_at_one_address_are_no_churn(db: Database) -> None:
    for n in range(5):
        await _shown(db, n, item("https://alder.example/now", id=f"{n}", title=f"At {n}"))
    assert await value(db, RULE) == "guid"
    assert await value(db, "SELECT count(*) FROM ingest.entries") == 5


@on_database
async def test_links_that_change_with_the_guids_are_new_entries_until_the_day_is_full(
    db: Database,
) -> None:
    total = Counts()
    for n in range(5):
        fresh = [item(f"https://alder.example/{n}/{m}") for m in range(900)]
        total = (await _shown(db, n, *fresh)).counts
    assert await value(db, RULE) == "guid"
    assert total == Counts(skipped=900)
    assert await value(db, "SELECT count(*) FROM ingest.entries") == 2000


TEXTS = st.text(
    st.characters() | st.sampled_from("\x00\ud800\udfff\u202e\u2066\ufffe\x85\u200b\U0001f5de<&;]"),
    max_size=30,
) | st.sampled_from(
    ["x" * 1_200_000, "\U0001f5de" * 300_000, "\x00" * 5000, "&#0;&#xD800;", "é" * 2000]
)
FIELDS = ["id", "title", "summary", "content_html", "language"]
DATES = (
    st.datetimes().map(str)
    | st.integers(0, 10**13).map(str)
    | st.sampled_from(["10000-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01", "-0001-01-01"])
    | TEXTS
)
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(FIELDS, TEXTS),
        "date_published": DATES,
        "date_modified": DATES,
        "url": TEXTS.map("https://alder.example/{}".format) | TEXTS,
        "tags": st.lists(TEXTS, max_size=3),
        "authors": st.lists(st.fixed_dictionaries({"name": TEXTS}), max_size=3),
        "attachments": st.lists(
            st.fixed_dictionaries(
                {"url": TEXTS, "mime_type": TEXTS, "size_in_bytes": st.integers()}
            ),
            max_size=3,
        ),
    },
)


@given(st.lists(ITEMS, max_size=4))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[*HealthCheck]
)  # the database is made once, a document is 100 ms
def test_whatever_a_feed_says_can_be_stored(
    database_url: str, items: Sequence[dict[str, object]]
) -> None:
    async def scenario() -> None:
        async with connected(database_url, connections=2) as db:
            await _written(db, f"https://n{next(NUMBERS)}.example/feed", items)

    asyncio.run(scenario())


async def _written(db: Database, url: str, items: Sequence[dict[str, object]]) -> None:
    feed = await claim_feed(db, url)
    body = json.dumps({"items": items}).encode()
    response = Response(url, body=body, fetched_at=NOW)
    try:
        reading = parsed_feed.of(response)
    except FeedUnreadableError:  # all items, or none, that can be told apart: nothing to be stored
        return
    read = FeedRead(response=response, parsed=reading)
    result = await persist.write_poll(db, feed, read, draw=0.5)
    assert result
    assert result.counts.seen == len(items)
    assert result.counts.rejected == len(reading.rejected)  # none by Postgres
    assert len(await rows(db, "SELECT * FROM news.entries WHERE feed_id = %s", feed.feed_id)) == (
        result.counts.new
    )
    dates = "SELECT published_at, feed_updated_at FROM news.entries WHERE feed_id = %s"
    for date in itertools.chain(*await rows(db, dates, feed.feed_id)):
        assert date is None or within(date, NOW)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"], ids=["nul", "surrogate"])
def test_generated_text_would_be_refused_as_it_is(database_url: str, text: str) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        read = feed_read(item("https://alder.example/a"))
        spoilt = tuple(
            replace(one, entry=replace(one.entry, summary=text)) for one in read.parsed.found
        )
        feed = await claim_feed(db)
        told = replace(read, parsed=replace(read.parsed, found=spoilt))
        result = await persist.write_poll(db, feed, told, draw=0.5)
        assert result
        assert result.counts == Counts(rejected=1)

    scenario(database_url=database_url)
