"""Calls of many tasks as few statements: group commit, and the same for reads."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

One = TypeVar("One")
Got = TypeVar("Got")

MOST = 64  # of one statement: more saves nothing and holds more locks


class Batcher(Generic[One, Got]):
    """What comes while a call is under way goes with the next one: the busier, the larger.

    Without `linger_seconds` a single value goes at once. With them it waits so long for others:
    for values that come one by one, and whose answer nobody is in a hurry for.
    """

    def __init__(
        self,
        call: Callable[[Sequence[One]], Awaitable[Sequence[Got]]],
        linger_seconds: float = 0.0,
    ) -> None:
        """`call` takes values and returns what each came to, in their order."""
        self._call = call
        self._linger_seconds = linger_seconds
        self._waiting: list[tuple[One, asyncio.Future[Got]]] = []
        self._caller: asyncio.Task[None] | None = None

    async def __call__(self, one: One) -> Got:
        """Return or raise what came of one value."""
        answer: asyncio.Future[Got] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        if self._caller is None:
            self._caller = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            if self._linger_seconds:
                await asyncio.sleep(self._linger_seconds)
            while self._waiting:
                batch = self._waiting[:MOST]
                del self._waiting[:MOST]
                if not await self._called(batch):
                    for alone in batch:  # one bad value must not cost the others theirs
                        await self._called([alone])
        finally:
            self._caller = None

    async def _called(self, batch: Sequence[tuple[One, asyncio.Future[Got]]]) -> bool:
        """Make one call and hand out the answers; False when it failed and can be taken apart."""
        try:
            found = await self._call([one for one, _ in batch])
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
