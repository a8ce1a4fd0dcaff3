"""broadsheet prune, doctor, export: what an operator does now and then."""

import asyncio
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from jobs import database_target, output
from jobs.commands.options import DatabaseUrl, Json, Replay, Since, Site
from pipeline.errors import UsageError
from pipeline.storage.retention import Pruned


class Format(Enum):
    """What an export is written as."""

    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"


def prune(*, database_url: DatabaseUrl = None, as_json: Json = False) -> None:
    """Remove what is past its age, once.

    The settings BROADSHEET_KEEP_* say how long bodies, fetches and polls are kept. The service
    does the same every ten minutes. Articles, entries and revisions stay.
    """
    from jobs import prune as pruning  # noqa: PLC0415 - slow to import, and only needed here

    place = database_target.find(database_url)
    with output.progress() as bar:
        task = bar.add_task("rows removed", total=None)

        def tell(so_far: Pruned) -> None:
            bar.update(task, completed=so_far.bodies + so_far.polls + so_far.fetches)

        pruned = asyncio.run(pruning.once(place, tell))
    if pruned is None:
        output.say("another process is pruning this database")
        raise typer.Exit(1)
    if as_json:
        output.print_json(asdict(pruned))
    output.say(
        f"removed {pruned.bodies:,} bodies, {pruned.polls:,} polls, {pruned.fetches:,} fetches, "
        f"{output.plural(pruned.months, 'month')} of fingerprints"
    )


def doctor(
    *, database_url: DatabaseUrl = None, replay: Replay = False, as_json: Json = False
) -> None:
    """Look whether this installation can work.

    One line for each thing looked at.

    Exits 1 when something fails.
    """
    from jobs import doctor as looking  # noqa: PLC0415 - as above

    findings = looking.findings(database_url, replay=replay)
    if as_json:
        output.print_json([asdict(finding) for finding in findings])
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            typer.echo(f"{finding.state:<6}{finding.name:<{width}}  {finding.said}")
    if any(finding.state == looking.FAIL for finding in findings):
        raise typer.Exit(1)


def export(  # noqa: PLR0913 - its options
    *,
    kind: Annotated[Format, typer.Option("--format", help="What to write.")],
    since: Since = None,
    site: Site = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            dir_okay=False,
            allow_dash=True,
            help="Where to; standard output else, or for -.",
        ),
    ] = None,
    spreadsheet: Annotated[
        bool,
        typer.Option(
            "--spreadsheet",
            help="CSV for a spreadsheet: a text that begins like a formula gets an '.",
        ),
    ] = False,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
) -> None:
    """Write all published articles to a file or a pipe.

    All columns of news.articles, in the order of ingest_seq.

    Any number of articles takes the same memory. A file is complete or not there. In CSV an empty
    string is "" and NULL is nothing, as Postgres writes and reads it; lists are JSON.
    """
    from jobs import article_export  # noqa: PLC0415 - as above

    if spreadsheet and kind is not Format.CSV:
        raise UsageError("--spreadsheet is for --format csv")
    to = None if file == Path("-") else file
    place = database_target.find(database_url, replay=replay)
    written_as = "spreadsheet" if spreadsheet else kind.value
    count = article_export.export(place, written_as, to, since=since, site=site)
    output.say(f"{output.plural(count, 'article')} exported")
