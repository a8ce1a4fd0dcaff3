"""Where redirects lead: the turn that each takes at another host, and what robots.txt says there."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from jobs import host_leases, queues
from jobs.clock import RecordedClock
from jobs.host_leases import PoliteFetcher
from jobs.worker import QueueWorker
from pipeline.decide import holds
from pipeline.errors import FetchError
from pipeline.model import Request, Response, Robots
from pipeline.storage import hosts
from pipeline.storage.database import connected
from tests.jobs.live import wired
from tests.jobs.site import Answer, rss
from tests.jobs.world import World
from tests.pipeline.storage.builders import hold

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from jobs.queues import Tools
    from tests.jobs.site import Site

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LEASE = timedelta(seconds=60)
HOME, AWAY, THIRD = "home.example", "away.example", "third.example"
FEED = f"https://{HOME}/feed"
TARGET = f"https://{AWAY}/feed"
ROBOTS = f"https://{AWAY}/robots.txt"
LIMIT = 20.0  # seconds until a test that hangs is given up


@dataclass(slots=True)
class Web:
    """A visitor on a real database, and a web that answers by address; the clock stands still."""

    world: World
    visitor: PoliteFetcher
    clock: RecordedClock
    answers: dict[str, Response]
    asked: list[str] = field(default_factory=list)
    leased: list[set[str]] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def exchange(self, _: Request, url: str) -> Response:
        self.asked.append(url)
        self.leased.append(set(self.world.values(LEASED)))
        if self.meanwhile:
            await self.meanwhile()
        if url not in self.answers:
            raise FetchError("connect", url)
        return self.answers[url]

    async def get(self, purpose: Any = "feed", url: str = FEED) -> Response:
        return await asyncio.wait_for(self.visitor.fetch(Request(url=url, purpose=purpose)), LIMIT)

    async def failure(self, purpose: Any = "feed", url: str = FEED) -> FetchError:
        with pytest.raises(FetchError) as raised:
            await self.get(purpose, url)
        return raised.value

    def host(self, name: str = AWAY) -> tuple[Any, ...] | None:
        """Whether a host is leased, and how many seconds it is left alone."""
        query = (
            "SELECT lease_token IS NOT NULL, extract(epoch FROM next_request_at - %s)::float"
            " FROM ingest.hosts WHERE host = %s"
        )
        return next(iter(self.world.rows(query, NOW, name)), None)


LEASED = "SELECT host FROM ingest.hosts WHERE lease_token IS NOT NULL"


def to(url: str, status: int = 302) -> Response:
    return Response("", status, {"location": url})


def says(text: str = "", status: int = 200) -> Response:
    return Response("", status, {}, text.encode())


@asynccontextmanager
async def _visiting(
    url: str, answers: dict[str, Response], *, feeds: bool = False, wait_seconds: float = 0.0
) -> AsyncIterator[Web]:
    async with connected(url, connections=4) as db:
        clock = RecordedClock(NOW)
        located = {place: _at(place, answer) for place, answer in answers.items()}

        async def exchange(request: Request, place: str) -> Response:
            return await web.exchange(request, place)

        visitor = PoliteFetcher(
            db=db,
            clock=clock,
            exchange=exchange,
            interval_seconds=5.0,
            heeded=frozenset({"feed", "page"} if feeds else {"page"}),
            wait_seconds=wait_seconds,
        )
        web = Web(World(url), visitor, clock, located)
        yield web


def _at(url: str, answer: Response) -> Response:
    return Response(url, answer.status, answer.headers, answer.body, NOW)


@pytest.fixture(autouse=True)
def no_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for between robots.txt and the page is noted, not waited for."""
    monkeypatch.setattr(host_leases, "LOOK_AGAIN_SECONDS", 0.01)


def test_a_redirect_takes_the_turn_of_another_host(database_url: str) -> None:
    async def go() -> None:
        async with _visiting(database_url, {FEED: to(TARGET), TARGET: says("x")}) as web:
            got = await web.get()
            assert (got.url, [hop.url for hop in got.hops]) == (TARGET, [FEED])
            assert web.leased == [set(), {AWAY}]
            assert web.host() == (False, 5.0)  # given back, and left alone for the interval

    asyncio.run(go())


