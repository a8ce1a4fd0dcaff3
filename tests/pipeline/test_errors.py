"""Expected failures cross from a worker to its parent with all that they carry."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta

import pytest

from pipeline import errors
from pipeline.errors import (
    BadUrlError,
    DatabaseError,
    FeedUnreadableError,
    FetchError,
    GoneError,
    IngestError,
    NoArticleError,
    NotRecordedError,
    UsageError,
    WorkerDiedError,
)
from pipeline.model import Hop, Response

MOMENT = datetime(2026, 3, 2, 8, tzinfo=UTC)
URL = "https://a.example/x"
PAGE = Response(
    URL, 404, {"retry-after": "60"}, b"<p>gone", MOMENT, (Hop(url=URL + "1", status=302),)
)
MINUTE = timedelta(minutes=1)
EVERY = [
    pytest.param(IngestError("internal", URL), "internal", id="IngestError"),
    pytest.param(BadUrlError(URL), "bad_url", id="BadUrlError"),
    pytest.param(BadUrlError(URL, "blocked_address"), "blocked_address", id="BadUrlError-reason"),
    pytest.param(FetchError("dns", URL), "dns", id="FetchError"),
    pytest.param(
        FetchError("http_4xx", URL, response=PAGE, retry_after=MINUTE),
        "http_4xx",
        id="FetchError-response",
    ),
    pytest.param(GoneError("gone", URL, response=PAGE, retry_after=MINUTE), "gone", id="GoneError"),
    pytest.param(NotRecordedError(URL), "not_recorded", id="NotRecordedError"),
    pytest.param(NotRecordedError(URL, next_at=MOMENT), "not_recorded", id="NotRecordedError-next"),
    pytest.param(FeedUnreadableError("not_a_feed", URL), "not_a_feed", id="FeedUnreadableError"),
    pytest.param(NoArticleError("no_text", URL), "no_text", id="NoArticleError"),
    pytest.param(WorkerDiedError("worker_killed", URL), "worker_killed", id="WorkerDiedError"),
]


@pytest.mark.parametrize(("error", "reason"), EVERY)
def test_error_says_reason_and_message(error: IngestError, reason: str) -> None:
    assert (error.reason, error.message) == (reason, URL)
    assert str(error) == f"{reason}: {URL}"


@pytest.mark.parametrize(("error", "reason"), EVERY)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_error_comes_through_a_pickle_as_it_was(
    error: IngestError, reason: str, protocol: int
) -> None:
    again = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - made on the line itself
    assert type(again) is type(error)
    assert (again.reason, again.message, str(again)) == (reason, URL, str(error))
    assert vars(again) == vars(error)


def test_every_ingest_error_is_pickled_above() -> None:
    pickled = {type(param.values[0]) for param in EVERY}
    public = {value for name, value in vars(errors).items() if name.endswith("Error")}
    assert {kind for kind in public if issubclass(kind, IngestError)} == pickled


def test_response_of_a_failed_fetch_comes_through_a_pickle() -> None:
    error = FetchError("http_4xx", URL, response=PAGE, retry_after=MINUTE)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the line itself
    assert (again.response, again.retry_after) == (PAGE, MINUTE)


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        (BadUrlError, IngestError),
        (FetchError, IngestError),
        (GoneError, FetchError),
        (NotRecordedError, FetchError),
        (FeedUnreadableError, IngestError),
        (NoArticleError, IngestError),
        (WorkerDiedError, IngestError),
    ],
)
def test_kinds_say_what_the_caller_does_next(kind: type[Exception], base: type[Exception]) -> None:
    assert kind.__bases__ == (base,)


@pytest.mark.parametrize("kind", [UsageError, DatabaseError])
def test_what_concerns_the_operator_is_on_no_row(kind: type[Exception]) -> None:
    assert not issubclass(kind, IngestError)
    assert str(kind("do this next")) == "do this next"
