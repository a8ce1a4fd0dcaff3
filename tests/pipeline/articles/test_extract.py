"""extract.article: what becomes of a whole page."""

from __future__ import annotations

import json
import pickle
import random
from datetime import UTC, datetime

import pytest

from pipeline.articles import extract
from pipeline.articles.text import text_extraction
from pipeline.errors import NoArticleError
from pipeline.model import Article, Response

URL = "https://post.example/2031/pier"
FETCHED = datetime(2031, 3, 5, 12, tzinfo=UTC)
PARAGRAPHS = (
    "The council of Harbour Town voted on Tuesday to rebuild the old pier, which a storm broke.",
    "Work begins in spring and will cost nine million crowns, half of it paid by the region.",
    "Fishermen had asked for a longer quay; they will have to wait until the second stage.",
)
LINKED = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",'
    '"headline": "Pier to be rebuilt", "datePublished": "2031-03-02T09:30:00+01:00",'
    '"author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Ek"}],'
    '"keywords": ["pier", "storm"], "articleSection": "Region" %s}</script>'
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str, *, head: str = LINKED % "", title: str = "Pier to be rebuilt") -> str:
    return (
        f'<!doctype html><html lang="en-GB"><head><title>{title} | The Harbour Post</title>'
        f'<meta property="og:site_name" content="The Harbour Post">{head}</head><body>'
        "<nav><a href='/'>Home</a><a href='/news'>News</a></nav><main><article><header>"
        f"<h1>{title}</h1><p class='dek'>Nine million for a landmark that the storm took.</p>"
        "<p class='byline'>By Ann Lee and Bo Ek</p></header>"
        f"<div class='article-body'>{body}</div></article></main>"
        "<footer><p>All rights reserved by The Harbour Post.</p></footer></body></html>"
    )


def extracted(body: str | bytes, content_type: str | None = "text/html; charset=utf-8") -> Article:
    headers = {"content-type": content_type} if content_type else {}
    raw = body if isinstance(body, bytes) else body.encode()
    return extract.article(Response(URL, headers=headers, body=raw, fetched_at=FETCHED))


def refusal(body: str | bytes, content_type: str | None = "text/html; charset=utf-8") -> str:
    with pytest.raises(NoArticleError) as caught:
        extracted(body, content_type)
    assert URL in caught.value.message
    return caught.value.reason


def test_text_of_a_well_marked_page_is_exactly_its_body() -> None:
    article = extracted(page(paragraphs(*PARAGRAPHS)))
    assert article.text == "\n".join(PARAGRAPHS)
    assert article.extractor == text_extraction.TRAFILATURA
    assert not article.truncated


def test_headline_is_no_paragraph_and_the_dek_is_one() -> None:
    dek = "Nine million crowns for a landmark that the storm took two winters ago."
    html = (
        "<html><head><title>Pier to be rebuilt</title></head><body><article>"
        f"<h1>Pier to be rebuilt</h1><p class='standfirst'>{dek}</p>"
        f"{paragraphs(*PARAGRAPHS)}</article></body></html>"
    )
    assert extracted(html).text == "\n".join((dek, *PARAGRAPHS))


def test_pointer_to_another_article_is_no_paragraph_at_the_end() -> None:
    pointer = "<p>Read more: <a href='/2031/light'>Storm takes the second lighthouse too</a></p>"
    assert extracted(page(paragraphs(*PARAGRAPHS) + pointer)).text == "\n".join(PARAGRAPHS)


def test_facts_of_a_well_marked_page() -> None:
    article = extracted(page(paragraphs(*PARAGRAPHS)))
    assert article.url == URL
    assert article.title == "Pier to be rebuilt"
    assert article.authors == ("Ann Lee", "Bo Ek")
    assert article.published_at == datetime(2031, 3, 2, 8, 30, tzinfo=UTC)
    assert article.published_source == "json_ld"
    assert article.tags == ("pier", "storm")
    assert article.section == "Region"
    assert article.language == "en"
    assert article.page_kind == "article"


