"""The newest text of a page is always the article's, whether or not a revision is shown for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.stories import signature
from pipeline.text import word_count
from tests.pipeline.storage.builders import (
    NOW,
    ingest,
    item,
    on_database,
    page_read,
    poll,
    publish,
    rows,
    snapshot,
    value,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.storage.database import Database

PAGE = "https://www.alder.example/harbour"
TITLE = "Harbour of Norhaven opens again"
FIRST = "The harbour of Norhaven opened again on Monday after a winter of repairs to its walls."
LAST = "The council paid for the work, and the mayor thanked the builders in a short speech."
OTHER = "A ferry to the islands sails from there every morning, and comes back in the evening."
TIMES = [NOW + timedelta(hours=12 * n) for n in range(5)]

PRESENT = (
    "SELECT title, text, word_count, changed_at, fetched_at, revision_count FROM news.articles"
)
HISTORY = "SELECT text, change_kind FROM news.revisions ORDER BY revision"
DIGESTS = """
SELECT digest = sha256(convert_to(coalesce(title, ''), 'UTF8') || '\\x00' || convert_to(text, 'UTF8'))
FROM ingest.revisions
"""
KNOWN_BY = "SELECT text_hash FROM ingest.signatures"


def between(line: str) -> str:
    return f"{FIRST}\n{line}\n{LAST}"


async def looked(db: Database, *texts: str, title: str = TITLE) -> None:
    """Look at the page once a text, twelve hours apart, and publish each time."""
    await poll(db, item(PAGE))
    for at, text in zip(TIMES, texts, strict=False):
        await look(db, text, at, title=title)


async def look(
    db: Database, text: str, at: datetime, *, answered: datetime | None = None, title: str = TITLE
) -> None:
    await ingest(db, page_read(PAGE, text, at=answered or at, title=title), at=at)
    await publish(db)


async def broken_rules(db: Database) -> list[str]:
    async with db.session() as session:
        names = ("07_texts_are_whole", "10_numbers_were_given")
        return [name for name in names if (await session.check(name)).rows]


@pytest.mark.parametrize(
    ("old", "new", "revisions"),
    [
        pytest.param("He sold 50,000 shares.", "He sold 90,000 shares.", 2, id="figure"),
        pytest.param("It sank 3 hours ago.", "It sank 9 hours ago.", 2, id="age of an event"),
        pytest.param(
            "Jury finds mayor guilty of fraud", "Jury finds mayor innocent of fraud", 2, id="verdict"
        ),
        pytest.param("3 hours ago", "9 hours ago", 1, id="age of the page"),
        pytest.param("12 comments", "1,204 comments", 1, id="counter"),
        pytest.param("Harbour master resigns today", "Ten piers worth a walk", 1, id="link"),
        pytest.param("The mayor\nleft.", "The mayor left.", 1, id="white space"),
        pytest.param("It's done.", "It\u2019s done.", 1, id="form of quotes"),
    ],
)  # fmt: skip
@on_database
async def test_the_present_text_is_the_newest(
    db: Database, old: str, new: str, revisions: int
) -> None:
    await looked(db, between(old))
    number = await value(db, "SELECT change_seq FROM news.articles")
    await look(db, between(new), TIMES[1])
    text = between(new)
    assert await rows(db, PRESENT) == [
        (TITLE, text, word_count(text), TIMES[1], TIMES[1], revisions)
    ]
    assert await value(db, "SELECT change_seq FROM news.articles") > number
    assert await value(db, KNOWN_BY) == signature.of(text).fingerprint.text_hash
    assert (await rows(db, HISTORY))[-1][0] == text
    assert await rows(db, DIGESTS) == [(True,)] * revisions
    assert await broken_rules(db) == []


@on_database
async def test_words_that_make_no_revision_are_found_by_a_search(db: Database) -> None:
    await looked(db, between("Harbour master resigns today"), between("Ten piers worth a walk"))
    assert await rows(db, "SELECT title FROM news.search('piers')") == [(TITLE,)]
    assert await rows(db, "SELECT title FROM news.search('master')") == []


@on_database
async def test_a_revision_shows_the_last_wording_before_the_change(db: Database) -> None:
    """What was noise in the first text stands in its revision when the second one comes."""
    await looked(db, between("12 comments"), between("14 comments"), OTHER)
    assert await rows(db, HISTORY) == [(between("14 comments"), "first"), (OTHER, "substantive")]


@on_database
async def test_a_wording_that_an_earlier_revision_has_becomes_that_one_again(db: Database) -> None:
    """A, then B, then A with other counters, which is a revision; then A exactly."""
    await looked(db, between("12 comments"), OTHER, between("14 comments"), between("12 comments"))
    assert await rows(db, PRESENT) == [
        (TITLE, between("12 comments"), word_count(between("12 comments")), TIMES[3], TIMES[3], 3)
    ]
    assert await rows(db, HISTORY) == [
        (between("12 comments"), "first"),
        (OTHER, "substantive"),
        (between("14 comments"), "substantive"),
    ]
    assert await rows(db, DIGESTS) == [(True,)] * 3
    assert await broken_rules(db) == []


@on_database
async def test_an_older_answer_that_differs_by_noise_adds_nothing(db: Database) -> None:
    await looked(db, between("12 comments"), between("14 comments"))
    await look(db, between("13 comments"), TIMES[3], answered=NOW + timedelta(hours=3))
    assert await rows(db, HISTORY) == [(between("14 comments"), "first")]
    assert await value(db, "SELECT text FROM news.articles") == between("14 comments")


@on_database
async def test_the_first_answer_again_changes_no_text(db: Database) -> None:
    await looked(db, between("12 comments"), between("14 comments"))
    before = await snapshot(db)
    await look(db, between("12 comments"), TIMES[3], answered=NOW)
    after = await snapshot(db)
    kept = ("revisions", "search", "signatures")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


@on_database
async def test_a_headline_of_other_quotes_is_shown_without_a_revision(db: Database) -> None:
    await looked(db, FIRST, title='"Harbour" opens')
    await look(db, FIRST, TIMES[1], title="\u201cHarbour\u201d opens")
    assert await rows(db, "SELECT title, revision_count FROM news.articles") == [
        ("\u201cHarbour\u201d opens", 1)
    ]
