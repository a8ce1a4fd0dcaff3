"""A page's headline: what its h1, JSON-LD, og:title and title element agree on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.articles.facts.meta_tags import unescaped, words
from pipeline.errors import BadUrlError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import lxml.html

    from pipeline.articles.facts.json_ld import Linked
    from pipeline.articles.facts.meta_tags import Head

_SEPARATOR = re.compile(
    r"\s+[-\u2013—|\u2016·•:»«\u2039\u203a<>/~⋆*]+\s+|\s*[|\u2016»«\u2039\u203a\u2013—]\s*|\s-|[:\uff1a]\s*|_"
)
_WORD = re.compile(r"\w+")

MOST_H1 = 10
LONGEST = 1000
"""Characters of a title that are looked at."""

LEAST_HEADLINE = 16
"""Characters; of a shorter h1 being part of another title says nothing (a section's name)."""


def title(tree: lxml.html.HtmlElement, head: Head, linked: Linked) -> str | None:
    """Return the headline on one line, or None.

    JSON-LD's headline and og:title if they agree and share nothing with the h1; else an h1 that agrees
    with another source, JSON-LD's headline, og:title, the title element, a lone h1. Whether a kicker in front of the headline belongs to it, og:title says. (Fundus: .80
    right, against .698 by trafilatura, which asks the same sources one by one.)
    """
    sites, own = site_names(head, linked), host_names(head.url)
    told = [
        stripped
        for value in (
            linked.headline,
            head.first("og:title"),
            head.first("twitter:title"),
            head.title,
        )
        if value and (stripped := without_site(value, sites, own))
    ]
    logos = {key(site) for site in sites}
    shown = [h1 for h1 in headlines(tree) if key(h1) not in logos and _run(h1) not in own]
    shared = without_site(head.first("og:title") or "", sites, own)
    found = next(_agreed(shown, told), None)
    if found is None or _is_outvoted(found, shared, linked.headline):
        found = next(iter(told), None) or next(iter(shown), None)
    return shared if found and _differ_by_kicker(found, shared, linked.headline) else found


def headlines(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the texts of the first h1 elements, without the empty ones."""
    found: list[str] = []
    for element in tree.iter("h1"):
        if len(found) >= MOST_H1:
            break
        if text := unescaped(words(element)):
            found.append(text)
    return found


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