@pytest.mark.parametrize(
    "order", [(0, 1, 0, 2), (0, 1, 1, 2), (0, 0, 0, 1, 2), (1, 2, 0, 0)], ids=str
)
def test_repeated_paragraph_of_the_body_is_kept(order: tuple[int, ...]) -> None:
    repeated = [PARAGRAPHS[number] for number in order]
    assert extracted(page(paragraphs(*repeated))).text == "\n".join(repeated)


def test_short_body_is_read_from_its_marked_element_and_not_with_the_headline() -> None:
    article = extracted(page("<p>Road closed.</p><p>Open again at noon.</p>"))
    assert article.text == "Road closed.\nOpen again at noon."
    assert article.extractor == "marked/1"


def test_list_items_and_subheads_are_lines_without_marks() -> None:
    body = paragraphs(*PARAGRAPHS) + "<h2>What it costs</h2><ul><li>Stone</li><li>Wood</li></ul>"
    lines = extracted(page(body)).text.split("\n")
    assert lines == [*PARAGRAPHS, "What it costs", "Stone", "Wood"]


def test_article_survives_pickling() -> None:
    article = extracted(page(paragraphs(*PARAGRAPHS)))
    assert pickle.loads(pickle.dumps(article)) == article  # noqa: S301 - our own bytes


BODIES = {
    "lines": "\n\n".join(PARAGRAPHS),
    "a tag within a line": "\n".join(PARAGRAPHS).replace("Tuesday", "<b>Tuesday</b>"),
    "HTML": paragraphs(*PARAGRAPHS),
    "escaped HTML": paragraphs(*PARAGRAPHS).replace("<", "&lt;"),
    "a list": list(PARAGRAPHS),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_body_of_json_ld_is_taken_where_the_page_shows_none(body: str | list[str]) -> None:
    head = LINKED % f', "articleBody": {json.dumps(body)}'
    article = extracted(
        f"<html><head><title>Pier</title>{head}</head><body><div></div></body></html>"
    )
    assert article.text == "\n".join(PARAGRAPHS)
    assert article.extractor == "json_ld/1"


WHOLE = [*PARAGRAPHS, *(f"Pier {n} is as old as the town and nine metres wide." for n in range(20))]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param(WHOLE, WHOLE, id="the page shows its beginning"),
        pytest.param([*PARAGRAPHS, "End."], PARAGRAPHS, id="hardly more than the page shows"),
        pytest.param(WHOLE[3:], PARAGRAPHS, id="another text"),
    ],
)
def test_body_of_json_ld_is_taken_where_the_page_shows_only_a_part_of_it(
    told: list[str], expected: list[str]
) -> None:
    head = LINKED % f', "articleBody": {json.dumps(chr(10).join(told))}'
    article = extracted(page(paragraphs(*PARAGRAPHS), head=head))
    assert article.text == "\n".join(expected)


@pytest.mark.parametrize("tag", ["code", "q"])
def test_code_and_quotes_within_a_line_do_not_end_it(tag: str) -> None:
    line = (
        f"Use <{tag}>dig --deep</{tag}> first, the harbour's engineer told the <{tag}>crew</{tag}>."
    )
    article = extracted(page(paragraphs(*PARAGRAPHS, line)))
    plain = line.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert article.text == "\n".join((*PARAGRAPHS, plain))


def test_text_for_browsers_without_frames_is_the_article() -> None:
    shown = f"<body><h1>Pier</h1>{paragraphs(*PARAGRAPHS)}</body>"
    html = f"<html><frameset><frame src=a><noframes>{shown}</noframes></frameset></html>"
    assert extracted(html).text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("tag", "count"), [("div", 300), ("blockquote", 600), ("div", 5000), ("font", 3000)]
)
def test_text_below_deep_nesting_is_found(tag: str, count: int) -> None:
    deep = f"<{tag}>" * count + paragraphs(*PARAGRAPHS) + f"</{tag}>" * count
    article = extracted(f"<html><head><title>Pier</title></head><body>{deep}</body></html>")
    assert [line for line in article.text.split("\n") if line in PARAGRAPHS] == list(PARAGRAPHS)


