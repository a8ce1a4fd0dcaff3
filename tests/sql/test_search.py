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

    from pipeline.decide import PageRead
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
        pytest.param("fog ---pilot", {BRIDGE}, id="dashes in front of a word"),
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
        pytest.param({"language": "EN-GB"}, {BRIDGE}, id="language in capitals"),
        pytest.param({"site": "Alder.Example"}, {FERRY, BRIDGE}, id="site in capitals"),
        pytest.param({"site": "a\\b'c"}, set(), id="no site"),
        pytest.param({"language": "a\\b'c"}, set(), id="no language"),
        pytest.param({"since": "-infinity"}, {FERRY, BRIDGE, UNDATED}, id="since ever"),
        pytest.param({"since": "infinity"}, set(), id="since never"),
        pytest.param({"until": "infinity"}, {FERRY, BRIDGE, UNDATED}, id="until ever"),
        pytest.param({"until": "-infinity"}, set(), id="until never"),
    ],
)
def test_bounds_are_kept(
    library: psycopg.Connection[tuple[object, ...]], bounds: dict[str, object], found: set[str]
) -> None:
    assert set(search(library, "ferry", **bounds)) == found


LANGUAGES = {
    "english": ("en", "Two ferries collided", "The captains were running late and blamed the weather."),
    "regional": ("en-us", "Running for mayor", "Candidates are running again this year."),
    "german": ("de", "Neue Häuser", "Die Häuser am Fluss wurden verkauft, laufende Kosten steigen."),
    "unknown": (None, "Nihil", "Ferries sine nomine currunt."),
    "japanese": ("ja", "東京タワーの灯", "昨夜、東京タワーのライトアップが中止された。猫が一匹いた。"),
    "chinese": ("zh-cn", "江城老渡口恢复通航", "居民十分钟可达对岸。iPhone发售。"),
    "thai": ("th", "เรือข้ามฟาก", "เรือข้ามฟากกลับมาให้บริการที่ท่าเรือเก่าแล้ว"),
    "korean": ("ko", "서울에서 열린 회의", "회의는 서울에서 어제 열렸다."),
}  # fmt: skip


async def fill_languages(url: str) -> None:
    async with connected(url, connections=4) as db:
        for name, (language, title, text) in LANGUAGES.items():
            address = f"https://{name}.example/a"
            read = builders.page_read(address, text, title=title, language=language)
            await builders.store(db, read)
        await builders.publish(db)


