"""The import command: the feeds of a list are registered; the service polls them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import database_target, output
from pipeline.errors import UsageError
from pipeline.feeds.subscriptions import feed_lists
from pipeline.storage import feeds

if TYPE_CHECKING:
    from jobs.database_target import Target
    from pipeline.model.listing import BadLine, Listing

BATCH = 1000  # feeds in one transaction
MOST_BYTES = 64 * 2**20
"""Bytes of a list that are read: 100,000 feeds are about 20 MB of OPML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a list: feeds added, known before, brought back; lines that name none."""

    added: int
    known: int
    back: int
    repeated: int
    bad: tuple[BadLine, ...]

    def as_row(self) -> dict[str, object]:
        """Return it as a JSON object."""
        return {
            "added": self.added,
            "known": self.known,
            "added_again": self.back,
            "repeated": self.repeated,
            "bad": [
                {"line": one.line, "title": one.title, "reason": one.reason} for one in self.bad
            ],
        }

    def __str__(self) -> str:
        again = f"{self.back:,} added again, " if self.back else ""
        repeated = f", {self.repeated:,} named twice" if self.repeated else ""
        return f"{self.added:,} added, {again}{self.known:,} known, {len(self.bad):,} bad{repeated}"


def read(path: str) -> bytes:
    """Return the bytes of a file, or of stdin for `-`; raises UsageError when it cannot be read."""
    try:
        if path == "-":
            body = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                body = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    if len(body) > MOST_BYTES:
        raise UsageError(f"{path} is longer than {MOST_BYTES // 2**20} MB: give it in parts")
    return body


async def register(place: Target, listing: Listing) -> Imported:
    """Register the feeds of a list, batch after batch, with a progress bar."""
    states = {"added": 0, "known": 0, "back": 0}
    async with database_target.opened_live(place) as db:
        now = await db.clock()
        with output.progress() as bar:
            task = bar.add_task("feeds", total=len(listing.feeds))
            for start in range(0, len(listing.feeds), BATCH):
                batch = listing.feeds[start : start + BATCH]
                for one in await feeds.register(db, batch, now=now):
                    states["added" if one.is_new else "back" if one.is_back else "known"] += 1
                bar.advance(task, len(batch))
    return Imported(bad=listing.bad, repeated=listing.repeated, **states)


def listing(body: bytes) -> Listing:
    """Return the feeds of a list; raises UsageError when it holds nothing at all."""
    found = feed_lists.reading(body)
    if not found.feeds and not found.bad:
        raise UsageError("no feed in it: give OPML, or an address a line")
    return found
