"""What stands in an article's place; whole pages behind walls are in test_extract."""

# ruff: noqa: RUF001 - texts in many scripts

from __future__ import annotations

import pytest

from pipeline.articles.kinds import non_articles, phrases
from tests.pipeline.articles.pages import (
    LINE,
    LONG,
    SHORT,
    URL,
    linked,
    og_type,
    page,
    teasers,
    wall,
    wall_of,
)

DATED = linked("Article", datePublished="2031")

# What is missing.

MISSING = {
    "en": "Page not found",
    "de": "Die Seite wurde nicht gefunden",
    "fr": "Cette page est introuvable",
    "es": "Página no encontrada",
    "it": "Pagina non trovata",
    "pt": "Página não encontrada",
    "nl": "Pagina niet gevonden",
    "pl": "Strona nie została znaleziona",
    "sv": "Sidan kunde inte hittas",
    "no": "Fant ikke siden",
    "da": "Siden blev ikke fundet",
    "fi": "Sivua ei löydy",
    "cs": "Stránka nenalezena",
    "tr": "SAYFA BULUNAMADI",
    "ru": "Страница не найдена",
    "uk": "Сторінку не знайдено",
    "ja": "お探しのページは見つかりませんでした",
    "ko": "페이지를 찾을 수 없습니다.",
    "zh": "页面不存在",
    "zh-hant": "找不到頁面",
    "ar": "عذرًا، الصفحة غير موجودة",
    "he": "העמוד לא נמצא",
    "el": "Η σελίδα δεν βρέθηκε",
    "hu": "A keresett oldal nem található",
    "ro": "Pagina nu a fost găsită",
    "hi": "पृष्ठ नहीं मिला",
    "id": "Halaman tidak ditemukan",
    "vi": "Không tìm thấy trang",
    "th": "ไม่พบหน้าที่คุณค้นหา",
}
NUMBERS = ["404", "404 Not Found", "Error 404 - Page not found", "HTTP 404", "Fehler 404", "404!"]
SENTENCES = [
    "Not found",
    "The page you requested could not be found",
    "This article is no longer available",
    "Sorry, this page does not exist",
    "Oops! That page can’t be found.",
    "Page not found | The Harbour Post",
    "Seite nicht gefunden - Hafenpost",
]


@pytest.mark.parametrize("title", [*MISSING.values(), *NUMBERS, *SENTENCES])
def test_title_of_a_missing_page_above_a_short_text_is_a_soft_404(title: str) -> None:
    assert wall(f"<title>{title}</title>", SHORT) == "soft_404"
    assert wall(f"<h1>{title}</h1>", []) == "soft_404"
    assert wall(f"<title>{title}</title>", LONG) is None
    assert wall(f"<title>{title}</title>{DATED}", SHORT) is None


@pytest.mark.parametrize(
    "title",
    [
        "Missing hiker not found after a week of search",
        "Pier found",
        "The page turned: how a town rebuilt its pier",
        "Peugeot 404 turns seventy",
        "404 rescued from the pier",
        "Vermisster Wanderer nicht gefunden, Suche geht weiter auf jeder Seite des Berges",
        "La page est tournée pour le port",
        "No se encontró la página perdida del diario de Colón en el puerto de Palos",
        "Страница не найдена: как архив потерял дневник капитана порта",
    ],
)
def test_headline_with_such_words_is_no_missing_page(title: str) -> None:
    assert wall(f"<title>{title}</title>", SHORT) is None


STATUS = "<meta name='prerender-status-code' content='{}'>"
CANONICAL = "<link rel=canonical href='https://post.example/'>"
OG_URL = "<meta property='og:url' content='https://post.example'>"
SUMMARIES = [f"What happened there, in one line. {n}" for n in range(6)]


