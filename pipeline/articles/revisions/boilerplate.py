"""Lines of a text that belong to its page and not to the article, where extraction left some in it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pipeline import sentences
from pipeline.articles import word_lists
from pipeline.articles.revisions import timestamps
from pipeline.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = r"\d[\d.,\u00a0\u202f ]*(?:k\b|m\b|tsd\.?|mil\b|тыс\.)?"
_READING_TIME = re.compile(
    r"\W*\d+[ -]?(?:minutes?|min\.?)[ -]read\W*|lesezeit\W*\d+ min\w*\.?|temps de lecture\W*\d+ min\w*\.?",
    re.IGNORECASE,
)
LONGEST_LINK = 240
"""Characters of a line that names a link to another article."""

_LONGEST_PAGE_LINE = 100
"""Characters of a line that names a page's author, times and counters: longer ones are prose."""

_BY = r"(?:by|von|par|por|di|door|av)\s+[^\W\d_]"

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        "…": "...",
    }
)

# Between two paragraphs, a line that is no sentence names another article, or what follows.
_ASIDE_WORDS = 4
_ASIDE_LENGTH = 120
# Speech, a list, or what leads to the next line: it is no headline.
_NO_HEADLINE = re.compile(r"[-\u2013—•*\d\"'(\[«]|.*[:;,]$")
_SAME_LINE = 0.5
"""Share of the shorter line's words that two wordings of one line have in common."""


def headline_words(title: str | None) -> list[str]:
    """Return the words of a headline, with straight quotes."""
    return (title or "").translate(_QUOTES).split()


def own_words(text: str) -> list[str]:
    """Return the words of a text that are the article's own.

    Left out are lines that are the page's: adverts, counters, dates, badges, and links to other
    articles, which are lines between two sentences that are like a headline.
    """
    return [word for line, is_aside in _lines(text) if not is_aside for word in line.split()]


def compared_words(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return the own words of two versions of a text, to be compared with each other.

    A line like a headline between two sentences is a link, which comes, goes and gives way to
    another without a change of the article. One that is worded anew ("found guilty", "found
    innocent") is the article's own: it stands in the same place of both versions, and they have
    half of its words in common.
    """
    befores, afters = list(_lines(old)), list(_lines(new))
    reworded = _reworded(_asides(befores), _asides(afters))
    return _chosen(befores, reworded), _chosen(afters, reworded)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """The lines that are not the page's, and whether each is like a headline between sentences."""
    stripped = (line.strip().translate(_QUOTES) for line in text.split("\n"))
    lines = [own for own in map(_own, stripped) if own]
    for at, line in enumerate(lines):
        yield line, _is_aside(lines, at)


def _own(line: str) -> str:
    """What a line says of the article itself; nothing of a line that is the page's.

    A counter or an age is the page's where it is a whole line, and where it is a part of a line
    marked as the page's: one that names author and times ("By Ann Lee | 3 hours ago"), or one of
    several such parts between dots. Within a sentence it is a fact: "sold 50,000 shares".
    """
    if _is_advert_or_link(line):
        return ""
    if len(line) > _LONGEST_PAGE_LINE:
        return line
    if _is_page_part(line):
        return ""
    parts = [part for part in _separator().split(line) if part.strip()]
    own = [part for part in parts if not _is_page_part(part)]
    if not own or (len(own) < len(parts) and _is_marked(line, parts, own)):
        return " ".join(own)
    return line


def _is_marked(line: str, parts: list[str], own: list[str]) -> bool:
    """Whether a line is one about the page, so that the counters and times in it are the page's."""
    if sentences.ends(line):
        return False
    is_dotted = not set("·•").isdisjoint(line)
    has_reading_time = any(map(_READING_TIME.fullmatch, parts))
    several = len(parts) - len(own) > 1
    return bool(_from_page().match(line.casefold())) or has_reading_time or (is_dotted and several)


def _is_page_part(part: str) -> bool:
    if timestamps.is_timestamp(part) or _READING_TIME.fullmatch(part):
        return True
    return _fold(part) in _list("badges") or _counter().fullmatch(part.casefold()) is not None


def _is_advert_or_link(line: str) -> bool:
    """Whether it is an advert's heading, or names a link: "Read more", "Read more: Ten piers"."""
    said = _fold(line)
    if said in _list("adverts") or said in _list("links"):
        return True
    return len(line) <= LONGEST_LINK and _link().match(line.casefold()) is not None


def _list(name: str) -> frozenset[str]:
    return word_lists.phrases(timestamps.LISTS, name)


def _fold(line: str) -> str:
    return " ".join(line.casefold().split()).strip(" .:!|·•*-\u2013—()[]")


def _any(name: str) -> str:
    """A pattern of the phrases of a list, the longest first."""
    return "|".join(map(re.escape, sorted(_list(name), key=len, reverse=True)))


@cache
def _counter() -> re.Pattern[str]:
    counted, before = _any("counted"), _any("counted_before")
    return re.compile(
        rf"\W*{_NUMBER}\s*(?:{counted})\W*|\W*(?:{counted}|{before})\W*{_NUMBER}\W*",
        re.IGNORECASE,
    )


@cache
def _link() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any('links')})\s*[:|]\s", re.IGNORECASE)


@cache
def _separator() -> re.Pattern[str]:
    """What separates the parts of a line about the page. A bar separates the cells of tables too."""
    label = rf"(?<!\blast)(?<!\bfirst)(?<!\bzuletzt)[,;]?\s+(?={timestamps.label_pattern()}\b)"
    return re.compile(rf"\s*[|·•]\s*|{label}|,\s+(?=\d+ )|\s+(?={_BY})", re.IGNORECASE)


@cache
def _from_page() -> re.Pattern[str]:
    return re.compile(rf"{_BY}|{timestamps.label_pattern()}\b", re.IGNORECASE)


@cache
def _note() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{_any('notes')})\b", re.IGNORECASE)


def _is_aside(lines: list[str], at: int) -> bool:
    """Whether a line alone between two sentences is like a headline: no sentence, some words."""
    line = lines[at]
    if len(line) > _ASIDE_LENGTH or sentences.ends(line) or _is_own(line):
        return False
    is_between = 0 < at < len(lines) - 1
    return (
        is_between
        and len(words(line)) >= _ASIDE_WORDS
        and all(sentences.ends(lines[beside]) for beside in (at - 1, at + 1))
    )


def _is_own(line: str) -> bool:
    """Whether what a line says is the article's own: a correction, a list, speech."""
    return bool(_NO_HEADLINE.match(line) or _note().match(line.casefold()))


def _asides(lines: list[tuple[str, bool]]) -> dict[int, str]:
    """The lines like headlines, each by how many words of other lines stand before it."""
    found: dict[int, str] = {}
    before = 0
    for line, is_aside in lines:
        if is_aside:
            found[before] = line
        else:
            before += len(line.split())
    return found


def _reworded(olds: dict[int, str], news: dict[int, str]) -> frozenset[str]:
    """The lines that stand in one place of two versions, worded differently."""
    pairs = [(olds[at], news[at]) for at in olds.keys() & news.keys() if olds[at] != news[at]]
    return frozenset(line for pair in pairs if _is_one_line(*pair) for line in pair)


def _is_one_line(one: str, other: str) -> bool:
    ours, theirs = set(words(one.casefold())), set(words(other.casefold()))
    return len(ours & theirs) >= _SAME_LINE * min(len(ours), len(theirs))


def _chosen(lines: list[tuple[str, bool]], reworded: frozenset[str]) -> list[str]:
    own = (line for line, is_aside in lines if not is_aside or line in reworded)
    return [word for line in own for word in line.split()]
