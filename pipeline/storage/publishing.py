"""What publishing reads and writes, under the one lock: candidates, stories, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Features, Signed, StoryMember

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from pipeline.model import Link, PlannedStory, StoryPlace
    from pipeline.storage.database import Session

WINDOW_DAYS = 30  # how far apart two articles may have been first seen to be compared by shingles
BATCH = 200


@dataclass(frozen=True, slots=True)
class Numbers:
    """The last sequence numbers given."""

    ingest_seq: int
    change_seq: int


@dataclass(frozen=True, slots=True)
class Unpublished:
    """An article whose visible row changed; story_id and ingest_seq are None when it is new.

    `is_compared` says that its present text was held against the others before.
    """

    article_id: int
    first_seen_at: datetime
    is_compared: bool
    story_id: int | None
    ingest_seq: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How candidates are looked for: at most the `newest` articles of a hash, `most` of a text.

    `least_shared` hashes in common are wanted, one where a text has fewer than `few_hashes`.
    """

    newest: int
    least_shared: int
    few_hashes: int
    most: int


@dataclass(frozen=True, slots=True)
class _Pair:
    article_id: int
    other_article_id: int


@dataclass(frozen=True, slots=True)
class _Parted:
    story_id: int
    other_story_id: int


@dataclass(frozen=True, slots=True)
class _Text:
    article_id: int
    text_hash: bytes
    token_count: int
    triples: bytes
    fives: bytes
    names: bytes
    numbers: bytes


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
    await tx.run("post_fingerprints", article_ids=_ids(articles), newcomers=_newcomers(articles))


async def hash_matches(
    tx: Session, articles: Sequence[Unpublished], search: Search
) -> list[tuple[int, int]]:
    """Return for each article the others worth a decision: those that share most hashes with it.

    A new article is held against those published and those before it in the batch, so that the size of a batch is no
    matter; a changed one against all that are published.
    """
    rows = await tx.rows(
        _Pair,
        "fingerprint_matches",
        article_ids=_ids(articles),
        newcomers=_newcomers(articles),
        window_days=WINDOW_DAYS,
        newest=search.newest,
        least_shared=search.least_shared,
        few_hashes=search.few_hashes,
        most=search.most,
    )
    return [(row.article_id, row.other_article_id) for row in rows]


async def text_matches(
    tx: Session, articles: Sequence[Unpublished], *, least_tokens: int, most: int
) -> list[tuple[int, int]]:
    """Return (article, other) with the same words, for texts of at least `least_tokens`."""
    rows = await tx.rows(
        _Pair, "text_matches", article_ids=_ids(articles), least_tokens=least_tokens, most=most
    )
    return [(row.article_id, row.other_article_id) for row in rows]


async def signed(tx: Session, article_ids: Iterable[int]) -> dict[int, Signed]:
    """Return what is told of these articles' texts at a glance, by article."""
    rows = await tx.rows(Signed, "signed_articles", article_ids=sorted(article_ids))
    return {row.article_id: row for row in rows}


async def features(tx: Session, article_ids: Iterable[int]) -> dict[int, Features]:
    """Return what decides about these articles' texts, by article."""
    rows = await tx.rows(_Text, "article_features", article_ids=sorted(article_ids))
    return {
        row.article_id: Features(
            text_hash=row.text_hash,
            token_count=row.token_count,
            triples=row.triples,
            fives=row.fives,
            names=row.names,
            numbers=row.numbers,
        )
        for row in rows
    }


async def parted(tx: Session, story_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs of these stories that an operator holds apart."""
    rows = await tx.rows(_Parted, "parted_stories", story_ids=sorted(story_ids))
    return {(row.story_id, row.other_story_id) for row in rows}


async def seats(
    tx: Session, story_ids: Iterable[int], newcomers: Iterable[int]
) -> list[StoryMember]:
    """Return every article of these stories and every newcomer, by number."""
    return await tx.rows(
        StoryMember, "story_seats", story_ids=sorted(story_ids), newcomers=sorted(newcomers)
    )


async def add_stories(tx: Session, stories: Sequence[PlannedStory]) -> list[int]:
    """Make stories and return their numbers, in order."""
    if not stories:
        return []
    found = await tx.values(
        "add_stories",
        leads=[story.leader.article_id for story in stories],
        seen=[story.first_seen_at for story in stories],
    )
    return sorted(found)


async def keep_leads(tx: Session, stories: Sequence[PlannedStory]) -> None:
    """Write who leads the stories that have a number."""
    known = [story for story in stories if story.story_id is not None]
    if known:
        await tx.run(
            "lead_stories",
            story_ids=[story.story_id for story in known],
            leads=[story.leader.article_id for story in known],
            seen=[story.first_seen_at for story in known],
        )


async def point(tx: Session, stories: Sequence[PlannedStory]) -> None:
    """Let the numbers of merged stories point to those that stay."""
    into = {merged: story.story_id for story in stories for merged in story.merged}
    if into:
        await tx.run("merge_stories", merged=list(into), story_ids=list(into.values()))


async def drop(tx: Session, stories: Sequence[PlannedStory]) -> None:
    """Remove stories that were merged into these, after their articles moved."""
    merged = [number for story in stories for number in story.merged]
    if merged:
        await tx.run("drop_stories", merged=merged)


async def link(tx: Session, links: Sequence[Link]) -> None:
    """Keep why articles were joined."""
    if not links:
        return
    await tx.run(
        "add_story_links",
        article_ids=[link.article_id for link in links],
        others=[link.other_article_id for link in links],
        kinds=[link.kind for link in links],
        scores=[link.score for link in links],
        reasons=[link.reason for link in links],
    )


async def place(
    tx: Session,
    placed: Sequence[StoryPlace],
    ingest_seqs: Sequence[int],
    change_seqs: Sequence[int],
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


def _ids(articles: Sequence[Unpublished]) -> list[int]:
    return [article.article_id for article in articles]


def _newcomers(articles: Sequence[Unpublished]) -> list[int]:
    return [article.article_id for article in articles if article.story_id is None]
