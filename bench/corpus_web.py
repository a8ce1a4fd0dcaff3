"""Make a recorded web of the extraction and feed corpora, to be replayed as one real input.

    python bench/corpus_web.py CORPORA OUT
    broadsheet replay OUT

CORPORA holds extraction/*/html/*.html.gz and feeds/feeds.zip (see their READMEs). OUT becomes a
seeds folder of third-party pages: keep it out of the project. Every feed document gets an address
of its own; every page is an entry of one of the made-up feeds, fifty pages each.
"""

from __future__ import annotations

import argparse
import gzip
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

AT = "2026-11-01T08:00:00Z"
PAGES_PER_FEED = 50


def main() -> None:
    """Read the corpora and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    (options.out / "bodies").mkdir(parents=True)
    tables = [*_feeds(options.corpora, options.out), *_pages(options.corpora, options.out)]
    (options.out / "recordings.toml").write_text("\n".join(tables), "utf-8")
    print(f"{len(tables)} recordings in {options.out}")


def _feeds(corpora: Path, out: Path) -> Iterator[str]:
    with zipfile.ZipFile(corpora / "feeds" / "feeds.zip") as archive:
        lines = archive.read("index.jsonl").decode("utf-8").splitlines()
        for number, case in enumerate(map(json.loads, lines)):
            file = f"bodies/feed-{number}"
            (out / file).write_bytes(archive.read(f"data/{case['name']}"))
            yield _table(
                f"http://feed-{number}.corpus.example/feed",
                file,
                case.get("content_type"),
                feed=True,
            )


def _pages(corpora: Path, out: Path) -> Iterator[str]:
    paths = sorted((corpora / "extraction").glob("*/html/*.html.gz"))
    for start in range(0, len(paths), PAGES_PER_FEED):
        items = []
        for number, path in enumerate(paths[start : start + PAGES_PER_FEED], start):
            file = f"bodies/page-{number}.html"
            (out / file).write_bytes(gzip.decompress(path.read_bytes()))
            url = f"http://page-{number}.corpus.example/{path.parts[-3]}/{number}-an-article"
            yield _table(url, file, "text/html", feed=False)
            items.append(f"<item><guid>{number}</guid><link>{escape(url)}</link></item>")
        file = f"bodies/pages-{start}.xml"
        rss = f'<rss version="2.0"><channel><title>Pages</title>{"".join(items)}</channel></rss>'
        (out / file).write_text(rss, "utf-8")
        url = f"http://pages-{start}.corpus.example/rss"
        yield _table(url, file, "application/rss+xml", feed=True)


def _table(url: str, file: str, content_type: str | None, *, feed: bool) -> str:
    lines = ["[[recording]]", f'url = "{url}"', f"at = {AT}", f'file = "{file}"']
    if feed:
        lines.append("feed = true")
    if content_type:
        lines.append(f"headers = {{ content-type = {json.dumps(content_type)} }}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
