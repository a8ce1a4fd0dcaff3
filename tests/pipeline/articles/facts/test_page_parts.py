from __future__ import annotations

import pytest

from pipeline.articles.facts import page_parts
from pipeline.articles.text import markup

URL = "https://post.example/news/pier"
ARTICLE = "<article id=story><h1>Pier</h1><p>The pier is to be rebuilt.</p>{}</article>"
STORY = "<a href='/news/museum'>Museum closes its west wing</a>"


def is_other(html: str) -> bool:
    tree = markup.tree(f"<html><body>{html}</body></html>")
    assert tree is not None
    marked = tree.get_element_by_id("it")
    return not page_parts.parts_of(tree, URL).holds(marked)


@pytest.mark.parametrize(
    "html",
    [
        ARTICLE.format("") + "<aside><time id=it>x</time></aside>",
        ARTICLE.format("") + "<nav><b id=it>x</b></nav>",
        ARTICLE.format("") + "<footer><b id=it>x</b></footer>",
        ARTICLE.format("") + "<div class=site-footer><b id=it>x</b></div>",
        ARTICLE.format("<div class='post-comments'><b id=it>x</b></div>"),
        ARTICLE.format("<section id=related><b id=it>x</b></section>"),
        ARTICLE.format(f"<div class=teaser>{STORY} <b id=it>x</b></div>"),
        ARTICLE.format(f"<ul><li>{STORY} <b id=it>x</b></li></ul>"),
        ARTICLE.format(f"<aside>{STORY}<b id=it>x</b></aside>"),
        ARTICLE.format("") + f"<article><h2>{STORY}</h2><b id=it>x</b></article>",
    ],
)
def test_what_is_about_other_pages(html: str) -> None:
    assert is_other(html)


@pytest.mark.parametrize(
    "html",
    [
        ARTICLE.format("<b id=it>x</b>"),
        ARTICLE.format("<div class='post has-comments'><b id=it>x</b></div>"),
        f"<article><h2>Pier</h2><aside><time id=it>x</time> {STORY}</aside></article>",
        ARTICLE.format("<footer>Posted <time id=it>x</time></footer>"),
        ARTICLE.format("<div class=teaser>A few words. <b id=it>x</b></div>"),
        ARTICLE.format("<div class='widget elementor-widget-container'><b id=it>x</b></div>"),
        ARTICLE.format("<ul><li>Some item, <b id=it>x</b></li></ul>"),
        ARTICLE.format("<p>3 March: " + STORY + " <b id=it>x</b></p>"),
        ARTICLE.format(f"<li><a href='{URL}'>2 March 2031</a><b id=it>x</b></li>"),
        "<h1>Pier</h1><article><p>It is.</p><b id=it>x</b></article>",
        "<article><p>It is.</p><b id=it>x</b></article>",
        "<div class='comments-open related'><h1>Pier</h1><b id=it>x</b></div>",
    ],
)
def test_what_is_part_of_the_article(html: str) -> None:
    assert not is_other(html)


def test_an_own_page_keeps_its_text_and_no_address_of_another() -> None:
    html = (
        ARTICLE.format(f"<a href='{URL}#c'>here</a>{STORY}")
        + "<aside>Other</aside>and a tail<footer>(c)</footer>"
    )
    tree = markup.tree(f"<html><body>{html}</body></html>")
    assert tree is not None
    own = page_parts.parts_of(tree, URL).own(tree)
    assert own.text_content() == (
        "PierThe pier is to be rebuilt.hereMuseum closes its west wingand a tail"
    )
    assert [link.get("href") for link in own.iter("a")] == [f"{URL}#c", None]
    assert "Other" in tree.text_content()
