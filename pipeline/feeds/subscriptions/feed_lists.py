"""From the bytes of a list of feeds, OPML or an address a line, to the feeds it names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import BadUrlError
from pipeline.feeds.parsing import links, source
from pipeline.feeds.subscriptions import credentials, opml
from pipeline.feeds.subscriptions.opml import Outline
from pipeline.model.listing import BadLine, ListedFeed, Listing

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(r"(?:^|\s)#.*")


def reading(body: bytes) -> Listing:
    """Return the feeds of a list, and the lines that name none; what begins with `<` is OPML.

    In a list of addresses, blank lines and what follows a `#` (after white space) say nothing.
    The first of several outlines or lines with one address counts.
    """
    skipped = body[: len(body) - len(body.lstrip(b"\xef\xbb\xbf \t\r\n"))].count(b"\n")
    text = source.document(body, None)
    named, bad = opml.outlines(text) if text.startswith("<") else (list(_lines(text)), [])
    feeds: dict[str, ListedFeed] = {}
    repeated = 0
    for outline in named:
        try:
            feed = _listed(outline)
        except BadUrlError as error:
            bad.append(BadLine(line=outline.line, reason=error.message, title=outline.title))
        else:
            repeated += feed.url in feeds
            feeds.setdefault(feed.url, feed)
    return Listing(
        feeds=tuple(feeds.values()),
        bad=tuple(
            replace(one, line=one.line + skipped) for one in sorted(bad, key=lambda one: one.line)
        ),
        repeated=repeated,
    )


def _lines(text: str) -> Iterator[Outline]:
    for number, line in enumerate(text.split("\n"), start=1):
        address = _COMMENT.sub("", line).strip()
        if address:
            yield Outline(line=number, url=address, title=None, site_url=None, category=None)


def _listed(outline: Outline) -> ListedFeed:
    """The feed of an outline; raises BadUrlError when it has no address that can be asked for."""
    if not outline.url:
        raise BadUrlError("a feed without xmlUrl")
    if re.search(r"\s", outline.url):
        raise BadUrlError("white space in an address")
    address, headers = credentials.parted(links.without_feed_scheme(outline.url))
    url = urls.fetchable(address)
    return ListedFeed(
        url=url,
        title=outline.title,
        site_url=links.absolute(outline.site_url, url),
        category=outline.category,
        headers=headers,
    )