@pytest.mark.parametrize(
    ("sign", "html", "lines"),
    [
        pytest.param("prerender-status-code 404", STATUS.format(404), SHORT * 10, id="status"),
        pytest.param("prerender-status-code 410", STATUS.format(410), SHORT, id="gone"),
        pytest.param("class 'error404'", "<body class='x error404 y'>", SHORT * 10, id="WordPress"),
        pytest.param("class 'page-404'", "<body class='page-404'>", SHORT, id="page-404"),
        pytest.param("class 'not-found'", "<body class='not-found'>", SHORT, id="not-found"),
        pytest.param("the front page", CANONICAL, SHORT, id="canonical, no headline"),
        pytest.param("the front page", OG_URL, [], id="og:url, no text"),
        pytest.param("the front page", CANONICAL + teasers(6), SUMMARIES, id="canonical, a list"),
    ],
)
def test_page_says_that_it_is_not_there(sign: str, html: str, lines: list[str]) -> None:
    found = wall_of(html, lines)
    assert found is not None
    assert (found.reason, sign in found.sign) == ("soft_404", True)


@pytest.mark.parametrize(
    ("html", "lines", "url"),
    [
        pytest.param(STATUS.format(200), SHORT, URL, id="status 200"),
        pytest.param(STATUS.format(404), LONG, URL, id="status above a long text"),
        pytest.param(STATUS.format(404) + DATED, SHORT, URL, id="status, dated"),
        pytest.param("<body class='room404 found'>", SHORT, URL, id="other classes"),
        pytest.param("<body class='error404'>", LONG, URL, id="class above a long text"),
        pytest.param(CANONICAL + "<h1>Pier</h1>", SHORT, URL, id="careless canonical, headline"),
        pytest.param(CANONICAL + og_type("article"), SHORT, URL, id="careless, says article"),
        pytest.param(CANONICAL, LONG, URL, id="careless canonical, long text"),
        pytest.param(CANONICAL, SHORT, "https://post.example/", id="front page asked for"),
    ],
)
def test_page_with_one_weak_sign_is_there(html: str, lines: list[str], url: str) -> None:
    assert wall(html, lines, url=url) is None


# Challenges.

ROBOT = {
    "en": "Please verify you are a human",
    "de": "Bitte bestätigen Sie, dass Sie kein Roboter sind.",
    "fr": "Merci de confirmer que vous êtes un humain.",
    "es": "Confirme que no es un robot: se detectó tráfico inusual.",
    "it": "Non sono un robot",
    "pt": "Confirme que não é um robô para continuar.",
    "nl": "Bevestig dat u een mens bent",
    "pl": "Potwierdź, że jesteś człowiekiem",
    "sv": "Bekräfta att du är en människa",
    "no": "Bekreft at du er et menneske",
    "da": "Bekræft, at du er et menneske",
    "fi": "Vahvista, että olet ihminen",
    "cs": "Potvrďte, že jste člověk",
    "tr": "Lütfen insan olduğunuzu doğrulayın",
    "ru": "Подтвердите, что вы не робот",
    "uk": "Підтвердьте, що ви людина",
    "ja": "人間であることを確認してください",
    "ko": "사람인지 확인하십시오",
    "zh": "请验证您是真人",
    "zh-hant": "我不是機器人",
    "ar": "يرجى تأكيد أنك إنسان",
    "he": "אני לא רובוט",
    "el": "Επιβεβαιώστε ότι είστε άνθρωπος",
    "hu": "Nem vagyok robot",
    "ro": "Nu sunt robot",
    "hi": "पुष्टि करें कि आप इंसान हैं",
    "id": "Saya bukan robot",
    "vi": "Tôi không phải là người máy",
    "th": "ฉันไม่ใช่โปรแกรมอัตโนมัติ",
}
REFUSED = [
    "Just a moment...",
    "Attention Required! | Cloudflare",
    "Access Denied",
    "Zugriff verweigert",
    "Доступ запрещен",
    "Pardon Our Interruption",
    "Request unsuccessful. Incapsula incident ID: 1-2",
    "Please enable JS and disable any ad blocker",
    "We have detected unusual traffic from your network",
]


@pytest.mark.parametrize("phrase", [*ROBOT.values(), *REFUSED])
def test_challenge_with_little_else_is_a_bot_wall(phrase: str) -> None:
    assert wall("<title>post.example</title>", [phrase]) == "bot_wall"
    assert wall("<title>post.example</title>", [], [phrase]) == "bot_wall"
    assert wall("<title>post.example</title>", [], [phrase, LINE * 30]) == "no_text"
    assert wall("<title>post.example</title>", [phrase, *LONG]) is None
    assert wall(DATED, [phrase, LINE]) is None