def test_a_redirect_within_the_host_takes_nothing(database_url: str) -> None:
    async def go() -> None:
        answers = {FEED: to("/b"), f"https://{HOME}/b": to(f"http://{HOME}/c")}
        async with _visiting(database_url, answers | {f"http://{HOME}/c": says()}) as web:
            await web.get()
            assert web.leased == [set()] * 3
            assert web.host(HOME) is None

    asyncio.run(go())


def test_each_host_on_the_way_is_left_before_the_next(database_url: str) -> None:
    async def go() -> None:
        third = f"https://{THIRD}/x"
        async with _visiting(
            database_url, {FEED: to(TARGET), TARGET: to(third), third: says()}
        ) as web:
            await web.get()
            assert web.leased == [set(), {AWAY}, {THIRD}]

    asyncio.run(go())


@pytest.mark.parametrize("reason", ["connect", "http_4xx"])
def test_a_failure_there_gives_the_host_back(database_url: str, reason: str) -> None:
    async def go() -> None:
        answers = {FEED: to(TARGET)} | ({TARGET: says(status=404)} if reason == "http_4xx" else {})
        async with _visiting(database_url, answers) as web:
            assert (await web.failure()).reason == reason
            assert web.host() == (False, 5.0)

    asyncio.run(go())


def test_a_task_that_is_cut_off_gives_the_host_back(database_url: str) -> None:
    async def go() -> None:
        async with _visiting(database_url, {FEED: to(TARGET), TARGET: says()}) as web:
            there = asyncio.Event()

            async def stay() -> None:
                if len(web.asked) == 2:
                    there.set()
                    await asyncio.sleep(LIMIT)

            web.meanwhile = stay
            task = asyncio.create_task(web.get())
            await asyncio.wait_for(there.wait(), LIMIT)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert web.host() == (False, 5.0)

    asyncio.run(go())


async def _hold(web: Web, host: str, wish: timedelta) -> None:
    db = web.visitor.db
    await hosts.take(db, host, uuid.uuid4(), now=NOW - 2 * LEASE)
    await hold(db, host, FetchError("rate_limited", host, retry_after=wish))


def test_a_host_that_wants_to_be_left_alone_is_not_asked(database_url: str) -> None:
    async def go() -> None:
        async with _visiting(database_url, {FEED: to(TARGET), TARGET: says()}) as web:
            await _hold(web, AWAY, timedelta(hours=3))
            failure = await web.failure()
            assert (failure.reason, failure.retry_after) == ("rate_limited", timedelta(hours=3))
            assert AWAY in failure.message
            assert web.asked == [FEED]
            assert failure.response is not None
            assert failure.response.status == 302
            assert holds.to_hold(HOME, failure) is None  # nobody's else hold grows by it

    asyncio.run(go())


def test_a_hold_that_is_over_holds_nobody(database_url: str) -> None:
    async def go() -> None:
        async with _visiting(database_url, {FEED: to(TARGET), TARGET: says()}) as web:
            await _hold(web, AWAY, timedelta(hours=3))
            web.clock.moment = NOW + timedelta(hours=3)
            assert (await web.get()).url == TARGET
            assert web.world.values("SELECT hold_reason FROM ingest.hosts") == [None]

    asyncio.run(go())


@pytest.mark.parametrize(
    ("leased_for", "cool_for"),
    [pytest.param(LEASE, None, id="asked by others"), pytest.param(None, LEASE, id="cooling")],
)
def test_a_host_that_stays_busy_is_given_up(
    database_url: str, leased_for: timedelta | None, cool_for: timedelta | None
) -> None:
    async def go() -> None:
        async with _visiting(
            database_url, {FEED: to(TARGET), TARGET: says()}, wait_seconds=0.05
        ) as web:
            token = uuid.uuid4()
            assert await hosts.take(web.visitor.db, AWAY, token, now=NOW)
            if cool_for:
                again_at = NOW + cool_for
                await hosts.release(web.visitor.db, AWAY, token, next_request_at=again_at)
            failure = await web.failure()
            assert failure.reason == "host_busy"
            assert AWAY in failure.message
            assert web.asked == [FEED]
            assert web.host() == (leased_for is not None, 60.0 if cool_for else 0.0)

    asyncio.run(go())


