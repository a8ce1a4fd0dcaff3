"""What stands in an article's place: a page that says it is gone, a challenge, a consent form, a paywall.

Every rule can be told to a publisher in a sentence. A wall is only seen where the text found is
short: a long article about cookies, captchas or subscriptions is an article, and so is one
beside a consent banner or a link for subscribers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline import sentences, urls
from pipeline.articles import word_lists
from pipeline.articles.facts.meta_tags import absolute, words
from pipeline.articles.kinds import bot_challenges, listing, paywalls, phrases
from pipeline.articles.kinds.page import NOTICE_TEXT
from pipeline.articles.text import markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.articles.kinds.page import Page

WALL_TEXT = 600
"""Characters of text at most on a challenge or not-found page (the longest seen had 350)."""

CONSENT_TEXT = 5000
"""Characters at most on a page at a consent address: Yahoo's list of partners and purposes."""

CAPTCHA_TEXT = 300
"""Characters at most that a page shows beside a captcha that is all there is."""

SCRIPT_TEXT = 300
"""Characters at most of a text that only says that JavaScript is wanted."""

SENTENCE = 200
"""Characters; a longer line is no button."""

# WordPress's body class is error404; the others are what themes and frameworks call that page.
_GONE_CLASS = re.compile(
    r"(?:^|\s)(?:(?:page-|http-|status-)?error-?404|(?:page|http|status|template)-404|404-page|(?:page-)?not-?found(?:-page)?)(?:\s|$)",
    re.IGNORECASE,
)
_GONE_STATUS = ("404", "410")
PARAGRAPH, PARAGRAPHS = 80, 2
"""Characters of a paragraph, and how many of them are an article's under a headline that says 404."""
WAITING = Path(__file__).with_name("waiting.toml")
_NO_WORD = re.compile(r"[.,;:!?\u2026\u3002\uff0c\u3001\uff01\u00b7\u2022()\[\]\-\u2013\u2014]")
_CONSENT_HOST = re.compile(r"(?:consent|guce|myprivacy|privacy-?gate|cmp)\.[^.]+\..+")
_CONSENT_PATH = re.compile(
    r"/(?:collectconsent|privacy-?(?:gate|wall)|cookie-?(?:wall|consent)|consent-?(?:wall|gate))(?:[/.-]|$)",
    re.IGNORECASE,
)
_CONSENT_FORM = re.compile(
    r"<form[^>]{0,300}(?:action=[\"']?https://consent\.|action=[\"']?[^\"'>]{0,200}/collectConsent|class=[\"']?consent-form)",
    re.IGNORECASE,
)
# Sourcepoint, OneTrust, Didomi, Quantcast, Usercentrics, Cookiebot, Google, Klaro, Schibsted, TrustArc
_CONSENT_BOX = re.compile(
    r"(?:^|\s)(?:sp_message_container_\w+|sp_message_iframe_\w+|onetrust-(?:banner-sdk|consent-sdk|pc-sdk)|didomi-(?:host|popup|notice)"
    r"|qc-cmp2-(?:container|main|ui)|usercentrics-(?:root|cmp-ui)|uc-banner-\w+|CybotCookiebotDialog|fc-consent-root|klaro"
    r"|cmpbox|cmpwrapper|truste-consent-content|trustarc-banner|_schibsted-cmp|tarteaucitronRoot|consent-page|consent-body|privacy-gate)(?:\s|$)"
)
_ANY_CONSENT_BOX = re.compile(
    "sp_message|onetrust|didomi|qc-cmp2|usercentrics|uc-banner|Cybot|fc-consent|klaro|cmpbox|cmpwrapper|trust|schibsted|tarteau|consent-|privacy-gate"
)
_SCRIPT = re.compile(r"java\s?script|جافا\s?سكر", re.IGNORECASE)
_SHELL = re.compile(
    r"<(div|main|app-root|section)\b[^>]{0,300}(?:\bid=[\"']?(?:root|app|__next|__nuxt|___gatsby|svelte|q-app|main-app|react-root|app-root|ember\d*)\b[^>]{0,300})>\s*</\1>"
    r"|<app-root[^>]{0,100}>\s*</app-root>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wall:
    """A reason of the closed list, and what was seen: "a Cloudflare challenge"."""

    reason: str
    sign: str


@dataclass(frozen=True, slots=True)
class _Look:
    """A page with its headlines, and all text that a reader sees where the article's is short."""

    page: Page
    names: list[str]
    shown: list[str]

    @property
    def may_be_wall(self) -> bool:
        return self.page.length <= WALL_TEXT and not self.page.is_dated

    @property
    def shows(self) -> int:
        return sum(map(len, self.shown))


def wall(page: Page) -> Wall | None:
    """Return the reason why the page has no article, or None.

    soft_404, bot_wall, consent_wall or paywall when that stands in the article's place, listing for
    a page of links, else no_text where there is none.
    """
    return next(signs(page), None)


def signs(page: Page) -> Iterator[Wall]:
    """Yield what each rule sees that holds, in their order: the first one decides."""
    look = _Look(page, page.names, markup.lines(page.source) if page.is_short else [])
    seen = ((reason, rule(look)) for reason, rule in _RULES)
    return (Wall(reason, sign) for reason, sign in seen if sign)


def _gone(look: _Look) -> str | None:
    page = look.page
    if look.may_be_wall and (name := phrases.missing(look.names)) and not _tells(page):
        return f"the headline {name!r}"
    status = page.head.first("prerender-status-code")
    if page.is_short and not page.is_dated:
        if status in _GONE_STATUS:
            return f"prerender-status-code {status}"
        if told := _gone_class(page):
            return f"a page of class {told!r}"
    return _front_page(look)


def _tells(page: Page) -> bool:
    """Whether paragraphs stand on the page, none of which says that something was not found.

    "404: a road through the desert" is a headline.
    """
    told = [line for line in page.lines if len(line) >= PARAGRAPH and sentences.ends(line)]
    return len(told) >= PARAGRAPHS and not any(map(phrases.speaks_of_missing, told))


def _gone_class(page: Page) -> str | None:
    for element in (page.tree, *page.tree.iterchildren("body")):
        if found := _GONE_CLASS.search(element.get("class") or ""):
            return found.group().strip()
    return None


def _front_page(look: _Look) -> str | None:
    """A page that says that its address is the front page's, and shows a list or next to nothing."""
    page = look.page
    own = absolute(page.head.canonical or page.head.first("og:url"), page.head.url)
    if (
        not own
        or urls.is_front_page(page.head.url)
        or not urls.is_front_page(own)
        or page.says_article
    ):
        return None
    is_bare = look.may_be_wall and next(page.tree.iter("h1"), None) is None
    return f"the front page {own}" if is_bare or listing.is_listing(page) else None


def _challenge(look: _Look) -> str | None:
    """A mark or a phrase of a challenge, and little else on the page."""
    if not look.may_be_wall or look.shows > NOTICE_TEXT:
        return None
    if mark := bot_challenges.mark(look.page.source):
        return mark
    if phrase := phrases.said("robot", [*look.names, *look.shown]):
        return f"the words {phrase!r}"
    alone = look.shows <= CAPTCHA_TEXT and bot_challenges.has_captcha(look.page.source)
    return "a captcha and little else" if alone else None


def _consent(look: _Look) -> str | None:
    """A consent address, a consent tool's box or form and no text beside it, or its words."""
    page = look.page
    if page.is_dated or page.length > CONSENT_TEXT:
        return None
    parts = urlsplit(page.head.url)
    if _CONSENT_HOST.match(parts.hostname or "") or _CONSENT_PATH.search(parts.path):
        return f"the consent address {parts.hostname}{parts.path}"
    if not page.is_short:
        return None
    if look.shows <= CONSENT_TEXT and _CONSENT_FORM.search(page.source):
        return "a consent form"
    return _consent_box(look) or _consent_words(look)


def _consent_box(look: _Look) -> str | None:
    """The box of a consent tool in which all text stands that was found, or that is shown."""
    if not _ANY_CONSENT_BOX.search(look.page.source):
        return None
    for element in look.page.tree.iter("div", "section", "aside", "dialog", "main", "form"):
        name = _CONSENT_BOX.search(f"{element.get('id') or ''} {element.get('class') or ''}")
        if name:
            told = words(element)
            lines = look.page.lines or look.shown
            if told and lines and all(line in told for line in lines):
                return f"a consent tool's box {name.group().strip()!r}"
    return None


def _consent_words(look: _Look) -> str | None:
    """Consent is the title's subject or that of most lines, and a button to agree is there."""
    lines = [line for line in look.page.lines or look.shown if not _is_button(line)]
    asked = phrases.count("consent", lines)
    named = phrases.said("consent", look.names) or phrases.said("agree", look.names)
    if not asked or not (named or asked * 2 > len(lines)):
        return None
    buttons = [line for line in [*look.names, *look.shown] if len(line) < SENTENCE]
    button = phrases.said("agree", buttons)
    return f"a question for consent with the words {button!r}" if button else None


def _is_button(line: str) -> bool:
    """Whether a line agrees or declines, and says no more."""
    return bool(phrases.said("agree", [line])) and not phrases.said("consent", [line])


def _paywall(look: _Look) -> str | None:
    may_be = look.page.is_short or paywalls.is_cut_off(look.page)
    return paywalls.wall(look.page, look.shown) if may_be else None


def _list(look: _Look) -> str | None:
    return "a list of links" if listing.is_listing(look.page) else None


def _nothing(look: _Look) -> str | None:
    """No text, or none but that JavaScript is wanted."""
    page = look.page
    named = any(map(_SCRIPT.search, look.names))
    asks = sum(len(line) for line in page.lines if _SCRIPT.search(line))
    wants = (
        page.length <= SCRIPT_TEXT and asks * 2 > page.length and not named and not page.is_dated
    )
    if page.lines and not wants:
        return None
    if (
        wants
        or _SHELL.search(page.source)
        or any(map(_SCRIPT.search, map(words, page.tree.iter("noscript"))))
    ):
        return "nothing without JavaScript"
    return "no text"


def waiting(text: str) -> bool:
    """Return whether a whole text is only what a page shows while it loads."""
    return " ".join(_NO_WORD.sub(" ", text.casefold()).split()) in _waiting_phrases()


@cache
def _waiting_phrases() -> frozenset[str]:
    return word_lists.phrases(WAITING, "waiting")


def _still_loading(look: _Look) -> str | None:
    text = "\n".join(look.page.lines)
    return f"the words {text!r}" if look.page.is_short and waiting(text) else None


_RULES: tuple[tuple[str, Callable[[_Look], str | None]], ...] = (
    ("soft_404", _gone),
    ("bot_wall", _challenge),
    ("consent_wall", _consent),
    ("paywall", _paywall),
    ("listing", _list),
    ("no_text", _still_loading),
    ("no_text", _nothing),
)
