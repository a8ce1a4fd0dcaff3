"""Credentials out of addresses, and which headers an operator may set."""

from __future__ import annotations

import base64

import pytest

from pipeline.errors import BadUrlError, UsageError
from pipeline.feeds.subscriptions import credentials

DESK = {"Authorization": "Basic ZGVzazpodW50ZXIy"}  # desk:hunter2


@pytest.mark.parametrize(
    ("address", "bare", "headers"),
    [
        pytest.param("https://a.example/f", "https://a.example/f", {}, id="none"),
        pytest.param("https://desk:hunter2@a.example/f", "https://a.example/f", DESK, id="both"),
        pytest.param(
            "http://desk:hunter2@a.example:81/f?x=@y", "http://a.example:81/f?x=@y", DESK, id="port"
        ),
        pytest.param("https://desk:hunter%32@a.example/", "https://a.example/", DESK, id="encoded"),
        pytest.param(
            "https://token@a.example/",
            "https://a.example/",
            {"Authorization": "Basic dG9rZW46"},
            id="name_only",
        ),
        pytest.param(
            "https://a:b@c@a.example/",
            "https://a.example/",
            {"Authorization": "Basic YTpiQGM="},
            id="at_in_password",
        ),
        pytest.param("https://@a.example/", "https://a.example/", {}, id="empty"),
        pytest.param(
            " https://desk:hun\nter2@a.example/f ", "https://a.example/f", DESK, id="line_break"
        ),
        pytest.param("https://a.example/@b", "https://a.example/@b", {}, id="at_in_path"),
        pytest.param("ftp://u:p@a.example/", "ftp://u:p@a.example/", {}, id="other_scheme"),
        pytest.param("https://u:p@[::1/", "https://u:p@[::1/", {}, id="broken_brackets"),
        pytest.param("a.example", "a.example", {}, id="no_scheme"),
    ],
)
def test_credentials_are_split_off(address: str, bare: str, headers: dict[str, str]) -> None:
    assert credentials.parted(address) == (bare, headers)


def test_credentials_are_utf_8() -> None:
    _, headers = credentials.parted("https://%C3%A9t%C3%A9:caf%C3%A9@a.example/")
    told = headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(told).decode() == "été:café"


@pytest.mark.parametrize(
    "address",
    ["https://a%3Ab:c@a.example/", "https://a:b%0Ac@a.example/", "https://%00@a.example/"],
)
def test_credentials_that_cannot_be_sent_are_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(BadUrlError, match=r"in an address of 'a\.example'") as refused:
        credentials.parted(address)
    assert "%" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        pytest.param("x-api-key", "k", ("X-Api-Key", "k"), id="one_spelling"),
        pytest.param("COOKIE", "a=b; c", ("Cookie", "a=b; c"), id="cookie"),
        pytest.param("User-Agent", "Desk/1", ("User-Agent", "Desk/1"), id="agent"),
        pytest.param("X", "a\tb", ("X", "a\tb"), id="tab_inside"),
        pytest.param("X", "v" * 8000, ("X", "v" * 8000), id="longest"),
    ],
)
def test_header_is_kept(name: str, value: str, kept: tuple[str, str]) -> None:
    assert credentials.header(name, value) == kept


@pytest.mark.parametrize(
    "name",
    [
        *("Host", "content-length", "Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade"),
        *("Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Expect", "Content-Encoding"),
        *("Accept-Encoding", "Range", "If-None-Match", "If-Modified-Since", "If-Range"),
    ],
)
def test_header_of_the_connection_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="belongs to the connection"):
        credentials.header(name, "x")


@pytest.mark.parametrize("name", ["", "a b", "a:b", "é", "a\nb", "(x)", "x" * 101])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no name of a header"):
        credentials.header(name, "x")


@pytest.mark.parametrize(
    "value", ["", " x", "x ", "secret\r\nHost: b", "a\0b", "café", "\x7f", "x" * 8001]
)
def test_value_that_cannot_be_sent_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(UsageError, match="the value of X-Key cannot be sent") as refused:
        credentials.header("X-Key", value)
    assert "secret" not in str(refused.value)
