"""What a replay, or one round, prints at its end: what was stored, grouped, and what failed."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING

from jobs import output

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jobs.service import Round
    from pipeline.model import ArticleState, Poll
    from pipeline.storage.database import Database, Table

ROWS = 200  # of a table; what is longer is to be queried


async def print_report(db: Database, *, as_json: bool) -> None:
    """Print the articles, the stories told more than once, the failures, and the totals."""
    parts: dict[str, Table] = {}
    async with db.session() as session:
        parts["articles"] = await session.table("list_articles", site=None, since=None, lim=ROWS)
        parts["stories"] = await session.table("report_stories", lim=ROWS)
        parts["failures"] = await session.table("report_failures")
        parts["totals"] = await session.table("report_totals")
    if as_json:
        output.print_json({name: output.rows(table) for name, table in parts.items()})
        return
    titles = {
        "articles": "Stored (last published first)",
        "stories": "Told by more than one",
        "failures": "Failed, by reason",
        "totals": "In the database now",
    }
    for name, table in parts.items():
        if table.rows:
            output.show(table, as_json=False, title=titles[name])


def psql_line(url: str, tools: Path | None) -> str:
    """Return a shell line that opens psql on the database."""
    program = str(tools / "psql") if tools else "psql"
    return f"{shlex.quote(program)} {shlex.quote(url)}"


def counter() -> tuple[Counter[str], Callable[[Poll | ArticleState], None]]:
    """Return counts by outcome, and what keeps them: for the line at the end of one round."""
    counts: Counter[str] = Counter()

    def seen(result: Poll | ArticleState) -> None:
        kind = "poll" if hasattr(result, "polled_at") else "article"
        why = f" ({result.reason})" if result.reason else ""
        counts[f"{kind} {result.outcome}{why}"] += 1

    return counts, seen


def print_round(counts: Counter[str], done: Round, *, as_json: bool) -> None:
    """Print what one round did; what did not go well is said on stderr."""
    if as_json:
        output.print_json(dict(sorted(counts.items())))
    else:
        for name, count in sorted(counts.items()):
            output.out().print(f"{count:>7}  {name}", highlight=False, markup=False)
    if not done.is_online:
        output.say("the network is away: what is due stays due, nobody is charged")
    elif done.in_time and not counts:
        output.say("nothing was due")
    if not done.in_time:
        output.say("time ran out: the rest was given back and is due")
    if done.broken:
        output.say(faults(done.broken))


def faults(broken: int) -> str:
    """Return how many items met a fault of ours, and where to look."""
    items = output.plural(broken, "item")
    return f"{items} met a fault in Broadsheet itself: reason 'internal' in news.failures"
