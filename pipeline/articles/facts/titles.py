"""A page's headline: what its h1, JSON-LD, og:title and title element agree on."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from pipeline import urls
from pipeline.articles.facts.meta_tags import absolute, unescaped, words
from pipeline.errors import BadUrlError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import lxml.html

    from pipeline.articles.facts.json_ld import Linked
    from pipeline.articles.facts.meta_tags import Head

_SEPARATOR = re.compile(
    r"\s[-\u2013—|\u2016·•:»«\u2039\u203a<>/~⋆*]+\s|\s?[|\u2016»«\u2039\u203a\u2013—]\s?|\s-|[:\uff1a]\s?|_"
)
_WORD = re.compile(r"\w+")
_HEADLINE = re.compile(r"headline|(?:entry|post|article|story|news)[-_]?title", re.IGNORECASE)

MOST_H1 = 10
LONGEST = 1000
"""Characters of a title that are looked at."""

MOST_WORDS_OF_A_SITE = 6

LEAST_HEADLINE = 16
"""Characters; of a shorter h1 being part of another title says nothing (a section's name)."""


def title(tree: lxml.html.HtmlElement, head: Head, linked: Linked) -> str | None:
    """Return the headline on one line, or None.

    JSON-LD's headline and og:title if they agree and share nothing with the h1; else an h1 that agrees
    with another source, JSON-LD's headline, og:title, the title element, a lone h1, a heading that is marked as the
    headline or stands first in the article. Whether a kicker in front of the headline belongs to it, og:title
    says. The site's name alone is no headline but of its front page. (Fundus: .80
    right, against .698 by trafilatura, which asks the same sources one by one.)
    """
    sites, own = site_names(head, linked), host_names(head.url)
    is_front = urls.is_front_page(head.url)
    logos = {""} if is_front else {key(site) for site in sites} | {""}
    hosts = frozenset[str]() if is_front else own
    told = [
        stripped
        for _, value in declared(head, linked)
        if not _is_site(stripped := without_site(value, sites, own), logos, hosts)
    ]
    h1s = [
        h1 for h1 in islice(_headings(tree, "h1"), MOST_H1) if not _is_site(h1.text, logos, hosts)
    ]
    keys = {key(value) for value in told}
    shown = [h1.text for h1 in h1s if key(h1.text) in keys or not _is_logo(h1, head.url)]
    shared = without_site(head.first("og:title") or "", sites, own)
    found = next(_agreed(shown, told), None)
    if found is None or _is_outvoted(found, shared, linked.headline):
        lower = (one for one in _lower_headings(tree, head.url) if not _is_site(one, logos, hosts))
        found = next(chain(told, shown, lower), None)
    return shared if found and _differ_by_kicker(found, shared, linked.headline) else found


def declared(head: Head, linked: Linked) -> list[tuple[str, str]]:
    """Return the headlines that the page's data give, each with its source, surest first."""
    told = {
        "json_ld": linked.headline,
        "og:title": head.first("og:title"),
        "twitter:title": head.first("twitter:title"),
        "title": head.title,
    }
    return [(source, value) for source, value in told.items() if value]


def headlines(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the texts of the first h1 elements, without the empty ones."""
    found: list[str] = []
    for element in tree.iter("h1"):
        if len(found) >= MOST_H1:
            break
        if text := unescaped(words(element)):
            found.append(text)
    return found


class _Heading(NamedTuple):
    text: str
    element: lxml.html.HtmlElement


def _headings(tree: lxml.html.HtmlElement, tag: str) -> Iterator[_Heading]:
    """The headings of a kind that have a text."""
    for element in tree.iter(tag):
        if text := unescaped(words(element)):
            yield _Heading(text, element)


def _is_logo(heading: _Heading, url: str) -> bool:
    """Whether a heading as a whole leads to the site's front page."""
    links = islice(heading.element.iter("a"), 1)
    return any(words(link) == heading.text and _is_front(link, url) for link in links)


def _is_front(link: lxml.html.HtmlElement, url: str) -> bool:
    target = absolute(link.get("href"), url)
    return target is not None and urls.is_front_page(target)


def _lower_headings(tree: lxml.html.HtmlElement, url: str) -> Iterator[str]:
    """The lower headings that may be the headline: marked as such, or the first of the article."""
    for tag in ("h2", "h3"):
        for element in islice(tree.iter(tag), MOST_H1):
            marks = " ".join(element.get(name) or "" for name in ("class", "itemprop", "id"))
            if _HEADLINE.search(marks):
                yield from (one.text for one in _headings(element, tag) if not _is_logo(one, url))
    for tag in ("article", "main"):
        for element in islice(tree.iter(tag), 1):
            first = islice(_headings(element, "h2"), 1)
            yield from (one.text for one in first if not _is_logo(one, url))


def _is_site(value: str, logos: Collection[str], own: Collection[str]) -> bool:
    """Whether it is the name of the site, or no word at all; a long one is a headline that stands in a wrong place."""
    named = key(value)
    return (named in logos or _run(value) in own) and len(named.split()) <= MOST_WORDS_OF_A_SITE


def site_names(head: Head, linked: Linked) -> list[str]:
    """Return the names under which the site and its publisher go."""
    named = head.every(
        "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site"
    )
    return [name.lstrip("@") for name in dict.fromkeys([*named, *linked.outlets])]


def host_names(url: str) -> frozenset[str]:
    """Return how the site's address reads as a name: of https://www.the-post.example/a, "thepost".

    And "thepostexample", the address itself.
    """
    try:
        site = urls.site(url)
    except BadUrlError:
        return frozenset()
    return frozenset({_run(site), _run(site.partition(".")[0])})


def without_site(value: str, sites: list[str], own: Collection[str] = ()) -> str:
    """Return `value` without the site's name at its end or start, if a separator stands there.

    What its address says (`own`) is its name at the end only: at the start it may be who the news is of.
    """
    value = value[:LONGEST]
    names = {key(site) for site in sites} - {""}
    cuts = list(_SEPARATOR.finditer(value))
    for cut in cuts:
        end = value[cut.end() :]
        if (key(end) in names or _run(end) in own) and key(value[: cut.start()]):
            return value[: cut.start()].strip()
    for cut in reversed(cuts):
        if key(value[: cut.start()]) in names and value[cut.end() :].strip():
            return value[cut.end() :].strip()
    return value.strip()


def key(value: str) -> str:
    """Return the words of `value` in one case, for comparison."""
    return " ".join(_WORD.findall(value.casefold()))


def _run(value: str) -> str:
    """The words of `value` written in one, as in the name of a host."""
    return key(value).replace(" ", "").replace("_", "")


def _is_outvoted(found: str, shared: str, linked: str | None) -> bool:
    """Whether og:title and JSON-LD say the same, and that is another wording than the h1's."""
    own, other = key(found), key(shared)
    return bool(other) and other == key(linked or "") and own not in other and other not in own


def _differ_by_kicker(found: str, shared: str, linked: str | None) -> bool:
    """Whether og:title leaves out what stands in front, or has more there and JSON-LD has it too."""
    long, short = key(found), key(shared)
    if len(short) >= LEAST_HEADLINE and long.endswith(" " + short):
        return True
    return short.endswith(" " + long) and short == key(linked or "")


def _agreed(shown: list[str], told: list[str]) -> Iterator[str]:
    keys = [key(value) for value in told]
    for found in shown:
        if key(found) in keys:
            yield found
    for found in shown:
        if len(own := key(found)) >= LEAST_HEADLINE and any(
            own in other or other in own for other in keys if other
        ):
            yield found
