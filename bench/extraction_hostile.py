"""What becomes of pages made to break an extractor, in the pool of processes that the service uses.

    python bench/extraction_hostile.py [HOSTILE/inputs.py] [--only WORD]

Prints for each page: its size, the way its text was read or the reason why there is none, the
characters found, whether the article's own sentences are among them, the seconds it took and the
peak of the worker's resident memory in MiB. `inputs.py` is a file of further cases (its CASES, those
of kind "page"). Exit code 1 when a page killed its worker, outlasted it, or lost its article.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import random
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.articles import extract
from pipeline.errors import IngestError, NoArticleError
from pipeline.model import Response
from pipeline.web import workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MB = 1 << 20
SENTENCES = [
    f"Paragraph {n} says that the council of Harbour Town will rebuild pier number {n}, the mayor told us."
    for n in range(20)
]
ARTICLE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
NOT_ARTICLES = {"plain text", "json", "pdf", "empty", "frameset", "random bytes", "gzip"}


def page(body: str, head: str = "") -> bytes:
    """Return a whole page around `body`."""
    start = f"<!doctype html><html><head><title>Pier to be rebuilt</title>{head}</head><body>"
    return f"{start}<h1>Pier to be rebuilt</h1>{body}</body></html>".encode(
        "utf-8", "surrogatepass"
    )


def nested(tag: str, depth: int, *, close: bool = True) -> bytes:
    """Return the article below `depth` elements."""
    return page(f"<{tag}>" * depth + ARTICLE + (f"</{tag}>" * depth if close else ""))


def linked(inside: str) -> bytes:
    """Return the article with a JSON-LD script."""
    return page(ARTICLE, f'<script type="application/ld+json">{inside}</script>')


def filled(unit: str, size: int, *, before: str = "", after: str = "") -> bytes:
    """Return a page of `size` bytes of `unit`, with what stands before and after."""
    return page(before + unit * (size // len(unit.encode())) + after)


AUTHOR = '{"@type": "Person", "name": "Ann Lee"},'
WORDS = "The council voted to rebuild the pier. "
CASES: dict[str, Callable[[], bytes]] = {
    "300 div": lambda: nested("div", 300),
    "500 tables": lambda: page("<table><tr><td>" * 500 + ARTICLE + "</td></tr></table>" * 500),
    "2k lists": lambda: page("<ul><li>" * 2000 + ARTICLE + "</li></ul>" * 2000),
    "10k spans": lambda: nested("span", 10_000),
    "3k unclosed font/a/p": lambda: page("<font><a><p>" * 3000 + ARTICLE),
    "5,000 div": lambda: nested("div", 5000),
    "20k unclosed b": lambda: nested("b", 20_000, close=False),
    "19 MB data URI": lambda: page(
        f"<img src='data:image/png;base64,{'A' * (19 * MB)}'>" + ARTICLE
    ),
    "10 MB paragraphs": lambda: filled(f"<p>{WORDS * 5}</p>", 10 * MB, before=ARTICLE),
    "10 MB tiny paragraphs": lambda: filled("<p>x</p>", 10 * MB, after=ARTICLE),
    "10k tiny paragraphs": lambda: page("<p>x</p>" * 10_000 + ARTICLE),
    "19k paragraphs": lambda: page("<p>Some words here.</p>" * 19_000 + ARTICLE),
    "10 MB links": lambda: filled(
        "<a href='/n'>A headline of another article</a> ", 10 * MB, after=ARTICLE
    ),
    "10 MB JSON-LD": lambda: linked(f'{{"@type": "NewsArticle", "x": "{"y" * (10 * MB)}"}}'),
    "10 MB in one p": lambda: page(f"{ARTICLE}<p>{WORDS * (10 * MB // len(WORDS))}</p>"),
    "10 MB in one script": lambda: page(f"<script>{'x=1;' * (10 * MB // 4)}</script>{ARTICLE}"),
    "25 MB paragraphs": lambda: filled(f"<p>{WORDS * 5}</p>", 25 * MB, before=ARTICLE),
    "1M empty divs": lambda: page("<div></div>" * 1_000_000 + ARTICLE),
    "200k attributes": lambda: page(
        f"<div {' '.join(f'a{n}=1' for n in range(200_000))}>{ARTICLE}</div>"
    ),
    "50k-row table": lambda: page(
        f"<table>{'<tr><td>a</td><td>b</td></tr>' * 50_000}</table>" + ARTICLE
    ),
    "wide table": lambda: page(f"<table><tr>{'<td>a</td>' * 19_000}</tr></table>" + ARTICLE),
    "100k br": lambda: page("line<br>" * 100_000 + ARTICLE),
    "39k br": lambda: page("line<br>" * 39_000 + ARTICLE),
    "rowspan bomb": lambda: page(
        "<table>" + "<tr><td rowspan=65000 colspan=65000>a</td></tr>" * 300 + "</table>" + ARTICLE
    ),
    "deep JSON-LD": lambda: linked('{"a":' * 50_000),
    "broken JSON-LD, 662 kB of authors": lambda: linked(
        '{"@type": "NewsArticle", "author": [' + AUTHOR * (662_000 // len(AUTHOR))
    ),
    "NULs": lambda: page("\x00".join(ARTICLE.split("<p>"))),
    "lone surrogate": lambda: page("<p>\ud800 alone</p>" + ARTICLE),
    "plain text": lambda: "\n\n".join(SENTENCES).encode(),
    "json": lambda: b'{"title": "Pier"}',
    "pdf": lambda: b"%PDF-1.7\n" + b"x" * 1000,
    "empty": lambda: b"",
    "frameset": lambda: b"<html><frameset><frame src='/a'></frameset></html>",
    "random bytes": lambda: random.Random(7).randbytes(MB),  # noqa: S311 - test data
    "gzip": lambda: b"\x1f\x8b\x08\x00" + b"\x00" * 1000,
}


def measured(name: str, body: bytes) -> tuple[str, int, bool, float, float]:
    """Return (way or reason, characters, whole, CPU seconds, peak MiB); runs in a worker."""
    began = time.process_time()
    try:
        article = extract.article(Response("https://post.example/2031/pier", body=body))
        way, text = article.extractor or "", article.text
    except NoArticleError as error:
        way, text = error.reason, ""
    whole = name not in CASES or name in NOT_ARTICLES or all(s in text for s in SENTENCES)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return way, len(text), whole, time.process_time() - began, peak


def further(path: Path | None) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the pages of another file of cases."""
    if path is None:
        return
    spec = importlib.util.spec_from_file_location("inputs", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is not Python")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, found in module.CASES.items():
        if found["kind"] == "page":
            yield name, found["make"]


async def table(cases: dict[str, Callable[[], bytes]]) -> bool:
    """Print a row for each case, each in a process of its own; return whether all is well."""
    well = True
    print(f"{'page':36} {'MB':>5} {'read by or reason':26} {'chars':>9} whole CPU s wall s  MiB")
    for name, make in cases.items():
        body = make()
        began = time.perf_counter()
        async with workers.started(1) as pool:
            await pool.run(measured, "warm-up", page(ARTICLE))
            began = time.perf_counter()
            try:
                way, length, whole, seconds, peak = await pool.run(measured, name, body)
            except IngestError as error:
                way, length, whole, seconds, peak = error.reason, 0, False, 0.0, 0.0
            wall = time.perf_counter() - began
        well = well and whole
        size = len(body) / MB
        print(
            f"{name:36} {size:5.1f} {way:26} {length:9} {whole!s:5} {seconds:5.2f} {wall:6.2f} {peak:4.0f}",
            flush=True,
        )
    return well


def main() -> int:
    """Run the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", nargs="?", type=Path)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    cases = {**CASES, **dict(further(given.inputs))}
    chosen = {name: make for name, make in cases.items() if given.only in name}
    return 0 if asyncio.run(table(chosen)) else 1


if __name__ == "__main__":
    sys.exit(main())
