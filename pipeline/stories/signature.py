"""What is computed once of a text, in a worker, and kept for the decisions to come."""

from __future__ import annotations

from pipeline.model import Signature
from pipeline.stories import fingerprint, shingles


def of(text: str) -> Signature:
    """Return what finds and compares `text`; it must be in its original case."""
    plain = fingerprint.plain(text)
    spans = [found.span() for found in fingerprint.WORD.finditer(plain)]
    words = [plain[start:end].casefold() for start, end in spans]
    return Signature(
        fingerprint=fingerprint.of_words(words), features=shingles.of_words(words, plain, spans)
    )
