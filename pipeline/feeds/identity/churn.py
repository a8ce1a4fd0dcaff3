"""Guids that do not last: feeds that give new ones to entries they have shown before.

Some systems make the guid of the time of the request, of a session or of a revision number. Each
poll would then bring every entry anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.feeds.identity.parsed_feed import ParsedFeed
    from pipeline.model import DueFeed, ParsedEntry
    from pipeline.model.feed import IdentityRule

POLLS = 3  # documents in a row: a site that moves house changes all guids once
SHARE = 0.95  # of the entries of a document
# Of the entries with new guids this many are known by link and headline; the others are new.
SHOWN_SHARE = 0.5
_BY_GUID = {"guid", "guid_link"}


def is_likely(feed: DueFeed, parsed: ParsedFeed, fresh: Sequence[ParsedEntry]) -> bool:
    """Return whether so many entries are new by their guids that it is worth a closer look."""
    if feed.identity_rule != "guid" or feed.state.health.last_success_at is None:
        return False
    by_guid = sum(one.rung in _BY_GUID for one in fresh)
    return by_guid > SHARE * len(parsed.found)


def streak(feed: DueFeed, fresh: Sequence[ParsedEntry], shown: int) -> int:
    """Return how many documents in a row have churned, this one with it.

    `shown` of the `fresh` entries are known under other guids.
    """
    return feed.state.guid_churn + 1 if shown > SHOWN_SHARE * len(fresh) else 0


def rule(parsed: ParsedFeed) -> IdentityRule:
    """Return what the feed's entries are known by instead: their links, if these differ."""
    links = {one.url_key for one in parsed.found if one.url_key}
    return "link" if len(links) > SHARE * len(parsed.found) else "content"
