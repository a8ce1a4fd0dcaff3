"""Our own outage and that of others, told apart on real sockets."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest

from jobs import queues
from jobs.network import Network
from jobs.worker import QueueWorker
from pipeline.errors import FetchError
from pipeline.model import Request, Response
from pipeline.storage import feeds
from pipeline.storage.database import connected
from pipeline.web.fetch import Client, ClientOptions
from pipeline.web.probe import reaching
from pipeline.web.redirects import following
from tests.jobs.street import Street
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)


def _network(street: Street, *known: int) -> Network:
    origins = [street.origins[number] for number in known]
    return Network(reaching(LOOPBACK), origins, look_again_seconds=0.0)


async def _reason(network: Network, url: str, error: FetchError | None) -> str | None:
    """What a fetch of `url` that ends so is told to be."""

    async def fetch(request: Request) -> Response:
        if error:
            raise error
        return Response(request.url)

    try:
        await network.watched(fetch)(Request(url=url, purpose="feed"))
    except FetchError as raised:
        return raised.reason
    return None


@pytest.mark.parametrize("reason", ["connect", "dns"])
def test_failure_is_ours_when_nobody_can_be_reached(reason: str) -> None:
    async def scenario() -> None:
        street = Street(4)
        network = _network(street, 1, 2, 3)
        assert await _reason(network, street.feeds[0], FetchError(reason, "x")) == "network_down"
        assert not await network.is_there()

    asyncio.run(scenario())


def test_failure_is_the_hosts_when_one_other_can_be_reached() -> None:
    async def scenario() -> None:
        street = Street(4)
        await street.open(1)
        network = _network(street, 1, 2, 3)
        assert await _reason(network, street.feeds[0], FetchError("connect", "x")) == "connect"
        assert await network.is_there()
        await street.shut()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(FetchError("timeout", "x"), id="timeout"),
        pytest.param(FetchError("tls", "x"), id="tls"),
        pytest.param(FetchError("blocked_address", "x"), id="refused-by-our-guard"),
        pytest.param(
            FetchError("http_5xx", "x", response=Response("http://a.example/", 503)), id="5xx"
        ),
    ],
)
def test_other_failures_are_never_ours(error: FetchError) -> None:
    async def scenario() -> None:
        street = Street(4)
        assert await _reason(_network(street, 1, 2, 3), street.feeds[0], error) == error.reason

    asyncio.run(scenario())


def test_two_hosts_that_are_down_are_no_outage_of_ours() -> None:
    async def scenario() -> None:
        street = Street(2)
        network = _network(street, 0, 1)
        assert await _reason(network, street.feeds[0], FetchError("connect", "x")) == "connect"

    asyncio.run(scenario())


def test_hosts_that_failed_together_are_no_witnesses_of_each_other() -> None:
    async def scenario() -> None:
        street = Street(6)
        await street.open(4, 5)
        network = _network(street, 0, 1, 2, 3, 4, 5)
        fetches = (_reason(network, url, FetchError("dns", "x")) for url in street.feeds[:4])
        assert await asyncio.gather(*fetches) == ["dns"] * 4
        await street.shut()

    asyncio.run(scenario())


def test_one_hoster_that_is_down_is_no_outage_of_ours() -> None:
    """Its sites answered last; many others can be reached."""

    async def scenario() -> None:
        street = Street(20)
        await street.open(*range(10))
        network = _network(street, *range(20))
        reasons = [
            await _reason(network, url, FetchError("connect", "x")) for url in street.feeds[10:]
        ]
        assert reasons.count("connect") >= 8  # a look takes six by chance: 2 in 1,000 miss all
        assert await network.is_there()
        await street.shut()

    asyncio.run(scenario())


def test_network_is_back_when_one_host_takes_connections_again() -> None:
    async def scenario() -> None:
        street = Street(4)
        network = _network(street, 1, 2, 3)
        await _reason(network, street.feeds[0], FetchError("connect", "x"))
        assert not await network.is_there()
        await street.open(2)
        assert await network.is_there()
        await street.shut()

    asyncio.run(scenario())


def test_any_answer_shows_that_the_network_is_there() -> None:
    async def scenario() -> None:
        street = Street(4)
        network = _network(street, 1, 2, 3)
        await _reason(network, street.feeds[0], FetchError("connect", "x"))
        refusal = FetchError("http_4xx", "x", response=Response(street.feeds[1], 403))
        await _reason(network, street.feeds[1], refusal)
        assert await network.is_there()

    asyncio.run(scenario())


def test_those_that_answer_become_witnesses() -> None:
    async def scenario() -> None:
        street = Street(3)
        network = _network(street)
        await _reason(network, street.feeds[1], None)
        await _reason(network, street.feeds[2], None)
        assert await _reason(network, street.feeds[0], FetchError("dns", "x")) == "network_down"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        pytest.param("http://127.0.1.1:{port}", True, id="open"),
        pytest.param("http://127.0.1.2:{port}", False, id="shut"),
        pytest.param("http://10.0.0.1:{port}", False, id="not-allowed"),
        pytest.param("http://no-such-name.invalid", False, id="no-such-name"),
    ],
)
def test_reaching_is_connecting(origin: str, *, expected: bool) -> None:
    async def scenario() -> bool:
        street = Street(1)
        async with street:
            return await reaching(LOOPBACK)(origin.format(port=street.port))

    assert asyncio.run(scenario()) is expected


class Minutes:
    """A clock that stands where it is set."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    async def read(self) -> datetime:
        return self.moment

    def now(self) -> datetime:
        return self.moment


