"""What is to be written of a poll.

a new document       -> its entries are stored first; counts, validators, the next poll
the same document    -> the next poll; a 304 may refresh the validators
a double of another  -> that one is polled in its place
a failure            -> its reason, charged to the feed or to nobody; the next attempt
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from pipeline import text, urls
from pipeline.decide import holds
from pipeline.decide.outcomes import Failed, FeedRead, Same
from pipeline.errors import FetchError
from pipeline.feeds.identity.churn import Lasting
from pipeline.feeds.scheduling import feed_state, schedule
from pipeline.model import Counts, FeedDescription, FetchRecord, Poll, PollIntent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.decide.outcomes import Child
    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import DueFeed, FeedState, HostHold, Response, Stored

UNOBSERVED = Lasting()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What became of a document's entries, which are stored before the poll is decided.

    Postgres may refuse single entries, and the schedule counts the new ones: so storing them comes
    first, in the same transaction. `parsed` has what was to be stored, after caps and tombstones;
    `lasting` is what the feed's identifiers are worth from now on. `is_double`: the feed shows what
    another one shows, and that one has taken its addresses.
    """

    parsed: ParsedFeed
    stored: Stored
    lasting: Lasting = UNOBSERVED
    is_double: bool = False


def poll(
    feed: DueFeed,
    outcome: FeedRead | Same | Failed,
    facts: DocumentFacts | None,
    draw: float,
) -> PollIntent:
    """Return what is written of a poll; `draw` is a random number from 0 to 1 for jitter.

    `facts` are those of a document that was read, None for any other outcome.
    """
    match outcome:
        case FeedRead():
            if facts is None:
                raise TypeError(outcome)
            return (
                _double(feed, outcome, draw)
                if facts.is_double
                else _read(feed, outcome, facts, draw)
            )
        case Same():
            return _same(feed, outcome, draw)
        case Failed():
            return _failed(feed, outcome, draw)
        case _:
            assert_never(outcome)


def _read(feed: DueFeed, read: FeedRead, facts: DocumentFacts, draw: float) -> PollIntent:
    response, parsed, stored = read.response, facts.parsed, facts.stored
    counts = _counts(parsed, stored)
    state = feed_state.after_document(
        feed.state, response, parsed.digest, stored.new_published_at, draw=draw
    )
    if not parsed.is_whole:  # validators, or the same bytes, would hide what is not stored yet
        state = feed_state.without_validators(state)
    seen = response if parsed.is_whole else _without_validators(response)
    poll = _poll(response, "changed", counts, read.at)
    return PollIntent(
        feed=feed,
        poll=replace(poll, gap=_is_gap(feed, stored)),
        response=response,
        state=replace(
            state, guid_churn=facts.lasting.guid_streak, link_churn=facts.lasting.link_streak
        ),
        next_poll=schedule.after_answer(feed, seen, parsed.document, counts, draw=draw),
        keeps_body=True,
        rejected=(*parsed.rejected, *stored.refused),
        description=_description(feed, parsed),
        moved_to=_moved_to(feed, state, read.at),
        fetches=tuple(_child(feed, child) for child in read.children),
        holds=_child_holds(feed, read.children),
    )


def _double(feed: DueFeed, read: FeedRead, draw: float) -> PollIntent:
    """The feed is not polled any more, so there is nothing to be remembered of it."""
    same = Same(response=read.response, outcome="unchanged")
    return replace(_same(feed, same, draw), state=feed.state, moved_to=None)


def _same(feed: DueFeed, same: Same, draw: float) -> PollIntent:
    response = same.response
    if same.outcome == "unchanged":
        digest = feed.state.validators.body_sha256
        state = feed_state.after_document(feed.state, response, digest, draw=draw)
    else:
        state = feed_state.after_not_modified(feed.state, response)
    return PollIntent(
        feed=feed,
        poll=_poll(response, same.outcome, Counts(), same.at),
        response=response,
        state=state,
        next_poll=schedule.after_answer(feed, response, None, Counts(), draw=draw),
        moved_to=_moved_to(feed, state, same.at),
    )


def _failed(feed: DueFeed, failed: Failed, draw: float) -> PollIntent:
    error, at = failed.error, failed.at
    poll = _poll(failed.response, "failed", Counts(), at)
    wait = error.retry_after if isinstance(error, FetchError) else None
    charged = error.reason.policy.is_charged
    hold = holds.hold(feed.host, error, at)
    return PollIntent(
        feed=feed,
        poll=replace(poll, reason=error.reason, message=text.clean(error.message)),
        response=failed.response,
        state=feed_state.after_failure(feed.state, error.reason, at) if charged else feed.state,
        next_poll=schedule.after_failure(feed, error, now=at, retry_after=wait, draw=draw),
        is_charged=charged,
        keeps_body=True,
        holds=(hold,) if hold else (),
    )


def _poll(response: Response | None, outcome: str, counts: Counts, at: datetime) -> Poll:
    return Poll(
        polled_at=at,
        outcome=outcome,
        status=response.status if response else None,
        duration_seconds=response.duration_seconds if response else 0.0,
        bytes=len(response.body) if response else 0,
        counts=counts,
    )


def _counts(parsed: ParsedFeed, stored: Stored) -> Counts:
    return Counts(
        new=len(stored.new_published_at),
        known=stored.known + parsed.repeats,
        updated=stored.updated,
        skipped=parsed.skipped,
        rejected=len(parsed.rejected) + len(stored.refused),
        merged=parsed.repeats,
    )


def _without_validators(response: Response) -> Response:
    """As the schedule is to see an answer whose validators are not kept: each poll costs it all."""
    names = response.headers.keys() - {"etag", "last-modified"}
    return replace(response, headers={name: response.headers[name] for name in names})


def _is_gap(feed: DueFeed, stored: Stored) -> bool:
    """Whether a document shares no entry with the last one: what was between them is unknown."""
    met_again = stored.known + stored.updated
    had_entries = bool(feed.state.rhythm.window_entries)
    return had_entries and bool(stored.new_published_at) and not met_again


def _description(feed: DueFeed, parsed: ParsedFeed) -> FeedDescription | None:
    """What the document says of its feed, if any of it is new; absent facts keep their value."""
    document = parsed.document
    told = (document.title, document.site_url, document.language)
    known = (feed.title, feed.site_url, feed.language)
    if all(new in (None, old) for new, old in zip(told, known, strict=True)):
        return None
    return FeedDescription(title=told[0], site_url=told[1], language=told[2])


def _moved_to(feed: DueFeed, state: FeedState, at: datetime) -> tuple[str, str] | None:
    """Where a feed lives from now on; one with headers of its own takes them to no other origin."""
    url = feed_state.adopted_url(state.move, at)
    if url is None or (feed.headers and urls.origin(url) != urls.origin(feed.url)):
        return None
    return url, urls.host(url)


def _child(feed: DueFeed, child: Child) -> FetchRecord:
    return FetchRecord(
        url=child.url,
        purpose="feed",
        asked_at=child.at,
        response=child.response,
        reason=child.error.reason if child.error else None,
        feed_id=feed.feed_id,
    )


def _child_holds(feed: DueFeed, children: Sequence[Child]) -> tuple[HostHold, ...]:
    found = (holds.hold(feed.host, one.error, one.at) for one in children if one.error)
    return tuple(one for one in found if one)
