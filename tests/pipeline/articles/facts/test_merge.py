"""What the page says and what the feeds said, joined into one article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.articles.facts import merge
from pipeline.model import Article, EntryFacts, StatedDate

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECOND = datetime(2026, 3, 2, 9, tzinfo=UTC)
THIRD = datetime(2026, 3, 2, 10, tzinfo=UTC)
PAGE = Article(
    url="https://a.example/1",
    title="Pier opens",
    text="The pier is open.",
    authors=("Ana Reyes",),
    published_at=FIRST,
    published_source="json_ld",
    dates=(StatedDate("json_ld", FIRST),),
    language="en",
    declared_language="en",
    tags=("harbour",),
)
BARE = Article(url="https://a.example/1", title=None, text="The pier is open.")


def _word(**said: Any) -> EntryFacts:
    silent: dict[str, Any] = {
        "url": None,
        "title": None,
        "summary": None,
        "content": None,
        "authors": [],
        "language": None,
        "published_at": None,
        "feed_updated_at": None,
        "categories": [],
    }
    return EntryFacts(**silent | said)


TALKATIVE = _word(
    title="Pier opens again",
    authors=["Ben Okri"],
    language="en-GB",
    published_at=SECOND,
    feed_updated_at=THIRD,
    categories=["local", "sea"],
    summary="A summary.",
    content="<p>All of it.</p>",
)


@pytest.mark.parametrize("words", [(), (_word(),), (TALKATIVE,)], ids=["none", "silent", "all"])
def test_what_the_page_says_stays(words: tuple[EntryFacts, ...]) -> None:
    assert replace(merge.completed(PAGE, words), dates=PAGE.dates) == PAGE


def test_every_date_is_kept_with_its_source_the_one_believed_first() -> None:
    page = replace(
        PAGE, dates=(StatedDate("meta", FIRST), StatedDate("url", THIRD)), published_source="meta"
    )
    assert merge.completed(page, [_word(), TALKATIVE]).dates == (
        StatedDate("feed", SECOND),
        StatedDate("meta", FIRST),
        StatedDate("feed_updated", THIRD),
        StatedDate("url", THIRD),
    )


def test_what_the_page_does_not_say_comes_from_the_feed() -> None:
    assert merge.completed(BARE, [TALKATIVE]) == replace(
        BARE,
        title="Pier opens again",
        authors=("Ben Okri",),
        language="en-GB",
        declared_language="en-GB",
        tags=("local", "sea"),
        published_at=SECOND,
        published_source="feed",
        dates=(StatedDate("feed", SECOND), StatedDate("feed_updated", THIRD)),
    )


def test_what_nobody_says_stays_unsaid() -> None:
    assert merge.completed(BARE, [_word(), _word()]) == BARE


def test_first_entry_that_says_it_counts_for_each_fact() -> None:
    words = [
        _word(title="One"),
        _word(title="Two", authors=["Ana Reyes"]),
        _word(authors=["Ben Okri"], language="fr", published_at=SECOND),
        _word(language="de", published_at=FIRST, categories=["sea"]),
    ]
    whole = merge.completed(BARE, words)
    assert (whole.title, whole.authors, whole.language) == ("One", ("Ana Reyes",), "fr")
    assert (whole.published_at, whole.tags) == (SECOND, ("sea",))


def test_text_is_never_the_feeds() -> None:
    assert merge.completed(BARE, [TALKATIVE]).text == BARE.text
    assert merge.completed(BARE, [TALKATIVE]).description is None


@pytest.mark.parametrize(
    ("source", "said", "expected"),
    [
        pytest.param("json_ld", {"published_at": SECOND}, (FIRST, "json_ld"), id="json-ld-first"),
        pytest.param("meta", {"published_at": SECOND}, (SECOND, "feed"), id="feed-over-meta"),
        pytest.param("page_text", {"published_at": SECOND}, (SECOND, "feed"), id="feed-over-text"),
        pytest.param("meta", {"feed_updated_at": SECOND}, (FIRST, "meta"), id="meta-over-updated"),
        pytest.param(
            "page_text", {"feed_updated_at": SECOND}, (SECOND, "feed_updated"), id="updated-over-it"
        ),
        pytest.param(
            "url", {"feed_updated_at": SECOND}, (SECOND, "feed_updated"), id="updated-over-the-url"
        ),
        pytest.param("url", {}, (FIRST, "url"), id="url-if-nothing-else"),
        pytest.param("page_text", {}, (FIRST, "page_text"), id="text-if-nothing-else"),
    ],
)
def test_dates_are_believed_in_their_order(
    source: str, said: dict[str, datetime], expected: tuple[datetime, str]
) -> None:
    page = replace(PAGE, published_source=source, dates=(StatedDate(source, FIRST),))
    whole = merge.completed(page, [_word(**said)])
    assert (whole.published_at, whole.published_source) == expected


def test_published_of_a_later_entry_is_over_updated_of_an_earlier_one() -> None:
    words = [_word(feed_updated_at=FIRST), _word(published_at=SECOND)]
    whole = merge.completed(BARE, words)
    assert (whole.published_at, whole.published_source) == (SECOND, "feed")


def test_every_source_of_a_date_has_its_place_once() -> None:
    """The closed list `published_source` of the schema."""
    expected = {"feed", "feed_updated", "json_ld", "meta", "page_text", "url"}
    assert sorted(merge.DATE_ORDER) == sorted(expected)


@pytest.mark.parametrize("said_by", ["page", "feed"])
def test_tags_are_64_at_most(said_by: str) -> None:
    many = [f"tag {n}" for n in range(70)]
    page = replace(BARE, tags=tuple(many) if said_by == "page" else ())
    whole = merge.completed(page, [_word(categories=many)])
    assert whole.tags == tuple(many[:64])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("https://ana:secret@a.example/1", None),
        ("ftp://a.example/1", None),
        (None, None),
    ],
)
def test_addresses_that_a_page_gives_are_kept_without_credentials(
    given: str | None, kept: str | None
) -> None:
    whole = merge.completed(replace(PAGE, canonical_url=given, image_url=given), ())
    assert (whole.canonical_url, whole.image_url) == (kept, kept)
