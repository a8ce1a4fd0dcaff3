"""Lines of a text that belong to its page and not to the article, where extraction left some in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.articles.revisions import timestamps
from pipeline.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator

# Numbers that pages count up under an unchanged text: comments, shares, views, readers.
_NUMBER = r"\d[\d.,\u00a0\u202f ]*(?:k\b|m\b|tsd\.?|mil\b|тыс\.)?"
_COUNTED = (
    r"comments?|shares?|views?|likes?|reads?|readers?|kommentare?|commentaires?|comentarios|commenti"
    r"|aufrufe|ansichten|leser|vues|lectures|partages|visitas|vistas|lecturas|visualizaciones|visualizações|leituras|compartidos|partilhas"
    r"|visualizzazioni|letture|condivisioni|weergaven|keer gelezen|reacties|visninger|visningar|kommentarer|wyświetle(?:nia|ń)|odsłon|komentarz[ey]"
    r"|просмотр(?:\u0430|ов)?|комментари(?:я|ев)|comentários?|görüntülenme|次(?:阅读|浏览|閱讀|瀏覽)|回視聴"
)
_ANSWERS = r"yes|no|maybe|(?:i )?don'?t know|not sure|undecided|ja|nein|weiß nicht|oui|non|ne sais pas|s[íì]|no sé|non so|sim|não|não sei|nee|weet niet|nej|nei|tak|nie|да|нет"
_COUNTER = re.compile(
    rf"\W*{_NUMBER}\s*(?:{_COUNTED})\W*|\W*(?:{_COUNTED})\W*{_NUMBER}\W*|(?:阅读|浏览|閱讀|瀏覽|조회)(?:数|量|數|수)?\W*{_NUMBER}"
    rf"|(?:{_ANSWERS})\W*{_NUMBER}%",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"\W*\d+[ -]?(?:minutes?|min\.?)[ -]read\W*|lesezeit\W*\d+ min\w*\.?|temps de lecture\W*\d+ min\w*\.?",
    re.IGNORECASE,
)
_BADGE = re.compile(
    r"\W*(?:live|live (?:blog|ticker|updates?)|breaking(?: news)?|exclusive|eilmeldung|exklusiv|en direct|en vivo|ao vivo|in diretta|новое)\W*",
    re.IGNORECASE,
)
# An advert, or a link to another article that is named as one.
_ADVERT_OR_LINK = re.compile(
    r"(?:advertisement|advertising|sponsored content|anzeige|werbung|publicité|publicidad|pubblicità)\W*"
    r"|recommended(?: for you)?\W*"
    r"|(?:read more|read also|also read|see also|related(?: (?:stories|articles|news|links))?|more on this(?: story)?|recommended for you|you may also like"
    r"|lesen sie auch|mehr zum thema|(?:à )?lire aussi|sur le même sujet|lea también|leer más|leggi anche|leia também|lees ook)(?:\s*[:|]\s.{0,200})?",
    re.IGNORECASE,
)
_LONGEST_PAGE_LINE = 100
"""Characters of a line that names a page's author, times and counters: longer ones are prose."""

# What separates the parts of such a line. A bar separates the cells of tables too.
_SEPARATOR = re.compile(
    rf"(?<!\s)\s*[|·•]\s*|(?<!\s)(?<!\blast)(?<!\bfirst)(?<!\bzuletzt)[,;]?\s+(?={timestamps.LABEL}\b)|,\s+(?=\d+ )|(?<!\s)\s+(?=(?:by|von|par|por|di|door|av)\s+[^\W\d_])",
    re.IGNORECASE,
)
_FROM_PAGE = re.compile(
    rf"(?:by|von|par|por|di|door|av)\s+[^\W\d_]|{timestamps.LABEL}\b", re.IGNORECASE
)

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        "…": "...",
    }
)

# Between two paragraphs, a line that is no sentence names another article, or what follows.
_SENTENCE = re.compile(r"[.!?…。\uff01\uff1f।؟][\W_]*$")
_ASIDE_WORDS = 4
_ASIDE_LENGTH = 120
# What such a line says is the article's own: a correction, a list, speech.
_OWN = re.compile(
    r"\W*(?:correction|corrected|clarification|update|editor|note|korrektur|berichtigung|anmerkung|hinweis|nachtrag|correctif|rectificatif|précision"
    r"|corrección|fe de erratas|rettifica|errata|nota|correção|rectificatie|correctie|rättelse|rettelse|исправление|уточнение)\b"
    r"|[-\u2013—•*\d\"'(\[«]|.*[:;,]$",
    re.IGNORECASE,
)
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
    if _ADVERT_OR_LINK.fullmatch(line):
        return ""
    if len(line) > _LONGEST_PAGE_LINE:
        return line
    if _is_page_part(line):
        return ""
    parts = [part for part in _SEPARATOR.split(line) if part.strip()]
    own = [part for part in parts if not _is_page_part(part)]
    if not own or (len(own) < len(parts) and _is_marked(line, parts, own)):
        return " ".join(own)
    return line


def _is_marked(line: str, parts: list[str], own: list[str]) -> bool:
    """Whether a line is one about the page, so that the counters and times in it are the page's."""
    if _SENTENCE.search(line):
        return False
    is_dotted = not set("·•").isdisjoint(line)
    has_reading_time = any(map(_READING_TIME.fullmatch, parts))
    several = len(parts) - len(own) > 1
    return bool(_FROM_PAGE.match(line)) or has_reading_time or (is_dotted and several)


def _is_page_part(part: str) -> bool:
    rules = (_COUNTER, _READING_TIME, _BADGE)
    return timestamps.is_timestamp(part) or any(rule.fullmatch(part) for rule in rules)


def _is_aside(lines: list[str], at: int) -> bool:
    """Whether a line alone between two sentences is like a headline: no sentence, some words."""
    line = lines[at]
    if len(line) > _ASIDE_LENGTH or _SENTENCE.search(line) or _OWN.match(line):
        return False
    is_between = 0 < at < len(lines) - 1
    return (
        is_between
        and len(words(line)) >= _ASIDE_WORDS
        and all(_SENTENCE.search(lines[beside]) for beside in (at - 1, at + 1))
    )


def _asides(lines: list[tuple[str, bool]]) -> dict[int, str]:
    """The lines like headlines, each by how many other lines stand before it."""
    found: dict[int, str] = {}
    before = 0
    for line, is_aside in lines:
        if is_aside:
            found[before] = line
        else:
            before += 1
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
