"""What makes two texts one story, and which copy one is of the other. All texts are invented."""

from __future__ import annotations

import pickle
import random
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stories import fingerprint
from pipeline.stories.dedupe import decide, kind, likeness
from pipeline.stories.shingles import of as features

if TYPE_CHECKING:
    from collections.abc import Callable

FERRY = """The night ferry from Port Alder ran aground off Skerry Point early on Tuesday with 212
people aboard, the coast guard said. A pilot boat reached the Maid of Alder after 40 minutes and
took off the children first. Captain Ruth Osgood told the station that fog had closed in without
warning near the Brennan light.

Divers from the town of Kelby looked at the hull and found a tear of about 6 metres below the
waterline. The harbour master, Piet Lund, closed the channel to all traffic until Thursday. No
oil was seen on the water, and the 3 people taken to the Kelby clinic were well by noon.

The line, which runs 14 crossings a week between Port Alder and Inch Sound, said passengers would
travel by bus over the Tarn bridge. The regulator opened an inquiry and asked for the logs of
the past 30 days. It is the second grounding at Skerry Point since 2019, when the Ellen Rose
lost a rudder on the same rocks."""

BUDGET = """Councillors in Marlow Heath voted 9 to 6 on Monday to raise parking charges from the
first of June. Treasurer Odile Karr said the town was short of 480 thousand crowns after the
collapse of the Vale Road works. Shopkeepers on Castle Street carried empty baskets into the
chamber, and the session stopped twice. A petition of 3,100 names asks for a free first hour.
The opposition leader, Tomas Brandt, called the vote a tax on bread and promised to bring it back
before the Easter recess. The charges have not changed since 2014."""

WEATHER = """Forecast for {town}: the {town} office expects a high of {high} degrees and a low of {low}
degrees on {day}, with winds of {wind} kilometres an hour from the {side}. Rain of {rain} millimetres
is likely before noon and the chance of thunder is {odds} per cent. The sun rises at 6 and sets at {dusk}.
Drivers on the {road} road should expect delays, the {town} office said in its bulletin."""

PARAGRAPHS = FERRY.split("\n\n")


def swap(text: str, **words: str) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def misspelt(text: str, every: int) -> str:
    words = text.split(" ")
    return " ".join(w[::-1] if n % every == 0 else w for n, w in enumerate(words))


def weather(town: str, *figures: int, day: str, side: str, road: str) -> str:
    names = ("high", "low", "wind", "rain", "odds", "dusk")
    return WEATHER.format(
        town=town, day=day, side=side, road=road, **dict(zip(names, figures, strict=True))
    )


LONGER = f"{BUDGET}\n\n{BUDGET.replace(' ', ' so ')}"

SAME = [
    ("copy", FERRY),
    ("other-dress", FERRY.replace("\n", " ").replace(" 2", "\u00a02")),
    ("headline-and-byline", f"FERRY AGROUND\nBy Jo Marsh, Herald staff\n{FERRY}"),
    (
        "footer",
        f"{FERRY}\n\nSign up for our letter. All rights reserved. Share this story with a friend.",
    ),
    ("first-paragraph", PARAGRAPHS[0]),
    ("first-half", "\n\n".join(PARAGRAPHS[:2])),
    ("middle-cut", "\n\n".join([PARAGRAPHS[0], PARAGRAPHS[2]])),
    ("reordered", "\n\n".join([PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[1]])),
    ("prolonged", f"{FERRY}\n\n{BUDGET}"),
    ("new-text-in-front", f"{BUDGET}\n\n{FERRY}"),
    ("typos", misspelt(FERRY, every=30)),
    ("synonyms", swap(FERRY, early="soon", looked="peered", closed="shut", seen="found")),
    ("without-case", FERRY.lower()),
    ("shouted", FERRY.upper()),
    ("one-figure-corrected", FERRY.replace("212", "208")),
]

OTHER = [
    ("another-story", BUDGET),
    ("empty", ""),
    ("one-sentence-in-common", f"{BUDGET}\n{FERRY[:90]}"),
    ("background-in-common", f"{LONGER}\n{PARAGRAPHS[2]}\n{LONGER}"),
    ("round-up-with-a-piece", f"{LONGER}\n{PARAGRAPHS[1]}\n{LONGER.upper()}"),
    ("same-words-other-order", " ".join(sorted(FERRY.split()))),
]


@pytest.mark.parametrize("text", [row[1] for row in SAME], ids=[row[0] for row in SAME])
def test_copies_match_however_they_were_edited(text: str) -> None:
    match = decide(features(FERRY), features(text))
    assert match is not None
    assert 0.6 <= match.score <= 1.0


