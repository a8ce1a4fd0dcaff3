"""What is to be written of an article's page.

another article owns the address     -> one of the two becomes an alias of the other
a text                               -> a revision if it differs, facts, next check
a 304                                -> a check that found no change
a failure                            -> its reason and the next attempt; a stored text stays
a failure that is nobody's           -> the claim is taken back
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from pipeline import urls
from pipeline.articles import article_state
from pipeline.articles.revisions import revision_plan
from pipeline.decide import holds
from pipeline.decide.outcomes import Failed, PageRead, Same
from pipeline.errors import BadUrlError
from pipeline.model import FetchRecord, PageCheck, PageIntent

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import Claimant, DueArticle, PageFacts
    from pipeline.reasons import Reason

REREADABLE = frozenset({"stored", "failed", "quarantined"})
"""Outcomes of articles that are read again from what is kept."""


def page(
    due: DueArticle, outcome: PageRead | Same | Failed, facts: PageFacts, draw: float
) -> PageIntent:
    """Return what is written of a page; `draw` is a random number from 0 to 1 for the back-off."""
    match outcome:
        case PageRead():
            if outcome.response is None and due.text_source == "page":
                return _unchanged(due, outcome)  # a feed's text never replaces it
            return _read(due, outcome, facts)
        case Same():
            at = outcome.at
            return PageIntent(
                due=due,
                decided_at=at,
                state=article_state.stored(due, changed=False, now=at),
                fetch=_fetch(due, at, outcome),
                check=PageCheck(checked_at=at, page_state="live"),
            )
        case Failed():
            if outcome.error.is_nobodys_fault:
                return _postponed(due, outcome)
            return _failed(due, outcome, facts, draw)
        case _:
            assert_never(outcome)


def reread(due: DueArticle, read: PageRead, facts: PageFacts) -> PageIntent | None:
    """Return what is written of a kept page that was read again; None when it came too late.

    It is late when the article was removed or became an alias, or has the text of a newer answer.
    The place of a stored article in the queue stays as it is; one that had no text is stored now,
    and checked again. The answer is recorded already.
    """
    if due.state.outcome not in REREADABLE or read.response is None:
        return None
    if due.fetched_at and read.response.fetched_at < due.fetched_at:
        return None
    if due.state.outcome == "stored":
        return _text(due, read, facts, PageIntent(due=due, decided_at=read.at, state=None))
    return _read(due, read, facts)


def keys(due: DueArticle, outcome: PageRead | Same | Failed) -> list[str]:
    """Return the comparison keys under which a page is known now, beside the article's own."""
    read = outcome.instead if isinstance(outcome, Failed) else outcome
    if not isinstance(read, PageRead):
        return []
    url, canonical = read.article.url, read.article.canonical_url
    # Until the first answer an article has the address that its key was made of.
    addresses = set() if due.fetched_at is None else {due.url}
    if url == due.url or urls.plausible_redirect(due.url, url):
        addresses |= {url} - {due.url}
        if canonical and canonical != url and urls.plausible_canonical(url, canonical):
            addresses.add(canonical)
    return sorted({key for key in map(_key, addresses) if key} - {due.url_key})


def _read(due: DueArticle, read: PageRead, facts: PageFacts) -> PageIntent:
    """An article that was read, or that it is another."""
    fetched_at = read.response.fetched_at if read.response else read.at
    fetch = _fetch(due, fetched_at, read) if read.response else None
    intent = PageIntent(due=due, decided_at=read.at, state=None, fetch=fetch)
    if facts.owner and _gives_way(due, facts.owner):
        root = facts.owner.alias_of or facts.owner.article_id
        return replace(intent, state=article_state.alias(), alias_of=root)
    if facts.owner and facts.owner.alias_of != due.article_id and not due.text_source:
        intent = replace(intent, absorbed=facts.owner.article_id)
    if due.state.outcome == "stored" and fetched_at == due.fetched_at:  # met again by a replay
        state = article_state.stored(due, changed=False, now=read.at)
        return replace(intent, state=state)
    intent = _text(due, read, facts, intent)
    changed = intent.text is not None and intent.text.change_kind is not None
    return replace(intent, state=article_state.stored(due, changed=changed, now=read.at))


def _unchanged(due: DueArticle, read: PageRead) -> PageIntent:
    state = article_state.stored(due, changed=False, now=read.at)
    return PageIntent(due=due, decided_at=read.at, state=state)


def _gives_way(due: DueArticle, owner: Claimant) -> bool:
    """Whether this article is the owner's alias.

    Not when it has a text already (what was published stays), nor when the owner failed (no text
    is lost to an address that cannot be had). One that was removed never gives way.
    """
    if due.text_source or owner.alias_of == due.article_id:
        return False
    return bool(owner.alias_of or owner.has_text or owner.may_get_text or owner.is_removed)


def _text(due: DueArticle, read: PageRead, facts: PageFacts, intent: PageIntent) -> PageIntent:
    """What a page says now, beside what it said.

    A page that shows less than it did, without a word why, was checked and changes nothing.
    """
    fetched_at = read.response.fetched_at if read.response else read.at
    is_later = due.fetched_at is not None and fetched_at > due.fetched_at
    if is_later and revision_plan.is_lesser(due, read.article, facts.revisions):
        return replace(intent, check=PageCheck(checked_at=fetched_at, page_state="live"))
    text = revision_plan.prepared(
        due,
        read.article,
        read.signature,
        facts.revisions,
        fetched_at=fetched_at,
        text_source="page" if read.response else "feed",
    )
    return replace(intent, text=text, reclassified=revision_plan.successor(text, facts.revisions))


def _failed(due: DueArticle, failed: Failed, facts: PageFacts, draw: float) -> PageIntent:
    error, response = failed.error, failed.response
    at = response.fetched_at if response else failed.at
    asked = response is not None or article_state.was_asked(error)
    state = article_state.failed(due, error, now=failed.at, draw=draw)
    intent = PageIntent(due=due, decided_at=failed.at, state=state)
    if failed.instead and not due.has_whole_page:
        taken = _read(due, failed.instead, facts)
        intent = replace(taken, state=state if due.state.outcome == "stored" else taken.state)
    outcome = intent.state.outcome if intent.state else state.outcome
    check = None
    if outcome == "stored":
        check = PageCheck(checked_at=at, page_state=article_state.page_state(error))
    return replace(
        intent,
        fetch=_fetch(due, at, failed, error.reason) if asked else None,
        check=check,
        revives_aliases=outcome not in {"stored", "alias"},
        hold=holds.hold(due.host, error, at),
    )


def _postponed(due: DueArticle, failed: Failed) -> PageIntent:
    """The page is asked for again soon, as if it had not been claimed; the attempt can be seen."""
    return PageIntent(
        due=due,
        decided_at=failed.at,
        state=article_state.postponed(due, now=failed.at),
        is_postponed=True,
        fetch=_fetch(due, failed.at, failed, failed.error.reason),
    )


def _fetch(
    due: DueArticle, at: datetime, outcome: PageRead | Same | Failed, reason: Reason | None = None
) -> FetchRecord:
    return FetchRecord(
        url=due.url,
        purpose="page",
        asked_at=at,
        response=outcome.response,
        packed=outcome.packed if isinstance(outcome, PageRead) else None,
        reason=reason,
        article_id=due.article_id,
    )


def _key(address: str) -> str | None:
    try:
        return urls.canonical(address)
    except BadUrlError:
        return None
