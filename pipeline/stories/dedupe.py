"""Whether two texts tell the same, and which kind of copy one is of the other."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from zlib import crc32

from pipeline.model import Features
from pipeline.stories import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Seat

Kind = Literal["same_text", "reprint", "excerpt", "extended", "update"]

# Of a text of more words only every second shingle is kept, of one twice as long every fourth, by
# its hash: the same ones in every text, so that shares stay what they are and no text costs more.
WHOLE_WORDS = 8192

# The thresholds of the decision, found on 3,554 labelled texts (bench/dedup.py) and checked on
# labelled newswire pairs. Shares are of the shorter text, 0 .. 1.
_MIN_SHARED_FIVES = 6
_LEAD = 30  # 5-shingles at the start of the longer text: a round-up starts with another story
_MIN_ANCHORS = 3  # fewer names and numbers (Chinese, Arabic, all capitals) cannot tell facts apart
_MIN_NUMBERS = 5  # in both texts, before the disagreement of numbers counts
_SAME_NUMBERS = 0.85  # below it the texts fill one template with other figures ...
_SAME_WORDING = 0.85  # ... unless this much of the wording is shared (triples)
_FACTS_WORDING, _FACTS_ANCHORS = 0.60, 0.75  # triples; .72 begins to join schedules
_FACTS_JACCARD, _FACTS_LEAD = 0.30, 0.60  # .25 and .50 join round-ups with a story inside them
_LOOSE_WORDING, _LOOSE_ANCHORS, _LOOSE_JACCARD = 0.75, 0.45, 0.35  # fives: typos, changed case
_COUNTED_WORDING = 0.75  # triples, where numbers are all there is beside the words
_BARE_WORDING, _BARE_JACCARD, _BARE_LEAD, _BARE_NUMBERS = 0.85, 0.35, 0.30, 0.50

_SHOUTED = 0.5  # share of capitalised words from which capitals say nothing (title case, all caps)
_REPRINT_LENGTHS = (0.7, 1.4)  # of the lead's token count; outside: excerpt or extended

_NEW_SENTENCE = re.compile(r"[.!?:;\n\u2026\u3002\"\u201c\u201d\u201e\u00ab\u00bb]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Two texts tell the same: `score` is the share of the shorter one's triples in the other.

    `jaccard` is the share of all triples that both have.
    """

    score: float
    jaccard: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Agreement:
    """How far two texts agree, each 0 .. 1 of the shorter text where nothing else is said."""

    c3: float
    c5: float
    j3: float  # Jaccard
    lead: float  # of the first 30 fives of the longer text
    anchors: float
    numbers: float  # of the smaller set
    named: bool  # both have names to compare; numbers alone do not tell facts apart
    anchor_count: int  # of the shorter text
    number_count: int  # of the smaller set


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """The sets that are compared; `lead` are the first 30 fives of the text."""

    text_hash: bytes
    token_count: int
    triples: frozenset[int]
    fives: frozenset[int]
    lead: frozenset[int]
    names: frozenset[int]
    numbers: frozenset[int]


def features(text: str) -> Features:
    """Return what `decide` needs of `text`, which must be in its original case."""
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
        triples=_set(known.triples),
        fives=_set(known.fives),
        lead=_set(known.fives[: 4 * _LEAD]),
        names=_set(known.names),
        numbers=_set(known.numbers),
    )


def decide(a: Features, b: Features) -> Match | None:
    """Return how far two texts tell the same, or None when they do not; their order is no matter.

    Containment, not Jaccard, since copies are cut and prolonged; agreement of names and numbers
    ("anchors") tells a copy from the same template filled with other facts. Measured with
    bench/dedup.py: no shingle threshold alone reaches F1 .91 there, this rule .987.
    """
    return agreed(unpacked(a), unpacked(b))


def agreed(a: Unpacked, b: Unpacked) -> Match | None:
    """Return what `decide` returns, of texts that are unpacked."""
    if a.text_hash == b.text_hash and a.token_count >= fingerprint.MIN_TOKENS:
        return Match(score=1.0, jaccard=1.0, reason="same words in the same order")
    shorter, longer = _compared(a, b)
    shared_fives = len(shorter.fives & longer.fives)
    if shared_fives < _MIN_SHARED_FIVES:
        return None
    seen = _agreement(shorter, longer, shared_fives)
    rule = _rule(seen)
    if rule is None:
        return None
    return Match(score=seen.c3, jaccard=seen.j3, reason=f"{rule}: {_figures(seen)}")


def likeness(a: Features, b: Features) -> float:
    """Return the share of the shorter text's triples that stand in the other, 0 to 1."""
    shorter, longer = _compared(unpacked(a), unpacked(b))
    return _share(len(shorter.triples & longer.triples), len(shorter.triples))


