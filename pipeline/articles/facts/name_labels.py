"""What stands around a name: labels and "by" in front, posts and marks behind."""

from __future__ import annotations

import re
from functools import cache

from pipeline.articles import word_lists
from pipeline.articles.facts import people
from pipeline.articles.facts.people import Kind

_EDGE = ' .:,*()"\u201c\u201d\u2013\u2014|-_'
_INITIAL = re.compile(r"(?:^|[ .-])(?:[^\W\d_]|[JS]r|St)\.$")
_HAS_DIGIT = re.compile(r"\d")
_MARK = " :\uff1a|・\uff1d="
_HAN_OR_HANGUL = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]$")


def split_at_by(part: str) -> tuple[str, str]:
    """Return what stands before and after the last word "by"; nothing after it where there is none.

    In languages in which the word is part of names too, only behind a date or what is written on a button.
    """
    words = part.split()
    for number in range(len(words) - 2, -1, -1):
        word = words[number].strip(":").casefold()
        if word == "by" or (word in _prepositions() and _is_no_name(words[:number])):
            return " ".join(words[:number]), " ".join(words[number + 1 :])
    return part, ""


def _is_no_name(words: list[str]) -> bool:
    line = " ".join(words)
    return bool(_HAS_DIGIT.search(line)) or people.is_button(line)


def without_work(before: str) -> str:
    """Return the name before "photos by": of "Ann Lee Photos", Ann Lee."""
    words = before.split()
    while words and words[-1].casefold() in _list("other_work") | {"and", "&", "with"}:
        words = words[:-1]
    return " ".join(words)


def asks_for_more(words: list[str]) -> bool:
    """Return whether a line ends in "by", or is but a label: the name is on the next one."""
    line = " ".join(words).rstrip(_MARK).casefold()
    labels = _list("labels") | _list("marked_labels") | _prepositions().keys()
    return line.endswith(" by") or line == "by" or line in labels


def without_label(part: str, language: str, *, is_declared: bool) -> str:
    """Return what stands behind a label: of "Author: Ann Lee", Ann Lee."""
    words = part.lstrip(_EDGE).split()
    for count in (3, 2, 1):
        label = " ".join(words[:count]).rstrip(_MARK).casefold()
        if label in _list("labels") and words[count:]:
            return " ".join(words[count:]).lstrip(_MARK)
    spaced = " ".join(words)
    for mark in (":", "\uff1a", "・", "\uff1d", "="):
        label, found, rest = spaced.partition(mark)
        label = label.strip().casefold()
        if found and (label in _list("labels") or label in _list("marked_labels")):
            return rest.strip(_MARK)
    return _without_preposition(words, language, is_declared=is_declared)


def _without_preposition(words: list[str], language: str, *, is_declared: bool) -> str:
    """Without "von" in front of a full name, or of an agency."""
    whole, rest = " ".join(words), words[1:]
    if not rest or not (languages := _prepositions().get(words[0].rstrip(":").casefold())):
        return whole
    is_own = language.partition("-")[0].lower() in languages
    is_safe = is_own or (not is_declared and words[0] != "Di")
    named = " ".join(rest)
    is_name = (
        len(rest) > 1 and not people.is_particle(rest[0]) and not rest[0][0].islower()
    ) or people.kind(named, declared=True) is not Kind.PERSON
    return named if is_safe and is_name else whole


def clean(name: str) -> str:
    """Return the name without marks around it and a post behind it: of "홍길동 기자", 홍길동."""
    spaced = " ".join(name.split()).lstrip(_EDGE)
    name = spaced.rstrip(_EDGE)
    if spaced.startswith(".", len(name)) and _INITIAL.search(f"{name}."):
        name += "."
    for post in _list("posts_after"):
        bearer = name.removesuffix(post).rstrip()
        if bearer != name and len(bearer) > 1 and _HAN_OR_HANGUL.search(bearer):
            return bearer
    return name


def did_other_work(before: str) -> bool:
    """Return whether what stands before "by" ends in other work than writing: "photos", "edited"."""
    return _last(before) in _list("other_work")


def wrote_too(before: str) -> bool:
    """Return whether it ends in work beside that of those named before: "additional reporting"."""
    return _last(before) in _list("besides")


def _last(value: str) -> str:
    return value.rpartition(" ")[2].casefold()


def _list(name: str) -> frozenset[str]:
    return word_lists.phrases(people.LISTS, name)


@cache
def _prepositions() -> dict[str, set[str]]:
    """The words for "by" that are parts of names too, with their languages."""
    found: dict[str, set[str]] = {}
    for table, entries in word_lists.tables(people.LISTS).items():
        if table.startswith("by_in_"):
            for entry in entries:
                found.setdefault(entry.phrase, set()).add(table.removeprefix("by_in_"))
    return found
