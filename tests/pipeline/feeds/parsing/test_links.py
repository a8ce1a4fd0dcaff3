from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.parsing import links

BASE = "https://paper.example/news/index.html"

ADDRESSES = [
    ("absolute", "https://other.example/a?b=1#c", "https://other.example/a?b=1#c"),
    ("path", "/a", "https://paper.example/a"),
    ("beside", "a.html", "https://paper.example/news/a.html"),
    ("up", "../a.html", "https://paper.example/a.html"),
    ("scheme_relative", "//cdn.example/a", "https://cdn.example/a"),
    ("query_only", "?id=4", "https://paper.example/news/index.html?id=4"),
    ("blanks_around", "\n  https://other.example/a \t", "https://other.example/a"),
    ("newline_inside", "https://other.example/a\n/b", "https://other.example/a/b"),
    ("blank_inside", "https://other.example/a b", "https://other.example/a%20b"),
    ("upper_case_scheme", "HTTPS://other.example/A", "https://other.example/A"),
    ("port", "http://other.example:8080/a", "http://other.example:8080/a"),
    ("letters_beyond_ascii", "https://other.example/ä", "https://other.example/ä"),
    ("escaped_twice", "https://other.example/?a=1&amp;b=2", "https://other.example/?a=1&b=2"),
    ("escaped_by_number", "https://other.example/?a=1&#038;b=2", "https://other.example/?a=1&b=2"),
    ("no_scheme", "www.other.example/a", "https://www.other.example/a"),
    ("no_scheme_no_path", "WWW.other.example", "https://WWW.other.example"),
    ("no_scheme_with_port", "www.other.example:8080/a", "https://www.other.example:8080/a"),
    ("no_scheme_with_query", "www.other.example?id=1", "https://www.other.example?id=1"),
    ("own_host", "paper.example/a", "https://paper.example/a"),
    ("own_host_alone", "Paper.Example", "https://Paper.Example"),
    ("end_of_own_host", "example/a", "https://paper.example/news/example/a"),
    ("other_host", "other.example/a", "https://paper.example/news/other.example/a"),
    ("file_called_www", "www.html", "https://paper.example/news/www.html"),
    ("file_called_www_something", "www.page.html", "https://paper.example/news/www.page.html"),
    ("folder_called_www", "www/a.html", "https://paper.example/news/www/a.html"),
    ("file_with_dots", "paper.example.html", "https://paper.example/news/paper.example.html"),
    ("one_slash", "https:/other.example/a", "https://other.example/a"),
    ("one_backslash", r"https:\other.example/a", "https://other.example/a"),
    ("site", "/", "https://paper.example/"),
    ("dash_in_a_path", "/-", "https://paper.example/-"),
    ("at_sign_in_path", "https://other.example/@name", "https://other.example/@name"),
]

REFUSED = [
    ("none", None),
    ("empty", ""),
    ("blank", " \n"),
    ("javascript", "javascript:alert(1)"),
    ("javascript_with_newline", "java\nscript:alert(1)"),
    ("file", "file:///etc/passwd"),
    ("data", "data:text/html,hello"),
    ("ftp", "ftp://other.example/a"),
    ("mail", "mailto:desk@paper.example"),
    ("urn", "urn:uuid:0"),
    ("credentials", "https://user:secret@other.example/a"),
    ("user_only", "https://user@other.example/a"),
    ("no_host", "http:///a"),
    ("broken_brackets", "http://[::1/a"),
    ("too_long", "https://other.example/" + "a" * 2048),
]


@pytest.mark.parametrize(
    ("written", "expected"), [c[1:] for c in ADDRESSES], ids=[c[0] for c in ADDRESSES]
)
def test_reference_becomes_absolute(written: str, expected: str) -> None:
    assert links.absolute(written, BASE) == expected


@pytest.mark.parametrize("written", [c[1] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_may_not_be_stored_is_none(written: str | None) -> None:
    assert links.absolute(written, BASE) is None


def test_longest_address_is_2048_characters() -> None:
    longest = "https://other.example/" + "a" * (2048 - len("https://other.example/"))
    assert links.absolute(longest, BASE) == longest


def test_relative_link_without_a_base_is_none() -> None:
    assert links.absolute("/a", "") is None


def test_missing_scheme_is_that_of_the_base() -> None:
    assert (
        links.absolute("www.other.example/a", "http://paper.example/")
        == "http://www.other.example/a"
    )
    assert links.absolute("www.other.example/a", "") == "https://www.other.example/a"


PUBLIC = [
    ("https://paper.example/", True),
    ("http://192.0.2.1/", False),
    ("http://8.8.8.8/", True),
    ("http://[::1]:4000/", False),
    ("http://localhost:4000/", False),
    ("http://blog.localhost/", False),
    ("http://printer.local/", False),
    ("http://wordpress/", False),
    ("http://localhost.example/", True),
]


@pytest.mark.parametrize(("url", "expected"), PUBLIC)
def test_host_of_the_authors_own_machine_is_not_public(url: str, expected: bool) -> None:  # noqa: FBT001
    assert links.is_public(url) is expected


def test_base_with_credentials_gives_none() -> None:
    assert links.absolute("/a", "https://user:secret@paper.example/") is None


@pytest.mark.parametrize(
    ("base", "reference", "expected"),
    [
        (None, "a", "a"),
        ("sub/", "a", "sub/a"),
        ("https://paper.example/x/", "a", "https://paper.example/x/a"),
        ("http://[", "a", "a"),
        ("https://paper.example/x/", "www.other.example/a", "www.other.example/a"),
    ],
    ids=["no_base", "relative_base", "absolute_base", "broken_base", "no_scheme"],
)
def test_xml_base_is_joined_before_the_feed_is_known(
    base: str | None, reference: str, expected: str
) -> None:
    assert links.joined(base, reference) == expected


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_text_raises_and_what_comes_out_is_http(reference: str, base: str) -> None:
    found = links.absolute(reference, base)
    assert found is None or found.startswith(("http://", "https://"))
