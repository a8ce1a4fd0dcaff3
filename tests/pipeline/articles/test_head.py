from __future__ import annotations

import pytest

from pipeline.articles import markup
from pipeline.articles.head import MOST_METAS, Head, absolute, head, words

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
    ("html", "title", "language", "canonical"),
    [
        ("<html lang=en><title> A\n B </title></html>", "A B", "en", None),
        ("<html><title></title><svg><title>S</title></svg></html>", "S", None, None),
        ("<html><link rel='Canonical' href='/a'></html>", None, None, "/a"),
        ("<html><link rel='canonical'><link rel='x canonical' href='b'></html>", None, None, "b"),
        ("<html><link rel=alternate href=c></html>", None, None, None),
    ],
)
def test_title_language_and_canonical_link(
    html: str, title: str | None, language: str | None, canonical: str | None
) -> None:
    told = parsed(html)
    assert (told.title, told.language, told.canonical) == (title, language, canonical)


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
