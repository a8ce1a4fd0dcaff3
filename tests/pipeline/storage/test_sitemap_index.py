"""A sitemap index as a feed: a few of its sitemaps are read with it, live or recorded."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from jobs.replay import replay
from pipeline import decide, flow, persist
from pipeline.decide import Failed, FeedRead
from pipeline.errors import FetchError, IngestError
from pipeline.model import Counts, Request, Response
from pipeline.storage import feeds
from pipeline.web.recorded_web import Archive, Recording
from tests.pipeline.storage.builders import NOW, claim_feed, on_database, rows, snapshot, value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from pipeline.model import DueFeed, Poll
    from pipeline.storage.database import Database

SITE = "https://alder.example"
INDEX = f"{SITE}/index.xml"
HOUR = timedelta(hours=1)
Answers = dict[str, bytes | IngestError]


def _index(*named: tuple[str, str | None]) -> bytes:
    told = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>"
        for loc, at in named
    )
    return f"<sitemapindex>{told}</sitemapindex>".encode()


def _pages(*names: str) -> bytes:
    urls = "".join(f"<url><loc>{SITE}/{name}</loc></url>" for name in names)
    return f"<urlset>{urls}</urlset>".encode()


async def _here(function: Callable[..., Any], *arguments: object) -> Any:
    return function(*arguments)


async def _asked(
    feed: DueFeed, answers: Answers
) -> tuple[FeedRead | decide.Same | Failed, list[str]]:
    """What a poll comes to, and the order of requests and pauses."""
    order: list[str] = []

    async def fetch(request: Request) -> Response:
        order.append(request.url.removeprefix(SITE))
        answer = answers[request.url.removeprefix(SITE)]
        if isinstance(answer, IngestError):
            raise answer
        return Response(request.url, 200, {"etag": '"1"'}, answer, NOW)

    async def pause() -> None:
        order.append("pause")

    return await flow.poll(feed, fetch, _here, lambda _: True, NOW, pause), order


async def _polled(db: Database, answers: Answers) -> tuple[Poll, list[str]]:
    feed = await claim_feed(db, INDEX)
    outcome, order = await _asked(feed, answers)
    poll = await persist.write_poll(db, feed, outcome, draw=0.5)
    assert poll
    return poll, order


DATED = _index(("/old.xml", "2026-01-01"), ("/new.xml.gz", "2026-03-01"))


@on_database
async def test_sitemaps_of_an_index_are_one_poll(db: Database) -> None:
    answers: Answers = {
        "/index.xml": gzip.compress(DATED),
        "/old.xml": _pages("a", "b"),
        "/new.xml.gz": gzip.compress(_pages("b", "c")),
    }
    poll, order = await _polled(db, answers)
    assert order == ["/index.xml", "pause", "/new.xml.gz", "pause", "/old.xml"]
    assert poll.counts == Counts(new=3, known=1, merged=1)
    urls = await rows(db, "SELECT url, position FROM news.entries ORDER BY position")
    assert urls == [(f"{SITE}/{name}", at) for at, name in enumerate("bca")]
    fetches = await rows(db, "SELECT url, feed_id, status, reason FROM news.fetches ORDER BY url")
    assert fetches == [
        (f"{SITE}{path}", 1, 200, None) for path in ("/index.xml", "/new.xml.gz", "/old.xml")
    ]
    assert await value(db, "SELECT count(*) FROM ingest.bodies") == 3
    assert await value(db, "SELECT etag FROM ingest.feed_state") == '"1"'


@on_database
async def test_index_without_dates_is_asked_anew_each_time(db: Database) -> None:
    answers: Answers = {"/index.xml": _index(("/a.xml", None)), "/a.xml": _pages("a")}
    await _polled(db, answers)
    state = "SELECT etag, last_modified, body_sha256 FROM ingest.feed_state"
    assert await rows(db, state) == [(None, None, None)]


@on_database
async def test_sitemap_that_fails_leaves_the_others(db: Database) -> None:
    answers: Answers = {
        "/index.xml": DATED,
        "/new.xml.gz": FetchError("timeout", "no answer"),
        "/old.xml": _pages("a"),
    }
    poll, _ = await _polled(db, answers)
    assert (poll.outcome, poll.counts) == ("changed", Counts(new=1))
    failed = "SELECT url, status, reason FROM news.fetches WHERE reason IS NOT NULL"
    assert await rows(db, failed) == [(f"{SITE}/new.xml.gz", None, "timeout")]
    # What is missing must not be hidden by an answer "not modified".
    assert await value(db, "SELECT etag FROM ingest.feed_state") is None


FAILURES: list[Any] = [
    pytest.param({"/a.xml": FetchError("http_5xx", "503")}, "http_5xx", id="no-answer"),
    pytest.param({"/a.xml": b"<html>no</html>"}, "not_a_feed", id="page"),
    pytest.param({"/a.xml": _index(("/b.xml", None))}, "not_a_feed", id="index-in-an-index"),
]


@pytest.mark.parametrize(("children", "reason"), FAILURES)
def test_poll_fails_when_no_sitemap_can_be_had(
    database_url: str, children: Answers, reason: str
) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        poll, order = await _polled(db, {"/index.xml": _index(("/a.xml", None)), **children})
        assert (poll.outcome, poll.reason, poll.status) == ("failed", reason, 200)
        assert order == ["/index.xml", "pause", "/a.xml"]

    scenario(database_url=database_url)


@on_database
async def test_sitemaps_elsewhere_are_not_asked_for(db: Database) -> None:
    index = _index(("https://other.example/a.xml", None))
    poll, order = await _polled(db, {"/index.xml": index})
    assert (poll.reason, order) == ("not_a_feed", ["/index.xml"])


@on_database
async def test_sitemap_that_asks_for_peace_holds_the_host_and_ends_the_poll(db: Database) -> None:
    answers: Answers = {
        "/index.xml": DATED,
        "/new.xml.gz": _pages("a"),
        "/old.xml": FetchError("rate_limited", "429", retry_after=HOUR),
    }
    poll, _ = await _polled(db, answers)
    assert poll.counts == Counts(new=1)
    held = "SELECT hold_reason, next_request_at FROM ingest.hosts"
    assert await rows(db, held) == [("rate_limited", NOW + HOUR)]


@on_database
async def test_host_that_asks_for_peace_is_not_asked_for_the_next_sitemap(db: Database) -> None:
    answers: Answers = {"/index.xml": DATED, "/new.xml.gz": FetchError("rate_limited", "429")}
    poll, order = await _polled(db, answers)
    assert poll.reason == "rate_limited"
    assert order == ["/index.xml", "pause", "/new.xml.gz"]


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        pytest.param(f"{SITE}/a.xml", {"authorization": "x"}, id="same-origin"),
        pytest.param("http://alder.example/a.xml", {}, id="other-scheme"),
    ],
)
def test_secrets_of_a_feed_stay_with_its_origin(
    database_url: str, child: str, expected: Mapping[str, str]
) -> None:
    @on_database
    async def scenario(db: Database) -> None:
        seen: list[Request] = []

        async def fetch(request: Request) -> Response:
            seen.append(request)
            body = _pages("a") if request.url == child else _index((child, None))
            return Response(request.url, body=body, fetched_at=NOW)

        feed = await claim_feed(db, INDEX)
        object.__setattr__(feed, "headers", {"authorization": "x"})
        outcome = await flow.poll(feed, fetch, _here, lambda _: True, NOW)
        assert isinstance(outcome, FeedRead)
        assert [request.headers for request in seen] == [{"authorization": "x"}, expected]

    scenario(database_url=database_url)


def _recorded(folder: Path, moment: datetime, bodies: Mapping[str, bytes]) -> list[Recording]:
    found = []
    for path, body in bodies.items():
        file = folder / f"{moment:%H}{path.replace('/', '-')}"
        file.write_bytes(body)
        is_feed = path == "/index.xml"
        found.append(Recording(url=f"{SITE}{path}", at=moment, is_feed=is_feed, file=file))
    return found


@on_database
async def test_recorded_index_is_replayed_as_it_was_polled(db: Database, tmp_path: Path) -> None:
    first = {"/index.xml": DATED, "/old.xml": _pages("a"), "/new.xml.gz": _pages("b")}
    index = _index(("/old.xml", "2026-01-01"), ("/new.xml.gz", "2026-03-02"))
    second = {"/index.xml": index, "/new.xml.gz": _pages("b", "c")}
    archive = Archive([*_recorded(tmp_path, NOW, first), *_recorded(tmp_path, NOW + HOUR, second)])
    await feeds.mark_replay(db)
    for _ in range(2):
        await replay(db, archive, _here, seen=lambda _: None, reached=lambda _: None)
        polls = await rows(db, "SELECT polled_at, new, known FROM news.polls ORDER BY poll_id")
        assert polls == [(NOW, 2, 0), (NOW + HOUR, 1, 2)]
    before = await snapshot(db)
    await replay(db, archive, _here, seen=lambda _: None, reached=lambda _: None)
    assert await snapshot(db) == before
