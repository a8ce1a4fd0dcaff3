"""Writes that go together: batches, order, and failures that stay with their own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jobs.batcher import MOST, Batcher

if TYPE_CHECKING:
    from collections.abc import Sequence


class Writer:
    """Doubles numbers; refuses 13; keeps what it was given."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def __call__(self, values: Sequence[int]) -> list[int]:
        self.batches.append(list(values))
        await asyncio.sleep(0)
        if 13 in values:
            raise ValueError(values)
        return [2 * value for value in values]


def test_lone_value_is_written_at_once() -> None:
    writer = Writer()

    async def scenario() -> int:
        return await Batcher(writer)(4)

    assert asyncio.run(scenario()) == 8
    assert writer.batches == [[4]]


def test_what_comes_during_a_write_goes_with_the_next() -> None:
    writer = Writer()

    async def scenario() -> list[int]:
        together = Batcher(writer)
        return await asyncio.gather(*(together(value) for value in range(5)))

    assert asyncio.run(scenario()) == [0, 2, 4, 6, 8]
    assert sorted(value for batch in writer.batches for value in batch) == [0, 1, 2, 3, 4]
    assert len(writer.batches) <= 2


def test_batches_have_a_limit() -> None:
    writer = Writer()

    async def scenario() -> list[int]:
        together = Batcher(writer)
        return await asyncio.gather(*(together(value * 100) for value in range(3 * MOST)))

    assert asyncio.run(scenario()) == [200 * value for value in range(3 * MOST)]
    assert max(map(len, writer.batches)) == MOST


def test_bad_value_costs_only_itself() -> None:
    writer = Writer()

    async def scenario() -> list[int | BaseException]:
        together = Batcher(writer)
        return await asyncio.gather(
            *(together(value) for value in (12, 13, 14)), return_exceptions=True
        )

    first, second, third = asyncio.run(scenario())
    assert (first, third) == (24, 28)
    assert isinstance(second, ValueError)


def test_one_that_gave_up_waiting_does_not_stop_the_others() -> None:
    writer = Writer()

    async def scenario() -> int:
        together = Batcher(writer)
        tasks = [asyncio.create_task(together(value)) for value in (1, 2)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        return await tasks[1]

    assert asyncio.run(scenario()) == 4


def test_it_can_be_used_again_after_a_failure() -> None:
    writer = Writer()

    async def scenario() -> int:
        together = Batcher(writer)
        with pytest.raises(ValueError, match="13"):
            await together(13)
        return await together(1)

    assert asyncio.run(scenario()) == 2
