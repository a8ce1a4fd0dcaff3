"""The pool of processes: what ends one task ends nothing else. One pool serves all tests.

Tasks are functions of the standard library: a worker imports no test.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import resource
import signal
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.errors import BadUrlError, WorkerDiedError
from pipeline.urls import fetchable
from pipeline.web import workers

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from pipeline.web.workers import Workers

CPU_SECONDS = 1.5  # in place of ten
WALL_SECONDS = 6.0  # in place of two minutes
FOREVER = range(10**15)  # summed in C, where no signal handler of Python runs
GIB = 2**30


class Pool:
    """A pool with the event loop it lives in."""

    def __init__(self, runner: asyncio.Runner, pool: Workers) -> None:
        self._runner = runner
        self.workers = pool

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run one task and wait for it."""
        return self.wait(self.workers.run(function, *args))

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine in the pool's loop."""
        return self._runner.run(work)


def _started(count: int, *limits: float) -> Iterator[Pool]:
    with asyncio.Runner() as runner:
        opened = workers.started(count, *limits)
        yield Pool(runner, runner.run(_entered(opened)))
        runner.run(_left(opened))


async def _entered(opened: Any) -> Any:
    return await opened.__aenter__()


async def _left(opened: Any) -> None:
    await opened.__aexit__(None, None, None)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Two workers that give a task little time."""
    yield from _started(2, CPU_SECONDS, WALL_SECONDS)


@pytest.fixture(scope="module")
def single() -> Iterator[Pool]:
    """One worker, so that it is known which."""
    yield from _started(1)


async def _gathered(*tasks: Coroutine[Any, Any, Any]) -> list[Any]:
    return await asyncio.gather(*tasks, return_exceptions=True)


def _died(function: Callable[..., Any], pool: Pool, *args: Any) -> tuple[str, str]:
    with pytest.raises(WorkerDiedError) as caught:
        pool.run(function, *args)
    return caught.value.reason, caught.value.message


def test_value_of_the_function_comes_back(pool: Pool) -> None:
    assert pool.run(divmod, 17, 5) == (3, 2)


def test_names_of_arguments_are_kept(pool: Pool) -> None:
    task = pool.workers.run(json.dumps, {"b": 1, "a": 2}, sort_keys=True)
    assert pool.wait(task) == '{"a": 2, "b": 1}'


def test_function_runs_in_another_process(pool: Pool) -> None:
    assert pool.run(os.getpid) != os.getpid()


def test_body_of_ten_megabytes_goes_there_and_comes_back(pool: Pool) -> None:
    body = bytes(10_000_000)
    assert pool.run(bytes.upper, body) == body


def test_builtin_error_of_the_function_is_raised(pool: Pool) -> None:
    with pytest.raises(ValueError, match="invalid literal for int"):
        pool.run(int, "many")


def test_error_of_ours_is_raised_with_its_reason(pool: Pool) -> None:
    with pytest.raises(BadUrlError) as caught:
        pool.run(fetchable, "mailto:desk")
    assert (caught.value.reason, "mailto" in caught.value.message) == ("bad_url", True)


def test_value_that_cannot_be_pickled_is_an_error_of_its_task_alone(pool: Pool) -> None:
    with pytest.raises(TypeError, match="pickle"):
        pool.run(open, os.devnull)
    assert pool.run(abs, -1) == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_task_that_kills_its_process_is_named_with_the_signal(
    number: signal.Signals, pool: Pool
) -> None:
    expected = ("worker_killed", f"raise_signal ended its process: {number.name}")
    assert _died(signal.raise_signal, pool, number) == expected


def test_task_that_ends_its_process_is_named_with_the_exit_code(pool: Pool) -> None:
    assert _died(os._exit, pool, 7) == ("worker_killed", "_exit ended its process: exit code 7")


def test_function_without_a_name_is_a_task(pool: Pool) -> None:
    nameless = partial(signal.raise_signal, signal.SIGKILL)
    assert _died(nameless, pool)[1] == "task ended its process: SIGKILL"


def test_killed_worker_takes_no_other_task_with_it(pool: Pool) -> None:
    work = [pool.workers.run(sum, range(n)) for n in range(2_000_000, 2_000_006)]
    killers = [pool.workers.run(signal.raise_signal, signal.SIGKILL) for _ in range(2)]
    found = pool.wait(_gathered(*killers, *work))
    assert [type(one) for one in found[:2]] == [WorkerDiedError, WorkerDiedError]
    assert found[2:] == [sum(range(n)) for n in range(2_000_000, 2_000_006)]


def test_task_that_takes_too_long_is_stopped(pool: Pool) -> None:
    assert _died(sum, pool, FOREVER) == ("worker_timeout", "sum used over 1.5 s of CPU time")


def test_stuck_worker_takes_no_other_task_with_it(pool: Pool) -> None:
    work = [pool.workers.run(divmod, n, 7) for n in range(20)]
    found = pool.wait(_gathered(pool.workers.run(sum, FOREVER), *work))
    assert isinstance(found[0], WorkerDiedError)
    assert found[1:] == [divmod(n, 7) for n in range(20)]


def test_task_that_wants_too_much_memory_is_refused_it(pool: Pool) -> None:
    assert _died(bytes, pool, 4 * GIB) == ("worker_killed", "bytes ran out of memory")


def test_memory_and_core_files_are_bounded(pool: Pool) -> None:
    expected = (workers.MEMORY_BYTES, workers.MEMORY_BYTES)
    assert pool.run(resource.getrlimit, resource.RLIMIT_AS) == expected
    assert pool.run(resource.getrlimit, resource.RLIMIT_CORE) == (0, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_the_whole_group_is_told_does_not_end_a_task(
    number: signal.Signals, pool: Pool
) -> None:
    """Ctrl-C and a service manager's signal reach the workers too; their parent decides."""
    assert pool.run(signal.raise_signal, number) is None
    assert pool.run(signal.getsignal, number) == signal.SIG_IGN


