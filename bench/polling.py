"""The polling schedule on simulated feeds, against the rules of other readers at equal polls a day.

    PYTHONPATH=. .venv/bin/python bench/polling.py SIMULATOR.py [--seeds 11,12,13] [--feeds 500]

Each poll goes through `schedule.after_answer`, with the values that a real poll would hold: the
entries of the document with their dates, how many of them are new, a 304 where nothing is,
max-age and Age of the cached copy. The simulator, which draws the feeds and plays the other
readers, is not part of the project. Needs numpy, for the simulator. Delays are in minutes from
publication to discovery; feed-med is the mean over feeds of each feed's median; lost entries left
the document unseen; early polls lie inside the freshness that the server declared.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import random
import sys
import time
import timeit
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pipeline.feeds.scheduling import schedule
from pipeline.model import (
    Counts,
    Document,
    DueFeed,
    Entry,
    FeedRhythm,
    FeedState,
    FeedValidators,
    NextPoll,
    Response,
)

if TYPE_CHECKING:
    from types import ModuleType

Feed = dict[str, Any]  # as the simulator draws it: id, kind, maxage and phase in minutes, ...
Figures = dict[str, Any]

START = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday, as minute 0 of the simulator is
TAG = {"etag": '"a"'}
CLOSE = 0.005  # polls a day are equal when they differ by less than this share
MOST_RUNS = 9  # of one search for a price
SLOPE = -0.45  # of log(polls) over log(price), to start with: the square root, and the clamps
COLUMNS = {
    "polls/d": "polls",
    "mean": "mean",
    "p95": "p95",
    "median": "median",
    "feed-med": "feed_med",
    "lost %": "lost",
    "useful %": "useful",
    "early %": "early",
}


class Ours:
    """Our schedule as a policy of the simulator: one object a run, one state a feed."""

    respects = False  # that max-age is heeded is for the schedule to show

    def __init__(self, price_minutes: float) -> None:
        self.price_minutes = price_minutes
        self.name = f"broadsheet, price {price_minutes:.4g}"
        self.random = random.Random(5)  # noqa: S311 -- jitter of a simulation

    def start(self, _feed: Feed, _now: float, seen: list[float]) -> dict[str, Any]:
        """Return the state of a feed that was never polled; what it shows is new then."""
        return {"next": None, "new": seen, "entries": {}}

    def next(
        self,
        feed: Feed,
        state: dict[str, Any],
        now: float,
        new: list[float],
        seen: list[float],
        fresh: float,
    ) -> float:
        """Return the minutes to the next poll after one at minute `now`.

        `seen` are the dates of the document, `new` of those that are new; the cached copy that was
        served stays fresh for `fresh` minutes.
        """
        first = state["next"] is None
        new = state.pop("new", new)
        document = _document(state["entries"], seen) if new or first else None
        answer = _answer(now, float(feed["maxage"]), fresh, changed=document is not None)
        found = schedule.after_answer(
            _due(state["next"], answer.fetched_at),
            answer,
            document,
            Counts(new=len(new)),
            draw=self.random.random(),
            price_minutes=self.price_minutes,
        )
        state["next"] = found
        if found.due_at is None:
            raise AssertionError(found)
        return (found.due_at - answer.fetched_at) / timedelta(minutes=1)


def _document(known: dict[float, Entry], dates: list[float]) -> Document:
    """The document that shows these; entries are made once, as the simulation makes many polls."""
    for at in dates:
        if at not in known:
            known[at] = Entry(published_at=_moment(at))
    entries = tuple(known[at] for at in reversed(dates))
    return Document(format="rss", entries=entries, total=len(entries))


def _answer(now: float, max_age: float, fresh: float, *, changed: bool) -> Response:
    headers = TAG
    if max_age:  # Age is in whole seconds, rounded down
        age = int((max_age - fresh) * 60)
        headers = TAG | {"cache-control": f"max-age={max_age * 60:.0f}", "age": str(max(age, 0))}
    return Response("https://a.example/feed", 200 if changed else 304, headers, b"", _moment(now))


def _due(last: NextPoll | None, now: datetime) -> DueFeed:
    return DueFeed(
        feed_id=1,
        url="https://a.example/feed",
        host="a.example",
        due_at=now,
        lease_token=UUID(int=1),
        state=FeedState(
            validators=FeedValidators(etag=TAG["etag"] if last else None),
            rhythm=last.rhythm if last else FeedRhythm(),
        ),
    )


def _moment(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def main() -> None:
    """Print one table for each seed; end with 1 if a required figure is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("simulator")
    parser.add_argument("--seeds", default="11,12,13")
    parser.add_argument("--feeds", type=int, default=500)
    given = parser.parse_args()
    simulator = _simulator(given.simulator)
    _show_cost()
    head = "".join(f"{name:>10}" for name in COLUMNS)
    missed = []
    for seed in map(int, given.seeds.split(",")):
        feeds = simulator.make_feeds(given.feeds, seed)
        print(f"\nseed {seed}, {given.feeds} feeds\n{'':44}{head}")
        _show(simulator.run(Ours(schedule.PRICE_MINUTES), feeds))
        for peer in _peers(simulator):
            theirs = simulator.run(peer, feeds)
            ours = _at_equal_polls(simulator, feeds, theirs["polls"])
            _show(theirs)
            missed += [f"seed {seed}, {theirs['policy']}: {m}" for m in _show(ours, theirs)]
    print("\n" + ("\n".join(missed) or "all required figures are reached"))
    sys.exit(bool(missed))


