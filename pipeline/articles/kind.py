"""What sort of page this is, and the walls that stand where an article should.

Every rule can be told to a publisher in a sentence. A wall is only seen where the text found is
short: a long article about cookies, captchas or subscriptions is an article.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from pipeline.articles.head import leads_on, words
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

LISTING_TEASERS = 4
"""Teasers in the text from which a page that does not call itself an article is a list."""

TEASER_SHARE = 0.8
"""Share of the text that stands in teasers on a list."""

TEASER_BOX = 500
"""Characters of a teaser at most."""

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
    undated = page.linked.published is None  # no wall states when its article was published
    short = undated and page.length <= WALL_TEXT
    rules = (
        ("soft_404", short and any(map(_GONE.search, names))),
        ("bot_wall", short and _is_challenge([*names, *shown])),
        ("consent_wall", undated and _is_consent(page, names, shown)),
        ("paywall", page.length <= NOTICE_TEXT and _is_paid(page, shown)),
        ("listing", is_listing(page)),
        ("no_text", not page.lines),
    )
    return next((reason for reason, holds in rules if holds), None)


def is_listing(page: Page) -> bool:
    """Whether the page is a list of links: it does not call itself an article, and its text is links.

    Half of the text is link texts, or nearly all of it stands in four or more teasers: boxes with
    one headline that is a link.
    """
    if page.linked.article_types or _says_article(page.head):
        return False
    links = {key(words(link)) for link in page.tree.iter("a")} - {""}
    if sum(len(line) for line in page.lines if key(line) in links) > LISTING_SHARE * page.length:
        return True
    teasers = _teasers(page.tree, page.head.url)
    shares = [sum(len(line) for line in page.lines if key(line) in teaser) for teaser in teasers]
    told = [share for share in shares if share]
    return len(told) >= LISTING_TEASERS and max(told) * 2 < sum(told) > TEASER_SHARE * page.length


def page_kind(page: Page) -> str | None:
    """Return live_blog, teaser, gallery, video, article or listing as the page declares; or None.

    A page that declares nothing is an article when an h1 stands in an `article` element.
    """
    head, linked, length = page.head, page.linked, page.length
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
        ("article", any(True for h1 in page.tree.iter("h1") for _ in h1.iterancestors("article"))),
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
    """Consent is the title's subject or that of most lines, and a button to agree is there."""
    asked = [line for line in page.lines or shown if _CONSENT.search(line)]
    named = any(_CONSENT.search(name) or _CONSENT_BUTTON.search(name) for name in names)
    button = any(len(line) < SENTENCE and _CONSENT_BUTTON.search(line) for line in [*names, *shown])
    about = bool(asked) and (named or len(asked) * 2 > len(page.lines or shown))
    return about and button and page.length <= NOTICE_TEXT


def _is_paid(page: Page, shown: list[str]) -> bool:
    """Declared not free, with next to no text or a phrase anywhere; or a phrase in a short text."""
    if page.linked.is_free is False:
        return page.length < TEASER_TEXT or any(map(_PAY.search, shown))
    return page.length <= PHRASE_TEXT and any(map(_PAY.search, page.lines))


def _teasers(tree: lxml.html.HtmlElement, url: str) -> list[set[str]]:
    """The lines of each teaser: the widest element around a linked headline without another one.

    Longer ones are the sections of an article whose sub-heads are links.
    """
    linked = [e for e in tree.iter("h1", "h2", "h3", "h4", "h5") if _is_linked(e, url)]
    if len(linked) < LISTING_TEASERS:
        return []
    inside = Counter(up for element in linked for up in element.iterancestors())
    boxes = (
        list(takewhile(lambda up: inside[up] == 1, element.iterancestors()))[-1:] or [element]
        for element in linked
    )
    return [
        {
            key(words(part))
            for part in box.iter("p", "div", "span", "li", "h1", "h2", "h3", "h4", "h5")
        }
        for [box] in boxes
        if len(words(box)) <= TEASER_BOX
    ]


def _is_linked(heading: lxml.html.HtmlElement, url: str) -> bool:
    """Whether the headline is nothing but a link to another page of the same site.

    (A round-up of other sites' pages is an article: two of 481.)
    """
    around = heading.getparent()
    if around is not None and around.tag == "a":
        return leads_on(around, url)
    link = next(heading.iter("a"), None)
    return link is not None and leads_on(link, url) and words(link) == words(heading)