def test_a_redirect_waits_for_its_turn(database_url: str) -> None:
    async def go() -> None:
        async with _visiting(
            database_url, {FEED: to(TARGET), TARGET: says()}, wait_seconds=LIMIT
        ) as web:
            token = uuid.uuid4()
            await hosts.take(web.visitor.db, AWAY, token, now=NOW)
            task = asyncio.create_task(web.get())
            while not web.asked:  # noqa: ASYNC110 - what is awaited is not ours to signal
                await asyncio.sleep(0.01)
            await hosts.release(web.visitor.db, AWAY, token, next_request_at=NOW)
            assert (await task).url == TARGET

    asyncio.run(go())


def test_two_that_lead_to_each_others_host_do_not_wait_for_ever(database_url: str) -> None:
    async def go() -> None:
        answers = {FEED: to(TARGET), TARGET: to(FEED)}
        async with _visiting(database_url, answers, wait_seconds=0.05) as web:
            for host in (HOME, AWAY):
                await hosts.take(web.visitor.db, host, uuid.uuid4(), now=NOW)
            one, other = await asyncio.gather(web.failure(), web.failure(url=TARGET))
            assert (one.reason, other.reason) == ("host_busy", "host_busy")

    asyncio.run(go())


def test_the_lease_is_pushed_while_the_host_is_asked(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_leases, "RENEW_SECONDS", 0.01)
    until = "SELECT leased_until FROM ingest.hosts"

    async def go() -> None:
        async with _visiting(database_url, {FEED: to(TARGET), TARGET: says()}) as web:

            async def last() -> None:
                if len(web.asked) == 2:
                    assert web.world.value(until) == NOW + LEASE
                    web.clock.moment = NOW + LEASE
                    while web.world.value(until) != NOW + 2 * LEASE:  # noqa: ASYNC110 - it is a row
                        await asyncio.sleep(0.01)

            web.meanwhile = last
            await web.get()

    asyncio.run(go())


REFUSES = "User-agent: *\nDisallow: /feed\n"
SLOW = "User-agent: *\nCrawl-delay: 30\n"
HEEDED = [
    ("pages ask first", "page", False, says(SLOW), None, [FEED, ROBOTS, TARGET], 30.0),
    ("pages obey", "page", False, says(REFUSES), "robots", [FEED, ROBOTS], 5.0),
    ("pages wait for it", "page", False, says(status=500), "http_5xx", [FEED, ROBOTS], 5.0),
    ("there is none", "page", False, says(status=404), None, [FEED, ROBOTS, TARGET], 5.0),
    ("feeds need not", "feed", False, says(REFUSES), None, [FEED, TARGET], 5.0),
    ("feeds obey when told to", "feed", True, says(REFUSES), "robots", [FEED, ROBOTS], 5.0),
    ("robots.txt never does", "robots", True, says(REFUSES), None, [FEED, TARGET], 5.0),
]


@pytest.mark.parametrize(
    ("purpose", "feeds", "answer", "reason", "asked", "pause"),
    [row[1:] for row in HEEDED],
    ids=[row[0] for row in HEEDED],
)
def test_robots_txt_of_the_other_host_is_obeyed(
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    purpose: str,
    *,
    feeds: bool,
    answer: Response,
    reason: str | None,
    asked: list[str],
    pause: float,
) -> None:
    async def go() -> None:
        answers = {FEED: to(TARGET), TARGET: says(), ROBOTS: answer}
        async with _visiting(database_url, answers, feeds=feeds) as web:
            rests = _rests(monkeypatch)
            # What the first host allows is known: its caller has asked.
            await _know(web, HOME, "")
            got = await web.failure(purpose) if reason else await web.get(purpose)
            assert (got.reason if isinstance(got, FetchError) else None) == reason
            assert web.asked == asked
            assert web.host() == (False, pause)
            assert rests == ([5.0] if ROBOTS in asked else [])

    asyncio.run(go())


