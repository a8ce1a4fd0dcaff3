"""What sort of page this is, and the walls that stand where an article should.

Every rule can be told to a publisher in a sentence. A wall is only seen where the text found is
short: a long article about cookies, captchas or subscriptions is an article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.articles.head import words
from pipeline.articles.titles import headlines, key

if TYPE_CHECKING:
    import lxml.html

    from pipeline.articles.head import Head
    from pipeline.articles.json_ld import Linked

WALL_TEXT = 600
"""Characters of text at most on a challenge or not-found page (the longest seen had 350)."""

NOTICE_TEXT = 1500
"""Characters of text at most on a consent page, or before a paywall that the page declares."""

PHRASE_TEXT = 400
"""Characters at most before a paywall that only its words betray (Japanese articles have 450)."""

TEASER_TEXT = 250
"""Characters under which a page that says it is not free shows no article."""

LISTING_SHARE = 0.5
"""Share of the text that is nothing but links, above which a page without article marks is a list."""

LISTING_HEADLINES = (4, 0.4)
"""Linked headlines, and their share of the lines, from which such a page is a list."""

SENTENCE = 200
"""Characters; a longer line is no button."""

_BOT = re.compile(
    r"^just a moment|attention required|^access (?:to this page has been )?denied|are you (?:a )?(?:human|robot)|not a robot"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|pardon our interruption|checking your browser|incapsula incident"
    r"|enable js and disable any ad ?blocker|unusual traffic|^security check|ddos protection by"
    r"|complete the (?:captcha|security check)|^request (?:unsuccessful|blocked)|^bot (?:check|verification)",
    re.IGNORECASE | re.MULTILINE,
)
_GONE = re.compile(
    r"^\W*(?:(?:error|fehler|erreur|http)?\W*404\b.{0,40}|(?:the |this )?(?:page|article|story|content|requested url)"
    r" (?:(?:you .{3,40} )?(?:was |is |could |can |has )?(?:not |n.t )?(?:be )?(?:not )?found"
    r"|does(?: not|n.t) exist|(?:is )?no longer (?:available|exists)|has been removed).{0,20}|not found"
    r"|sorry, (?:this|that|the) page .{0,40}|(?:die )?seite (?:wurde )?nicht gefunden|(?:cette )?page (?:introuvable|non trouvée)"
    r"|página no encontrada|página não encontrada|pagina non trovata|pagina niet gevonden|strona nie istnieje"
    r"|nie znaleziono strony|sidan (?:kunde inte hittas|hittades inte)|siden (?:blev ikke fundet|finnes ikke)"
    r"|страница не найдена|sayfa bulunamad\u0131|页面不存在|页面未找到|找不到(?:网页|頁面|页面)|ページが見つかりません"
    r"|페이지를 찾을 수 없습니다)\W*$",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"cookie|consent|your privacy|privacy choices|datenschutz|personenbezogen|vie privée|privacidad|privacy",
    re.IGNORECASE,
)
_CONSENT_BUTTON = re.compile(
    r"(?:accept|reject|agree to|allow) all|i agree|accept (?:and|&) continue|before you continue|manage (?:my )?(?:choices|options|preferences)"
    r"|alle akzeptieren|zustimmen|tout accepter|accepter et|aceptar todo|aceptar y|accetta (?:tutti|e)|alles accepteren"
    r"|akkoord|godta alle|acceptera alla|aceitar todos",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"subscribe (?:now )?to (?:continue|read|keep|unlock|access)|to (?:continue|keep) reading|already a subscriber"
    r"|(?:for|to|by) (?:our )?(?:paid )?(?:subscribers|members) only|(?:subscriber|member)s?[- ](?:only|exclusive)|exclusively for (?:our )?(?:subscribers|members)"
    r"|(?:log|sign) in to (?:continue|read)|(?:become a|for) (?:subscriber|member)s? to (?:continue|read)|unlock this (?:article|story)"
    r"|weiterlesen mit|jetzt weiterlesen|nur für abonnent|mit abo weiterlesen|artikel freischalten|réservé (?:aux|à nos) abonnés|abonnez-vous pour"
    r"|para suscriptores|suscríbete para|riservato agli abbonati|abbonati per (?:leggere|continuare)|(?:exclusivo )?para assinantes"
    r"|alleen voor abonnees|for abonnenter|kun for abonnent|endast för prenumeranter|有料会員限定|付费阅读|订阅后",
    re.IGNORECASE,
)
_VIDEO = re.compile(r"video|movie|episode", re.IGNORECASE)
_GALLERY = re.compile(
    r"(?:Image|Media|Photo)Gallery$|ImageObjectGallery$|Photograph$|^(?:photo_?)?gallery$",
    re.IGNORECASE,
)
_LISTING = re.compile(r"^(?:CollectionPage|SearchResultsPage|ItemList|Blog|ProfilePage)$")


@dataclass(frozen=True, slots=True)
class Page:
    """What the rules look at; `lines` are the article text that was found."""

    tree: lxml.html.HtmlElement
    head: Head
    linked: Linked
    title: str | None
    lines: list[str]

    @property
    def length(self) -> int:
        """Characters of article text."""
        return sum(map(len, self.lines))


def wall(page: Page, shown: list[str]) -> str | None:
    """Return the reason why the page has no article, or None.

    soft_404, bot_wall, consent_wall or paywall when that stands in the article's place, listing for
    a page of links, else no_text where there is none. `shown` is all text that a reader sees, needed
    only for texts up to NOTICE_TEXT.
    """
    names = [name for name in (page.title, *headlines(page.tree)) if name]
    rules = (
        ("soft_404", page.length <= WALL_TEXT and any(map(_GONE.search, names))),
        ("bot_wall", page.length <= WALL_TEXT and _is_challenge([*names, *shown])),
        ("consent_wall", page.length <= NOTICE_TEXT and _is_consent(page, names, shown)),
        ("paywall", page.length <= NOTICE_TEXT and _is_paid(page, shown)),
        ("listing", is_listing(page)),
        ("no_text", not page.lines),
    )
    return next((reason for reason, holds in rules if holds), None)


def is_listing(page: Page) -> bool:
    """Whether the page is a list of links: it does not call itself an article, and its text is links.

    Half of the text is link texts, or four lines and two in five are headlines that are links.
    """
    if page.linked.article_types or _says_article(page.head):
        return False
    links = {key(words(link)) for link in page.tree.iter("a")} - {""}
    if sum(len(line) for line in page.lines if key(line) in links) > LISTING_SHARE * page.length:
        return True
    linked_headlines = _linked_headlines(page.tree) - {""}
    count = sum(key(line) in linked_headlines for line in page.lines)
    return count >= LISTING_HEADLINES[0] and count >= LISTING_HEADLINES[1] * len(page.lines)


def page_kind(head: Head, linked: Linked, length: int) -> str | None:
    """Return live_blog, teaser, gallery, video, article or listing as the page declares; or None.

    `length` is that of the text in characters.
    """
    types, og_type = linked.article_types or linked.types, head.first("og:type") or ""
    rules = (
        ("live_blog", any(name.endswith("LiveBlogPosting") for name in linked.types)),
        ("teaser", linked.is_free is False and length < NOTICE_TEXT),
        ("gallery", any(map(_GALLERY.search, [*types, og_type]))),
        (
            "video",
            length < NOTICE_TEXT and (bool(_VIDEO.search(og_type)) or "VideoObject" in types),
        ),
        ("article", bool(linked.article_types) or _says_article(head)),
        ("listing", any(map(_LISTING.search, types))),
    )
    return next((kind for kind, holds in rules if holds), None)


def _says_article(head: Head) -> bool:
    return "article" in (head.first("og:type") or "").lower() or bool(
        head.first("article:published_time")
    )


def _is_challenge(shown: list[str]) -> bool:
    """A challenge's phrase, and little else on the page."""
    return sum(map(len, shown)) <= NOTICE_TEXT and bool(_BOT.search("\n".join(shown)))