def _show_cost() -> None:
    """Print the CPU time of one decision after a 304, for a feed of four entries a day."""
    dates = [-360.5 * nth for nth in reversed(range(30))]
    first = schedule.after_answer(
        _due(None, START),
        _answer(0.0, 0.0, 0.0, changed=True),
        _document({}, dates),
        Counts(new=30),
        draw=0.5,
    )
    for name, max_age in (("without a hint", 0.0), ("with max-age", 15.0)):
        again = _answer(120.0, max_age, max_age, changed=False)
        feed = _due(first, again.fetched_at)
        call = partial(schedule.after_answer, feed, again, None, Counts(), draw=0.5)
        seconds = min(timeit.repeat(call, timer=time.process_time, number=2000, repeat=7)) / 2000
        print(f"after a 304 {name}: {seconds * 1e6:.0f} us of CPU")


def _simulator(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("simulator", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _peers(simulator: ModuleType) -> list[Any]:
    return [
        simulator.MinifluxEF(1, 60),
        simulator.MinifluxEF(1, 5),
        simulator.Fixed(60),
        simulator.MediaCloud(),
    ]


def _at_equal_polls(simulator: ModuleType, feeds: list[Feed], polls: float) -> Figures:
    """Our figures at the price that makes so many polls a feed and day, by the secant method."""
    price, slope = schedule.PRICE_MINUTES, SLOPE
    best: Figures = {}
    last: tuple[float, float] | None = None
    for _ in range(MOST_RUNS):
        found = simulator.run(Ours(price), feeds)
        off = math.log(found["polls"] / polls)
        if not best or abs(off) < abs(math.log(best["polls"] / polls)):
            best = found
        if abs(off) < CLOSE:
            break
        if last is not None and price != last[0]:
            slope = min((off - last[1]) / math.log(price / last[0]), -0.05)
        last = (price, off)
        price *= math.exp(-off / slope)
    return best


def _show(figures: Figures, theirs: Figures | None = None) -> list[str]:
    """Print one row; return what of the required is missed against theirs."""
    cells = "".join(f"{figures[key]:10.2f}" for key in COLUMNS.values())
    print(f"{figures['policy']:44}{cells}", flush=True)
    if theirs is None:
        return []
    missed = [key for key in ("mean", "p95") if figures[key] >= theirs[key]]
    missed += ["lost"] if figures["lost"] > theirs["lost"] else []
    return [*missed, "early"] if figures["early"] else missed


if __name__ == "__main__":
    main()
