"""What an answer means for an article's texts: the first, a new one, or the one we have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import text, urls
from pipeline.articles import revisions
from pipeline.model import ArticleText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import Article, DueArticle, Revision, Signature


def prepared(
    due: DueArticle,
    article: Article,
    signature: Signature,
    held: Sequence[Revision],
    *,
    fetched_at: datetime,
    text_source: str,
) -> ArticleText:
    """Return the text as it is to be stored, beside those the article has (`held`).

    An answer older than the one that gave the present text adds a revision at most.
    """
    digest = revisions.digest(article.title, article.text)
    is_newest = due.fetched_at is None or fetched_at >= due.fetched_at
    change_kind = _change_kind(article, held, digest, is_newest=is_newest)
    current = next((revision for revision in held if revision.is_current), None)
    changed = change_kind is not None or current is None
    return ArticleText(
        article=article,
        digest=digest,
        signature=signature if changed and is_newest else None,
        word_count=text.word_count(article.text),
        site=urls.site(article.url),
        text_source=text_source,
        fetched_at=fetched_at,
        change_kind=change_kind,
        changed_at=fetched_at if changed else None,
        is_newest=is_newest,
    )


def _change_kind(
    article: Article, held: Sequence[Revision], digest: bytes, *, is_newest: bool
) -> str | None:
    current = next((revision for revision in held if revision.is_current), None)
    if current is None or current.text is None:
        return "first"
    known = {revision.digest for revision in held}
    if digest == current.digest or (digest in known and not is_newest):
        return None
    return revisions.change_kind(current.title, current.text, article.title, article.text)
