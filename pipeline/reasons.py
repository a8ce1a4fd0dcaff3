"""Why something failed: the closed list, and what follows from each reason.

The one home of what is done about a reason. Table `ingest.reasons` and `news.values` hold the same
values and meanings; a test compares them. An expected failure (`pipeline.errors`) carries one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Self


class Retry(Enum):
    """Whether a page that failed is asked for again (`articles.recheck_policy` says when)."""

    BACK_OFF = auto()
    """It may pass by itself: again and again, with growing waits."""
    FEW = auto()
    """The page answered and holds no article yet: a few more times within three days."""
    NEVER = auto()
    """No later attempt can end otherwise."""


class FeedText(Enum):
    """When the text that a feed carries may stand in for its page."""

    AT_ONCE = auto()
    """The page has nothing to show, or may not be asked."""
    LATER = auto()
    """The page may come back: after the third failed attempt."""
    NEVER = auto()
    """The failure says nothing of the page."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done about a reason.

    `is_charged`: the failure counts against the feed or page. `again_soon`: it says nothing of
    who was asked, who is asked again within minutes. `until_tomorrow`: a feed is not polled again
    within the day. `can_be_reread`: the page was fetched and kept, so a better extractor may find
    its article.
    """

    retry: Retry
    feed_text: FeedText
    is_charged: bool = True
    again_soon: bool = False
    until_tomorrow: bool = False
    can_be_reread: bool = False


_PASSING = Policy(Retry.BACK_OFF, FeedText.LATER)
_OURS = Policy(Retry.BACK_OFF, FeedText.NEVER, is_charged=False, again_soon=True)
_REFUSED = Policy(Retry.FEW, FeedText.LATER)
_LASTING = Policy(Retry.FEW, FeedText.AT_ONCE)
_NO_ARTICLE = Policy(Retry.FEW, FeedText.AT_ONCE, can_be_reread=True)
_KILLED = Policy(Retry.BACK_OFF, FeedText.LATER, can_be_reread=True)
_NO_ENTRY = Policy(Retry.NEVER, FeedText.NEVER)


class Reason(StrEnum):
    """A value of the closed list, with its `policy` and its `meaning`."""

    policy: Policy
    meaning: str

    def __new__(cls, value: str, policy: Policy, meaning: str) -> Self:
        """Make a member that is its value as text."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.policy = policy
        member.meaning = meaning
        return member

    # The network and the server.
    DNS = "dns", _PASSING, "the host name could not be resolved"
    CONNECT = "connect", _PASSING, "no connection to the host"
    TLS = "tls", _PASSING, "the secure connection failed"
    TIMEOUT = "timeout", _PASSING, "no complete answer before the deadline"
    TOO_SLOW = "too_slow", _PASSING, "the answer came slower than the least rate"
    TOO_LARGE = (
        "too_large",
        Policy(Retry.FEW, FeedText.AT_ONCE, until_tomorrow=True),
        "the answer exceeds the size limits",
    )
    TRUNCATED_TRANSFER = (
        "truncated_transfer",
        _PASSING,
        "the answer ended before its declared end",
    )
    BAD_ENCODING = "bad_encoding", _LASTING, "the content-encoding could not be undone"
    BLOCKED_ADDRESS = (
        "blocked_address",
        Policy(Retry.FEW, FeedText.LATER, until_tomorrow=True),
        "the host resolves to an address that may not be reached",
    )
    BAD_URL = (
        "bad_url",
        Policy(Retry.NEVER, FeedText.NEVER, until_tomorrow=True),
        "not an http or https address that could be asked for",
    )
    REDIRECT_LOOP = "redirect_loop", _REFUSED, "redirects that go round or never end"
    HTTP_4XX = "http_4xx", _REFUSED, "the server refused with a status of 400 to 499"
    HTTP_5XX = "http_5xx", _PASSING, "the server failed with a status of 500 to 599"
    GONE = (
        "gone",
        Policy(Retry.NEVER, FeedText.AT_ONCE),
        "the server said 410: gone for good",
    )
    RATE_LIMITED = "rate_limited", _PASSING, "the server asked to be left alone for a while"
    ROBOTS = "robots", _LASTING, "robots.txt does not allow this page"
    NETWORK_DOWN = "network_down", _OURS, "our own network was away"
    HOST_BUSY = (
        "host_busy",
        _OURS,
        (
            "the host or address it leads to was being asked by others all the time;"
            " tried again soon, nobody is charged"
        ),
    )
    NOT_RECORDED = (
        "not_recorded",
        Policy(Retry.NEVER, FeedText.NEVER, is_charged=False),
        "the recorded web holds no answer for this address",
    )

    # What a feed holds.
    NOT_A_FEED = "not_a_feed", _REFUSED, "a readable answer that is no feed"
    UNREADABLE = "unreadable", _REFUSED, "a feed of which nothing could be read"
    NO_LINK = "no_link", _NO_ENTRY, "the entry names no usable address"
    NO_IDENTITY = "no_identity", _NO_ENTRY, "the entry has nothing it could be known by"
    OVER_CAP = (
        "over_cap",
        _NO_ENTRY,
        "beyond the number of entries taken from one document or day",
    )
    TOMBSTONED = "tombstoned", _NO_ENTRY, "was removed on request and stays away"

    # What a page holds.
    NOT_HTML = "not_html", _NO_ARTICLE, "the page is no HTML document"
    NO_TEXT = "no_text", _NO_ARTICLE, "no article text was found on the page"
    SOFT_404 = "soft_404", _NO_ARTICLE, "a page that says not found, under a success status"
    PAYWALL = (
        "paywall",
        _NO_ARTICLE,
        "a wall for subscribers shows nothing of the article",
    )
    CONSENT_WALL = (
        "consent_wall",
        _NO_ARTICLE,
        "a consent form stands in place of the article",
    )
    BOT_WALL = (
        "bot_wall",
        _NO_ARTICLE,
        "a challenge for robots stands in place of the article",
    )
    LISTING = "listing", _NO_ARTICLE, "a page of links, not an article"

    # Ourselves.
    WORKER_KILLED = "worker_killed", _KILLED, "the page killed the process that read it"
    WORKER_TIMEOUT = "worker_timeout", _KILLED, "reading the page took longer than allowed"
    DATABASE = "database", _PASSING, "Postgres refused the row"
    INTERNAL = (
        "internal",
        _PASSING,
        "a fault in Broadsheet itself; the message helps to report it",
    )


BY_VALUE = {str(reason): reason for reason in Reason}
"""The reasons by the text that stands for them."""