@pytest.fixture(scope="module")
def tower(server: Server) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A database with an article in each of some languages."""
    url = embedded.create(server, "tower")
    schema.migrate(url)
    asyncio.run(fill_languages(url))
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("ferry", {"english"}, id="another form of an English word"),
        pytest.param(
            "ferries", {"english", "unknown"}, id="the very form where the language is unknown"
        ),
        pytest.param("run", {"english", "regional"}, id="regional forms read as their language"),
        pytest.param("haus", {"german"}, id="another form of a German word"),
        pytest.param("the", set(), id="a word that says nothing"),
        pytest.param("weather -ferry", set(), id="left out in another form"),
        pytest.param('"captain was running"', {"english"}, id="phrase of forms"),
        pytest.param("東京", {"japanese"}, id="Japanese, beginning of a run"),
        pytest.param("タワー", {"japanese"}, id="Japanese, within a run"),
        pytest.param("京東", set(), id="letters the other way round"),
        pytest.param("東京 中止", {"japanese"}, id="two runs"),
        pytest.param("東京 -猫", set(), id="not a letter"),
        pytest.param("大阪 or 渡口", {"chinese"}, id="either run"),
        pytest.param("猫", {"japanese"}, id="one letter"),
        pytest.param("航", {"chinese"}, id="one letter, the last of a run"),
        pytest.param('"恢复通航"', {"chinese"}, id="quoted run"),
        pytest.param("通航 ferry or 老渡口", {"chinese"}, id="runs among words"),
        pytest.param("iphone发售", {"chinese"}, id="Latin and Chinese in one"),
        pytest.param("iPhone", {"chinese"}, id="Latin beside Chinese"),
        pytest.param("ข้ามฟาก", {"thai"}, id="Thai within a run"),
        pytest.param("ท่าเรือ", {"thai"}, id="Thai with marks above"),
        pytest.param("서울", {"korean"}, id="Korean word with a particle"),
    ],
)
def test_texts_are_found_in_the_manner_of_their_language(
    tower: psycopg.Connection[tuple[object, ...]], query: str, found: set[str]
) -> None:
    assert {url.split("/")[2].removesuffix(".example") for url in search(tower, query)} == found


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        pytest.param("running", "en", ["english", "regional"], id="with its regional forms"),
        pytest.param("running", "en-us", ["regional"], id="a regional form alone"),
        pytest.param("running", "de", [], id="another language"),
        pytest.param("渡口", "zh", ["chinese"], id="Chinese"),
        pytest.param("渡口", "ja", [], id="not Japanese"),
    ],
)
def test_a_language_narrows(
    tower: psycopg.Connection[tuple[object, ...]], query: str, language: str, found: list[str]
) -> None:
    addresses = sorted(search(tower, query, language=language))
    assert [url.split("/")[2].removesuffix(".example") for url in addresses] == found


def test_a_snippet_of_a_text_without_spaces_shows_the_place(
    tower: psycopg.Connection[tuple[object, ...]],
) -> None:
    ((headline,),) = tower.execute("SELECT headline FROM news.search('タワー')").fetchall()
    assert headline == "昨夜、東京«タワー»のライトアップが中止された。猫が一匹いた。"


def test_a_changed_fact_is_searched_by(tower: psycopg.Connection[tuple[object, ...]]) -> None:
    with tower.transaction(force_rollback=True):
        tower.execute(
            "UPDATE ingest.articles SET language = 'en', site = 'moved.example', "
            "published_at = '2026-03-09Z', published_source = 'feed' WHERE site = 'unknown.example'"
        )
        assert len(search(tower, "ferry", site="moved.example")) == 1
        assert len(search(tower, "ferry", since=MARCH.replace(day=9))) == 1
        assert len(search(tower, "ferry", language="en")) == 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", " ".join(f"w{n:x}" for n in range(200_000)), id="many words"),
        pytest.param("ja", "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(400_000)), id="Han"),
        pytest.param("hi", " ".join(chr(0x905 + n % 50) + chr(0x905 + n // 50 % 50) + chr(0x905 + n // 2500) for n in range(100_000)), id="short words of long letters"),
        pytest.param("en", "-".join(f"w{n:x}" for n in range(200_000)), id="one compound"),
        pytest.param("en", "x" * 3_000_000, id="one word"),
        pytest.param(None, "/".join(f"a.b{n}" for n in range(100_000)), id="one path"),
    ],
)  # fmt: skip
def test_no_text_is_too_much_for_the_index(
    tower: psycopg.Connection[tuple[object, ...]], language: str | None, text: str
) -> None:
    ((size,),) = tower.execute(
        "SELECT pg_column_size(ingest.search_document(%s, 'Title', %s))", (language, text)
    ).fetchall()
    assert 0 < int(str(size)) < 2**20 + 2**18


def test_a_word_of_the_headline_counts_for_more(
    library: psycopg.Connection[tuple[object, ...]],
) -> None:
    assert search(library, "ferry")[0] == FERRY


def test_only_so_many_are_returned(library: psycopg.Connection[tuple[object, ...]]) -> None:
    assert search(library, "ferry", lim=1) == [FERRY]
    assert search(library, "ferry", lim=0) == []
    assert search(library, "ferry", lim=-1) == []
    assert set(search(library, "ferry", lim=None)) == {FERRY, BRIDGE, UNDATED}


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
        pytest.param("-" * 64, id="dashes"),
        pytest.param("- " * 64, id="dashes and spaces"),
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


def test_articles_that_wait_for_publishing_take_no_place(
    library: psycopg.Connection[tuple[object, ...]],
) -> None:
    with library.transaction(force_rollback=True):
        library.execute(
            """
            WITH waiting AS (
              INSERT INTO ingest.articles (url, url_key, url_digest, site, first_seen_at, published_at, published_source)
              SELECT 'https://w.example/' || n, 'w' || n, sha256(('w' || n)::bytea), 'w.example', %(at)s, %(at)s, 'feed'
              FROM generate_series(1, 1001) AS n
              RETURNING article_id, published_at
            ), queued AS (
              INSERT INTO ingest.unpublished (article_id, since) SELECT article_id, published_at FROM waiting
            )
            INSERT INTO ingest.search (article_id, document, published_at)
            SELECT w.article_id, s.document, w.published_at
            FROM waiting AS w, ingest.search AS s
            JOIN ingest.articles AS a USING (article_id)
            WHERE a.url = %(like)s
            """,
            {"at": MARCH.replace(day=4), "like": FERRY},
        )
        assert search(library, "pilot") == [FERRY]
