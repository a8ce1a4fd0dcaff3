"""Finding the feeds of a page: its candidates are asked one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from pipeline import urls
from pipeline.feeds.subscriptions import discovery

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pipeline.model import Response

Feed = TypeVar("Feed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(Generic[Feed]):
    """What came of asking an address: a feed, or an answer that is none, or neither.

    `is_welcome` is false when the host wants to be left alone for now.
    """

    feed: Feed | None
    answer: Response | None
    is_welcome: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Generic[Feed]):
    """A feed of a page, and why it was asked for before others."""

    feed: Feed
    why: str


async def feeds_of(
    page: Response, ask: Callable[[str], Awaitable[Tried[Feed]]], *, every: bool
) -> tuple[list[Chosen[Feed]], int]:
    """Return the feeds of a page, and how many candidates it has.

    With `every`, all feeds that the page names or links, else the first that can be read. Where
    these lead to none, the usual places of feeds are asked, and last the news sitemaps that the
    host's robots.txt names.
    """
    candidates = discovery.candidates(page)
    found: list[Chosen[Feed]] = []
    for candidate in candidates:
        if found and (not every or candidate.is_guess):
            break
        tried = await ask(candidate.url)
        found += [Chosen(feed=tried.feed, why=candidate.why)] if tried.feed is not None else []
        if not tried.is_welcome:
            return found, len(candidates)
    return found or await _in_sitemaps(page, ask), len(candidates)


async def _in_sitemaps(
    page: Response, ask: Callable[[str], Awaitable[Tried[Feed]]]
) -> list[Chosen[Feed]]:
    # Asked like a feed, so that the host's intervals and holds count here too.
    robots = await ask(f"{urls.origin(page.url)}/robots.txt")
    for sitemap in discovery.sitemaps(robots.answer) if robots.answer else ():
        tried = await ask(sitemap)
        if tried.feed is not None:
            return [Chosen(feed=tried.feed, why="a news sitemap in the host's robots.txt")]
        if not tried.is_welcome:
            break
    return []
