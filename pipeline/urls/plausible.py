"""When a page's own canonical link may be believed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pipeline.errors import BadUrlError
from pipeline.urls.address import site, split
from pipeline.urls.key import canonical

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_MIN_SLUG_WORDS = 3  # `local-news` is a section, `bridge-closed-again` a headline
_NUMBER = re.compile(r"\d{5,}")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
_WORDS = re.compile(r"[^\W\d_]+")
_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_PAGE_SUFFIX = re.compile(
    r"/(?:(?:page|p|seite|pagina|sayfa|strona)[/-]?)?\d{1,2}|/(?:amp|print|all|single)"
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
    5. Where only the query of the page names it (`/story?id=5`), the address keeps that query
       or names an article in its own path.

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


def _names_it(page: SplitResult, target: SplitResult) -> bool:
    if target.path == "/" and not target.query:
        return False
    wanted, offered = _names(page.path), _names(target.path)
    rest = page.path.removeprefix(target.path.rstrip("/"))
    if rest.startswith("/") and rest != page.path:
        return bool(offered and _PAGE_SUFFIX.fullmatch(rest))
    if wanted:
        return any(_same(name, other) for name in wanted for other in offered)
    return bool(offered) or set(page.query.split("&")) <= set(target.query.split("&"))


def _names(path: str) -> frozenset[str]:
    """What names one article in a path: long numbers, UUIDs, slugs (words joined by hyphens)."""
    found: set[str] = set()
    for segment in unquote(path).lower().split("/"):
        bare = _EXTENSION.sub("", segment)
        uuids = _UUID.findall(bare)
        found.update(uuids)
        found.update(number for number in _NUMBER.findall(bare) if not _is_date(number))
        words = _WORDS.findall(_UUID.sub(" ", bare))
        if len(words) >= _MIN_SLUG_WORDS:
            found.add("-".join(words))
    return frozenset(found)


def _same(name: str, other: str) -> bool:
    if name[0].isdigit() or _UUID.fullmatch(name):
        return name == other
    return name == other or name.startswith(f"{other}-") or other.startswith(f"{name}-")


def _is_date(number: str) -> bool:
    return bool(_DATE.fullmatch(number))