def test_cancelling_who_waits_does_not_kill_the_worker(single: Pool) -> None:
    async def cancelled() -> tuple[int, int]:
        before = await single.workers.run(os.getpid)
        waiting = asyncio.create_task(single.workers.run(sum, range(10_000_000)))
        done, _ = await asyncio.wait({waiting}, timeout=0.05)
        assert not done
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return before, await single.workers.run(os.getpid)

    before, after = single.wait(cancelled())
    assert before == after


def test_pool_outlives_the_death_of_a_worker_that_had_no_task(pool: Pool) -> None:
    """The kernel may choose an idle worker when memory is short."""

    async def killed() -> tuple[int, list[Any]]:
        before = await pool.workers.run(os.getpid)
        os.kill(before, signal.SIGKILL)
        return before, await _gathered(*(pool.workers.run(os.getpid) for _ in range(8)))

    for _ in range(3):
        before, after = pool.wait(killed())
        assert {type(number) for number in after} == {int}
        assert before not in after


def test_tasks_beyond_the_slots_wait_their_turn(single: Pool) -> None:
    found = single.wait(_gathered(*(single.workers.run(divmod, n, 7) for n in range(30))))
    assert found == [divmod(n, 7) for n in range(30)]


async def _alone(pool: Pool, function: Callable[..., Any], *args: Any) -> Any:
    async with pool.workers.alone() as run:
        return await run(function, *args)


def test_task_that_runs_alone_has_the_pool_to_itself(pool: Pool) -> None:
    """It begins when all before it have ended, and none after it begins before its end."""

    async def ended() -> list[str]:
        order: list[str] = []

        async def noted(name: str, work: Coroutine[Any, Any, Any]) -> None:
            await work
            order.append(name)

        run = pool.workers.run
        works = [
            *(("before", run(sum, range(4_000_000))) for _ in range(3)),
            ("alone", _alone(pool, sum, range(2_000_000))),
            *(("after", run(os.getpid)) for _ in range(3)),
            ("alone again", _alone(pool, os.getpid)),
        ]
        await asyncio.gather(*(noted(name, work) for name, work in works))
        return order

    expected = [*["before"] * 3, "alone", *["after"] * 3, "alone again"]
    assert pool.wait(ended()) == expected


