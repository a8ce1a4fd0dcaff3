"""What a host's robots.txt says to us (RFC 9309), and what to keep of the attempt to read it.

The stored form is a text, or None where nothing may be fetched until it could be read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from protego import Protego

from pipeline import text
from pipeline.errors import FetchError

if TYPE_CHECKING:
    from pipeline.model import Response

MAX_BYTES = 512 * 1024
"""How much of a robots.txt counts; RFC 9309 section 2.5 asks for at least 500 KiB."""

_MAX_DELAY_SECONDS = 60.0
# Parsing 200 rules takes 18 ms, a question 0.4 ms (measured): pages come host by host.
_PARSED = 64
# Answers that mean "there is none" (section 2.3.1.3); too many redirects too (2.3.1.2).
_NONE_THERE = {"http_4xx", "gone", "redirect_loop"}
_AGENT = re.compile(r"user[- ]?agent\b[:\s]*(.*)", re.IGNORECASE)
# With the misspellings that are common enough for the parser to know them.
_RULE = re.compile(r"(?:allow|dis?s?all?ow|diasllow|disallaw|crawl[- ]delay)\b", re.IGNORECASE)


def to_store(outcome: Response | FetchError) -> str | None:
    """Return the text to keep after robots.txt was asked for.

    The decoded body of a success, without the line that our cap cut through (`Disallow: /a` cut
    to `Disallow: /` would close the site); "" (all allowed) where the server says that there is
    none; None (nothing allowed, ask again) when it could not say: 5xx, 429, unreachable
    (RFC 9309 section 2.3.1.4).
    """
    if isinstance(outcome, FetchError):
        return "" if outcome.reason in _NONE_THERE else None
    body = outcome.body
    if len(body) >= MAX_BYTES:
        body = body[: max(body.rfind(b"\n", 0, MAX_BYTES), 0)]
    return text.clean(text.decode(body))


def allowed(robots: str | None, url: str, agent: str) -> bool:
    """Return whether `agent` (its product name) may fetch `url` under the stored text.

    What is no address at all is allowed: asking for it will say what is wrong with it.
    """
    if not robots:
        return robots is not None
    try:
        return bool(_parsed(robots, agent).can_fetch(url, agent))
    except ValueError:
        return True


def crawl_delay(robots: str | None, agent: str) -> float:
    """Return the seconds `agent` is asked to leave between requests: 0 .. 60, 0 when not said."""
    if not robots:
        return 0.0
    return min(float(_parsed(robots, agent).crawl_delay(agent) or 0.0), _MAX_DELAY_SECONDS)


@lru_cache(maxsize=_PARSED)
def _parsed(robots: str, agent: str) -> Protego:
    return Protego.parse(_ours(robots, agent.lower()))


def _ours(robots: str, agent: str) -> str:
    """The groups that could concern `agent` (lower-case).

    The parser's time and memory are names times rules of a group: 4,000 names over 30,000 rules,
    which fit into the cap, did not end in 90 s. This pass is linear and leaves a few names.
    """
    kept: list[str] = []
    naming = concerned = False
    for raw in robots.splitlines():
        line = raw.partition("#")[0].strip()
        named = _AGENT.match(line)
        if named:
            name = named.group(1).lower().strip()
            ours = bool(name) and agent.startswith(name.replace("*", ""))
            concerned = ours or (concerned and naming)
            naming = True
            if ours:
                kept.append(f"User-agent: {name}")
        elif _RULE.match(line):
            naming = False
            if concerned:
                kept.append(line)
    return "\n".join(kept)
