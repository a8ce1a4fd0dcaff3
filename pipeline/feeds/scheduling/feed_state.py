"""What a feed's state remembers of its polls: validators, failures, where it moved."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.feeds.scheduling import validator_trust
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
    new_published_at: Sequence[datetime | None] = (),
    *,
    draw: float,
) -> FeedMemory:
    """Return the state after a document that was read to its end: its own validators, verbatim.

    They are kept with the address that answered, to be sent there only: a tag is unique for its
    own resource (RFC 9110 section 8.8.3), and another host's 304 could freeze the feed on a
    document that it never sent. `new_published_at` are those of its new entries; `draw` is a random number from 0 to 1.
    """
    now = response.fetched_at
    told = (
        (feed.distrusted_at, feed.distrust) if validator_trust.is_liar(feed, now) else (None, None)
    )
    if told == (None, None) and (lie := validator_trust.lie(feed, response, new_published_at)):
        told = now, lie
    return replace(
        _succeeded(feed, response),
        etag=_validator(response, "etag"),
        last_modified=_validator(response, "last-modified"),
        validated_url=response.url,
        body_sha256=body_sha256,
        audit_at=validator_trust.next_audit(now, draw),
        distrusted_at=told[0],
        distrust=told[1],
    )


def after_not_modified(feed: DueFeed, response: Response) -> FeedMemory:
    """Return the state after a 304: it may refresh validators and never blanks them.

    RFC 9110 section 15.4.5: the headers of a 304 update the stored ones.
    """
    return replace(
        _succeeded(feed, response),
        etag=_validator(response, "etag") or feed.etag,
        last_modified=_validator(response, "last-modified") or feed.last_modified,
        validated_url=response.url,
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
    target = moved_to(response)
    again = target is not None and target == feed.moved_to
    return replace(
        memory,
        moved_to=target,
        moved_streak=(feed.moved_streak + 1 if again else 1) if target else 0,
        moved_since=(feed.moved_since if again else now) if target else None,
    )


def _validator(response: Response, name: str) -> str | None:
    """The header's value if it can be sent back as it came: visible ASCII, at most 1 kB."""
    value = response.headers.get(name)
    return value if value and _SENDABLE.fullmatch(value) else None


def moved_to(response: Response) -> str | None:
    """Where every hop says that the feed lives now; https is never given up for http."""
    if len(response.url) > MAX_URL:
        return None
    if not response.hops or any(hop.status not in PERMANENT for hop in response.hops):
        return None
    downgraded = response.requested_url.startswith("https:") and response.url.startswith("http:")
    return None if downgraded else response.url
