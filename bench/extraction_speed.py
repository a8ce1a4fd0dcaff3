"""CPU time of our extractor against trafilatura's on the same pages, in one process.

    python bench/extraction_speed.py CORPUS... [--pages 20] [--rounds 3] [--profile]

Each CORPUS is a folder with truth.jsonl (`id`, `url`) and html/<id>.html.gz. The first `--pages` of
each are read whole by `extract.article` and by `trafilatura.bare_extraction(with_metadata=True)`,
pass after pass; all pages are read once before (lazy imports, dateparser's tables). Prints pages
a second of both and the ratio for each round and their medians; with `--profile` where our time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import logging
import pstats
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import trafilatura

from bench.extraction import extract

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = (
    1_000_000  # bytes; one page of 1.3 MB, on which trafilatura is quadratic, would decide alone
)
Page = tuple[bytes, str | None]


def pages(corpus: Path, most: int) -> list[Page]:
    """Return (body, url) of the first pages of a corpus."""
    found: list[Page] = []
    for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        body = gzip.decompress((corpus / "html" / f"{truth['id']}.html.gz").read_bytes())
        if len(found) < most and len(body) <= LARGEST:
            found.append((body, truth.get("url")))
    return found


def theirs(body: bytes, url: str | None) -> None:
    """Read a page as trafilatura's users do."""
    trafilatura.bare_extraction(body, url=url, with_metadata=True)


def seconds(function: Callable[[bytes, str | None], object], chosen: list[Page]) -> float:
    """Return the CPU seconds of one pass over the pages."""
    began = time.process_time()
    for body, url in chosen:
        function(body, url)
    return time.process_time() - began


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    chosen = [page for corpus in given.corpus for page in pages(corpus, given.pages)]
    seconds(extract, chosen)
    seconds(theirs, chosen)
    rounds = [(seconds(extract, chosen), seconds(theirs, chosen)) for _ in range(given.rounds)]
    for own, other in [*rounds, tuple(map(statistics.median, zip(*rounds, strict=True)))]:
        print(
            f"ours {len(chosen) / own:5.1f} pages/s, trafilatura {len(chosen) / other:5.1f}: {other / own:.2f}"
        )
    if given.profile:
        profile = cProfile.Profile()
        profile.runcall(seconds, extract, chosen)
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)


if __name__ == "__main__":
    main()
