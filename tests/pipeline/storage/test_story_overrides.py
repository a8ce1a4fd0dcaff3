"""An operator's word on stories stands, whatever is published later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import UsageError
from pipeline.model import Ruling, StoryText
from pipeline.persist.story_overrides import Split, join_stories, split_story
from pipeline.storage.database import checks
from tests.pipeline.storage.builders import (
    NOW,
    on_database,
    publish,
    queue_publishing,
    rows,
    value,
    words,
)
from tests.pipeline.storage.signed import arrive, sign

if TYPE_CHECKING:
    from pipeline.storage.database import Database

LATER = NOW + timedelta(hours=2)
WORD = Ruling(ruled_by="ann", ruled_at=LATER, reason="two fires")
AGAIN = Ruling(ruled_by="bob", ruled_at=LATER + timedelta(hours=1), reason=None)

FIRE = words("fire", 100)
ALIKE = (FIRE, f"{FIRE} {words('more', 12)}", f"{FIRE} {words('else', 12)}")
PLACES = "SELECT article_id, story_id FROM news.articles ORDER BY 1"
RULINGS = (
    "SELECT article_id, other_article_id, ruling, ruled_by, reason, lifted_at "
    "FROM news.story_rulings ORDER BY ruled_at, 1, 2"
)


async def published(db: Database, *texts: str) -> list[int]:
    """Texts of as many sites, each published before the next arrives; their articles."""
    found = []
    for text in texts:
        name = await value(db, "SELECT count(*) FROM ingest.articles")
        one = StoryText(id=name, url=f"https://site{name}.example/a", title="A", text=text)
        found += await arrive(db, [one])
        await publish(db)
    return found


async def stories(db: Database) -> dict[int, int]:
    """The story of every article."""
    return dict(await rows(db, PLACES))


async def broken(db: Database) -> list[str]:
    """The rules about stories and numbers that do not hold."""
    async with db.session() as session:
        names = [name for name in checks() if name[:2] in {"09", "10"}]
        return [name for name in names if (await session.check(name)).rows]


@on_database
async def test_split_articles_get_a_story_of_their_own(db: Database) -> None:
    a, b, c = await published(db, *ALIKE)
    assert await stories(db) == {a: 1, b: 1, c: 1}
    assert await split_story(db, 1, [b], WORD) == Split(story_id=1, new_story_id=2)
    assert await stories(db) == {a: 1, b: 2, c: 1}
    assert await rows(db, RULINGS) == [
        (b, a, "apart", "ann", "two fires", None),
        (c, b, "apart", "ann", "two fires", None),
    ]
    assert await value(db, "SELECT min(ruled_at) FROM news.story_rulings") == LATER
    assert await rows(db, "SELECT article_id FROM news.articles WHERE is_lead ORDER BY 1") == [
        (a,),
        (b,),
    ]
    assert await broken(db) == []


@on_database
async def test_a_split_deletes_no_link_and_shows_which_hold(db: Database) -> None:
    a, b, c = await published(db, *ALIKE)
    await split_story(db, 1, [b], WORD)
    assert await rows(
        db, "SELECT article_id, other_article_id, holds FROM news.story_links ORDER BY 1, 2"
    ) == [(b, a, False), (c, a, True), (c, b, False)]


@on_database
async def test_change_seq_moves_for_those_whose_row_changed(db: Database) -> None:
    a, b, c = await published(db, *ALIKE)
    before = "SELECT article_id, ingest_seq, change_seq FROM news.articles ORDER BY 1"
    assert await rows(db, before) == [(a, 1, 1), (b, 2, 2), (c, 3, 3)]
    await split_story(db, 1, [a], WORD)
    # a left; b leads in its place and c is now told as a copy of b
    assert await rows(db, before) == [(a, 1, 4), (b, 2, 5), (c, 3, 3)]
    await join_stories(db, 2, 1, AGAIN)
    assert await rows(db, before) == [(a, 1, 6), (b, 2, 7), (c, 3, 3)]
    assert await broken(db) == []


@pytest.mark.parametrize("third", [ALIKE[2], FIRE, FIRE[: len(FIRE) // 2]])
@on_database
async def test_a_third_text_that_resembles_both_joins_one_of_them(db: Database, third: str) -> None:
    a, b = await published(db, *ALIKE[:2])
    await split_story(db, 1, [b], WORD)
    (c,) = await published(db, third)
    found = await stories(db)
    assert (found[a], found[b]) == (1, 2)
    assert found[c] in {1, 2}
    assert await value(db, "SELECT count(*) FROM news.story_links WHERE article_id = %s", c) == 1
    assert await broken(db) == []


@on_database
async def test_of_two_that_are_held_apart_the_nearer_takes_the_third(db: Database) -> None:
    a, b = await published(db, FIRE, ALIKE[1])
    await split_story(db, 1, [b], WORD)
    (c,) = await published(db, f"{ALIKE[1]} Read more.")
    assert (await stories(db))[c] == 2
    (d,) = await published(db, FIRE)
    assert (await stories(db))[d] == 1
    assert await value(db, "SELECT kind FROM news.story_links WHERE article_id = %s", d) == (
        "same_text"
    )
    assert a < b


@on_database
async def test_the_word_stands_for_all_whom_it_parted(db: Database) -> None:
    """Split off in two orders, the three stay apart though a fourth resembles them all."""
    a, b, c = await published(db, *ALIKE)
    await split_story(db, 1, [b, c], WORD)
    await split_story(db, 2, [c], AGAIN)
    (d,) = await published(db, f"{FIRE} Read more.")
    found = await stories(db)
    assert [found[n] for n in (a, b, c)] == [1, 2, 3]
    assert found[d] in {1, 2, 3}
    assert await broken(db) == []


@on_database
async def test_a_changed_text_does_not_bring_back_what_was_parted(db: Database) -> None:
    a, b = await published(db, *ALIKE[:2])
    await split_story(db, 1, [b], WORD)
    async with db.transaction() as tx:
        await sign(tx, b, FIRE)
        await queue_publishing(tx, b, now=LATER)
    await publish(db)
    assert await stories(db) == {a: 1, b: 2}


@on_database
async def test_joined_stories_are_one_and_numbers_lead_there(db: Database) -> None:
    a, b = await published(db, words("a"), words("b"))
    assert await join_stories(db, 2, 1, WORD) == (1, 2)
    assert await stories(db) == {a: 1, b: 1}
    assert await rows(db, "SELECT old_story_id, story_id FROM news.story_ids") == [(2, 1)]
    assert await rows(db, RULINGS) == [(b, a, "together", "ann", "two fires", None)]
    assert await rows(db, "SELECT kind, score, reason, holds FROM news.story_links") == [
        ("reprint", 0.0, "joined by ann: two fires", True)
    ]
    assert await rows(db, "SELECT story_id, article_count FROM news.stories") == [(1, 2)]
    assert await broken(db) == []


@on_database
async def test_texts_like_either_side_join_the_joined_story(db: Database) -> None:
    await published(db, words("a"), words("b"))
    await join_stories(db, 1, 2, WORD)
    c, d = await published(db, words("b"), words("a"))
    found = await stories(db)
    assert (found[c], found[d]) == (1, 1)


@on_database
async def test_the_last_word_counts_and_older_ones_can_be_read(db: Database) -> None:
    a, b = await published(db, *ALIKE[:2])
    await split_story(db, 1, [b], WORD)
    await join_stories(db, 1, 2, AGAIN)
    assert await stories(db) == {a: 1, b: 1}
    third = Ruling(ruled_by="ann", ruled_at=LATER + timedelta(days=1), reason="sure")
    await split_story(db, 1, [b], third)
    assert await rows(db, RULINGS) == [
        (b, a, "apart", "ann", "two fires", AGAIN.ruled_at),
        (b, a, "together", "bob", None, third.ruled_at),
        (b, a, "apart", "ann", "sure", None),
    ]
    assert await stories(db) == {a: 1, b: 3}
    assert await broken(db) == []


@on_database
async def test_a_joined_pair_stays_when_others_are_split_off(db: Database) -> None:
    a, b, c = await published(db, words("a"), words("b"), words("b"))
    await join_stories(db, 1, 2, WORD)
    await split_story(db, 1, [c], AGAIN)
    found = await stories(db)
    assert found[a] == found[b] != found[c]
    assert await broken(db) == []


@on_database
async def test_a_number_that_was_merged_names_the_story_it_went_into(db: Database) -> None:
    a, b, c = await published(db, words("a"), words("b"), words("c"))
    await join_stories(db, 1, 2, WORD)
    assert await join_stories(db, 3, 2, AGAIN) == (1, 3)
    assert await split_story(db, 3, [b], AGAIN) == Split(story_id=1, new_story_id=4)
    assert await stories(db) == {a: 1, b: 4, c: 1}


@pytest.mark.parametrize(
    ("story", "articles", "said"),
    [
        pytest.param(9, [1], "there is no story 9", id="no-such-story"),
        pytest.param(1, [3], "not in story 1: 3", id="not-in-it"),
        pytest.param(1, [1, 7], "not in story 1: 7", id="one-unknown"),
        pytest.param(1, [1, 2], "some must go and some stay", id="nobody-stays"),
        pytest.param(2, [3], "some must go and some stay", id="a-lone-article"),
    ],
)
@on_database
async def test_a_split_that_makes_no_sense_is_refused(
    db: Database, story: int, articles: list[int], said: str
) -> None:
    assert await published(db, *ALIKE[:2], words("b")) == [1, 2, 3]
    with pytest.raises(UsageError, match=said):
        await split_story(db, story, articles, WORD)
    assert await stories(db) == {1: 1, 2: 1, 3: 2}
    assert await rows(db, RULINGS) == []


@pytest.mark.parametrize(("one", "other"), [(1, 1), (1, 9), (2, 1)])
@on_database
async def test_a_join_that_makes_no_sense_is_refused(db: Database, one: int, other: int) -> None:
    """2 was merged into 1 before."""
    await published(db, words("a"), words("b"))
    await join_stories(db, 1, 2, WORD)
    with pytest.raises(UsageError):
        await join_stories(db, one, other, AGAIN)


@on_database
async def test_listeners_are_told_of_an_order(db: Database) -> None:
    a, b = await published(db, *ALIKE[:2])
    seqs = "SELECT ingest_seq, change_seq FROM ingest.singletons WHERE name = 'publish'"
    assert await rows(db, seqs) == [(2, 2)]
    async with db.session() as listener:
        await listener.connection.execute("LISTEN news_articles")
        await split_story(db, 1, [b], WORD)
        notes = [n async for n in listener.connection.notifies(timeout=5, stop_after=1)]
        await listener.connection.execute("UNLISTEN *")
    assert [note.payload for note in notes] == ['{"ingest_seq" : 2, "change_seq" : 3}']
    assert a < b
