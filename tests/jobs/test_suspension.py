"""A process that stood still charges nobody for the deadlines that fired meanwhile."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from jobs import suspension
from jobs.suspension import STANDSTILL_SECONDS, Standstill
from pipeline.errors import FetchError
from pipeline.model import Request, Response

if TYPE_CHECKING:
    from pipeline.model import Fetch
    from pipeline.reasons import Reason

URL = "https://alder.example/feed"


class Hand:
    """A clock whose hand is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def _asked(fetch: Fetch) -> Response:
    return await fetch(Request(url=URL, purpose="feed"))


def _reason(hand: Hand, still: Standstill, reason: str, meanwhile: float) -> Reason:
    """What a fetch fails with that takes so many seconds in which nothing beats."""

    async def fetch(request: Request) -> Response:
        hand.seconds += meanwhile
        raise FetchError(reason, f"{request.url}: no answer")

    with pytest.raises(FetchError) as caught:
        asyncio.run(_asked(still.watched(fetch)))
    return caught.value.reason


@pytest.mark.parametrize("reason", sorted(suspension.UNREACHED))
def test_what_fails_over_a_standstill_is_nobodys_fault(reason: str) -> None:
    hand = Hand()
    still = Standstill(hand)
    assert _reason(hand, still, reason, STANDSTILL_SECONDS - 0.1) == reason
    found = _reason(hand, still, reason, 3600)
    assert found == "network_down"
    assert found.policy.again_soon


def test_an_answer_is_an_answer() -> None:
    hand = Hand()
    assert _reason(hand, Standstill(hand), "http_5xx", 3600) == "http_5xx"


def test_a_standstill_explains_nothing_that_began_after_it() -> None:
    hand = Hand()
    still = Standstill(hand)
    assert _reason(hand, still, "timeout", 3600) == "network_down"
    hand.seconds += 1
    assert _reason(hand, still, "timeout", 1) == "timeout"


def test_a_standstill_that_a_beat_noticed_is_known_to_fetches_that_were_under_way() -> None:
    hand = Hand()
    still = Standstill(hand)
    began_at = hand()
    hand.seconds += 60
    still.beat()
    hand.seconds += 2
    still.beat()
    assert still.since(began_at) == 60
    assert still.since(hand()) == 0


def test_an_answer_passes() -> None:
    answer = Response(url=URL, fetched_at=datetime(2026, 3, 2, tzinfo=UTC))

    async def fetch(_: Request) -> Response:
        return answer

    async def scenario() -> Response:
        still = Standstill()
        async with still.noticed():
            return await _asked(still.watched(fetch))

    assert asyncio.run(scenario()) is answer