@pytest.mark.parametrize(
    ("function", "argument", "reason"),
    [
        pytest.param(signal.raise_signal, signal.SIGKILL, "worker_killed", id="killed"),
        pytest.param(sum, FOREVER, "worker_timeout", id="stuck"),
        pytest.param(bytes, 4 * GIB, "worker_killed", id="greedy"),
    ],
)
def test_task_that_dies_alone_leaves_the_pool_open(
    pool: Pool, function: Callable[..., Any], argument: object, reason: str
) -> None:
    with pytest.raises(WorkerDiedError) as caught:
        pool.wait(_alone(pool, function, argument))
    assert caught.value.reason == reason
    assert pool.run(divmod, 17, 5) == (3, 2)


def test_cancelling_who_waits_to_be_alone_lets_the_others_in(pool: Pool) -> None:
    async def cancelled() -> list[Any]:
        busy = asyncio.create_task(pool.workers.run(sum, range(4_000_000)))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(_alone(pool, os.getpid))
        await asyncio.sleep(0)
        waiting.cancel()
        later = [pool.workers.run(abs, -n) for n in range(9)]
        return await asyncio.gather(busy, waiting, *later, return_exceptions=True)

    _, waiting, *rest = pool.wait(cancelled())
    assert isinstance(waiting, asyncio.CancelledError)
    assert rest == list(range(9))


def test_pool_that_was_never_used_ends_too() -> None:
    async def opened() -> None:
        async with workers.started(2):
            pass

    asyncio.run(opened())


def test_processes_end_with_the_pool_even_if_one_is_stuck() -> None:
    async def left_behind() -> int:
        async with workers.started(1) as opened:
            number = await opened.run(os.getpid)
            stuck = asyncio.create_task(opened.run(sum, FOREVER))
            await asyncio.wait({stuck}, timeout=0.3)
            stuck.cancel()
        return number

    number = asyncio.run(left_behind())
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_task_that_only_waits_ends_at_the_distant_limit(pool: Pool) -> None:
    assert _died(time.sleep, pool, 600) == ("worker_timeout", "sleep waited for over 6 s")


async def _begun(fifo: Path) -> int:
    """The writing end, which opens once a task has begun to read the other one."""
    while True:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            assert error.errno == errno.ENXIO  # noqa: PT017 - any other is a failure
            await asyncio.sleep(0.01)


def test_worker_that_gets_no_turn_for_longer_than_the_limit_loses_nothing(tmp_path: Path) -> None:
    """A busy machine in the extreme: stopped in the middle of a task, for longer than its limit."""
    fifo = tmp_path / "page"
    os.mkfifo(fifo)

    async def scenario() -> str:
        async with workers.started(1, CPU_SECONDS, WALL_SECONDS) as single:
            pid = await single.run(os.getpid)
            task = asyncio.create_task(single.run(Path.read_text, fifo))
            end = await asyncio.wait_for(_begun(fifo), WALL_SECONDS)
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(CPU_SECONDS + 1.5)
            # Killed by a wall limit, it reads no more and has no process left to continue.
            with suppress(BrokenPipeError, ProcessLookupError):
                os.write(end, b"the page")
                os.kill(pid, signal.SIGCONT)
            os.close(end)
            return await task

    assert asyncio.run(scenario()) == "the page"


def test_limit_is_of_each_task_and_not_of_the_worker(pool: Pool) -> None:
    burnt = [pool.run(sum, range(25_000_000)) for _ in range(6)]
    assert len(set(burnt)) == 1