@pytest.mark.parametrize(
    "line",
    [
        "The mayor was denied access. Access denied signs hang at the pier.",
        "Robots will paint the pier.",
        "Der Hafen verweigert den Zugriff auf seine Akten.",
        "Полиция: доступ запрещен всем, кроме рыбаков.",
    ],
)
def test_note_with_such_words_is_no_challenge(line: str) -> None:
    assert wall("<title>Pier</title>", [line]) is None


MARKS = {
    "a Cloudflare challenge": "<script>window._cf_chl_opt={cType:'managed'}</script>",
    "a Cloudflare refusal": "<div id='cf-error-details'></div>",
    "a PerimeterX challenge": "<div id='px-captcha'></div>",
    "a DataDome challenge": "<script src='https://ct.captcha-delivery.com/c.js'></script>",
    "an Imperva challenge": "<iframe src='/_Incapsula_Resource?CWUDNSAI=1'></iframe>",
    "an Akamai refusal": "<p>Reference&#32;&#35;18&#46;2d351ab8&#46;1</p>",
    "an Akamai challenge": "<div id='sec-if-cpt-container'></div>",
    "an AWS WAF challenge": "<script>window.gokuProps = {}</script>",
    "a Sucuri challenge": "<script>sucuri_cloudproxy_js=''</script>",
    "a DDoS-Guard challenge": "<script src='/.well-known/ddos-guard/js-challenge/index.js'></script>",
    "a Vercel challenge": "<script src='/.well-known/vercel/security/static/c.js'></script>",
    "an Anubis challenge": "<script id='anubis_challenge'>{}</script>",
    "a SiteGround challenge": "<meta http-equiv=refresh content='0;/.well-known/sgcaptcha/?r=1'>",
    "a Kasada challenge": "<script>window.KPSDK={};</script>",
    "a Radware challenge": "<a href='https://validate.perfdrive.com/x'></a>",
    "a Distil challenge": "<div id='distil_r_captcha'></div>",
    "a Reblaze challenge": "<script>window.rbzns = {}</script>",
    "a Wordfence refusal": "<p>Generated by Wordfence</p>",
    "an F5 refusal": "The requested URL was rejected. Please consult with your administrator.",
    "a captcha and little else": "<div class='g-recaptcha' data-sitekey='x'></div>",
}
HCAPTCHA = "<iframe src='https://newassets.hcaptcha.com/x'></iframe>"


@pytest.mark.parametrize(
    ("sign", "html"), [*MARKS.items(), ("a captcha and little else", HCAPTCHA)]
)
def test_mark_of_a_challenge_is_seen_in_any_language(sign: str, html: str) -> None:
    assert wall_of(html, [], ["Ψ."]) == non_articles.Wall("bot_wall", sign)
    assert wall(html, LONG) is None
    assert wall(html, SHORT, [LINE * 20]) is None
    assert wall(html + DATED, SHORT) is None


@pytest.mark.parametrize(
    "html",
    [
        "<script src='/cdn-cgi/challenge-platform/h/b/scripts/jsd/1/main.js'></script>",
        "<script src='https://js.datadome.co/tags.js'></script>",
        "<script src='/_Incapsula_Resource?SWJIYLWA=7'></script>",
        "<script src='https://client.perimeterx.net/PX1/main.min.js'></script>",
        "<script src='https://1.edge.sdk.awswaf.com/1/2/challenge.js'></script>",
        "<form><p>" + LINE * 4 + "</p><div class='g-recaptcha'></div></form>",
    ],
)
def test_what_guards_an_ordinary_page_is_no_challenge(html: str) -> None:
    assert wall(html, SHORT) is None


# Consent.

