"""When an article is held back, and when it is only not free."""

# ruff: noqa: RUF001 - texts in many scripts

from __future__ import annotations

import pytest

from pipeline.articles.kinds import page_kind, paywalls
from tests.pipeline.articles.pages import LINE, LONG, SHORT, linked, og_type, page, wall, wall_of

PAID = linked("NewsArticle", isAccessibleForFree=False)
OPEN = [*SHORT, f"{LINE[:-1]} and then"]
PAY = {
    "en": "Subscribe to continue reading.",
    "de": "Jetzt weiterlesen mit Abo",
    "fr": "Cet article est réservé aux abonnés.",
    "es": "Suscríbete para seguir leyendo",
    "it": "Contenuto riservato agli abbonati",
    "pt": "Conteúdo exclusivo para assinantes",
    "nl": "Dit artikel is alleen voor abonnees",
    "pl": "Tekst tylko dla prenumeratorów",
    "sv": "Logga in för att läsa vidare",
    "no": "Saken er kun for abonnenter",
    "da": "Artiklen er kun for abonnenter",
    "fi": "Juttu on vain tilaajille",
    "cs": "Článek je pouze pro předplatitele",
    "tr": "Bu içerik abonelere özel",
    "ru": "Материал доступен по подписке",
    "uk": "Матеріал лише для передплатників",
    "ja": "この記事は有料会員限定です",
    "ko": "구독자 전용 기사입니다",
    "zh": "订阅后阅读全文",
    "zh-hant": "訂閱以繼續閱讀",
    "ar": "هذا المقال للمشتركين فقط",
    "he": "הכתבה למנויים בלבד",
    "el": "Μόνο για συνδρομητές",
    "hu": "Csak előfizetőknek",
    "ro": "Articol doar pentru abonați",
    "hi": "पढ़ना जारी रखने के लिए सदस्य बनें",
    "id": "Artikel khusus pelanggan",
    "vi": "Đăng nhập để đọc tiếp",
    "th": "เนื้อหาสำหรับสมาชิกเท่านั้น",
}


@pytest.mark.parametrize("line", PAY.values(), ids=list(PAY))
def test_reader_is_asked_to_pay_in_many_languages(line: str) -> None:
    assert wall("", [*SHORT, line]) == "paywall"
    assert wall(PAID, SHORT * 5, [*SHORT, line]) == "paywall"
    assert wall("", [*LONG, line]) is None
    assert wall("", SHORT, [*SHORT, line]) is None  # elsewhere on the page, of a page that is free
    assert wall("", [f"{line} {LINE * 3}"]) is None  # in a sentence of the article's
    assert wall("", [line, LINE, LINE, LINE]) is None  # above the text


def paywall(
    name: str = "class='paywall'", inside: str = "<a href='/subscribe'>Ψ ω χ ψ ω</a>"
) -> str:
    return f"<div {name}><p>Ψ ψ ω χ ψ ω χ ψ ω</p>{inside}</div>"


