"""What changed between two texts of one article."""

from __future__ import annotations

import hashlib
import re
from difflib import SequenceMatcher
from typing import Literal

ChangeKind = Literal["typo", "headline", "substantive", "retraction"]

TYPO_WORDS = 3
"""Words replaced, added or taken away at most in a correction of spelling."""

TYPO_LIKENESS = 0.6
"""Share of letters that a respelled word keeps (Levenshtein-like ratio of difflib)."""

# A notice speaks of the article itself: "the statue was removed" is news.
_NOTICE = re.compile(
    r"\bthis (?:article|story|report|piece|post|column|opinion) (?:has been|was|is|had to be) (?:retracted|withdrawn|removed|taken down|deleted)"
    r"|\bwe (?:have |are )?(?:retract(?:ed|ing)?|withdrawn|withdraw) (?:this|the|our) (?:article|story|report|piece)"
    r"|\b(?:dieser (?:artikel|beitrag|text) wurde (?:zurückgezogen|gelöscht|entfernt|depubliziert)"
    r"|cet article a été (?:retiré|supprimé|dépublié)|este artículo ha sido (?:retirado|eliminado)"
    r"|questo articolo è stato (?:ritirato|rimosso))",
    re.IGNORECASE,
)
_RETRACTED_TITLE = re.compile(
    r"^\W*(?:retracted|retraction|withdrawn|removed|zurückgezogen)\b|\((?:retracted|withdrawn)\)\s*$",
    re.IGNORECASE,
)
# Numbers that pages count up under an unchanged text: comments, shares, views, minutes.
_COUNTER = re.compile(
    r"\b\d[\d.,]*\s*(?:k\b)?\s*(?:comments?|shares?|views?|likes?|reads?|readers?|minutes? (?:read|ago)|min read|hours? ago|days? ago"
    r"|kommentare?|commentaires?|comentarios|commenti)\b",
    re.IGNORECASE,
)


def digest(title: str | None, text: str) -> bytes:
    """Return the sha256 (32 bytes) of exactly this headline and text."""
    return hashlib.sha256(f"{title or ''}\0{text}".encode("utf-8", "surrogatepass")).digest()


def change_kind(
    old_title: str | None, old_text: str, new_title: str | None, new_text: str
) -> ChangeKind | None:
    """Return how the new version differs; None when only white space or counters changed.

    retraction: the new one says that it is withdrawn, in its headline or of itself in the text, and
    the old one did not. typo: at most three words respelled, in headline and text. headline: only
    the headline changed. substantive: the rest.
    """
    old_words, new_words = _words(old_text), _words(new_text)
    old_head, new_head = _words(old_title or ""), _words(new_title or "")
    if old_words == new_words and old_head == new_head:
        return None
    if _is_retracted(new_title, new_text) and not _is_retracted(old_title, old_text):
        return "retraction"
    if old_words != new_words:
        return (
            "typo"
            if _is_typo(old_words, new_words) and _is_typo(old_head, new_head)
            else "substantive"
        )
    return "typo" if _is_typo(old_head, new_head) else "headline"


def _is_retracted(title: str | None, text: str) -> bool:
    return bool(_RETRACTED_TITLE.search(title or "") or _NOTICE.search(text))


def _words(text: str) -> list[str]:
    return _COUNTER.sub(" ", text).split()


def _is_typo(old: list[str], new: list[str]) -> bool:
    """Whether at most TYPO_WORDS words are spelled differently, or as many are joined or parted."""
    start = _same_start(old, new)
    end = _same_start(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if len(before) != len(after):
        few = max(len(before), len(after)) <= TYPO_WORDS
        return few and "".join(before).casefold() == "".join(after).casefold()
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    return len(changed) <= TYPO_WORDS and all(_is_respelled(one, other) for one, other in changed)


def _same_start(old: list[str], new: list[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _is_respelled(one: str, other: str) -> bool:
    """A word with most of its letters kept, and no digit changed: figures are facts."""
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]:
        return False
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= TYPO_LIKENESS
