"""What the validators of a feed are worth: audits of its 304s, and lies that were seen.

A server that says "not modified" for ever, or sends one ETag with changing entries, would hide
every later entry (Media Cloud's fetcher notes such servers; so do readers' authors). So a feed
that only ever answers 304 is asked without validators now and then, and one that was caught
lying is asked without them for a month.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import FeedState, FeedValidators, Response, ValidatorTrust

# The first audit comes this long after a document, at random within the span, so that the audits
# of feeds that were added together do not come together.
AUDIT_AFTER, AUDIT_SPAN = timedelta(days=1), timedelta(days=6)
# Caches may answer for their origin for a while, and clocks differ.
MARGIN = timedelta(hours=1)
# Entries dated by the day only, or published some time after their date, prove nothing.
DATE_MARGIN = timedelta(days=1)
DISTRUSTED_FOR = timedelta(days=30)
_MINUTE = "%Y-%m-%d %H:%MZ"


def next_audit(now: datetime, draw: float) -> datetime:
    """Return when a feed is asked without validators if only 304s come until then."""
    return now + AUDIT_AFTER + AUDIT_SPAN * draw


def may_trust(trust: ValidatorTrust, now: datetime) -> bool:
    """Return whether a feed is asked with its validators: not in an audit, nor after a lie."""
    return not is_liar(trust, now) and (trust.audit_at is None or now < trust.audit_at)


def without_audit(state: FeedState) -> FeedState:
    """Return the state of a feed that is never asked without the validators it has."""
    return replace(state, trust=replace(state.trust, audit_at=None))


def is_liar(trust: ValidatorTrust, now: datetime) -> bool:
    """Return whether a feed was caught lying within the last 30 days: servers get mended."""
    return trust.distrusted_at is not None and now - trust.distrusted_at < DISTRUSTED_FOR


def lie(
    state: FeedState, response: Response, new_published_at: Sequence[datetime | None]
) -> str | None:
    """Return what shows that a feed's validators or 304s are false; None when nothing does.

    `new_published_at` are the dates of the entries that the document brought and nobody knew; without
    one, nothing was hidden. Proof is an ETag (or, for want of one, a Last-Modified) that stayed
    while entries came; a 304 after the moment at which, by its own Last-Modified, the document
    had changed; and in an audit an entry dated a day or more before the last 304.
    """
    if not new_published_at:
        return None
    return (
        _unmoved_validator(state.validators, response, len(new_published_at))
        or _false_304(state, response)
        or _hidden_entry(state.trust, response, new_published_at)
    )


def _unmoved_validator(known: FeedValidators, response: Response, count: int) -> str | None:
    for name, stored in (("etag", known.etag), ("last-modified", known.last_modified)):
        value = response.headers.get(name)
        if value is not None:
            return (
                f"{name} {value} came again with {count} new entries" if value == stored else None
            )
    return None


def _false_304(state: FeedState, response: Response) -> str | None:
    modified = response.headers.get("last-modified")
    changed, answered = text.http_date(modified), state.trust.not_modified_at
    if changed is None or answered is None or modified == state.validators.last_modified:
        return None
    is_false = changed < answered - MARGIN
    return (
        f"answered 304 at {answered:{_MINUTE}}, but was modified {modified}" if is_false else None
    )


def _hidden_entry(
    trust: ValidatorTrust, response: Response, new_published_at: Sequence[datetime | None]
) -> str | None:
    answered = trust.not_modified_at
    if answered is None or trust.audit_at is None or response.fetched_at < trust.audit_at:
        return None
    since = trust.audit_at - AUDIT_AFTER - AUDIT_SPAN  # before the document that the 304s confirm
    hidden = [date for date in new_published_at if date and since < date < answered - DATE_MARGIN]
    if not hidden:
        return None
    return f"answered 304 at {answered:{_MINUTE}}, but had an entry of {min(hidden):{_MINUTE}}"
