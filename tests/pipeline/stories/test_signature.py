"""What is kept of a text: its fingerprint and its features, of the same words."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stories import fingerprint, shingles, signature

PIER = """The pier at Norhaven is open again after a winter of repairs. Mayor Ana Reyes cut the
ribbon on Monday and walked to its end with 14 builders, who had replaced 212 beams since October."""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("Pier closed.", id="short"),
        pytest.param(PIER, id="english"),
        pytest.param(
            "渡口今天重新开放船票三元居民排队等候直到傍晚才散去许多人带着孩子", id="chinese"
        ),
    ],
)
def test_signature_is_fingerprint_and_features_of_the_text(text: str) -> None:
    found = signature.of(text)
    assert found.fingerprint == fingerprint.of(text)
    assert found.features == shingles.of(text)


@given(st.text())
def test_both_parts_are_of_the_same_words(text: str) -> None:
    found = signature.of(text)
    assert found.fingerprint.text_hash == found.features.text_hash
    assert found.fingerprint.token_count == found.features.token_count


def test_capitals_count_for_the_features_only() -> None:
    written, shouted = signature.of(PIER), signature.of(PIER.upper())
    assert written.fingerprint == shouted.fingerprint
    assert written.features.names != shouted.features.names


def test_signature_comes_through_a_pickle_as_it_was() -> None:
    found = signature.of(PIER)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - made on the line itself