def _rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The intervals that were waited for, without waiting for them."""
    rests: list[float] = []
    sleep = asyncio.sleep

    async def rest(seconds: float) -> None:
        if seconds == 5.0:
            rests.append(seconds)
        await sleep(0 if seconds == 5.0 else seconds)

    monkeypatch.setattr(asyncio, "sleep", rest)
    return rests


async def _know(web: Web, host: str, text: str) -> None:
    token = uuid.uuid4()
    await hosts.take(web.visitor.db, host, token, now=NOW)
    known = Robots(text=text, reason=None, fetched_at=NOW)
    async with web.visitor.db.transaction() as tx:
        await hosts.store_robots(tx, host, known)
    await hosts.release(web.visitor.db, host, token, next_request_at=NOW)


def test_a_page_is_not_led_where_its_own_host_forbids(database_url: str) -> None:
    async def go() -> None:
        inside = f"https://{HOME}/members/1"
        async with _visiting(database_url, {FEED: to(inside), inside: says()}) as web:
            await _know(web, HOME, "User-agent: *\nDisallow: /members\n")
            assert (await web.failure("page")).reason == "robots"
            assert web.asked == [FEED]

    asyncio.run(go())


def test_robots_txt_that_leads_back_to_the_caller_does_not_wait_for_him(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go() -> None:
        back = f"https://{HOME}/robots.txt"
        answers = {FEED: to(TARGET), TARGET: says(), ROBOTS: to(back), back: says(REFUSES)}
        async with _visiting(database_url, answers) as web:
            _rests(monkeypatch)
            await hosts.take(web.visitor.db, HOME, uuid.uuid4(), now=NOW)
            assert (await web.failure("page")).reason == "robots"
            assert web.asked == [FEED, ROBOTS, back]

    asyncio.run(go())


def test_robots_txt_is_recorded_as_it_came(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go() -> None:
        busy = Response("", 429, {"retry-after": "90"})
        async with _visiting(database_url, {FEED: to(TARGET), ROBOTS: busy}) as web:
            _rests(monkeypatch)
            failure = await web.failure("page")
            assert failure.reason == "rate_limited"
            query = "SELECT url, purpose, status, reason FROM ingest.fetches"
            assert web.world.rows(query) == [(ROBOTS, "robots", 429, "rate_limited")]
            assert web.host() == (False, 90.0)  # as long as it wants, and no longer
            assert holds.to_hold(HOME, failure) is None

    asyncio.run(go())


def test_a_redirect_to_no_host_is_bad_url(database_url: str) -> None:
    async def go() -> None:
        async with _visiting(database_url, {FEED: to("https://a..b.example/")}) as web:
            assert (await web.failure()).reason == "bad_url"

    asyncio.run(go())


def test_replicas_ask_a_host_that_redirects_lead_to_one_after_the_other(
    database_url: str, sites: Callable[[], Site]
) -> None:
    site, world = sites(), World(database_url)
    port = site.url.rpartition(":")[2]
    feed = Answer(body=rss("Town", []), headers={"Content-Type": "application/rss+xml"})
    slow = Answer(body=feed.body, headers=feed.headers, slow_seconds=0.03)
    site.put("/there", slow)
    site.put("/away", Answer(status=302, headers={"Location": f"http://{AWAY}:{port}/there"}))
    world.add_feeds(
        *(f"http://f{n}.example:{port}/away" for n in range(8)),
        *(f"http://{AWAY}:{port}/there?{n}" for n in range(2)),
    )
    for n in range(2):
        site.put(f"/there?{n}", slow)

    async def drained(tools: Tools) -> int:
        return await QueueWorker(
            line=queues.feeds(tools), db=tools.db, clock=tools.clock, width=10
        ).run()

    async def go() -> int:
        async with wired(database_url) as one, wired(database_url) as other:
            return sum(await asyncio.gather(drained(one), drained(other)))

    assert asyncio.run(asyncio.wait_for(go(), 60)) == 10
    assert Counter(path.partition("?")[0] for path in site.paths()) == {"/away": 8, "/there": 10}
    assert site.most_at_once[f"{AWAY}:{port}"] == 1
    assert world.leases() == 0
    assert world.values("SELECT DISTINCT outcome FROM news.polls") == ["changed"]
