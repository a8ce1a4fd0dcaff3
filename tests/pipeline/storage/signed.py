"""Articles that have their text and wait to be published, put in without asking for any page."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.stories import signature
from tests.pipeline.storage.builders import NOW, queue_publishing, rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import StoryText
    from pipeline.storage.database import Database, Session

ARTICLES = """
INSERT INTO ingest.articles (url, url_key, url_digest, site, first_seen_at, published_at, published_source)
SELECT url, key, digest, site, %s, published_at, CASE WHEN published_at IS NOT NULL THEN 'meta' END
FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::text[], %s::timestamptz[])
  WITH ORDINALITY AS t (url, key, digest, site, published_at, place)
ORDER BY place
RETURNING article_id
"""
REVISIONS = """
INSERT INTO ingest.revisions (article_id, digest, is_current, seen_at, title, text, change_kind)
SELECT article_id, ''::bytea, true, %s, title, text, 'first'
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS t (article_id, title, text)
RETURNING 1
"""


async def arrive(db: Database, texts: Sequence[StoryText], *, at: datetime = NOW) -> list[int]:
    """Let texts arrive in this order, to be published; return the numbers of their articles."""
    keys = [urls.canonical(text.url) for text in texts]
    found = await rows(
        db,
        ARTICLES,
        at,
        [text.url for text in texts],
        keys,
        [hashlib.sha256(key.encode()).digest() for key in keys],
        [urls.site(text.url) for text in texts],
        [text.published_at for text in texts],
    )
    numbers = sorted(article_id for (article_id,) in found)
    bodies = [text.text or "-" for text in texts]
    await rows(db, REVISIONS, at, numbers, [text.title for text in texts], bodies)
    async with db.transaction() as tx:
        for article_id, text in zip(numbers, texts, strict=True):
            await sign(tx, article_id, text.text)
            await queue_publishing(tx, article_id, now=at)
    return numbers


async def sign(tx: Session, article_id: int, text: str) -> None:
    """Give an article the signature of a text."""
    mark = signature.of(text)
    await tx.run(
        "sign_articles",
        article_ids=[article_id],
        text_hashes=[mark.fingerprint.text_hash],
        token_counts=[mark.fingerprint.token_count],
        hashes=["{" + ",".join(map(str, mark.fingerprint.hashes)) + "}"],
        triples=[mark.features.triples],
        fives=[mark.features.fives],
        names=[mark.features.names],
        numbers=[mark.features.numbers],
    )
