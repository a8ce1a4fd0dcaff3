"""When guids are given up: three documents in a row that show known entries under new ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.feeds.identity import churn, parsed_feed
from pipeline.model import Response
from tests.pipeline.feeds import states

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
FEED = states.due(last_success_at=NOW)


def _reading(count: int, *, links: int | None = None, guids: bool = True) -> parsed_feed.ParsedFeed:
    """Entries that lead to so many pages; to one each unless told otherwise."""
    items = [
        f"<item>{f'<guid>g{n}</guid>' if guids else ''}<title>T{n}</title>"
        f"<link>https://mill.example/{n % (links or count)}</link></item>"
        for n in range(count)
    ]
    body = f"<rss><channel>{''.join(items)}</channel></rss>".encode()
    return parsed_feed.of(Response(FEED.url, body=body, fetched_at=NOW))


LIKELY: list[Any] = [
    pytest.param({}, 40, 40, True, id="all-new"),
    pytest.param({}, 40, 39, True, id="97-percent"),
    pytest.param({}, 40, 38, False, id="95-percent"),
    pytest.param({"last_success_at": None}, 40, 40, False, id="first-document"),
    pytest.param({"identity_rule": "link"}, 40, 40, False, id="given-up-already"),
    pytest.param({}, 0, 0, False, id="empty-document"),
]


@pytest.mark.parametrize(("feed", "count", "fresh", "expected"), LIKELY)
def test_closer_look_is_worth_it_when_nearly_all_is_new(
    feed: dict[str, Any], count: int, fresh: int, *, expected: bool
) -> None:
    reading = _reading(count)
    due = states.due(**{"last_success_at": NOW, **feed})
    assert churn.is_likely(due, reading, reading.found[:fresh]) is expected


def test_entries_without_guids_do_not_churn() -> None:
    reading = _reading(9, guids=False)
    assert not churn.is_likely(FEED, reading, reading.found)


STREAKS = [
    pytest.param(0, 9, 10, 1, id="begins"),
    pytest.param(2, 10, 10, 3, id="goes-on"),
    pytest.param(2, 6, 10, 3, id="some-are-new"),
    pytest.param(2, 5, 10, 0, id="half-are-new"),
    pytest.param(2, 0, 0, 0, id="nothing-new"),
]


@pytest.mark.parametrize(("before", "shown", "fresh", "expected"), STREAKS)
def test_streak(before: int, shown: int, fresh: int, expected: int) -> None:
    new = _reading(max(fresh, 1)).found[:fresh]
    assert churn.streak(states.due(last_success_at=NOW, guid_churn=before), new, shown) == expected


RULES = [
    pytest.param(_reading(40), "link", id="a-page-each"),
    pytest.param(_reading(40, links=39), "link", id="one-page-twice"),
    pytest.param(_reading(40, links=38), "content", id="too-few-pages"),
    pytest.param(_reading(40, links=1), "content", id="one-page-for-all"),
]


@pytest.mark.parametrize(("reading", "expected"), RULES)
def test_links_take_over_when_they_tell_entries_apart(
    reading: parsed_feed.ParsedFeed, expected: str
) -> None:
    assert churn.rule(reading) == expected