@pytest.mark.parametrize(
    ("expected", "html", "lines", "shown"),
    [
        pytest.param("paywall", PAID, SHORT, [], id="declared, next to nothing"),
        pytest.param("paywall", PAID, SHORT * 5, ["Already a subscriber?"], id="declared, asked"),
        pytest.param("paywall", PAID + paywall(), SHORT * 5, [], id="declared, box"),
        pytest.param(None, PAID, SHORT * 5, [], id="declared, some text, not asked"),
        pytest.param(None, PAID, LONG, ["Already a subscriber?"], id="declared, whole text"),
        pytest.param("paywall", "", [*SHORT, "Subscribe to continue reading."], [], id="asked"),
        pytest.param(None, "", SHORT, ["Subscribe to continue reading."], id="asked elsewhere"),
        pytest.param(None, "", SHORT, ["Already a subscriber?"], id="link for subscribers"),
        pytest.param(None, "", SHORT, ["Sign up for our newsletter."], id="newsletter"),
        pytest.param(None, "", [*SHORT * 5, "Subscribe to continue reading."], [], id="some text"),
        pytest.param(None, linked("NewsArticle", isAccessibleForFree=True), SHORT, [], id="free"),
        pytest.param("paywall", paywall(), OPEN, [], id="box below a text that breaks off"),
        pytest.param("paywall", paywall(), [], [], id="box and no text"),
        pytest.param("paywall", paywall("id='regwall'"), OPEN, [], id="to register"),
        pytest.param("paywall", paywall("class='tp-modal'"), OPEN, [], id="Piano"),
        pytest.param("paywall", paywall("class='leaky_paywall_message'"), OPEN, [], id="Leaky"),
        pytest.param("paywall", paywall("class='gh-post-upgrade-cta'"), OPEN, [], id="Ghost"),
        pytest.param(None, paywall(), SHORT, [], id="box below a whole text"),
        pytest.param(None, paywall(), LONG, [], id="box below a long text"),
        pytest.param(None, paywall("class='wallpaper'"), OPEN, [], id="another box"),
        pytest.param(None, paywall("class='paywall' hidden"), OPEN, [], id="hidden box"),
        pytest.param(None, paywall("class='paywall' style='display: none'"), OPEN, [], id="unseen"),
        pytest.param(None, paywall(inside=""), OPEN, [], id="box without a way in"),
        pytest.param(None, "<div class='paywall'></div>", OPEN, [], id="empty box"),
    ],
)
def test_paywall_is_declared_or_asks_under_a_short_text(
    expected: str | None, html: str, lines: list[str], shown: list[str]
) -> None:
    assert wall(html, lines, [*lines, *shown]) == expected


TIER = "<meta property='article:content_tier' content='{}'>"
MICRODATA = "<meta itemprop='isAccessibleForFree' content='False'>"


@pytest.mark.parametrize(
    ("told", "html"),
    [
        ("isAccessibleForFree false", PAID),
        ("isAccessibleForFree false", linked("NewsArticle", isAccessibleForFree="False")),
        (
            "isAccessibleForFree false",
            linked("Article", isAccessibleForFree="http://schema.org/False"),
        ),
        ("isAccessibleForFree false", MICRODATA),
        ("content tier 'locked'", TIER.format("locked")),
        ("content tier 'metered'", TIER.format("Metered")),
        (None, TIER.format("free")),
        (None, linked("NewsArticle", isAccessibleForFree="True") + MICRODATA),
        (None, linked("NewsArticle")),
    ],
)
def test_page_says_that_the_article_is_not_free(told: str | None, html: str) -> None:
    assert paywalls.declared(page(html, SHORT)) == told
    expected = None if told is None else f"{told} and {len(LINE)} characters"
    found = wall_of(html, SHORT)
    assert (found and found.sign) == expected
    assert page_kind.page_kind(page(og_type("article") + html, SHORT * 5)) == (
        "teaser" if told else "article"
    )
    assert page_kind.page_kind(page(og_type("article") + html, LONG)) == "article"


PART = linked(
    "NewsArticle",
    isAccessibleForFree=False,
    hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paid"},
)
SHOWN = f"<div class='paid'><p>{LINE}</p></div>"
AWAY = f"<p>{LINE}</p><div class='paid'></div>"


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        ("article", PART + SHOWN),
        ("teaser", PART + AWAY),
        ("teaser", PART),
        ("teaser", PAID + SHOWN),
    ],
    ids=["shown", "held back", "not there", "not declared"],
)
def test_paid_part_that_is_shown_makes_the_article_whole(expected: str, html: str) -> None:
    assert page_kind.page_kind(page(html, SHORT * 4)) == expected
    assert wall(html, SHORT) == (None if expected == "article" else "paywall")


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("and then", "teaser"),
        ("and then...", "teaser"),
        ("and then…", "teaser"),
        ("and then.", "article"),
        ("“and then.”", "article"),
        ("以后。", "article"),
        ("フ」", "teaser"),
        ("हुआ।", "article"),
    ],
)
def test_text_that_breaks_off_above_a_paywall_is_a_teaser(end: str, expected: str) -> None:
    lines = [*SHORT * 5, f"{LINE[:-1]} {end}", "Share"]
    assert page_kind.page_kind(page(og_type("article") + paywall(), lines)) == expected
    assert page_kind.page_kind(page(og_type("article"), lines)) == "article"


