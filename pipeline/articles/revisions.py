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
_COUNTED = r"(?:comments?|shares?|views?|likes?|kommentare?|commentaires?|comentarios|commenti)"
_COUNTER = re.compile(
    rf"\b\d[\d.,]*\s*(?:k\b)?\s*(?:{_COUNTED}|reads?|readers?|minutes? (?:read|ago)|min read|hours? ago|days? ago)\b"
    rf"|\b{_COUNTED}\s*(?::\s*\d[\d.,]*k?\b|\(\d[\d.,]*k?\))",
    re.IGNORECASE,
)
# Paragraphs that are the page's and not the article's: where extraction leaves one in the text,
# its coming, going and changing is no change of the article.
_CHROME = re.compile(
    r"(?:advertisement|advertising|sponsored content|anzeige|werbung|publicité|publicidad|pubblicità)\W*"
    r"|(?:read more|read also|also read|see also|related(?: (?:stories|articles|news|links))?|more on this(?: story)?|recommended(?: for you)?|you may also like"
    r"|lesen sie auch|mehr zum thema|(?:à )?lire aussi|sur le même sujet|lea también|leer más|leggi anche|leia também|lees ook)(?:\s*[:|]\s.{0,200})?"
    r"|(?:last |first |zuletzt )?(?:updated|modified|published|posted|aktualisiert|veröffentlicht|mis à jour|publié|actualizado|publicado|aggiornato|pubblicato)\b"
    r"(?=.*(?:\d{1,2}[:.h]\d{2}|\b\d{4}\b|\bago\b)).{0,70}",
    re.IGNORECASE,
)

SHOWN_SHARE = 0.5
"""Share of the present text at most that a page shows which has put the rest away."""

SAME_START = 0.9
"""Share of what it shows that stands at the beginning of the present text, word by word."""


def digest(title: str | None, text: str) -> bytes:
    """Return the sha256 (32 bytes) of exactly this headline and text."""
    return hashlib.sha256(f"{title or ''}\0{text}".encode("utf-8", "surrogatepass")).digest()


def change_kind(
    old_title: str | None, old_text: str, new_title: str | None, new_text: str
) -> ChangeKind | None:
    """Return how the new version differs; None when it does not.

    White space, counters and paragraphs that are the page's (adverts, links to other articles,
    stamps of the last update) are no difference.

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


def shows_less(old_text: str, new_title: str | None, new_text: str) -> bool:
    """Return whether the new text is no more than the first half of the old one.

    A page that shows the beginning of what it once showed has put the rest behind a wall: that is
    no change of the article. One that says that it is withdrawn is.
    """
    old_words, new_words = _words(old_text), _words(new_text)
    if len(new_words) > SHOWN_SHARE * len(old_words) or _is_retracted(new_title, new_text):
        return False
    return _same_start(old_words, new_words) >= SAME_START * len(new_words)


def _is_retracted(title: str | None, text: str) -> bool:
    return bool(_RETRACTED_TITLE.search(title or "") or _NOTICE.search(text))


def _words(text: str) -> list[str]:
    """The words that are the article's own."""
    lines = (line for line in text.split("\n") if not _CHROME.fullmatch(line.strip()))
    return [word for line in lines for word in _COUNTER.sub(" ", line).split()]


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