def test_giant_picture_inside_the_page_does_not_hide_the_text() -> None:
    picture = f"<img src='data:image/png;base64,{'A' * 11_000_000}'>"
    assert extracted(page(picture + paragraphs(*PARAGRAPHS))).text == "\n".join(PARAGRAPHS)


def test_long_text_is_cut_visibly() -> None:
    text = "First line.\n" + "word " * 250_000
    article = extracted(text, "text/plain")
    assert len(article.text) <= 1_000_000
    assert article.truncated


def test_plain_text_has_its_first_line_as_title() -> None:
    article = extracted(
        "Pier to be rebuilt\n\nWork  begins\tin spring.\nIt is a < b.\n", "text/plain"
    )
    assert article.title == "Pier to be rebuilt"
    assert article.text == "Work begins in spring.\nIt is a < b."
    assert article.extractor == "plain/1"


def test_first_paragraph_of_a_plain_text_without_a_headline_stays() -> None:
    paragraph = " ".join(PARAGRAPHS)
    assert extracted(f"{paragraph}\n\nEnd.", "text/plain").text == f"{paragraph}\nEnd."


def test_html_sent_as_plain_text_is_read_as_html() -> None:
    article = extracted(page(paragraphs(*PARAGRAPHS)), "text/plain")
    assert article.text == "\n".join(PARAGRAPHS)


def test_declared_charset_is_used_where_no_header_names_one() -> None:
    body = "<p>" + "本市昨日决定重建旧码头。工程将于春季开始。费用由地区承担一半。" * 12 + "</p>"
    html = f"<html><head><meta charset=gb2312><title>码头</title></head><body><article>{body}</article></body></html>"
    article = extracted(html.encode("gb18030"), "text/html")
    assert article.title == "码头"
    assert article.text.startswith("本市昨日决定重建旧码头")


TEASER = paragraphs(
    "The council voted on Tuesday to rebuild the old pier, which a storm broke, the mayor said.",
    "Work begins in spring and will cost nine million crowns.",
)
PAID = LINKED % ', "isAccessibleForFree": false'
SUBSCRIBE = "<div class='wall'><p>Subscribe to continue reading this story.</p></div>"
LINKS = "".join(f"<li><a href='/n{n}'>Headline number {n} about a pier</a></li>" for n in range(30))
TEASERS = "".join(
    f"<article><h2><a href='/n{n}'>Headline number {n} about a pier</a></h2>"
    f"<p>Summary {n}: what happened there was that people came and saw it all.</p></article>"
    for n in range(10)
)


@pytest.mark.parametrize(
    ("reason", "html"),
    [
        pytest.param(
            "paywall", page("<p>The council voted.</p>", head=PAID), id="declared, no text"
        ),
        pytest.param(
            "listing",
            f"<html><head><title>News</title></head><body><ul>{LINKS}</ul></body></html>",
            id="links",
        ),
        pytest.param(
            "listing",
            f"<html><head><title>The Post</title></head><body><h1>News</h1>{TEASERS}</body></html>",
            id="teasers",
        ),
        pytest.param(
            "soft_404",
            "<html><head><title>Page not found | The Post</title></head><body><h1>404</h1>"
            "<p>Try the search, or go on with what others read today.</p></body></html>",
            id="not found",
        ),
        pytest.param(
            "bot_wall",
            "<html><head><title>Just a moment...</title></head><body>"
            "<p>Checking your browser before accessing post.example.</p></body></html>",
            id="challenge",
        ),
        pytest.param(
            "consent_wall",
            "<html><head><title>Before you continue</title></head><body><h1>We value your privacy"
            "</h1><p>We and our 842 partners store cookies and process personal data.</p>"
            "<p>Accept all</p><p>Reject all</p></body></html>",
            id="consent",
        ),
        pytest.param(
            "no_text", "<html><head><title>Pier</title></head><body></body></html>", id="empty"
        ),
        pytest.param("no_text", "", id="nothing"),
        pytest.param("no_text", "<html><frameset><frame src='a'></frameset></html>", id="frames"),
    ],
)
def test_page_without_an_article_says_why(reason: str, html: str) -> None:
    assert refusal(html) == reason


