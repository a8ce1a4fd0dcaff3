"""The values that travel through the flow.

All times are aware UTC datetimes or None, absent text is None, lists are tuples. Every value
pickles: the heavy steps run in other processes.
"""

from pipeline.model.article import (
    Article,
    ArticleText,
    DueArticle,
    EntryFacts,
    NextLook,
    Revision,
    StatedDate,
)
from pipeline.model.feed import (
    Counts,
    Document,
    DueFeed,
    Enclosure,
    Entry,
    FeedMemory,
    NextPoll,
    ParsedEntry,
    Poll,
    Rejected,
    ScheduleInput,
    Stored,
)
from pipeline.model.identity import EntryKeys, KnownEntry, Match
from pipeline.model.story import (
    Features,
    Fingerprint,
    Link,
    PlannedStory,
    Ruling,
    Signature,
    Signed,
    StoryMember,
    StoryPlace,
    StoryText,
)
from pipeline.model.web import (
    Fetch,
    Hop,
    Request,
    Response,
    Robots,
    Validators,
)

__all__ = [
    "Article",
    "ArticleText",
    "Counts",
    "Document",
    "DueArticle",
    "DueFeed",
    "Enclosure",
    "Entry",
    "EntryFacts",
    "EntryKeys",
    "Features",
    "FeedMemory",
    "Fetch",
    "Fingerprint",
    "Hop",
    "KnownEntry",
    "Link",
    "Match",
    "NextLook",
    "NextPoll",
    "ParsedEntry",
    "PlannedStory",
    "Poll",
    "Rejected",
    "Request",
    "Response",
    "Revision",
    "Robots",
    "Ruling",
    "ScheduleInput",
    "Signature",
    "Signed",
    "StatedDate",
    "Stored",
    "StoryMember",
    "StoryPlace",
    "StoryText",
    "Validators",
]
