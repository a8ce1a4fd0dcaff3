"""The list of tracking parameters, as data."""

from __future__ import annotations

from importlib.resources import files

import pytest

from pipeline.urls import tracking

LINES = [
    line
    for line in files("pipeline.urls").joinpath("tracking.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_every_line_is_a_key_and_lower_case_names() -> None:
    for line in LINES:
        key, colon, names = line.partition(":")
        assert colon
        assert key == key.strip().lower()
        assert names.split()
        assert names == names.lower()


@pytest.mark.parametrize(
    "name", ["ref", "cid", "feed", "source", "campaign", "sid", "partner", "id", "p"]
)
def test_names_that_carry_articles_are_dropped_nowhere_by_name(name: str) -> None:
    everywhere = [line.split() for line in LINES if line.startswith("everywhere:")]
    assert all(name not in words for words in everywhere)
    assert tracking.without([(name, "bridge-17")], "example.org") == [(name, "bridge-17")]


@pytest.mark.parametrize(
    ("pairs", "kept"),
    [
        pytest.param([("utm_source", "x"), ("id", "5")], [("id", "5")], id="prefix"),
        pytest.param([("FBCLID", "x")], [], id="case"),
        pytest.param([("ref", "RSS-Feed")], [], id="value-of-two-channels"),
        pytest.param([("ref", "")], [("ref", "")], id="no-value-no-channel"),
        pytest.param([("print", "true")], [], id="name-with-value"),
        pytest.param([("print", "17")], [("print", "17")], id="name-with-other-value"),
        pytest.param([("a", "1"), ("sid", "ab" * 16)], [("a", "1")], id="session"),
        pytest.param([("sid", "ab" * 16)], [("sid", "ab" * 16)], id="session-like-id-alone"),
        pytest.param(
            [("sid", "ab" * 16), ("s", "cd" * 16)],
            [("sid", "ab" * 16), ("s", "cd" * 16)],
            id="only-session-like",
        ),
    ],
)
def test_what_may_name_the_article_is_kept(
    pairs: list[tuple[str, str]], kept: list[tuple[str, str]]
) -> None:
    assert tracking.without(pairs, "example.org") == kept


def test_rule_of_a_site_holds_there_and_below_only() -> None:
    pair = ("mod", "rss_us_news")
    assert tracking.without([pair], "wsj.com") == []
    assert tracking.without([pair], "blogs.wsj.com") == []
    assert tracking.without([pair], "example.org") == [pair]
