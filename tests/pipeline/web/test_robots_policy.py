"""Asking a host only for what its robots.txt allows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import FetchError, GoneError
from pipeline.model import Fetch, Request, Response, Robots
from pipeline.web import robots_policy

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ORIGIN = "https://tarn.example"
PAGE = Request(url=f"{ORIGIN}/members/1", purpose="page")
RULES = "User-agent: *\nDisallow: /members\nCrawl-delay: 7\n"


async def _says(request: Request) -> Response:
    assert (request.url, request.purpose) == (f"{ORIGIN}/robots.txt", "robots")
    return Response(request.url, body=RULES.encode(), fetched_at=NOW)


def _fails(reason: str) -> FetchError:
    failure = GoneError if reason == "gone" else FetchError
    return failure(reason, "robots.txt")


async def _page(request: Request) -> Response:
    return Response(request.url, body=b"page", fetched_at=NOW)


def _got(fetch: Fetch, known: Robots) -> Response:
    async def got() -> Response:
        return await robots_policy.polite(fetch, known, "Broadsheet")(PAGE)

    return asyncio.run(got())


def test_what_robots_txt_says_is_kept() -> None:
    known, answer = asyncio.run(robots_policy.ask(ORIGIN, _says, NOW))
    assert known == Robots(text=RULES, reason=None, fetched_at=NOW)
    assert isinstance(answer, Response)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        pytest.param("http_4xx", Robots(text="", reason=None, fetched_at=NOW), id="none-there"),
        pytest.param("gone", Robots(text="", reason=None, fetched_at=NOW), id="gone"),
        pytest.param("http_5xx", Robots(text=None, reason="http_5xx", fetched_at=NOW), id="5xx"),
        pytest.param("dns", Robots(text=None, reason="dns", fetched_at=NOW), id="unreachable"),
        pytest.param(
            "rate_limited", Robots(text=None, reason="rate_limited", fetched_at=NOW), id="429"
        ),
    ],
)
def test_host_without_robots_txt_allows_all_one_that_cannot_say_nothing(
    reason: str, kept: Robots
) -> None:
    error = _fails(reason)

    async def fails(_: Request) -> Response:
        raise error

    assert asyncio.run(robots_policy.ask(ORIGIN, fails, NOW)) == (kept, error)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        pytest.param(Robots(text=RULES, reason=None, fetched_at=NOW), "robots", id="refused"),
        pytest.param(Robots(text=None, reason="timeout", fetched_at=NOW), "timeout", id="unsaid"),
    ],
)
def test_page_that_may_not_be_asked_for_is_not(known: Robots, reason: str) -> None:
    async def never(_: Request) -> Response:
        raise AssertionError

    with pytest.raises(FetchError) as caught:
        _got(never, known)
    assert caught.value.reason == reason
    # What could not be had is asked for again: there is no point in coming back sooner.
    assert caught.value.retry_after == (robots_policy.UNKNOWN_FOR if reason == "timeout" else None)


def test_page_that_may_be_asked_for_is() -> None:
    known = Robots(text=RULES.replace("/members", "/cgi"), reason=None, fetched_at=NOW)
    response = _got(_page, known)
    assert response.body == b"page"


@pytest.mark.parametrize(
    ("known", "age", "expected"),
    [
        pytest.param(Robots(text=None, reason=None, fetched_at=None), 0, True, id="never"),
        pytest.param(Robots(text="", reason=None, fetched_at=NOW), 23, False, id="within-a-day"),
        pytest.param(Robots(text="", reason=None, fetched_at=NOW), 24, True, id="after-a-day"),
        pytest.param(Robots(text=None, reason="dns", fetched_at=NOW), 0.2, False, id="just-failed"),
        pytest.param(Robots(text=None, reason="dns", fetched_at=NOW), 0.25, True, id="failed"),
    ],
)
def test_robots_txt_is_asked_once_a_day_and_sooner_when_it_failed(
    known: Robots, age: float, expected: object
) -> None:
    assert robots_policy.must_ask(known, NOW + timedelta(hours=age)) is expected


@pytest.mark.parametrize(
    ("text", "interval", "expected"),
    [(RULES, 1.0, 7.0), (RULES, 9.0, 9.0), ("", 1.0, 1.0), (None, 1.0, 1.0)],
)
def test_longer_of_interval_and_crawl_delay_counts(
    text: str | None, interval: float, expected: float
) -> None:
    known = Robots(text=text, reason=None, fetched_at=NOW)
    assert robots_policy.pause(known, "Broadsheet", interval) == expected
