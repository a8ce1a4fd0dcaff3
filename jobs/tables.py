"""How rows look as text, at any width of the paper. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.storage.database import Table

GAP = "  "
# Texts, and how much of one is shown; a shorter line leaves each of them at least LEAST.
TEXTS = {"title": 64, "authors": 24, "message": 120, "meaning": 80, "headline": 160}
LEAST = 24
# Addresses are copied, so they are never cut; a very long one stands out of its column.
ADDRESSES = {"url": 76, "example": 76}
# What a line can do without, first things first.
MINOR = (
    *("known", "updated", "skipped", "rejected"),
    *("revs", "lang", "words", "authors", "rank", "articles_7d", "stage", "story", "kind"),
)
LONG = {*TEXTS, *ADDRESSES} - {"authors"}  # on a line of their own in a block
# Values that need no name in front of them.
PLAIN = {"published_at", "polled_at", "site", "kind", "reason", "outcome", "authors"}


def lines(table: Table, width: int | None = None) -> list[str]:
    """Return rows as lines: a table with a head, or a block for each row where that is too wide.

    Within `width` columns texts are cut first, then columns of `MINOR` left out; addresses are
    always whole. Without one, lines are as long as they have to be.
    """
    cells = [[_line(cell(value)) for value in row] for row in table.rows]
    shown = list(range(len(table.names)))
    while True:
        widths = {n: _width(table.names[n], [row[n] for row in cells]) for n in shown}
        _squeeze(table.names, widths, width)
        if width is None or _total(widths) <= width:
            return list(_table(table, cells, widths))
        least = min(shown, key=lambda n: _rank(table.names[n]))
        if table.names[least] not in MINOR:
            return [line for row in cells for line in _block(table.names, row, width)]
        shown.remove(least)


def record(table: Table) -> list[tuple[str, str]]:
    """Return the first row as labels and values; what has several lines comes last."""
    values = [cell(value, seconds=True) for value in table.rows[0]]
    pairs = list(zip(table.names, values, strict=True))
    return sorted(pairs, key=lambda pair: is_long(*pair))


def is_long(name: str, value: str) -> bool:
    """Return whether a value of a record stands under its label."""
    return name in {"text", "body"} or "\n" in value


def cell(value: object, *, seconds: bool = False) -> str:
    """Return a value as people read it: yes, no, - for nothing; times in UTC."""
    match value:
        case None | [] | () | "":
            said = "-"
        case bool():
            said = "yes" if value else "no"
        case datetime():
            said = f"{value:%Y-%m-%d %H:%M:%S}Z" if seconds else f"{value:%Y-%m-%d %H:%M}Z"
        case timedelta():
            said = str(timedelta(seconds=round(value.total_seconds())))
        case float():
            said = f"{value:.3g}"
        case list() | tuple():
            said = ", ".join(map(str, value))
        case _:
            said = str(value)
    return said


def _line(said: str) -> str:
    """One line, and nothing in it that a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in said)


def _width(name: str, column: Sequence[str]) -> int:
    most = TEXTS.get(name) or ADDRESSES.get(name) or max(map(cell_len, column), default=0)
    return max(cell_len(name), *(min(cell_len(said), most) for said in column), 0)


def _squeeze(names: Sequence[str], widths: dict[int, int], width: int | None) -> None:
    """Take what is too much from the widest texts."""
    while width is not None and _total(widths) > width:
        texts = [n for n in widths if names[n] in TEXTS and widths[n] > LEAST]
        if not texts:
            return
        widths[max(texts, key=lambda n: widths[n])] -= 1


def _total(widths: dict[int, int]) -> int:
    return sum(widths.values()) + len(GAP) * (len(widths) - 1)


def _rank(name: str) -> int:
    return MINOR.index(name) if name in MINOR else len(MINOR)


def _table(table: Table, cells: list[list[str]], widths: dict[int, int]) -> Iterator[str]:
    right = {n for n in widths if any(isinstance(row[n], int | float) for row in table.rows)}
    right -= {n for n in right if any(isinstance(row[n], bool) for row in table.rows)}
    yield _row({n: table.names[n] for n in widths}, widths, right)
    yield GAP.join("─" * wide for wide in widths.values())
    for row in cells:
        cut = {n: _cut(row[n], table.names[n], widths[n]) for n in widths}
        yield _row(cut, widths, right)


def _row(cells: dict[int, str], widths: dict[int, int], right: set[int]) -> str:
    padded = (
        " " * (widths[n] - cell_len(said)) + said
        if n in right
        else said + " " * (widths[n] - cell_len(said))
        for n, said in cells.items()
    )
    return GAP.join(padded).rstrip()


def _cut(said: str, name: str, width: int) -> str:
    if cell_len(said) <= width or name in ADDRESSES:
        return said
    return set_cell_size(said, width - 1).rstrip() + "…"


def _block(names: Sequence[str], row: Sequence[str], width: int) -> Iterator[str]:
    """One row: short values side by side, each text and address on lines of its own."""
    line = ""
    for name, said in zip(names, row, strict=True):
        if said == "-" or name in LONG:
            continue
        part = said if name in PLAIN else f"{name} {said}"
        if line and cell_len(line) + len(GAP) + cell_len(part) > width:
            yield line
            line = ""
        line += (GAP if line else "") + part
    yield line
    for name, said in zip(names, row, strict=True):
        if said != "-" and name in LONG:
            yield said
    yield ""
