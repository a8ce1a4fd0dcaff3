"""Answers of pages that are kept, to be read again without asking for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pipeline.model import DueArticle, Hop, Response
from pipeline.packing import unpacked
from pipeline.reasons import Reason
from pipeline.storage.pages import due_article

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pipeline.storage.database import Database, Session

NOBODY = UUID(int=0)  # the lease of an article that is held by the transaction alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which articles are read again; None stands for any. `extractor` may lack its version."""

    site: str | None = None
    since: datetime | None = None
    extractor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """An article, what it says now, and the answer that said so (None: pruned)."""

    article_id: int
    url: str
    outcome: str
    title: str | None
    text: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    language: str | None
    extractor: str | None
    text_source: str | None
    access: str | None
    response: Response | None


@dataclass(frozen=True, slots=True)
class _Row:
    article_id: int
    outcome: str
    url: str
    text_fetched_at: datetime | None
    title: str | None
    text: str | None
    authors: list[str]
    published_at: datetime | None
    language: str | None
    extractor: str | None
    text_source: str | None
    access: str | None
    asked: str | None
    final_url: str | None
    fetched_at: datetime | None
    status: int | None
    hops: list[tuple[str, int]] | None
    headers: Mapping[str, str] | None
    duration_seconds: float | None
    body: bytes | None


async def count(db: Database, choice: Choice) -> int:
    """Return how many articles there are to be read again, pruned ones included."""
    async with db.session() as session:
        return int(await session.value("count_kept_pages", **_values(choice)))


async def batch(db: Database, choice: Choice, *, after: int, most: int) -> list[StoredPage]:
    """Return the next articles, by number, after the one with the number `after`."""
    async with db.session() as session:
        rows = await session.rows(_Row, "kept_pages", after=after, most=most, **_values(choice))
    return [_kept(row) for row in rows]


async def latest(db: Database, article_id: int) -> StoredPage | None:
    """Return an article with the last answer of its page; None for a number that no article has.

    The answer that gave the present text goes before later ones that gave none.
    """
    async with db.session() as session:
        row = await session.row(_Row, "latest_page", article_id=article_id)
    return _kept(row) if row else None


async def hold(tx: Session, article_id: int, now: datetime) -> DueArticle | None:
    """Return an article's place in the queue, held for this transaction; None when it is in use."""
    return await tx.row(due_article, "hold_article", article_id=article_id, token=NOBODY, now=now)


def response(
    *,
    url: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    fetched_at: datetime,
    hops: Sequence[tuple[str, int]],
) -> Response:
    """Return an answer as it was when it came."""
    steps = tuple(Hop(url=hop, status=redirect) for hop, redirect in hops)
    return Response(url, status, headers, body, fetched_at, steps)


def _values(choice: Choice) -> dict[str, Any]:
    return {
        "site": choice.site,
        "since": choice.since,
        "extractor": choice.extractor,
        "reasons": [reason for reason in Reason if reason.policy.can_be_reread],
    }


def _kept(row: _Row) -> StoredPage:
    answer = None
    if row.body is not None and row.final_url and row.fetched_at and row.status is not None:
        answer = response(
            url=row.final_url,
            status=row.status,
            headers=row.headers or {},
            body=unpacked(row.body),
            fetched_at=row.fetched_at,
            hops=row.hops or [],
        )
    return StoredPage(
        article_id=row.article_id,
        url=row.url,
        outcome=row.outcome,
        title=row.title,
        text=row.text,
        authors=tuple(row.authors),
        published_at=row.published_at,
        language=row.language,
        extractor=row.extractor,
        text_source=row.text_source,
        access=row.access,
        response=answer,
    )
