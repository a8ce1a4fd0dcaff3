"""What publishing reads and writes, under the one lock: candidates, stories, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.model import Seat, Signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Link, Placed
    from pipeline.storage.database import Session

WINDOW = timedelta(days=30)  # how far back the same text is looked for by its shingles
BATCH = 200


@dataclass(frozen=True, slots=True)
class Numbers:
    """The last sequence numbers given."""

    ingest_seq: int
    change_seq: int


@dataclass(frozen=True, slots=True)
class Unpublished:
    """An article whose visible row changed; story_id and ingest_seq are None when it is new."""

    article_id: int
    site: str
    published_at: datetime | None
    first_seen_at: datetime
    hashes: list[int]
    text_hash: bytes
    token_count: int
    story_id: int | None
    ingest_seq: int | None


@dataclass(frozen=True, slots=True)
class _HashMatch:
    """Two articles that share this many fingerprint hashes."""

    article_id: int
    other_article_id: int
    shared: int


@dataclass(frozen=True, slots=True)
class _TextMatch:
    """Two articles with the same words."""

    article_id: int
    other_article_id: int


async def lock(tx: Session) -> Numbers | None:
    """Become the only publisher until the transaction ends; None when there is another."""
    return await tx.row(Numbers, "lock_publishing")


async def batch(tx: Session) -> list[Unpublished]:
    """Return the next articles to publish, in the order of their numbers."""
    return await tx.rows(Unpublished, "unpublished_articles", most=BATCH)


async def make_findable(tx: Session, articles: Sequence[Unpublished]) -> None:
    """Post the fingerprints of the batch, so that its members find each other."""
    days = sorted({article.first_seen_at.date() for article in articles})
    await tx.run("make_fingerprint_months", days=days)
    await tx.run("post_fingerprints", article_ids=[a.article_id for a in articles])


async def hash_matches(
    tx: Session, article_ids: Sequence[int], *, since: date, newest: int
) -> list[tuple[int, int, int]]:
    """Return (article, other, shared hashes), with at most the `newest` articles of each hash."""
    rows = await tx.rows(
        _HashMatch, "fingerprint_matches", article_ids=article_ids, since=since, newest=newest
    )
    return [(row.article_id, row.other_article_id, row.shared) for row in rows]


async def text_matches(
    tx: Session, article_ids: Sequence[int], *, least_tokens: int, most: int
) -> list[tuple[int, int]]:
    """Return (article, other) with the same words, for texts of at least `least_tokens`."""
    rows = await tx.rows(
        _TextMatch, "text_matches", article_ids=article_ids, least_tokens=least_tokens, most=most
    )
    return [(row.article_id, row.other_article_id) for row in rows]


async def signed(tx: Session, article_ids: Iterable[int]) -> dict[int, Signed]:
    """Return what recognises these articles' texts, by article."""
    rows = await tx.rows(Signed, "article_features", article_ids=sorted(article_ids))
    return {row.article_id: row for row in rows}


async def seats(tx: Session, story_ids: Iterable[int], newcomers: Iterable[int]) -> list[Seat]:
    """Return every article of these stories and every newcomer, by number."""
    return await tx.rows(
        Seat, "story_seats", story_ids=sorted(story_ids), newcomers=sorted(newcomers)
    )


async def add_story(tx: Session, *, lead_article_id: int, first_seen_at: datetime) -> int:
    """Make a story and return its number."""
    found = await tx.value(
        "add_story", lead_article_id=lead_article_id, first_seen_at=first_seen_at
    )
    return int(found)


async def keep_lead(
    tx: Session, story_id: int, *, lead_article_id: int, first_seen_at: datetime
) -> None:
    """Write who leads the story."""
    await tx.run(
        "lead_story",
        story_id=story_id,
        lead_article_id=lead_article_id,
        first_seen_at=first_seen_at,
    )


async def point(tx: Session, story_id: int, merged: Sequence[int]) -> None:
    """Let the numbers of merged stories point to the one that stays."""
    await tx.run("merge_stories", story_id=story_id, merged=list(merged))


async def drop(tx: Session, merged: Sequence[int]) -> None:
    """Remove stories that were merged into others, after their articles moved."""
    await tx.run("drop_stories", merged=list(merged))


async def link(tx: Session, links: Sequence[Link]) -> None:
    """Keep why articles were joined."""
    await tx.run(
        "add_story_links",
        article_ids=[link.article_id for link in links],
        others=[link.other_article_id for link in links],
        kinds=[link.kind for link in links],
        scores=[link.score for link in links],
        reasons=[link.reason for link in links],
    )


async def place(
    tx: Session, placed: Sequence[Placed], ingest_seqs: Sequence[int], change_seqs: Sequence[int]
) -> None:
    """Write the visible side of these articles under their numbers."""
    await tx.run(
        "publish_articles",
        article_ids=[p.article_id for p in placed],
        ingest_seqs=list(ingest_seqs),
        change_seqs=list(change_seqs),
        story_ids=[p.story_id for p in placed],
        leads=[p.is_lead for p in placed],
        kinds=[p.kind for p in placed],
    )


async def finish(
    tx: Session, article_ids: Sequence[int], *, ingest_seq: int, change_seq: int
) -> None:
    """Take the batch off the queue, keep the last numbers, and tell the listeners."""
    await tx.run("published", article_ids=list(article_ids))
    await tx.run("advance_publishing", ingest_seq=ingest_seq, change_seq=change_seq)
