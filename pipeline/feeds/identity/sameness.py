"""Whether two sightings are one entry, as a reader would say, and how sure that is. Pure.

The identifier decides where it is good: it tells the entries of the feed apart and this one's
headline, link, date and text do not all speak against it. Without one the link, the headline, the
date and the text decide together:

    same link and headline     one entry, unless the date is another and the text is not kept
                               ("Morning briefing")
    same link, other headline  a corrected headline where the link is good; at a link that several
                               entries share, only with the same date and text
    other link                 one entry only with the same headline and date, or headline and text
    no link                    headline and date, or the text, are the same
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.feeds.identity.comparison import LIKE, OTHER, SAME, UNKNOWN

if TYPE_CHECKING:
    from pipeline.feeds.identity.comparison import Compared

# How sure it is that two sightings are one entry; 0 is another entry. Surer pairs are made first.
NO = 0
CERTAIN = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the identifiers of an entry are worth in its feed.

    `guid`: the feed gives entries guids of their own, and no other entry has this one. `link`:
    the same of the link. `own`: nothing else has this guid or this link, though a feed of one
    entry does not show that others would have others. `page`: the link names an article, not a section or a "latest" page.
    `alone`: no other entry has the same link, headline and date.
    """

    guid: bool = False
    link: bool = False
    own: bool = False
    page: bool = False
    alone: bool = True


def sureness(found: Compared, trust: Trust) -> int:
    """Return how sure it is that two sightings are one entry, 0 to 9; 0 is no."""
    if found.guid is SAME and trust.guid:
        return _by_guid(found)
    if found.guid is OTHER:
        return _by_other_guids(found, trust)
    if found.link is SAME:
        return _at_one_link(found, trust)
    if found.link is OTHER:
        return _at_two_links(found)
    return _without_link(found, trust)


def _by_guid(found: Compared) -> int:
    """A good identifier: the entry is another only when all that can be compared says so."""
    against, agreeing = found.says(OTHER), found.says(SAME, LIKE)
    if against > 1 and not agreeing:
        return NO
    return CERTAIN if SAME in {found.title, found.link} else 6


def _by_other_guids(found: Compared, trust: Trust) -> int:
    """Two identifiers: one entry only where nothing else differs and something tells it.

    At a good link with the same date and text the headline may be corrected.
    """
    is_retitled = found.link is found.date is SAME and found.text in {SAME, LIKE}
    if is_retitled and trust.link:
        return 4
    if found.title is not SAME or OTHER in {found.link, found.date, found.text}:
        return NO
    told = found.date is SAME or found.text is SAME or (found.link is SAME and trust.link)
    return 6 if told else NO


def _at_one_link(found: Compared, trust: Trust) -> int:
    if found.title is SAME:
        return _at_one_link_and_title(found, trust)
    if found.title is UNKNOWN:
        return _by_text(found) or (
            4 if trust.link and OTHER not in {found.date, found.text} else NO
        )
    if not trust.link:
        return _retitled_at_a_shared_link(found, trust)
    if found.date is OTHER:
        is_kept = found.text in {SAME, LIKE} or (trust.page and found.text is UNKNOWN)
        return 4 if is_kept else NO
    return 4 if found.text is not OTHER or found.date is SAME or found.title is LIKE else NO


def _retitled_at_a_shared_link(found: Compared, trust: Trust) -> int:
    """A link that others have too, or that may be the only one of the feed."""
    if found.text is OTHER or found.date is OTHER:
        return NO
    if trust.own and found.guid is SAME:
        return 3  # nothing but the headline is another
    is_corrected = found.title is LIKE or found.text in {SAME, LIKE}
    return 3 if found.date is SAME and is_corrected else NO


def _at_one_link_and_title(found: Compared, trust: Trust) -> int:
    if found.date is OTHER:
        return {SAME: 7, LIKE: 6}.get(found.text, NO)
    if found.text is OTHER:
        return 6 if trust.alone else NO
    return 8 if found.date is SAME else 7


def _at_two_links(found: Compared) -> int:
    if found.title is not SAME or found.date is OTHER or found.text is OTHER:
        return NO
    if found.date is SAME and (found.text is not UNKNOWN or found.is_same_path):
        return 4
    return 3 if found.text is SAME and found.is_same_path else NO


def _without_link(found: Compared, trust: Trust) -> int:
    if found.title is UNKNOWN:
        return _by_text(found)
    if found.title is not SAME:
        is_kept = found.text in {SAME, LIKE} or (found.title is LIKE and found.text is UNKNOWN)
        return 2 if found.date is SAME and is_kept else NO
    if found.date is OTHER:
        return NO
    if found.text is OTHER:
        return 4 if trust.alone and (found.date is SAME or found.is_recounted) else NO
    return 5


def _by_text(found: Compared) -> int:
    """Entries without a headline."""
    if found.date is OTHER:
        return NO
    if found.text is SAME:
        return 5
    if found.text is LIKE and found.date is SAME:
        return 4
    # nothing but an identifier that nothing speaks against
    return 3 if found.guid is SAME and found.text is UNKNOWN else NO
