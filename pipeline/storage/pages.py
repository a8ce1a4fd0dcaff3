"""What ingesting a page reads and writes: the article's lease, addresses, texts, next look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from psycopg.types.json import Jsonb

from pipeline.model import ArticleText, DueArticle, EntryFacts, NextLook, Revision, Validators
from pipeline.storage import leases
from pipeline.storage.fetches import digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import Signature
    from pipeline.storage.database import Database, Session
    from pipeline.storage.leases import Terms


@dataclass(frozen=True, slots=True)
class _Claimant:
    article_id: int
    alias_of: int | None
    has_text: bool
    may_get_text: bool
    is_removed: bool


@dataclass(frozen=True, slots=True)
class _Address:
    url_digest: bytes
    article_id: int


async def claim(db: Database, **terms: Unpack[Terms]) -> list[DueArticle]:
    """Take due articles, oldest first."""
    articles = await leases.claim(db, DueArticle, "claim_due_articles", terms)
    return sorted(articles, key=lambda article: (article.due_at, article.article_id))


async def postpone(tx: Session, due: DueArticle, *, until: datetime | None) -> None:
    """Give a claim back as if it had not been made, to be due at `until`."""
    await tx.run(
        "release_articles", now=until, article_ids=[due.article_id], tokens=[due.lease_token]
    )


async def is_mine(tx: Session, due: DueArticle) -> bool:
    """Lock the article for this transaction; False when its lease went to somebody else."""
    found = await tx.value("lock_article", article_id=due.article_id, token=due.lease_token)
    return found is not None


async def feed_words(db: Database, article_id: int) -> list[EntryFacts]:
    """Return what each entry said of the article, the first entry first."""
    async with db.session() as session:
        return await session.rows(EntryFacts, "article_entries", article_id=article_id)


async def root(tx: Session, due: DueArticle, keys: Sequence[str], now: datetime) -> int:
    """Claim the page's addresses and return the article they belong to: this one, or another.

    Addresses of another article mean that the two are one. This one gives way, unless it has a
    text already (what was published stays) or the other one failed (then that one gives way: no
    text is lost to an address that cannot be had). One that was removed never does. Two workers that meet from both sides lock
    the pair in one order.
    """
    digests = sorted({digest(key): key for key in keys}.items())
    await tx.run(
        "claim_addresses",
        article_id=due.article_id,
        now=now,
        digests=[d for d, _ in digests],
        keys=[k for _, k in digests],
    )
    rows = await tx.rows(_Address, "known_addresses", digests=[d for d, _ in digests])
    others = {row.article_id for row in rows} - {due.article_id}
    if not others:
        return due.article_id
    pair = sorted({min(others), due.article_id})
    claimants = {
        c.article_id: c for c in await tx.rows(_Claimant, "lock_articles", article_ids=pair)
    }
    own, other = claimants[due.article_id], claimants[min(others)]
    if own.has_text or other.alias_of == own.article_id:
        return own.article_id
    if other.alias_of or other.has_text or other.may_get_text or other.is_removed:
        return other.alias_of or other.article_id
    await make_alias(tx, other.article_id, root_id=own.article_id)
    return own.article_id


async def make_alias(tx: Session, article_id: int, *, root_id: int) -> None:
    """Let an article give way to another: entries and addresses move, the queue forgets it.

    Where the other was removed, what this one brought is erased with it.
    """
    await tx.run("make_alias", article_id=article_id, root_id=root_id)
    await tx.run("erase_article", article_id=root_id)


async def revive_aliases(tx: Session, article_id: int, now: datetime) -> None:
    """Let the articles that gave way to one that failed be asked for themselves."""
    await tx.run("revive_aliases", article_id=article_id, now=now)


async def revisions(tx: Session, article_id: int, *, at: datetime) -> list[Revision]:
    """Return the article's texts in the order seen; the present one and those next to `at` whole."""
    return await tx.rows(Revision, "article_revisions", article_id=article_id, at=at)


async def reclassify(tx: Session, article_id: int, digest: bytes, change_kind: str) -> None:
    """Say anew what changed in a text, as another one stands before it now."""
    await tx.run(
        "reclassify_revision", article_id=article_id, digest=digest, change_kind=change_kind
    )


