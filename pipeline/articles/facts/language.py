"""The language of a text whose page and feed declare none."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LEAST_CHARACTERS = 80  # shorter texts are guessed wrong too often
SAMPLE_CHARACTERS = 4000
LEAST_PROBABILITY = 0.7


def of(text: str) -> str | None:
    """Return the language of `text` as an ISO 639-1 code, or None when it is too short or unsure.

    The model (1.6 s to load) is loaded at the first call: call it in the parent process only.
    """
    if len(text) < LEAST_CHARACTERS:
        return None
    language, probability = _identifier().classify(text[:SAMPLE_CHARACTERS])
    return str(language) if probability >= LEAST_PROBABILITY else None


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
