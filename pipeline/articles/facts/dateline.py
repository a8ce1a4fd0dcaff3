"""The date that a page shows its readers: beside the headline, or with a label that says what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import builder

from pipeline import dates
from pipeline.articles.facts.date_search import YEAR_ALONE, found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime, timedelta

    import lxml.html

    Read = Callable[[str], dates.Written | None]

BEFORE = 3
"""Pieces of text before the headline among which its date may stand (a masthead shows today's)."""

AFTER = 40
"""Pieces of text after the headline among which its date may stand."""

FRONT = 500
"""Characters after the headline with which the body has begun."""

LINE = 120
"""Characters of a line at most that is a date with its label, a place or a name."""

LABEL = 40
"""Characters of a label at most."""

LABEL_WORDS = 3
"""Words of a label at most that calls a date, wherever it stands, that of publication."""

MOST_DATES = 8
"""Dates of a page that are read: each costs .1 ms, one with the name of a month in a rare language 10."""

_UNSEEN = frozenset(["script", "style", "noscript", "template"])
_AROUND = " :-\N{EN DASH}|·,"
_MONTH = r"[^\W\d_]{3,15}\.?"
_DAY = re.compile(
    r"(?<![\d.,/-])(?:(?:19|20)\d\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+)?{_MONTH}(?:\s?/\s?{_MONTH})?,?\s+(?:de\s+)?(?:19|20)\d\d"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|(?:19|20)\d\d[.]?\s+{_MONTH}\s+\d{{1,2}}"
    r"|(?:19|20)\d\d\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2})(?!\d)"
)
_FIRST = re.compile(r"\b0?1\b|\b1(?:st|er|º)")
_SPACED = re.compile(r"(?<=\d) ?([./-]) ?(?=\d)")
_MODIFIED = re.compile(r"modif|updat", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"publi[^k]|posted|written|created|issued|veröffentlicht|erschienen|erstellt|online seit|paru|mis en ligne|pubblicat"
    r"|creado|geplaatst|gepubliceerd|udgivet|utgitt|publicerad|julkaistu|opublikowan|dodano|zveřejněn|vydáno|megjelen|опубл|дата публ"
    r"|yay\u0131n|نشر|פורסם|发布|發布|発表|公開|掲載|입력|등록|작성|đăng",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"updat|modif|edited|revis|reviewed|aktuali|änder|überarbeitet|bearbeitet|\bstand\b|mis à jour|actualiz|aggiorna|atualiz"
    r"|bijgewerkt|gewijzigd|opdater|oppdatert|päivitetty|muokattu|zmienion|upraven|frissít|обновл|оновл|измен|güncel"
    r"|تحديث|עודכן|更新|修改|수정|cập nhật",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text, the short one before it, the datetime of its time element."""

    text: str
    before: str
    time: str | None
    is_headline: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A date that a page shows: see `dates.Written`. `is_labelled` tells that it is called that of publication."""

    at: datetime
    clock: datetime
    zone: timedelta | None
    has_time: bool
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """A date on the page: as shown, what follows it, as its time element states it, and what stands before it."""

    text: str
    after: str
    stated: str | None
    label: str

    @property
    def is_publication(self) -> bool:
        return bool(_PUBLISHED.search(self.label)) and len(self.label.split()) <= LABEL_WORDS

    @property
    def is_update(self) -> bool:
        return calls_update(self.label)


def shown(tree: lxml.html.HtmlElement, read: Read, latest: datetime) -> Shown | None:
    """Return when the article was published as the page shows it, not after `latest`; or None.

    The date beside the headline: the first one between the first h1 and the body, or a few words before the h1.
    Else the only date of the page that is called its publication. One that is called an update
    counts only where readers see no other; one that is marked as such never does.
    A date without a zone counts as UTC, one without a time as midnight. `tree` has no parts that are
    about other pages; `read` returns a date as written if it is possible.
    """
    pieces = _pieces(tree)
    beside = list(_dates(_beside_headline(pieces)))
    first = [date for date in beside if not date.is_update]
    updates = [date for date in beside if date.is_update]
    labelled = [date for date in _dates(pieces) if date.is_publication]
    if len({date.text for date in labelled}) > 1:
        labelled = []
    for date in [*first, *labelled, *updates][:MOST_DATES]:
        if found := _read(date, read, latest):
            return Shown(found.at, found.clock, found.zone, found.has_time, date.is_publication)
    return None


def calls_update(label: str) -> bool:
    """Return whether a label calls a date that of a change, and not of publication."""
    return bool(_UPDATED.search(label)) and not _PUBLISHED.search(label)


def _beside_headline(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces after the headline up to the body, then those before it, nearest first."""
    at = next((number for number, piece in enumerate(pieces) if piece.is_headline), None)
    if at is None:
        return []
    after = pieces[at + 1 : at + 1 + AFTER]
    shown = accumulate(len(piece.text) for piece in after)
    front = [piece for piece, length in zip(after, shown, strict=True) if length <= FRONT]
    return [*front, *reversed(pieces[max(0, at - BEFORE) : at])]


def _pieces(tree: lxml.html.HtmlElement) -> list[_Piece]:
    """The pieces of text of the page, each with the piece before it where that is short."""
    pieces: list[_Piece] = []
    before = ""
    for text, time, is_headline in _texts(tree):
        if line := " ".join(text.split()):
            pieces.append(_Piece(line, before, time, is_headline))
            before = line if len(line) <= LABEL and not _DAY.search(line) else ""
    return pieces


def _texts(tree: lxml.html.HtmlElement) -> Iterator[tuple[str, str | None, bool]]:
    """(text, datetime of the time element around it, whether it is in an h1), in the page's order."""
    times: list[str | None] = [None]
    headlines = 0
    for body in tree.iter("body"):
        for event, element in etree.iterwalk(body, events=("start", "end")):
            starts = event == "start"
            if element.tag == "time":
                times.append(_published(element)) if starts else times.pop()
            elif element.tag == "h1":
                headlines += 1 if starts else -1
            text = element.text if starts else element.tail
            if text and not (starts and element.tag in _UNSEEN):
                yield text, times[-1], headlines > 0
        return


def _published(element: lxml.html.HtmlElement) -> str | None:
    """The datetime of a time element, unless it is marked as that of a change."""
    marks = (element.get(name) or "" for name in ("itemprop", "property", "class"))
    return None if _MODIFIED.search(" ".join(marks)) else element.get("datetime")


def _dates(pieces: Iterable[_Piece]) -> Iterator[_Shown]:
    """The dates of short pieces; a label stands before the date, or is the piece before it."""
    for piece in pieces:
        if len(piece.text) > LINE:
            continue
        days = list(_DAY.finditer(piece.text))
        starts = [*(day.start() for day in days[1:]), len(piece.text)]
        end = 0
        for day, next_start in zip(days, starts, strict=False):
            label = piece.text[end : day.start()].strip(_AROUND) or (
                piece.before if not end else ""
            )
            end = day.end()
            yield _Shown(day.group(), piece.text[end:next_start], piece.time, label)
        if piece.time and not days:
            yield _Shown(piece.text, "", piece.time, piece.before)


def _read(date: _Shown, read: Read, latest: datetime) -> dates.Written | None:
    """The date as its time element states it, or else as it is written, with the time behind it."""
    plain = _SPACED.sub(r"\1", date.text)
    for raw in (date.stated or "", plain + date.after, plain):
        if found := read(raw):
            return found
    return None if dates.written(plain, day_first=True) else _by_search(date.text, latest)


def _by_search(text: str, latest: datetime) -> dates.Written | None:
    """The day that htmldate reads, which knows the months of more languages."""
    line = builder.HTML(builder.BODY(builder.P(text, {"class": "date"})))
    for extensive in (False, True):
        day = found(line, latest, extensive=extensive)
        if day and (not day.endswith(YEAR_ALONE) or _FIRST.search(text)):
            return dates.written(day)
    return None
