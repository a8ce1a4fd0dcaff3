"""What becomes of an article after its page was asked for: outcome and next look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline import text
from pipeline.articles import retry
from pipeline.errors import (
    FetchError,
    GoneError,
    NoArticleError,
    NotRecordedError,
    WorkerDiedError,
)
from pipeline.model import NextLook

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.errors import IngestError
    from pipeline.model import DueArticle, Response

MAX_DEATHS = 3
MAX_EXPIRIES = 10
NOT_FOUND = 404
SOON = timedelta(minutes=1)


def require_sane(due: DueArticle) -> None:
    """Raise WorkerDiedError for an article whose claims ended unfinished too often."""
    if due.expiries >= MAX_EXPIRIES:
        message = f"{due.url}: {due.expiries} claims ended without an outcome"
        raise WorkerDiedError("worker_killed", message)


def require_own_page(page: Response) -> None:
    """Raise NoArticleError when an article's address led to the front page of a site.

    Sites send readers of removed articles there, with status 200 (a soft 404).
    """
    asked, answered = urlsplit(page.requested_url), urlsplit(page.url)
    is_page = bool(asked.path.strip("/") or asked.query)  # WordPress: /?p=123
    if is_page and not answered.path.strip("/") and not answered.query:
        raise NoArticleError("soft_404", f"{page.requested_url}: led to the front page {page.url}")


def alias() -> NextLook:
    """Return the state of an article that turned out to be another one."""
    return NextLook(outcome="alias", due_at=None, stage="done")


def stored(due: DueArticle, *, changed: bool, now: datetime) -> NextLook:
    """Return the state of an article that has its text, after a look that found it so."""
    first = due.outcome != "stored"
    unchanged = 0 if first or changed else due.unchanged_checks + 1
    since = due.first_fetched_at or now
    return NextLook(
        outcome="stored",
        due_at=retry.recheck(since, unchanged, now=now),
        unchanged_checks=unchanged,
    )


def failed(due: DueArticle, error: IngestError, *, now: datetime, draw: float) -> NextLook:
    """Return the state of an article whose page gave no text this time.

    One that has its text keeps it, and is looked at again as if nothing had changed. `draw` is
    a random number from 0 to 1.
    """
    if due.outcome == "stored":
        return stored(due, changed=False, now=now)
    deaths = due.deaths + isinstance(error, WorkerDiedError)
    quarantined = deaths >= MAX_DEATHS or due.expiries >= MAX_EXPIRIES
    since = due.failing_since or now
    return NextLook(
        outcome="quarantined" if quarantined else "failed",
        due_at=None if quarantined else _next_attempt(due, error, now - since, now, draw),
        stage="fetch",
        attempts=due.attempts,
        deaths=min(deaths, MAX_DEATHS),
        reason=error.reason,
        message=text.clean(error.message),
        failing_since=since,
        failed_at=now,
    )


def postponed(due: DueArticle, error: IngestError, *, now: datetime) -> NextLook:
    """Return when to ask again after a failure that is not the page's: in a minute."""
    return NextLook(outcome=due.outcome, due_at=now + SOON, stage="fetch", reason=error.reason)


def was_asked(error: IngestError) -> bool:
    """Return whether a failure without an answer means that the page was asked for all the same."""
    return (
        isinstance(error, FetchError)
        and not isinstance(error, NotRecordedError)
        and error.reason != "robots"
    )


def page_state(error: IngestError) -> str:
    """Return what a failed look says of a page that had given its text before."""
    answer = error.response if isinstance(error, FetchError) else None
    missing = answer is not None and answer.status == NOT_FOUND
    if isinstance(error, GoneError) or missing or error.reason == "soft_404":
        return "gone"
    return "unreachable" if isinstance(error, FetchError) else "live"


def _next_attempt(
    due: DueArticle, error: IngestError, failing_for: timedelta, now: datetime, draw: float
) -> datetime | None:
    if isinstance(error, NotRecordedError):
        return error.next_at
    wish = error.retry_after if isinstance(error, FetchError) else None
    wait = retry.after_failure(error.reason, due.attempts, failing_for, retry_after=wish, draw=draw)
    return None if wait is None else now + wait
