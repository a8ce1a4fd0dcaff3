from __future__ import annotations

import pytest

from pipeline.articles.facts.meta_tags import MOST_METAS, Head, absolute, head, words
from pipeline.articles.text import markup

URL = "https://post.example/news/pier"


def parsed(html: str) -> Head:
    tree = markup.tree(html)
    assert tree is not None
    return head(tree, URL)


def test_meta_elements_are_found_by_name_property_and_itemprop() -> None:
    told = parsed(
        "<html><head><meta name='Author' content=' Ann\n Lee '><meta property='og:title' content=T>"
        "<meta itemprop='datePublished' content='2031-03-02'><meta name='author' content='Bo Ek'>"
        "<meta name='empty' content=''><meta content='nameless'></head></html>"
    )
    assert told.every("author") == ["Ann Lee", "Bo Ek"]
    assert told.first("missing", "og:title") == "T"
    assert told.first("datepublished") == "2031-03-02"
    assert told.first("empty") is None
    assert told.every("og:title", "author") == ["T", "Ann Lee", "Bo Ek"]


def test_meta_elements_in_the_body_count() -> None:
    assert parsed("<html><body><p>x<meta name=a content=b></body></html>").first("a") == "b"


def test_only_the_first_meta_elements_are_read() -> None:
    many = "<meta name=a content=b>" * MOST_METAS
    told = parsed(f"<html><head>{many}<meta name=late content=x></head></html>")
    assert len(told.every("a")) == MOST_METAS
    assert told.first("late") is None


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<html><title> A\n B </title></html>", "A B"),
        ("<html><title></title><title>A</title></html>", "A"),
        ("<html><title></title><svg><title>S</title></svg></html>", None),
        ("<html><svg><title>S</title></svg><title>A</title></html>", "A"),
        ("<html><title>Fish &amp;amp; chips</title></html>", "Fish & chips"),
    ],
)
def test_title_is_that_of_the_page(html: str, title: str | None) -> None:
    assert parsed(html).title == title


@pytest.mark.parametrize(
    ("html", "canonical"),
    [
        ("<html><link rel='Canonical' href='/a'></html>", "https://post.example/a"),
        (
            "<html><link rel=canonical><link rel='x canonical' href=b></html>",
            "https://post.example/news/b",
        ),
        (
            "<html><link rel=canonical href='#'><link rel=canonical href=/a></html>",
            "https://post.example/a",
        ),
        ("<html><base href='//b.example/x/'><link rel=canonical href=a>", "https://b.example/x/a"),
        ("<html><base href='javascript:x'><link rel=canonical href=/a>", "https://post.example/a"),
        ("<html><head><div></div><link rel=canonical href=/a></head>", "https://post.example/a"),
        ("<html><article><p>x</p><link rel=canonical href=/a></article></html>", None),
        ("<html><link rel=alternate href=c></html>", None),
    ],
)
def test_canonical_link_is_an_address_of_the_head(html: str, canonical: str | None) -> None:
    assert parsed(html).canonical == canonical


@pytest.mark.parametrize(
    ("html", "languages"),
    [
        ("<html lang=en><body lang=fr><article lang=it>x</article></body>", ("en", "fr", "it")),
        ("<html><body><article>x</article><article lang=it>y</article></body>", ()),
        ("<html xml:lang=en>x</html>", ("en",)),
    ],
)
def test_languages_of_page_body_and_article(html: str, languages: tuple[str, ...]) -> None:
    assert parsed(html).languages == languages


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Fish &amp;amp; chips &amp;#8217;n&amp;rsquo;", "Fish & chips \u2019n\u2019"),
        ("/a?b=1&amp;copy=2", "/a?b=1&copy=2"),
    ],
)
def test_entities_escaped_twice_are_read(content: str, expected: str) -> None:
    assert parsed(f"<html><meta name=a content='{content}'></html>").first("a") == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("http://a.example/x", "http://a.example/x"),
        ("/x", "https://post.example/x"),
        ("x?y=1", "https://post.example/news/x?y=1"),
        ("//cdn.example/x", "https://cdn.example/x"),
        (" /x\n", "https://post.example/x"),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,AAAA", None),
        ("ftp://a.example/x", None),
        ("https://", None),
        ("http:///x", None),
        ("http://[bad", None),
        ("https://a.example/a b", None),
        ("https://a.example/a<b", None),
        ("#", None),
        ("#top", None),
        ("", None),
        (None, None),
    ],
)
def test_only_http_addresses_are_kept(url: str | None, expected: str | None) -> None:
    assert absolute(url, URL) == expected


def test_words_of_an_element_stand_on_one_line() -> None:
    tree = markup.tree("<p>A <b>bold</b>\n word</p>")
    assert tree is not None
    assert words(tree) == "A bold word"
