"""How a page was read: of an article that is stored, of an address, or of a page at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from jobs import database_target
from jobs.reextraction import due_for
from pipeline import config
from pipeline.articles import explanation
from pipeline.articles.revisions import changes, revision_plan
from pipeline.errors import FetchError, UsageError
from pipeline.model import Request, Revision
from pipeline.storage import pages, stored_pages
from pipeline.storage.database import Table
from pipeline.web import workers
from pipeline.web.fetch import Client

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.articles.explanation import Explanation
    from pipeline.model import Article, EntryFacts, Response
    from pipeline.storage.stored_pages import StoredPage

NO_REVISIONS = Table(names=("revision", "seen_at", "change_kind", "title"), rows=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A page and how it is read. `decision` says what its text means for the article stored.

    `revisions` are those the article has; both are empty where no article was asked about.
    """

    url: str
    explanation: Explanation
    article_id: int | None = None
    decision: str | None = None
    revisions: Table = NO_REVISIONS


async def of_page(page: Response, entries: Sequence[EntryFacts] = ()) -> Explained:
    """Read a page in a process that can be killed, as the service does.

    Raises:
        WorkerDiedError: reading it took too long or too much memory.
    """
    async with workers.started(1) as pool:
        found = await pool.run(explanation.of, page, entries)
    return Explained(url=page.url, explanation=found)


async def of_url(url: str) -> Explained:
    """Ask for an address once, through the guarded client, and read what it answers.

    One that cannot be had is explained by its failure.
    """
    from jobs import service  # noqa: PLC0415 - slow to import, and only needed here

    settings, _ = config.load()
    options = service.client_options(settings)
    try:
        async with Client(options, partial(datetime.now, UTC)) as client:
            page = await client.fetch(Request(url=url, purpose="page"))
    except FetchError as error:
        return Explained(url=url, explanation=explanation.refused(error))
    return await of_page(page)


async def of_article(article_id: int, database_url: str | None, *, replay: bool) -> Explained:
    """Read the kept page of an article with what its feeds say, and compare it with its text.

    Raises:
        UsageError: there is no such article, or its page is not kept.
    """
    place = database_target.find(database_url, replay=replay)
    async with database_target.opened(place) as db:
        one = await stored_pages.latest(db, article_id)
        (entries,) = await pages.entry_facts(db, [article_id])
        async with db.session() as session:
            revisions = await session.table("revisions_of_article", article_id=article_id)
    if one is None or one.response is None:
        raise UsageError(
            f"no page of article {article_id} is kept: 'broadsheet articles show {article_id}' says "
            "what is known of it, and its address can be explained as it answers now"
        )
    explained = await of_page(one.response, entries)
    return Explained(
        url=explained.url,
        explanation=explained.explanation,
        article_id=article_id,
        decision=_decision(one, explained.explanation, one.response.fetched_at),
        revisions=revisions,
    )


def _held(one: StoredPage, seen_at: datetime) -> Revision:
    return Revision(
        digest=changes.digest(one.title, one.text or ""),
        is_current=True,
        seen_at=seen_at,
        title=one.title,
        text=one.text,
    )


def _decision(one: StoredPage, found: Explanation, seen_at: datetime) -> str:
    """What the page, read today, would mean for the text that is stored."""
    if found.article is None:
        return "none: the article keeps its text" if one.text else "none: there is no article"
    if one.text is None:
        return "first: the article would be stored now"
    return _compared(one, found.article, seen_at)


def _compared(one: StoredPage, article: Article, seen_at: datetime) -> str:
    if (one.title, one.text) == (article.title, article.text):
        return "none: headline and text are those that are stored"
    if revision_plan.is_lesser(due_for(one, seen_at), article, [_held(one, seen_at)]):
        return "none: the page shows less than the text that is stored, which stays"
    kind = changes.change_kind(one.title, one.text or "", article.title, article.text)
    if kind is None:
        return "none: only lines of the page differ, the present revision would take them"
    return f"{kind}: a revision would be added"
