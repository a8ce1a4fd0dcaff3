"""The state of an article in the queue after an answer: its outcome, and when it is asked next.

pending --text--> stored --text, 304, failure--> stored (a failure keeps the text)
pending --no text--> failed --text--> stored
failed --third death or tenth expiry--> quarantined
any --its address is another article's--> alias
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline import text
from pipeline.articles import recheck_policy
from pipeline.errors import FetchError, GoneError, NoArticleError, NotRecordedError, WorkerDiedError
from pipeline.model import ArticleState
from pipeline.reasons import FeedText, Reason

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.errors import IngestError
    from pipeline.model import DueArticle

MAX_DEATHS = 3
MAX_EXPIRIES = 10
LASTING = 3
"""Failed attempts after which a page that may come back is taken to stay away."""
SOON = timedelta(minutes=1)
NOT_FOUND = 404


def require_sane(due: DueArticle) -> None:
    """Raise WorkerDiedError for an article whose claims ended unfinished too often."""
    if due.state.expiries >= MAX_EXPIRIES:
        message = f"{due.url}: {due.state.expiries} claims ended without an outcome"
        raise WorkerDiedError("worker_killed", message)


def alias() -> ArticleState:
    """Return the state of an article that turned out to be another one."""
    return ArticleState(stage="done", outcome="alias", due_at=None)


def stored(due: DueArticle, *, changed: bool, now: datetime) -> ArticleState:
    """Return the state of an article that has its text, after a check that found it so.

    A check without a change counts (a 304 is one), a change starts the count anew.
    """
    first = due.state.outcome != "stored"
    unchanged = 0 if first or changed else due.state.unchanged_checks + 1
    since = due.first_fetched_at or now
    return _stored(recheck_policy.recheck(since, unchanged, now=now), unchanged)


def failed(due: DueArticle, error: IngestError, *, now: datetime, draw: float) -> ArticleState:
    """Return the state of an article whose page gave no text this time.

    One that has its text keeps it, and is checked again as planned: a check that failed saw
    neither a change nor none. `draw` is a random number from 0 to 1.
    """
    state = due.state
    if state.outcome == "stored":
        since, unchanged = due.first_fetched_at or now, state.unchanged_checks
        return _stored(recheck_policy.recheck(since, unchanged, now=now, failed=True), unchanged)
    deaths = state.deaths + isinstance(error, WorkerDiedError)
    quarantined = deaths >= MAX_DEATHS or state.expiries >= MAX_EXPIRIES
    since = state.failing_since or now
    due_at = None if quarantined else _next_attempt(due, error, now - since, now, draw)
    return ArticleState(
        stage="done" if due_at is None else "fetch",
        outcome="quarantined" if quarantined else "failed",
        due_at=due_at,
        attempts=state.attempts,
        deaths=min(deaths, MAX_DEATHS),
        reason=error.reason,
        message=text.clean(error.message),
        failing_since=since,
        failed_at=now,
    )


def postponed(due: DueArticle, *, now: datetime) -> ArticleState:
    """Return the state after a failure that is not the page's: due in a minute, else as it was."""
    return replace(due.state, due_at=now + SOON)


def may_take_from_feed(due: DueArticle, error: IngestError) -> bool:
    """Return whether the text that a feed carries may stand in for a page that gave none.

    As the reason's policy says; after the death that quarantines a page; and always where there is
    a text: if that is a feed's, the feed may carry another one now.
    """
    policy = error.reason.policy.feed_text
    if policy is FeedText.NEVER:
        return False
    if isinstance(error, WorkerDiedError):  # one that ended whole services is let alone
        return due.state.deaths + 1 >= MAX_DEATHS and due.state.expiries < MAX_EXPIRIES
    at_once = policy is FeedText.AT_ONCE or isinstance(error, NoArticleError)
    return at_once or due.state.outcome == "stored" or due.state.attempts >= LASTING


def was_asked(error: IngestError) -> bool:
    """Return whether a failure without an answer means that the page was asked for all the same."""
    not_asked = {Reason.NOT_RECORDED, Reason.ROBOTS}
    return isinstance(error, FetchError) and error.reason not in not_asked


def page_state(error: IngestError) -> str:
    """Return what a failed check says of a page that had given its text before."""
    answer = error.response if isinstance(error, FetchError) else None
    missing = answer is not None and answer.status == NOT_FOUND
    if isinstance(error, GoneError) or missing or error.reason is Reason.SOFT_404:
        return "gone"
    return "unreachable" if isinstance(error, FetchError) else "live"


def _stored(due_at: datetime | None, unchanged_checks: int) -> ArticleState:
    return ArticleState(
        stage="done" if due_at is None else "recheck",
        outcome="stored",
        due_at=due_at,
        unchanged_checks=unchanged_checks,
    )


def _next_attempt(
    due: DueArticle, error: IngestError, failing_for: timedelta, now: datetime, draw: float
) -> datetime | None:
    if isinstance(error, NotRecordedError):
        return error.next_at
    wait = recheck_policy.after_failure(
        error.reason,
        due.state.attempts,
        failing_for,
        retry_after=error.retry_after if isinstance(error, FetchError) else None,
        draw=draw,
    )
    return None if wait is None else now + wait