def kind(lead: Features | Seat, member: Features | Seat, *, same_host: bool) -> Kind:
    """Return which copy of the story's lead a member of the story is.

    same_text: the same words. excerpt, extended: less than 0.7 or more than 1.4 times the
    lead's length. update: about as long, from the same host, with other numbers. reprint: any
    other.
    """
    if lead.text_hash == member.text_hash:
        return "same_text"
    least, most = _REPRINT_LENGTHS
    if member.token_count < least * lead.token_count:
        return "excerpt"
    if member.token_count > most * lead.token_count:
        return "extended"
    if same_host and _set(lead.numbers) != _set(member.numbers):
        return "update"
    return "reprint"


def _rule(seen: _Agreement) -> str | None:
    """The name of the rule by which two texts are the same, if one holds."""
    if _is_template(seen):
        return None
    if not seen.named:
        return _rule_without_names(seen)
    if seen.anchor_count < _MIN_ANCHORS:
        return "words alone" if _same_words(seen) else None
    if _same_facts(seen):
        return "same facts"
    return "same wording" if _same_wording(seen) else None


def _rule_without_names(seen: _Agreement) -> str | None:
    """Chinese, Arabic, capitals throughout: numbers tell facts apart, but less than names do."""
    if _same_words(seen):
        return "words alone"
    return "same numbers" if _same_numbers(seen) else None


def _is_template(seen: _Agreement) -> bool:
    """One wording filled with other figures: results, weather, prices."""
    return (
        seen.number_count >= _MIN_NUMBERS
        and seen.numbers < _SAME_NUMBERS
        and seen.c3 < _SAME_WORDING
    )


def _same_facts(seen: _Agreement) -> bool:
    return (
        seen.c3 >= _FACTS_WORDING
        and seen.anchors >= _FACTS_ANCHORS
        and (seen.j3 >= _FACTS_JACCARD or seen.lead >= _FACTS_LEAD)
    )


def _same_wording(seen: _Agreement) -> bool:
    return (
        seen.c5 >= _LOOSE_WORDING and seen.anchors >= _LOOSE_ANCHORS and seen.j3 >= _LOOSE_JACCARD
    )


def _same_numbers(seen: _Agreement) -> bool:
    return (
        seen.anchor_count >= _MIN_ANCHORS
        and seen.c3 >= _COUNTED_WORDING
        and seen.anchors >= _SAME_NUMBERS
        and (seen.j3 >= _FACTS_JACCARD or seen.lead >= _FACTS_LEAD)
    )


def _same_words(seen: _Agreement) -> bool:
    return (
        seen.c5 >= _BARE_WORDING
        and (seen.j3 >= _BARE_JACCARD or seen.lead >= _BARE_LEAD)
        and seen.numbers >= _BARE_NUMBERS
    )


def _figures(seen: _Agreement) -> str:
    return (
        f"triples {seen.c3:.2f}, fives {seen.c5:.2f}, jaccard {seen.j3:.2f}, lead {seen.lead:.2f},"
        f" anchors {seen.anchors:.2f} of {seen.anchor_count},"
        f" numbers {seen.numbers:.2f} of {seen.number_count}"
    )


def _agreement(shorter: Unpacked, longer: Unpacked, shared_fives: int) -> _Agreement:
    shared = len(shorter.triples & longer.triples)
    numbers, other_numbers = shorter.numbers, longer.numbers
    anchors, other_anchors = numbers, other_numbers
    named = bool(shorter.names and longer.names)  # a copy in capitals has none to compare
    if named:
        anchors, other_anchors = numbers | shorter.names, other_numbers | longer.names
    fewer = min(len(numbers), len(other_numbers))
    return _Agreement(
        c3=_share(shared, len(shorter.triples)),
        c5=_share(shared_fives, len(shorter.fives)),
        j3=_share(shared, len(shorter.triples) + len(longer.triples) - shared),
        lead=_share(len(longer.lead & shorter.fives), len(longer.lead)),
        anchors=_share(len(anchors & other_anchors), len(anchors)),
        numbers=_share(len(numbers & other_numbers), fewer) if fewer else 1.0,
        named=named,
        anchor_count=len(anchors),
        number_count=fewer,
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


def _compared(a: Unpacked, b: Unpacked) -> tuple[Unpacked, Unpacked]:
    """The shorter and the longer text, with those shingles of the shorter that the longer keeps."""
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


def _set(packed: bytes) -> frozenset[int]:
    return frozenset(memoryview(packed).cast("I"))


def _length(text: Unpacked) -> tuple[int, bytes]:
    return text.token_count, text.text_hash


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
