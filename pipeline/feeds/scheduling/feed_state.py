"""What a feed's state remembers of its polls: validators, failures, where it moved."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.feeds.scheduling import validator_trust
from pipeline.model import FeedHealth, FeedMove, FeedState, FeedValidators, ValidatorTrust
from pipeline.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Response

_SENDABLE = re.compile(r"[\x20-\x7e]{1,1000}")
PERMANENT = frozenset({301, 308})
# A redirect is adopted after this many polls over this span, never after one: sites redirect
# everything to a login or a parking page for a day.
MAX_URL = 2048
MOVED_POLLS, MOVED_SPAN = 3, timedelta(hours=72)


def after_document(
    state: FeedState,
    response: Response,
    body_sha256: bytes | None,
    new_published_at: Sequence[datetime | None] = (),
    *,
    draw: float,
) -> FeedState:
    """Return the state after a document that was read to its end: its own validators, verbatim.

    They are kept with the address that answered, to be sent there only: a tag is unique for its
    own resource (RFC 9110 section 8.8.3), and another host's 304 could freeze the feed on a
    document that it never sent. `new_published_at` are the dates of its new entries; `draw` is a
    random number from 0 to 1.
    """
    now = response.fetched_at
    trust = ValidatorTrust(audit_at=validator_trust.next_audit(now, draw))
    if validator_trust.is_liar(state.trust, now):
        trust = replace(
            trust, distrusted_at=state.trust.distrusted_at, distrust=state.trust.distrust
        )
    elif lie := validator_trust.lie(state, response, new_published_at):
        trust = replace(trust, distrusted_at=now, distrust=lie)
    validators = FeedValidators(
        etag=_validator(response, "etag"),
        last_modified=_validator(response, "last-modified"),
        url=response.url,
        body_sha256=body_sha256,
    )
    return replace(_succeeded(state, response), validators=validators, trust=trust)


def after_not_modified(state: FeedState, response: Response) -> FeedState:
    """Return the state after a 304: it may refresh validators and never blanks them.

    RFC 9110 section 15.4.5: the headers of a 304 update the stored ones.
    """
    validators = replace(
        state.validators,
        etag=_validator(response, "etag") or state.validators.etag,
        last_modified=_validator(response, "last-modified") or state.validators.last_modified,
        url=response.url,
    )
    trust = replace(state.trust, not_modified_at=response.fetched_at)
    return replace(_succeeded(state, response), validators=validators, trust=trust)


def after_failure(state: FeedState, reason: Reason, now: datetime) -> FeedState:
    """Return the state after a failed poll: validators stay, the streaks grow."""
    health, gone = state.health, reason is Reason.GONE
    return replace(
        state,
        health=replace(
            health,
            failure_streak=health.failure_streak + 1,
            failing_since=health.failing_since or now,
            gone_streak=health.gone_streak + 1 if gone else 0,
            gone_since=(health.gone_since or now) if gone else None,
        ),
    )


def without_validators(state: FeedState) -> FeedState:
    """Return the state that lets the next poll bring the whole document again."""
    validators = replace(state.validators, etag=None, last_modified=None, body_sha256=None)
    return replace(state, validators=validators)


def adopted_url(move: FeedMove, now: datetime) -> str | None:
    """Return the address that a feed moved to for good, once that is certain."""
    if move.url is None or move.moved_since is None:
        return None
    return move.url if move.streak >= MOVED_POLLS and now - move.moved_since >= MOVED_SPAN else None


def _succeeded(state: FeedState, response: Response) -> FeedState:
    """The state as it was, without the failures, and with where the feed says it moved."""
    now, target = response.fetched_at, moved_to(response)
    again = target == state.move.url
    move = FeedMove()
    if target is not None:
        move = FeedMove(
            url=target,
            streak=state.move.streak + 1 if again else 1,
            moved_since=state.move.moved_since if again else now,
        )
    trust = replace(state.trust, not_modified_at=None)
    return replace(state, health=FeedHealth(last_success_at=now), move=move, trust=trust)


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
