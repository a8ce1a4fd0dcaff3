"""What changed between two texts: headline, description, paragraphs, words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jobs import text_diff
from jobs.commands import revisions
from jobs.text_diff import Change, Version

SEEN = datetime(2026, 3, 2, 8, tzinfo=UTC)
LINES = [f"Paragraph {n} of the report speaks of pier number {n} and its keeper." for n in range(9)]
OLD = Version(
    article_id=7,
    revision=1,
    seen_at=SEEN,
    change_kind="first",
    title="Pier opens",
    description="Late, but open.",
    text="\n".join(LINES),
)
NEW = replace(OLD, revision=2, change_kind="substantive")


def _changed(**fields: str | None) -> list[Change]:
    return text_diff.changes(OLD, replace(NEW, **fields))  # type: ignore[arg-type]


def _signs(lines: list[str]) -> str:
    return "".join(change.sign for change in _changed(text="\n".join(lines)))


def test_same_text_has_no_change() -> None:
    assert text_diff.changes(OLD, NEW) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param("Pier closes", "~", id="another"),
        pytest.param(None, "-", id="none any more"),
    ],
)
def test_headline_and_description_are_compared_too(new: str | None, expected: str) -> None:
    (title,) = _changed(title=new)
    assert (title.part, title.sign, title.old, title.new) == ("title", expected, "Pier opens", new)
    (description,) = _changed(description=new)
    assert (description.part, description.sign) == ("description", expected)


def test_headline_that_was_missing_came() -> None:
    (change,) = text_diff.changes(replace(OLD, title=None), NEW)
    assert (change.part, change.sign, change.new) == ("title", "+", "Pier opens")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([*LINES[:4], LINES[4] + " It rained.", *LINES[5:]], "=~=", id="changed"),
        pytest.param([*LINES[:4], "Rain fell.", *LINES[4:]], "=+=", id="came"),
        pytest.param([*LINES[:4], *LINES[5:]], "=-=", id="went"),
        pytest.param([*LINES[:4], "Rain fell at last.", *LINES[5:]], "=-+=", id="replaced"),
        pytest.param(["Rain fell.", *LINES], "+=", id="at the top"),
        pytest.param([*LINES, "Rain fell."], "=+", id="at the end"),
        pytest.param(
            ["Rain.", *LINES, "Snow."], "+==+", id="what is far from a change is left out"
        ),
    ],
)
def test_paragraphs_are_told_apart(lines: list[str], expected: str) -> None:
    assert _signs(lines) == expected


def test_paragraphs_are_numbered_in_the_text_that_has_them() -> None:
    changes = _changed(text="\n".join([*LINES[:2], "Rain fell at last.", *LINES[3:]]))
    assert [(c.sign, c.paragraph) for c in changes] == [("=", 2), ("-", 3), ("+", 3), ("=", 4)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "cost 9 million.",
            "cost 12 million.",
            [("=", "cost "), ("-", "9"), ("+", "12"), ("=", " million.")],
            id="a figure",
        ),
        pytest.param(
            "the old pier",
            "the pier",
            [("=", "the "), ("-", "old "), ("=", "pier")],
            id="a word less",
        ),
        pytest.param("", "new", [("+", "new")], id="nothing before"),
        pytest.param("same", "same", [("=", "same")], id="the same"),
    ],
)
def test_words_are_told_apart(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert text_diff.words(old, new) == expected


def test_pieces_give_back_both_texts() -> None:
    old, new = LINES[1], LINES[2] + " And more."
    pieces = text_diff.words(old, new)
    assert "".join(piece for sign, piece in pieces if sign != "+") == old
    assert "".join(piece for sign, piece in pieces if sign != "-") == new


def test_giant_paragraph_is_compared_whole() -> None:
    old, new = "word " * 5000, "term " * 5000
    assert text_diff.words(old, new) == [("-", old), ("+", new)]


def test_pipe_gets_the_lines_of_a_unified_diff() -> None:
    new = replace(NEW, title="Pier closes", text="\n".join([*LINES[:2], "Rain fell.", *LINES[3:]]))
    assert list(revisions.plain(OLD, new, text_diff.changes(OLD, new))) == [
        "--- article 7 revision 1  2026-03-02 08:00Z  first",
        "+++ article 7 revision 2  2026-03-02 08:00Z  substantive",
        "@@ title @@",
        "-Pier opens",
        "+Pier closes",
        "@@ paragraph 2 @@",
        f" {LINES[1]}",
        f"-{LINES[2]}",
        "+Rain fell.",
        f" {LINES[3]}",
    ]
