"""The posting table: what is looked at within the window, and months that go at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.model import StoryText
from pipeline.storage import publishing
from tests.pipeline.storage.builders import on_database, publish, rows, value, words
from tests.pipeline.storage.signed import arrive

if TYPE_CHECKING:
    from pipeline.storage.database import Database

MARCH = datetime(2026, 3, 2, 8, tzinfo=UTC)
MONTHS = (
    "SELECT inhrelid::regclass::text FROM pg_inherits "
    "WHERE inhparent = 'ingest.fingerprints'::regclass ORDER BY 1"
)


def alike(number: int) -> StoryText:
    """A text that is like the others, with words of its own at the end."""
    text = f"{words('alike', 120)} {words(str(number), 12)}"
    return StoryText(id=number, url=f"https://s{number}.example/", title=None, text=text)


@pytest.mark.parametrize(
    ("days", "stories"),
    [(0, 1), (publishing.WINDOW_DAYS, 1), (publishing.WINDOW_DAYS + 1, 2)],
)
@on_database
async def test_only_texts_of_the_window_are_alike(db: Database, days: int, stories: int) -> None:
    await arrive(db, [alike(1)], at=MARCH)
    await publish(db)
    await arrive(db, [alike(2)], at=MARCH + timedelta(days=days))
    await publish(db)
    assert await value(db, "SELECT count(*) FROM news.stories") == stories


@on_database
async def test_the_window_is_that_of_each_article(db: Database) -> None:
    """An old article in the batch does not let the others look back further."""
    await arrive(db, [alike(1)], at=MARCH)
    await publish(db)
    other = StoryText(id=3, url="https://s3.example/", title=None, text=words("other"))
    await arrive(db, [other], at=MARCH + timedelta(days=1))
    await arrive(db, [alike(2)], at=MARCH + timedelta(days=40))
    await publish(db)
    assert await value(db, "SELECT count(*) FROM news.stories") == 3


@on_database
async def test_the_same_words_are_one_story_at_any_age(db: Database) -> None:
    one = alike(1)
    await arrive(db, [one], at=MARCH)
    again = StoryText(id=2, url="https://s2.example/", title=None, text=one.text)
    await arrive(db, [again], at=MARCH + timedelta(days=400))
    await publish(db)
    assert await value(db, "SELECT count(*) FROM news.stories") == 1


@pytest.mark.parametrize("year", [1999, 2026, 2100])
@on_database
async def test_a_month_is_made_when_it_is_needed(db: Database, year: int) -> None:
    await arrive(db, [alike(1)], at=MARCH.replace(year=year))
    await publish(db)
    assert await rows(db, MONTHS) == [(f"ingest.fingerprints_{year}_03",)]


@on_database
async def test_an_old_month_goes_in_one_statement(db: Database) -> None:
    await arrive(db, [alike(1)], at=MARCH)
    await arrive(db, [alike(2)], at=MARCH + timedelta(days=31))
    await publish(db)
    await rows(db, "SELECT ingest.drop_fingerprint_months('2026-04-01')")
    assert await rows(db, MONTHS) == [("ingest.fingerprints_2026_04",)]
    assert await value(db, "SELECT count(*) FROM news.articles") == 2
    await arrive(db, [alike(3)], at=MARCH + timedelta(days=32))
    await publish(db)
    assert await value(db, "SELECT story_id FROM news.articles WHERE article_id = 3") == (
        await value(db, "SELECT story_id FROM news.articles WHERE article_id = 2")
    )


@on_database
async def test_a_hot_hash_is_cut_off_at_the_newest(db: Database) -> None:
    """Sixty texts that share their footer are sixty stories, and a copy is still found."""
    footer = words("footer", 60)
    crowd = [
        StoryText(id=n, url=f"https://c{n}.example/", title=None, text=f"{words(str(n))} {footer}")
        for n in range(60)
    ]
    copy = StoryText(id=99, url="https://d.example/", title=None, text=f"So {crowd[0].text}")
    await arrive(db, [*crowd, copy])
    await publish(db)
    assert await value(db, "SELECT count(*) FROM news.stories") == 60
    assert await rows(db, "SELECT article_id, other_article_id FROM news.story_links") == [(61, 1)]
