"""One request at a time to each machine."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network

import pytest

from pipeline.errors import FetchError
from pipeline.web.address_lock import AddressGate

OWN = (ip_network("127.0.0.0/8"),)
URL = "http://news.example/feed"
A, B, C = "93.184.216.34", "1.1.1.1", "2606:4700::1"


def _most_at_once(*hosts: tuple[str, ...]) -> int:
    """How many of these hosts' requests are under way together, at most."""
    running: list[int] = []
    most: list[int] = []

    async def ask(gate: AddressGate, number: int, addresses: tuple[str, ...]) -> None:
        async with gate.entered(addresses, URL):
            running.append(number)
            most.append(len(running))
            for _ in range(5):
                await asyncio.sleep(0)
            running.remove(number)

    async def go() -> None:
        gate = AddressGate(OWN)
        await asyncio.gather(*(ask(gate, number, host) for number, host in enumerate(hosts)))

    asyncio.run(asyncio.wait_for(go(), 10))
    return max(most)


@pytest.mark.parametrize(
    ("hosts", "most"),
    [
        pytest.param([(A,), (A,), (A,)], 1, id="one-address"),
        pytest.param([(A,), (B,), (C,)], 3, id="each-its-own"),
        pytest.param([(A, B), (B, C), (C, A)], 1, id="some-in-common"),
        pytest.param([(A, B), (B, A)], 1, id="in-any-order"),
        pytest.param([(A,), (f"::ffff:{A}",)], 1, id="one-machine-spelled-twice"),
        pytest.param([(A, A), (B,)], 2, id="named-twice"),
        pytest.param([("127.0.0.1",), ("127.0.0.1",)], 2, id="the-operators-own"),
        pytest.param([(), ()], 2, id="none"),
    ],
)
def test_requests_to_one_machine_follow_each_other(hosts: list[tuple[str, ...]], most: int) -> None:
    assert _most_at_once(*hosts) == most


def test_a_wait_that_grows_too_long_is_host_busy() -> None:
    async def go() -> FetchError:
        gate = AddressGate((), wait_seconds=0.02)
        async with gate.entered([A], URL):
            with pytest.raises(FetchError) as raised:
                async with gate.entered([B, A], URL):
                    raise AssertionError
            async with gate.entered([B], URL):  # what was taken on the way was given back
                pass
        return raised.value

    failure = asyncio.run(asyncio.wait_for(go(), 10))
    assert failure.reason == "host_busy"
    assert failure.message.startswith(URL)


def test_a_failure_gives_the_address_back() -> None:
    async def go() -> None:
        gate = AddressGate(())
        with pytest.raises(OSError, match="broken"):
            async with gate.entered([A], URL):
                raise OSError("broken")
        async with gate.entered([A], URL):
            pass

    asyncio.run(asyncio.wait_for(go(), 10))


def test_nothing_is_remembered_of_addresses_that_nobody_asks() -> None:
    async def go() -> int:
        gate = AddressGate(())
        for number in range(100):
            async with gate.entered([f"8.8.8.{number}"], URL):
                pass
        return len(gate._locks)

    assert asyncio.run(go()) == 0
