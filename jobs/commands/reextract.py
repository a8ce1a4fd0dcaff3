"""broadsheet reextract: what the extractor of today makes of pages that are kept."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from jobs import database_target, output
from jobs.commands.options import DatabaseUrl, Json, Replay, Site, time
from jobs.database_target import Target
from jobs.reextraction import Difference, reextract
from pipeline.storage import stored_pages
from pipeline.storage.stored_pages import Choice
from pipeline.web import workers

MOST_SHOWN = 200  # articles that are said one by one; --json has them all
LONGEST = 60  # characters of a fact in a line
MEANINGS = {
    "changed": "changed",
    "same": "as they were",
    "mended": "failed before, articles now",
    "lost": "would be no article now; they stay as they are",
    "failed": "still no article",
    "pruned": "could not be read again: the page is pruned",
    "late": "left alone: being worked on, or newer by now",
}


def reextract_pages(  # noqa: PLR0913 - a command's options
    *,
    site: Site = None,
    since: Annotated[
        datetime | None,
        typer.Option(parser=time, metavar="TIME", help="Fetched at or after (2026-03-04), UTC."),
    ] = None,
    extractor: Annotated[
        str | None,
        typer.Option(metavar="E", help="Only texts found so; with or without its version."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing.")
    ] = False,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Read kept pages again; nothing is fetched.

    A text that differs becomes a revision, other facts are brought up to date. Pages that were no
    article before and are one now are stored. It can be stopped with Ctrl-C and begun again.

    Examples: broadsheet reextract --dry-run --site example.org; broadsheet reextract --since 2026-03-01
    """
    output.log_to_stderr(quiet=True)
    place = database_target.find(database_url, replay=replay)
    choice = Choice(site=site, since=since, extractor=extractor)
    counts: Counter[str] = Counter()
    differences: list[Difference] = []
    is_whole = True
    try:
        asyncio.run(_reextract(place, choice, counts, differences, is_dry=dry_run))
    except KeyboardInterrupt:
        is_whole = False
    differences.sort(key=lambda difference: difference.article_id)
    if as_json:
        rows = [_row(difference) for difference in differences]
        output.print_json({"counts": dict(counts), "articles": rows, "whole": is_whole})
    elif dry_run:
        _show(differences)
    for name, meaning in MEANINGS.items():
        if counts[name]:
            output.say(f"{output.plural(counts[name], 'article')} {meaning}")
    if not is_whole:
        output.say("stopped: what was done stays, the rest is as it was")
    if not counts:
        output.say("no kept page fits")
    raise typer.Exit(0 if is_whole else 1)


async def _reextract(
    place: Target,
    choice: Choice,
    counts: Counter[str],
    differences: list[Difference],
    *,
    is_dry: bool,
) -> None:
    async with (
        database_target.opened(place, connections=8) as db,
        workers.started(place.settings.workers) as pool,
    ):
        with output.progress() as bar:
            task = bar.add_task("pages", total=await stored_pages.count(db, choice))

            def told(difference: Difference | None) -> None:
                bar.advance(task)
                if difference is not None:
                    differences.append(difference)

            await reextract(
                db,
                pool.run,
                choice,
                is_dry=is_dry,
                now=await db.clock(),
                told=told,
                done=counts,
            )


def _show(differences: Sequence[Difference]) -> None:
    for difference in differences[:MOST_SHOWN]:
        kind = difference.change_kind or (difference.reason and f"lost: {difference.reason}")
        typer.echo(f"{difference.article_id}  {kind or 'facts'}  {difference.url}")
        for name, old, new in difference.facts:
            typer.echo(f"    {name}: {_short(name, old, new)}")
    if len(differences) > MOST_SHOWN:
        output.say(f"and {len(differences) - MOST_SHOWN:,} more: --json has them all")


def _short(name: str, old: object, new: object) -> str:
    if name == "text":
        return f"{_words(old)} -> {_words(new)} words"
    return f"{_cut(old)} -> {_cut(new)}"


def _words(text: object) -> int:
    return len(text.split()) if isinstance(text, str) else 0


def _cut(value: object) -> str:
    match value:
        case None:
            said = "none"
        case datetime():
            said = f"{value:%Y-%m-%d %H:%M}Z"
        case tuple():
            said = ", ".join(map(str, value)) or "none"
        case _:
            said = str(value)
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _row(difference: Difference) -> dict[str, object]:
    return {
        "article_id": difference.article_id,
        "url": difference.url,
        "change_kind": difference.change_kind,
        "reason": difference.reason,
        "facts": {
            name: {"old": _plain(old), "new": _plain(new)} for name, old, new in difference.facts
        },
    }


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value
