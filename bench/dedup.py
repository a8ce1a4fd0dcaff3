"""Stories against labelled near-duplicates: the adapter for a pairwise scorer.

The scorer calls `labels` with the documents of a labelled corpus (dicts with id, title, url and
text, in order of arrival) and compares the story numbers with the true clusters:

    python SCORER/dedup_score.py CORPUS/dev.jsonl.gz bench.dedup:labels

run from the folder that holds `bench/`. Goals: pairwise F1 >= .979 at precision >= .998, at most
3 false pairs among the hard negatives. `python -m bench.dedup PAIRS.jsonl.gz` scores labelled
pairs instead (a, b: title and text; label 1 same story, 0 another, anything else is left out).
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.model import StoryText
from pipeline.stories import dedupe, group, shingles

if TYPE_CHECKING:
    from collections.abc import Sequence


def labels(documents: Sequence[dict[str, Any]]) -> list[int]:
    """Return the story number of each document, in order."""
    return group(
        [
            StoryText(id=position, url=one["url"], title=one["title"], text=one["text"])
            for position, one in enumerate(documents)
        ]
    )


def main(path: str) -> None:
    """Print how many of the labelled pairs in a gzipped JSON-lines file are decided rightly."""
    with gzip.open(Path(path), "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    decided = [pair for pair in pairs if pair["label"] in (0, 1)]
    outcome = Counter(
        (
            pair["label"],
            dedupe.decide(*(shingles.of(pair[side]["text"]) for side in "ab")) is not None,
        )
        for pair in decided
    )
    right = outcome[1, True] + outcome[0, False]
    print(f"{right} of {len(decided)} right, {outcome[0, True]} false, {outcome[1, False]} missed")


if __name__ == "__main__":
    main(*sys.argv[1:])
