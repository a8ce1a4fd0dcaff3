"""The values that travel through the flow.

All times are aware UTC datetimes or None, absent text is None, lists are tuples. Every value
pickles: the heavy steps run in other processes.
"""

from pipeline.model.article import (
    Article,
    ArticleText,
    DueArticle,
    FeedWord,
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
    Found,
    NextPoll,
    Poll,
    Rejected,
    Stored,
    Wish,
)
from pipeline.model.story import (
    Features,
    Fingerprint,
    Link,
    Placed,
    Ruling,
    Seat,
    Seated,
    Signature,
    Signed,
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
    "Features",
    "FeedMemory",
    "FeedWord",
    "Fetch",
    "Fingerprint",
    "Found",
    "Hop",
    "Link",
    "NextLook",
    "NextPoll",
    "Placed",
    "Poll",
    "Rejected",
    "Request",
    "Response",
    "Revision",
    "Robots",
    "Ruling",
    "Seat",
    "Seated",
    "Signature",
    "Signed",
    "StatedDate",
    "Stored",
    "StoryText",
    "Validators",
    "Wish",
]
