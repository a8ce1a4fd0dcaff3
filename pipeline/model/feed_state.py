"""What is known of a feed between polls: claimed, decided anew, and written as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from pipeline.model.feed import ScheduleInput
    from pipeline.model.identity import IdentityRule, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedValidators:
    """What the last document can be asked about again, byte for byte, and where it came from.

    `url` is the address that answered; a validator is sent to no other host. `body_sha256` is the
    digest of the document's content (`feeds.identity.content_digest`).
    """

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None
    body_sha256: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """Successes and failures: the streaks are of polls in a row, `gone` counts answers 410."""

    last_success_at: datetime | None = None
    failure_streak: int = 0
    failing_since: datetime | None = None
    gone_streak: int = 0
    gone_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMove:
    """Where permanent redirects say that the feed lives now, in how many polls, since when."""

    url: str | None = None
    streak: int = 0
    moved_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatorTrust:
    """What the feed's validators are worth (`feeds.scheduling.validator_trust`).

    `audit_at` is when it is asked without them, `distrust` the lie that was seen.
    """

    not_modified_at: datetime | None = None
    audit_at: datetime | None = None
    distrusted_at: datetime | None = None
    distrust: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRhythm:
    """What the schedule has learned: the rate model, and the publisher's standing hints.

    `entry_rate` is in new entries a day, `rate_model` the numbers of `feeds.scheduling.rate`,
    `window_entries` the entries of the last document. `skip_hours` are hours of the day,
    `skip_days` days of the week (0 is Monday) in GMT; `skip_broken` counts entries published in
    them all the same.
    """

    entry_rate: float | None = None
    rate_model: Sequence[float] | None = None
    window_entries: int | None = None
    ttl_seconds: float | None = None
    fresh_seconds: float | None = None
    skip_hours: Sequence[int] = ()
    skip_days: Sequence[int] = ()
    skip_broken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """All that is remembered of a feed.

    `guid_churn` and `link_churn` count documents in a row that spoke against what is known of the
    feed's guids and links (`feeds.identity.churn`).
    """

    validators: FeedValidators = FeedValidators()
    health: FeedHealth = FeedHealth()
    move: FeedMove = FeedMove()
    trust: ValidatorTrust = ValidatorTrust()
    rhythm: FeedRhythm = FeedRhythm()
    guid_churn: int = 0
    link_churn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFeed:
    """A feed that was claimed for polling: its state, and what an operator set for it.

    `headers` go with each request and may hold secrets: they are never shown.
    """

    feed_id: int
    url: str
    host: str
    due_at: datetime
    lease_token: UUID
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    last_polled_at: datetime | None = None
    every_seconds: float | None = None
    identity_rule: IdentityRule = "guid"
    volatile_keys: Sequence[Key] = ()
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    state: FeedState = FeedState()

    @property
    def item_id(self) -> int:
        """The id among the items of its queue."""
        return self.feed_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When a feed is asked again and why, and what the schedule has learned.

    `interval_seconds` is the policy's own wish, before hints, jitter and back-off; None after a
    failure. `due_at` is None when it is not asked again (`feed_state` gone). `plan` explains
    `due_at`: each input, and which one won.
    """

    due_at: datetime | None
    reason: str
    interval_seconds: float | None
    rhythm: FeedRhythm
    plan: tuple[ScheduleInput, ...] = ()
    feed_state: Literal["active", "gone"] = "active"
