"""Lists of words and phrases that a person can change: TOML files beside the rules that use them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of a list, a value that it must match, and one like it that it must not match."""

    phrase: str
    example: str
    near_miss: str


@cache
def tables(file: Path) -> dict[str, tuple[Entry, ...]]:
    """Return the lists of a file by name. Each entry is written `[phrase, example, near miss]`.

    Raises:
        TypeError: an entry has other than three values.
    """
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: tuple(Entry(*values) for values in entries) for name, entries in read.items()}


@cache
def phrases(file: Path, name: str) -> frozenset[str]:
    """Return the phrases of one list, in small letters."""
    return frozenset(entry.phrase.casefold() for entry in tables(file)[name])
