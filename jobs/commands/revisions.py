"""broadsheet articles diff: what changed between two revisions."""

import shutil
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.text import Text

from jobs import output
from jobs.commands import reading
from jobs.commands.options import MOST_ROWS, DatabaseUrl, Json, Number, Replay
from jobs.text_diff import Change, Sign, Version, changes, words
from pipeline.errors import UsageError

STYLES: dict[Sign, str] = {"=": "", "-": "red strike", "+": "green", "~": ""}
VERSION = ("article_id", "revision", "seen_at", "change_kind", "title", "description", "text")


def diff(
    article_id: Number,
    *,
    first: Annotated[
        int | None,
        typer.Option("--from", min=1, max=MOST_ROWS, metavar="N", help="The earlier revision."),
    ] = None,
    second: Annotated[
        int | None,
        typer.Option("--to", min=1, max=MOST_ROWS, metavar="M", help="The later revision."),
    ] = None,
    database_url: DatabaseUrl = None,
    replay: Replay = False,
    as_json: Json = False,
) -> None:
    """Show what changed between two revisions.

    By default the last two of the article.

    On a terminal what went is red and struck through, what came is green, word by word; in a pipe
    the lines that went begin with -, those that came with +.

    Examples: broadsheet articles diff 12; broadsheet articles diff 12 --from 1 --to 3
    """
    table = reading.read(
        "compare_revisions",
        database_url,
        replay=replay,
        article_id=article_id,
        first=first,
        second=second,
    )
    rows = [dict(zip(table.names, row, strict=True)) for row in table.rows]
    found = [Version(**{name: row[name] for name in VERSION}) for row in rows]
    if len(found) != 2:  # noqa: PLR2004 - a pair
        _say_why(article_id, first, second, replay=replay, database_url=database_url)
        raise typer.Exit(0 if found and first is None and second is None else 1)
    old, new = found if first is None or second is None or first < second else found[::-1]
    changed = changes(old, new)
    if as_json:
        output.print_json(_row(old, new, changed))
    elif _in_colour():
        _show(old, new, changed)
    else:
        for line in plain(old, new, changed):
            typer.echo(line)


def plain(old: Version, new: Version, changed: Sequence[Change]) -> Iterator[str]:
    """Yield the lines of a unified diff: a line a paragraph."""
    yield f"--- {_name(old)}"
    yield f"+++ {_name(new)}"
    part = ""
    last = 0
    for change in changed:
        here = change.paragraph or 0
        if change.part != part or here > last + 1:
            place = f"paragraph {here}" if change.paragraph else change.part
            yield f"@@ {place} @@"
        part, last = change.part, here
        if change.sign == "=":
            yield f" {change.new}"
            continue
        if change.old is not None:
            yield f"-{change.old}"
        if change.new is not None:
            yield f"+{change.new}"


def _show(old: Version, new: Version, changed: Sequence[Change]) -> None:
    console = output.out()
    console.print(Text(f"from  {_name(old)}", style="bold"))
    console.print(Text(f"to    {_name(new)}", style="bold"))
    for change in changed:
        label = f"paragraph {change.paragraph}" if change.paragraph else change.part
        style = "dim" if change.sign == "=" else "cyan"
        console.print(Text(f"\n{label}", style=style))
        console.print(_coloured(change), width=shutil.get_terminal_size().columns)


def _coloured(change: Change) -> Text:
    if change.sign == "=":
        return Text(change.new or "", style="dim")
    pieces = words(change.old or "", change.new or "")
    return Text.assemble(*((piece, STYLES[sign]) for sign, piece in pieces))


def _in_colour() -> bool:
    """Whether the terminal shows colours: without them words that went look like those that stay."""
    console = output.out()
    return console.is_terminal and console.color_system is not None and not console.no_color


def _name(version: Version) -> str:
    seen = f"{version.seen_at:%Y-%m-%d %H:%M}Z"
    return (
        f"article {version.article_id} revision {version.revision}  {seen}  {version.change_kind}"
    )


def _row(old: Version, new: Version, changed: Sequence[Change]) -> dict[str, object]:
    return {
        "article_id": new.article_id,
        "from": _side(old),
        "to": _side(new),
        "changes": [
            {
                "part": change.part,
                "paragraph": change.paragraph,
                "change": {"-": "removed", "+": "added", "~": "changed"}[change.sign],
                "old": change.old,
                "new": change.new,
            }
            for change in changed
            if change.sign != "="
        ],
    }


def _side(version: Version) -> dict[str, object]:
    return {
        "revision": version.revision,
        "seen_at": version.seen_at.isoformat(),
        "change_kind": version.change_kind,
        "title": version.title,
    }


def _say_why(
    article_id: int,
    first: int | None,
    second: int | None,
    *,
    replay: bool,
    database_url: str | None,
) -> None:
    """Say that there are no two texts to compare."""
    if first is not None and first == second:
        raise UsageError(f"revision {first} is the same as itself: give two")
    table = reading.read(
        "compare_revisions",
        database_url,
        replay=replay,
        article_id=article_id,
        first=1,
        second=None,
    )
    if not table.rows:
        output.say(
            f"there is no text of an article {article_id}: 'broadsheet articles show {article_id}' says why"
        )
        return
    held = int(table.rows[0][table.names.index("revisions")])
    if held == 1 and first is None and second is None:
        output.say(f"article {article_id} has one revision: nothing changed yet")
        return
    output.say(
        f"article {article_id} has revisions 1 to {held}"
        if held > 1
        else f"article {article_id} has one revision"
    )
