"""Which host wants to be left alone after a failure, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import FetchError
from pipeline.model import HostHold
from pipeline.reasons import Reason

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.errors import IngestError

UNSAID_HOLD = timedelta(hours=4)
"""For a 429 that does not say how long: operators ask for hours, not minutes."""
_BUSY = {429, 503}


def hold(host: str, error: IngestError, at: datetime) -> HostHold | None:
    """Return which host is left alone until when, after `host` was asked at `at`."""
    held = to_hold(host, error)
    if held is None or not isinstance(error, FetchError):
        return None
    wait = UNSAID_HOLD if error.retry_after is None else error.retry_after
    return HostHold(host=held, ends_at=at + wait, reason=error.reason)


def to_hold(host: str, error: IngestError) -> str | None:
    """Return which host wants to be left alone when asking `host` failed; None for nobody.

    It is the one that said so, which is another where a redirect led there. One that was not
    asked, because its hold goes on, needs no other: then the answer is the redirect to it.
    """
    if not isinstance(error, FetchError) or error.reason is not Reason.RATE_LIMITED:
        return None
    answer = error.response
    if answer is None:
        return host
    if answer.status not in _BUSY:
        return None
    return urls.host(answer.url) if answer.hops else host
