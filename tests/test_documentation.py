"""The documentation agrees with the tree: links lead somewhere, state diagrams show every state."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_DIAGRAM = re.compile(r"```mermaid\n(.*?)```", re.DOTALL)
_STEP = re.compile(r"^\s*(\S+) --> (\S+?):", re.MULTILINE)


def documents() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "*.md"],  # noqa: S607 - as found
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.split()]


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = _HEADING.findall(_CODE.sub("", path.read_text()))
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def links(path: Path) -> Iterator[str]:
    for target in _LINK.findall(_CODE.sub("", path.read_text())):
        if not re.match(r"[a-z]+:", target):
            yield target


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = []
    for link in links(path):
        target, _, anchor = link.partition("#")
        found = (path.parent / target) if target else path
        is_there = found.exists() and (not anchor or anchor in anchors(found))
        broken += [] if is_there else [link]
    assert broken == []


def states(column: str, database_url: str) -> set[str]:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT value FROM news.values WHERE column_name = %s", (column,)
        ).fetchall()
    return {str(value) for (value,) in rows}


@pytest.mark.parametrize(
    ("number", "column"),
    [(0, "feeds.state"), (1, "entries.article_outcome")],
    ids=["feed", "article"],
)
def test_state_diagram_shows_every_state_and_no_other(
    number: int, column: str, database_url: str
) -> None:
    diagram = _DIAGRAM.findall((ROOT / "ARCHITECTURE.md").read_text())[number]
    shown = {name for step in _STEP.findall(diagram) for name in step} - {"[*]"}
    assert shown == states(column, database_url)
