"""What a feed's state remembers of its polls: validators, failures, where it moved."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.feeds import trust
from pipeline.model import FeedMemory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import DueFeed, Response

_SENDABLE = re.compile(r"[\x20-\x7e]{1,1000}")
PERMANENT = frozenset({301, 308})
# A redirect is adopted after this many polls over this span, never after one: sites redirect
# everything to a login or a parking page for a day.
MAX_URL = 2048
MOVED_POLLS, MOVED_SPAN = 3, timedelta(hours=72)


def after_document(
    feed: DueFeed,
    response: Response,
    body_sha256: bytes | None,
    new_dates: Sequence[datetime | None] = (),
    *,
    draw: float,
) -> FeedMemory:
    """Return the state after a document that was read to its end: its own validators, verbatim.

    None are kept of a document that another host answered: its 304 could freeze the feed on a
    document that it never sent, and a tag is unique for its own resource only (RFC 9110 8.8.3).
    `new_dates` are those of its new entries; `draw` is a random number from 0 to 1.
    """
    own = urls.host(response.url) == urls.host(response.requested_url)
    lie = None if feed.distrusted_at else trust.lie(feed, response, new_dates)
    now = response.fetched_at
    return replace(
        _succeeded(feed, response),
        etag=_validator(response, "etag") if own else None,
        last_modified=_validator(response, "last-modified") if own else None,
        body_sha256=body_sha256,
        audit_at=trust.next_audit(now, draw),
        distrusted_at=now if lie else feed.distrusted_at,
        distrust=lie or feed.distrust,
    )


def after_not_modified(feed: DueFeed, response: Response) -> FeedMemory:
    """Return the state after a 304: it may refresh validators and never blanks them.

    RFC 9110 section 15.4.5: the headers of a 304 update the stored ones.
    """
    return replace(
        _succeeded(feed, response),
        etag=_validator(response, "etag") or feed.etag,
        last_modified=_validator(response, "last-modified") or feed.last_modified,
        not_modified_at=response.fetched_at,
    )


def after_failure(feed: DueFeed, reason: str, now: datetime) -> FeedMemory:
    """Return the state after a failed poll: validators stay, the streaks grow."""
    gone = reason == "gone"
    return replace(
        uncharged(feed),
        failure_streak=feed.failure_streak + 1,
        failing_since=feed.failing_since or now,
        gone_streak=feed.gone_streak + 1 if gone else 0,
        gone_since=(feed.gone_since or now) if gone else None,
    )


def uncharged(feed: DueFeed) -> FeedMemory:
    """Return the state as it was: nobody is charged for what is not the feed's own doing."""
    return FeedMemory(**{name: getattr(feed, name) for name in FeedMemory.__slots__})


def adopted_url(memory: FeedMemory, now: datetime) -> str | None:
    """Return the address that a feed moved to for good, once that is certain."""
    if memory.moved_to is None or memory.moved_since is None:
        return None
    certain = memory.moved_streak >= MOVED_POLLS and now - memory.moved_since >= MOVED_SPAN
    return memory.moved_to if certain else None


def _succeeded(feed: DueFeed, response: Response) -> FeedMemory:
    """The state as it was, without the failures, and with where the feed says it moved."""
    now = response.fetched_at
    memory = replace(
        uncharged(feed),
        last_success_at=now,
        failure_streak=0,
        failing_since=None,
        gone_streak=0,
        gone_since=None,
        not_modified_at=None,
    )
    moved_to = _moved_to(response)
    again = moved_to is not None and moved_to == feed.moved_to
    return replace(
        memory,
        moved_to=moved_to,
        moved_streak=(feed.moved_streak + 1 if again else 1) if moved_to else 0,
        moved_since=(feed.moved_since if again else now) if moved_to else None,
    )


def _validator(response: Response, name: str) -> str | None:
    """The header's value if it can be sent back as it came: visible ASCII, at most 1 kB."""
    value = response.headers.get(name)
    return value if value and _SENDABLE.fullmatch(value) else None


def _moved_to(response: Response) -> str | None:
    """Where every hop says that the feed lives now; https is never given up for http."""
    if len(response.url) > MAX_URL:
        return None
    if not response.hops or any(hop.status not in PERMANENT for hop in response.hops):
        return None
    downgraded = response.requested_url.startswith("https:") and response.url.startswith("http:")
    return None if downgraded else response.url
