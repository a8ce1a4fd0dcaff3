"""reading: which way a page's text is read, and what no page may do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.articles import extract
from pipeline.articles.facts import json_ld
from pipeline.articles.text import markup, text_extraction
from pipeline.errors import NoArticleError
from pipeline.model import Response

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://post.example/2031/pier"
SENTENCES = [
    f"Paragraph {n} says that the council of Harbour Town will rebuild pier {n}, the mayor told us."
    for n in range(20)
]
ARTICLE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
COMMENT = (
    "<p>Reader {} writes at great length that piers are a waste of money, as he always does.</p>"
)
PLAIN = ("trafilatura-fast", "trafilatura")


def page(body: str, head: str = "") -> str:
    start = f"<!doctype html><html><head><title>Pier to be rebuilt</title>{head}</head><body>"
    return f"{start}<h1>Pier to be rebuilt</h1>{body}</body></html>"


def read(html: str) -> text_extraction.ExtractedText:
    tree = markup.tree(html)
    assert tree is not None
    return text_extraction.reading(tree, html, URL, json_ld.linked(tree))


def way(extractor: str | None) -> str:
    return (extractor or "").split("/")[0]


def test_article_that_fills_its_page_needs_no_second_opinion() -> None:
    found = read(page(f"<article>{ARTICLE}</article>"))
    assert way(found.extractor) == "trafilatura-fast"
    assert [line for line in found.lines if line in SENTENCES] == SENTENCES


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            f"<article>{''.join(f'<p>{s}</p>' for s in SENTENCES[:5])}</article>", id="short"
        ),
        pytest.param(
            f"<article>{ARTICLE}</article><div>{''.join(COMMENT.format(n) for n in range(80))}</div>",
            id="more prose beside it than in it",
        ),
        pytest.param(
            f"<article><ul>{''.join(f'<li>{s}</li>' for s in SENTENCES)}</ul></article>",
            id="not written in paragraphs",
        ),
    ],
)
def test_doubtful_page_is_read_in_trafilaturas_default_mode(body: str) -> None:
    found = read(page(body))
    assert way(found.extractor) == "trafilatura"
    assert SENTENCES[0] in " ".join(found.lines)


def test_navigation_and_pictures_do_not_make_a_page_doubtful() -> None:
    chrome = "<li>Where to find the harbour, its shops, and all of its many offices</li>" * 200
    body = f"<nav><ul>{chrome}</ul></nav><article>{ARTICLE}</article><footer>{chrome}</footer>"
    assert way(read(page(body)).extractor) == "trafilatura-fast"


def test_cells_keep_their_text_without_their_spans() -> None:
    rows = (
        "<tr><td colspan=50>Pier</td><td rowspan=2>9 m</td><td>stone</td></tr>"
        "<tr><td>Light</td><td>wood</td></tr>"
    )
    lines = read(page(f"<article>{ARTICLE}<table>{rows}</table></article>")).lines
    assert lines[-2:] == ["Pier | 9 m | stone", "Light | wood"]


def test_long_lines_are_read_outside_chrome_and_links() -> None:
    links = f"<p><a href='/a'>{SENTENCES[1]}</a></p>"
    html = page(f"<nav>{SENTENCES[2]}</nav>{links}<p>{SENTENCES[0]}</p><p>Short.</p>")
    assert text_extraction.by_lines(html) == text_extraction.ExtractedText(
        lines=[SENTENCES[0]], extractor="blocks/1"
    )


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<font><a href=x><p>{SENTENCES[0]}</p>", id="around a paragraph"),
        pytest.param(f"<a href=x>Home<p>{SENTENCES[0]}", id="before a paragraph"),
    ],
)
def test_link_that_is_never_closed_does_not_swallow_the_text(html: str) -> None:
    assert text_extraction.by_lines(html).lines == [SENTENCES[0]]


AUTHORS = '{"@type": "Person", "name": "Ann Lee"},'
# Those that trafilatura loses, or is quadratic on, or that libxml2 is; sizes that show it in a second.
CASES: dict[str, tuple[Callable[[], str], tuple[str, ...]]] = {
    "300 div": (lambda: "<div>" * 300 + ARTICLE, PLAIN),
    "500 tables": (lambda: "<table><tr><td>" * 500 + ARTICLE, PLAIN),
    "2,000 lists": (lambda: "<ul><li>" * 2000 + ARTICLE, ("blocks",)),
    "10,000 spans": (lambda: "<span>" * 10_000 + ARTICLE, ("blocks",)),
    "5,000 div": (lambda: "<div>" * 5000 + ARTICLE, ("blocks",)),
    "20,000 unclosed b": (lambda: "<b>" * 20_000 + ARTICLE, ("blocks",)),
    "1,000 unclosed font, a and p": (lambda: "<font><a><p>" * 1000 + ARTICLE, ("blocks",)),
    "40,000 tiny paragraphs": (lambda: "<p>x</p>" * 40_000 + ARTICLE, ("blocks",)),
    "200,000 empty div": (lambda: "<div></div>" * 200_000 + ARTICLE, ("blocks",)),
    "50,000 br": (lambda: "line<br>" * 50_000 + ARTICLE, ("blocks",)),
    "20,000 rows": (
        lambda: f"<table>{'<tr><td>a</td></tr>' * 20_000}</table>{ARTICLE}",
        ("blocks",),
    ),
    "40,000 links": (lambda: "<a href='/n'>A headline</a> " * 40_000 + ARTICLE, ("blocks",)),
    "6 MB of paragraphs": (lambda: ARTICLE + f"<p>{'word ' * 40}</p>" * 28_000, ("blocks",)),
    "6 MB in one paragraph": (lambda: f"{ARTICLE}<p>{'word ' * 1_200_000}</p>", ("blocks",)),
    "6 MB in one script": (lambda: f"<script>{'x=1;' * 1_500_000}</script>{ARTICLE}", PLAIN),
    "6 MB of data": (
        lambda: f"{ARTICLE}<script type='application/json'>\"{'x' * 6_000_000}\"</script>",
        PLAIN,
    ),
    "200,000 attributes": (
        lambda: f"<div {' '.join(f'a{n}=1' for n in range(200_000))}>{ARTICLE}</div>",
        PLAIN,
    ),
    "300 elements of 3,000 attributes": (
        lambda: f"<i {' '.join(f'a{n}=1' for n in range(3000))}></i>" * 300 + ARTICLE,
        PLAIN,
    ),
    "3,000 links below 1,900 div": (
        lambda: "<div>" * 1900 + "<a href='/n'>y</a>" * 3000 + ARTICLE,
        ("blocks",),
    ),
    "300 cells of 65,000 rows and columns": (
        lambda: (
            f"<table>{'<tr><td rowspan=65000 colspan=65000>a</td></tr>' * 300}</table>{ARTICLE}"
        ),
        PLAIN,
    ),
    "JSON-LD 50,000 deep": (
        lambda: (
            f'<script type="application/ld+json">{chr(123)}"a":{"[" * 50_000}</script>{ARTICLE}'
        ),
        PLAIN,
    ),
    "broken JSON-LD with 660 kB of authors": (
        lambda: (
            f'<script type="application/ld+json">{{"author": [{AUTHORS * 17_000}</script>{ARTICLE}'
        ),
        PLAIN,
    ),
    "title of 200,000 separators": (lambda: f"<h1>{'a | ' * 200_000}</h1>{ARTICLE}", PLAIN),
    "NULs": (lambda: ARTICLE.replace("<p>", "\x00<p>"), PLAIN),
    "lone surrogate": (lambda: f"<p>\ud800 alone</p>{ARTICLE}", PLAIN),
}


@pytest.mark.parametrize("name", CASES)
def test_page_made_to_break_us_keeps_its_article(name: str) -> None:
    make, ways = CASES[name]
    html = page(make()).encode("utf-8", "surrogatepass")
    article = extract.article(Response(URL, body=html))
    assert way(article.extractor) in ways
    assert [line for line in article.text.split("\n") if line in SENTENCES] == SENTENCES
    assert article.title is not None


def test_large_page_of_navigation_only_has_no_text() -> None:
    html = page("<a href='/n'>A headline of another article</a><br>" * 20_000)
    with pytest.raises(NoArticleError) as caught:
        extract.article(Response(URL, body=html.encode()))
    assert caught.value.reason in {"no_text", "listing"}


NEWS = (
    "The council voted on Tuesday to rebuild the wall.",
    '"No."',
    "Work starts in late spring, said the mayor.",
    "Who pays?",
    "The county pays a third of it.",
)
CHINESE = (
    "四月一日起，江畔市将重新开放老码头的渡轮航线。",  # noqa: RUF001 - Chinese
    "许多人已经等了五年之久，老城区的小店重新有了客人。",  # noqa: RUF001 - Chinese
)


@pytest.mark.parametrize("sentences", [NEWS, CHINESE], ids=["English", "Chinese"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("<div>" * 3000, "", id="deep"),
        pytest.param("<b>" * 20_000, "", id="unclosed"),
        pytest.param("", f"<div>{'<b></b>' * 20_500}</div>", id="many tags"),
    ],
)
def test_short_paragraphs_of_a_large_page_are_all_kept(
    sentences: tuple[str, ...], before: str, after: str
) -> None:
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    article = extract.article(Response(URL, body=page(before + body + after).encode()))
    assert article.text == "\n".join(sentences)
    assert way(article.extractor) == "blocks"


def test_body_of_json_ld_is_taken_where_a_large_page_shows_none() -> None:
    told = "\\n".join(SENTENCES)
    head = f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{told}"}}</script>'
    html = page("<div></div>" * 30_000, head)
    article = extract.article(Response(URL, body=html.encode()))
    assert article.text == "\n".join(SENTENCES)
    assert way(article.extractor) == "json_ld"


def test_lines_of_an_endless_page_end() -> None:
    html = "<p>" + f"{'word ' * 40}<p>" * 60_000
    assert len(html) > 2 * markup.LONGEST_LINES
    assert 0.9 < text_extraction.by_lines(html).length / markup.LONGEST_LINES < 1.1
