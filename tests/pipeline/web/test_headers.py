from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from pipeline.model import Request
from pipeline.web.headers import MAX_VALUE, asking, kept

AGENT = "Broadsheet/1.0 (+https://desk.example)"


def _asked(etag: str | None = None, last_modified: str | None = None) -> dict[str, str]:
    request = Request(
        url="http://news.example/", purpose="feed", etag=etag, last_modified=last_modified
    )
    return asking(request, AGENT)


def test_a_request_says_who_asks_and_what_it_reads() -> None:
    said = _asked()
    assert said["User-Agent"] == AGENT
    assert said["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert set(said) == {"User-Agent", "Accept", "Accept-Encoding"}


def test_each_purpose_accepts_its_own_kind_first() -> None:
    first = {
        purpose: asking(Request(url="http://news.example/", purpose=purpose), AGENT)["Accept"]
        for purpose in ("feed", "page", "robots")
    }
    assert first["feed"].startswith("application/atom+xml, application/rss+xml")
    assert first["page"].startswith("text/html")
    assert first["robots"].startswith("text/plain")
    assert all("*/*" in accepted for accepted in first.values())


TAGS = [
    ("strong", '"a1"', '"a1"'),
    ("weak stays weak", 'W/"a1"', 'W/"a1"'),
    ("unquoted as it came", "a1", "a1"),
    ("gzip", '"a1-gzip"', '"a1-gzip", "a1"'),
    ("weak gzip", 'W/"a1-gzip"', 'W/"a1-gzip", W/"a1"'),
    ("br", '"a1-br"', '"a1-br", "a1"'),
    ("zstd", '"a1-zstd"', '"a1-zstd", "a1"'),
    ("semicolon", '"a1;gzip"', '"a1;gzip", "a1"'),
    ("gzip elsewhere", '"gzip-a1"', '"gzip-a1"'),
    ("no separator", '"a1gzip"', '"a1gzip"'),
    ("longest", '"' + "x" * 998 + '"', '"' + "x" * 998 + '"'),
]


@pytest.mark.parametrize(("etag", "sent"), [row[1:] for row in TAGS], ids=[row[0] for row in TAGS])
def test_a_tag_goes_back_as_it_came(etag: str, sent: str) -> None:
    assert _asked(etag=etag)["If-None-Match"] == sent


def test_a_date_goes_back_as_it_came() -> None:
    odd = "mon, 2 mar 2026 7:00:00 gmt"
    assert _asked(last_modified=odd)["If-Modified-Since"] == odd


@pytest.mark.parametrize(
    "value", ["", "x" * 1001, '"a\x01"', '"a\r\nX: 1"', '"a\ufffd"', '"é"', '"a"\n']
)
def test_what_cannot_be_a_validator_is_not_sent(value: str) -> None:
    assert set(_asked(value, value)) == {"User-Agent", "Accept", "Accept-Encoding"}


def _given(
    headers: dict[str, str], purpose: Literal["feed", "page", "robots"] = "feed"
) -> set[tuple[str, str]]:
    """The header lines that go out besides ours, or in place of one of ours."""
    bare = Request(url="http://news.example/", purpose=purpose, etag='"a1"')
    return set(asking(replace(bare, headers=headers), AGENT).items()) - set(
        asking(bare, AGENT).items()
    )


GIVEN = [
    ("credentials", "Authorization", "Basic ZGVzazpodW50ZXIy"),
    ("cookie", "Cookie", "session=1"),
    ("own name", "X-Api-Key", "k-1"),
    ("accept", "Accept", "application/json"),
    ("user agent", "User-Agent", "Desk/2"),
    ("any case", "user-agent", "Desk/2"),
]


@pytest.mark.parametrize(
    ("name", "value"), [row[1:] for row in GIVEN], ids=[row[0] for row in GIVEN]
)
def test_what_a_feed_was_given_goes_out_once(name: str, value: str) -> None:
    request = Request(url="http://news.example/", purpose="feed", headers={name: value})
    said = asking(request, AGENT)
    assert [v for n, v in said.items() if n.lower() == name.lower()] == [value]
    assert said["Accept-Encoding"] == "gzip, deflate, br, zstd"


@pytest.mark.parametrize(
    "name",
    [
        "Host",
        "content-length",
        "Transfer-Encoding",
        "Connection",
        "TE",
        "Upgrade",
        "Expect",
        "Accept-Encoding",
        "If-None-Match",
        "If-Modified-Since",
        "If-Range",
        "Range",
        "Proxy-Authorization",
        "",
        "X A",
        "X:",
        "X\r\nY",
        "Ü",
    ],
)
def test_what_frames_a_request_is_not_given(name: str) -> None:
    assert _given({name: "1"}) == set()


@pytest.mark.parametrize("value", ["a\r\nX: 1", "a\nb", "a\x00", "a\x7f"])
def test_a_value_that_would_break_the_line_is_not_given(value: str) -> None:
    assert _given({"X-Api-Key": value}) == set()


@pytest.mark.parametrize("purpose", ["page", "robots"])
def test_only_feeds_are_given_headers(purpose: Literal["page", "robots"]) -> None:
    assert _given({"Authorization": "Basic x", "User-Agent": "Desk/2"}, purpose) == set()


def test_names_are_lower_case_and_repeated_values_joined() -> None:
    raw = [(b"Cache-Control", b"public"), (b"X-A", b"1"), (b"cache-control", b"max-age=60")]
    assert kept(raw) == {"cache-control": "public, max-age=60", "x-a": "1"}


@pytest.mark.parametrize("name", [b"Location", b"ETag", b"Retry-After", b"Date", b"Last-Modified"])
def test_where_one_counts_the_first_does(name: bytes) -> None:
    assert kept([(name, b"one"), (name, b"two")]) == {name.decode().lower(): "one"}


def test_cookies_are_not_kept() -> None:
    assert kept([(b"Set-Cookie", b"session=1"), (b"Server", b"desk")]) == {"server": "desk"}


VALUES = [
    ("utf-8", b"caf\xc3\xa9", "café"),
    ("latin-1", b"caf\xe9", "café"),
    ("control", b'"a\x01b"', '"a\ufffdb"'),
    ("nul", b"a\x00b", "a\ufffdb"),
    ("c1", b"a\xc2\x85b", "a\ufffdb"),
    ("tab", b"a\tb", "a\tb"),
    ("long", b"x" * (MAX_VALUE + 1), "x" * MAX_VALUE),
]


@pytest.mark.parametrize(
    ("raw", "value"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES]
)
def test_values_are_text_that_can_be_stored(raw: bytes, value: str) -> None:
    assert kept([(b"X-A", raw)]) == {"x-a": value}


def test_a_location_keeps_bytes_that_are_no_utf_8() -> None:
    assert kept([(b"Location", b"/caf\xe9?a=%C3")]) == {"location": "/caf%E9?a=%C3"}
    assert kept([(b"Location", b"/caf\xc3\xa9")]) == {"location": "/café"}


def test_joined_values_have_an_end() -> None:
    heard = kept([(b"X-A", b"y" * 5000)] * 50)
    assert len(heard["x-a"]) == MAX_VALUE
