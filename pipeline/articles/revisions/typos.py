"""Whether two versions of a text differ by their spelling only."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.text import word_count

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPO_WORDS = 3
"""Words respelled at most in a correction of spelling."""

SHORT = 4
"""Letters of a word that is another one with any letter of it: "can" and "cut", "Iran" and "Iraq"."""

_SENTENCE = re.compile(r"[.!?…:]\W*$")
_ACCENTS = re.compile("[\u0300-\u036f]")
_EDGE = ".,;:!?()[]\"'"  # of a figure: "%", "-" and "€" are part of it


def is_typo(old: list[str], new: list[str]) -> bool:
    """Return whether at most TYPO_WORDS words are respelled, or as many joined or parted."""
    start = same_start(old, new)
    end = same_start(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if len(before) != len(after):
        few = max(len(before), len(after)) <= TYPO_WORDS
        one, other = "".join(before), "".join(after)
        has_figures = any(c.isdigit() for c in one)
        return few and not has_figures and one.casefold() == other.casefold()
    changed = [
        at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other
    ]
    return len(changed) <= TYPO_WORDS and all(
        _is_respelled(before[at], after[at], begins=_begins(old, start + at)) for at in changed
    )


def _begins(words: list[str], at: int) -> bool:
    """Whether a word begins a sentence, where a capital says nothing; "Mr." ends none."""
    return at == 0 or bool(len(words[at - 1]) > SHORT and _SENTENCE.search(words[at - 1]))


def _is_respelled(one: str, other: str, *, begins: bool) -> bool:
    """Whether a word means the same with its other letters, as far as spelling can tell.

    Other punctuation, capitals and accents are spelling. So is one letter more, less, other, or
    two swapped; yet not in a figure, a name, the first letter ("million", "ever") or a short word
    ("can"), which are other words then. In short words letters may be swapped.
    """
    if any(c.isdigit() for c in one + other):
        return one.strip(_EDGE) == other.strip(_EDGE)
    plain, respelled = _letters(one), _letters(other)
    if plain == respelled:
        return bool(plain) or all(unicodedata.category(c)[0] == "P" for c in one + other)
    is_name = not begins and (_is_capital(one) or _is_capital(other))
    if is_name or plain[:1] != respelled[:1] or word_count(plain) > 1:
        return False
    if min(len(plain), len(respelled)) <= SHORT:
        return len(plain) == len(respelled) and sorted(plain) == sorted(respelled)
    return _is_one_slip(plain, respelled)


def _letters(word: str) -> str:
    """A word without capitals, accents and punctuation; vowel signs of other scripts are letters."""
    folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M")


def _is_capital(word: str) -> bool:
    return next((c.isupper() for c in word if c.isalpha()), False)


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, makes one the other."""
    start = same_start(one, other)
    rest, others = one[start:], other[start:]
    if len(rest) == len(others):
        return rest[1:] == others[1:] or (rest[:2] == others[1::-1] and rest[2:] == others[2:])
    return rest[1:] == others or rest == others[1:]


def same_start(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many items two sequences have in common at their beginnings."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
