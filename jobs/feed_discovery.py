"""Finding the feeds of a page: its candidates are asked one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urlsplit

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


async def feeds_of(
    page: Response, ask: Callable[[str], Awaitable[Tried[Feed]]], *, every: bool
) -> tuple[list[Feed], int]:
    """Return the feeds of a page, and how many candidates it has.

    With `every`, all feeds that the page names or links, else the first that can be read. Where
    these lead to none, the usual places of feeds are asked, and last the news sitemaps that the
    host's robots.txt names.
    """
    candidates = discovery.candidates(page)
    found: list[Feed] = []
    for candidate in candidates:
        if found and (not every or _is_guess(candidate, page)):
            break
        tried = await ask(candidate)
        found += [tried.feed] if tried.feed is not None else []
        if not tried.is_welcome:
            return found, len(candidates)
    return found or await _in_sitemaps(page, ask), len(candidates)


async def _in_sitemaps(page: Response, ask: Callable[[str], Awaitable[Tried[Feed]]]) -> list[Feed]:
    # Asked like a feed, so that the host's intervals and holds count here too.
    robots = await ask(f"{urls.origin(page.url)}/robots.txt")
    for sitemap in discovery.sitemaps(robots.answer) if robots.answer else ():
        tried = await ask(sitemap)
        if tried.feed is not None:
            return [tried.feed]
        if not tried.is_welcome:
            break
    return []


def _is_guess(candidate: str, page: Response) -> bool:
    """Return whether a candidate is a usual place of feeds, of which the page says nothing."""
    path = re.escape(urlsplit(candidate).path.encode())
    usual = discovery.candidates(replace(page, body=b""))
    return candidate in usual and not re.search(path + rb"(?=[\"'\s>?#])", page.body)
