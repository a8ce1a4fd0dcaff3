"""Where a sentence ends, in every script that marks it: the one rule for text and its shape."""

from __future__ import annotations

import re

# Full stops, question and exclamation marks with Unicode's property Sentence_Terminal (UAX 29) of
# the scripts that news is written in: Latin and its kin, Chinese and Japanese, Arabic and Urdu,
# Devanagari and its neighbours, Armenian, Ethiopic, Burmese, Khmer. Thai has none. An ellipsis
# ends one or breaks it off.
_MARKS = (
    ".!?\u2026\u3002\uff01\uff1f\uff0e\uff61\u061f\u06d4\u0964\u0965\u0589\u1362\u1367"
    "\u104a\u104b\u17d4\u17d5"
)
_END = re.compile(rf"[{re.escape(_MARKS)}][^\w{re.escape(_MARKS)}]{{0,8}}$")
_BROKEN_OFF = re.compile(r"(?:\.\.+|\u2026)[^\w.]{0,8}$")


def ends(line: str) -> bool:
    """Return whether a line ends as a sentence does, closing quotes and brackets after it or not.

    An ellipsis counts: speech trails off. `breaks_off` tells it apart.
    """
    return bool(_END.search(line[-20:]))


def breaks_off(line: str) -> bool:
    """Return whether a line ends in the middle of a sentence, or with dots for what is left out."""
    end = line[-20:]
    return bool(_BROKEN_OFF.search(end)) or not (
        _END.search(end) or end.rstrip().endswith((":", ";"))
    )
