"""How a page was read, and why: for whoever gets a complaint about an article.

The rules are asked, never repeated: walls, kinds and candidates come from the functions that decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.articles import extract, landing
from pipeline.articles.facts import authors, dates, merge, titles
from pipeline.articles.kinds import non_articles, page_kind
from pipeline.articles.text import limits, markup
from pipeline.errors import IngestError, NoArticleError
from pipeline.model import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.articles.extract import Reading
    from pipeline.articles.kinds.page import Page
    from pipeline.model import EntryFacts, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a source says of a fact; `wins` is true for the one that the article has."""

    fact: str
    source: str
    value: str
    wins: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A rule that holds, or would hold if the page showed no text (`is_near`); the first one decides.

    `rule` is the reason of a wall, or a kind of page; `seen` what shows it, if the rule says that.
    """

    rule: str
    seen: str
    decides: bool
    is_near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a page was read: the article or the reason why there is none, and what led there.

    `path` is the way in which the text was found, `why` a sentence on it, `characters` the length
    of that text. Candidates and signs stand in the order in which they are believed.
    """

    article: Article | None
    reason: str | None = None
    message: str | None = None
    path: str = ""
    why: str = ""
    characters: int = 0
    walls: tuple[Sign, ...] = ()
    kinds: tuple[Sign, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def of(page: Response, entries: Sequence[EntryFacts] = ()) -> Explanation:
    """Return how a fetched page is read; `entries` are what feeds say of it."""
    try:
        landing.require_own_page(page)
        read = extract.reading(page)
    except NoArticleError as error:
        return refused(error)
    if isinstance(read, Article):
        return Explanation(
            article=merge.completed(read, entries),
            path=read.extractor,
            why="the page is plain text",
            characters=len(read.text),
        )
    try:
        known = Explanation(article=merge.completed(extract.decided(page.url, read), entries))
    except NoArticleError as error:
        known = refused(error)
    return replace(
        known,
        path=read.text.extractor,
        why=read.text.why,
        characters=read.text.length,
        walls=tuple(_signs(read.page, _walls)),
        kinds=tuple(_signs(read.page, _kinds)),
        candidates=tuple(_candidates(page, read, entries, known.article)),
    )


def refused(error: IngestError) -> Explanation:
    """Return how a page was read that could not be had, or is no article."""
    return Explanation(article=None, reason=str(error.reason), message=error.message)


def _walls(page: Page) -> Iterable[tuple[str, str]]:
    return ((str(sign.reason), sign.sign) for sign in non_articles.signs(page))


def _kinds(page: Page) -> Iterable[tuple[str, str]]:
    return ((kind, "") for kind in dict.fromkeys(page_kind.kinds(page)))


def _signs(page: Page, rules: Callable[[Page], Iterable[tuple[str, str]]]) -> Iterator[Sign]:
    """What holds, and what only the length of the text holds off."""
    holding = dict(rules(page))
    for at, (rule, seen) in enumerate(holding.items()):
        yield Sign(rule=rule, seen=seen, decides=at == 0, is_near=False)
    if page.lines:
        for rule, seen in rules(replace(page, lines=[])):
            if rule not in holding and rule != "no_text":
                yield Sign(rule=rule, seen=seen, decides=False, is_near=True)


def _candidates(
    page: Response, read: Reading, entries: Sequence[EntryFacts], article: Article | None
) -> Iterator[Candidate]:
    """What each source says of headline, authors and date, of the page as it was before it was read."""
    seen = read.page
    source = limits.start(seen.source) if limits.is_large(seen.source) else seen.source
    tree = markup.tree(source)
    if tree is None:
        return
    shown = [("h1", heading) for heading in titles.headlines(tree)]
    from_feed = [("feed", one.title) for one in entries if one.title]
    headlines = [*titles.declared(seen.head, seen.linked), *shown, *from_feed]
    title = article.title if article else seen.title
    yield from _ranked("title", headlines, _place(title, [value for _, value in headlines]))
    named = authors.candidates(tree, seen.head, seen.linked)
    written = [(source, ", ".join(dict.fromkeys(names))) for source, names in named if names]
    declared = {value for source, value in written if source != "outlet"}
    written = [one for one in written if one[0] != "outlet" or one[1] not in declared]
    written += [("feed", ", ".join(one.authors)) for one in entries if one.authors]
    yield from _ranked("authors", dict.fromkeys(written))
    stated = dates.candidates(tree, seen.head, seen.linked, page.fetched_at)
    every = [*(article.dates if article else ()), *stated]
    told = [(one.source, one.stated_at.isoformat()) for one in every]
    yield from _ranked("published_at", dict.fromkeys(told))


def _place(title: str | None, told: Sequence[str]) -> int | None:
    """Where the headline stands, as it is, else with the site's name or a kicker around it."""
    own, keys = titles.key(title or ""), [titles.key(value) for value in told]
    same = (at for at, value in enumerate(keys) if value == own)
    around = (at for at, value in enumerate(keys) if own in value)
    return next(same, next(around, None)) if own else None


def _ranked(
    fact: str, told: Iterable[tuple[str, str]], winner: int | None = 0
) -> Iterator[Candidate]:
    """The candidates of a fact in their order; the first one wins unless told otherwise."""
    for at, (source, value) in enumerate(told):
        yield Candidate(fact=fact, source=source, value=value, wins=at == winner)
