"""What an answer means for an article's texts: the first, a new one, or the one we have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import text, urls
from pipeline.articles.revisions import changes
from pipeline.model import ArticleText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import Article, DueArticle, Revision, Signature


LESSER_KINDS = frozenset({"teaser", "listing"})
"""Kinds of page that never take the place of a longer text."""


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

    The newest headline and text are always the article's: where they differ from the present ones
    by what is no change of the article (`change_kind` None), the present revision takes them, and
    no further one is shown. One whose exact wording an earlier revision has is that one again.

    An answer older than the one that gave the present text adds a revision at most: it is compared
    with the text seen before it, and `successor` says what that makes of the one after it.
    `held` is in the order seen; titles and texts are wanted of the present one and of those next
    to `fetched_at`.
    """
    digest = changes.digest(article.title, article.text)
    is_newest = due.fetched_at is None or fetched_at >= due.fetched_at
    kind = _newest_kind if is_newest else _late_kind
    change_kind = kind(article, held, digest, fetched_at)
    present = _present(held)
    is_reworded = is_newest and (present is None or digest != present.digest)
    return ArticleText(
        article=article,
        digest=digest,
        signature=signature if is_reworded else None,
        word_count=text.word_count(article.text),
        site=urls.site(article.url),
        text_source=text_source,
        fetched_at=fetched_at,
        change_kind=change_kind,
        changed_at=fetched_at if is_reworded else None,
        is_newest=is_newest,
        revision_count=len(
            {revision.digest for revision in held} | ({digest} if change_kind else set())
        ),
        is_returning=is_reworded and any(revision.digest == digest for revision in held),
    )


def successor(new: ArticleText, held: Sequence[Revision]) -> tuple[bytes, str] | None:
    """Return digest and kind of the text seen after one that came late; None when there is none."""
    _, after = _around(held, new.fetched_at)
    if new.is_newest or new.change_kind is None or after is None or after.text is None:
        return None
    article = new.article
    kind = changes.change_kind(article.title, article.text, after.title, after.text)
    return None if kind is None else (after.digest, kind)


def is_lesser(due: DueArticle, article: Article, held: Sequence[Revision]) -> bool:
    """Return whether a page shows less of the article than it did, and does not say why.

    It is a teaser or a list now, shorter than the text we have, or the beginning of that text. A
    teaser never takes the place of a page's whole text, however short that is; of two teasers the
    newer one is the article's.
    """
    present = _present(held)
    if present is None or present.text is None:
        return False
    if article.access == "metered" and due.has_whole_page:
        return True
    is_teaser_again = article.access == due.access == "metered"
    if article.page_kind in LESSER_KINDS and not is_teaser_again:
        return text.word_count(article.text) < text.word_count(present.text)
    return changes.shows_less(present.text, article.title, article.text)


def _newest_kind(
    article: Article, held: Sequence[Revision], digest: bytes, _: datetime
) -> str | None:
    present = _present(held)
    if present is None or present.text is None:
        return "first"
    if digest == present.digest:
        return None
    return changes.change_kind(present.title, present.text, article.title, article.text)


def _late_kind(
    article: Article, held: Sequence[Revision], digest: bytes, fetched_at: datetime
) -> str | None:
    """How a text that came late differs from the one before it; None for one that adds nothing."""
    before, after = _around(held, fetched_at)
    is_known = any(revision.digest == digest for revision in held)
    if is_known or (after and _change(article, after) is None):
        return None
    return _change(article, before) if before else "first"


def _change(article: Article, other: Revision) -> str | None:
    return changes.change_kind(other.title, other.text or "", article.title, article.text)


def _around(held: Sequence[Revision], at: datetime) -> tuple[Revision | None, Revision | None]:
    """The last text seen until a time, and the first one after it."""
    before = [revision for revision in held if revision.seen_at <= at]
    after = [revision for revision in held if revision.seen_at > at]
    return before[-1] if before else None, after[0] if after else None


def _present(held: Sequence[Revision]) -> Revision | None:
    return next((revision for revision in held if revision.is_current), None)
