"""What changed between two texts of an article: paragraph by paragraph, and word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

CONTEXT = 1  # paragraphs that stay, shown around a change
# What two paragraphs must share to be one that was changed: fewer words than that are shown as
# one that went and one that came.
LIKE = 0.4
MOST_WORDS = 4000  # comparing words takes their number squared: 4,000 take about a second

_WORD = re.compile(r"\s+|\w+|[^\w\s]")

Sign = Literal["=", "-", "+", "~"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A text that an article had; `text` has one paragraph a line."""

    article_id: int
    revision: int
    seen_at: datetime
    change_kind: str
    title: str | None
    description: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A headline, description or paragraph: `=` stays, `-` went, `+` came, `~` was changed.

    `part` is title, description or text; `paragraph` counts from 1, in the text that has it.
    """

    part: str
    sign: Sign
    old: str | None = None
    new: str | None = None
    paragraph: int | None = None


def changes(old: Version, new: Version) -> list[Change]:
    """Return what changed, with a paragraph around each change that stays."""
    found = [
        Change(part=part, sign=_sign(before, after), old=before, new=after)
        for part, before, after in (
            ("title", old.title, new.title),
            ("description", old.description, new.description),
        )
        if (before or "") != (after or "")
    ]
    return [*found, *_paragraphs(old.text.split("\n"), new.text.split("\n"))]


def words(old: str, new: str) -> list[tuple[Sign, str]]:
    """Return the pieces of two paragraphs in order: what stays, what went, what came."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return [("-", old), ("+", new)]
    pieces: list[tuple[Sign, str]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, came = "".join(before[i1:i2]), "".join(after[j1:j2])
        if gone == came:
            pieces.append(("=", gone))
            continue
        pieces += [("-", gone)] if gone else []
        pieces += [("+", came)] if came else []
    return pieces


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                for offset, line in enumerate(new[j1:j2]):
                    yield Change(
                        part="text", sign="=", old=line, new=line, paragraph=j1 + offset + 1
                    )
            else:
                yield from _replaced(old[i1:i2], new[j1:j2], i1, j1)


def _replaced(old: Sequence[str], new: Sequence[str], i1: int, j1: int) -> Iterator[Change]:
    """Paragraphs that stand where others stood, in pairs as long as they are alike."""
    for offset, (before, after) in enumerate(zip_longest(old, new)):
        if before is not None and after is not None and _alike(before, after):
            number = j1 + offset + 1
            yield Change(part="text", sign="~", old=before, new=after, paragraph=number)
            continue
        if before is not None:
            yield Change(part="text", sign="-", old=before, paragraph=i1 + offset + 1)
        if after is not None:
            yield Change(part="text", sign="+", new=after, paragraph=j1 + offset + 1)


def _alike(one: str, other: str) -> bool:
    before, after = one.split(), other.split()
    if len(before) + len(after) > MOST_WORDS:
        return False
    return SequenceMatcher(None, before, after, autojunk=False).ratio() >= LIKE


def _sign(before: str | None, after: str | None) -> Sign:
    if before and after:
        return "~"
    return "-" if before else "+"
