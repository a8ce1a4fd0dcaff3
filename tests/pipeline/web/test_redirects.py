from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from pipeline.errors import FetchError, GoneError, NotRecordedError
from pipeline.model import Hop, Request, Response
from pipeline.web.redirects import (
    GRACE_SECONDS,
    MAX_URL,
    address,
    bounded,
    following,
    retry_after,
    same_host,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from pipeline.model import Fetch

FEED = "http://news.example/feed"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ETAG, MODIFIED = '"v1"', "Mon, 02 Mar 2026 07:00:00 GMT"


class Web:
    """Answers by address, and what it was asked."""

    def __init__(self, answers: Mapping[str, tuple[int, dict[str, str]]]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.given: list[dict[str, str]] = []

    async def exchange(self, request: Request, url: str) -> Response:
        self.asked.append((url, request.etag, request.last_modified))
        self.given.append(dict(request.headers))
        if url not in self.answers:
            head = Response(url, 200, fetched_at=NOW)
            raise FetchError("truncated_transfer", f"{url}: cut", response=head)
        status, headers = self.answers[url]
        return Response(url, status, headers, b"body", NOW, duration_seconds=0.25)


def _fetched(web: Web, *, url: str = FEED, conditional: bool = False) -> Response:
    request = Request(url=url, purpose="feed")
    if conditional:
        request = Request(url=url, purpose="feed", etag=ETAG, last_modified=MODIFIED)
    return asyncio.run(_fetch(web, request))


async def _fetch(web: Web, request: Request) -> Response:
    return await following(web.exchange)(request)


def _failure(web: Web, *, url: str = FEED, conditional: bool = False) -> FetchError:
    with pytest.raises(FetchError) as raised:
        _fetched(web, url=url, conditional=conditional)
    return raised.value


def _to(location: str, status: int = 302) -> tuple[int, dict[str, str]]:
    return status, {"location": location}


OK: tuple[int, dict[str, str]] = (200, {})


@pytest.mark.parametrize("status", [200, 201, 203, 204])
def test_a_success_is_a_response(status: int) -> None:
    got = _fetched(Web({FEED: (status, {"etag": ETAG})}))
    assert (got.status, got.url, got.body, got.hops) == (status, FEED, b"body", ())
    assert got.headers == {"etag": ETAG}


def test_not_modified_answers_a_request_with_validators_and_has_no_body() -> None:
    got = _fetched(Web({FEED: (304, {})}), conditional=True)
    assert (got.status, got.body) == (304, b"")


def test_not_modified_without_validators_is_the_servers_fault() -> None:
    assert _failure(Web({FEED: (304, {})})).reason == "http_5xx"


STATUSES = [
    ("bad request", 400, {}, "http_4xx", None),
    ("not found", 404, {}, "http_4xx", None),
    ("for legal reasons", 451, {}, "http_4xx", None),
    ("too many", 429, {}, "rate_limited", None),
    ("too many, with a wish", 429, {"retry-after": "120"}, "rate_limited", 120),
    ("unavailable", 503, {}, "http_5xx", None),
    ("unavailable, with a wish", 503, {"retry-after": "120"}, "rate_limited", 120),
    ("server error", 500, {}, "http_5xx", None),
    ("server error, with a wish", 502, {"retry-after": "30"}, "http_5xx", 30),
    ("gone", 410, {}, "gone", None),
    ("a part", 206, {}, "truncated_transfer", None),
    ("a delta", 226, {}, "truncated_transfer", None),
    ("switching protocols", 101, {}, "http_5xx", None),
    ("use proxy", 305, {"location": "http://proxy.example/"}, "http_5xx", None),
    ("no status of http", 999, {}, "http_5xx", None),
]


@pytest.mark.parametrize(
    ("status", "headers", "reason", "wish"),
    [row[1:] for row in STATUSES],
    ids=[row[0] for row in STATUSES],
)
def test_other_statuses_are_failures_with_their_response(
    status: int, headers: dict[str, str], reason: str, wish: int | None
) -> None:
    failure = _failure(Web({FEED: (status, headers)}))
    assert failure.reason == reason
    assert failure.retry_after == (None if wish is None else timedelta(seconds=wish))
    assert failure.response is not None
    assert (failure.response.status, failure.response.body) == (status, b"body")
    assert failure.message == f"{FEED}: status {status}"


def test_only_410_is_gone() -> None:
    assert isinstance(_failure(Web({FEED: (410, {})})), GoneError)
    assert not isinstance(_failure(Web({FEED: (404, {})})), GoneError)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirects_are_followed_and_told(status: int) -> None:
    web = Web({FEED: _to("/new", status), "http://news.example/new": OK})
    got = _fetched(web)
    assert got.url == "http://news.example/new"
    assert got.requested_url == FEED
    assert got.hops == (Hop(url=FEED, status=status),)
    assert got.duration_seconds == 0.5


def _chain(length: int) -> Web:
    answers = {f"http://news.example/{n}": _to(f"/{n + 1}") for n in range(length)}
    return Web({**answers, f"http://news.example/{length}": OK})


def test_five_redirects_are_followed() -> None:
    got = _fetched(_chain(5), url="http://news.example/0")
    assert got.url == "http://news.example/5"
    assert [hop.url[-1] for hop in got.hops] == ["0", "1", "2", "3", "4"]


def test_six_redirects_are_too_many() -> None:
    web = _chain(6)
    assert _failure(web, url="http://news.example/0").reason == "redirect_loop"
    assert len(web.asked) == 6


@pytest.mark.parametrize("back", [FEED, "/feed", f"{FEED}#top"])
def test_a_loop_is_seen_at_once(back: str) -> None:
    web = Web({FEED: _to("/a"), "http://news.example/a": _to(back), back: _to("/a")})
    failure = _failure(web)
    assert failure.reason == "redirect_loop"
    assert failure.response is not None
    assert len(web.asked) <= 3


LOCATIONS = [
    ("absolute", "https://other.example/x", "https://other.example/x"),
    ("path", "/x", "http://news.example/x"),
    ("relative", "x?y=1", "http://news.example/a/x?y=1"),
    ("up", "../x", "http://news.example/x"),
    ("query only", "?page=2", "http://news.example/a/feed?page=2"),
    ("scheme relative", "//other.example/x", "http://other.example/x"),
    ("escapes stay", "/x?c=d+e%2Fx&%zz", "http://news.example/x?c=d+e%2Fx&%zz"),
    ("case stays", "/X%c3%A9", "http://news.example/X%c3%A9"),
    ("empty query stays", "http://news.example/x?", "http://news.example/x?"),
    ("space", "/a b", "http://news.example/a%20b"),
    ("space around", "  /x ", "http://news.example/x"),
    ("beyond ascii", "/café", "http://news.example/caf%C3%A9"),
    ("host beyond ascii", "http://zürich.example/x", "http://xn--zrich-kva.example/x"),
    ("fragment", "/x#part", "http://news.example/x"),
]


@pytest.mark.parametrize(
    ("location", "target"), [row[1:] for row in LOCATIONS], ids=[row[0] for row in LOCATIONS]
)
def test_location_is_resolved_without_rewriting_it(location: str, target: str) -> None:
    start = "http://news.example/a/feed"
    assert _fetched(Web({start: _to(location), target: OK}), url=start).url == target


NOT_LOCATIONS = [
    ("missing", {}),
    ("empty", {"location": ""}),
    ("file", {"location": "file:///etc/hostname"}),
    ("script", {"location": "javascript:alert(1)"}),
    ("ftp", {"location": "ftp://news.example/x"}),
    ("no host", {"location": "http:///x"}),
    ("open bracket", {"location": "http://[/x"}),
    ("line feed", {"location": "/x\nX-Injected: 1"}),
    ("port", {"location": "http://news.example:99999/"}),
    ("credentials", {"location": "http://me:secret@news.example/"}),
    ("too long", {"location": "/" + "x" * MAX_URL}),
]


@pytest.mark.parametrize(
    "headers", [row[1] for row in NOT_LOCATIONS], ids=[row[0] for row in NOT_LOCATIONS]
)
def test_a_redirect_to_no_address_is_bad_url(headers: dict[str, str]) -> None:
    web = Web({FEED: (302, headers)})
    failure = _failure(web)
    assert failure.reason == "bad_url"
    assert failure.response is not None
    assert failure.response.status == 302
    assert "secret" not in failure.message
    assert len(web.asked) == 1


VALIDATORS = [
    ("same origin", "http://news.example/other", True),
    ("same host gone to https", "https://news.example/feed", True),
    ("other host", "http://cdn.example/feed", False),
    ("other port", "http://news.example:8080/feed", False),
    ("subdomain", "http://www.news.example/feed", False),
]


@pytest.mark.parametrize(
    ("target", "kept"), [row[1:] for row in VALIDATORS], ids=[row[0] for row in VALIDATORS]
)
def test_validators_stay_with_their_host(target: str, *, kept: bool) -> None:
    web = Web({FEED: _to(target), target: OK})
    _fetched(web, conditional=True)
    assert web.asked[0] == (FEED, ETAG, MODIFIED)
    assert web.asked[1] == ((target, ETAG, MODIFIED) if kept else (target, None, None))


SECRET = {"Authorization": "Basic ZGVzazpodW50ZXIy"}
ORIGINS = [
    ("same origin", ["/other"], [True]),
    ("spelled otherwise", ["http://NEWS.example:80/other"], [True]),
    ("gone to https", ["https://news.example/feed"], [False]),
    ("other port", ["http://news.example:8080/feed"], [False]),
    ("subdomain", ["http://www.news.example/feed"], [False]),
    ("other host", ["http://cdn.example/feed"], [False]),
    ("there and back", ["http://cdn.example/feed", "http://news.example/b"], [False, False]),
    ("within, then away", ["/b", "http://cdn.example/feed"], [True, False]),
]


@pytest.mark.parametrize(
    ("path", "given"), [row[1:] for row in ORIGINS], ids=[row[0] for row in ORIGINS]
)
def test_given_headers_end_where_the_origin_does(path: list[str], given: list[bool]) -> None:
    answers = {place: _to(target) for place, target in zip([FEED, *path], path, strict=False)}
    answers[path[-1]] = OK
    web = Web({urljoin(FEED, place): answer for place, answer in answers.items()})
    got = asyncio.run(_fetch(web, Request(url=FEED, purpose="feed", headers=SECRET)))
    assert web.given == [SECRET, *(SECRET if kept else {} for kept in given)]
    assert SECRET["Authorization"] not in repr(got)


def test_given_headers_stand_in_no_message() -> None:
    request = Request(url=FEED, purpose="feed", headers=SECRET)
    with pytest.raises(FetchError) as raised:
        asyncio.run(_fetch(Web({FEED: (401, {})}), request))
    assert SECRET["Authorization"] not in repr((raised.value, raised.value.response, request))


def test_each_redirect_is_asked_within_its_visit() -> None:
    told: list[str] = []
    web = Web(
        {
            FEED: _to("/b"),
            "http://news.example/b": _to("http://cdn.example/"),
            "http://cdn.example/": OK,
        }
    )

    async def exchange(request: Request, url: str) -> Response:
        told.append(url)
        return await web.exchange(request, url)

    @asynccontextmanager
    async def visit(request: Request, url: str) -> AsyncIterator[None]:
        assert request.url == FEED
        told.append(f"enter {url}")
        yield
        told.append(f"leave {url}")

    asyncio.run(_awaited(following(exchange, visit=visit)))
    assert told == [
        FEED,
        "enter http://news.example/b",
        "http://news.example/b",
        "leave http://news.example/b",
        "enter http://cdn.example/",
        "http://cdn.example/",
        "leave http://cdn.example/",
    ]


def test_a_visit_that_is_refused_comes_with_the_redirect() -> None:
    web = Web({FEED: _to("http://cdn.example/")})

    @asynccontextmanager
    async def visit(_: Request, url: str) -> AsyncIterator[None]:
        if url != FEED:
            raise FetchError("host_busy", f"{url}: busy")
        yield

    with pytest.raises(FetchError) as raised:
        asyncio.run(_awaited(following(web.exchange, visit=visit)))
    assert raised.value.reason == "host_busy"
    assert raised.value.response is not None
    assert (raised.value.response.url, raised.value.response.status) == (FEED, 302)
    assert [url for url, *_ in web.asked] == [FEED]


async def _awaited(fetch: Fetch) -> Response:
    return await fetch(Request(url=FEED, purpose="feed"))


def test_not_modified_of_another_host_does_not_count() -> None:
    web = Web({FEED: _to("http://cdn.example/"), "http://cdn.example/": (304, {})})
    assert _failure(web, conditional=True).reason == "http_5xx"


def test_tls_is_not_left_with_validators() -> None:
    assert same_host("http://news.example/", "https://news.example/")
    assert not same_host("https://news.example/", "http://news.example/")
    assert same_host("http://NEWS.example:80/a", "http://news.example/b")


def test_a_failure_after_redirects_tells_them() -> None:
    failure = _failure(Web({FEED: _to("/cut")}))
    assert failure.reason == "truncated_transfer"
    assert failure.response is not None
    assert failure.response.hops == (Hop(url=FEED, status=302),)


def test_what_is_not_recorded_stays_what_it_is() -> None:
    async def exchange(request: Request, url: str) -> Response:
        raise NotRecordedError(f"{request.purpose} {url}")

    async def fetch() -> Response:
        return await following(exchange)(Request(url=FEED, purpose="page"))

    with pytest.raises(NotRecordedError, match="page http"):
        asyncio.run(fetch())


ADDRESSES = [
    ("plain", "http://news.example/a?b=c", "http://news.example/a?b=c"),
    ("no path", "https://news.example", "https://news.example"),
    ("upper case stays", "HTTP://News.Example/A", "HTTP://News.Example/A"),
    ("port stays", "http://news.example:8080/", "http://news.example:8080/"),
    ("ipv6", "http://[2001:db8::1]:81/x", "http://[2001:db8::1]:81/x"),
    ("fullwidth digits", "http://\uff11\uff12\uff17.0.0.1/", "http://127.0.0.1/"),
    ("idn with port", "http://zürich.example:81/ü", "http://xn--zrich-kva.example:81/%C3%BC"),
    ("quotes", 'http://news.example/"<a>"', "http://news.example/%22%3Ca%3E%22"),
    ("reserved", "http://news.example/;,!$&'()*+|{}[]", "http://news.example/;,!$&'()*+|{}[]"),
    ("raw byte", "http://news.example/\udce9", "http://news.example/%E9"),
    ("underscore", "http://my_news.example/", "http://my_news.example/"),
    ("surrounding space", " http://news.example/\n", "http://news.example/"),
]


@pytest.mark.parametrize(
    ("url", "sent"), [row[1:] for row in ADDRESSES], ids=[row[0] for row in ADDRESSES]
)
def test_an_address_goes_out_as_written_in_ascii(url: str, sent: str) -> None:
    assert address(url) == sent
    assert address(sent) == sent


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/feed",
        "feed://news.example/",
        "mailto:desk@news.example",
        "http:news.example",
        "http://",
        "http://:80/",
        "http://news.example:0/",
        "http://news.example:eighty/",
        "http://news example/",
        "http://news\\.example/",
        "http://%6eews.example/",
        "http://[fe80::1%25eth0]/",
        "http://me@news.example/",
        "http://news.example/a\tb",
        "http://news.example/\x00",
        "http://news.example/\ud800",
        "http://" + "a" * 64 + "é.example/",
        "http://news.example/" + "é" * (MAX_URL // 3),
    ],
)
def test_other_texts_are_no_address(url: str) -> None:
    web = Web({})
    assert _failure(web, url=url).reason == "bad_url"
    assert web.asked == []


def test_credentials_are_not_repeated_in_messages() -> None:
    failure = _failure(Web({}), url="http://me:pa@ss@news.example/")
    assert failure.message.startswith("http://***@news.example/: ")


WISHES = [
    ("seconds", "120", 120),
    ("zero becomes one", "0", 1),
    ("space around", " 60 ", 60),
    ("a week at most", "604801", 604_800),
    ("absurd", "9" * 5000, 604_800),
    ("date", "Mon, 02 Mar 2026 08:10:00 GMT", 600),
    ("date of the old kind", "Monday, 02-Mar-26 08:10:00 GMT", 600),
    ("date without zone", "Mon, 02 Mar 2026 08:10:00", 600),
    ("past date", "Mon, 02 Mar 2026 07:00:00 GMT", 1),
    ("far date", "Sat, 01 Jan 2050 00:00:00 GMT", 604_800),
    ("fraction", "1.5", 3600),
    ("negative", "-5", 3600),
    ("words", "soon", 3600),
    ("empty", "", 3600),
    ("other digits", "\uff11\uff12", 3600),
    ("impossible date", "Mon, 99 Mar 2026 08:10:00 GMT", 3600),
]


@pytest.mark.parametrize(
    ("value", "seconds"), [row[1:] for row in WISHES], ids=[row[0] for row in WISHES]
)
def test_retry_after_is_between_a_second_and_a_week(value: str, seconds: int) -> None:
    response = Response(FEED, 429, {"retry-after": value}, fetched_at=NOW)
    assert retry_after(response) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Mon, 02 Mar 2026 08:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 09:05:00 +0100", 120),
        ("yesterday", 600),
    ],
)
def test_a_date_counts_from_the_servers_own_clock(date: str, seconds: int) -> None:
    headers = {"retry-after": "Mon, 02 Mar 2026 08:10:00 GMT", "date": date}
    if seconds == 120:
        headers["retry-after"] = "Mon, 02 Mar 2026 08:07:00 GMT"
    assert retry_after(Response(FEED, 429, headers, fetched_at=NOW)) == timedelta(seconds=seconds)