ARTICLE = og_type("article") + "<h1>Pier</h1>"
ASKS = "Subscribe to continue reading."
OFFER = "Four weeks for one crown, then nine crowns every month, until you say no."
BOXED = f"<div class='paywall'><p>{OFFER}</p><a href='/subscribe'>Go on</a></div>"
DEK = "<meta name='description' content='A pier, a storm and a vote that nobody had announced.'>"
SAYS = "A pier, a storm and a vote that nobody had announced."


@pytest.mark.parametrize(
    ("expected", "html", "lines"),
    [
        pytest.param([LINE], ARTICLE, [LINE, ASKS], id="before the prompt"),
        pytest.param([LINE], ARTICLE, [LINE, ASKS, "See the offers"], id="not what follows"),
        pytest.param([LINE], ARTICLE, [ASKS, LINE], id="after a prompt above the text"),
        pytest.param([LINE, LINE], ARTICLE, [OFFER, ASKS, LINE, LINE], id="the longest run"),
        pytest.param([LINE], ARTICLE + BOXED, [LINE, OFFER], id="not what the box says"),
        pytest.param([LINE], "<article><h1>Pier</h1></article>", [LINE, ASKS], id="marked up"),
        pytest.param([SAYS], ARTICLE + DEK, ["Share", ASKS], id="description, no line"),
        pytest.param([LINE], ARTICLE + DEK, [LINE, ASKS], id="lines before the description"),
        pytest.param([], ARTICLE, ["Share", ASKS], id="nothing but buttons"),
        pytest.param([], ARTICLE, [], id="nothing"),
        pytest.param([], "<h1>Pier</h1>", [LINE, ASKS], id="no page of an article"),
        pytest.param([], og_type("article") + f"<h1>{ASKS}</h1>", [LINE], id="headline that asks"),
        pytest.param(
            [], ARTICLE + DEK.replace(SAYS, f"{ASKS} It takes a minute and a card, and you can stop."),
            [], id="description that asks",
        ),
    ],
)  # fmt: skip
def test_teaser_is_what_is_shown_of_the_article(
    expected: list[str], html: str, lines: list[str]
) -> None:
    assert paywalls.teaser(page(html, lines)) == expected


CUT = [*LONG, f"{LINE[:-1]} and then"]


@pytest.mark.parametrize(
    ("expected", "html", "lines"),
    [
        pytest.param("paywall", PAID, [*LONG, ASKS], id="ends in a request"),
        pytest.param("paywall", PAID + BOXED, CUT, id="breaks off above a box"),
        pytest.param(None, "", [*LONG, ASKS], id="not declared"),
        pytest.param(None, PAID, [ASKS, *LONG], id="request above the text"),
        pytest.param(None, PAID, CUT, id="breaks off, no box"),
        pytest.param(None, PAID + BOXED, LONG, id="whole text above a box"),
        pytest.param(None, PART + f"<div class='paid'>{LINE}</div>", [*LONG, ASKS], id="paid part shown"),
    ],
)  # fmt: skip
def test_long_preview_ends_at_the_paywall(
    expected: str | None, html: str, lines: list[str]
) -> None:
    assert wall(ARTICLE + html, lines) == expected


def test_long_preview_is_the_teaser_without_the_request() -> None:
    assert paywalls.teaser(page(ARTICLE + PAID, [*LONG, ASKS])) == LONG


def test_what_follows_a_request_to_pay_on_the_page_is_no_part_of_the_teaser() -> None:
    """The heading that asks is no line of the text that was found, what stands below it is."""
    shown = f"<p>{LINE}</p><h2>{ASKS}</h2><p>{OFFER}</p>"
    assert paywalls.teaser(page(ARTICLE + shown, [LINE, OFFER])) == [LINE]


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        ("free", linked("NewsArticle", isAccessibleForFree=True)),
        ("free", linked("NewsArticle", isAccessibleForFree="True")),
        (None, linked("NewsArticle", isAccessibleForFree=True) + TIER.format("locked")),
        (None, linked("NewsArticle")),
        (None, PAID),
        (None, ""),
    ],
    ids=["true", "as text", "also locked", "nothing said", "not free", "no data"],
)
def test_article_is_free_where_its_page_says_so_and_nothing_else(
    expected: str | None, html: str
) -> None:
    assert paywalls.access(page(html, LONG)) == expected
