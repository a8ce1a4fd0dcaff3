"""What came of an article's page, written in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.articles import article_state
from pipeline.articles.revisions import revision_plan
from pipeline.errors import BadUrlError, FetchError
from pipeline.record.outcomes import Failed, PageRead, Same
from pipeline.storage import fetches, hosts, pages

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import Article, DueArticle, NextLook, Response, Robots
    from pipeline.storage.database import Database, Session


async def write_page(
    db: Database, due: DueArticle, outcome: PageRead | Same | Failed, *, draw: float
) -> NextLook | None:
    """Write what an article's page brought and when it is asked next; None for a lost lease."""
    async with db.transaction() as tx:
        if not await pages.is_mine(tx, due):
            return None
        if isinstance(outcome, Failed) and outcome.error.is_nobodys_fault:
            return await _postponed(tx, due, outcome)
        look = await _written(tx, due, outcome, draw)
        if look.outcome != "alias":
            await pages.finish(tx, due, look)
        return look


async def write_robots(
    db: Database, url: str, known: Robots, answer: Response | FetchError, at: datetime
) -> None:
    """Write what the host of `url` allows, and the answer that said so."""
    error = answer if isinstance(answer, FetchError) else None
    response = answer.response if isinstance(answer, FetchError) else answer
    asked = fetches.Asked(url=f"{urls.origin(url)}/robots.txt", purpose="robots", at=at)
    async with db.transaction() as tx:
        await fetches.add(tx, asked, response, error.reason if error else None)
        await hosts.store_robots(tx, urls.host(url), known)
        if error:
            await hosts.hold_for(tx, urls.host(url), error, at)


async def _written(
    tx: Session, due: DueArticle, outcome: PageRead | Same | Failed, draw: float
) -> NextLook:
    match outcome:
        case PageRead():
            if outcome.response is None and await _has_page_text(tx, due):
                return article_state.stored(due, changed=False, now=outcome.at)
            return await store_page(tx, due, outcome)
        case Same():
            return await _same_page(tx, due, outcome)
        case Failed():
            return await _failed_page(tx, due, outcome, draw)


async def store_page(tx: Session, due: DueArticle, read: PageRead) -> NextLook:
    """Write an article that was read, or that it is another; return its place in the queue."""
    article = read.article
    fetched_at = read.response.fetched_at if read.response else read.at
    if read.response:
        await fetches.add(tx, _page_asked(due, fetched_at), read.response)
    root = await pages.root(tx, due, _keys(due, article), read.at)
    if root != due.article_id:
        await pages.make_alias(tx, due.article_id, root_id=root)
        return article_state.alias()
    if due.outcome == "stored" and fetched_at == due.fetched_at:
        return article_state.stored(
            due, changed=False, now=read.at
        )  # a replay's recording, met again
    change_kind = await store_text(tx, due, read)
    return article_state.stored(due, changed=change_kind is not None, now=read.at)


async def store_text(tx: Session, due: DueArticle, read: PageRead) -> str | None:
    """Write what a page says now; return how its text differs from the present one, if it does.

    A page that shows less than it did, without a word why, was looked at and changes nothing.
    """
    fetched_at = read.response.fetched_at if read.response else read.at
    held = await pages.revisions(tx, due.article_id, at=fetched_at)
    is_later = due.fetched_at is not None and fetched_at > due.fetched_at
    if is_later and revision_plan.is_lesser(read.article, held):
        await pages.check(tx, due.article_id, checked_at=fetched_at, page_state="live", now=read.at)
        return None
    text = revision_plan.prepared(
        due,
        read.article,
        read.signature,
        held,
        fetched_at=fetched_at,
        text_source="page" if read.response else "feed",
    )
    await pages.store(tx, due.article_id, text, read.at)
    after = revision_plan.successor(text, held)
    if after is not None:
        digest, change_kind = after
        await pages.reclassify(tx, due.article_id, digest, change_kind)
    return text.change_kind


async def _same_page(tx: Session, due: DueArticle, same: Same) -> NextLook:
    at = same.response.fetched_at
    await fetches.add(tx, _page_asked(due, at), same.response)
    await pages.check(tx, due.article_id, checked_at=at, page_state="live", now=at)
    return article_state.stored(due, changed=False, now=at)


async def _failed_page(tx: Session, due: DueArticle, failed: Failed, draw: float) -> NextLook:
    error, response = failed.error, failed.response
    at = response.fetched_at if response else failed.at
    if response is not None or article_state.was_asked(error):
        await fetches.add(tx, _page_asked(due, at), response, error.reason)
    look = article_state.failed(due, error, now=failed.at, draw=draw)
    if failed.instead and not await _has_page_text(tx, due):
        taken = await store_page(tx, due, failed.instead)
        look = look if due.outcome == "stored" else taken
    if look.outcome == "stored":
        state = article_state.page_state(error)
        await pages.check(tx, due.article_id, checked_at=at, page_state=state, now=at)
    elif look.outcome != "alias":
        await pages.revive_aliases(tx, due.article_id, failed.at)
    await hosts.hold_for(tx, due.host, error, at)
    return look


async def _has_page_text(tx: Session, due: DueArticle) -> bool:
    """Whether the article's text is its page's: no feed's text takes the place of that one."""
    return bool(await tx.value("text_source", article_id=due.article_id) == "page")


async def _postponed(tx: Session, due: DueArticle, failed: Failed) -> NextLook:
    """The page is asked for again soon, as if it had not been claimed; the attempt can be seen."""
    look = article_state.postponed(due, failed.error, now=failed.at)
    await fetches.add(tx, _page_asked(due, failed.at), failed.response, failed.error.reason)
    await pages.postpone(tx, due, until=look.due_at)
    return look


def _page_asked(due: DueArticle, at: datetime) -> fetches.Asked:
    return fetches.Asked(url=due.url, purpose="page", at=at, article_id=due.article_id)


def _keys(due: DueArticle, article: Article) -> list[str]:
    """The comparison keys of every address under which this page is known now."""
    addresses = [due.url]
    if urls.plausible_redirect(due.url, article.url):
        addresses.append(article.url)
        if article.canonical_url and urls.plausible_canonical(article.url, article.canonical_url):
            addresses.append(article.canonical_url)
    keys = []
    for address in addresses:
        try:
            keys.append(urls.canonical(address))
        except BadUrlError:
            continue
    return keys
