"""Which entries of a document the feed has shown before: what is stored is read, then decided."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.feeds.identity import churn, entries, ladder, recognition
from pipeline.feeds.identity.churn import Lasting
from pipeline.feeds.identity.recognition import Stored
from pipeline.storage import entries as stored_entries
from pipeline.storage import polls

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import DueFeed, Match
    from pipeline.storage.database import Session

MANY_PAIRS = 100  # at some 0.1 ms each


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A document with the stored entries that its entries are, by identity.

    `lasting` is what the feed's identifiers are worth from now on.
    """

    parsed: ParsedFeed
    known: Mapping[bytes, Match]
    lasting: Lasting


async def recognised(tx: Session, feed: DueFeed, parsed: ParsedFeed, now: datetime) -> Seen:
    """Return what is known of a document, and write it when what the feed is known by changes."""
    before = Lasting(frozenset(feed.volatile_keys), feed.state.guid_churn, feed.state.link_churn)
    stored = await facts(tx, feed, parsed)
    # Few pairs are compared at once; many would keep the event loop from its other work.
    many = len(parsed.found) * len(stored.candidates) > MANY_PAIRS
    found = (
        await asyncio.to_thread(recognition.recognised, parsed.found, stored, before)
        if many
        else recognition.recognised(parsed.found, stored, before)
    )
    if found.lasting.volatile != before.volatile:
        rule = churn.rule(found.lasting.volatile, [one.keys for one in parsed.found])
        await polls.choose_identity(tx, feed, rule, found.lasting.volatile, now=now)
    merged = len(parsed.found) - len(found.found)
    return Seen(
        parsed=_without_removed(
            replace(parsed, found=found.found, repeats=parsed.repeats + merged), found.known
        ),
        known=found.known,
        lasting=found.lasting,
    )


async def facts(tx: Session, feed: DueFeed, parsed: ParsedFeed) -> Stored:
    """Read what the decision may look at.

    Most documents show stored entries just as they are; the rows that a new or changed entry may
    be are read for those that have one.
    """
    home = entries.home_page(parsed.document)
    settled = await stored_entries.known(tx, feed, parsed.found)
    fresh = recognition.unsettled(parsed.found, settled)
    if not fresh or feed.state.health.last_success_at is None:
        return Stored(settled=settled, home=home)
    rungs = {digest for one in fresh for digest in ladder.lookups(one.keys)}
    return Stored(
        settled=settled,
        candidates=await stored_entries.alike(tx, feed, fresh, rungs),
        newest=await stored_entries.newest(tx, feed),
        home=home,
    )


def _without_removed(parsed: ParsedFeed, known: Mapping[bytes, Match]) -> ParsedFeed:
    """Leave out entries whose articles were taken down, whatever their links are now: skipped."""
    left = tuple(
        one
        for one in parsed.found
        if one.identity not in known or not known[one.identity].row.is_removed
    )
    skipped = parsed.skipped + len(parsed.found) - len(left)
    return replace(parsed, found=left, skipped=skipped)
