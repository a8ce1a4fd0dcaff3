"""What a dry poll found, for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs import output
from pipeline.storage.database import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobs.dry_poll import Checked, Readable

MOST_SHOWN = 30  # entries of one feed in the table; JSON has them all
ENTRY = ("position", "published_at", "title", "url", "without")
PLAN = ("input", "due_at", "note", "wins")
REJECTED = ("position", "reason", "message")


def as_row(checked: Checked) -> dict[str, object]:
    """Return what was found as a JSON object."""
    error = checked.error if not checked.feeds else None
    return {
        "url": checked.url,
        "feeds": [_feed_row(feed) for feed in checked.feeds],
        "reason": error.reason if error else None,
        "message": error.message if error else None,
    }


def show(checked: Checked) -> None:
    """Print what was found: each feed with its entries, what is wrong with them, and its plan."""
    if checked.error:
        output.say(f"{checked.error}" if not checked.feeds else f"{checked.url} is no feed")
    if checked.feeds and checked.error:
        output.say(f"{output.plural(len(checked.feeds), 'feed')} found from there")
    for feed in checked.feeds:
        facts = _facts(feed)
        output.show_record(Table(names=tuple(facts), rows=(tuple(facts.values()),)), as_json=False)
        entries = list(_entries(feed))
        _show(ENTRY, entries[:MOST_SHOWN], "would be stored")
        if len(entries) > MOST_SHOWN:
            output.say(f"and {len(entries) - MOST_SHOWN:,} more: --json has them all")
        _show(REJECTED, list(_rejected(feed)), "would be rejected")
        _show(PLAN, list(_plan(feed)), "why the next poll is then")


def _show(names: tuple[str, ...], rows: Sequence[tuple[object, ...]], title: str) -> None:
    if rows:
        output.show(Table(names=names, rows=tuple(rows)), as_json=False, title=f"\n{title}")


def _feed_row(feed: Readable) -> dict[str, object]:
    facts = _facts(feed)
    (plain,) = output.rows(Table(names=tuple(facts), rows=(tuple(facts.values()),)))
    parts = {
        "entries": (ENTRY, _entries(feed)),
        "rejected": (REJECTED, _rejected(feed)),
        "plan": (PLAN, _plan(feed)),
    }
    tables = {name: Table(names=names, rows=tuple(rows)) for name, (names, rows) in parts.items()}
    counts = {f"{name}_count": len(tables[name].rows) for name in ("entries", "rejected")}
    return plain | counts | {name: output.rows(table) for name, table in tables.items()}


def _facts(feed: Readable) -> dict[str, object]:
    response, parsed = feed.read.response, feed.read.parsed
    document, next_poll = parsed.document, feed.next_poll
    hops = [f"{hop.status} {hop.url}" for hop in response.hops]
    return {
        "url": feed.url,
        "found_by": feed.why,
        "redirects": [*hops, f"{response.status} {response.url}"] if hops else [],
        "known_as": feed.known.feed_id,
        "state": feed.known.state,
        "format": document.format,
        "title": document.title,
        "site_url": document.site_url,
        "language": document.language,
        "mended": document.recovered,
        "bytes": len(response.body),
        "new": len(parsed.found),
        "repeated": parsed.repeats,
        "beyond_cap": parsed.skipped,
        "unreadable": len(parsed.rejected),
        "etag": feed.state.validators.etag,
        "last_modified": feed.state.validators.last_modified,
        "next_poll_at": next_poll.due_at,
        "next_poll_reason": next_poll.reason,
    }


def _entries(feed: Readable) -> Iterator[tuple[object, ...]]:
    for one in feed.read.parsed.found:
        entry = one.entry
        yield (entry.position, entry.published_at, entry.title, one.url or entry.url, one.reason)


def _rejected(feed: Readable) -> Iterator[tuple[object, ...]]:
    for one in feed.read.parsed.rejected:
        yield (one.entry.position, one.reason, one.message)


def _plan(feed: Readable) -> Iterator[tuple[object, ...]]:
    for wish in feed.next_poll.plan:
        yield (wish.input, wish.due_at, wish.note, wish.wins)
