"""What a feed is of, by its title and address: a site's posts, or less, or their comments."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["comments", "narrow"]
"""Comments; or only what one category, tag, author or search has."""

_KINDS: tuple[Kind, ...] = ("comments", "narrow")


def _words() -> dict[str, Any]:
    text = files("pipeline.feeds.subscriptions").joinpath("feed_kinds.toml").read_text("utf-8")
    return tomllib.loads(text)


WORDS = _words()
# At an edge of the title, or beside what sets its parts apart: a blog may be called "No comments
# please", but the words of the publishing system stand first or last.
_TITLES = {
    kind: re.compile(
        r"(?:^|[»>|:·\u2013\u2014(\[-]\s*)(?:{0})\b|\b(?:{0})(?:\s+(?:feed|rss|atom|by rss))?\s*(?:[«<|:·\u2013\u2014)\]-]|$)".format(
            "|".join(map(re.escape, sorted(WORDS[kind]["titles"], key=len, reverse=True)))
        ),
        re.IGNORECASE,
    )
    for kind in _KINDS
}
_PATHS = {kind: frozenset(WORDS[kind]["paths"]) for kind in _KINDS}


def kind(url: str, title: str = "") -> Kind | None:
    """Return what a feed is of, None for the posts of its site as far as anybody can tell."""
    parts = set(_parts(url))
    found = (one for one in _KINDS if parts & _PATHS[one] or _TITLES[one].search(title))
    return next(found, None)


def _parts(url: str) -> Iterator[str]:
    """The names in an address: segments of its path without extensions, keys and values of its query."""
    split = urlsplit(url)
    for segment in unquote(split.path).lower().split("/"):
        yield segment.partition(".")[0]
    for key, value in parse_qsl(split.query):
        yield from (key.lower(), value.lower())
