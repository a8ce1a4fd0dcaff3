"""Which query parameters tell only how a reader came; the rules are in tracking.txt."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.urls.address import registrable

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^a-z0-9]+")
_SITE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_SESSION_NAMES = frozenset({"sid", "s", "session", "sessionid", "session_id"})
_SESSION_VALUE = re.compile(r"[0-9a-f]{32,64}")
_NAMED_SESSION_VALUE = re.compile(
    r"(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{16,64}"
)  # a talk's id is short


@dataclass(frozen=True, slots=True)
class _Names:
    """Parameters by `name` or `name=value`, or by what either begins with (`utm_*`)."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def hold(self, name: str, value: str) -> bool:
        pair = f"{name}={value}"
        return name in self.whole or pair in self.whole or pair.startswith(self.beginnings)


@dataclass(frozen=True, slots=True)
class _Rules:
    everywhere: _Names
    whole_views: _Names
    channel_names: frozenset[str]
    channels: frozenset[str]
    place_names: frozenset[str]
    places: frozenset[str]
    of_host: dict[str, _Names]


def _rules() -> _Rules:
    words: defaultdict[str, set[str]] = defaultdict(set)
    text = files("pipeline.urls").joinpath("tracking.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, _, names = line.partition(":")
            words[key].update(names.split())
    return _Rules(
        everywhere=_names(words.pop("everywhere")),
        whole_views=_names(words.pop("whole-views")),
        channel_names=frozenset(words.pop("channel-names")),
        channels=frozenset(words.pop("channels")),
        place_names=frozenset(words.pop("place-names")),
        places=frozenset(words.pop("places")),
        of_host={host: _names(names) for host, names in words.items()},
    )


def _names(words: Iterable[str]) -> _Names:
    return _Names(
        whole=frozenset(words),
        beginnings=tuple(sorted(word[:-1] for word in words if word.endswith("*"))),
    )


_RULES = _rules()
_NONE = _names(())


def without(
    pairs: list[tuple[str, str]], host: str, *, named: bool = False
) -> list[tuple[str, str]]:
    """Return the (name, value) pairs, decoded, that may say which article `host` shows.

    `named`: the path names an article, so that its first page and its one-page view are itself.
    """
    own = _names_of(host)
    kept = [pair for pair in pairs if not _is_tracking(*pair, own)]
    if named:
        kept = [(n, v) for n, v in kept if not _RULES.whole_views.hold(n.lower(), v.lower())]
    # alone, a long hexadecimal id may be the article's
    return [pair for pair in kept if not _is_session(*pair)] or kept


def _is_tracking(name: str, value: str, own: _Names) -> bool:
    low, low_value = name.lower(), value.lower()
    if _RULES.everywhere.hold(low, low_value) or own.hold(low, low_value):
        return True
    return low in _RULES.channel_names and _is_channel(low, low_value)


def _is_channel(name: str, value: str) -> bool:
    if name not in _RULES.place_names:
        return all(word in _RULES.channels for word in _WORD.split(value))
    if _SITE.fullmatch(value) and registrable(value):
        return True  # the site that links here, as Ghost and others write it
    return all(word in _RULES.channels or word in _RULES.places for word in _WORD.split(value))


def _is_session(name: str, value: str) -> bool:
    low = name.lower()
    form = _NAMED_SESSION_VALUE if "session" in low else _SESSION_VALUE
    return low in _SESSION_NAMES and bool(form.fullmatch(value.lower()))


@lru_cache(maxsize=16_384)
def _names_of(host: str) -> _Names:
    rest = host
    while rest:
        if rest in _RULES.of_host:
            return _RULES.of_host[rest]
        rest = rest.partition(".")[2]
    return _NONE
