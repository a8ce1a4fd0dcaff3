"""Which addresses may be asked for, in which spelling, and whose they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadUrlError
from pipeline.urls import fetchable, host, origin, site

KEPT = [
    ("plain", "https://example.org/a"),
    ("no-path", "https://example.org"),
    ("case", "HTTPS://Example.ORG/A"),
    ("tracking", "https://example.org/a?utm_source=rss&b=2&a=1"),
    ("html-ampersand", "https://example.org/a?b=1&amp;c=2"),
    ("odd-escapes", "https://example.org/%7e%2fa%zz?q=%c3%bc"),
    ("empty-query", "https://example.org/a?"),
    ("double-slash", "https://example.org//a/../b"),
    ("default-port", "https://example.org:443/a"),
    ("own-port", "http://127.0.1.1:8901/feed.xml"),
    ("ipv6", "http://[2001:db8::1]:8080/a"),
    ("brackets-and-quotes", 'https://example.org/a[1]?q="b"|c'),
    ("root-dot", "https://example.org./a"),
    ("at-sign-in-path", "https://example.org/@desk/1"),
    ("at-sign-in-query", "https://example.org/?mail=a@b"),
    ("longest", f"https://example.org/{'a' * 2028}"),
]

REWRITTEN = [
    ("space-around", " \thttps://example.org/a \n", "https://example.org/a"),
    ("line-break-inside", "https://example.org/a\r\n/b", "https://example.org/a/b"),
    ("fragment", "https://example.org/a?b=1#top", "https://example.org/a?b=1"),
    ("long-fragment", f"https://example.org/a#{'x' * 3000}", "https://example.org/a"),
    ("space", "https://example.org/a b?c=d e", "https://example.org/a%20b?c=d%20e"),
    ("umlaut", "https://example.org/ü?q=é", "https://example.org/%C3%BC?q=%C3%A9"),
    ("cjk", "https://example.org/新", "https://example.org/%E6%96%B0"),
    ("idna", "https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    (
        "idna-with-port",
        "https://Bücher.example:8443/ü",
        "https://xn--bcher-kva.example:8443/%C3%BC",
    ),
    (
        "idna-in-the-path-too",
        "https://ü.example/ü.example",
        "https://xn--tda.example/%C3%BC.example",
    ),
]

REFUSED = [
    ("empty", ""),
    ("relative", "/a"),
    ("no-scheme", "example.org/a"),
    ("protocol-relative", "//example.org/a"),
    ("no-host", "https:///a"),
    ("port-only", "https://:80/a"),
    ("one-slash", "https:/example.org/a"),
    ("script", "javascript:alert(1)"),
    ("data", "data:text/html,a"),
    ("file", "file:///etc/hosts"),
    ("feed-scheme", "feed://example.org/rss"),
    ("control-character", "https://example.org/a\x00b"),
    ("escape-in-host", "https://ex%61mple.org/a"),
    ("space-in-host", "https://exa mple.org/"),
    ("backslash-before-at", "https://example.org\\a/"),
    ("port-word", "https://example.org:x/"),
    ("port-too-high", "https://example.org:65536/"),
    ("brackets", "https://[example.org]/"),
    ("zone", "http://[fe80::1%eth0]/"),
    ("too-long", f"https://example.org/{'a' * 2029}"),
    ("too-long-once-encoded", f"https://example.org/{'ü' * 400}"),
    ("lone-surrogate", "https://example.org/\ud800"),
    ("host-that-hides-a-path", "https://example.org\u2100evil/"),
]


@pytest.mark.parametrize("url", [row[1] for row in KEPT], ids=[row[0] for row in KEPT])
def test_sound_address_stays_byte_for_byte(url: str) -> None:
    assert fetchable(url) == url


@pytest.mark.parametrize(
    ("url", "wanted"), [row[1:] for row in REWRITTEN], ids=[row[0] for row in REWRITTEN]
)
def test_address_becomes_ascii_without_fragment(url: str, wanted: str) -> None:
    assert fetchable(url) == wanted


@pytest.mark.parametrize("url", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_asked_for_is_refused(url: str) -> None:
    with pytest.raises(BadUrlError) as caught:
        fetchable(url)
    assert caught.value.reason == "bad_url"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://reader:secret@example.org/a", id="user-and-password"),
        pytest.param("https://secret@example.org/a", id="user"),
        pytest.param("https://@example.org/a", id="empty"),
        pytest.param("https://example.org\\secret@example.net/", id="backslash"),
    ],
)
def test_credentials_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BadUrlError) as caught:
        fetchable(url)
    assert caught.value.message.startswith("credentials")
    assert "secret" not in str(caught.value)


@given(st.text(max_size=80).map("https://example.org/".__add__) | st.text(max_size=80))
def test_fetchable_address_is_ascii_and_stays(text: str) -> None:
    try:
        url = fetchable(text)
    except BadUrlError:
        return
    assert url.isascii()
    assert url.isprintable()
    assert fetchable(url) == url


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        pytest.param("https://Example.ORG/a", "example.org", id="lower-case"),
        pytest.param("https://www.example.org/a", "www.example.org", id="www-is-another-host"),
        pytest.param("https://example.org:443/", "example.org", id="default-port"),
        pytest.param("http://example.org:443/", "example.org:443", id="port-of-the-other-scheme"),
        pytest.param("http://127.0.1.1:8901/x", "127.0.1.1:8901", id="own-port"),
        pytest.param("http://[::1]:8080/x", "[::1]:8080", id="ipv6"),
        pytest.param("https://example.org./a", "example.org", id="root-dot"),
        pytest.param("https://bücher.example/", "xn--bcher-kva.example", id="idna"),
        pytest.param("https://a:b@example.org/", "example.org", id="credentials"),
    ],
)
def test_host_is_the_key_of_the_gate(url: str, wanted: str) -> None:
    assert host(url) == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        pytest.param("HTTPS://Example.org:443/a?b#c", "https://example.org", id="default-port"),
        pytest.param("http://127.0.1.1:8901/x", "http://127.0.1.1:8901", id="own-port"),
        pytest.param("https://a:b@example.org/", "https://example.org", id="credentials"),
    ],
)
def test_origin_is_scheme_host_and_port(url: str, wanted: str) -> None:
    assert origin(url) == wanted


def test_origin_needs_a_scheme() -> None:
    with pytest.raises(BadUrlError):
        origin("example.org/a")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        pytest.param("https://news.example.com/a", "example.com", id="sub-domain"),
        pytest.param("https://a.b.example.co.uk:8080/", "example.co.uk", id="two-label-suffix"),
        pytest.param("https://ann.blogspot.com/a", "ann.blogspot.com", id="shared-platform"),
        pytest.param("https://news.bücher.de/a", "xn--bcher-kva.de", id="idna"),
        pytest.param("https://news.пример.рф/a", "xn--e1afmkfd.xn--p1ai", id="idna-suffix"),
        pytest.param("http://127.0.1.1:8901/x", "127.0.1.1", id="ip"),
        pytest.param("http://[::1]:8080/x", "[::1]", id="ipv6"),
        pytest.param("http://newsroom:8080/x", "newsroom", id="one-label"),
        pytest.param("http://news.site.internal/x", "site.internal", id="unknown-suffix"),
    ],
)
def test_site_is_the_registrable_domain(url: str, wanted: str) -> None:
    assert site(url) == wanted


@pytest.mark.parametrize("url", ["", "mailto:a@example.org", "https:///a"])
def test_no_host_no_site(url: str) -> None:
    for part in (host, origin, site):
        with pytest.raises(BadUrlError):
            part(url)
