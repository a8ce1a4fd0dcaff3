"""When a feed is asked again: how it is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.feeds.scheduling import schedule_builders as builders
from tests.pipeline.feeds.scheduling.schedule_builders import DAY, HOUR, MINUTE, NOW, TAG

if TYPE_CHECKING:
    from pipeline.model import NextPoll


def test_plan_names_every_input_and_the_one_that_won() -> None:
    headers = TAG | {"cache-control": "max-age=1800", "retry-after": "60"}
    document = builders.document(total=40, ttl_seconds=7200.0, skip_hours=(3,))
    found = builders.after(builders.steady(24.0), builders.answer(headers), document, draw=0.0)
    assert [(wish.input, wish.due_at, wish.wins) for wish in found.plan][2:] == [
        ("max-age", NOW + 30 * MINUTE, False),
        ("ttl", NOW + 2 * HOUR, True),
        ("retry-after", NOW + MINUTE, False),
        ("skip hours", None, False),
    ]
    assert [wish.input for wish in found.plan][:2] == ["rate", "policy"]
    assert (found.due_at, found.reason) == (NOW + 2 * HOUR, "ttl")


@pytest.mark.parametrize(
    ("found", "name", "note"),
    [
        pytest.param(
            builders.after(builders.steady(24.0)),
            "policy",
            "1 entries an hour expected; 30 entry-minutes of waiting are reached in 60 min",
            id="policy",
        ),
        pytest.param(
            builders.after(builders.feed(rate_model=builders.model(24.0, burst_seen=1.5))),
            "rate",
            "24 entries a day; times 1 at this hour, times 2 after the last hours",
            id="rate",
        ),
        pytest.param(
            builders.after(builders.feed(rate_model=builders.model(24.0, silent=200 * DAY))),
            "rate",
            "0.005 entries a day, none for 200 days; times 1 at this hour,"
            " times 1 after the last hours",
            id="silence",
        ),
        pytest.param(
            builders.after(builders.steady(24.0), document=builders.document(total=2)),
            "window guard",
            "a quarter of its 2 entries turns over in 30 min",
            id="window",
        ),
        pytest.param(
            builders.after(builders.steady(24.0), document=builders.document(total=2)),
            "policy",
            "1 entries an hour expected; 30 entry-minutes of waiting are not reached in 30 min",
            id="policy-that-was-overtaken",
        ),
        pytest.param(
            builders.after(builders.steady(5000.0)),
            "floor",
            "no sooner than after 15 min",
            id="floor",
        ),
        pytest.param(
            builders.after(builders.steady(5000.0), builders.answer({})),
            "floor",
            "no sooner than after 60 min: each poll costs the whole document",
            id="floor-without-validators",
        ),
        pytest.param(
            builders.after(builders.steady(0.02)), "ceiling", "once in 24 h at least", id="ceiling"
        ),
        pytest.param(
            builders.after(builders.steady(1.0, every_seconds=5400.0)),
            "operator",
            "every 90 min, as set for this feed",
            id="operator",
        ),
        pytest.param(
            builders.after(builders.steady(9.0), builders.answer({"cache-control": "max-age=600"})),
            "max-age",
            "the answer stays fresh for 10 min",
            id="max-age",
        ),
        pytest.param(
            builders.after_failing(builders.feed(failure_streak=2)),
            "back-off",
            "failure 3: drawn between 15 min and 2 h",
            id="back-off",
        ),
        pytest.param(
            builders.after_failing(builders.feed(), retry_after=HOUR),
            "retry-after",
            "the server asks for 60 min",
            id="ra",
        ),
        pytest.param(
            builders.after_failing(builders.feed(failing_since=NOW - 20 * DAY)),
            "weekly",
            "it has failed for 20 days",
            id="weekly",
        ),
    ],
)
def test_plan_says_why_in_words(found: NextPoll, name: str, note: str) -> None:
    assert builders.plan(found)[name].note == note


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(builders.after(builders.steady(24.0)), id="policy"),
        pytest.param(
            builders.after(builders.steady(5000.0), document=builders.document(total=2)), id="floor"
        ),
        pytest.param(builders.after(builders.steady(1.0, every_seconds=60.0)), id="operator"),
        pytest.param(
            builders.after(builders.steady(24.0), document=builders.document(skip_hours=(9, 10))),
            id="skip",
        ),
        pytest.param(
            builders.after_failing(builders.feed(), retry_after=3 * HOUR), id="retry-after"
        ),
        pytest.param(builders.after_failing(builders.feed(), "network_down"), id="nobody"),
        pytest.param(
            builders.after_failing(builders.feed(gone_streak=2, gone_since=NOW - 9 * DAY), "gone"),
            id="gone",
        ),
    ],
)
def test_winner_is_what_is_done(found: NextPoll) -> None:
    winner = builders.winner(found)
    assert (winner.due_at, winner.input) == (found.due_at, found.reason)
    assert len(found.plan) <= 8
