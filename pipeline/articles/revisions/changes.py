"""What changed between two texts of one article."""

from __future__ import annotations

import hashlib
import re
from typing import Literal

from pipeline.articles.revisions import boilerplate, typos

ChangeKind = Literal["typo", "headline", "substantive", "retraction"]

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
    """Return how the new version differs; None when no revision is to be shown.

    White space, the form of quotes and lines that are the page's (adverts, links to other
    articles, counters, dates, badges) make no revision. A number, a name, a
    negation or a verdict that is another now always does.

    retraction: the new one says that it is withdrawn, in its headline or of itself in the text, and
    the old one did not. typo: at most three words respelled, in headline and text (see `typos`).
    headline: only the headline changed. substantive: the rest.
    """
    old_words, new_words = boilerplate.compared_words(old_text, new_text)
    old_head, new_head = map(boilerplate.headline_words, (old_title, new_title))
    if old_words == new_words and old_head == new_head:
        return None
    if _is_retracted(new_title, new_text) and not _is_retracted(old_title, old_text):
        return "retraction"
    if old_words != new_words:
        return (
            "typo"
            if typos.is_typo(old_words, new_words) and typos.is_typo(old_head, new_head)
            else "substantive"
        )
    return "typo" if typos.is_typo(old_head, new_head) else "headline"


def shows_less(old_text: str, new_title: str | None, new_text: str) -> bool:
    """Return whether the new text is no more than the first half of the old one.

    A page that shows the beginning of what it once showed has put the rest behind a wall: that is
    no change of the article. One that says that it is withdrawn is.
    """
    old_words, new_words = boilerplate.own_words(old_text), boilerplate.own_words(new_text)
    if len(new_words) > SHOWN_SHARE * len(old_words) or _is_retracted(new_title, new_text):
        return False
    return typos.same_start(old_words, new_words) >= SAME_START * len(new_words)


def _is_retracted(title: str | None, text: str) -> bool:
    return bool(_RETRACTED_TITLE.search(title or "") or _NOTICE.search(text))
