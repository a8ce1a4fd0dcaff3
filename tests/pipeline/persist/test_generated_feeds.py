"""Generated feeds without good identifiers through ten polls: a row for each item, none moves.

A publisher has items, each of which a reader would call another, and shows some of them in each
document: in any order, some twice, with corrected texts and headlines, old ones again. The truth
stands in a category of each item, which no rule looks at.

More feeds than the suite has time for: TEST_FEEDS=1000 python -m pytest <this file>
"""

from __future__ import annotations

import asyncio
import itertools
import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from pipeline.storage.database import connected
from tests.jobs.world import World
from tests.pipeline.persist.feeds import Item, shown
from tests.pipeline.storage.builders import rows, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.storage.database import Database

FEEDS = int(os.environ.get("TEST_FEEDS", "30"))
POLLS = 10
NUMBERS = itertools.count(1)

Guid = Literal["none", "constant", "placeholder", "link", "own", "token"]
Link = Literal[
    "none", "home", "placeholder", "constant", "fragment", "own", "query token", "path token"
]
GUIDS: tuple[Guid, ...] = ("none", "constant", "placeholder", "link", "own", "token")
LINKS: tuple[Link, ...] = (
    "none", "home", "placeholder", "constant", "fragment", "own", "query token", "path token",
)  # fmt: skip
LASTING_LINKS = {"own"}
TOKENS = {"query token", "path token"}


@dataclass(frozen=True, slots=True)
class Style:
    """How a publisher's system writes its feed.

    `titled`: headlines of their own; otherwise all have one, and dates and texts of their own.
    """

    guid: Guid
    link: Link
    titled: bool
    dated: bool
    texts: bool

    def is_good(self) -> bool:
        """Whether an identifier tells the items apart and lasts."""
        return self.guid == "own" or self.link in LASTING_LINKS

    def is_possible(self) -> bool:
        """Whether a reader could tell the items apart, and know each again.

        Items that share all but date and text can be told from corrected ones by both only; a
        system with new identifiers for each request and one headline for all leaves nothing.
        """
        churns = self.guid == "token" or self.link in TOKENS
        if self.titled:
            return not (churns and not self.dated and not self.texts)
        return self.dated and self.texts and not churns


STYLES = st.builds(
    Style,
    guid=st.sampled_from(GUIDS),
    link=st.sampled_from(LINKS),
    titled=st.booleans(),
    dated=st.booleans(),
    texts=st.booleans(),
).filter(Style.is_possible)


