"""The recorded web is whole: what the replay will ask for is there, in the bytes it should have."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest

from pipeline.feeds import parse
from pipeline.model import Entry, Response

SEEDS = Path(__file__).parent.parent / "seeds"
RECORDINGS: list[dict[str, Any]] = tomllib.loads((SEEDS / "recordings.toml").read_text("utf-8"))[
    "recording"
]
FEED_BODIES = [r for r in RECORDINGS if r.get("file", "").startswith("feeds/")]
HEADLINE, SECOND_LINE, BYLINE, *PARAGRAPHS = (
    (SEEDS / "000_0a22524ab33fde7d.txt").read_text("utf-8").split("\n")
)


def _entries(recording: dict[str, Any]) -> tuple[Entry, ...]:
    body = (SEEDS / recording["file"]).read_bytes()
    response = Response(recording["url"], 200, recording["headers"], body, recording["at"])
    return parse.document(response).entries


def _is_recorded(url: str, until: object) -> bool:
    return any(r["url"] == url and r["at"] <= until for r in RECORDINGS)


def _body_paragraphs(page: str) -> list[str]:
    tree: Any = lxml.html.fromstring((SEEDS / "pages" / page).read_bytes().decode("utf-8"))
    bodies = tree.xpath("//div[contains(@class, 'article-')] | //div[@itemprop='articleBody']")
    return [p.text_content() for p in bodies[0].iter("p")]


def test_recordings_are_in_time_order_and_in_utc() -> None:
    moments = [r["at"] for r in RECORDINGS]
    assert moments == sorted(moments)
    assert {moment.utcoffset() for moment in moments} == {UTC.utcoffset(None)}


def test_one_answer_for_each_address_and_moment() -> None:
    answers = Counter((r["url"], r["at"]) for r in RECORDINGS)
    assert [answer for answer, times in answers.items() if times > 1] == []


def test_every_body_is_used_and_every_used_body_is_there() -> None:
    used = {r["file"] for r in RECORDINGS if "file" in r}
    there = {
        path.relative_to(SEEDS).as_posix()
        for folder in ("feeds", "pages")
        for path in (SEEDS / folder).iterdir()
    }
    assert used == there


def test_hosts_belong_to_nobody() -> None:
    hosts = {urlsplit(r["url"]).hostname or "" for r in RECORDINGS}
    assert [host for host in hosts if not host.endswith(".example")] == []


def test_redirects_lead_to_recorded_addresses() -> None:
    redirects = [r for r in RECORDINGS if r.get("status") in {301, 302}]
    assert redirects
    assert all(_is_recorded(r["headers"]["location"], r["at"]) for r in redirects)


@pytest.mark.parametrize("recording", FEED_BODIES, ids=lambda r: f"{r['file']}@{r['at']:%d-%H}")
def test_entries_are_dated_before_the_poll_and_their_pages_recorded(
    recording: dict[str, Any],
) -> None:
    entries = _entries(recording)
    assert entries
    for entry in entries:
        assert entry.url is None or _is_recorded(entry.url, recording["at"])
        assert entry.published_at
        assert timedelta(0) < recording["at"] - entry.published_at < timedelta(days=5)


def test_feeds_cover_every_format() -> None:
    bodies = (((SEEDS / r["file"]).read_bytes(), r) for r in FEED_BODIES)
    formats = {
        parse.document(Response(r["url"], 200, r["headers"], body, r["at"])).format
        for body, r in bodies
    }
    assert formats == {"rss", "atom", "rdf", "json", "sitemap"}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("open-dispatch-ukraine.html", PARAGRAPHS),
        ("open-dispatch-ukraine-amp.html", PARAGRAPHS),
        (
            "harbor-ukraine-reprint.html",
            ["WASHINGTON (Northgate Press Service) - " + PARAGRAPHS[0], *PARAGRAPHS[1:]],
        ),
        ("river-ukraine-cut.html", PARAGRAPHS[:5]),
    ],
)
def test_pages_carry_the_document_word_for_word(page: str, expected: list[str]) -> None:
    assert _body_paragraphs(page) == expected


def test_page_names_headline_second_line_and_author() -> None:
    page = (SEEDS / "pages" / "open-dispatch-ukraine.html").read_text("utf-8")
    assert f"<h1>{HEADLINE}</h1>" in page
    assert f'<p class="dek">{SECOND_LINE}</p>' in page
    assert f'"name": "{BYLINE.removeprefix("by ")}"' in page


def test_early_page_lacks_what_the_update_added() -> None:
    early = _body_paragraphs("open-dispatch-ukraine-early.html")
    assert len(early) == 5
    assert set(PARAGRAPHS) - set(early) >= {PARAGRAPHS[0], *PARAGRAPHS[4:7]}


@pytest.mark.parametrize("name", ["pages/jiangpan-dukou.html", "feeds/jiangpan-0302-0900.xml"])
def test_gbk_bytes_are_no_utf_8(name: str) -> None:
    body = (SEEDS / name).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "渡口" in body.decode("gbk")


def test_gbk_page_holds_a_character_that_gb2312_lacks() -> None:
    body = (SEEDS / "pages" / "jiangpan-dukou.html").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")
