"""Writing what pages brought: facts, decision and writes are one transaction for a group.

facts  = pages.facts(tx, claims)
intent = decide.page(claim, outcome, facts, draw)     for each
page_intents.apply(tx, intents)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.decide.outcomes import Failed, PageRead, Same
from pipeline.decide.page import keys, page, reread
from pipeline.storage import page_intents, pages, stored_pages
from pipeline.storage.pages import Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pipeline.model import ArticleState, DueArticle, PageFacts, PageIntent
    from pipeline.storage.database import Database

Outcome = PageRead | Same | Failed
Decided = tuple["DueArticle", Outcome, float]
"""A claim, what came of its page, and a random number from 0 to 1."""


async def write_page(
    db: Database, due: DueArticle, outcome: Outcome, *, draw: float
) -> ArticleState | None:
    """Write what one page brought; None when the lease went to somebody else."""
    (state,) = await write_pages(db, [(due, outcome, draw)])
    return state


async def write_pages(db: Database, group: Sequence[Decided]) -> list[ArticleState | None]:
    """Write what pages brought and when they are asked for next; None where the lease was lost.

    Pages that turn out to be one article are written one after the other, each in a transaction
    of its own: the decision on the second looks at what the first one wrote.
    """
    wanted = [
        Wanted(due=due, keys=keys(due, outcome), at=_answered_at(outcome))
        for due, outcome, _ in group
    ]
    async with db.transaction() as tx:
        facts = await pages.facts(tx, wanted)
        later = _entangled(facts)
        intents = {
            due.article_id: page(due, outcome, facts[due.article_id], draw)
            for due, outcome, draw in group
            if due.article_id in facts.keys() - later
        }
        await page_intents.apply(tx, list(intents.values()))
    written: dict[int, ArticleState | None] = {
        article_id: intent.state for article_id, intent in intents.items()
    }
    for due, outcome, draw in group:
        if due.article_id in later:
            written[due.article_id] = await write_page(db, due, outcome, draw=draw)
    return [written.get(due.article_id) for due, _, _ in group]


async def write_reread(db: Database, article_id: int, read: PageRead) -> bool:
    """Write what a kept page says to a better reader; False when it came too late to be of use.

    It is late when the article is being worked on, was removed or became an alias, or has the
    text of a newer answer by now.
    """
    async with db.transaction() as tx:
        due = await stored_pages.hold(tx, article_id, read.at)
        if due is None:
            return False
        wanted = Wanted(due=due, keys=keys(due, read), at=_answered_at(read))
        facts = await pages.unlocked_facts(tx, [wanted])
        intent: PageIntent | None = reread(due, read, facts[article_id])
        if intent is not None:
            await page_intents.apply(tx, [intent])
        return intent is not None


def _answered_at(outcome: Outcome) -> datetime:
    """When the text came that is to be compared with those before and after it."""
    if isinstance(outcome, Failed) and outcome.instead:
        return outcome.instead.at
    return outcome.response.fetched_at if outcome.response else outcome.at


def _entangled(facts: Mapping[int, PageFacts]) -> set[int]:
    """The pages whose address belongs to another page of the group, or to the same third one."""
    touched: set[int | None] = set(facts)
    later: set[int] = set()
    for article_id, known in facts.items():
        if known.owner is None:
            continue
        others = {known.owner.article_id, known.owner.alias_of} - {None}
        if others & touched:
            later.add(article_id)
        touched |= others
    return later