STATE = (
    "SELECT feed_id, failure_streak, failing_since, poll_interval, entry_rate, last_error"
    " FROM ingest.feed_state ORDER BY 1"
)
DUE = "SELECT count(*) FROM news.feeds WHERE next_poll_at <= %s"


def test_five_minutes_without_network_charge_no_feed(database_url: str) -> None:
    """Every connect is refused for five simulated minutes; then polling is back in one."""
    street, clock, world = Street(6), Minutes(NOW), World(database_url)

    async def scenario() -> None:
        async with opened(world.url, clock, street) as tools:
            drain = partial(
                QueueWorker, line=queues.feeds(tools), db=tools.db, clock=clock, width=4
            )
            await feeds.add(tools.db, street.feeds, now=clock.moment)
            await street.open()
            assert await drain().run() == 6
            before = world.rows(STATE)
            clock.moment += timedelta(days=4)  # whatever was learned, all are due
            assert world.value(DUE, clock.moment) == 6

            await street.shut()
            for _ in range(30):
                await drain().run()
                clock.moment += timedelta(seconds=10)
            assert world.rows(STATE) == before
            lost = world.rows("SELECT reason FROM news.polls WHERE outcome = 'failed'")
            assert set(lost) == {("network_down",)}
            assert len(lost) <= 6

            await street.open()
            back_at = clock.moment
            for _ in range(6):
                await drain().run()
                clock.moment += timedelta(seconds=10)
            assert (
                world.value(
                    "SELECT count(DISTINCT feed_id) FROM news.polls"
                    " WHERE polled_at >= %s AND outcome <> 'failed'",
                    back_at,
                )
                == 6
            )
            await street.shut()

    asyncio.run(scenario())


@asynccontextmanager
async def opened(url: str, clock: Minutes, street: Street) -> AsyncIterator[queues.Tools]:
    """The lines over the real client, with the network watched; houses may be asked at once."""
    options = ClientOptions(user_agent="test", allow_nets=LOOPBACK, ports=(street.port,))

    async def here(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    async with connected(url, connections=4) as db, Client(options, clock.now) as client:
        network = Network(reaching(LOOPBACK), (), look_again_seconds=0.0)
        yield queues.Tools(
            db=db,
            clock=clock,
            fetch=network.watched(following(client.exchange)),
            run=here,
            draws=random.Random(1),  # noqa: S311 - jitter
            is_online=network.is_there,
        )
