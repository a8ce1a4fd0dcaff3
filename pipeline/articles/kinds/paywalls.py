"""What shows that an article is not free, and that the page holds it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline import sentences
from pipeline.articles.facts.meta_tags import words
from pipeline.articles.kinds import phrases
from pipeline.articles.text import markup
from pipeline.text import word_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import lxml.html

    from pipeline.articles.kinds.page import Page

PHRASE_TEXT = 400
"""Characters at most before a paywall that is not declared (Japanese articles have 450)."""

TEASER_TEXT = 250
"""Characters under which a page that says it is not free shows no article."""

SENTENCE = 200
"""Characters; a longer line is no prompt."""

PROSE_LINE = 80
"""Characters; a shorter line at the end of a text may be a button or a link."""

PROMPT_END = 200
"""Characters at the end of a text in which a prompt stands where the text was cut off."""

PROMPT = (20, 1500)
"""Characters in a paywall's box: fewer are a placeholder, more are the article."""

LEAST_SHOWN = 8
"""Words of an article that a page with a paywall shows at least: fewer are a label or a button."""

_DESCRIPTIONS = ("og:description", "description", "twitter:description")

# publishers' own names, Piano (tp-), Leaky Paywall, Poool, Ghost, Zephr
_BOX_NAME = re.compile(
    r"(?:^|[\s_-])(?:paywall|regwall|reg-wall|registration-wall|subscription-wall|subscribe-wall|paygate|pay-gate"
    r"|content-gate|article-gate|tp-modal|tp-container-inner|piano-offer|poool-widget|gh-post-upgrade-cta"
    r"|zephr-paywall|leaky[-_]paywall[\w-]*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BOX = re.compile("wall|gate|tp-|piano|poool|upgrade-cta", re.IGNORECASE)
_WAY_IN = re.compile(
    r"subscri|sign-?in|log-?in|sign-?up|regist|member|abo(?:nn|\b|-)|suscri|assin|prenum|tilaa|piano|premium|konto|account",
    re.IGNORECASE,
)
_PART = re.compile(r"\"cssSelector\"\s*:\s*\"([^\"]{1,200})\"")
_CLASS = re.compile(r"\.([\w-]+)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LOCKED = frozenset({"locked", "metered", "premium", "paid", "subscriber", "subscribers"})
_NOT_FREE = re.compile(r"(?:.*/)?(?:false|no)", re.IGNORECASE)


def declared(page: Page) -> str | None:
    """Return how the page says that the article is not free, or None.

    isAccessibleForFree (https://developers.google.com/search/docs/appearance/structured-data/paywalled-content),
    in JSON-LD or as microdata, or article:content_tier (Facebook's for subscriptions).
    """
    if page.linked.is_free is False:
        return "isAccessibleForFree false"
    if page.linked.is_free is None and _NOT_FREE.fullmatch(
        page.head.first("isaccessibleforfree") or ""
    ):
        return "isAccessibleForFree false"
    tier = (page.head.first("article:content_tier", "og:article:content_tier") or "").lower()
    return f"content tier {tier!r}" if tier in _LOCKED else None


def shows_paid_part(page: Page) -> bool:
    """Whether most of the text stands in the part that the page declares as paid (cssSelector)."""
    names = [name for part in _PART.findall(page.source) for name in _CLASS.findall(part)]
    paid = " ".join(words(element) for name in names for element in page.tree.find_class(name))
    return (
        page.length > 0 and 2 * sum(len(line) for line in page.lines if line in paid) > page.length
    )


def prompt(page: Page) -> str | None:
    """Return the name of a paywall's box that asks the reader in, or None.

    It is visible, has words and a link, a button or a form, and holds no line of the text.
    """
    name, _ = next(_prompts(page), (None, ""))
    return name


def teaser(page: Page) -> list[str]:
    """Return the lines that a page with a paywall shows of its article; none if it shows nothing.

    That is the longest run of its lines between which the page does not ask the reader to pay. A page that shows no
    line has its description, where the publisher tells what the article is about. Both only where
    the page is that of an article: its data say so, or its h1 stands in an `article` element. The
    headline of a page to log in is a prompt itself.
    """
    if not _is_of_an_article(page) or _asks(page.title or "", ""):
        return []
    box = " ".join(inside for _, inside in _prompts(page))
    parted = _runs(markup.lines(page.source), page.lines, box)
    all_found = sum(map(len, parted)) >= sum(not _asks(line, box) for line in page.lines)
    runs = parted if all_found else _runs(page.lines, page.lines, box)
    longest = max(runs, key=lambda run: sum(map(len, run)))
    if word_count("\n".join(longest)) >= LEAST_SHOWN:
        return longest
    told = page.linked.description or page.head.first(*_DESCRIPTIONS) or ""
    return [told] if word_count(told) >= LEAST_SHOWN and not _asks(told, box) else []


def access(page: Page) -> str | None:
    """Return free where the page says that everybody may read the article, else None: unknown.

    isAccessibleForFree of the page's own article is true, and nothing says otherwise. Whether a
    text is only a teaser (metered) is told by `wall` and `is_teaser`.
    """
    return "free" if page.linked.is_free and not declared(page) else None


def wall(page: Page, shown: Sequence[str]) -> str | None:
    """Return what shows that a paywall stands in the place of the article, or None.

    Of a page that says that it is not free: next to no text, or the reader is asked to pay, with a
    phrase or in a paywall's box. Of one that does not: a phrase at the end of a text that is
    short, or a box below one that breaks off.
    """
    told = declared(page)
    if told:
        asked = _phrase(shown) or _phrase(_end(page)) or _box(page)
        if asked:
            return f"{told} and {asked}"
        is_cut = page.length < TEASER_TEXT and not shows_paid_part(page)
        return f"{told} and {page.length} characters" if is_cut else None
    if page.length > PHRASE_TEXT:
        return None
    return _phrase(_end(page)) or (_box(page) if _breaks_off(page) else None)


def is_cut_off(page: Page) -> bool:
    """Whether a text, however long, ends at a paywall: a preview of an article that is not free.

    The page says so, and the text ends in a request to pay, or breaks off above a paywall's box. (Of
    38 pages of the development corpora that say so and show a longer text, one did, the only preview.)
    """
    if not declared(page) or shows_paid_part(page):
        return False
    return _phrase(_end(page)) is not None or (_breaks_off(page) and prompt(page) is not None)


def is_teaser(page: Page) -> bool:
    """Whether a short text is the beginning of an article that is not free.

    The page says so, or shows a paywall's box and a text that breaks off. (Below articles that are
    free such boxes ask for more readers.)
    """
    if not page.is_short:
        return False
    if declared(page):
        return not shows_paid_part(page)
    return _breaks_off(page) and prompt(page) is not None


def _is_of_an_article(page: Page) -> bool:
    if page.linked.article_types or page.says_article or page.is_dated:
        return True
    return any(True for h1 in page.tree.iter("h1") for _ in h1.iterancestors("article"))


def _runs(shown: Sequence[str], lines: Sequence[str], box: str) -> list[list[str]]:
    """Those of `lines` that are shown, in runs that a request to pay parts."""
    wanted = set(lines)
    runs: list[list[str]] = [[]]
    for line in shown:
        if _asks(line, box):
            runs.append([])
        elif line in wanted:
            runs[-1].append(line)
    return runs


def _asks(line: str, box: str) -> bool:
    """Whether a line asks the reader to pay or to log in, or stands in a paywall's box."""
    return len(line) <= SENTENCE and (line in box or phrases.said("pay", [line]) is not None)


def _prompts(page: Page) -> Iterator[tuple[str, str]]:
    """The boxes that ask the reader in: name and words."""
    if not _BOX.search(page.source):
        return
    for element in page.tree.iter("div", "section", "aside", "form", "p", "span"):
        name = _BOX_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        if name and _asks_in(element, page.lines):
            yield name.group().strip(), words(element)


def _end(page: Page) -> list[str]:
    """The last lines of the text."""
    return "\n".join(page.lines)[-PROMPT_END:].split("\n")


def _phrase(lines: Sequence[str]) -> str | None:
    phrase = phrases.said("pay", lines)
    return f"the words {phrase!r}" if phrase else None


def _box(page: Page) -> str | None:
    box = prompt(page)
    return f"a box {box!r}" if box else None


def _breaks_off(page: Page) -> bool:
    """Whether the last line of prose ends without the end of a sentence, or with dots."""
    last = next((line for line in reversed(page.lines) if len(line) >= PROSE_LINE), "")
    return sentences.breaks_off(last)


def _asks_in(box: lxml.html.HtmlElement, lines: Sequence[str]) -> bool:
    told = words(box)
    least, most = PROMPT
    if not least <= len(told) <= most or _is_hidden(box):
        return False
    if any(len(line) > SENTENCE and line in told for line in lines):
        return False
    links = (link.get("href") or "" for link in box.iter("a"))
    return (
        any(map(_WAY_IN.search, links))
        or next(box.iter("button", "form", "input"), None) is not None
    )


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    return any(
        up.get("hidden") is not None
        or up.get("aria-hidden") == "true"
        or _HIDDEN.search(up.get("style") or "")
        for up in (element, *element.iterancestors())
    )
