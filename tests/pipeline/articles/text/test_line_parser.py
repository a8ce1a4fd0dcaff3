"""blocks: which lines of a page are an article's."""

from __future__ import annotations

import pytest

from pipeline.articles.text import line_parser

FIRST = "The council voted on Tuesday to rebuild the wall."
LAST = "Work starts in late spring, said the mayor."


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        (FIRST, True),
        ('"It will never be finished in time," he said.', True),
        ("许多人已经等了五年之久。", True),
        ("许多人已经等了五年之久老城区的小店重新有了客人沿江居民表示欢迎", True),
        ("x" * line_parser.PROSE_LINE, True),
        ("A line without an end, of words that could be a headline", False),
        ("All rights.", False),
        ("Home", False),
        ("首页", False),
    ],
)
def test_prose_is_long_or_a_sentence(line: str, *, prose: bool) -> None:
    assert line_parser.is_prose(line) is prose


@pytest.mark.parametrize(
    ("lines", "heading", "expected"),
    [
        pytest.param(
            ["Menu", FIRST, "Who pays", LAST, "Share"],
            None,
            [FIRST, "Who pays", LAST],
            id="between two lines of prose",
        ),
        pytest.param(
            [FIRST, *["x"] * (line_parser.LONGEST_GAP + 1), LAST], None, [FIRST, LAST], id="a table"
        ),
        pytest.param(
            ["We use small files called cookies here.", "Pier", FIRST, LAST],
            1,
            [FIRST, LAST],
            id="above the headline",
        ),
        pytest.param([FIRST, LAST, "More"], 2, [FIRST, LAST], id="the headline is not theirs"),
        pytest.param(["Home", "News"], 0, [], id="none"),
    ],
)
def test_prose_of_a_page_begins_at_its_headline(
    lines: list[str], heading: int | None, expected: list[str]
) -> None:
    assert line_parser.prose(lines, heading) == expected
