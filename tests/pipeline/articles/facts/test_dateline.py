"""The date that readers see: beside the headline, or called the date of publication."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import dates
from pipeline.articles.facts import dateline
from pipeline.articles.text import markup

LATEST = datetime(2031, 3, 6, tzinfo=UTC)
BODY = "<p>" + "The harbour board agreed on Monday to rebuild the old pier from oak. " * 9 + "</p>"


def shown(html: str) -> datetime | None:
    tree = markup.tree(f"<html><body>{html}</body></html>")
    assert tree is not None
    found = dateline.shown(tree, read, LATEST)
    return found.at if found else None


def read(raw: str) -> dates.Written | None:
    found = dates.written(raw, day_first=True)
    return found if found and found.at <= LATEST else None


def day(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2031, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("March 2, 2031", day(3, 2)),
        ("Mar 2nd, 2031", day(3, 2)),
        ("2 March 2031", day(3, 2)),
        ("2031-03-02 15:03", day(3, 2, 15, 3)),
        ("02.03.2031, 18:15 Uhr", day(3, 2, 18, 15)),
        ("2. M\u00e4rz 2031", day(3, 2)),
        ("le 2 mars 2031 \u00e0 10h30", day(3, 2, 10, 30)),
        ("2 de marzo de 2031", day(3, 2)),
        ("2 marzo 2031", day(3, 2)),
        ("2 marca 2031", day(3, 2)),
        ("2. b\u0159ezna 2031", day(3, 2)),
        ("2 \u043c\u0430\u0440\u0442\u0430 2031", day(3, 2)),
        ("2 Mart 2031", day(3, 2)),
        ("2031\u5e743\u67082\u65e512:12", day(3, 2, 12, 12)),
        ("2031\ub144 3\uc6d4 2\uc77c", day(3, 2)),
        ("2031. 3. 2.", day(3, 2)),
        ("Story 2031", None),
        ("1931-1945", None),
        ("tel. 02-2031-1234", None),
    ],
)
def test_date_beside_the_headline_is_read_in_many_languages(
    line: str, expected: datetime | None
) -> None:
    assert shown(f"<h1>Pier</h1><p>{line}</p>{BODY}") == expected


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        pytest.param(day(3, 2), f"<p>March 2, 2031</p><h1>Pier</h1>{BODY}", id="just above"),
        pytest.param(
            None,
            f"<p>March 5, 2031</p><a>News</a><a>Sport</a><a>Sea</a><h1>Pier</h1>{BODY}",
            id="a masthead with today's date",
        ),
        pytest.param(
            day(3, 1),
            f"<p>March 2, 2031</p><h1>Pier</h1><p>March 1, 2031</p>{BODY}",
            id="below goes before above",
        ),
        pytest.param(
            None, f"<h1>Pier</h1>{BODY}<p>Read on</p><p>March 2, 2031</p>", id="after the body"
        ),
        pytest.param(
            None,
            f"<h1>Pier</h1><p>{'It was so. ' * 12}In May 2, 2030 it fell.</p>{BODY}",
            id="in a sentence",
        ),
        pytest.param(
            day(3, 1),
            f"<h1>Pier</h1><p>Updated: March 2, 2031</p><p>Published: March 1, 2031</p>{BODY}",
            id="an update gives way",
        ),
        pytest.param(
            day(3, 1),
            f"<h1>Pier</h1><p>Published March 1, 2031 | Updated March 2, 2031</p>{BODY}",
            id="both on one line",
        ),
        pytest.param(
            day(3, 1),
            f"<h1>Pier</h1><div><b>Aktualisiert</b><span>2.3.2031</span></div><div>Erstellt</div><div>1.3.2031</div>{BODY}",
            id="labels of their own",
        ),
        pytest.param(
            day(3, 2), f"<h1>Pier</h1><p>Last modified 2 March 2031</p>{BODY}", id="only an update"
        ),
        pytest.param(
            day(3, 1),
            f"<h1>Pier</h1>{BODY}<p>Erschienen am: 01.03.2031</p>",
            id="called publication, at the end",
        ),
        pytest.param(
            None,
            f"<h1>Pier</h1>{BODY}<p>Published: 1 March 2031</p><p>Published: 2 March 2031</p>",
            id="two that are called so are other articles'",
        ),
        pytest.param(
            datetime(2031, 3, 2, 8, 30, tzinfo=UTC),
            f"<h1>Pier</h1><p><time datetime='2031-03-02T09:30+0100'>3 days ago</time></p>{BODY}",
            id="a time element",
        ),
        pytest.param(None, f"<h1>Pier</h1><p>March 8, 2031</p>{BODY}", id="to come"),
        pytest.param(None, f"<h2>Pier</h2><p>March 2, 2031</p>{BODY}", id="no headline"),
    ],
)
def test_the_first_date_beside_the_headline_counts(expected: datetime | None, html: str) -> None:
    assert shown(html) == expected
