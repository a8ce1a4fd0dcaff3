"""The wording of a text as it is compared: its shingles, names and numbers, hashed and packed."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING
from zlib import crc32

from pipeline.model import Features
from pipeline.stories import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Of a text of more words only every second shingle is kept, of one twice as long every fourth, by
# its hash: the same ones in every text, so that shares stay what they are and no text costs more.
WHOLE_WORDS = 8192

LEAD = 30  # 5-shingles at the start of the longer text: a round-up starts with another story
_SHOUTED = 0.5  # share of capitalised words from which capitals say nothing (title case, all caps)
_NEW_SENTENCE = re.compile(r"[.!?:;\n\u2026\u3002\"\u201c\u201d\u201e\u00ab\u00bb]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """The sets that are compared; `lead` are the first 30 fives, `in_order` the packed triples."""

    text_hash: bytes
    token_count: int
    triples: frozenset[int]
    in_order: bytes
    fives: frozenset[int]
    lead: frozenset[int]
    names: frozenset[int]
    numbers: frozenset[int]


def of(text: str) -> Features:
    """Return what `dedupe.decide` needs of `text`, which must be in its original case."""
    plain = fingerprint.plain(text)
    spans = [found.span() for found in fingerprint.WORD.finditer(plain)]
    return of_words([plain[start:end].casefold() for start, end in spans], plain, spans)


def of_words(words: Sequence[str], plain: str, spans: Sequence[tuple[int, int]]) -> Features:
    """Return the features of a text of these `words`, which stand at `spans` of `plain`."""
    return Features(
        text_hash=fingerprint.text_hash(words),
        token_count=len(words),
        triples=_packed(_shingles(words, 3), keep=_one_in(len(words))),
        fives=_packed(_shingles(words, 5), keep=_one_in(len(words))),
        names=_packed(_names(plain, spans)),
        numbers=_packed(word for word in words if word[0].isdigit()),
    )


def unpacked(known: Features) -> Unpacked:
    """Return the features as sets: for texts that are compared several times."""
    return Unpacked(
        text_hash=known.text_hash,
        token_count=known.token_count,
        triples=as_set(known.triples),
        in_order=known.triples,
        fives=as_set(known.fives),
        lead=as_set(known.fives[: 4 * LEAD]),
        names=as_set(known.names),
        numbers=as_set(known.numbers),
    )


def _names(plain: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The capitalised words that do not open a sentence; none where everything is capitalised."""
    capitals = 0
    names = []
    previous_end = None
    for start, end in spans:
        if plain[start].isupper():
            capitals += 1
            if previous_end is not None and not _NEW_SENTENCE.search(plain, previous_end, start):
                names.append(plain[start:end].casefold())
        previous_end = end
    return names if capitals <= _SHOUTED * len(spans) else []


def _shingles(words: Sequence[str], size: int) -> list[str]:
    return [" ".join(words[start : start + size]) for start in range(len(words) - size + 1)]


def _packed(texts: Iterable[str], *, keep: int = 1) -> bytes:
    """The 32-bit hashes of `texts`, each once, in order; of `keep` only one, by its last bits."""
    hashes = dict.fromkeys(crc32(text.encode("utf-8", "surrogatepass")) for text in texts)
    return array("I", hashes if keep == 1 else (h for h in hashes if h % keep == 0)).tobytes()


def _one_in(word_count: int) -> int:
    """How many shingles there are for one that is kept, a power of two."""
    one_in = 1
    while word_count > WHOLE_WORDS * one_in:
        one_in *= 2
    return one_in


def compared(a: Unpacked, b: Unpacked) -> tuple[Unpacked, Unpacked]:
    """Return the shorter and the longer text, with those shingles of the shorter that the longer keeps."""
    shorter, longer = sorted((a, b), key=_length)
    keep = _one_in(longer.token_count)
    if keep == _one_in(shorter.token_count):
        return shorter, longer
    thinned = replace(
        shorter,
        triples=frozenset(h for h in shorter.triples if h % keep == 0),
        fives=frozenset(h for h in shorter.fives if h % keep == 0),
    )
    return thinned, longer


def gaps(shorter: Unpacked, longer: Unpacked) -> list[int]:
    """Return how many triples in a row the longer text lacks, for each such place of the shorter.

    One changed word makes a gap of three, another page's furniture one of dozens.
    """
    keep = _one_in(longer.token_count)
    held = (h in longer.triples for h in memoryview(shorter.in_order).cast("I") if h % keep == 0)
    return [keep * len(list(run)) for is_shared, run in groupby(held) if not is_shared]


def as_set(packed: bytes) -> frozenset[int]:
    """Return packed hashes as a set."""
    return frozenset(memoryview(packed).cast("I"))


def _length(text: Unpacked) -> tuple[int, bytes]:
    return text.token_count, text.text_hash
