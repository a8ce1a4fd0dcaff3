"""The names in what a page writes where it names its authors."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.articles.facts import name_labels, people
from pipeline.articles.facts.people import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_VALUE = 2000
"""Characters of a value that are looked at: some forty names."""

_TAG = re.compile(r"<[a-z/!][^<>]*>", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\uff08[^\uff08\uff09]*\uff09")
_BRACKETS_AT_END = re.compile(rf"(?:{_BRACKETS.pattern})(?= ?(?:$|[,;]))")
_HOST = re.compile(r"[\w.-]*\w\.(?:com|org|net|de|co\.uk|fr|at|lt|is)$", re.IGNORECASE)
_BREAK = re.compile(r"[;|•、/\uff0f&]| · ")
_DASH = re.compile(r" [\u2013\u2014-] ")
_COMMA = re.compile(r"[,\uff0c](?! ?(?:[JS]r|I{2,3}|IV)\b)")
_AFTER = re.compile(
    r" (?:for|in(?! (?:['\u2019]t|het|de[nr]?)\b)|at|from|via|on|is|updated|published) .*"
)
"""What follows a name in a line: a place, an outlet, a day. Sophie in 't Veld is a name."""
_AFTER_CAPITALS = re.compile(r" (?:FOR|AT|FROM|VIA|UPDATED|PUBLISHED) .*")
_AFTER_DECLARED = re.compile(r"(?<=\w) (?:for|in(?! (?:['\u2019]t|het|de[nr]?)\b)|from) .*")
_JOIN = re.compile(r" (?:and|und|et|og|och|en) (?=\w)")
_JOIN_CAPITALS = re.compile(r" (?:AND|UND|ET) (?=\w)")
_JOIN_NAMES = re.compile(
    r" (?:and|und|et|og|och|en|y|e|i|и|та|és|και|ve|dan|si|și|oraz|AND|UND) (?=\w)"
)
"""Some stand within a name too (Santiago Ramón y Cajal): each side is a name of two words at least."""
STAND_INS = frozenset({Kind.AGENCY, Kind.CODE, Kind.DEPARTMENT})
"""What stands for an author where no person is named."""

_INVERTED = 2
"""Parts of a name that is written "Lee, Ann"."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a value names, and what that is."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where a part of a list stands.

    `language` is that of its page, `is_declared` tells that the page declares an author, `is_listed` that the
    part follows a comma; `after` is what is cut behind a name.
    """

    language: str
    is_declared: bool
    is_listed: bool
    after: re.Pattern[str]


def names(byline: str, language: str = "") -> list[str]:
    """Return the names in a byline: "By Ann Lee and Bo Ek, Oslo" gives two.

    Agencies and departments are given only where it names nobody else.
    """
    return best(in_byline(byline, language))


def best(found: Sequence[Named]) -> list[str]:
    """Return the people of a list; where there is none, its agencies and departments."""
    wanted = [name.text for name in found if name.kind is Kind.PERSON]
    others = [name.text for name in found if name.kind in STAND_INS]
    return wanted or others


def declared(value: str, language: str = "") -> list[Named]:
    """Return what a value names that a page declares as its author: JSON-LD, rel=author, a meta element.

    Nothing is taken from a name but a label in front and what is set apart behind it. Several names
    in one value are told apart where each has two words; "Lee, Ann" becomes Ann Lee. A preposition in
    front ("Von Ann Lee") is a label only on a page in its `language`, a BCP 47 tag.
    """
    found: list[Named] = []
    for line in _lines(value, _BRACKETS_AT_END):
        parts = _comma_parts(line)
        if inverted := _inverted(parts):
            parts = [inverted]
        for place, part in enumerate(parts):
            source = _Source(
                language=language, is_declared=True, is_listed=place > 0, after=_AFTER_DECLARED
            )
            _add(found, _both_full(part), source)
    return found


def in_byline(value: str, language: str = "") -> list[Named]:
    """Return what a line names that is written for readers, in its order."""
    found: list[Named] = []
    for line in _lines(value, _BRACKETS):
        for place, part in enumerate(_comma_parts(line)):
            is_capitals = part.isupper()
            after, join = (_AFTER_CAPITALS, _JOIN_CAPITALS) if is_capitals else (_AFTER, _JOIN)
            source = _Source(language=language, is_declared=False, is_listed=place > 0, after=after)
            _add(found, [name for one in join.split(part) for name in _both_full(one)], source)
    return found


