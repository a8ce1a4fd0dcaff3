"""What an answer means for an article's texts: the first, a new one, or the one there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from pipeline.articles.revisions import changes, revision_plan
from pipeline.model import (
    Article,
    ArticleState,
    ArticleText,
    DueArticle,
    Features,
    Fingerprint,
    Revision,
    Signature,
)

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
TITLE = "Pier opens"
TEXT = "The pier at Norhaven is open again after a winter of repairs."
LONGER = TEXT + " The mayor cut the ribbon on Monday and walked to its end with the builders."
ARTICLE = Article(url="https://www.mill.example/news/pier", title=TITLE, text=TEXT)
SIGNATURE = Signature(
    fingerprint=Fingerprint(text_hash=b"x", token_count=12, hashes=()),
    features=Features(
        text_hash=b"x", token_count=12, triples=b"", fives=b"", names=b"", numbers=b""
    ),
)


def _due(fetched_at: datetime | None) -> DueArticle:
    return DueArticle(
        article_id=1,
        url=ARTICLE.url,
        host="www.mill.example",
        due_at=NOW,
        lease_token=UUID(int=1),
        url_key=ARTICLE.url,
        state=ArticleState(
            stage="recheck", outcome="stored" if fetched_at else "pending", due_at=NOW
        ),
        fetched_at=fetched_at,
        first_fetched_at=fetched_at,
    )


def _revision(title: str, text: str, seen_at: datetime, *, is_current: bool = True) -> Revision:
    return Revision(
        digest=changes.digest(title, text),
        is_current=is_current,
        seen_at=seen_at,
        title=title if is_current else None,
        text=text if is_current else None,
    )


def _prepared(
    article: Article = ARTICLE,
    *held: Revision,
    last: datetime | None = None,
    fetched_at: datetime = NOW,
) -> ArticleText:
    return revision_plan.prepared(
        _due(last), article, SIGNATURE, held, fetched_at=fetched_at, text_source="page"
    )


HELD = _revision(TITLE, TEXT, NOW - HOUR)


def test_first_text_is_stored_whole() -> None:
    assert _prepared() == ArticleText(
        article=ARTICLE,
        digest=changes.digest(TITLE, TEXT),
        signature=SIGNATURE,
        word_count=12,
        site="mill.example",
        text_source="page",
        fetched_at=NOW,
        change_kind="first",
        changed_at=NOW,
        is_newest=True,
        revision_count=1,
    )


def test_same_text_again_changes_nothing() -> None:
    again = _prepared(ARTICLE, HELD, last=NOW - HOUR)
    assert (again.change_kind, again.signature) == (None, None)
    assert again.changed_at is None
    assert again.is_newest


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"text": LONGER}, "substantive", id="longer"),
        pytest.param({"title": "Norhaven celebrates its ferry"}, "headline", id="headline"),
        pytest.param({"text": TEXT.replace("winter", "wintre")}, "typo", id="spelling"),
        pytest.param({"text": "This article has been retracted."}, "retraction", id="retracted"),
    ],
)
def test_changed_text_says_how_it_differs_from_the_present_one(
    changed: dict[str, Any], expected: str
) -> None:
    new = _prepared(replace(ARTICLE, **changed), HELD, last=NOW - HOUR)
    assert (new.change_kind, new.changed_at) == (expected, NOW)
    assert new.signature == SIGNATURE


def test_difference_of_white_space_is_stored_without_a_revision() -> None:
    new = _prepared(replace(ARTICLE, text=TEXT.replace(" ", "\n", 1)), HELD, last=NOW - HOUR)
    assert (new.change_kind, new.signature, new.changed_at) == (None, SIGNATURE, NOW)
    assert not new.is_returning


def test_wording_of_an_earlier_revision_is_that_one_again() -> None:
    old = _revision(TITLE, TEXT, NOW - 3 * HOUR, is_current=False)
    present = _revision(TITLE, TEXT.replace(" ", "\n", 1), NOW - HOUR)
    back = _prepared(ARTICLE, old, present, last=NOW - HOUR)
    assert (back.change_kind, back.changed_at, back.is_returning) == (None, NOW, True)


def test_older_answer_that_differs_by_white_space_is_not_stored() -> None:
    late = _late(TEXT.replace(" ", "\n", 1), EARLIER, PRESENT)
    assert (late.change_kind, late.signature, late.changed_at) == (None, None, None)
    assert not late.is_returning


def test_text_that_comes_back_is_a_change() -> None:
    old = _revision(TITLE, TEXT, NOW - 3 * HOUR, is_current=False)
    present = _revision(TITLE, LONGER, NOW - HOUR)
    back = _prepared(ARTICLE, old, present, last=NOW - HOUR)
    assert (back.change_kind, back.changed_at, back.is_newest) == ("substantive", NOW, True)


FERRY = "The ferry to Norhaven sails again on Sundays, as it did before the harbour silted up."
BRIDGE = "A bridge to Norhaven was drawn in 1904 and never built; the plans hang in the town hall."


def _whole(text: str, seen_at: datetime, *, is_current: bool = False) -> Revision:
    """A revision with its text, as it is given next to the time of a late answer."""
    return replace(_revision(TITLE, text, seen_at, is_current=is_current), title=TITLE, text=text)


def _late(text: str, *held: Revision) -> ArticleText:
    """What an answer of two hours ago means beside the texts of three hours and one hour ago."""
    return _prepared(replace(ARTICLE, text=text), *held, last=NOW, fetched_at=NOW - 2 * HOUR)


EARLIER, PRESENT = _whole(TEXT, NOW - 3 * HOUR), _whole(FERRY, NOW - HOUR, is_current=True)


def test_late_answer_is_compared_with_the_text_before_it_and_replaces_none() -> None:
    late = _late(TEXT.replace("winter", "wintre"), EARLIER, PRESENT)
    assert (late.change_kind, late.is_newest, late.signature) == ("typo", False, None)


def test_text_after_a_late_one_is_told_against_it() -> None:
    late = _late(FERRY.replace("silted", "slited"), EARLIER, PRESENT)
    assert late.change_kind == "substantive"
    assert revision_plan.successor(late, [EARLIER, PRESENT]) == (PRESENT.digest, "typo")


def test_answer_older_than_every_text_is_the_first() -> None:
    late = _late(TEXT, PRESENT)
    assert late.change_kind == "first"
    assert revision_plan.successor(late, [PRESENT]) == (PRESENT.digest, "substantive")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT.replace(" ", "  "), id="as the one before"),
        pytest.param(FERRY + "\n12 comments", id="as the one after"),
    ],
)
def test_late_answer_that_reads_like_its_neighbour_adds_nothing(text: str) -> None:
    late = _late(text, EARLIER, PRESENT)
    assert late.change_kind is None
    assert revision_plan.successor(late, [EARLIER, PRESENT]) is None


def test_late_answer_after_the_last_text_seen_has_no_successor() -> None:
    """The present text came back after it: it was first seen before."""
    present = _whole(FERRY, NOW - 5 * HOUR, is_current=True)
    late = _late(BRIDGE, present)
    assert late.change_kind == "substantive"
    assert revision_plan.successor(late, [present]) is None


def test_newest_answer_has_no_successor() -> None:
    new = _prepared(replace(ARTICLE, text=BRIDGE), PRESENT, last=NOW - HOUR)
    assert (new.change_kind, revision_plan.successor(new, [PRESENT])) == ("substantive", None)


LONG = "\n".join(f"{TEXT} {FERRY} {BRIDGE} Number {n}." for n in range(4))
BEGINNING = " ".join(LONG.split()[:40])


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        pytest.param(BEGINNING, {}, True, id="its beginning"),
        pytest.param(BEGINNING + " Subscribe now.", {}, True, id="its beginning and an offer"),
        pytest.param(FERRY, {"page_kind": "teaser"}, True, id="teaser"),
        pytest.param(FERRY, {"page_kind": "listing"}, True, id="listing"),
        pytest.param(FERRY, {}, False, id="another short text"),
        pytest.param(LONG + " More.", {"page_kind": "teaser"}, False, id="longer teaser"),
        pytest.param(" ".join(LONG.split()[:150]), {}, False, id="most of it"),
        pytest.param(BEGINNING, {"title": "Retracted: Pier opens"}, False, id="retracted"),
        pytest.param("This article has been removed.", {}, False, id="says that it is removed"),
    ],
)
def test_page_that_puts_its_text_away_is_told_from_one_that_changes_it(
    text: str, fields: dict[str, Any], expected: object
) -> None:
    held = _whole(LONG, NOW - HOUR, is_current=True)
    changed = replace(ARTICLE, text=text, **fields)
    assert revision_plan.is_lesser(_due(NOW - HOUR), changed, [held]) is expected


def test_first_text_is_never_too_little() -> None:
    assert not revision_plan.is_lesser(_due(None), replace(ARTICLE, page_kind="teaser"), [])


@pytest.mark.parametrize(
    ("source", "access", "text", "expected"),
    [
        pytest.param("page", None, TEXT, True, id="shorter than the page's whole text"),
        pytest.param("page", "free", LONG + FERRY, True, id="longer than the page's whole text"),
        pytest.param("page", "metered", FERRY, False, id="another teaser, shorter"),
        pytest.param("page", "metered", LONG + FERRY, False, id="another teaser, longer"),
        pytest.param("page", "metered", BEGINNING, True, id="the teaser's beginning"),
        pytest.param("feed", None, TEXT, True, id="shorter than the feed's text"),
        pytest.param("feed", None, LONG + FERRY, False, id="longer than the feed's summary"),
    ],
)
def test_teaser_never_takes_the_place_of_a_whole_text(
    source: str, access: str | None, text: str, expected: object
) -> None:
    due = replace(_due(NOW - HOUR), text_source=source, access=access)
    teaser = replace(ARTICLE, text=text, page_kind="teaser", access="metered")
    held = _whole(LONG, NOW - HOUR, is_current=True)
    assert revision_plan.is_lesser(due, teaser, [held]) is expected


@pytest.mark.parametrize("is_current", [True, False])
def test_older_answer_that_is_known_adds_nothing(is_current: object) -> None:
    known = _revision(TITLE, TEXT, NOW - 2 * HOUR, is_current=bool(is_current))
    held = [known] if is_current else [known, _revision(TITLE, LONGER, NOW - HOUR)]
    older = _prepared(ARTICLE, *held, last=NOW - HOUR, fetched_at=NOW - 2 * HOUR)
    assert (older.change_kind, older.signature, older.is_newest) == (None, None, False)


def test_answer_of_the_same_moment_is_the_newest() -> None:
    assert _prepared(ARTICLE, HELD, last=NOW).is_newest


def test_title_that_appears_is_a_change_of_the_headline() -> None:
    untitled = Revision(
        digest=changes.digest(None, TEXT),
        is_current=True,
        seen_at=NOW - HOUR,
        title=None,
        text=TEXT,
    )
    assert _prepared(ARTICLE, untitled, last=NOW - HOUR).change_kind == "headline"


def test_site_is_that_of_the_page_that_answered() -> None:
    moved = replace(ARTICLE, url="https://news.other.example/pier")
    assert _prepared(moved).site == "other.example"
