"""Kinds and walls by themselves; whole pages behind walls are in test_extract."""

from __future__ import annotations

import json

import pytest

from pipeline.articles import json_ld, kind, markup, titles
from pipeline.articles.head import head

URL = "https://post.example/news/pier"
LINE = "The council of Harbour Town voted on Tuesday to rebuild the old pier, which a storm broke."


def page(html: str, lines: list[str]) -> kind.Page:
    tree = markup.tree(f"<html>{html}</html>")
    assert tree is not None
    heading, linked = head(tree, URL), json_ld.linked(tree)
    return kind.Page(tree, heading, linked, titles.title(tree, heading, linked), lines)


def linked(kind_name: str, **told: object) -> str:
    node = {"@type": kind_name, "headline": "Pier"} | told
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def og_type(name: str) -> str:
    return f"<meta property='og:type' content='{name}'>"


SHORT, LONG = [LINE], [LINE] * 40


@pytest.mark.parametrize(
    ("expected", "html", "lines"),
    [
        pytest.param("article", linked("NewsArticle"), LONG, id="json-ld article"),
        pytest.param("article", og_type("article"), LONG, id="og article"),
        pytest.param("article", "<article><h1>Pier</h1></article>", LONG, id="by structure"),
        pytest.param("live_blog", linked("LiveBlogPosting"), LONG, id="live blog"),
        pytest.param(
            "teaser", linked("NewsArticle", isAccessibleForFree=False), SHORT * 4, id="teaser"
        ),
        pytest.param(
            "article", linked("NewsArticle", isAccessibleForFree=False), LONG, id="paid, but whole"
        ),
        pytest.param("video", og_type("video.other"), SHORT, id="og video"),
        pytest.param("article", og_type("video") + linked("Article"), LONG, id="video with a text"),
        pytest.param("video", linked("VideoObject"), SHORT, id="json-ld video"),
        pytest.param("gallery", linked("ImageGallery"), SHORT, id="gallery"),
        pytest.param("listing", linked("CollectionPage"), LONG, id="collection"),
        pytest.param(None, og_type("website"), LONG, id="nothing declared"),
        pytest.param(None, "", LONG, id="nothing"),
    ],
)
def test_kind_is_what_the_page_declares(expected: str | None, html: str, lines: list[str]) -> None:
    assert kind.page_kind(page(html, lines)) == expected


def wall(html: str, lines: list[str], shown: list[str] | None = None) -> str | None:
    return kind.wall(page(html, lines), lines if shown is None else shown)


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "404 Not Found",
        "Error 404 - Page not found",
        "Page not found",
        "Not found",
        "The page you requested could not be found",
        "This article is no longer available",
        "Sorry, this page does not exist",
        "Seite nicht gefunden",
        "Page introuvable",
        "P\u00e1gina no encontrada",
        "页面不存在",
        "ページが見つかりません",
    ],
)
def test_title_of_a_missing_page_above_a_short_text_is_a_soft_404(title: str) -> None:
    assert wall(f"<title>{title}</title>", SHORT) == "soft_404"
    assert wall(f"<h1>{title}</h1>", []) == "soft_404"
    assert wall(f"<title>{title}</title>", LONG) is None
    assert wall(f"<title>{title}</title>{linked('Article', datePublished='2031')}", SHORT) is None


@pytest.mark.parametrize(
    "title",
    [
        "Missing hiker not found after a week of search",
        "Pier found",
        "The page turned: how a town rebuilt its pier",
        "Peugeot 404 turns seventy",
    ],
)
def test_headline_with_such_words_is_no_missing_page(title: str) -> None:
    assert wall(f"<title>{title}</title>", SHORT) is None


@pytest.mark.parametrize(
    "phrase",
    [
        "Just a moment...",
        "Attention Required! | Cloudflare",
        "Access Denied",
        "Please verify you are a human",
        "Pardon Our Interruption",
        "Request unsuccessful. Incapsula incident ID: 1-2",
        "Please enable JS and disable any ad blocker",
        "We have detected unusual traffic from your network",
    ],
)
def test_challenge_with_little_else_is_a_bot_wall(phrase: str) -> None:
    assert wall("<title>post.example</title>", [phrase]) == "bot_wall"
    assert wall("<title>post.example</title>", [], [phrase]) == "bot_wall"
    assert wall("<title>post.example</title>", [], [phrase, LINE * 30]) == "no_text"
    assert wall("<title>post.example</title>", [phrase, *LONG]) is None