@pytest.mark.parametrize("head", [PAID, ""], ids=["declared", "asked to pay in a short text"])
def test_article_behind_a_paywall_is_what_the_page_shows_of_it(head: str) -> None:
    article = extracted(page(TEASER + SUBSCRIBE, head=head))
    assert article.title == "Pier to be rebuilt"
    assert article.text == (
        "Nine million for a landmark that the storm took.\n"
        "By Ann Lee and Bo Ek\n"
        "The council voted on Tuesday to rebuild the old pier, which a storm broke, the mayor said.\n"
        "Work begins in spring and will cost nine million crowns."
    )
    assert (article.page_kind, article.access) == ("teaser", "metered")


@pytest.mark.parametrize(
    ("value", "expected"), [("true", "free"), ('"True"', "free"), ("null", None), ("false", None)]
)
def test_whole_article_is_free_where_its_page_says_so(value: str, expected: str | None) -> None:
    head = LINKED % f', "isAccessibleForFree": {value}'
    article = extracted(page(paragraphs(*PARAGRAPHS * 9), head=head))
    assert (article.page_kind, article.access) == ("article", expected)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            page(paragraphs(*PARAGRAPHS * 8), head=PAID), id="declared paid, whole text there"
        ),
        pytest.param(
            page(paragraphs(*PARAGRAPHS), title="Missing hiker not found"), id="not found"
        ),
        pytest.param(
            page(paragraphs(*PARAGRAPHS, "Cookies and consent were debated too.")), id="cookies"
        ),
        pytest.param(page(paragraphs(*PARAGRAPHS), title="Are you a robot?"), id="robots"),
        pytest.param(page(paragraphs(*PARAGRAPHS) + f"<ul>{LINKS}</ul>"), id="links below"),
    ],
)
def test_article_about_walls_is_an_article(html: str) -> None:
    assert PARAGRAPHS[0] in extracted(html).text


def test_random_bytes_raise_nothing_but_no_article() -> None:
    draw = random.Random(7)  # noqa: S311 - test data
    for size in (1, 3, 40, 5000):
        for prefix in (b"", b"<html><p>", b"\xff\xfe", b"<script type='application/ld+json'>{"):
            body = prefix + draw.randbytes(size)
            try:
                assert extracted(body, None).text
            except NoArticleError as error:
                assert error.reason in {"not_html", "no_text", "bad_encoding"}  # noqa: PT017


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("&#xD800;&#0;<p>&#x1F;x" * 50, id="illegal references"),
        pytest.param("<a " + "x=y " * 2000, id="attributes without an end"),
        pytest.param("<p>\ud800 lone".encode("utf-8", "surrogatepass"), id="lone surrogate"),
        pytest.param(LINKED % ', "x": ' + "[" * 5000, id="deep JSON-LD"),
        pytest.param(
            '<script type="application/ld+json">[1, null, {"@type": ["NewsArticle", 3], "author":'
            ' [[1], {"@id": []}, {"name": {}}], "image": [[]], "keywords": {"a": 1}, "headline": 5,'
            ' "isAccessibleForFree": {"a": []}, "datePublished": []}]</script>' + TEASER,
            id="JSON-LD of wrong types",
        ),
        pytest.param(
            '<link rel=canonical href="http://[bad"><meta property=og:url content="//">', id="urls"
        ),
        pytest.param(
            '<time datetime="0000-99-99">x</time><meta name=date content="99999-01-01">', id="dates"
        ),
        pytest.param("<html lang=''><meta name><meta content>", id="empty attributes"),
    ],
)
def test_hostile_page_raises_nothing_but_no_article(html: str | bytes) -> None:
    try:
        assert "\x00" not in extracted(html).text
    except NoArticleError as error:
        assert error.reason in {"no_text", "bad_encoding"}  # noqa: PT017
