"""When an article's page is asked for again: after a failure, and to see whether it changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.reasons import Reason, Retry

# Looks at a stored page, counted from the first fetch (most corrections come on the first day).
RECHECKS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(hours=72))
STILL = 2  # looks in a row without a change that end the looking
LAST_LOOK = timedelta(days=7)  # where the last of them failed: the page may be back by then

FIRST_RETRY = timedelta(minutes=15)
MOST = timedelta(hours=24)
AT_ITS_WORD = 3  # attempts
GIVE_UP_AFTER = timedelta(days=14)
# The page answered and holds no article (yet): walls come down, empty pages fill.
SECOND_LOOKS = (timedelta(hours=6), timedelta(hours=24), timedelta(hours=72))


def after_failure(
    reason: Reason,
    attempts: int,
    failing_for: timedelta,
    *,
    retry_after: timedelta | None = None,
    draw: float = 0.0,
) -> timedelta | None:
    """Return how long to wait before the next attempt, or None when there is none.

    `attempts` counts the failed ones, this one included; `draw` is a random number from 0 to 1
    (full jitter, so that a site that failed is not met by all at once). A server that says when
    to come back in `retry_after` is taken at its word the first times; after that it is a lower
    bound, else one that always says "in a second" would be asked every second.
    """
    retry = reason.policy.retry
    if retry is Retry.NEVER or failing_for > GIVE_UP_AFTER:
        return None
    if retry is Retry.BACK_OFF and retry_after is not None and attempts <= AT_ITS_WORD:
        return retry_after
    if retry is Retry.BACK_OFF:
        ceiling = min(FIRST_RETRY * (1 << min(attempts - 1, 10)), MOST)
        wait = FIRST_RETRY / 2 + (ceiling - FIRST_RETRY / 2) * draw
    elif attempts > len(SECOND_LOOKS):
        return None
    else:
        wait = SECOND_LOOKS[attempts - 1]
    return max(wait, retry_after or timedelta())


def recheck(
    first_fetched_at: datetime, unchanged_checks: int, *, now: datetime, failed: bool = False
) -> datetime | None:
    """Return when a stored page is looked at again, or None when it has come to rest.

    `unchanged_checks` counts the looks that found nothing new since the last that did; a look that
    `failed` found neither, and gets one more after the planned ones. Looks that a feed asked for
    come on top.
    """
    if unchanged_checks >= STILL:
        return None
    waits = (*RECHECKS, LAST_LOOK) if failed else RECHECKS
    planned = (first_fetched_at + wait for wait in waits)
    return next((moment for moment in planned if moment > now), None)
