"""The words of a text, and what recognises them again."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING

from pipeline.model import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_TOKENS = 25  # below it: cookie walls, "read more"; nothing that could be recognised
SHINGLE = 5  # tokens in a shingle
WINDOW = 16  # shingles per window: 43 hashes for 360 tokens, 99.9 % of the true pairs share two
_MAX_HASHES = 1024  # of texts beyond 8,700 words the smallest are kept, so that two such still meet

# Written without spaces between words: each character is a token of its own.
_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['\u2019\u2018\u02bc\u00b4`](?=[^\W\d_])")
_DIGIT_GROUP = re.compile(r"(?<=\d)[.,'\u2019\u00a0\u2009\u202f](?=\d{3}(?!\d))")
WORD = re.compile(f"[{_NO_SPACES}]|[^\\W_{_NO_SPACES}]+")


def of(text: str) -> Fingerprint:
    """Return the fingerprint of `text`.

    `text_hash` is the SHA-256 of the normalized tokens, `hashes` the winnowed 5-shingle hashes
    (signed 64-bit, ascending, about one for every 8 tokens, at most 1,024), () for a text of
    fewer than 25 tokens. Stable across processes and releases: the database holds them.
    Winnowing: Schleimer, Wilkerson, Aiken, SIGMOD 2003.
    """
    return of_words(tokens(text))


def of_words(words: Sequence[str]) -> Fingerprint:
    """Return the fingerprint of a text with these tokens."""
    return Fingerprint(
        text_hash=text_hash(words),
        token_count=len(words),
        hashes=_winnowed(_shingle_hashes(words)) if len(words) >= MIN_TOKENS else (),
    )


def text_hash(words: Sequence[str]) -> bytes:
    """Return the SHA-256 (32 bytes) of the joined tokens: equal for the same words in order."""
    return sha256(_octets(words)).digest()


def tokens(text: str) -> list[str]:
    """Return the words of `text`, case-folded; spelling variants of one text give the same words.

    Letters lose their accents, apostrophes and the marks between groups of digits vanish; a
    Chinese, Japanese, Thai, Lao, Khmer or Burmese character is a word of its own.
    """
    return [word.casefold() for word in WORD.findall(plain(text))]


def plain(text: str) -> str:
    """Return `text` decomposed, without accents, apostrophes in words and marks between digits."""
    joined = _DIGIT_GROUP.sub("", _APOSTROPHE.sub("", text))
    if joined.isascii():
        return joined
    decomposed = unicodedata.normalize("NFKD", joined)
    return "".join(filter(_is_base, decomposed))


def _is_base(character: str) -> bool:
    return not unicodedata.combining(character)


def _shingle_hashes(words: Sequence[str]) -> list[int]:
    return [
        int.from_bytes(
            blake2b(_octets(words[start : start + SHINGLE]), digest_size=8).digest(),
            "big",
            signed=True,
        )
        for start in range(len(words) - SHINGLE + 1)
    ]


def _octets(words: Sequence[str]) -> bytes:
    return " ".join(words).encode("utf-8", "surrogatepass")


def _winnowed(hashes: Sequence[int]) -> tuple[int, ...]:
    last = max(1, len(hashes) - WINDOW + 1)
    kept = {min(hashes[start : start + WINDOW]) for start in range(last)}
    return tuple(sorted(kept)[:_MAX_HASHES])
