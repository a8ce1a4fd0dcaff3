"""Every pattern of the project takes time in proportion to what it reads, whatever that is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from time import thread_time
from typing import TYPE_CHECKING

import pytest

import jobs
import pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

# Units that are repeated: what patterns stand on, alone and in pairs that nearly match.
UNITS = (
    *" \n\ta1A.,:;-_/\\@#&<>()[]{}\"'|*=+",
    *(
        "a ",
        " a",
        "A ",
        "1 ",
        "1.",
        "1-",
        "1/",
        "1:",
        "a.",
        "a-",
        "a,",
        "a@",
        "a_",
        ", ",
        ". ",
        "- ",
        "()",
        "[]",
    ),
    *(
        "<a",
        "<a ",
        "</",
        "<!--",
        "&a",
        "&#1",
        "a=",
        'a="',
        "//",
        "/a",
        "http:",
        "a:",
        "a: ",
        "by ",
        "1 a",
        "a 1",
    ),
    *("\u4e00", "\u00e9", "\u0430 ", "Aa ", "a\n", "\n\n", " \n", "\r\n", "--", "  a", "aA"),
)
ENDS = ("", "\x00")
LONGEST = 8192
"""Characters at most of a text that is tried: what is quadratic takes some 100 ms there."""
CLOSE = 40
"""Characters up to which lengths that follow each other lie close."""
CONFIRMED = 3
MEASURABLE = 0.004
"""Seconds of CPU from which a run is compared with a shorter one."""
STEP = 4
MOST_GROWTH = 9.0
"""Times the CPU of a text of a quarter's length: what is linear takes 4, what is quadratic 16."""


LIMITED = {"pipeline.articles.revisions.timestamps._DATE": "_LONGEST"}
"""Patterns that only see so many characters as another value of their module says."""

ANCHORED = {"match", "fullmatch"}
METHODS = "match|fullmatch|search|sub|subn|findall|finditer"


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and whether the sources only ever ask for it at the beginning of a text."""

    where: str
    pattern: re.Pattern[str]
    is_anchored: bool
    limit: int = LONGEST

    def run(self, text: str) -> None:
        if self.is_anchored:
            self.pattern.match(text)
            self.pattern.fullmatch(text)
        else:
            for _ in self.pattern.finditer(text):
                pass


@cache
def used() -> tuple[Used, ...]:
    """Every compiled pattern that is a value of a module, or within one of its containers."""
    modules = [
        importlib.import_module(found.name)
        for package in (pipeline, jobs)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    sources = {module.__name__: inspect.getsource(module) for module in modules}
    whole = "\n".join(sources.values())
    found: dict[str, Used] = {}
    for module in modules:
        for name, value in vars(module).items():
            own = sources[module.__name__] if name.startswith("_") else whole
            for pattern in _within(value):
                if isinstance(pattern.pattern, str):
                    is_anchored = _is_anchored(name, own)
                    where = f"{module.__name__}.{name}"
                    limit = int(vars(module)[LIMITED[where]]) if where in LIMITED else LONGEST
                    one = Used(where, pattern, is_anchored, limit)
                    found.setdefault(f"{pattern.pattern} {is_anchored}", one)
    return tuple(found.values())


def _is_anchored(name: str, source: str) -> bool:
    """Whether every use of the name in the source is a call of match or fullmatch, directly or by a variable."""
    used = re.sub(rf"(?m)^{re.escape(name)}\b(?=\s*[:=])", "", source)
    uses = set(re.findall(rf"\b{re.escape(name)}\b(?:\.(\w+))?", used)) - {"pattern"}
    if "" in uses:
        uses |= set(re.findall(rf"\b(?!re\b)[a-z]\w*\.({METHODS})\(", source))
        uses.remove("")
    return bool(uses) and uses <= ANCHORED


def _within(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for part in [*value, *value.values()]:
            yield from _within(part)
    elif isinstance(value, tuple | list | set | frozenset):
        for part in value:
            yield from _within(part)


def cost(one: Used, text: str) -> float:
    """Seconds of this thread's CPU to find all matches; the least of three runs, as other work only adds."""
    least = float("inf")
    for _ in range(3):
        start = thread_time()
        one.run(text)
        least = min(least, thread_time() - start)
        if least < MEASURABLE:
            break
    return least


def growth(one: Used, unit: str, end: str) -> float:
    """How many times the CPU of a quarter of the text is taken by the first text that takes a measurable time."""
    size = 8
    while size * len(unit) <= one.limit:
        taken = cost(one, unit * size + end)
        if taken >= MEASURABLE:
            return taken / max(cost(one, unit * (size // STEP) + end), 1e-6)
        # what is exponential shows between two sizes that lie close together
        size = size * 2 if size >= CLOSE else size + 8
    return 0.0


def hostile(one: Used) -> tuple[str, str, float] | None:
    """The first text on which a pattern grows beyond the limit, three times in a row."""
    for unit in UNITS:
        for end in ENDS:
            times = [growth(one, unit, end)]
            while times[-1] > MOST_GROWTH and len(times) < CONFIRMED:
                times.append(growth(one, unit, end))
            if min(times) > MOST_GROWTH:
                return unit, end, round(min(times), 1)
    return None


@pytest.mark.parametrize("where", sorted({one.where.rpartition(".")[0] for one in used()}))
def test_patterns_of_a_module_are_linear(where: str) -> None:
    own = (one for one in used() if one.where.rpartition(".")[0] == where)
    beyond = {(one.where, one.pattern.pattern): found for one in own if (found := hostile(one))}
    assert beyond == {}


@pytest.mark.parametrize("source", [r"\s+$", r"(a|aa)+$", r"\S+@\S+", r"<[^>]*>"])
def test_what_is_not_linear_is_seen(source: str) -> None:
    assert hostile(Used("here", re.compile(source), is_anchored=False))


def test_a_pattern_that_is_only_asked_at_the_beginning_is_tried_there() -> None:
    assert _is_anchored("_A", "_A = re.compile('a')\n_A.match(x) or _A.fullmatch(y)")
    assert not _is_anchored("_A", "_A = re.compile('a')\n_A.match(x) or _A.search(y)")
    assert not _is_anchored("_A", "_A = re.compile('a')\nfirst(_A)")
    assert not _is_anchored("_A", "_A = [re.compile('a')]\nfor one in _A: one.search(x)")
    assert _is_anchored("_A", "_A = [re.compile('a')]\nfor one in _A: one.fullmatch(x)")
    assert not hostile(Used("here", re.compile(r"\S+@\S"), is_anchored=True))


@pytest.mark.parametrize("source", [r" +", r"[^<>]*", r"(?<!\s)\s+$", r"a.{0,40}b", r"<[^<>]*>"])
def test_what_is_linear_is_not(source: str) -> None:
    assert not hostile(Used("here", re.compile(source), is_anchored=False))
