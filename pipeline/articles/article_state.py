"""What becomes of an article after its page was asked for: outcome and next look."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline import text
from pipeline.articles import recheck_policy
from pipeline.errors import (
    BadUrlError,
    FetchError,
    GoneError,
    NoArticleError,
    NotRecordedError,
    WorkerDiedError,
)
from pipeline.model import NextLook

if TYPE_CHECKING:
    from datetime import datetime
    from urllib.parse import SplitResult

    from pipeline.errors import IngestError
    from pipeline.model import DueArticle, Response

MAX_DEATHS = 3
MAX_EXPIRIES = 10
LASTING = 3
"""Failed attempts after which a page that may come back is taken to stay away."""

# Failures that the next attempt is not expected to mend; NoArticleError is another.
_SETTLED = frozenset({"bad_encoding", "gone", "robots", "too_large"})
NOT_FOUND = 404
SOON = timedelta(minutes=1)

# The front page, of a site in several languages too: /, //, /en/, /pt-br, /index.html.
_FRONT = re.compile(
    r"/*(?:(?:[a-z]{2}(?:[-_][a-z]{2})?|home|index|default|homepage|startseite|accueil|inicio)(?:\.\w{3,5})?)?/*",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"(?:(?:error|page|http)[-_]?)?(?:404|410)(?:[-_](?:error|page|not[-_]?found))?(?:\.\w{3,5})?"
    r"|(?:page[-_]?|error[-_]?)?not[-_]?found(?:\.\w{3,5})?|seite-nicht-gefunden|page-introuvable|page-non-trouvee|pagina-no-encontrada"
    r"|pagina-non-trovata|pagina-nao-encontrada|pagina-niet-gevonden|strona-nie-istnieje",
    re.IGNORECASE,
)
_LOG_IN = re.compile(
    r"(?:log-?in|sign-?in|log-?on|subscribe|subscriptions?|register|registration|anmelden|anmeldung|einloggen|connexion|se-connecter|abonnement"
    r"|s-abonner|iniciar-sesion|suscripcion|suscribete|accedi|abbonati|entrar|assine|inloggen|logowanie|zaloguj|logga-in|logg-inn)(?:\.\w{3,5})?",
    re.IGNORECASE,
)
_LOG_IN_HOST = re.compile(r"(?:log-?in|sign-?in|auth|accounts?|sso)\.[^.]+\.", re.IGNORECASE)


def require_sane(due: DueArticle) -> None:
    """Raise WorkerDiedError for an article whose claims ended unfinished too often."""
    if due.expiries >= MAX_EXPIRIES:
        message = f"{due.url}: {due.expiries} claims ended without an outcome"
        raise WorkerDiedError("worker_killed", message)


def require_own_page(page: Response) -> None:
    """Raise NoArticleError when an article's address led to a page that is none, with status 200.

    soft_404: the front page (of a language too) or an address for what is not found, where sites
    send readers of removed articles. paywall: where readers log in or subscribe.
    """
    asked, answered = urlsplit(page.requested_url), urlsplit(page.url)
    if (asked.hostname, asked.path, asked.query) == (
        answered.hostname,
        answered.path,
        answered.query,
    ):
        return
    told = _led_to(answered, asked)
    if told:
        reason, place = told
        raise NoArticleError(reason, f"{page.requested_url}: led to {place} {page.url}")


def _led_to(answered: SplitResult, asked: SplitResult) -> tuple[str, str] | None:
    """The reason and the name of a place that is no article, unless it was asked for."""
    last = answered.path.rstrip("/").rpartition("/")[2]
    if last == asked.path.rstrip("/").rpartition("/")[2] and not _is_front(answered):
        return None
    if _is_front(answered) and not _is_front(asked):
        return "soft_404", "the front page"
    if _MISSING.fullmatch(last):
        return "soft_404", "a page for what is not found,"
    log_in = _LOG_IN.fullmatch(last) or _LOG_IN_HOST.match(answered.hostname or "")
    if log_in and not _LOG_IN_HOST.match(asked.hostname or ""):
        return "paywall", "a page to log in or subscribe,"
    return None


def _is_front(url: SplitResult) -> bool:
    return bool(_FRONT.fullmatch(url.path)) and not url.query  # WordPress: /?p=123


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
        due_at=recheck_policy.recheck(since, unchanged, now=now),
        unchanged_checks=unchanged,
    )


def failed(due: DueArticle, error: IngestError, *, now: datetime, draw: float) -> NextLook:
    """Return the state of an article whose page gave no text this time.

    One that has its text keeps it, and is looked at again as planned: a look that failed saw
    neither a change nor none. `draw` is a random number from 0 to 1.
    """
    if due.outcome == "stored":
        return NextLook(
            outcome="stored",
            due_at=recheck_policy.recheck(
                due.first_fetched_at or now, due.unchanged_checks, now=now, failed=True
            ),
            unchanged_checks=due.unchanged_checks,
        )
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


def may_take_from_feed(due: DueArticle, error: IngestError) -> bool:
    """Return whether the text that a feed carries may stand in for a page that gave none.

    At once where the page answered and has no text to show, or may not be asked; after the third
    failed attempt where it may come back; after the death that quarantines it. Always where there
    is a text: if that is a feed's, the feed may carry another one now. Never for what says nothing
    of the page.
    """
    if isinstance(error, NotRecordedError | BadUrlError) or error.is_nobodys_fault:
        return False
    if isinstance(error, WorkerDiedError):  # one that ended whole services is let alone
        return due.deaths + 1 >= MAX_DEATHS and due.expiries < MAX_EXPIRIES
    if due.outcome == "stored" or isinstance(error, NoArticleError) or error.reason in _SETTLED:
        return True
    return due.attempts >= LASTING


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
    wait = recheck_policy.after_failure(
        error.reason, due.attempts, failing_for, retry_after=wish, draw=draw
    )
    return None if wait is None else now + wait
