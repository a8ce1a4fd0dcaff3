"""broadsheet articles remove, diff: what they say, and what they ask before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from pipeline.storage.database import connected
from tests.jobs.world import World
from tests.pipeline.storage.builders import (
    NOW,
    ingest,
    item,
    page_read,
    poll,
    publish,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.shell import Ran

URL, OTHER = "https://a.alder.example/a", "https://b.alder.example/b"
FIRST = words("first")
THIRD = FIRST.replace("\n", "\nA paragraph more.\n", 1)


async def _fill(url: str) -> None:
    async with connected(url, connections=2) as db:
        await poll(db, item(URL), item(OTHER))
        await ingest(db, page_read(URL, FIRST), page_read(OTHER, words("other")))
        for hours, title, text in ((2, "New headline", FIRST), (8, "New headline", THIRD)):
            at = NOW.replace(hour=NOW.hour + hours)
            await ingest(db, page_read(URL, text, title=title, at=at), at=at)
        await publish(db)


@pytest.fixture
def world(database_url: str) -> World:
    asyncio.run(_fill(database_url))
    return World(database_url)


@pytest.fixture
def run(cli: Callable[..., Ran], world: World) -> Callable[..., Ran]:
    return lambda *arguments: cli("articles", *arguments, "--database-url", world.url)


def test_article_is_removed_and_said(run: Callable[..., Ran], world: World) -> None:
    ran = run("remove", "1", "--yes", "--why", "court order", "--by", "desk")
    assert (ran.code, ran.out, ran.err) == (0, "", f"article 1 is removed: {URL}\n")
    assert world.values("SELECT url FROM news.articles") == [OTHER]
    assert world.rows("SELECT removed_by, why FROM ingest.removals") == [("desk", "court order")]
    assert world.broken() == {}
    assert run("show", "1", "--json").json["reason"] == "tombstoned"


def test_nothing_is_erased_unasked(run: Callable[..., Ran], world: World) -> None:
    ran = run("remove", "1")
    assert ran.code == 2
    assert "cannot be undone: say --yes" in ran.err
    assert world.value("SELECT count(*) FROM news.articles") == 2


def test_article_that_is_not_there_is_said(run: Callable[..., Ran]) -> None:
    ran = run("remove", "77", "--yes")
    assert (ran.code, ran.err) == (2, "broadsheet: there is no article 77\n")


def test_last_two_revisions_are_compared(run: Callable[..., Ran]) -> None:
    ran = run("diff", "1")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[:2] == [
        "--- article 1 revision 2  2026-03-02 10:00Z  headline",
        "+++ article 1 revision 3  2026-03-02 16:00Z  substantive",
    ]
    assert [line for line in ran.out.splitlines()[2:] if line[0] in "+-"] == ["+A paragraph more."]


def test_any_two_revisions_can_be_compared(run: Callable[..., Ran]) -> None:
    found = run("diff", "1", "--from", "1", "--to", "2", "--json").json
    assert (found["from"]["revision"], found["to"]["revision"]) == (1, 2)
    assert found["changes"] == [
        {
            "part": "title",
            "paragraph": None,
            "change": "changed",
            "old": f"Headline of {URL}",
            "new": "New headline",
        }
    ]
    back = run("diff", "1", "--from", "2", "--to", "1", "--json").json
    assert (back["from"]["revision"], back["to"]["revision"]) == (2, 1)


def test_earlier_revision_alone_is_compared_with_the_last(run: Callable[..., Ran]) -> None:
    found = run("diff", "1", "--from", "1", "--json").json
    assert (found["from"]["revision"], found["to"]["revision"]) == (1, 3)
    assert [change["change"] for change in found["changes"]] == ["changed", "added"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["2"], 0, "article 2 has one revision: nothing changed yet", id="one"),
        pytest.param(["77"], 1, "there is no text of an article 77", id="none"),
        pytest.param(["1", "--to", "9"], 1, "article 1 has revisions 1 to 3", id="no such"),
        pytest.param(["1", "--from", "2", "--to", "2"], 2, "the same as itself", id="itself"),
        pytest.param(
            ["1", "--to", "1"], 1, "article 1 has revisions 1 to 3", id="before the first"
        ),
    ],
)
def test_what_cannot_be_compared_is_said(
    run: Callable[..., Ran], arguments: list[str], code: int, said: str
) -> None:
    ran = run("diff", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_terminal_shows_words_that_went_and_came_in_colour(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    ran = run("diff", "1", "--from", "1", "--to", "2")
    assert "\x1b[9;31m" in ran.out  # struck through, red
    assert "\x1b[32mNew headline" in ran.out or "\x1b[32mNew" in ran.out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "-Headline of" in run("diff", "1", "--from", "1", "--to", "2").out
