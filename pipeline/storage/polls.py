"""What a poll reads and writes: the feed's lease, the answer, the entries, the next poll."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Unpack

from pipeline.model import (
    DueFeed,
    FeedHealth,
    FeedMove,
    FeedRhythm,
    FeedState,
    FeedValidators,
    ValidatorTrust,
)
from pipeline.storage import leases
from pipeline.storage.fetches import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from pipeline.model import ParsedEntry
    from pipeline.model.identity import IdentityRule, Key
    from pipeline.storage.database import Database, Session
    from pipeline.storage.leases import Terms

DAY = timedelta(days=1)


def due_feed(  # noqa: PLR0913 - the columns of a claim
    *,
    feed_id: int,
    url: str,
    host: str,
    due_at: datetime,
    lease_token: UUID,
    title: str | None,
    site_url: str | None,
    language: str | None,
    last_polled_at: datetime | None,
    every_seconds: float | None,
    identity_rule: IdentityRule,
    volatile_keys: Sequence[Key],
    headers: Mapping[str, str] | None,
    **state: Any,
) -> DueFeed:
    """Return a claimed feed from the columns of a claim; the rest of them are its state."""
    return DueFeed(
        feed_id=feed_id,
        url=url,
        host=host,
        due_at=due_at,
        lease_token=lease_token,
        title=title,
        site_url=site_url,
        language=language,
        last_polled_at=last_polled_at,
        every_seconds=every_seconds,
        identity_rule=identity_rule,
        volatile_keys=volatile_keys,
        headers=headers,
        state=_state(state),
    )


def _state(row: Mapping[str, Any]) -> FeedState:
    return FeedState(
        validators=FeedValidators(
            etag=row["etag"],
            last_modified=row["last_modified"],
            url=row["validated_url"],
            body_sha256=row["body_sha256"],
        ),
        health=FeedHealth(
            last_success_at=row["last_success_at"],
            failure_streak=row["failure_streak"],
            failing_since=row["failing_since"],
            gone_streak=row["gone_streak"],
            gone_since=row["gone_since"],
        ),
        move=FeedMove(
            url=row["moved_to"], streak=row["moved_streak"], moved_since=row["moved_since"]
        ),
        trust=ValidatorTrust(
            not_modified_at=row["not_modified_at"],
            audit_at=row["audit_at"],
            distrusted_at=row["distrusted_at"],
            distrust=row["distrust"],
        ),
        rhythm=FeedRhythm(
            entry_rate=row["entry_rate"],
            rate_model=row["rate_model"],
            window_entries=row["window_entries"],
            ttl_seconds=row["ttl_seconds"],
            fresh_seconds=row["fresh_seconds"],
            skip_hours=row["skip_hours"],
            skip_days=row["skip_days"],
            skip_broken=row["skip_broken"],
        ),
        guid_churn=row["guid_churn"],
        link_churn=row["link_churn"],
    )


async def claim(db: Database, **terms: Unpack[Terms]) -> list[DueFeed]:
    """Take due feeds, oldest first."""
    return await leases.claim(db, due_feed, "claim_due_feeds", terms)


async def lock(tx: Session, feed: DueFeed, *, now: datetime) -> int | None:
    """Lock the feed for this transaction; None when its lease went to somebody else.

    Returns how many new entries it brought in the 24 hours before `now`.
    """
    found = await tx.value(
        "lock_feed", feed_id=feed.feed_id, token=feed.lease_token, since=now - DAY
    )
    return None if found is None else int(found)


async def choose_identity(
    tx: Session, feed: DueFeed, rule: IdentityRule, volatile: Iterable[Key], *, now: datetime
) -> None:
    """Know the entries of a feed by something else from now on."""
    names = sorted(volatile)
    await tx.run("choose_identity", feed_id=feed.feed_id, rule=rule, volatile=names, now=now)


async def move(tx: Session, feed: DueFeed, *, url: str, host: str, now: datetime) -> None:
    """Let the feed live at another address from now on; merge it with the feed that is there."""
    await tx.run("add_hosts", hosts=[host], now=now)
    key = digest(url)
    moved = await tx.run(
        "move_feed", feed_id=feed.feed_id, url=url, url_digest=key, host=host, now=now
    )
    if not moved:
        owner = await tx.value("feed_at_address", url_digest=key)
        await merge(tx, feed, into=owner)


async def twin(
    tx: Session, feed: DueFeed, *, answered: str, body_sha256: bytes, found: Sequence[ParsedEntry]
) -> int | None:
    """Return the feed of which this one is a double, by address and by what it shows.

    `answered` is the address that the document came from.
    """
    number = await tx.value(
        "twin_feed",
        feed_id=feed.feed_id,
        url=feed.url,
        answered=digest(answered),
        body_sha256=body_sha256,
        identities=[one.identity for one in found],
    )
    return None if number is None else int(number)


async def merge(tx: Session, feed: DueFeed, *, into: int) -> bool:
    """Let an active feed stand for this one, whose addresses it takes; its rows stay.

    False when the other one is not active any more.
    """
    return bool(await tx.run("merge_feed", feed_id=feed.feed_id, into_id=into))
