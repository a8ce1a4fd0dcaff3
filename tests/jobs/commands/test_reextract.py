"""broadsheet reextract: what it says of the replayed seeds, and of a database it is stopped on."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.jobs.world import replayed_into

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.shell import Ran, Shell
    from tests.jobs.world import World

SEEN = (
    "SELECT article_id, title, text, authors, published_at, extractor FROM news.articles ORDER BY 1"
)


def test_seeds_read_again_are_as_they_were(shell: Shell, replayed: World) -> None:
    before = replayed.snapshot()
    ran = shell.run("reextract", "--replay", "--json", BROADSHEET_WORKERS="1")
    assert ran.code == 0, ran.err
    assert ran.json == {"counts": {"same": 21, "failed": 1}, "articles": [], "whole": True}
    assert replayed.snapshot() == before


def test_changes_are_said_in_a_line_each(shell: Shell, root: Path, empty_url: str) -> None:
    world = replayed_into(empty_url, [root / "seeds"])
    wanted = world.rows(SEEN)
    world.rows(
        "UPDATE ingest.articles SET extractor = 'older/1', authors = '{Somebody}' WHERE article_id = 1"
    )
    world.rows(
        "UPDATE ingest.revisions SET text = 'Old text.', digest = '\\x00' WHERE article_id = 1 AND is_current"
    )
    settings = {"DATABASE_URL": world.url, "BROADSHEET_WORKERS": "1"}
    dry = shell.run("reextract", "--dry-run", "--extractor", "older", **settings)
    assert dry.code == 0, dry.err
    head, *facts = dry.out.splitlines()
    assert head.split()[:2] == ["1", "substantive"], head
    assert [line.split(":")[0].strip() for line in facts] == ["text", "authors", "extractor"]
    assert "authors: Somebody -> " in dry.out
    assert dry.err == "1 article changed\n"
    assert world.rows(SEEN) != wanted
    site = world.value("SELECT site FROM news.articles WHERE article_id = 1")
    assert shell.run("reextract", "--site", site, **settings).code == 0
    assert world.rows(SEEN) == wanted
    assert world.broken() == {}


def test_nothing_that_fits_is_said(cli: Callable[..., Ran], database_url: str) -> None:
    ran = cli("reextract", "--database-url", database_url, BROADSHEET_WORKERS="1")
    assert (ran.code, ran.err) == (0, "no kept page fits\n")


def test_it_can_be_stopped(shell: Shell, root: Path, empty_url: str) -> None:
    world = replayed_into(empty_url, [root / "seeds"])
    world.rows("UPDATE ingest.articles SET extractor = 'older/1'")
    started = shell.start("reextract", DATABASE_URL=world.url, BROADSHEET_WORKERS="1")
    while not world.value("SELECT count(*) FROM ingest.articles WHERE extractor <> 'older/1'"):
        assert started.poll() is None
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=30)
    assert (started.returncode, out) == (1, "")
    assert "stopped: what was done stays" in err
    assert "Traceback" not in err
    assert world.leases() == 0
    assert shell.run("reextract", DATABASE_URL=world.url, BROADSHEET_WORKERS="1").code == 0
    assert world.value("SELECT count(*) FROM news.articles WHERE extractor = 'older/1'") == 0
    assert world.broken() == {}
