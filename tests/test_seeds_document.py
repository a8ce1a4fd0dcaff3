"""The source document in the replayed seeds: its article, its other addresses, its copies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.storage import embedded
from tests.jobs.world import World, replayed_into

if TYPE_CHECKING:
    from pipeline.storage.embedded import Server

SEEDS = Path(__file__).parent.parent / "seeds"
HEADLINE, SECOND_LINE, BYLINE, *PARAGRAPHS = (
    (SEEDS / "000_0a22524ab33fde7d.txt").read_text("utf-8").split("\n")
)
DISPATCH = "https://www.the-open-dispatch.example"
DOCUMENT = f"{DISPATCH}/2026/03/02/biden-gives-ukraine-permission-to-strike-inside-russia"
REPRINT = "https://harbor-ledger.example/2026/03/us-lets-kyiv-fire-across-border"
EXCERPT = "https://rivercountypost.example/stories/2026/ukraine-weapons.html"
OTHER_WAR = f"{DISPATCH}/2026/03/03/castellane-gives-virelia-permission-to-strike-inside-ordania"


def _at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


@pytest.fixture(scope="module")
def replayed(server: Server) -> World:
    """The seeds, replayed into a database of their own."""
    return replayed_into(embedded.create(server, "seeds_document"), [SEEDS])


def _article(world: World, columns: str, url: str) -> tuple[Any, ...]:
    found = world.rows(f"SELECT {columns} FROM news.articles WHERE url = %s", url)  # noqa: S608 - columns are ours
    assert len(found) == 1, url
    return found[0]


@pytest.fixture(scope="module")
def document(replayed: World) -> int:
    """The number of the document's article."""
    return int(_article(replayed, "article_id", DOCUMENT)[0])


def test_document_is_stored_word_for_word(replayed: World) -> None:
    title, description, authors, text = _article(
        replayed, "title, description, authors, text", DOCUMENT
    )
    assert title == HEADLINE
    assert description == SECOND_LINE
    assert authors == [BYLINE.removeprefix("by ")] == ["Dave DeCamp"]
    assert text == "\n".join(PARAGRAPHS)


def test_document_has_two_revisions_of_one_article(replayed: World, document: int) -> None:
    revisions = replayed.rows(
        "SELECT revision, seen_at, change_kind, title, text FROM news.revisions"
        " WHERE article_id = %s ORDER BY revision",
        document,
    )
    first, second = revisions
    assert first[:4] == (1, _at(8), "first", HEADLINE)
    assert len(first[4].split("\n")) == 5
    assert second == (2, _at(9), "substantive", HEADLINE, "\n".join(PARAGRAPHS))


def test_answer_not_modified_changes_nothing_of_the_document(
    replayed: World, document: int
) -> None:
    looks = replayed.rows(
        "SELECT fetched_at, status FROM news.fetches WHERE article_id = %s AND url = %s ORDER BY 1",
        document,
        DOCUMENT,
    )
    assert looks == [(_at(8), 200), (_at(9), 200), (_at(14), 304)]
    facts = _article(replayed, "changed_at, last_checked_at, page_state, revision_count", DOCUMENT)
    assert facts == (_at(9), _at(14), "live", 2)


def test_entries_of_four_addresses_belong_to_the_document(replayed: World, document: int) -> None:
    entries = replayed.rows(
        "SELECT guid, url FROM news.entries WHERE article_id = %s ORDER BY guid", document
    )
    amp = DOCUMENT.replace("/2026/", "/amp/2026/")
    tracked = f"{DOCUMENT}?utm_source=morning-sieve&utm_medium=feed&fbclid=IwAR0cX7"
    assert entries == [
        ("open-dispatch-48211", DOCUMENT),
        ("sieve-1204", "https://s.brief-link.example/k7Qd2"),
        ("sieve-1205", amp),
        ("sieve-1206", tracked),
    ]


def test_address_behind_the_shortener_became_an_alias(replayed: World, document: int) -> None:
    aliases = replayed.rows(
        "SELECT a.alias_of, s.outcome, s.due_at FROM ingest.articles AS a"
        " JOIN ingest.article_state AS s USING (article_id) WHERE a.alias_of IS NOT NULL"
    )
    assert set(aliases) == {(document, "alias", None)}
    shown = replayed.values("SELECT url FROM news.articles WHERE url LIKE '%%brief-link%%'")
    assert shown == []


def test_copies_share_the_story_of_the_document(replayed: World) -> None:
    story_id, *_ = _article(replayed, "story_id", DOCUMENT)
    members = replayed.rows(
        "SELECT url, is_lead, duplicate_kind FROM news.articles WHERE story_id = %s", story_id
    )
    assert sorted(members) == [
        (REPRINT, False, "reprint"),
        (EXCERPT, False, "excerpt"),
        (DOCUMENT, True, "original"),
    ]
    story = replayed.rows(
        "SELECT title, article_count, site_count FROM news.stories WHERE story_id = %s", story_id
    )
    assert story == [(HEADLINE, 3, 3)]


def test_each_copy_is_linked_with_a_score_and_a_reason(replayed: World) -> None:
    links = replayed.rows(
        "SELECT a.url, l.kind, l.score, l.reason FROM news.story_links AS l"
        " JOIN news.articles AS a USING (article_id) ORDER BY l.article_id"
    )
    assert {url for url, *_ in links} == {REPRINT, EXCERPT}
    assert all(score > 0.9 and reason for _, _, score, reason in links)


def test_same_sentences_about_another_war_are_another_story(replayed: World) -> None:
    theirs = _article(replayed, "story_id, is_lead, duplicate_kind", OTHER_WAR)
    ours = _article(replayed, "story_id", DOCUMENT)
    assert theirs[0] != ours[0]
    assert theirs[1:] == (True, "original")
