"""Stories on the command line: shown, split and joined."""

from __future__ import annotations

import asyncio
import getpass
from typing import TYPE_CHECKING

import pytest

from jobs.commands import stories as command
from pipeline.model import StoryText
from pipeline.storage.database import connected
from tests.jobs.world import World
from tests.pipeline.storage.builders import publish, words
from tests.pipeline.storage.signed import arrive

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.shell import Ran

PLACES = "SELECT article_id, story_id FROM news.articles ORDER BY 1"


@pytest.fixture
def world(database_url: str) -> World:
    """Articles 1 and 2 in story 1, article 3 in story 2."""
    told = (words("a"), words("a"), words("b"))
    texts = [
        StoryText(id=n, url=f"https://s{n}.example/a", title=f"Headline {n}", text=text)
        for n, text in enumerate(told, 1)
    ]

    async def fill() -> None:
        async with connected(database_url, connections=2) as db:
            await arrive(db, texts)
            await publish(db)

    asyncio.run(fill())
    return World(database_url)


@pytest.fixture
def stories(cli: Callable[..., Ran], world: World) -> Callable[..., Ran]:
    """Runs `broadsheet stories ...` on them."""
    return lambda *arguments: cli("stories", *arguments, DATABASE_URL=world.url)


def test_a_story_is_shown_with_its_articles_and_why(stories: Callable[..., Ran]) -> None:
    ran = stories("show", "1")
    assert (ran.code, ran.err) == (0, "")
    for shown in ("Headline 1", "Headline 2", "same_text", "same words"):
        assert shown in ran.out
    assert "Headline 3" not in ran.out
    assert "ruled" not in ran.out


def test_a_story_as_json_is_one_object(stories: Callable[..., Ran]) -> None:
    shown = stories("show", "1", "--json").json
    assert shown["story_id"] == 1
    assert [article["article_id"] for article in shown["articles"]] == [1, 2]
    assert [link["holds"] for link in shown["links"]] == [True]
    assert shown["rulings"] == []


def test_split_and_join_are_shown_with_who_and_why(
    stories: Callable[..., Ran], world: World
) -> None:
    ran = stories("split", "1", "2", "--by", "ann", "--why", "two fires")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "1 article of story 1 now in story 3\n"
    assert world.rows(PLACES) == [(1, 1), (2, 3), (3, 2)]
    (said,) = stories("show", "3", "--json").json["rulings"]
    assert (said["ruling"], said["ruled_by"], said["reason"]) == ("apart", "ann", "two fires")
    ran = stories("join", "3", "1", "--by", "bob")
    assert (ran.code, ran.err) == (0, "story 3 is now part of story 1\n")
    assert world.rows(PLACES) == [(1, 1), (2, 1), (3, 2)]
    ran = stories("show", "3")
    assert (ran.code, ran.err) == (0, "story 3 was merged: it is 1 now\n")
    for shown in ("apart", "together", "two fires", "joined by bob"):
        assert shown in ran.out
    assert world.value("SELECT count(*) FROM ingest.story_rulings") == 2


def test_who_rules_is_the_login_name_unless_said(
    stories: Callable[..., Ran], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "desk")
    assert stories("join", "1", "2").code == 0
    assert world.rows("SELECT ruled_by, reason FROM ingest.story_rulings") == [("desk", None)]


def test_a_user_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError(4711)

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert command._login() == "unknown"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["split", "1", "3"], "not in story 1: 3", id="another-story's"),
        pytest.param(["split", "1", "1", "2"], "some must go", id="all-of-it"),
        pytest.param(["split", "9", "1"], "there is no story 9", id="no-such-story"),
        pytest.param(["join", "1", "1"], "1 and 1 are one story: 1", id="one-story-twice"),
        pytest.param(["split", "1"], "", id="no-articles"),
        pytest.param(["join", "1", "two"], "", id="no-number"),
    ],
)
def test_orders_that_make_no_sense_are_wrong_usage(
    stories: Callable[..., Ran], world: World, arguments: list[str], said: str
) -> None:
    ran = stories(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert world.rows(PLACES) == [(1, 1), (2, 1), (3, 2)]
    assert world.value("SELECT count(*) FROM ingest.story_rulings") == 0


def test_an_unknown_story_is_1(stories: Callable[..., Ran]) -> None:
    ran = stories("show", "77")
    assert (ran.code, ran.out) == (1, "")
    assert "there is no story 77" in ran.err


def test_rules_hold_after_orders(stories: Callable[..., Ran], world: World) -> None:
    stories("split", "1", "2")
    stories("join", "2", "3")
    broken = world.broken()
    assert [name for name in broken if name[:2] in {"09", "10"}] == []
