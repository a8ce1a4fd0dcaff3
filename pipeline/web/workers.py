"""The pool of processes that reads what came from the web: each task can be killed alone."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from concurrent.futures import TimeoutError as TaskTimeoutError
from contextlib import asynccontextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline.errors import WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

P = ParamSpec("P")
T = TypeVar("T")
TASK_SECONDS = 10.0
# Address space: 1 GiB for the task on top of what the interpreter and its libraries map.
MEMORY_BYTES = 1536 * 2**20
TASKS_PER_WORKER = 5000
IN_FLIGHT_PER_WORKER = 2


class Workers:
    """Runs pure functions in other processes; at most two tasks a worker are in flight."""

    def __init__(self, pool: ProcessPool, count: int, task_seconds: float) -> None:
        self._pool = pool
        self._task_seconds = task_seconds
        self._slots = asyncio.Semaphore(count * IN_FLIGHT_PER_WORKER)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `function(*args, **kwargs)`, or raise what it raises.

        Raises WorkerDiedError when the task outlasts its time, kills its process or runs out
        of memory; nothing else in the pool is lost by that.
        """
        name = getattr(function, "__qualname__", "task")
        async with self._slots:
            future = self._pool.schedule(
                function, args=args, kwargs=kwargs, timeout=self._task_seconds
            )
            try:
                # Cancelling the wrapped future would kill its worker.
                return await asyncio.shield(asyncio.wrap_future(future))
            except TaskTimeoutError as error:
                raise WorkerDiedError(
                    "worker_timeout", f"{name} took over {self._task_seconds:g} s"
                ) from error
            except ProcessExpired as error:
                code = error.exitcode
                ended = signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
                raise WorkerDiedError(
                    "worker_killed", f"{name} ended its process: {ended}"
                ) from error
            except MemoryError as error:
                raise WorkerDiedError("worker_killed", f"{name} ran out of memory") from error


@asynccontextmanager
async def started(count: int, task_seconds: float = TASK_SECONDS) -> AsyncIterator[Workers]:
    """Open a pool of `count` processes, which start with the first tasks; end them all after.

    A task that takes longer than `task_seconds` is killed.
    """
    # One thread for numpy's linear algebra: it would take address space for each core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    pool = ProcessPool(
        max_workers=count,
        max_tasks=TASKS_PER_WORKER,
        initializer=_prepare,
        context=get_context("spawn"),
    )
    try:
        yield Workers(pool, count, task_seconds)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        await asyncio.to_thread(pool.join)


def _prepare() -> None:
    """Make a worker bounded, deaf to Ctrl-C (its parent decides), and warm."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
