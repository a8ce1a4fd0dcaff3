"""The words of a text and the hashes that find it again."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stories import fingerprint

WORDS = [f"word{number}" for number in range(400)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("The Mayor said so.", ["the", "mayor", "said", "so"], id="case-and-marks"),
        pytest.param("don't DON\u2019T dont", ["dont", "dont", "dont"], id="apostrophes"),
        pytest.param(
            "'quoted' rock 'n' roll", ["quoted", "rock", "n", "roll"], id="quotes-are-not"
        ),
        pytest.param("café cafe\u0301 CAFE", ["cafe"] * 3, id="accents"),
        pytest.param("Straße STRASSE", ["strasse", "strasse"], id="case-fold"),
        pytest.param("1,250 1.250 1\u00a0250 1\u2019250 1250", ["1250"] * 5, id="digit-groups"),
        pytest.param("12,345,678", ["12345678"], id="two-groups"),
        pytest.param("3.5 and 10.25", ["3", "5", "and", "10", "25"], id="fractions-are-not-groups"),
        pytest.param("in 2026 300 left", ["in", "2026", "300", "left"], id="plain-space-parts"),
        pytest.param("well-known, e-mail", ["well", "known", "e", "mail"], id="hyphens"),
        pytest.param("snake_case", ["snake", "case"], id="underscore"),
        pytest.param("\ufb01ne \uff37ide", ["fine", "wide"], id="compatibility-forms"),
        pytest.param("新闻 2026年", ["新", "闻", "2026", "年"], id="chinese"),
        pytest.param("ガス", ["カ", "ス"], id="kana-without-voicing"),
        pytest.param("новость дня", ["новость", "дня"], id="cyrillic"),
        pytest.param(" \n ... !", [], id="no-words"),
    ],
)
def test_spelling_variants_give_the_same_words(text: str, words: list[str]) -> None:
    assert fingerprint.tokens(text) == words


def test_same_words_in_another_dress_have_one_hash() -> None:
    plain = fingerprint.of("Ann's café sold 1,200 cakes.")
    dressed = fingerprint.of("ANN\u2019S\n\nCafe\u0301 sold “1200” cakes!")
    assert plain == dressed
    assert len(plain.text_hash) == 32
    assert plain.token_count == 5


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("Ann's café sold 1,300 cakes.", id="another-number"),
        pytest.param("Café Ann's sold 1,200 cakes.", id="another-order"),
        pytest.param("Ann's café sold 1,200.", id="a-word-less"),
    ],
)
def test_other_words_have_another_hash(other: str) -> None:
    assert (
        fingerprint.of(other).text_hash != fingerprint.of("Ann's café sold 1,200 cakes.").text_hash
    )


@pytest.mark.parametrize(("count", "found"), [(0, False), (24, False), (25, True), (26, True)])
def test_only_texts_of_25_tokens_can_be_found(count: int, found: bool) -> None:  # noqa: FBT001 - a table
    assert bool(fingerprint.of(" ".join(WORDS[:count])).hashes) is found


def test_hashes_are_few_ascending_and_fit_a_bigint() -> None:
    hashes = fingerprint.of(" ".join(WORDS)).hashes
    # winnowing keeps 2 / (window + 1) of the 396 shingles on average, at least one a window
    assert 396 // 16 <= len(hashes) <= 80
    assert list(hashes) == sorted(set(hashes))
    assert all(-(2**63) <= value < 2**63 for value in hashes)
    assert min(hashes) < 0


def test_hashes_are_the_same_in_another_process() -> None:
    code = (
        "from pipeline.stories import fingerprint;"
        "print(fingerprint.of(' '.join(f'word{n}' for n in range(400))).hashes)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - own code
    assert done.stdout.strip() == str(fingerprint.of(" ".join(WORDS)).hashes)


@given(st.integers(0, 360), st.integers(0, 40), st.integers(0, 40))
def test_twenty_common_words_in_a_row_share_a_hash(start: int, before: int, after: int) -> None:
    # 16 shingles of 5 tokens span 20 tokens: the winnowing guarantee
    passage = WORDS[start : start + 20]
    one = fingerprint.of(" ".join([*(f"a{n}" for n in range(before + 5)), *passage]))
    other = fingerprint.of(" ".join([*passage, *(f"b{n}" for n in range(after + 5))]))
    assert set(one.hashes) & set(other.hashes)


def test_unrelated_texts_share_no_hash() -> None:
    one = fingerprint.of(" ".join(WORDS[:200]))
    other = fingerprint.of(" ".join(WORDS[200:]))
    assert not set(one.hashes) & set(other.hashes)


def test_very_long_texts_keep_1024_hashes_and_still_meet() -> None:
    long = [f"w{number}" for number in range(40_000)]
    one, other = fingerprint.of(" ".join(long)), fingerprint.of(" ".join(long[2000:]))
    assert len(one.hashes) == len(other.hashes) == 1024
    assert len(set(one.hashes) & set(other.hashes)) > 900


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint(text: str) -> None:
    mark = fingerprint.of(text)
    assert mark.token_count == len(fingerprint.tokens(text))


def test_a_lone_surrogate_is_taken() -> None:
    assert fingerprint.of("a \ud800 b").token_count >= 2
