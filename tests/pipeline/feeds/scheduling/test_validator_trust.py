"""What shows that validators lie, and when a feed is asked without them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.feeds.scheduling import validator_trust
from pipeline.model import Response
from tests.pipeline.feeds import states

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEVEN, EIGHT = "Mon, 09 Mar 2026 05:00:00 GMT", "Mon, 09 Mar 2026 06:00:00 GMT"
# Six hours before NOW the last document came; an audit is due now.
AUDIT = {"etag": '"a"', "audit_at": NOW, "not_modified_at": NOW - HOUR}


def _answer(**headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response("https://a.example/feed", 200, named, b"", NOW)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param({}, True, id="nothing-known-against-it"),
        pytest.param({"audit_at": NOW + HOUR}, True, id="audit-later"),
        pytest.param({"audit_at": NOW}, False, id="audit-now"),
        pytest.param({"audit_at": NOW - DAY}, False, id="audit-overdue"),
        pytest.param({"distrusted_at": NOW - 29 * DAY}, False, id="caught-within-the-month"),
        pytest.param({"distrusted_at": NOW - 30 * DAY}, True, id="caught-a-month-ago"),
        pytest.param(
            {"distrusted_at": NOW - DAY, "audit_at": NOW + DAY}, False, id="caught-and-no-audit"
        ),
    ],
)
def test_validators_are_sent_unless_an_audit_or_a_lie_forbids(
    known: dict[str, Any], *, expected: bool
) -> None:
    assert validator_trust.may_trust(states.state(**known).trust, NOW) is expected


LIES = [
    pytest.param({"etag": '"a"'}, {"etag": '"a"'}, [None], "came again with 1 new", id="same-etag"),
    pytest.param({"etag": 'W/"a"'}, {"etag": 'W/"a"'}, [NOW], "came again", id="same-weak-etag"),
    pytest.param(
        {"etag": '"a"', "last_modified": SEVEN},
        {"etag": '"a"', "last_modified": EIGHT},
        [None, None],
        "came again with 2 new",
        id="same-etag-whatever-the-date-says",
    ),
    pytest.param(
        {"last_modified": SEVEN}, {"last_modified": SEVEN}, [None], "came again", id="same-date"
    ),
    pytest.param(
        {"etag": '"a"', "last_modified": SEVEN, "not_modified_at": NOW - HOUR / 2},
        {"etag": '"b"', "last_modified": EIGHT},
        [None],
        "answered 304 at 2026-03-09 07:30Z, but was modified",
        id="changed-90-minutes-before-the-304",
    ),
    pytest.param(
        AUDIT,
        {"etag": '"b"'},
        [NOW - 3 * DAY, NOW],
        "but had an entry of 2026-03-06",
        id="entry-of-two-days-before-the-304",
    ),
]

TRUTHS = [
    pytest.param({"etag": '"a"'}, {"etag": '"a"'}, [], id="same-etag-and-nothing-new"),
    pytest.param({"etag": '"a"'}, {"etag": '"b"'}, [NOW], id="another-etag"),
    pytest.param({}, {"etag": '"a"'}, [NOW], id="first-etag"),
    pytest.param({"etag": '"a"'}, {}, [NOW], id="no-validator-any-more"),
    pytest.param(
        {"etag": '"a"', "last_modified": SEVEN},
        {"etag": '"b"', "last_modified": SEVEN},
        [NOW],
        id="same-date-under-another-etag",
    ),
    pytest.param(
        {"last_modified": SEVEN, "not_modified_at": NOW - 2 * HOUR},
        {"last_modified": EIGHT},
        [NOW],
        id="changed-just-when-the-304-came",
    ),
    pytest.param(
        {"last_modified": SEVEN, "not_modified_at": NOW - HOUR / 2},
        {"last_modified": "last week"},
        [NOW],
        id="date-that-cannot-be-read",
    ),
    pytest.param(AUDIT, {"etag": '"b"'}, [NOW - DAY], id="entry-dated-within-the-day"),
    pytest.param(AUDIT, {"etag": '"b"'}, [NOW - 8 * DAY], id="entry-from-before-the-document"),
    pytest.param(AUDIT, {"etag": '"b"'}, [None], id="entry-without-date"),
    pytest.param(
        AUDIT | {"audit_at": NOW + HOUR}, {"etag": '"b"'}, [NOW - 3 * DAY], id="no-audit-yet"
    ),
    pytest.param(
        AUDIT | {"not_modified_at": None}, {"etag": '"b"'}, [NOW - 3 * DAY], id="no-304-since"
    ),
]


@pytest.mark.parametrize(("known", "headers", "dates", "expected"), LIES)
def test_lie_is_seen(
    known: dict[str, Any],
    headers: dict[str, str],
    dates: list[datetime | None],
    expected: str,
) -> None:
    assert expected in (validator_trust.lie(states.state(**known), _answer(**headers), dates) or "")


@pytest.mark.parametrize(("known", "headers", "dates"), TRUTHS)
def test_what_may_be_true_is_no_lie(
    known: dict[str, Any], headers: dict[str, str], dates: list[datetime | None]
) -> None:
    assert validator_trust.lie(states.state(**known), _answer(**headers), dates) is None
