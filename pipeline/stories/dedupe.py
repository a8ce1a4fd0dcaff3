"""Whether two texts tell the same, and which kind of copy one is of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.stories import fingerprint, shingles

if TYPE_CHECKING:
    from pipeline.model import Features, StoryMember
    from pipeline.stories.shingles import Unpacked

Kind = Literal["same_text", "reprint", "excerpt", "extended", "update"]

# The thresholds of the decision, found on 3,554 labelled texts (bench/dedup.py) and checked on
# labelled newswire pairs. Shares are of the shorter text, 0 .. 1.
_MIN_SHARED_FIVES = 6
_MIN_ANCHORS = 3  # fewer names and numbers (Chinese, Arabic, all capitals) cannot tell facts apart
_MIN_NUMBERS = 4  # in both texts, before the disagreement of numbers counts
_SAME_NUMBERS = 0.85  # below it the texts fill one template with other figures ...
_SAME_WORDING = 0.80  # ... unless this much of the wording is shared (triples)
# One form filled in twice: what one text lacks of the other is hardly more than its own names and
# numbers, here and there. A fact that stands alone is in three triples, one beside a changed word
# in five; more than twelve in a row are a paragraph or the furniture of another page.
_FORM_TRIPLES = 4  # lost for each own fact, at most, where a name and numbers differ
_LOOSE_FORM_TRIPLES, _LOOSE_FORM_NUMBERS, _LOOSE_FORM_COUNT = 8, 0.50, 2  # where most numbers do
_FORM_GAP, _FORM_GAPS, _FORM_SCATTERED = 12, 3, 0.90  # triples; gaps; share of the lost in such
_FACTS_WORDING, _FACTS_ANCHORS = 0.62, 0.75  # triples; .59 joins texts with one background
_FEW_ANCHORS, _FEW_WORDING = 8, 0.75  # so few agree by chance in menus and forecasts
_FACTS_JACCARD, _FACTS_LEAD = 0.33, 0.63  # .27 and .51 join round-ups with a story inside them
_LOOSE_WORDING, _LOOSE_ANCHORS, _LOOSE_JACCARD = 0.75, 0.45, 0.35  # fives: typos, changed case ...
_LOOSE_NUMBERS = 0.60  # ... lose names, hardly numbers
_COUNTED_WORDING = 0.75  # triples, where numbers are all there is beside the words
_BARE_WORDING, _BARE_JACCARD, _BARE_LEAD, _BARE_NUMBERS = 0.87, 0.35, 0.30, 0.70

_REPRINT_LENGTHS = (0.7, 1.4)  # of the lead's token count; outside: excerpt or extended


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
    lost: float  # triples of the shorter text that the longer one has not
    own_names: int  # names of the shorter text that the longer one has not
    own_facts: int  # names and numbers of that kind


def decide(a: Features, b: Features) -> Match | None:
    """Return how far two texts tell the same, or None when they do not; their order is no matter.

    Containment, not Jaccard, since copies are cut and prolonged; agreement of names and numbers
    ("anchors") tells a copy from the same template filled with other facts. Measured with
    bench/dedup.py: no shingle threshold alone reaches F1 .91 there, this rule .987.
    """
    return agreed(shingles.unpacked(a), shingles.unpacked(b))


def agreed(a: Unpacked, b: Unpacked) -> Match | None:
    """Return what `decide` returns, of texts that are unpacked."""
    if a.text_hash == b.text_hash and a.token_count >= fingerprint.MIN_TOKENS:
        return Match(score=1.0, jaccard=1.0, reason="same words in the same order")
    shorter, longer = shingles.compared(a, b)
    shared_fives = len(shorter.fives & longer.fives)
    if shared_fives < _MIN_SHARED_FIVES:
        return None
    seen = _agreement(shorter, longer, shared_fives)
    rule = _rule(seen)
    if rule is None or (_may_be_form(seen) and _is_scattered(shingles.gaps(shorter, longer))):
        return None
    return Match(score=seen.c3, jaccard=seen.j3, reason=f"{rule}: {_figures(seen)}")


def likeness(a: Features, b: Features) -> float:
    """Return the share of the shorter text's triples that stand in the other, 0 to 1."""
    shorter, longer = shingles.compared(shingles.unpacked(a), shingles.unpacked(b))
    return _share(len(shorter.triples & longer.triples), len(shorter.triples))


def kind(lead: Features | StoryMember, member: Features | StoryMember, *, same_host: bool) -> Kind:
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
    if same_host and shingles.as_set(lead.numbers) != shingles.as_set(member.numbers):
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


def _may_be_form(seen: _Agreement) -> bool:
    """One form with other names and numbers: draws, appeals, bulletins, however long its text."""
    if not seen.number_count:
        return False
    if seen.numbers < _LOOSE_FORM_NUMBERS and seen.lost <= _LOOSE_FORM_TRIPLES * seen.own_facts:
        return seen.own_names > 0 or seen.number_count >= _LOOSE_FORM_COUNT
    return (
        seen.own_names > 0
        and seen.numbers < _SAME_NUMBERS
        and seen.lost <= _FORM_TRIPLES * seen.own_facts
    )


def _is_scattered(gaps: list[int]) -> bool:
    short = sum(gap for gap in gaps if gap <= _FORM_GAP)
    return len(gaps) >= _FORM_GAPS and short >= _FORM_SCATTERED * sum(gaps)


def _same_facts(seen: _Agreement) -> bool:
    return (
        seen.c3 >= (_FEW_WORDING if seen.anchor_count < _FEW_ANCHORS else _FACTS_WORDING)
        and seen.anchors >= _FACTS_ANCHORS
        and (seen.j3 >= _FACTS_JACCARD or seen.lead >= _FACTS_LEAD)
    )


def _same_wording(seen: _Agreement) -> bool:
    return (
        seen.c5 >= _LOOSE_WORDING
        and seen.anchors >= _LOOSE_ANCHORS
        and seen.j3 >= _LOOSE_JACCARD
        and seen.numbers >= _LOOSE_NUMBERS
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
    c3 = _share(shared, len(shorter.triples))
    return _Agreement(
        c3=c3,
        c5=_share(shared_fives, len(shorter.fives)),
        j3=_share(shared, len(shorter.triples) + len(longer.triples) - shared),
        lead=_share(len(longer.lead & shorter.fives), len(longer.lead)),
        anchors=_share(len(anchors & other_anchors), len(anchors)),
        numbers=_share(len(numbers & other_numbers), fewer) if fewer else 1.0,
        named=named,
        anchor_count=len(anchors),
        number_count=fewer,
        lost=(1 - c3) * shorter.token_count,  # of long texts not every triple is kept
        own_names=len(shorter.names - longer.names) if named else 0,
        own_facts=len(anchors - other_anchors),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