CONSENT = ["We and our partners use cookies and process personal data.", "Your privacy matters."]


@pytest.mark.parametrize(
    ("expected", "title", "lines", "shown"),
    [
        ("consent_wall", "Before you continue", CONSENT, ["Accept all"]),
        ("consent_wall", "Ihre Datenschutzeinstellungen", CONSENT[:1], ["Alle akzeptieren"]),
        ("consent_wall", "The Post", CONSENT, ["Tout accepter"]),
        (None, "The Post", CONSENT, ["Next page"]),
        (None, "The Post", [*CONSENT[:1], LINE, LINE], ["Accept all"]),
        (None, "The Post", [*CONSENT, *LONG], ["Accept all"]),
        (None, "Pier", SHORT, ["Accept all", "We use cookies."]),
    ],
)
def test_consent_wall_speaks_of_consent_and_has_a_button(
    expected: str | None, title: str, lines: list[str], shown: list[str]
) -> None:
    assert wall(f"<title>{title}</title>", lines, [*lines, *shown]) == expected


PAID = linked("NewsArticle", isAccessibleForFree=False)


@pytest.mark.parametrize(
    ("expected", "html", "lines", "shown"),
    [
        pytest.param("paywall", PAID, SHORT, [], id="declared, next to nothing"),
        pytest.param("paywall", PAID, SHORT * 5, ["Already a subscriber?"], id="declared, asked"),
        pytest.param(None, PAID, SHORT * 5, [], id="declared, some text, not asked"),
        pytest.param(None, PAID, LONG, ["Already a subscriber?"], id="declared, whole text"),
        pytest.param("paywall", "", [*SHORT, "Subscribe to continue reading."], [], id="asked"),
        pytest.param("paywall", "", [*SHORT, "Jetzt weiterlesen mit Abo"], [], id="asked, German"),
        pytest.param(None, "", SHORT, ["Subscribe to continue reading."], id="asked elsewhere"),
        pytest.param(None, "", [*SHORT * 5, "Subscribe to continue reading."], [], id="some text"),
        pytest.param(None, linked("NewsArticle", isAccessibleForFree=True), SHORT, [], id="free"),
    ],
)
def test_paywall_is_declared_or_asks_under_a_short_text(
    expected: str | None, html: str, lines: list[str], shown: list[str]
) -> None:
    assert wall(html, lines, [*lines, *shown]) == expected


def teasers(count: int, host: str = "", summary: str = "What happened there, in one line.") -> str:
    return "".join(
        f"<div><h2><a href='{host}/n{n}'>Headline {n}</a></h2><p>{summary} {n}</p></div>"
        for n in range(count)
    )


SUMMARIES = [f"What happened there, in one line. {n}" for n in range(6)]


@pytest.mark.parametrize(
    ("expected", "html", "lines"),
    [
        pytest.param(True, teasers(6), SUMMARIES, id="teasers"),
        pytest.param(True, teasers(6), [*SUMMARIES, "Headline 1"], id="teasers and headlines"),
        pytest.param(False, teasers(3), SUMMARIES[:3], id="too few"),
        pytest.param(False, teasers(6), [*SUMMARIES, *LONG], id="teasers below a text"),
        pytest.param(False, teasers(6, "https://other.example"), SUMMARIES, id="other sites"),
        pytest.param(
            False,
            teasers(6, summary=LINE * 8),
            [f"{LINE * 8} {n}" for n in range(6)],
            id="sections",
        ),
        pytest.param(False, og_type("article") + teasers(6), SUMMARIES, id="says article"),
        pytest.param(True, "<a href='/a'>One</a><a href='/b'>Two</a>", ["One", "Two"], id="links"),
        pytest.param(False, "<a href='/a'>One</a>", ["One", LINE], id="one link"),
        pytest.param(False, "", [], id="nothing"),
    ],
)
def test_list_of_links_does_not_call_itself_an_article(
    html: str, lines: list[str], *, expected: bool
) -> None:
    assert kind.is_listing(page(html, lines)) is expected


def test_page_without_text_and_without_a_wall_has_no_text() -> None:
    assert wall("<title>Pier</title>", []) == "no_text"
