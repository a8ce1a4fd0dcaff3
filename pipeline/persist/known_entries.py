"""Which entries of a document the feed has shown before, under guids that may not last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.feeds.identity import churn, parsed_feed
from pipeline.storage import entries, polls

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import DueFeed
    from pipeline.storage.database import Session
    from pipeline.storage.entries import KnownEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A document with the entries that are stored, by identity.

    `churn` counts documents in a row that showed known entries under new guids.
    """

    parsed: ParsedFeed
    known: Mapping[bytes, KnownEntry]
    churn: int


async def recognised(tx: Session, feed: DueFeed, parsed: ParsedFeed, now: datetime) -> Recognised:
    """Return what is known of a document; change what the feed's entries are known by if need be.

    When it changes, the stored entries take their new identities with it, so that no entry comes
    in anew.
    """
    known = await entries.known(tx, feed, parsed.found)
    fresh = [one for one in parsed.found if one.identity not in known]
    shown = 0
    if churn.is_likely(feed, parsed, fresh):
        shown = await entries.shown_before(tx, feed, fresh, now)
    streak = churn.streak(feed, fresh, shown)
    if streak < churn.POLLS:
        return Recognised(parsed=parsed, known=known, churn=streak)
    rule = churn.rule(parsed)
    again = parsed_feed.known_by(parsed, rule)
    await polls.choose_identity(tx, feed, rule)
    await entries.rekey(tx, feed, again.found, now)
    known = await entries.known(tx, feed, again.found)
    return Recognised(parsed=again, known=known, churn=0)