def test_no_header_is_no_wish() -> None:
    assert retry_after(Response(FEED, 429, fetched_at=NOW)) is None


OTHER = "https://cdn.example/feed"


@pytest.mark.parametrize(
    ("validated_url", "expected"),
    [
        pytest.param(None, [(FEED, ETAG), (OTHER, None)], id="of-the-first-address"),
        pytest.param(FEED, [(FEED, ETAG), (OTHER, None)], id="of-the-first-address-by-name"),
        pytest.param(OTHER, [(FEED, None), (OTHER, ETAG)], id="of-where-the-redirect-leads"),
        pytest.param("https://x.example/", [(FEED, None), (OTHER, None)], id="of-a-former-target"),
    ],
)
def test_validators_go_to_the_host_that_gave_them(
    validated_url: str | None, expected: list[tuple[str, str | None]]
) -> None:
    web = Web({FEED: _to(OTHER), OTHER: OK})
    request = Request(url=FEED, purpose="feed", etag=ETAG, validated_url=validated_url)
    asyncio.run(_fetch(web, request))
    assert [(url, etag) for url, etag, _ in web.asked] == expected


def test_target_of_a_redirect_can_say_not_modified() -> None:
    web = Web({FEED: _to(OTHER), OTHER: (304, {})})
    request = Request(url=FEED, purpose="feed", etag=ETAG, validated_url=OTHER)
    got = asyncio.run(_fetch(web, request))
    assert (got.status, got.url) == (304, OTHER)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("Mon, 02 Mar 2026 08:00:00 +99999999999999999999", id="zone"),
        pytest.param("Mon, 02 Mar 99999999999999 08:00:00 GMT", id="year"),
    ],
)
def test_retry_after_beyond_all_dates_is_one_that_cannot_be_read(value: str) -> None:
    answer = Response(FEED, 429, {"retry-after": value}, b"", NOW)
    assert retry_after(answer) == timedelta(hours=1)


def test_one_deadline_holds_for_all_redirects_together() -> None:
    """Each exchange is in time; the chain is not."""

    async def slow(_: Request, url: str) -> Response:
        await asyncio.sleep(0.02)
        return Response(url, 302, {"location": f"{url}x"}, b"", NOW)

    async def scenario() -> None:
        fetch = bounded(following(slow, limit=1000), lambda _: 0.1 - GRACE_SECONDS)
        await fetch(Request(url=FEED, purpose="feed"))

    with pytest.raises(FetchError) as raised:
        asyncio.run(scenario())
    assert raised.value.reason == "timeout"
