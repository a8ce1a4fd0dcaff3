"""Leases on claimed feeds and articles, and on their hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NotRequired, TypedDict, TypeVar

from pipeline.model import DueArticle, DueFeed

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from pipeline.storage.database import Database

Claimed = Sequence[DueFeed] | Sequence[DueArticle]
Due = TypeVar("Due", DueFeed, DueArticle)

LEASE = timedelta(seconds=60)
PER_HOST = 8  # due items of one host that one claim takes
# Due items of free hosts that a claim looks at, for each host that it may take: at a million
# feeds each look may read a page. A host with more due than that hides the others.
LOOK_AHEAD, LEAST_LOOK_AHEAD = 2, 200


class Terms(TypedDict):
    """What a claim asks for: items due by `due_by`, of up to `hosts` free hosts, under `token`.

    `feed_ids` keeps to these feeds, or to articles that they showed. Without `heed_hosts` a host
    counts as free whatever it asked for and whoever talks to it.
    """

    now: datetime
    due_by: datetime
    hosts: int
    token: UUID
    feed_ids: NotRequired[Sequence[int] | None]
    heed_hosts: NotRequired[bool]


async def claim(db: Database, kind: Callable[..., Due], query: str, terms: Terms) -> list[Due]:
    """Take due items, a few of each host, and lease them and their hosts; oldest first."""
    async with db.session() as session:
        found = await session.rows(kind, query, **values(terms))
        claimed = list(found)
        while _is_crowded(found) and (left := terms["hosts"] - len(_hosts(claimed))) > 0:
            found = await session.rows(kind, query, **values({**terms, "hosts": left}))
            claimed += found
        return sorted(claimed, key=lambda one: (one.due_at, one.item_id))


def _is_crowded(claimed: Claimed) -> bool:
    """Whether one host may have hidden the others: it is leased now, and a new look passes it."""
    counts = Counter(item.host for item in claimed)
    return max(counts.values(), default=0) >= PER_HOST


def _hosts(claimed: Claimed) -> set[str]:
    return {item.host for item in claimed}


def values(terms: Terms) -> dict[str, object]:
    """Return the parameters of the claiming queries."""
    window = max(LOOK_AHEAD * terms["hosts"], LEAST_LOOK_AHEAD)
    chosen = {"feed_ids": None, "heed_hosts": True, **terms}
    return {**chosen, "per_host": PER_HOST, "window": window, "lease": LEASE}


async def renew(db: Database, claimed: Claimed, *, now: datetime) -> set[int]:
    """Push the leases of what is still in hand, and of its hosts; return the numbers of the items.

    An item that is missing was finished, or went to somebody else when its lease was over.

    Each statement commits by itself: held together, their locks could meet those of a
    transaction that writes an outcome and holds its host.
    """
    if not claimed:
        return set()
    feed_ids, article_ids, tokens = _numbers(claimed)
    until = now + LEASE
    async with db.session() as session:
        hosts = sorted(_hosts(claimed))
        await session.run("renew_hosts", until=until, hosts=hosts, tokens=tokens)
        kept = await session.values("renew_feeds", until=until, feed_ids=feed_ids, tokens=tokens)
        kept += await session.values(
            "renew_articles", until=until, article_ids=article_ids, tokens=tokens
        )
    return set(kept)


async def give_back(db: Database, claimed: Claimed, *, now: datetime) -> None:
    """End the leases of what was not worked on: it is due at once."""
    if not claimed:
        return
    feed_ids, article_ids, tokens = _numbers(claimed)
    async with db.session() as session:
        await session.run("release_feeds", now=now, tokens=tokens, feed_ids=feed_ids)
        await session.run("release_articles", now=now, tokens=tokens, article_ids=article_ids)


async def clear(db: Database) -> None:
    """Undo every claim: for a replay, which nobody else works on, after one that was killed."""
    async with db.session() as session:
        await session.run("clear_leases", lease=LEASE)


def _numbers(claimed: Claimed) -> tuple[list[int], list[int], list[UUID]]:
    return (
        [item.feed_id for item in claimed if isinstance(item, DueFeed)],
        [item.article_id for item in claimed if isinstance(item, DueArticle)],
        sorted({item.lease_token for item in claimed}),
    )