PURPOSE = ["We and our partners use cookies and process personal data.", "Your privacy matters."]
CONSENT = {
    "en": ("We and our partners store cookies.", "Accept all"),
    "de": ("Wir und unsere Partner verwenden Cookies.", "Alle akzeptieren"),
    "fr": ("Nous utilisons des cookies et vos données personnelles.", "Tout accepter"),
    "es": ("Usamos cookies para cuidar su privacidad.", "Aceptar todas"),
    "it": ("Usiamo cookie e trattiamo dati personali.", "Accetta tutti"),
    "pt": ("Usamos cookies e dados pessoais.", "Aceitar todos"),
    "nl": ("Wij vragen uw toestemming voor cookies.", "Alles accepteren"),
    "pl": ("Używamy plików cookie i dbamy o prywatność.", "Zaakceptuj wszystkie"),
    "sv": ("Vi använder kakor.", "Godkänn alla"),
    "no": ("Vi bruker informasjonskapsler.", "Godta alle"),
    "da": ("Vi beder om dit samtykke.", "Tillad alle"),
    "fi": ("Käytämme evästeitä.", "Hyväksy kaikki"),
    "cs": ("Vážíme si vašeho soukromí.", "Přijmout vše"),
    "tr": ("Çerez kullanıyoruz.", "Tümünü kabul et"),
    "ru": ("Мы используем файлы cookie.", "Принять все"),
    "uk": ("Ми використовуємо кукі.", "Прийняти все"),
    "ja": ("当サイトはクッキーを使用します。", "すべて同意する"),
    "ko": ("쿠키를 사용합니다.", "모두 수락"),
    "zh": ("我们重视您的隐私。", "全部接受"),
    "zh-hant": ("我們重視您的隱私權。", "全部同意"),
    "ar": ("نحن نحترم خصوصيتك.", "قبول الكل"),
    "he": ("אנחנו משתמשים בעוגיות.", "קבלת הכל"),
    "el": ("Ψρησιμοποιούμε cookies.", "Αποδοχή όλων"),
    "hu": ("Sütiket használunk.", "Összes elfogadása"),
    "ro": ("Respectăm confidențialitatea datelor.", "Sunt de acord"),
    "hi": ("हम कुकी का उपयोग करते हैं।", "सभी स्वीकार करें"),
    "id": ("Kami menggunakan cookie.", "Terima semua"),
    "vi": ("Chúng tôi tôn trọng quyền riêng tư.", "Chấp nhận tất cả"),
    "th": ("เราใช้คุกกี้", "ยอมรับทั้งหมด"),
}


@pytest.mark.parametrize(("line", "button"), CONSENT.values(), ids=list(CONSENT))
def test_consent_is_asked_for_in_many_languages(line: str, button: str) -> None:
    title = "<head><title>The Post</title></head><body>"
    assert wall(title, [line], [line, button]) == "consent_wall"
    assert wall(title, [], [line, button]) == "consent_wall"
    assert wall(title, [line], [line]) is None  # nothing to press
    assert wall(title, LONG, [*LONG, line, button]) is None
    assert wall(title, SHORT, [*SHORT, line, button]) is None  # a banner beside a note
    assert wall(title, [line, *LONG], [line, *LONG, button]) is None


@pytest.mark.parametrize(
    ("expected", "title", "lines", "shown"),
    [
        ("consent_wall", "Before you continue", PURPOSE, ["Accept all"]),
        ("consent_wall", "Ihre Datenschutzeinstellungen", PURPOSE[:1], ["Alle akzeptieren"]),
        ("consent_wall", "The Post", PURPOSE, ["Tout accepter"]),
        (None, "The Post", PURPOSE, ["Next page"]),
        (None, "The Post", [*PURPOSE[:1], LINE, LINE], ["Accept all"]),
        (None, "The Post", [*PURPOSE, *LONG], ["Accept all"]),
        (None, "Pier", SHORT, ["Accept all", "We use cookies."]),
    ],
)
def test_consent_wall_speaks_of_consent_and_has_a_button(
    expected: str | None, title: str, lines: list[str], shown: list[str]
) -> None:
    assert wall(f"<title>{title}</title>", lines, [*lines, *shown]) == expected


