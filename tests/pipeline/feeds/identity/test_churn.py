"""When identifiers are given up, and when they are believed again."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.feeds.identity import churn
from pipeline.feeds.identity.churn import Lasting
from pipeline.feeds.identity.comparison import Compared, Likeness
from pipeline.model import EntryKeys

SAME, LIKE, OTHER, UNKNOWN = Likeness


def pair(**likenesses: Any) -> Compared:
    """Two sightings with the same headline, alike in all that is not said."""
    whole = {"guid": UNKNOWN, "link": UNKNOWN, "title": SAME, "date": SAME, "text": UNKNOWN}
    return Compared(**(whole | likenesses))


NEW_GUID, NEW_LINK = pair(guid=OTHER, link=SAME), pair(link=OTHER)
KEPT = pair(guid=SAME, link=SAME)

RENEWED = [
    pytest.param([pair(guid=OTHER, link=OTHER)] * 2, [], {"guid", "link"}, id="both"),
    pytest.param([NEW_LINK] * 2, [], {"link"}, id="links"),
    pytest.param([NEW_LINK] * 9, [KEPT], {"link"}, id="nine-in-ten"),
    pytest.param([NEW_LINK] * 8, [KEPT], None, id="eight-in-nine"),
    pytest.param([NEW_LINK], [], {"link"}, id="one-of-the-same-date"),
    pytest.param([pair(link=OTHER, date=UNKNOWN)], [], None, id="one-of-no-date"),
    pytest.param(
        [pair(guid=OTHER, link=SAME, date=OTHER)], [], None, id="one-that-is-published-again"
    ),
    pytest.param([pair(link=OTHER, title=OTHER)] * 9, [], None, id="other-headlines"),
    pytest.param([pair(link=OTHER, text=OTHER)] * 9, [], None, id="other-texts"),
    pytest.param([pair(link=OTHER, date=UNKNOWN)] * 2, [], {"link"}, id="undated"),
    pytest.param([pair(link=OTHER, date=OTHER)] * 9, [], None, id="the-weather-of-each-day"),
    pytest.param(
        [pair(link=OTHER, date=OTHER, is_same_path=True)] * 9,
        [],
        {"link", "date"},
        id="token-and-date-of-the-request",
    ),
    pytest.param(
        [pair(guid=OTHER, link=SAME, date=OTHER)] * 9,
        [],
        {"guid", "date"},
        id="guid-and-date-of-the-request",
    ),
    pytest.param(
        [pair(link=OTHER, date=UNKNOWN)], [NEW_LINK], {"link"}, id="with-one-known-by-date"
    ),
    pytest.param([], [NEW_LINK] * 3, None, id="nothing-fresh"),
    pytest.param([], [], None, id="nothing"),
]


@pytest.mark.parametrize(("fresh", "kept", "expected"), RENEWED)
def test_what_a_document_gives_anew(
    fresh: list[Compared], kept: list[Compared], expected: set[str] | None
) -> None:
    assert churn.renewed([[one] for one in fresh], kept) == expected


OBSERVED = [
    pytest.param(Lasting(), [NEW_GUID] * 2, Lasting(frozenset(), 1, 0), id="begins"),
    pytest.param(
        Lasting(frozenset(), 1), [NEW_GUID] * 2, Lasting(frozenset({"guid"})), id="the-second-time"
    ),
    pytest.param(Lasting(frozenset(), 1), [KEPT] * 2, Lasting(), id="a-move-happens-once"),
    pytest.param(Lasting(frozenset(), 1), [], Lasting(frozenset(), 1), id="nothing-known"),
    pytest.param(Lasting(), [NEW_GUID], Lasting(frozenset(), 1, 0), id="the-only-known-one"),
    pytest.param(Lasting(), [NEW_GUID] * 8 + [KEPT], Lasting(), id="some-last"),
    pytest.param(
        Lasting(frozenset({"guid"}), 2), [KEPT], Lasting(), id="believed-again-the-third-time"
    ),
    pytest.param(
        Lasting(frozenset({"guid"}), 2),
        [KEPT, NEW_GUID],
        Lasting(frozenset({"guid"})),
        id="not-believed-yet",
    ),
    pytest.param(
        Lasting(frozenset({"link"}), 0, 1),
        [pair(link=OTHER)] * 3,
        Lasting(frozenset({"link"})),
        id="churns-on",
    ),
]


@pytest.mark.parametrize(("before", "pairs", "after"), OBSERVED)
def test_what_identifiers_are_known_for(
    before: Lasting, pairs: list[Compared], after: Lasting
) -> None:
    assert churn.observed(before, pairs) == after


PAGES = [EntryKeys(guid=f"g{n}", link=f"mill.example/{n}") for n in range(10)]
LOG = [EntryKeys(guid=f"g{n}", link="mill.example/log") for n in range(10)]
NO_GUIDS = [EntryKeys(link=f"mill.example/{n}") for n in range(10)]
RULES = [
    pytest.param((), PAGES, "guid", id="good"),
    pytest.param((), NO_GUIDS, "guid", id="good-without-guids"),
    pytest.param(("guid",), PAGES, "link", id="guids-do-not-last"),
    pytest.param(("guid",), [*PAGES[:9], *LOG[:1]], "link", id="one-page-shared"),
    pytest.param(("guid",), LOG, "content", id="one-page-for-all"),
    pytest.param(("guid",), [EntryKeys(title="t")], "content", id="no-links"),
    pytest.param(("link",), PAGES, "guid", id="links-do-not-last"),
    pytest.param(("link",), NO_GUIDS, "content", id="links-do-not-last-and-no-guids"),
    pytest.param(("guid", "link"), PAGES, "content", id="neither-lasts"),
]


@pytest.mark.parametrize(("volatile", "told", "expected"), RULES)
def test_rung_that_the_ladder_begins_with(
    volatile: tuple[Any, ...], told: list[EntryKeys], expected: str
) -> None:
    assert churn.rule(volatile, told) == expected
