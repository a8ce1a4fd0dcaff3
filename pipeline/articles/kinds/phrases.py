"""What walls and not-found pages say in many languages; the phrases stand in phrases.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ANYTHING = ".{0,40}"
_PLAIN = {
    ord("\N{RIGHT SINGLE QUOTATION MARK}"): "'",
    ord("\N{LATIN SMALL LETTER DOTLESS I}"): "i",
    ord("\N{COMBINING DOT ABOVE}"): None,
}
_ERROR = "error|fehler|erreur|errore|erro|fel|feil|fejl|fout|virhe|chyba|hata|hiba|eroare|błąd|ошибка|помилка|lỗi|エラー|错误|錯誤"
# "Oops!", "Sorry,", "Es tut uns leid:": up to four words, set apart.
_APOLOGY = r"(?:(?:[^\s,!:|\u060c]{1,15} ){0,3}[^\s,!:|\u060c]{1,15} ?[,!:\u060c\u2026]+ ?)?"
_ARTICLE = r"(?:(?:the|this|that|die|diese|cette|la|esta|questa|a|esa|deze|ta|tato|эта|ця|the requested|die angeforderte) )?"
_SITE = r"(?:\s+[-\u2013\u2014|·:»]\s+.{1,60}|\s*\|.{1,60})?"


def fold(line: str) -> str:
    """Return a line as phrases are compared: small letters, plain apostrophes and spaces, one i."""
    return " ".join(line.lower().translate(_PLAIN).split())


def missing(names: Iterable[str]) -> str | None:
    """Return the first name that says that a page is not there, and nothing else."""
    return next((name for name in names if _missing().fullmatch(fold(name))), None)


def said(topic: str, lines: Iterable[str]) -> str | None:
    """Return the first phrase of a topic (a table of phrases.toml) in the lines, as it stands there."""
    inside, starting = _patterns(topic)
    for line in map(fold, lines):
        found = inside.search(line) or starting.match(line)
        if found:
            return found.group()
    return None


def count(topic: str, lines: Iterable[str]) -> int:
    """Return in how many of the lines a phrase of the topic stands."""
    return sum(1 for line in lines if said(topic, [line]))


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _phrases(topic: str) -> list[str]:
    return [fold(phrase) for phrases in _tables()[topic].values() for phrase in phrases]


@cache
def _patterns(topic: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is looked for in a line, and at its beginning."""
    told = _phrases(topic)
    return (
        _any(phrase for phrase in told if not phrase.startswith("^")),
        _any(phrase[1:] for phrase in told if phrase.startswith("^")),
    )


def speaks_of_missing(line: str) -> bool:
    """Return whether a line says that a page was not found, wherever in it."""
    return bool(_any(_phrases("missing")).search(line.casefold()))


@cache
def _missing() -> re.Pattern[str]:
    phrases = _any(_phrases("missing")).pattern
    code = rf"(?:(?:http|status|server)\W+)?(?:(?:{_ERROR})\W*)?404(?:\s+(?:{_ERROR}|page|{phrases}).{{0,40}}|\s*[-\u2013\u2014:!,.(].{{0,60}})?"
    words = rf"{_APOLOGY}{_ARTICLE}{phrases}(?: .{{0,20}})?"
    return re.compile(rf"\W*(?:{code}|{words})\W*{_SITE}")


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases, the longest first; none at all where there are no phrases."""
    longest = sorted(dict.fromkeys(phrases), key=len, reverse=True)
    parts = (
        re.escape(phrase).replace(r"\ \*\ ", rf"\ {_ANYTHING}").replace(r"\*", _ANYTHING)
        for phrase in longest
    )
    return re.compile(f"(?:{'|'.join(parts)})" if longest else r"(?!)")
