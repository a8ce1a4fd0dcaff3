"""The pool of processes that reads what came from the web: each task can be killed alone."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from concurrent.futures import TimeoutError as TaskTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

from pipeline.errors import WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

P = ParamSpec("P")
T = TypeVar("T")
CPU_SECONDS = 10.0
"""CPU time of one task. Not wall time: a busy machine must not turn healthy pages into failures."""
WALL_SECONDS = 120.0
"""For a task that sleeps or waits, and so uses no CPU time."""
# Address space: 1 GiB for the task on top of what the interpreter and its libraries map.
MEMORY_BYTES = 1536 * 2**20
TASKS_PER_WORKER = 5000
IN_FLIGHT_PER_WORKER = 2
LOOK_SECONDS = 1.0  # between two looks whether the pool is still there
# Workers are killed at once: SIGTERM first would, for a task inside C code, stop the whole pool
# for pebble's 3 s (it waits under the lock with which every worker takes its next task).
CONSTS.term_timeout = 0.0


class Workers:
    """Runs pure functions in other processes; at most two tasks a worker are in flight."""

    def __init__(self, count: int, cpu_seconds: float, wall_seconds: float) -> None:
        self._count = count
        self._cpu_seconds, self._wall_seconds = cpu_seconds, wall_seconds
        self._pool = _pool(count)
        self._slots = asyncio.Semaphore(count * IN_FLIGHT_PER_WORKER)
        self._door = asyncio.Lock()  # who has it is the next to get a slot

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `function(*args, **kwargs)`, or raise what it raises.

        Raises WorkerDiedError when the task uses up its time, kills its process or runs out
        of memory; nothing else in the pool is lost by that.
        """
        async with self._door:
            await self._slots.acquire()
        try:
            return await self._told(function, *args, **kwargs)
        finally:
            self._slots.release()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
        """Have the pool to oneself: what is given runs as `run` does, with nothing beside it.

        For what may have brought down the whole service before: it takes nobody with it, and
        nobody else is suspected with it.
        """
        async with self._door, AsyncExitStack() as stack:
            for _ in range(self._count * IN_FLIGHT_PER_WORKER):
                await stack.enter_async_context(self._slots)
            yield self._told

    async def _told(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of a task, or how it ended its worker."""
        name = getattr(function, "__qualname__", "task")
        try:
            return await self._answer(partial(function, *args, **kwargs))
        except TaskTimeoutError as error:
            raise WorkerDiedError(
                "worker_timeout", f"{name} waited for over {self._wall_seconds:g} s"
            ) from error
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGPROF:
                raise WorkerDiedError(
                    "worker_timeout", f"{name} used over {self._cpu_seconds:g} s of CPU time"
                ) from error
            code = error.exitcode
            ended = signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
            raise WorkerDiedError("worker_killed", f"{name} ended its process: {ended}") from error
        except MemoryError as error:
            raise WorkerDiedError("worker_killed", f"{name} ran out of memory") from error

    async def end(self) -> None:
        """Kill the processes, whatever they do."""
        await asyncio.to_thread(_end, self._pool)

    async def _answer(self, task: Callable[[], T]) -> T:
        try:
            return await self._in_pool(task)
        except BrokenProcessPool:  # it broke under the task, through no fault of the task
            return await self._in_pool(task)

    async def _in_pool(self, task: Callable[[], T]) -> T:
        # pebble gives up the whole pool, for good, when a worker dies that has no task (the
        # kernel may choose it when memory is short): then it is replaced.
        if not self._pool.active:
            broken, self._pool = self._pool, _pool(self._count)
            await asyncio.to_thread(_end, broken)
        pool = self._pool
        bounded = partial(_bounded, task, self._cpu_seconds)
        answer = asyncio.wrap_future(pool.schedule(bounded, timeout=self._wall_seconds))
        answer.add_done_callback(_noticed)
        # Unlike awaiting it, this does not cancel the answer: that would kill its worker.
        while not (await asyncio.wait({answer}, timeout=LOOK_SECONDS))[0]:
            if not pool.active:  # it forgets to tell those whom it had not begun
                raise BrokenProcessPool
        return answer.result()


@asynccontextmanager
async def started(
    count: int, cpu_seconds: float = CPU_SECONDS, wall_seconds: float = WALL_SECONDS
) -> AsyncIterator[Workers]:
    """Open a pool of `count` processes, which start with the first tasks; end them all after.

    A task that uses more CPU time than `cpu_seconds`, or is not done after `wall_seconds`, is
    killed.
    """
    # One thread for numpy's linear algebra: it would take address space for each core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    workers = Workers(count, cpu_seconds, wall_seconds)
    try:
        yield workers
    finally:
        await workers.end()


def _pool(count: int) -> ProcessPool:
    return ProcessPool(
        max_workers=count,
        max_tasks=TASKS_PER_WORKER,
        initializer=_prepare,
        context=get_context("spawn"),
    )


def _bounded(task: Callable[[], T], cpu_seconds: float) -> T:
    """Run a task in a worker, under a timer that counts the process's CPU time alone.

    The kernel ends the process when it runs out (SIGPROF, setitimer(2)): a loop inside C code that
    never comes back to the interpreter too. A process that is stopped, or waits for its turn on a
    busy machine, uses none.
    """
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return task()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _noticed(answer: asyncio.Future[Any]) -> None:
    """Take note of an error that nobody waits for any more, so that it is not reported."""
    if not answer.cancelled():
        answer.exception()


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _prepare() -> None:
    """Make a worker bounded, and deaf to what its whole process group is told to do.

    Ctrl-C and a service manager's SIGTERM reach the workers too: their parent decides, and a
    page that was being read must not count as one that killed its worker.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