@pytest.mark.parametrize("text", [row[1] for row in OTHER], ids=[row[0] for row in OTHER])
def test_other_texts_do_not_match(text: str) -> None:
    assert decide(features(FERRY), features(text)) is None


def test_template_with_other_facts_does_not_match() -> None:
    monday = weather("Kelby", 21, 12, 30, 4, 35, 8, day="Monday", side="north", road="Tarn")
    friday = weather("Alder", 17, 9, 55, 11, 80, 7, day="Friday", side="south", road="Vale")
    assert decide(features(monday), features(friday)) is None
    assert decide(features(monday), features(monday.upper()))


RESULTS = """In the Tarn League the club of Port Alder met Kelby Rovers at Marlow Park on Sunday before {}
people. For Alder Osgood, Lund and Karr scored {}, {} and {} points, for Kelby Brandt and Rose had {}
each. Coach Piet Mora praised Ellen Vale and Tomas Heath, and said the cup of Skerry was open."""


def test_other_figures_alone_split_a_template() -> None:
    # all names agree and no number does: 21 of 26 anchors, and triples between .60 and .85
    one = features(RESULTS.format(2100, 31, 14, 9, 11))
    other = features(RESULTS.format(1850, 22, 17, 13, 8))
    assert decide(one, other) is None
    corrected = features(RESULTS.format(2100, 31, 14, 9, 12))
    assert decide(one, corrected)


@pytest.mark.parametrize("text", ["", "Read more", "Ann and Bob met Eve in Kelby on Monday"])
def test_a_few_words_are_never_a_story(text: str) -> None:
    assert decide(features(text), features(text)) is None
    assert decide(features(text), features(f"{text} {FERRY}")) is None


def test_same_words_need_no_figures() -> None:
    match = decide(features(FERRY), features(FERRY.upper()))
    assert match is not None
    assert match.score == 1.0
    assert match.reason == "same words in the same order"


def test_scripts_without_capitals_match_by_words_alone() -> None:
    chinese = "昨夜大风吹倒了旧桥旁的三棵树,市长说清理工作需要两天,学校今天停课,居民可以乘渡船过河去镇上买菜。"
    match = decide(features(chinese), features(chinese[:-12] + "。"))
    assert match is not None
    assert match.reason.startswith("words alone")
    other = "议会昨天通过了新的预算,停车费从六月起上涨,店主们反对,反对党说下个月再次投票,财政官没有回答。"
    assert decide(features(chinese), features(other)) is None


def test_score_is_the_share_of_the_shorter_text() -> None:
    match = decide(features(PARAGRAPHS[0]), features(FERRY))
    assert match is not None
    assert match.score == 1.0
    assert match.reason.startswith("same facts: triples 1.00")


def test_copy_that_lost_half_its_names_matches_by_wording() -> None:
    # of 18 names 7 are left: with the 7 numbers 14 of 25 anchors, too few for "same facts"
    names = {name.lower(): name for name in ("Port Alder", "Kelby", "Skerry Point", "Ruth Osgood")}
    match = decide(features(FERRY), features(swap(FERRY.lower(), **names) + " It has 5 boats."))
    assert match is not None
    assert match.reason.startswith("same wording")
    assert "anchors 0.56 of 25" in match.reason


@pytest.mark.parametrize("recase", [str.upper, str.lower])
def test_longer_copy_without_case_is_held_against_the_numbers(recase: Callable[[str], str]) -> None:
    match = decide(features(FERRY), features(recase(f"{FERRY} The line has 5 boats.")))
    assert match is not None
    assert "of 7, numbers 1.00" in match.reason


@given(
    st.sampled_from([row[1] for row in SAME + OTHER]),
    st.sampled_from([row[1] for row in SAME + OTHER]),
)
def test_order_of_the_two_never_matters(one: str, other: str) -> None:
    assert decide(features(one), features(other)) == decide(features(other), features(one))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_are_decided(one: str, other: str) -> None:
    match = decide(features(one), features(other))
    assert match is None or 0 < match.score <= 1


def test_features_are_small_pickle_and_agree_with_the_fingerprint() -> None:
    known = features(FERRY)
    mark = fingerprint.of(FERRY)
    assert (known.text_hash, known.token_count) == (mark.text_hash, mark.token_count)
    assert pickle.loads(pickle.dumps(known)) == known  # noqa: S301 - own bytes
    # two 4-byte hashes a word, and a few more for names and numbers
    assert len(pickle.dumps(known)) < 10 * known.token_count + 500


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param(
            "Yesterday Ann met Bob in Kelby by the river. They left soon after.",
            3,
            id="inside-the-sentence",
        ),
        pytest.param("It rained.\nKelby flooded", 0, id="a-line-opens-a-sentence"),
        pytest.param("he said: “Rain in Kelby”", 1, id="a-quote-opens-a-sentence"),
        pytest.param("THE MAYOR OF KELBY RESIGNED", 0, id="shouting-names-nobody"),
        pytest.param("The Mayor Of Kelby", 0, id="title-case-names-nobody"),
        pytest.param("so Ann and ann met Ann again", 1, id="each-name-once"),
        pytest.param("", 0, id="empty"),
    ],
)
def test_names_are_capitalised_words_inside_sentences(text: str, count: int) -> None:
    assert len(features(text).names) == 4 * count


