"""What in a path names one article."""

from __future__ import annotations

import re
from urllib.parse import unquote

_MIN_SLUG_WORDS = 3  # `local-news` is a section, `bridge-closed-again` a headline
_LONG_WORD = 4  # letters; shorter ones (`the`, `out`) stand in any headline
_NUMBER = re.compile(r"\d{5,}")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
_WORDS = re.compile(r"[^\W\d_]+")
_EXTENSION = re.compile(r"\.[a-z]{2,5}$")
_OPAQUE = re.compile(
    r"/(?=(?:[a-z]*\d){2})(?=(?:\d*[a-z]){3})[a-z0-9]{10,}(?=/|$)"
)  # /articles/c4g1x2kz7ejo
_DATED = re.compile(r"/(?:19|20)\d\d/(?:\d\d?|[a-z]{3})/(?:\d\d?/)?[^/]*[^\W\d][^/]*")


def names(path: str) -> frozenset[str]:
    """Return what names one article in a path, in lower case; nothing for a section or home page.

    Numbers of five or more digits that are no date, UUIDs, and slugs of three or more words, these
    joined by hyphens.
    """
    found: set[str] = set()
    for segment in unquote(path).lower().split("/"):
        bare = _EXTENSION.sub("", segment)
        uuids = UUID.findall(bare)
        found.update(uuids)
        found.update(number for number in _NUMBER.findall(bare) if not _DATE.fullmatch(number))
        words = _WORDS.findall(UUID.sub(" ", bare))
        if len(words) >= _MIN_SLUG_WORDS:
            found.add("-".join(words))
    return frozenset(found)


def is_article(path: str) -> bool:
    """Return whether a path seems to name an article.

    By what `names` finds, a day or month and a word below it (`/2026/05/01/storm`), or a segment
    of ten or more letters and digits mixed.
    """
    low = path.lower()
    return bool(_DATED.search(low) or _OPAQUE.search(low) or names(path))


def slug_words(path: str) -> frozenset[str]:
    """Return the words of four or more letters in the slugs that name an article in a path."""
    slugs = (name for name in names(path) if not name[0].isdigit() and not UUID.fullmatch(name))
    return frozenset(word for slug in slugs for word in slug.split("-") if len(word) >= _LONG_WORD)


def words(path: str) -> frozenset[str]:
    """Return all words in a path, in lower case."""
    return frozenset(_WORDS.findall(unquote(path).lower()))


def last_word(path: str) -> str:
    """Return the last segment of a path in lower case, without an extension."""
    return _EXTENSION.sub("", unquote(path).lower().rstrip("/").rpartition("/")[2])
