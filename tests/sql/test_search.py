"""news.search: what it finds, in which order, within which bounds, and what it makes of odd input."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pipeline.storage import embedded, schema
from pipeline.storage.database import connected
from tests.pipeline.storage import builders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.record import PageRead
    from pipeline.storage.embedded import Server

MARCH = datetime(2026, 3, 1, tzinfo=UTC)

FERRY = "https://alder.example/ferry"
BRIDGE = "https://alder.example/bridge"
FAEHRE = "https://tarn.example/faehre"
UNDATED = "https://tarn.example/undated"


async def fill(url: str) -> None:
    reads: list[PageRead] = []

    def page(address: str, title: str, text: str, day: int | None, language: str) -> None:
        dated: dict[str, Any] = {}
        if day is not None:
            dated = {"published_at": MARCH.replace(day=day), "published_source": "feed"}
        whole = f"{text}\n{builders.words(address)}"
        reads.append(builders.page_read(address, whole, title=title, language=language, **dated))

    page(FERRY, "Ferry aground", "The pilot said that fog had closed in.", 3, "en")
    page(BRIDGE, "Tarn bridge closed", "The ferry runs while the fog stays.", 1, "en-gb")
    page(FAEHRE, "Fähre auf Grund", "Der Lotse sah im Nebel die Fähre nicht.", 2, "de")
    page(UNDATED, "Slow ships", "An undated piece on a ferry.", None, "en")
    async with connected(url, connections=4) as db:
        await builders.store(db, *reads)
        await builders.publish(db)


@pytest.fixture(scope="module")
def library(server: Server) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A database with four published articles."""
    url = embedded.create(server, "library")
    schema.migrate(url)
    asyncio.run(fill(url))
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def search(
    library: psycopg.Connection[tuple[object, ...]], query: str, **bounds: object
) -> list[str]:
    """The addresses found, in order."""
    wanted = {"lim": 20, "since": None, "until": None, "language": None, "site": None, **bounds}
    found = library.execute(
        "SELECT url FROM news.search(%(query)s, %(lim)s, %(since)s, %(until)s, %(language)s, %(site)s)",
        {"query": query, **wanted},
    )
    return [str(url) for (url,) in found]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("aground", {FERRY}, id="word of a headline"),
        pytest.param("AGROUND", {FERRY}, id="case does not matter"),
        pytest.param("pilot", {FERRY}, id="word of a text"),
        pytest.param("fähre", {FAEHRE}, id="word with an umlaut"),
        pytest.param("fog", {FERRY, BRIDGE}, id="word of two texts"),
        pytest.param("fog pilot", {FERRY}, id="all words"),
        pytest.param("pilot or bridge", {FERRY, BRIDGE}, id="either word"),
        pytest.param("fog -pilot", {BRIDGE}, id="not a word"),
        pytest.param('"fog had closed"', {FERRY}, id="phrase"),
        pytest.param('"closed fog"', set(), id="phrase the other way round"),
        pytest.param("submarine", set(), id="word of nobody"),
    ],
)
def test_articles_are_found_by_title_and_text(
    library: psycopg.Connection[tuple[object, ...]], query: str, found: set[str]
) -> None:
    assert set(search(library, query)) == found


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        pytest.param({}, {FERRY, BRIDGE, UNDATED}, id="no bound"),
        pytest.param({"since": MARCH.replace(day=2)}, {FERRY}, id="since leaves out older"),
        pytest.param({"since": MARCH.replace(day=3)}, {FERRY}, id="since is inclusive"),
        pytest.param({"until": MARCH.replace(day=3)}, {BRIDGE}, id="until is exclusive"),
        pytest.param({"language": "de"}, set(), id="other language"),
        pytest.param({"language": "en"}, {FERRY, BRIDGE, UNDATED}, id="language"),
        pytest.param({"language": "en-gb"}, {BRIDGE}, id="regional form"),
        pytest.param({"site": "alder.example"}, {FERRY, BRIDGE}, id="site"),
        pytest.param({"site": "tarn.example", "language": "en"}, {UNDATED}, id="both"),
    ],
)
def test_bounds_are_kept(
    library: psycopg.Connection[tuple[object, ...]], bounds: dict[str, object], found: set[str]
) -> None:
    assert set(search(library, "ferry", **bounds)) == found


def test_a_word_of_the_headline_counts_for_more(
    library: psycopg.Connection[tuple[object, ...]],
) -> None:
    assert search(library, "ferry")[0] == FERRY


def test_only_so_many_are_returned(library: psycopg.Connection[tuple[object, ...]]) -> None:
    assert search(library, "ferry", lim=1) == [FERRY]
    assert search(library, "ferry", lim=0) == []


def test_the_headline_marks_the_words(library: psycopg.Connection[tuple[object, ...]]) -> None:
    ((title, headline, published_at, rank),) = library.execute(
        "SELECT title, headline, published_at, rank FROM news.search('pilot')"
    ).fetchall()
    assert title == "Ferry aground"
    assert "«pilot» said that fog" in str(headline)
    assert published_at == MARCH.replace(day=3)
    assert isinstance(rank, float)
    assert 0 < rank < 1


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="spaces"),
        pytest.param('"', id="open quote"),
        pytest.param("-", id="minus"),
        pytest.param("or", id="operator alone"),
        pytest.param("& | ! <-> ( )", id="operators of tsquery"),
        pytest.param(":* ' \\ %s %", id="escapes"),
        pytest.param("'; DROP TABLE ingest.articles; --", id="injection"),
        pytest.param("\U0001f6f3\ufe0f \u202e", id="no letters"),
        pytest.param("submarine " * 20_000, id="many words"),
        pytest.param("x" * 3_000, id="word longer than a lexeme"),
    ],
)
def test_odd_input_finds_nothing_and_raises_nothing(
    library: psycopg.Connection[tuple[object, ...]], query: str
) -> None:
    assert search(library, query) == []


def test_no_query_finds_nothing(library: psycopg.Connection[tuple[object, ...]]) -> None:
    assert library.execute("SELECT * FROM news.search(NULL)").fetchall() == []