def _is_consent(page: Page, names: list[str], shown: list[str]) -> bool:
    """Consent is the title's subject or that of most lines, a button to agree is there, and no date."""
    asked = [line for line in page.lines or shown if _CONSENT.search(line)]
    named = any(_CONSENT.search(name) or _CONSENT_BUTTON.search(name) for name in names)
    button = any(len(line) < SENTENCE and _CONSENT_BUTTON.search(line) for line in [*names, *shown])
    about = bool(asked) and (named or len(asked) * 2 > len(page.lines or shown))
    return about and button and page.linked.published is None


def _is_paid(page: Page, shown: list[str]) -> bool:
    """Declared not free, with next to no text or a phrase anywhere; or a phrase in a short text."""
    if page.linked.is_free is False:
        return page.length < TEASER_TEXT or any(map(_PAY.search, shown))
    return page.length <= PHRASE_TEXT and any(map(_PAY.search, page.lines))


def _linked_headlines(tree: lxml.html.HtmlElement) -> set[str]:
    found: set[str] = set()
    for element in tree.iter("h1", "h2", "h3", "h4", "h5"):
        around = element.getparent()
        links = [
            *element.iter("a"),
            *([around] if around is not None and around.tag == "a" else []),
        ]
        found.update(key(words(link)) for link in links[:1])
    return found
