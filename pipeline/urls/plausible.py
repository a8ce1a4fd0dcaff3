"""When a page's own canonical link, or the end of a redirect, may be believed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.errors import BadUrlError
from pipeline.urls import naming
from pipeline.urls.address import site, split
from pipeline.urls.key import canonical

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_PAGE_SUFFIX = re.compile(
    r"/(?:(?:page|p|seite|pagina|sayfa|strona)[/-]?)?\d{1,2}|/(?:amp|print|all|single)"
)
_UNFILLED = re.compile(r"%7B|%7D|%3C|%3E|%5Bobject", re.IGNORECASE)  # {{slug}}, <slug>, [object
# ISO 639-1, without those that are also a country's edition (uk, ca, in, se, no, be).
_LANGUAGES = re.compile(
    "ar|bg|bn|cs|da|de|el|en|es|et|fa|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|lv|ms|nb|nl|pl|pt|ro|ru|sk"
    "|sl|sq|sr|sv|sw|ta|th|tr|ur|vi|zh"
)


def plausible_canonical(page_url: str, canonical_url: str) -> bool:
    """Return whether a page's canonical link may be taken as the address of its article.

    Sites print wrong ones: the home page, the section, one address on every page. Believed is

    1. an address with the page's own key (`canonical`), whatever it is;
    2. else one on the same registrable domain that is not the home page,
    3. whose path is not the start of the page's path (a section), unless the rest is a page
       number, `print` or the like behind a path that names an article,
    4. and that keeps what names the article in the page's path, where there is such a thing: a
       number of five or more digits (no date), a UUID, or a slug of three or more words (one
       may be the cut form of the other). One of them is enough: slugs are edited, ids moved.
    5. Where the page's path has nothing of the kind, the address names an article in its own
       path, or keeps the page's query (`/story?id=5`) or, without one, its last word (`/s/flood`);
       on another host of the site, which may word its paths otherwise, it is no shorter.
    6. Never believed: a template that was not filled in (`/{{slug}}`), the edition in another
       language (`/de/` on a page under `/en/`).

    False for anything that is not an http(s) address.
    """
    try:
        page, target = canonical(page_url), canonical(canonical_url)
        if page == target:
            return True
        if site(page) != site(target):
            return False
    except BadUrlError:
        return False
    return _names_it(split(page), split(target))


def plausible_redirect(asked_url: str, answered_url: str) -> bool:
    """Return whether the address that answered may be taken as the article's that was asked for.

    Sites send readers of many articles to one page: under repair, moved, no longer here. An
    address without a headline (short links, ids, feed proxies) may lead anywhere; one with a
    headline must keep a long number, a UUID, or a word of four or more letters. False for anything
    that is not an http(s) address.
    """
    try:
        asked, answered = canonical(asked_url), canonical(answered_url)
    except BadUrlError:
        return False
    one, other = split(asked).path, split(answered).path
    if asked == answered or not naming.slug_words(one):
        return True
    return bool(
        naming.slug_words(one) & naming.words(other) or naming.names(one) & naming.names(other)
    )


def _names_it(page: SplitResult, target: SplitResult) -> bool:
    if (target.path == "/" and not target.query) or _UNFILLED.search(target.path):
        return False
    if _is_translation(page, target):
        return False
    wanted, offered = naming.names(page.path), naming.names(target.path)
    rest = page.path.removeprefix(target.path.rstrip("/"))
    if rest.startswith("/") and rest != page.path:
        return bool(offered and _PAGE_SUFFIX.fullmatch(rest))
    if wanted:
        return any(_same(name, other) for name in wanted for other in offered)
    return bool(offered) or _keeps_the_little_there_is(page, target)


def _keeps_the_little_there_is(page: SplitResult, target: SplitResult) -> bool:
    if page.query:
        return set(page.query.split("&")) <= set(target.query.split("&"))
    if page.netloc == target.netloc:
        return naming.last_word(page.path) == naming.last_word(target.path)
    return page.path.count("/") <= target.path.count("/")


def _is_translation(page: SplitResult, target: SplitResult) -> bool:
    """Whether host or path of both begin with a language, and not with the same one."""
    pairs = (
        (page.netloc.partition(".")[0], target.netloc.partition(".")[0]),
        (page.path.split("/")[1], target.path.split("/")[1]),
    )
    return any(
        one != other and _LANGUAGES.fullmatch(one) and _LANGUAGES.fullmatch(other)
        for one, other in pairs
    )


def _same(name: str, other: str) -> bool:
    if name[0].isdigit() or naming.UUID.fullmatch(name):
        return name == other
    return name == other or name.startswith(f"{other}-") or other.startswith(f"{name}-")
