from __future__ import annotations

import pytest

from pipeline.feeds.subscriptions import feed_kinds


def _kind(written: str) -> str | None:
    if written.startswith("http"):
        return feed_kinds.kind(written)
    return feed_kinds.kind("https://blog.example/feed", written)


@pytest.mark.parametrize("kind", list(feed_kinds.WORDS))
def test_words_match_their_examples_and_not_their_near_misses(kind: str) -> None:
    words = feed_kinds.WORDS[kind]
    assert {_kind(one) for one in words["example"]} == {kind}
    assert {_kind(one) for one in words["near_miss"]} == {None}


@pytest.mark.parametrize("kind", list(feed_kinds.WORDS))
def test_each_word_alone_is_enough(kind: str) -> None:
    words = feed_kinds.WORDS[kind]
    assert {_kind(f"Blog » {one.title()}") for one in words["titles"]} == {kind}
    assert {_kind(f"https://blog.example/a/{one}/b") for one in words["paths"]} == {kind}
