"""Pages of links: front pages, sections, tags, authors, results of a search."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline import urls
from pipeline.articles.facts.meta_tags import leads_on, words
from pipeline.articles.facts.titles import key

if TYPE_CHECKING:
    import lxml.html

    from pipeline.articles.kinds.page import Page

LISTING_SHARE = 0.5
"""Share of the text that is nothing but links, above which a page without article marks is a list."""

LISTING_TEASERS = 4
"""Teasers in the text from which a page that does not call itself an article is a list."""

TEASER_SHARE = 0.8
"""Share of the text that stands in teasers on a list."""

TEASER_BOX = 500
"""Characters of a teaser at most."""

LISTED_HEADLINES = 8
"""Linked headlines from which a page at the address of a section is a list."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_LIST_PAGE = re.compile(r"^(?:CollectionPage|SearchResultsPage)$")
_LIST = re.compile(r"^(?:CollectionPage|SearchResultsPage|ItemList|Blog|ProfilePage)$")
# What stands before the name of a tag, section or author, or of what was searched for.
_ADDRESS = re.compile(
    r"^/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:(?:tags?|categor(?:y|ies)|categoria|categorie|kategorie|topics|themen|temas|etiqueta|schlagwort(?:e)?"
    r"|authors?|autoren|autor|auteurs?|autori|sections?|rubri(?:k|que|ca))/[^/]+"
    r"|search|suche|recherche|buscar|cerca|busca|zoeken|szukaj|latest|(?:latest|all|breaking)-news|news|home|index\.\w+)(?:/page/\d+)?/?$",
    re.IGNORECASE,
)
_SEARCH = re.compile(r"(?:^|&)(?:s|q|query|search)=", re.IGNORECASE)
# https://developer.wordpress.org/reference/functions/get_body_class/
_ARCHIVE = frozenset({"archive", "search-results", "search-no-results"})
_SINGLE = frozenset({"single", "singular", "single-post", "page"})


def is_list_page(page: Page) -> bool:
    """Whether the page says that it is a list, whatever its text is.

    CollectionPage or SearchResultsPage in JSON-LD, WordPress's body class of archives, or the
    address of a front page, section, tag, author or search together with many linked headlines. Not
    one with an article in JSON-LD that has the page's own headline.
    """
    if _own_article(page):
        return False
    if any(map(_LIST_PAGE.match, page.linked.types)) or _is_archive(page.tree):
        return True
    if page.linked.article_types or page.says_article or not _is_list_address(page.head.url):
        return False
    return len(_linked(page)) >= LISTED_HEADLINES


def says_list(page: Page) -> bool:
    """Whether JSON-LD has a list among other things."""
    return any(map(_LIST.match, page.linked.types))


def is_listing(page: Page) -> bool:
    """Whether the page is a list of links: it does not call itself an article, and its text is links.

    Half of the text is link texts, or nearly all of it stands in four or more teasers: boxes with
    one headline that is a link.
    """
    if _own_article(page) or page.says_article:
        return False
    links = {key(words(link)) for link in page.tree.iter("a")} - {""}
    if sum(len(line) for line in page.lines if key(line) in links) > LISTING_SHARE * page.length:
        return True
    teasers = _teasers(page)
    shares = [sum(len(line) for line in page.lines if key(line) in teaser) for teaser in teasers]
    told = [share for share in shares if share]
    return len(told) >= LISTING_TEASERS and max(told) * 2 < sum(told) > TEASER_SHARE * page.length


def _own_article(page: Page) -> bool:
    """Whether JSON-LD has an article, which on a page with a list must have the page's headline.

    (Front pages list their articles in JSON-LD.)
    """
    if not page.linked.article_types or not says_list(page):
        return bool(page.linked.article_types)
    headline = key(page.linked.headline or "")
    own = [
        key(name)
        for name in (page.head.first("og:title"), page.head.title, *page.names[1:])
        if name
    ]
    return bool(headline) and any(headline in name or name in headline for name in own if name)


def _is_archive(tree: lxml.html.HtmlElement) -> bool:
    for body in tree.iterchildren("body"):
        names = set((body.get("class") or "").split())
        is_blog = {"home", "blog"} <= names
        return bool(names & _ARCHIVE or is_blog) and not names & _SINGLE
    return False


def _is_list_address(url: str) -> bool:
    parts = urlsplit(url)
    if _SEARCH.search(parts.query):
        return True
    return urls.is_front_page(url) or bool(_ADDRESS.match(parts.path))


def _linked(page: Page) -> list[lxml.html.HtmlElement]:
    """The headlines that are nothing but a link to another page of the site."""
    return [heading for heading in page.tree.iter(*_HEADINGS) if _is_linked(heading, page.head.url)]


def _teasers(page: Page) -> list[set[str]]:
    """The lines of each teaser: the widest element around a linked headline without another one.

    Longer ones are the sections of an article whose sub-heads are links.
    """
    linked = _linked(page)
    if len(linked) < LISTING_TEASERS:
        return []
    inside = Counter(up for element in linked for up in element.iterancestors())
    boxes = (
        list(takewhile(lambda up: inside[up] == 1, element.iterancestors()))[-1:] or [element]
        for element in linked
    )
    return [
        {key(words(part)) for part in box.iter("p", "div", "span", "li", *_HEADINGS)}
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
