"""Lists of feeds from bytes: OPML or an address a line; each feed once, bad lines with numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.subscriptions import feed_lists
from pipeline.model.listing import BadLine, ListedFeed

A, B = "https://a.example/f", "https://b.example/f"
SECRET = {"Authorization": "Basic ZGVzazpodW50ZXIy"}  # desk:hunter2


def urls(body: bytes) -> list[str]:
    return [feed.url for feed in feed_lists.reading(body).feeds]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(f"{A}\n{B}\n".encode(), [A, B], id="lines"),
        pytest.param(f"{A}\r\n\r\n  {B}  ".encode(), [A, B], id="line_ends_and_spaces"),
        pytest.param(f"# mine\n{A} # the best\n#{B}\n".encode(), [A], id="comments"),
        pytest.param(f"{A}#part".encode(), [A], id="fragment_is_no_comment"),
        pytest.param(f"\ufeff{A}".encode(), [A], id="byte_order_mark"),
        pytest.param(f"\n\n<opml><outline xmlUrl='{A}'/></opml>".encode(), [A], id="opml"),
        pytest.param(f"\ufeff<opml><outline xmlUrl='{A}'/></opml>".encode(), [A], id="opml_mark"),
        pytest.param(f"<opml><outline xmlUrl='{A}'/></opml>".encode("utf-16"), [A], id="utf_16"),
        pytest.param(
            "https://bücher.example/ä".encode(), ["https://xn--bcher-kva.example/%C3%A4"], id="idn"
        ),
        pytest.param(b"", [], id="empty"),
        pytest.param(b"\n \n# nothing\n", [], id="nothing"),
    ],
)
def test_kind_of_list_is_seen_in_it(body: bytes, expected: list[str]) -> None:
    found = feed_lists.reading(body)
    assert ([feed.url for feed in found.feeds], found.bad) == (expected, ())


def test_declared_encoding_counts() -> None:
    written = f"<?xml version='1.0' encoding='iso-8859-1'?><opml><outline text='caf\xe9' xmlUrl='{A}'/></opml>"
    (feed,) = feed_lists.reading(written.encode("latin-1")).feeds
    assert feed.title == "café"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("javascript:alert(1)", "scheme javascript"),
        ("a.example/f", "no scheme"),
        ("https://", "no host"),
        (f"{A} {B}", "white space in an address"),
        ("https://a%3Ab:hunter2@a.example/", "a name with a colon"),
        ("ftp://desk:hunter2@a.example/", "scheme ftp"),
    ],
)
def test_bad_line_is_told_with_its_number_and_the_rest_kept(line: str, reason: str) -> None:
    found = feed_lists.reading(f"\n# x\n{A}\n{line}\n{B}\n".encode())
    assert [feed.url for feed in found.feeds] == [A, B]
    (bad,) = found.bad
    assert bad.line == 4
    assert bad.reason.startswith(reason)
    assert "hunter2" not in bad.reason


def test_bad_outlines_are_told_in_order() -> None:
    found = feed_lists.reading(
        b'\n<opml>\n<outline type="rss" text="x"/>\n<outline a="" a=""/>\n<outline xmlUrl="x"/></opml>'
    )
    assert found.bad == (
        BadLine(line=3, reason="a feed without xmlUrl", title="x"),
        BadLine(line=4, reason="broken XML: Attribute a redefined"),
        BadLine(line=5, reason="no scheme: 'x'"),
    )


def test_every_bad_outline_is_named_with_its_title() -> None:
    found = feed_lists.reading(
        f'<opml>\n<outline text="None" type="rss"/>\n<outline text="Mail" xmlUrl="mailto:a@b"/>\n'
        f'<outline title="Home" htmlUrl="{B}"/>\n<outline xmlUrl="x y"/></opml>'.encode()
    )
    assert [(one.line, one.title) for one in found.bad] == [
        (2, "None"),
        (3, "Mail"),
        (4, "Home"),
        (5, None),
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("feed://a.example/f", "http://a.example/f"), (f"feed:{A}", A)],
    ids=["feed", "feed_before_https"],
)
def test_scheme_of_feed_readers_is_no_scheme(written: str, expected: str) -> None:
    assert urls(f'<opml><outline xmlUrl="{written}"/></opml>'.encode()) == [expected]
    assert urls(written.encode()) == [expected]


def test_feed_named_twice_is_the_first_one() -> None:
    found = feed_lists.reading(
        f'<opml><outline text="N"><outline text="One" xmlUrl="{A}"/></outline>'
        f'<outline text="Two" xmlUrl="{A}"/></opml>'.encode()
    )
    assert found.feeds == (ListedFeed(url=A, title="One", category="N"),)
    assert (found.repeated, found.bad) == (1, ())


def test_credentials_are_split_off() -> None:
    found = feed_lists.reading(b"https://desk:hunter2@a.example/f\nhttps://a.example/f")
    assert found.feeds == (ListedFeed(url=A, headers=SECRET),)
    assert found.repeated == 1
    assert "ZGVzaz" not in repr(found)


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        ("https://www.a.example/", "https://www.a.example/"),
        ("/home", "https://a.example/home"),
        ("javascript:x", None),
        ("https://u:p@a.example/", None),
    ],
)
def test_home_page_is_an_address_without_secrets_or_left_out(
    home: str, expected: str | None
) -> None:
    (feed,) = feed_lists.reading(
        f'<opml><outline xmlUrl="{A}" htmlUrl="{home}"/></opml>'.encode()
    ).feeds
    assert feed.site_url == expected


@given(st.binary(max_size=300))
def test_no_bytes_raise(body: bytes) -> None:
    feed_lists.reading(body)
