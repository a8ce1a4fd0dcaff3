"""How a page was read, for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs import output
from pipeline.storage.database import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobs.article_explanation import Explained
    from pipeline.articles.explanation import Candidate, Sign

SIGN = ("rule", "holds", "decides", "seen")
CANDIDATE = ("fact", "source", "wins", "value")
FACTS = (
    "title",
    "authors",
    "published_at",
    "published_source",
    "language",
    "page_kind",
    "access",
    "canonical_url",
)


def as_row(explained: Explained) -> dict[str, object]:
    """Return how a page was read as a JSON object."""
    (facts,) = output.rows(_record(explained))
    tables = {
        "walls": Table(names=SIGN, rows=_signs(explained.explanation.walls)),
        "kinds": Table(names=SIGN, rows=_signs(explained.explanation.kinds)),
        "candidates": Table(names=CANDIDATE, rows=_candidates(explained.explanation.candidates)),
        "revisions": explained.revisions,
    }
    article = explained.explanation.article
    return {
        **facts,
        "text": article.text if article else None,
        **{name: output.rows(table) for name, table in tables.items()},
    }


def show(explained: Explained) -> None:
    """Print how a page was read: what came of it, then the rules and candidates behind it."""
    found = explained.explanation
    output.show_record(_record(explained), as_json=False)
    _show(SIGN, _signs(found.walls), "walls")
    _show(SIGN, _signs(found.kinds), "kinds of page")
    _show(CANDIDATE, _candidates(found.candidates), "headline, authors and date")
    _show(explained.revisions.names, explained.revisions.rows, "revisions")


def _record(explained: Explained) -> Table:
    found = explained.explanation
    article = found.article
    values: dict[str, object] = {
        "article_id": explained.article_id,
        "url": explained.url,
        "outcome": "article" if article else found.reason,
        "message": found.message,
        "text_path": found.path or None,
        "why": found.why or None,
        "characters": found.characters,
        "revision_decision": explained.decision,
        **{name: getattr(article, name, None) for name in FACTS},
    }
    values["authors"] = list(article.authors) if article else []
    return Table(names=tuple(values), rows=(tuple(values.values()),))


def _signs(signs: Iterable[Sign]) -> tuple[tuple[object, ...], ...]:
    return tuple(
        (one.rule, "near" if one.is_near else "yes", one.decides, one.seen or None) for one in signs
    )


def _candidates(candidates: Iterable[Candidate]) -> tuple[tuple[object, ...], ...]:
    return tuple((one.fact, one.source, one.wins, one.value) for one in candidates)


def _show(names: tuple[str, ...], rows: Sequence[tuple[object, ...]], title: str) -> None:
    if rows:
        output.show(Table(names=names, rows=tuple(rows)), as_json=False, title=f"\n{title}")
