"""What ingesting pages reads and writes: leases, facts for the decision, and its intents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from pipeline.model import (
    ArticleState,
    Claimant,
    DueArticle,
    EntryFacts,
    PageFacts,
    Revision,
    Validators,
)
from pipeline.storage import leases
from pipeline.storage.fetches import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from pipeline.storage.database import Database, Session
    from pipeline.storage.leases import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page whose facts are wanted: its claim, its further address keys, when it answered."""

    due: DueArticle
    keys: Sequence[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class _Address:
    url_digest: bytes
    article_id: int


def due_article(  # noqa: PLR0913 - the columns of a claim
    *,
    article_id: int,
    url: str,
    url_key: str,
    host: str,
    due_at: datetime,
    lease_token: UUID,
    fetched_at: datetime | None,
    first_fetched_at: datetime | None,
    text_source: str | None,
    access: str | None,
    fetch_pages: bool | None = None,
    **state: Any,
) -> DueArticle:
    """Return a claimed article from the columns of a claim; the rest of them are its state."""
    return DueArticle(
        article_id=article_id,
        url=url,
        url_key=url_key,
        host=host,
        due_at=due_at,
        lease_token=lease_token,
        state=ArticleState(due_at=due_at, **state),
        fetched_at=fetched_at,
        first_fetched_at=first_fetched_at,
        text_source=text_source,
        access=access,
        fetch_pages=fetch_pages,
    )


async def claim(db: Database, **terms: Unpack[Terms]) -> list[DueArticle]:
    """Take due articles, oldest first."""
    return await leases.claim(db, due_article, "claim_due_articles", terms)


async def begin(db: Database, group: Sequence[DueArticle]) -> Sequence[None]:
    """Note that the work on these very articles begins: a claim that ends unfinished counts."""
    async with db.session() as session:
        await session.run(
            "begin_articles",
            article_ids=[due.article_id for due in group],
            tokens=[due.lease_token for due in group],
        )
    return [None] * len(group)


async def entry_facts(db: Database, article_ids: Sequence[int]) -> list[list[EntryFacts]]:
    """Return what each entry said of the articles, the first entry first; a list an article."""
    found: dict[int, list[EntryFacts]] = {article_id: [] for article_id in article_ids}

    def row(article_id: int, **facts: Any) -> None:
        found[article_id].append(EntryFacts(**facts))

    async with db.session() as session:
        await session.rows(row, "article_entries", article_ids=list(found))
    return [found[article_id] for article_id in article_ids]


async def validators(db: Database, article_id: int) -> Validators:
    """Return what the page's last full answer can be asked about again."""
    async with db.session() as session:
        found = await session.row(Validators, "page_validators", article_id=article_id)
    return found or Validators(etag=None, last_modified=None)


async def facts(tx: Session, wanted: Sequence[Wanted]) -> dict[int, PageFacts]:
    """Lock pages and return what their decisions look at, by article.

    An article whose lease went to somebody else is missing. Addresses are claimed here, before the
    decision: a mere look could be overtaken by another worker with the same page.
    """
    mine = set(
        await tx.values(
            "lock_pages",
            article_ids=[one.due.article_id for one in wanted],
            tokens=[one.due.lease_token for one in wanted],
        )
    )
    return await unlocked_facts(tx, [one for one in wanted if one.due.article_id in mine])


async def unlocked_facts(tx: Session, wanted: Sequence[Wanted]) -> dict[int, PageFacts]:
    """Return the facts of pages that the caller has locked already."""
    owners = await _owners(tx, wanted)
    revisions = await _revisions(tx, [one for one in wanted if one.due.fetched_at is not None])
    return {
        number: PageFacts(revisions=tuple(revisions[number]), owner=owners.get(number))
        for number in (one.due.article_id for one in wanted)
    }


async def _owners(tx: Session, wanted: Sequence[Wanted]) -> dict[int, Claimant]:
    """Claim the pages' addresses; return the other article that owns one, by the page's article.

    Both articles are locked, all pairs in one order, so that no two can give way to each other.
    """
    claimed = [(digest(key), key, one) for one in wanted for key in one.keys]
    if not claimed:
        return {}
    await tx.run(
        "claim_addresses",
        digests=[key_digest for key_digest, _, _ in claimed],
        keys=[key for _, key, _ in claimed],
        article_ids=[one.due.article_id for _, _, one in claimed],
        times=[one.at for _, _, one in claimed],
    )
    digests = [key_digest for key_digest, _, _ in claimed]
    rows = await tx.rows(_Address, "known_addresses", digests=digests)
    owner = {row.url_digest: row.article_id for row in rows}
    pairs = [(one.due.article_id, owner[key_digest]) for key_digest, _, one in claimed]
    others = {own: other for own, other in sorted(pairs, reverse=True) if other != own}
    if not others:
        return {}
    article_ids = sorted({*others.keys(), *others.values()})
    rows_locked = await tx.rows(Claimant, "lock_articles", article_ids=article_ids)
    claimants = {row.article_id: row for row in rows_locked}
    return {own: claimants[other] for own, other in others.items()}


async def _revisions(tx: Session, wanted: Sequence[Wanted]) -> Mapping[int, Sequence[Revision]]:
    found: defaultdict[int, list[Revision]] = defaultdict(list)
    if not wanted:
        return found

    def row(article_id: int, **revision: Any) -> None:
        found[article_id].append(Revision(**revision))

    await tx.rows(
        row,
        "article_revisions",
        article_ids=[one.due.article_id for one in wanted],
        times=[one.at for one in wanted],
    )
    return found
