"""Which parts of a page are about other things than its article: comments, related stories, the site's footer."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipeline import dates
from pipeline.articles.facts.meta_tags import leads_on, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.html

MOST_H1 = 10
HEADLINE_WORDS = 3
"""Words of a link at least that is a headline, not a date or a name."""

_CONTAINERS = frozenset(
    {"div", "section", "article", "ul", "ol", "li", "table", "footer", "aside", "nav", "td", "dl"}
)
_MARKS = re.compile(
    r"(?:^|[\s_-])(?<!has-)(?<!no-)(?<!with-)(?:comments?|commentlist|respond|replies|disqus|related|recommend(?:ed|ations?)?|trending|popular"
    r"|most-?read|outbrain|taboola|newsletter)(?:$|[\s_-])|(?:^|\s)(?:(?:site|page|global)[_-])?footer(?:$|\s)|(?:^|\s)sidebar",
    re.IGNORECASE,
)
_MARKS_OF_LINKS = re.compile(
    r"(?:^|[\s_-])(?:teasers?|promos?|latest|recent|ticker|river|also|up-?next|(?:more|read)-?(?:news|stories|articles"
    r"|from|more|next|also))(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Marks of other parts where a headline of another page stands in them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A page's elements around its headlines, and its address.

    `holders` have an h1 in them, `articles` are those of the article element that do, or else the only one.
    """

    holders: frozenset[lxml.html.HtmlElement]
    articles: frozenset[lxml.html.HtmlElement]
    url: str

    def is_other(self, element: lxml.html.HtmlElement) -> bool:
        """Return whether an element, as a whole, is about other things than the article."""
        tag = element.tag
        if tag not in _CONTAINERS or element in self.holders:
            return False
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if tag == "nav" or _MARKS.search(marks):
            return True
        if tag in {"aside", "footer"}:
            return not self._is_of_article(element)
        if tag == "article":
            return bool(self.articles - {element}) and self._leads_elsewhere(element)
        return (tag == "li" or bool(_MARKS_OF_LINKS.search(marks))) and self._is_teaser(element)

    def holds(self, element: lxml.html.HtmlElement) -> bool:
        """Return whether an element stands in none of the other parts."""
        return not any(map(self.is_other, (element, *element.iterancestors())))

    def own(self, tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
        """Return a copy of the page without its other parts and without the addresses of other pages."""
        # `holders` are elements of the page itself: the copy has its own.
        copy = deepcopy(tree)
        parts = parts_of(copy, self.url)
        for element in list(_outermost(copy, parts)):
            element.drop_tree()
        for link in copy.iter("a"):
            if not _is_own(link.get("href") or "", self.url):
                link.attrib.pop("href", None)
        return copy

    def _is_of_article(self, element: lxml.html.HtmlElement) -> bool:
        """Whether it stands in the article, of which it says who wrote it and when, and is no list of other pages.

        Source: HTML, 4.3.8: a footer is that of its nearest ancestor that is a section.
        """
        article = next((up for up in element.iterancestors("article")), None)
        has_one_time = sum(1 for _ in islice(element.iter("time"), 2)) == 1
        return article in self.articles and (has_one_time or not self._leads_elsewhere(element))

    def _leads_elsewhere(self, element: lxml.html.HtmlElement) -> bool:
        return next(self._headlines(element), None) is not None

    def _is_teaser(self, element: lxml.html.HtmlElement) -> bool:
        """Whether an element is, but for a few words, the headline of another page."""
        headline = next(self._headlines(element), None)
        return headline is not None and len(headline) * 2 > len(words(element))

    def _headlines(self, element: lxml.html.HtmlElement) -> Iterator[str]:
        """The texts of links to other pages of the site that are no name and no date."""
        for link in element.iter("a"):
            shown = words(link)
            is_headline = len(shown.split()) >= HEADLINE_WORDS and leads_on(link, self.url)
            if is_headline and dates.written(shown, day_first=True) is None:
                yield shown


def parts_of(tree: lxml.html.HtmlElement, url: str) -> Parts:
    """Return what is known of the parts of a page."""
    holders: set[lxml.html.HtmlElement] = set()
    for number, heading in enumerate(tree.iter("h1")):
        if number >= MOST_H1:
            break
        holders.update((heading, *heading.iterancestors()))
    articles = {holder for holder in holders if holder.tag == "article"}
    first_two = list(islice(tree.iter("article"), 2))
    if not articles and len(first_two) == 1:
        articles.update(first_two)
    return Parts(frozenset(holders), frozenset(articles), url)


def _outermost(tree: lxml.html.HtmlElement, parts: Parts) -> Iterator[lxml.html.HtmlElement]:
    waiting = list(tree)
    while waiting:
        element = waiting.pop()
        if parts.is_other(element):
            yield element
        else:
            waiting.extend(element)


def _is_own(href: str, url: str) -> bool:
    """Whether an address is that of the page."""
    try:
        there, here = urlsplit(urljoin(url, href)), urlsplit(url)
    except ValueError:
        return False
    return there.path.rstrip("/") == here.path.rstrip("/")