@dataclass(frozen=True, slots=True)
class Truth:
    """An item as its publisher knows it: its number, and how often it was corrected."""

    number: int
    retitled: int = 0
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What happens between two documents, and how the next one shows it."""

    publish: int
    window: int
    order: Literal["newest first", "oldest first", "shuffled"]
    twice: bool
    correct: int | None
    retitle: int | None


CHANGES = st.builds(
    Change,
    publish=st.integers(0, 3),
    window=st.integers(2, 8),
    order=st.sampled_from(["newest first", "oldest first", "shuffled"]),
    twice=st.booleans(),
    correct=st.none() | st.integers(0, 7),
    retitle=st.none() | st.integers(0, 7),
)
TITLES = ("Ferry", "Harbour", "Bridge", "School", "Market", "Storm", "Museum", "Railway")


@dataclass(slots=True)
class Publisher:
    """A feed as one system writes it, document after document."""

    style: Style
    site: str
    items: list[Truth] = field(default_factory=list)
    documents: int = 0

    def document(self, change: Change, shuffle: Callable[[list[Truth]], None]) -> list[Item]:
        """The next document."""
        for _ in range(change.publish or (not self.items)):
            self.items.insert(0, Truth(len(self.items)))
        self._correct(change)
        window = self.items[: change.window]
        if change.twice:
            window.append(window[0])
        if change.order == "oldest first":
            window.reverse()
        elif change.order == "shuffled":
            shuffle(window)
        self.documents += 1
        return [self.item(truth) for truth in window]

    def _correct(self, change: Change) -> None:
        if change.correct is not None and change.correct < len(self.items):
            one = self.items[change.correct]
            self.items[change.correct] = replace(one, corrected=one.corrected + 1)
        is_noticed = self.style.guid != "token" or self.documents > 2
        may_retitle = self.style.is_good() and self.style.titled and len(self.items) > 1
        may_retitle = may_retitle and is_noticed
        if may_retitle and change.retitle is not None and change.retitle < len(self.items):
            one = self.items[change.retitle]
            self.items[change.retitle] = replace(one, retitled=one.retitled + 1)

    def item(self, truth: Truth) -> Item:
        """An item as this document shows it."""
        n, nth, style = truth.number, self.documents, self.style
        named = f"{TITLES[n % len(TITLES)]} report {words(f'title {n}', 3)}"
        link = {
            "none": None,
            "home": f"{self.site}/",
            "placeholder": "N/A",
            "constant": f"{self.site}/latest",
            "fragment": f"{self.site}/latest#v{n}",
            "own": f"{self.site}/news/{n}",
            "query token": f"{self.site}/news/{n}?t={nth}z{n}",
            "path token": f"{self.site}/s/{nth}z{n}/news",
        }[style.link]
        guid = {
            "none": None,
            "constant": "feed",
            "placeholder": "null",
            "link": link,
            "own": f"tag:{n}",
            "token": f"{nth}-{n}",
        }[style.guid]
        title = f"{named}{', corrected' * truth.retitled}" if style.titled else "Morning briefing"
        text = f"{words(f'text {n}', 24)} {'Corrected. ' * truth.corrected}"
        return Item(
            title=title,
            link=link,
            guid=guid,
            day=n / 2 if style.dated else None,
            text=text if style.texts else None,
            category=f"item {n}",
        )


class GeneratedFeed(RuleBasedStateMachine):
    """One feed through its polls."""

    run: Callable[..., Any]
    db: Database

    def __init__(self) -> None:
        super().__init__()
        self.site = f"https://feed{next(NUMBERS)}.example"
        self.shown: set[str] = set()
        self.rows: dict[int, str] = {}

    @initialize(style=STYLES)
    def begin(self, style: Style) -> None:
        self.publisher = Publisher(style, self.site)

    @rule(change=CHANGES, random=st.randoms(use_true_random=False))
    def poll(self, change: Change, random: Any) -> None:
        items = self.publisher.document(change, random.shuffle)
        self.shown |= {item.category for item in items if item.category}
        nth = self.publisher.documents
        counts = self.run(shown(self.db, nth, items, site=self.site)).counts
        assert counts.seen == len(items)
        assert counts.merged == len(items) - len({item.category for item in items})

    @invariant()
    def each_item_has_one_row_and_no_row_changes_its_story(self) -> None:
        query = """
            SELECT e.entry_id, e.categories[1]
            FROM ingest.entries AS e
            JOIN ingest.feeds AS f USING (feed_id)
            WHERE f.url = %s
        """
        found = dict(self.run(rows(self.db, query, f"{self.site}/feed")))
        assert {i: story for i, story in found.items() if i in self.rows} == self.rows
        assert sorted(found.values()) == sorted(self.shown)
        self.rows = found

    @invariant()
    def no_item_has_two_articles(self) -> None:
        query = "SELECT count(*) FROM ingest.articles WHERE starts_with(url, %s)"
        ((articles,),) = self.run(rows(self.db, query, f"{self.site}/"))
        assert articles <= len(self.shown)


@pytest.fixture
def machine(database_url: str) -> Iterator[type[GeneratedFeed]]:
    """The machine with a database that stays open for all of its feeds."""
    loop = asyncio.new_event_loop()
    opened = connected(database_url, connections=1)
    db = loop.run_until_complete(opened.__aenter__())
    members = {"run": staticmethod(loop.run_until_complete), "db": db}
    yield type("Machine", (GeneratedFeed,), members)
    loop.run_until_complete(opened.__aexit__(None, None, None))
    loop.close()
    assert World(database_url).broken() == {}


@pytest.mark.timeout(0)  # a thousand feeds take a quarter of an hour
def test_generated_feeds_have_a_row_for_each_item(machine: type[GeneratedFeed]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=FEEDS,
            stateful_step_count=POLLS + 1,
            deadline=None,
            phases=[Phase.reuse, Phase.generate],  # to shrink a feed takes minutes
            suppress_health_check=[*HealthCheck],
        ),
    )
