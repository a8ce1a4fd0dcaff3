"""Writing what was decided of pages: a group of intents, each kind of row in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.types.json import Json

from pipeline.storage import fetches, hosts
from pipeline.storage.fetches import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import ArticleState, ArticleText, PageIntent, Signature
    from pipeline.storage.database import Session


async def apply(tx: Session, intents: Sequence[PageIntent]) -> None:
    """Write the intents, in their order. The articles are locked by the caller."""
    await fetches.add(tx, [one.fetch for one in intents if one.fetch])
    for one in intents:
        if one.alias_of is not None:
            await make_alias(tx, one.due.article_id, root_id=one.alias_of)
        if one.absorbed is not None:
            await make_alias(tx, one.absorbed, root_id=one.due.article_id)
    await _write_texts(tx, [one for one in intents if one.text])
    await _write_checks(tx, [one for one in intents if one.check])
    await _revive(tx, [one for one in intents if one.revives_aliases])
    await hosts.hold(tx, [one.hold for one in intents if one.hold])
    await _write_states(tx, intents)


async def make_alias(tx: Session, article_id: int, *, root_id: int) -> None:
    """Let an article give way to another: entries and addresses move, the queue forgets it.

    Where the other was removed, what this one brought is erased with it.
    """
    await tx.run("make_alias", article_id=article_id, root_id=root_id)
    await tx.run("erase_article", article_id=root_id)


async def _write_texts(tx: Session, intents: Sequence[PageIntent]) -> None:
    texts = [(one, one.text) for one in intents if one.text]
    if not texts:
        return
    retired = [
        one.due.article_id
        for one, text in texts
        if one.due.fetched_at is not None
        and text.is_newest
        and (text.change_kind is not None or text.is_returning)
    ]
    if retired:
        await tx.run("retire_revisions", article_ids=retired)
    await tx.run("store_texts", texts=Json([_text_row(one, text) for one, text in texts]))
    for one in intents:
        if one.reclassified:
            digest, change_kind = one.reclassified
            await tx.run(
                "reclassify_revision",
                article_id=one.due.article_id,
                digest=digest,
                change_kind=change_kind,
            )
    await _make_findable(
        tx, [(one.due.article_id, text.signature) for one, text in texts if text.signature]
    )


async def _make_findable(tx: Session, signed: Sequence[tuple[int, Signature]]) -> None:
    """Store what recognises the texts, and index them for search."""
    if not signed:
        return
    await tx.run(
        "sign_articles",
        article_ids=[number for number, _ in signed],
        text_hashes=[one.fingerprint.text_hash for _, one in signed],
        token_counts=[one.fingerprint.token_count for _, one in signed],
        hashes=[f"{{{','.join(map(str, one.fingerprint.hashes))}}}" for _, one in signed],
        triples=[one.features.triples for _, one in signed],
        fives=[one.features.fives for _, one in signed],
        names=[one.features.names for _, one in signed],
        numbers=[one.features.numbers for _, one in signed],
    )
    await tx.run("index_articles", article_ids=[number for number, _ in signed])


async def _write_checks(tx: Session, intents: Sequence[PageIntent]) -> None:
    checks = [(one, one.check) for one in intents if one.check]
    if checks:
        await tx.run(
            "check_articles",
            article_ids=[one.due.article_id for one, _ in checks],
            checked=[check.checked_at for _, check in checks],
            page_states=[check.page_state for _, check in checks],
            times=[one.decided_at for one, _ in checks],
        )


async def _revive(tx: Session, intents: Sequence[PageIntent]) -> None:
    if intents:
        await tx.run(
            "revive_aliases",
            article_ids=[one.due.article_id for one in intents],
            times=[one.decided_at for one in intents],
        )


async def _write_states(tx: Session, intents: Sequence[PageIntent]) -> None:
    """Write the places in the queue; the leases end. An alias has left the queue already."""
    finished: list[tuple[int, ArticleState]] = []
    for one in intents:
        if one.state is None or one.alias_of is not None:
            continue
        if one.is_postponed:
            await tx.run(
                "release_articles",
                now=one.state.due_at,
                article_ids=[one.due.article_id],
                tokens=[one.due.lease_token],
            )
        else:
            finished.append((one.due.article_id, one.state))
    if finished:
        states = [state for _, state in finished]
        await tx.run(
            "finish_articles",
            article_ids=[number for number, _ in finished],
            stages=[state.stage for state in states],
            outcomes=[state.outcome for state in states],
            due=[state.due_at for state in states],
            attempts=[state.attempts for state in states],
            deaths=[state.deaths for state in states],
            expiries=[state.expiries for state in states],
            unchanged_checks=[state.unchanged_checks for state in states],
            reasons=[state.reason and str(state.reason) for state in states],
            messages=[state.message for state in states],
            failing_since=[state.failing_since for state in states],
            failed=[state.failed_at for state in states],
        )


def _text_row(intent: PageIntent, text: ArticleText) -> dict[str, object]:
    article = text.article
    return plain(
        {
            "article_id": intent.due.article_id,
            "now": intent.decided_at,
            "is_newest": text.is_newest,
            "change_kind": text.change_kind,
            "digest": text.digest,
            "title": article.title,
            "description": article.description,
            "text": article.text,
            "url": article.url,
            "site": text.site,
            "canonical_url": article.canonical_url,
            "fetched_at": text.fetched_at,
            "changed_at": text.changed_at,
            "authors": article.authors,
            "published_at": article.published_at,
            "published_source": article.published_source,
            "dates": {date.source: date.stated_at.isoformat() for date in article.dates},
            "language": article.language,
            "declared_language": article.declared_language,
            "word_count": text.word_count,
            "image_url": article.image_url,
            "tags": article.tags,
            "section": article.section,
            "page_kind": article.page_kind,
            "text_source": text.text_source,
            "extractor": article.extractor,
            "truncated": article.truncated,
            "access": article.access,
            "revision_count": text.revision_count,
        }
    )
