"""Which query parameters tell only how a reader came; the rules are in tracking.txt."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from importlib.resources import files

_WORD = re.compile(r"[^a-z0-9]+")
_SESSION_NAMES = frozenset({"sid", "s", "session", "sessionid"})
_SESSION_VALUE = re.compile(r"[0-9a-f]{32,64}")


@dataclass(frozen=True, slots=True)
class _Rules:
    names: frozenset[str]
    prefixes: tuple[str, ...]
    channel_names: frozenset[str]
    channels: frozenset[str]
    place_names: frozenset[str]
    places: frozenset[str]
    of_host: dict[str, frozenset[str]]


def _rules() -> _Rules:
    words: defaultdict[str, set[str]] = defaultdict(set)
    text = files("pipeline.urls").joinpath("tracking.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, _, names = line.partition(":")
            words[key].update(names.split())
    everywhere = words.pop("everywhere")
    return _Rules(
        names=frozenset(everywhere),
        prefixes=tuple(name[:-1] for name in sorted(everywhere) if name.endswith("*")),
        channel_names=frozenset(words.pop("channel-names")),
        channels=frozenset(words.pop("channels")),
        place_names=frozenset(words.pop("place-names")),
        places=frozenset(words.pop("places")),
        of_host={host: frozenset(names) for host, names in words.items()},
    )


_RULES = _rules()


def without(pairs: list[tuple[str, str]], host: str) -> list[tuple[str, str]]:
    """Return the (name, value) pairs, decoded, that may say which article `host` shows."""
    own = _names_of(host)
    kept = [pair for pair in pairs if not _is_tracking(*pair, own)]
    # alone, a long hexadecimal id may be the article's
    return [pair for pair in kept if not _is_session(*pair)] or kept


def _is_tracking(name: str, value: str, own: frozenset[str]) -> bool:
    low = name.lower()
    if low in _RULES.names or low in own or low.startswith(_RULES.prefixes):
        return True
    if f"{low}={value.lower()}" in _RULES.names:
        return True
    return low in _RULES.channel_names and _is_channel(low, value.lower())


def _is_channel(name: str, value: str) -> bool:
    places = _RULES.places if name in _RULES.place_names else frozenset()
    return all(word in _RULES.channels or word in places for word in _WORD.split(value))


def _is_session(name: str, value: str) -> bool:
    return name.lower() in _SESSION_NAMES and bool(_SESSION_VALUE.fullmatch(value.lower()))


def _names_of(host: str) -> frozenset[str]:
    rest = host
    while rest:
        if rest in _RULES.of_host:
            return _RULES.of_host[rest]
        rest = rest.partition(".")[2]
    return frozenset()
