"""What becomes of an article after its page was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from pipeline.articles import article_state
from pipeline.errors import (
    BadUrlError,
    FetchError,
    GoneError,
    IngestError,
    NoArticleError,
    NotRecordedError,
    WorkerDiedError,
)
from pipeline.model import ArticleState, DueArticle, Response

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
URL = "https://a.example/news/1"


def _due(**known: Any) -> DueArticle:
    fresh: dict[str, Any] = {
        "article_id": 1,
        "url": URL,
        "host": "a.example",
        "due_at": NOW,
        "lease_token": UUID(int=1),
        "url_key": URL,
    }
    place: dict[str, Any] = {"stage": "fetch", "outcome": "pending", "due_at": NOW, "attempts": 1}
    place |= {name: value for name, value in known.items() if name in ArticleState.__slots__}
    rest = {name: value for name, value in known.items() if name not in place}
    return DueArticle(**fresh | rest, state=ArticleState(**place))


def _stored(**known: Any) -> DueArticle:
    return _due(outcome="stored", stage="recheck", **{"first_fetched_at": NOW - HOUR} | known)


def _failed(due: DueArticle, error: IngestError) -> ArticleState:
    return article_state.failed(due, error, now=NOW, draw=1.0)


def _missing(status: int) -> FetchError:
    return FetchError("http_4xx", URL, response=Response(URL, status, {}, b"", NOW))


# Before anything is asked, and before anything is read.


def test_nine_unfinished_claims_are_no_reason_to_stop() -> None:
    article_state.require_sane(_due(expiries=9))


def test_ten_unfinished_claims_count_as_a_death() -> None:
    with pytest.raises(WorkerDiedError, match=r"news/1: 10 claims") as caught:
        article_state.require_sane(_due(expiries=10))
    assert caught.value.reason == "worker_killed"


# Stored.


def test_first_text_is_looked_at_again_in_an_hour() -> None:
    look = article_state.stored(_due(attempts=3, deaths=2), changed=True, now=NOW)
    assert look == ArticleState(stage="recheck", outcome="stored", due_at=NOW + HOUR)
    assert (look.stage, look.attempts, look.deaths, look.reason) == ("recheck", 0, 0, None)


@pytest.mark.parametrize("outcome", ["pending", "failed", "quarantined"])
def test_first_text_counts_no_looks_whatever_was_before(outcome: str) -> None:
    due = _due(outcome=outcome, unchanged_checks=2)
    look = article_state.stored(due, changed=False, now=NOW)
    assert look.unchanged_checks == 0


@pytest.mark.parametrize(
    ("changed", "before", "after"),
    [(True, 1, 0), (False, 0, 1), (False, 1, 2)],
)
def test_looks_without_a_change_are_counted_from_the_last_change(
    changed: object, before: int, after: int
) -> None:
    due = _stored(unchanged_checks=before)
    look = article_state.stored(due, changed=bool(changed), now=NOW)
    assert look.unchanged_checks == after
    assert look.due_at == (None if after == 2 else NOW - HOUR + 6 * HOUR)


def test_alias_is_never_asked_for() -> None:
    assert article_state.alias() == ArticleState(outcome="alias", due_at=None, stage="done")


# Failed.


def test_failure_says_why_and_since_when() -> None:
    look = _failed(_due(), FetchError("timeout", f"{URL}: no\x00thing came"))
    assert (look.outcome, look.stage, look.reason) == ("failed", "fetch", "timeout")
    assert look.message == f"{URL}: nothing came"
    assert (look.failing_since, look.failed_at) == (NOW, NOW)
    assert look.due_at == NOW + 15 * MINUTE


def test_failure_after_others_keeps_the_first_ones_time() -> None:
    look = _failed(_due(attempts=3, failing_since=NOW - DAY), FetchError("timeout", URL))
    assert (look.failing_since, look.failed_at) == (NOW - DAY, NOW)
    assert (look.attempts, look.due_at) == (3, NOW + HOUR)


@pytest.mark.parametrize(
    "error",
    [GoneError("gone", URL), BadUrlError(URL), NotRecordedError(URL)],
    ids=["gone", "bad_url", "not_recorded"],
)
def test_final_failure_is_not_asked_again(error: IngestError) -> None:
    assert (_failed(_due(), error).outcome, _failed(_due(), error).due_at) == ("failed", None)


def test_failure_of_more_than_14_days_is_not_asked_again() -> None:
    due = _due(failing_since=NOW - 15 * DAY)
    assert _failed(due, FetchError("timeout", URL)).due_at is None


def test_what_a_replay_will_hold_is_asked_for_then() -> None:
    assert _failed(_due(), NotRecordedError(URL, next_at=NOW + 5 * DAY)).due_at == NOW + 5 * DAY


def test_server_that_asks_for_patience_gets_it() -> None:
    error = FetchError("rate_limited", URL, retry_after=5 * HOUR)
    assert _failed(_due(), error).due_at == NOW + 5 * HOUR


@pytest.mark.parametrize(
    ("deaths", "outcome", "due_at"),
    [(0, "failed", NOW + 15 * MINUTE), (1, "failed", NOW + 15 * MINUTE), (2, "quarantined", None)],
)
def test_third_death_quarantines(deaths: int, outcome: str, due_at: datetime | None) -> None:
    look = _failed(_due(deaths=deaths), WorkerDiedError("worker_killed", URL))
    assert (look.outcome, look.deaths, look.due_at) == (outcome, deaths + 1, due_at)


def test_other_failures_are_no_deaths() -> None:
    look = _failed(_due(deaths=2), FetchError("timeout", URL))
    assert (look.outcome, look.deaths) == ("failed", 2)


def test_ten_unfinished_claims_quarantine() -> None:
    look = _failed(_due(expiries=10), WorkerDiedError("worker_killed", URL))
    assert (look.outcome, look.due_at, look.deaths) == ("quarantined", None, 1)


def test_deaths_never_exceed_three() -> None:
    assert _failed(_due(deaths=3), WorkerDiedError("worker_timeout", URL)).deaths == 3


@pytest.mark.parametrize(
    "error",
    [FetchError("timeout", URL), GoneError("gone", URL), WorkerDiedError("worker_killed", URL)],
    ids=["timeout", "gone", "worker_killed"],
)
def test_article_with_a_text_keeps_it_whatever_a_later_look_meets(error: IngestError) -> None:
    look = _failed(_stored(unchanged_checks=1), error)
    assert look == ArticleState(
        stage="recheck", outcome="stored", due_at=NOW + 5 * HOUR, unchanged_checks=1
    )


@pytest.mark.parametrize(
    ("age", "due"),
    [(HOUR, 6 * HOUR), (6 * HOUR, DAY), (DAY, 3 * DAY), (3 * DAY, 7 * DAY), (7 * DAY, None)],
)
def test_look_that_failed_ends_no_looking(age: timedelta, due: timedelta | None) -> None:
    look = _failed(_stored(first_fetched_at=NOW - age), FetchError("timeout", URL))
    assert look.due_at == (None if due is None else NOW - age + due)
    assert look.unchanged_checks == 0


# Where the feed's text stands in.

SERVER_FAILS = FetchError("http_5xx", URL)
KILLED = WorkerDiedError("worker_killed", URL)


@pytest.mark.parametrize(
    ("error", "known", "expected"),
    [
        pytest.param(NoArticleError("no_text", URL), {}, True, id="empty-page"),
        pytest.param(NoArticleError("not_html", URL), {}, True, id="not-html"),
        pytest.param(NoArticleError("paywall", URL), {}, True, id="wall"),
        pytest.param(FetchError("bad_encoding", URL), {}, True, id="bad-encoding"),
        pytest.param(FetchError("robots", URL), {}, True, id="robots"),
        pytest.param(GoneError("gone", URL), {}, True, id="410"),
        pytest.param(SERVER_FAILS, {"attempts": 2}, False, id="500-twice"),
        pytest.param(SERVER_FAILS, {"attempts": 3}, True, id="500-thrice"),
        pytest.param(_missing(404), {"attempts": 2}, False, id="404-twice"),
        pytest.param(_missing(404), {"attempts": 3}, True, id="404-thrice"),
        pytest.param(SERVER_FAILS, {"outcome": "stored"}, True, id="500-where-there-is-a-text"),
        pytest.param(KILLED, {"attempts": 3, "deaths": 1}, False, id="second-death"),
        pytest.param(KILLED, {"deaths": 2}, True, id="quarantined"),
        pytest.param(KILLED, {"deaths": 2, "expiries": 10}, False, id="ended-services"),
        pytest.param(FetchError("network_down", URL), {"attempts": 9}, False, id="our-network"),
        pytest.param(NotRecordedError(URL), {"attempts": 9}, False, id="not-recorded"),
        pytest.param(BadUrlError(URL), {"attempts": 9}, False, id="no-address"),
    ],
)
def test_feed_stands_in_for_a_page_that_stays_away(
    error: IngestError, known: dict[str, Any], expected: object
) -> None:
    assert article_state.may_take_from_feed(_due(**known), error) is expected


# What a later look says of the page.


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(GoneError("gone", URL), "gone", id="410"),
        pytest.param(_missing(404), "gone", id="404"),
        pytest.param(NoArticleError("soft_404", URL), "gone", id="led-to-the-front-page"),
        pytest.param(_missing(403), "unreachable", id="403"),
        pytest.param(FetchError("timeout", URL), "unreachable", id="timeout"),
        pytest.param(FetchError("http_5xx", URL), "unreachable", id="500"),
        pytest.param(NoArticleError("paywall", URL), "live", id="paywall"),
        pytest.param(NoArticleError("consent_wall", URL), "live", id="consent-wall"),
        pytest.param(NoArticleError("bot_wall", URL), "live", id="bot-wall"),
        pytest.param(NoArticleError("listing", URL), "live", id="listing"),
        pytest.param(NoArticleError("no_text", URL), "live", id="no-text"),
        pytest.param(WorkerDiedError("worker_killed", URL), "live", id="our-own-trouble"),
    ],
)
def test_page_state_says_what_the_look_found(error: IngestError, expected: str) -> None:
    assert article_state.page_state(error) == expected
