"""Writes of many tasks in few statements, without timers: group commit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

One = TypeVar("One")
Got = TypeVar("Got")

MOST = 64  # of one statement: more saves nothing and holds more locks


class WriteBatcher(Generic[One, Got]):
    """What comes while a write is under way goes with the next one.

    A lone value is written at once, so nobody waits for company; the busier it gets, the larger
    the batches grow.
    """

    def __init__(self, write: Callable[[Sequence[One]], Awaitable[Sequence[Got]]]) -> None:
        """`write` takes values and returns what each came to, in their order."""
        self._write = write
        self._waiting: list[tuple[One, asyncio.Future[Got]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def __call__(self, one: One) -> Got:
        """Write one value; return or raise what came of it."""
        answer: asyncio.Future[Got] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        if self._writer is None:
            self._writer = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[:MOST]
                del self._waiting[:MOST]
                if not await self._written(batch):
                    for alone in batch:  # one bad value must not cost the others theirs
                        await self._written([alone])
        finally:
            self._writer = None

    async def _written(self, batch: Sequence[tuple[One, asyncio.Future[Got]]]) -> bool:
        """Write a batch and hand out the answers; False when it failed and can be taken apart."""
        try:
            found = await self._write([one for one, _ in batch])
        except Exception as error:  # noqa: BLE001 - it belongs to the task that waits for it
            if len(batch) > 1:
                return False
            if not batch[0][1].done():
                batch[0][1].set_exception(error)
            return True
        for (_, answer), got in zip(batch, found, strict=True):
            if not answer.done():
                answer.set_result(got)
        return True