def test_numbers_are_words_that_start_with_a_digit() -> None:
    assert len(features("12 of 1,200 at 3pm, v2 and 12 more").numbers) == 4 * 3


@pytest.mark.parametrize(
    ("member", "same_host", "wanted"),
    [
        pytest.param(FERRY, False, "same_text", id="same-text"),
        pytest.param(FERRY.upper(), True, "same_text", id="same-words"),
        pytest.param(f"{FERRY} Read more.", False, "reprint", id="reprint"),
        pytest.param(PARAGRAPHS[0], True, "excerpt", id="excerpt"),
        pytest.param(f"{FERRY}\n{BUDGET}", True, "extended", id="extended"),
        pytest.param(FERRY.replace("212", "208"), True, "update", id="update-of-the-host"),
        pytest.param(FERRY.replace("212", "208"), False, "reprint", id="other-host-reprints"),
        pytest.param(FERRY.replace("fog", "mist"), True, "reprint", id="same-figures-no-update"),
    ],
)
def test_kind_says_which_copy_it_is(member: str, same_host: bool, wanted: str) -> None:  # noqa: FBT001 - a table
    assert kind(features(FERRY), features(member), same_host=same_host) == wanted


@pytest.mark.parametrize(
    ("lead", "member", "wanted"),
    [(100, 69, "excerpt"), (100, 70, "reprint"), (100, 140, "reprint"), (100, 141, "extended")],
)
def test_lengths_tell_excerpts_and_extensions(lead: int, member: int, wanted: str) -> None:
    known = [
        replace(features(FERRY), text_hash=bytes([count]), token_count=count)
        for count in (lead, member)
    ]
    assert kind(known[0], known[1], same_host=True) == wanted


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        pytest.param(FERRY, FERRY, 1.0, id="itself"),
        pytest.param(PARAGRAPHS[0], FERRY, 1.0, id="a-part"),
        pytest.param(FERRY, BUDGET, 0.0, id="another"),
        pytest.param("", FERRY, 0.0, id="nothing"),
    ],
)
def test_likeness_is_the_share_of_the_shorter_text(one: str, other: str, share: float) -> None:
    assert likeness(features(one), features(other)) == share
    assert likeness(features(other), features(one)) == share


def test_figures_stand_in_the_reason() -> None:
    match = decide(features(FERRY), features(PARAGRAPHS[0]))
    assert match is not None
    for figure in ("triples", "fives", "jaccard", "lead", "anchors", "numbers"):
        assert figure in match.reason


@cache
def long_text(seed: int, count: int) -> str:
    """The first words of an endless invented text, with a name in ten and a number in twelve."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    words = ("".join(draw.choices("abdefgiklmnoprstu", k=6)) for _ in range(count))
    return " ".join(
        word.title() if n % 10 == 3 else str(draw.randrange(10**5)) if n % 12 == 5 else word
        for n, word in enumerate(words)
    )


def test_no_text_is_kept_with_more_than_so_many_shingles() -> None:
    for count in (8_192, 8_193, 40_000):
        known = features(long_text(1, count))
        assert known.token_count == count
        assert 4_000 < len(known.triples) / 4 <= 8_192
        assert 4_000 < len(known.fives) / 4 <= 8_192


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(long_text(1, 9_000), long_text(1, 9_000) + " so", True, id="giant-and-copy"),
        pytest.param(long_text(1, 40_000), long_text(2, 40_000), False, id="two-giants"),
        pytest.param(
            long_text(1, 40_000), long_text(1, 5_000), True, id="whole-and-beginning-kept-whole"
        ),
        pytest.param(
            long_text(1, 40_000), long_text(1, 12_000), True, id="two-that-are-thinned-unlike"
        ),
        pytest.param(
            long_text(1, 40_000),
            long_text(1, 2_000) + " " + long_text(2, 5_000),
            False,
            id="a-part",
        ),
    ],
)
def test_long_texts_are_held_against_each_other(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a table
    match = decide(features(one), features(other))
    assert (match is not None) == same
    if match:
        assert match.score > 0.95
