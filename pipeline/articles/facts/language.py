"""The language of a text: recognised where none is declared, or where it plainly is another than is declared."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.articles import word_lists

LISTS = Path(__file__).with_suffix(".toml")
LEAST_LONG = 300
"""Characters of a text at least that goes against what its page declares."""
LEAST_SHARE = 0.15
"""Part of the words of a text that the small words of its language make up at least (newspapers: a third)."""
TIMES = 3
"""How many times as many they are as those of another language."""
LEAST_OF_A_SCRIPT = 0.7
"""Part of the letters at least that are of the script of a text."""

_WORD = re.compile(r"[^\W\d_]+")
_LANGUAGES_OF_SCRIPTS = {
    "LATIN": None,
    "CYRILLIC": "ru uk bg be sr mk kk ky mn tg tt ba uz az os ab ce cv sah".split(),  # noqa: SIM905 - a line
    "GREEK": ["el"],
    "HEBREW": ["he", "yi"],
    "ARABIC": "ar fa ur ps ug sd ku ckb az".split(),  # noqa: SIM905 - a line
    "THAI": ["th"],
    "HANGUL": ["ko"],
    "GEORGIAN": ["ka"],
    "ARMENIAN": ["hy"],
    "DEVANAGARI": "hi mr ne sa mai bho kok".split(),  # noqa: SIM905 - a line
    "BENGALI": ["bn", "as"],
    "TAMIL": ["ta"],
    "TELUGU": ["te"],
    "KHMER": ["km"],
    "ETHIOPIC": ["am", "ti"],
}
"""Languages that are written in a script (Unicode CLDR); the first is the one meant where nothing says more."""

LEAST_CHARACTERS = 80  # shorter texts are guessed wrong too often
SCRIPT_CHARACTERS = 500
"""Characters of which the script is told: a text is in one."""

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


def plainly(text: str, declared: str | None) -> str | None:
    """Return the language of a long text that is plainly another than `declared` (BCP 47), or None.

    Its script is not that of the declared language, or the small words of another language are many times as many
    as those of the declared one. Languages whose small words are not known are never overruled in Latin script.
    """
    sample = text[:SAMPLE_CHARACTERS]
    said = (declared or "").partition("-")[0]
    if len(sample) < LEAST_LONG or not said:
        return None
    shares = _shares(sample)
    script = _script(sample)
    if script is None:
        return None
    written = _LANGUAGES_OF_SCRIPTS[script]
    if written and said not in written:
        known = [code for code in written if shares.get(code, 0) >= LEAST_SHARE]
        return max(known, key=lambda code: shares[code], default=written[0])
    best = max(shares, key=lambda code: shares[code])
    is_plain = shares[best] >= max(LEAST_SHARE, TIMES * shares.get(said, 1.0))
    return best if best != said and is_plain else None


def _shares(text: str) -> dict[str, float]:
    """Which part of the words are small words of each language that is known."""
    words = Counter(word.casefold() for word in _WORD.findall(text))
    whole = max(sum(words.values()), 1)
    return {
        code: sum(words[word] for word in small) / whole for code, small in _small_words().items()
    }


def _script(text: str) -> str | None:
    """The script of most letters, if it is one that says something of the language."""
    letters = Counter(
        unicodedata.name(letter, "").partition(" ")[0]
        for letter in text[:SCRIPT_CHARACTERS]
        if letter.isalpha()
    )
    if not letters:
        return None
    script, count = letters.most_common(1)[0]
    is_most = count >= LEAST_OF_A_SCRIPT * letters.total()
    return script if is_most and script in _LANGUAGES_OF_SCRIPTS else None


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {
        code: frozenset(entries[0].phrase.split())
        for code, entries in word_lists.tables(LISTS).items()
    }


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