async def begin(db: Database, due: DueArticle) -> None:
    """Note that the work on this very article begins: if the claim ends unfinished, it counts."""
    async with db.session() as session:
        await session.run("begin_article", article_id=due.article_id, token=due.lease_token)


async def store(tx: Session, article_id: int, text: ArticleText, now: datetime) -> bool:
    """Write an article's text and facts; return whether any of it is new, and to be published."""
    changed = text.change_kind is not None
    if text.is_newest and (changed or text.is_returning):
        await tx.run("retire_revision", article_id=article_id)
    if changed:
        await _add_revision(tx, article_id, text)
    if text.is_newest:
        changed |= await _write_newest(tx, article_id, text)
    elif changed:
        await tx.run("count_revisions", article_id=article_id)
    if changed:
        await tx.run("queue_publishing", article_id=article_id, now=now)
    return changed


async def _write_newest(tx: Session, article_id: int, text: ArticleText) -> bool:
    """Write the facts and what finds the text; return whether the facts are others now."""
    told = await _write_facts(tx, article_id, text)
    reworded = await tx.run(
        "reword_revision",
        article_id=article_id,
        digest=text.digest,
        title=text.article.title,
        description=text.article.description,
        text=text.article.text,
    )
    if text.signature is not None:
        await _make_findable(tx, article_id, text.signature)
    return bool(told or reworded)


async def _make_findable(tx: Session, article_id: int, signature: Signature) -> None:
    await tx.run(
        "sign_article",
        article_id=article_id,
        text_hash=signature.fingerprint.text_hash,
        token_count=signature.fingerprint.token_count,
        hashes=list(signature.fingerprint.hashes),
        triples=signature.features.triples,
        fives=signature.features.fives,
        names=signature.features.names,
        numbers=signature.features.numbers,
    )
    await tx.run("index_article", article_id=article_id)


async def check(
    tx: Session, article_id: int, *, checked_at: datetime, page_state: str, now: datetime
) -> None:
    """Record a look at the page that brought no new text."""
    changed = await tx.run(
        "check_article", article_id=article_id, checked_at=checked_at, page_state=page_state
    )
    if changed:
        await tx.run("queue_publishing", article_id=article_id, now=now)


async def finish(tx: Session, due: DueArticle, following: NextLook) -> None:
    """Write the article's place in the queue; the lease ends with it."""
    await tx.run(
        "finish_article",
        article_id=due.article_id,
        stage="done" if following.due_at is None else following.stage,
        outcome=following.outcome,
        due_at=following.due_at,
        attempts=following.attempts,
        deaths=following.deaths,
        unchanged_checks=following.unchanged_checks,
        reason=following.reason,
        message=following.message,
        failing_since=following.failing_since,
        failed_at=following.failed_at,
    )


async def _add_revision(tx: Session, article_id: int, text: ArticleText) -> None:
    await tx.run(
        "add_revision",
        article_id=article_id,
        digest=text.digest,
        is_current=text.is_newest,
        seen_at=text.fetched_at,
        title=text.article.title,
        description=text.article.description,
        text=text.article.text,
        change_kind=text.change_kind,
    )


async def _write_facts(tx: Session, article_id: int, text: ArticleText) -> int:
    article = text.article
    return await tx.run(
        "store_article",
        article_id=article_id,
        url=article.url,
        site=text.site,
        canonical_url=article.canonical_url,
        fetched_at=text.fetched_at,
        changed_at=text.changed_at,
        authors=list(article.authors),
        published_at=article.published_at,
        published_source=article.published_source,
        dates=Jsonb({date.source: date.stated_at.isoformat() for date in article.dates}),
        language=article.language,
        word_count=text.word_count,
        image_url=article.image_url,
        tags=list(article.tags),
        section=article.section,
        page_kind=article.page_kind,
        text_source=text.text_source,
        extractor=article.extractor,
        truncated=article.truncated,
    )


async def validators(db: Database, article_id: int) -> Validators:
    """Return what the page's last full answer can be asked about again."""
    async with db.session() as session:
        found = await session.row(Validators, "page_validators", article_id=article_id)
    return found or Validators(etag=None, last_modified=None)