@pytest.mark.parametrize(
    ("expected", "url"),
    [
        ("consent_wall", "https://consent.post.example/m?continue=1"),
        ("consent_wall", "https://guce.post.example/v2/collectConsent?sessionId=1"),
        ("consent_wall", "https://myprivacy.post.example/consent"),
        ("consent_wall", "https://post.example/privacy-gate/confirm"),
        (None, "https://consent.example/news/pier"),
        (None, "https://post.example/news/consent-given-to-pier"),
        (None, "https://post.example/news/privacy-gates"),
    ],
)
def test_consent_address_is_a_wall(expected: str | None, url: str) -> None:
    assert wall("", ["Ψ."], url=url) == expected
    assert wall("", ["Ψ. " * 1000], url=url) == expected
    assert wall("", [LINE * 60], url=url) is None
    assert wall(DATED, ["Ψ."], url=url) is None


BOXES = [
    "id='onetrust-banner-sdk'",
    "id='didomi-host'",
    "class='qc-cmp2-container x'",
    "id='usercentrics-root'",
    "id='CybotCookiebotDialog'",
    "class='fc-consent-root'",
    "id='sp_message_container_17'",
    "class='klaro'",
]


@pytest.mark.parametrize("box", BOXES)
def test_consent_tool_with_all_that_is_shown_is_a_wall(box: str) -> None:
    form = f"<div {box}><p>Ψ ψ ω.</p><p>Ω.</p></div>"
    assert wall(form, ["Ψ ψ ω."], []) == "consent_wall"
    assert wall(form, [], []) == "consent_wall"
    assert wall(form, SHORT) is None
    assert wall(form, LONG) is None
    assert wall(f"<div {box}></div>", SHORT) is None


@pytest.mark.parametrize(
    "form",
    [
        "<form action='https://consent.google.com/save'></form>",
        "<form method='post' class='consent-form'></form>",
        "<form action='/v2/collectConsent?sessionId=1'></form>",
    ],
)
def test_consent_form_is_a_wall(form: str) -> None:
    assert wall_of(form, ["Ψ."]) == non_articles.Wall("consent_wall", "a consent form")
    assert wall(form, LONG) is None
    assert wall("<form action='/search' class='form'></form>", ["Ψ."]) is None


# Lists and nothing.


def test_list_of_links_is_no_article() -> None:
    assert wall_of(teasers(6), SUMMARIES) == non_articles.Wall("listing", "a list of links")
    assert wall(teasers(6) + og_type("article"), SUMMARIES) is None


@pytest.mark.parametrize(
    ("sign", "html", "lines"),
    [
        pytest.param("no text", "<title>Pier</title>", [], id="nothing"),
        pytest.param("nothing without JavaScript", "<div id='root'></div>", [], id="React"),
        pytest.param("nothing without JavaScript", "<app-root></app-root>", [], id="Angular"),
        pytest.param(
            "nothing without JavaScript",
            "<noscript>JavaScript bitte!</noscript>",
            [],
            id="noscript",
        ),
        pytest.param(
            "nothing without JavaScript", "", ["You need to enable JavaScript."], id="asked for"
        ),
    ],
)
def test_page_without_text_says_what_it_wants(sign: str, html: str, lines: list[str]) -> None:
    assert wall_of(html, lines) == non_articles.Wall("no_text", sign)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        pytest.param("<div id='root'></div>", SHORT, id="text beside a shell"),
        pytest.param("<h1>JavaScript turns 40</h1>", ["JavaScript is forty."], id="its subject"),
        pytest.param("", ["JavaScript turns forty.", LINE], id="one line of it"),
        pytest.param("", [f"JavaScript {LINE}"] * 4, id="long"),
        pytest.param(DATED, ["JavaScript is forty."], id="dated"),
    ],
)
def test_text_is_read_without_javascript(html: str, lines: list[str]) -> None:
    assert wall(html, lines) is None


def test_every_topic_has_phrases_in_every_language() -> None:
    wanted = {language.partition("-")[0] for language in MISSING}
    tables = phrases._tables()
    assert {topic: set(table) ^ wanted for topic, table in tables.items()} == {
        topic: set() for topic in ("missing", "robot", "consent", "agree", "pay")
    }


def test_message_says_what_was_seen() -> None:
    found = wall_of("<title>Seite nicht gefunden</title>", [])
    assert found == non_articles.Wall("soft_404", "the headline 'Seite nicht gefunden'")
    assert non_articles.wall(page("", [], URL)) == non_articles.Wall("no_text", "no text")
