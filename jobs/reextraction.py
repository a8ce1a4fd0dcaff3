"""Reading kept pages again: the same steps as after a fetch, with nothing fetched."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from jobs import queues
from pipeline import flow
from pipeline.articles.revisions import changes
from pipeline.decide import Failed, PageRead, Same
from pipeline.model import ArticleState, DueArticle, Validators
from pipeline.persist import write_reread
from pipeline.storage import pages, stored_pages

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from datetime import datetime

    from pipeline.flow import Run
    from pipeline.model import Article, Fetch, Request, Response
    from pipeline.storage.database import Database
    from pipeline.storage.stored_pages import Choice, StoredPage

BATCH = 50  # pages in memory at a time: a few MB, at worst 25 MB each
NOBODY = UUID(int=0)
NO_VALIDATORS = Validators(etag=None, last_modified=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What reading an article's page again would change: names of facts, or why it is no article.

    `facts` holds (name, old, new). `change_kind` is None unless there is a new text or headline.
    """

    article_id: int
    url: str
    change_kind: str | None
    facts: tuple[tuple[str, object, object], ...] = ()
    reason: str | None = None


async def reextract(  # noqa: PLR0913 - what it works with, and who is told
    db: Database,
    run: Run,
    choice: Choice,
    *,
    is_dry: bool,
    now: datetime,
    told: Callable[[Difference | None], None],
    done: Counter[str],
) -> None:
    """Read the chosen pages again, a batch at a time; store what they say unless `is_dry`.

    `told` hears of each page: what is different, or None. `done` counts: same, changed, mended
    (a failed page that is an article now), lost (one that would be none now: it keeps its text),
    failed (still none), pruned, late. Each article is a transaction of its own: it can be
    stopped at any time, and begun again.
    """
    after = 0
    while found := await stored_pages.batch(db, choice, after=after, most=BATCH):
        after = found[-1].article_id
        pending = [
            asyncio.ensure_future(_again(db, run, one, is_dry=is_dry, now=now)) for one in found
        ]
        try:
            for step in asyncio.as_completed(pending):
                name, difference = await step
                done[name] += 1
                told(difference)
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
    if not is_dry:
        await queues.publish_all(db)


async def _again(
    db: Database, run: Run, one: StoredPage, *, is_dry: bool, now: datetime
) -> tuple[str, Difference | None]:
    if one.response is None:
        return "pruned", None
    (words,) = await pages.entry_facts(db, [one.article_id])
    read = await flow.ingest(
        due_for(one, now), _answering(one.response), NO_VALIDATORS, words, run, now
    )
    if not isinstance(read, PageRead):
        return _unread(one, read)
    difference = _difference(one, read.article)
    if not is_dry and not await write_reread(db, one.article_id, read):
        return "late", None
    if difference is None:
        return "same", None
    return "mended" if one.text is None else "changed", difference


def _unread(one: StoredPage, outcome: Failed | Same) -> tuple[str, Difference | None]:
    """A page that is no article today: one that was keeps its text."""
    if one.text is None or isinstance(outcome, Same):
        return "failed", None
    lost = Difference(
        article_id=one.article_id, url=one.url, change_kind=None, reason=outcome.error.reason
    )
    return "lost", lost


def _answering(response: Response) -> Fetch:
    """The web as it was: whatever is asked, this is the answer."""

    async def answer(_: Request) -> Response:
        return response

    return answer


def due_for(one: StoredPage, now: datetime) -> DueArticle:
    """Return the article as if it was due, for the step that reads its page."""
    return DueArticle(
        article_id=one.article_id,
        url=one.url,
        url_key=one.url,
        host="",
        due_at=now,
        lease_token=NOBODY,
        state=ArticleState(stage="fetch", outcome="pending", due_at=now, attempts=1),
        text_source=one.text_source,
        access=one.access,
    )


def _difference(one: StoredPage, article: Article) -> Difference | None:
    """What is different now; None for nothing that people see."""
    old = {
        "title": one.title,
        "text": one.text,
        "authors": one.authors,
        "published_at": one.published_at,
        "language": one.language,
        "extractor": one.extractor,
    }
    new = {name: getattr(article, name) for name in old}
    kind: str | None = "first"
    if one.text is not None:
        kind = changes.change_kind(one.title, one.text, article.title, article.text)
    facts = [(name, old[name], new[name]) for name in old if old[name] != new[name]]
    if not facts:
        return None
    return Difference(article_id=one.article_id, url=one.url, change_kind=kind, facts=tuple(facts))
