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
    """A reading with the entries that are stored, by identity.

    `churn` counts documents in a row that showed known entries under new guids.
    """

    reading: ParsedFeed
    known: Mapping[bytes, KnownEntry]
    churn: int


async def recognised(tx: Session, feed: DueFeed, reading: ParsedFeed, now: datetime) -> Recognised:
    """Return what is known of a reading; change what the feed's entries are known by if need be.

    When it changes, the stored entries take their new identities with it, so that no entry comes
    in anew.
    """
    known = await entries.known(tx, feed, reading.found)
    fresh = [one for one in reading.found if one.identity not in known]
    shown = 0
    if churn.is_likely(feed, reading, fresh):
        shown = await entries.shown_before(tx, feed, fresh, now)
    streak = churn.streak(feed, fresh, shown)
    if streak < churn.POLLS:
        return Recognised(reading=reading, known=known, churn=streak)
    rule = churn.rule(reading)
    again = parsed_feed.known_by(reading, rule)
    await polls.choose_identity(tx, feed, rule)
    await entries.rekey(tx, feed, again.found, now)
    known = await entries.known(tx, feed, again.found)
    return Recognised(reading=again, known=known, churn=0)
