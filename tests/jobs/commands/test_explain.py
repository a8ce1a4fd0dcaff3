"""broadsheet articles explain: of an article, an address or a file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.storage.database import connected
from tests.conftest import ROOT
from tests.jobs.site import Site
from tests.pipeline.storage.builders import article_id, page_read, store

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.shell import Ran, Shell
    from tests.jobs.world import World

SEED = ROOT / "seeds" / "pages" / "capital-teaser.html"
ADDRESS = "https://www.capital-brief.example/politics/race-to-run-the-mint"


def test_file_is_explained_without_a_database(cli: Callable[..., Ran]) -> None:
    ran = cli("articles", "explain", str(SEED), "--url", ADDRESS, "--json", DATABASE_URL="none")
    found = ran.json
    assert ran.code == 0
    assert (found["outcome"], found["page_kind"], found["access"]) == (
        "article", "teaser", "metered",
    )  # fmt: skip
    assert found["why"].startswith("enough text")
    assert found["walls"][0]["rule"] == "paywall"
    wins = {one["fact"]: one["source"] for one in found["candidates"] if one["wins"]}
    assert wins == {"title": "json_ld", "authors": "json_ld", "published_at": "json_ld"}


def test_people_read_it_as_tables(cli: Callable[..., Ran]) -> None:
    ran = cli("articles", "explain", str(SEED), "--url", ADDRESS)
    assert ran.code == 0
    for heading in ("walls", "kinds of page", "headline, authors and date"):
        assert f"\n{heading}\n" in ran.out
    assert "isAccessibleForFree false" in ran.out


def test_article_is_explained_from_its_kept_page(shell: Shell, replayed: World) -> None:
    number = replayed.value("SELECT article_id FROM news.articles WHERE url = %s", ADDRESS)
    ran = shell.run("articles", "explain", str(number), "--replay", "--json")
    found = ran.json
    assert (ran.code, found["article_id"], found["url"]) == (0, number, ADDRESS)
    assert found["revision_decision"] == "none: headline and text are those that are stored"
    assert [one["change_kind"] for one in found["revisions"]] == ["first"]
    sources = {one["source"] for one in found["candidates"] if one["fact"] == "published_at"}
    assert {"json_ld", "feed"} <= sources


def test_failed_article_says_which_wall_it_met(shell: Shell, replayed: World) -> None:
    number = replayed.value("SELECT id FROM news.failures WHERE reason = 'listing'")
    ran = shell.run("articles", "explain", str(number), "--replay", "--json")
    assert (ran.code, ran.json["outcome"]) == (1, "listing")
    assert ran.json["revision_decision"] == "none: there is no article"


WHOLE = "The harbour of Norhaven opened again on Monday. " * 20


@pytest.mark.parametrize(
    ("stored", "access", "decision"),
    [
        pytest.param(WHOLE, None, "none: the page shows less than the text that is stored", id="teaser"),
        pytest.param("Something else entirely.", "metered", "substantive: a revision would be added", id="other"),
    ],
)  # fmt: skip
def test_decision_is_that_of_the_service(
    shell: Shell, database_url: str, stored: str, access: str | None, decision: str
) -> None:
    """The kept page is the teaser of the seeds; the text that is stored is another one."""

    async def put() -> int:
        async with connected(database_url, connections=2) as db:
            page = page_read(ADDRESS, stored, access=access)
            body = replace(page.response, body=SEED.read_bytes()) if page.response else None
            await store(db, replace(page, response=body))
            return await article_id(db, ADDRESS)

    number = asyncio.run(put())
    ran = shell.run("articles", "explain", str(number), "--database-url", database_url, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["revision_decision"].startswith(decision)


def test_address_is_asked_once(cli: Callable[..., Ran]) -> None:
    with Site() as site:
        (url,) = site.put_news("harbour")
        ran = cli("articles", "explain", url, "--json", BROADSHEET_ALLOW_NETS="127.0.0.0/8")
        assert (ran.code, ran.json["outcome"]) == (0, "article"), ran.err
        assert site.paths() == ["/news/harbour"]


def test_private_address_is_not_asked(cli: Callable[..., Ran]) -> None:
    with Site() as site:
        (url,) = site.put_news("harbour")
        ran = cli("articles", "explain", url, "--json")
        assert (ran.code, ran.json["outcome"]) == (1, "blocked_address")
        assert site.paths() == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("no-such-file.html", "no number, no address, and cannot be read as a file"),
        ("0", "no number of an article"),
        ("ftp://post.example/a", "give the address of a page"),
    ],
)
def test_what_cannot_be_explained_is_wrong_usage(
    cli: Callable[..., Ran], source: str, said: str
) -> None:
    ran = cli("articles", "explain", source)
    assert (ran.code, said in ran.err) == (2, True), ran.err


def test_article_whose_page_is_not_kept_says_what_to_do(shell: Shell, replayed: World) -> None:
    assert replayed.value("SELECT max(article_id) FROM news.articles") < 999
    ran = shell.run("articles", "explain", "999", "--replay")
    assert ran.code == 2
    assert "no page of article 999 is kept" in ran.err
