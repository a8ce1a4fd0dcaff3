"""The facts of an article that its page states beside the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.core import get_global

from pipeline import text
from pipeline.articles.facts import authors, dates, people, titles
from pipeline.articles.facts.meta_tags import absolute

if TYPE_CHECKING:
    from datetime import datetime

    import lxml.html

    from pipeline.articles.facts.json_ld import Linked
    from pipeline.articles.facts.meta_tags import Head
    from pipeline.model import StatedDate

MOST_TAGS = 64
LONGEST_TAG = 100
LONGEST_TITLE = 1000
LONGEST_DESCRIPTION = 5000
LONGEST_URL = 8192

_DESCRIPTIONS = (
    "og:description",
    "description",
    "twitter:description",
    "dc.description",
    "dcterms.description",
)
_IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_TAGS = ("article:tag", "og:article:tag", "parsely-tags", "news_keywords", "keywords")
_SECTIONS = ("article:section", "og:article:section", "parsely-section", "section")
_LANGUAGES = ("content-language", "language", "dc.language", "og:locale", "inlanguage")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z0-9]{2,8}))?(?:[-_,;.\s]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands in `Article` beside the text; see there."""

    title: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    published_source: str | None
    dates: tuple[StatedDate, ...]
    description: str | None
    language: str | None
    image_url: str | None
    tags: tuple[str, ...]
    section: str | None
    canonical_url: str | None


def facts(tree: lxml.html.HtmlElement, head: Head, linked: Linked, fetched_at: datetime) -> Facts:
    """Return the facts of the page; absent ones are None or empty."""
    stated = dates.stated(tree, head, linked, fetched_at)
    believed = stated[0] if stated else None
    images = [linked.image, *head.every(*_IMAGES), head.image]
    languages = [*head.languages, *head.every(*_LANGUAGES), linked.language]
    return Facts(
        title=text.line(titles.title(tree, head, linked), LONGEST_TITLE),
        authors=_lines(authors.authors(tree, head, linked), people.LONGEST),
        published_at=believed.stated_at if believed else None,
        published_source=believed.source if believed else None,
        dates=stated,
        description=text.line(
            linked.description or head.first(*_DESCRIPTIONS), LONGEST_DESCRIPTION
        ),
        language=next(filter(None, map(language, languages)), None),
        image_url=next(filter(None, (_image(image, head.base) for image in images)), None),
        tags=_tags(head, linked),
        section=text.line(linked.section or head.first(*_SECTIONS), LONGEST_TAG),
        canonical_url=_address(head.canonical, head.base)
        or _address(head.first("og:url"), head.base),
    )


def language(tag: str | None) -> str | None:
    """Return the primary subtag of a BCP 47 tag in lower case; of Chinese, with its region or script.

    What names no language, such as utf-8 or the country cz, is None; longer codes and old ones
    become the present (eng: en, iw: he). The list is that of Unicode CLDR.
    """
    found = _LANGUAGE.match((tag or "").strip())
    if not found:
        return None
    stated, region = found.group(1).lower(), (found.group(2) or "").lower()
    primary = stated if stated in _names() else get_global("language_aliases").get(stated)
    if primary not in _names():
        return None
    return f"{primary}-{region}" if primary == "zh" and region else primary


@cache
def _names() -> frozenset[str]:
    """The codes of languages, without those that stand for none or for several."""
    return frozenset(Locale("en").languages) - {"und", "mul", "zxx"}


def _tags(head: Head, linked: Linked) -> tuple[str, ...]:
    told = [
        *linked.keywords,
        *(word for line in head.every(*_TAGS) for word in re.split(r"[,;\uff0c\u3001]", line)),
    ]
    unique: dict[str, str] = {}
    for tag in _lines(tuple(told), LONGEST_TAG):
        unique.setdefault(tag.casefold(), tag)
    return tuple(unique.values())[:MOST_TAGS]


def _lines(values: tuple[str, ...], limit: int) -> tuple[str, ...]:
    return tuple(line for value in values if (line := text.line(value, limit)))


def _image(url: str | None, base: str) -> str | None:
    """The address of an image; a space in it, as in the name of a file, is written %20."""
    return _address((url or "").strip().replace(" ", "%20"), base)


def _address(url: str | None, base: str) -> str | None:
    found = absolute(url, base)
    return found if found and len(found) <= LONGEST_URL else None
