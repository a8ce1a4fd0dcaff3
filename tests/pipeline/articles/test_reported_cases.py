"""Small pages after public bug reports of crawlers and extractors, each with what is right.

`tests/cases/articles/cases.json` says of each page which fields are checked, and how: eq (equal), day
(first ten characters of the time), has, hasnot, once (in the text exactly once), lines.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.articles import extract
from pipeline.model import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import Article

FOLDER = Path(__file__).parents[2] / "cases" / "articles"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "cases.json").read_text("utf-8"))
FIELDS = {"published": "published_at", "image": "image_url"}


def shown(article: Article, field: str) -> Any:
    """A field as the cases write it: times in ISO 8601, lists as lists."""
    value = getattr(article, FIELDS.get(field, field))
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda found, value: bool(found == value),
    "day": lambda found, value: found is not None and bool(str(found)[:10] == value),
    "has": lambda found, value: value in (found or ""),
    "hasnot": lambda found, value: value not in (found or ""),
    "once": lambda found, value: bool(str(found).count(value) == 1),
    "lines": lambda found, value: bool(str(found).split("\n") == value),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]).removesuffix(".html"))
def test_reported_page_is_read_right(case: dict[str, Any]) -> None:
    headers = {"content-type": case["content_type"]}
    body = (FOLDER / case["file"]).read_bytes()
    article = extract.article(Response(case["url"], headers=headers, body=body))
    wrong = [
        (check, shown(article, check["field"]))
        for check in case["checks"]
        if not CHECKS[check["op"]](shown(article, check["field"]), check["value"])
    ]
    assert wrong == []