def _add(found: list[Named], parts: Sequence[str], source: _Source) -> None:
    """Add what the parts of a list name, which began in `found`.

    What stands before "by" is not the name. A single word after a comma behind a full name is a town.
    """
    is_other_work = False
    for number, part in enumerate(parts):
        before, writer = name_labels.split_at_by(part)
        did_other = name_labels.did_other_work(before)
        if writer and not did_other:
            is_other_work = False
            if not name_labels.wrote_too(before):
                found.clear()
        elif writer:
            is_other_work = True
            writer = name_labels.without_work(before)
        elif is_other_work:
            continue
        else:
            writer = part
        shown = name_labels.without_label(
            source.after.sub("", writer), source.language, is_declared=source.is_declared
        )
        if name := name_labels.clean(shown):
            found.append(_named(name, found, source, is_first=number == 0))


def _named(name: str, found: Sequence[Named], source: _Source, *, is_first: bool) -> Named:
    is_later = source.is_listed and is_first
    kind = people.kind(name, declared=source.is_declared and not is_later)
    is_town = is_later and kind is Kind.PERSON and _is_town(name, found)
    return Named(name, Kind.PLACE if is_town else kind)


def _lines(value: str, brackets: re.Pattern[str]) -> Iterator[str]:
    """The parts of a value between breaks; without addresses, markup and `brackets`, spaces single."""
    shown = _TAG.sub(" ", html.unescape(value[:LONGEST_VALUE]))
    waiting: list[str] = []
    for line in shown.splitlines():
        waiting += [word for word in line.split() if not _is_address(word)]
        if name_labels.asks_for_more(waiting):
            continue
        spaced, waiting = " ".join(waiting), []
        for part in _BREAK.split(brackets.sub(" ", spaced)):
            if first := _first_named(_DASH.split(part)):
                yield first
    if waiting[-1:] == ["By"] and len(waiting) > 1:
        yield " ".join(waiting)


def _first_named(parts: list[str]) -> str:
    """The first part that is not a date and the like: what a dash sets apart behind it is an outlet."""
    stripped = [found for part in parts if (found := " ".join(part.split()))]
    named = (
        part
        for part in stripped
        if people.kind(name_labels.clean(part) or part, declared=True) is not Kind.NOTHING
    )
    return next(named, stripped[0] if stripped else "")


def _comma_parts(line: str) -> list[str]:
    """The parts between commas; that before "Jr." is within a name, a degree is nobody's."""
    parts = [raw.strip().removeprefix("and ") for raw in _COMMA.split(line)]
    return [part for part in parts if part and not people.is_degree(part)]


def _inverted(parts: list[str]) -> str | None:
    """Of "Lee, Ann" the name as it is spoken."""
    if len(parts) != _INVERTED:
        return None
    surname, given = parts
    words = surname.split()
    is_surname = len(words) == 1 or all(people.is_particle(word.lower()) for word in words[:-1])
    kinds = {people.kind(part, declared=False) for part in parts}
    is_cased = surname[0].lower() != surname[0].upper()
    if is_surname and is_cased and kinds == {Kind.PERSON} and len(given.split()) <= _INVERTED:
        return f"{given} {surname}"
    return None


def _both_full(part: str) -> list[str]:
    """Two names around "y" or "e" if each is a full one, else the part as it is."""
    both = _JOIN_NAMES.split(part)
    return both if all(_is_full(name) for name in both) else [part]


def _is_full(name: str) -> bool:
    return len(name.split()) > 1


def _is_town(name: str, found: Sequence[Named]) -> bool:
    """Whether a part of a list is one word with a capital, and the list has a full name before it."""
    return (
        not _is_full(name)
        and name[:1].isupper()
        and any(_is_full(other.text) and other.kind is Kind.PERSON for other in found)
    )


def _is_address(word: str) -> bool:
    """Whether it is an address of a person or a page: ann@post.example, @ann, post.com."""
    bare = word.strip("()[]<>,;")
    return "@" in bare or "://" in bare or bare.startswith("www.") or bool(_HOST.match(bare))
