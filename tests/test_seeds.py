"""The seeds, replayed: what seeds/README.md promises is in the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.storage import embedded
from tests.jobs.world import World, replayed_into

if TYPE_CHECKING:
    from pipeline.storage.embedded import Server

SEEDS = Path(__file__).parent.parent / "seeds"
HEADLINE, SECOND_LINE, BYLINE, *PARAGRAPHS = (
    (SEEDS / "000_0a22524ab33fde7d.txt").read_text("utf-8").split("\n")
)
DISPATCH = "https://www.the-open-dispatch.example"
DOCUMENT = f"{DISPATCH}/2026/03/02/biden-gives-ukraine-permission-to-strike-inside-russia"
REPRINT = "https://harbor-ledger.example/2026/03/us-lets-kyiv-fire-across-border"
EXCERPT = "https://rivercountypost.example/stories/2026/ukraine-weapons.html"
OTHER_WAR = f"{DISPATCH}/2026/03/03/castellane-gives-virelia-permission-to-strike-inside-ordania"
WEIR = "https://valley-bulletin.example/2026/03/weir-and-footpath-reopen"
FORECAST = "https://www.pine-hollow-times.example/news/plow-drivers-forecast"
FERRY_LANDING = "http://www.jiangpan-wanbao.example/local/2026/0302/217.html"
CABLE = "https://www.saltmarsh-observer.example/longreads/forty-hours-over-the-trench"

# Address, headline, authors, published at (UTC), language: as page and feed say it.
ARTICLES = f"""
{DOCUMENT} | {HEADLINE} | Dave DeCamp | 2026-03-02 07:10 | en
{DISPATCH}/2026/03/02/auditors-question-cost-of-arvenholt-radar | Auditors Question Cost Of Arvenholt Radar | Mirela Stankov | 2026-03-02 06:30 | en
{OTHER_WAR} | Castellane Gives Virelia Permission To Strike Inside Ordania With Norrish Rockets | Iven Halloway | 2026-03-03 07:05 | en
https://harbor-ledger.example/2026/03/night-ferry-returns | Night ferry returns to Port Ansel after eleven years | Tom Abernethy | 2026-03-01 18:20 | en
{REPRINT} | US Lets Kyiv Fire American Arms Across The Russian Border | Dave DeCamp | 2026-03-02 09:35 | en
https://harbor-ledger.example/2026/03/pots-without-ropes | Crab boats try pots without ropes off Gannet Head | Lucia Okafor | 2026-03-03 06:00 | en
https://rivercountypost.example/stories/2026/bridge-millers-ford.html | County approves new span at Miller's Ford | Hank Oduya | 2026-03-02 04:00 | en
{EXCERPT} | {HEADLINE} | Dave DeCamp | 2026-03-02 13:10 | en
https://www.kestrel-standard.example/mountains/siphons-empty-mount-aldous-lake-4402 | Siphons empty Mount Aldous lake before the melt | Yusra Halloran, Ben Tsosie | 2026-03-01 22:00 | en
https://www.kestrel-standard.example/city/last-paper-tram-ticket-4417 | Marlow City prints its last paper tram ticket | Piotr Lindqvist | 2026-03-03 00:45 | en
https://valley-bulletin.example/2026/03/seed-library | Seed library lends 412 old varieties | Winifred Garrow | 2026-03-02 06:00 | en
{WEIR} | Weir & footpath reopen after winter flood | Winifred Garrow | 2026-03-01 09:15 | en
{FORECAST} | Pine Hollow plow drivers get their own forecast | Grace Mikkelsen | 2026-03-02 11:45 | en
https://guildhall-review.example/music/the-organ-that-breathes-again | The organ that breathes again | Constantin Bell | 2026-03-02 08:10 | en
{CABLE} | Forty hours over the trench: aboard the ship that mends the sea's wires | Hollis Brandvold | 2026-03-02 08:40 | en
https://www.elbtal-anzeiger.example/lindenau/eisenbahnbruecke-sanierung-10233.html | Stadtrat beschließt Sanierung der alten Eisenbahnbrücke | Katrin Wiesner | 2026-03-01 18:30 | de
https://www.elbtal-anzeiger.example/kreis/wassermuehle-oberwitz-10260.html | Wassermühle in Oberwitz mahlt nach 58 Jahren wieder Mehl | Jörg Haberland | 2026-03-05 07:05 | de
https://www.le-quai-du-nord.example/culture/bibliotheque-flottante-varneuil | À Varneuil, la bibliothèque flottante reprend la route de l\u2019eau | Élodie Marchetti | 2026-03-01 16:00 | fr
https://www.le-quai-du-nord.example/ports/usine-de-sel-port-lanvec | Une usine de sel centenaire rallume ses fours à Port-Lanvec | Corentin Baudry | 2026-03-04 17:30 | fr
https://www.capital-brief.example/politics/race-to-run-the-mint | Inside the quiet race to run the mint | Octavia Renshaw | 2026-03-02 08:30 | en
{FERRY_LANDING} | 江城老渡口恢复通航 居民十分钟可达对岸 | 沈若溪 | 2026-03-02 00:00 | zh
"""

# Address at the end, state, outcome and status of each poll.
FEEDS = f"""
{DISPATCH}/feed.xml | active | changed 200, changed 200, not_modified 304, changed 200, not_modified 304
https://harbor-ledger.example/atom.xml | active | changed 200, changed 200, changed 200, unchanged 200
https://rivercountypost.example/index.rdf | active | changed 200, changed 200
https://www.kestrel-standard.example/news-sitemap.xml | active | changed 200, changed 200
https://morning-sieve.example/feed.json | active | changed 200, not_modified 304
https://valley-bulletin.example/feed | active | changed 200, unchanged 200
https://guildhall-review.example/feed.atom | active | changed 200
https://www.le-quai-du-nord.example/rss.xml | active | changed 200, changed 200
http://www.jiangpan-wanbao.example/rss/local.xml | active | changed 200
https://www.elbtal-anzeiger.example/feeds/alle.atom | active | changed 200, unchanged 200, changed 200
https://www.pine-hollow-times.example/rss | active | changed 200, changed 200
https://www.capital-brief.example/rss | active | changed 200, failed 200
https://www.weekend-gazette.example/feed | gone | failed 410, failed 410, failed 410
"""

# What failed, where, why, and whether it is tried again.
FAILURES = """
article | https://guildhall-review.example/members/letter-march | robots | again
article | https://www.capital-brief.example/markets | listing | again
article | https://www.far-coast-observer.example/lamp-oil | timeout | again
article | https://www.pine-hollow-times.example/news/library-roof | http_5xx | again
article | https://www.pine-hollow-times.example/news/maple-breakfast | http_4xx | again
entry | - | no_link | final
feed | https://www.capital-brief.example/rss | not_a_feed | again
feed | https://www.weekend-gazette.example/feed | gone | final
"""


def _table(text: str) -> list[list[str]]:
    return [line.split(" | ") for line in text.strip().splitlines()]


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.fixture(scope="module")
def replayed(server: Server) -> World:
    """The seeds, replayed into a database of their own."""
    return replayed_into(embedded.create(server, "seeds"), [SEEDS])


def _article(world: World, columns: str, url: str) -> tuple[Any, ...]:
    found = world.rows(f"SELECT {columns} FROM news.articles WHERE url = %s", url)  # noqa: S608 - columns are ours
    assert len(found) == 1, url
    return found[0]


@pytest.mark.parametrize(
    ("url", "title", "authors", "published", "language"),
    _table(ARTICLES),
    ids=lambda value: value.rpartition("/")[2][:40],
)
def test_article_says_what_its_page_says(
    replayed: World, url: str, title: str, authors: str, published: str, language: str
) -> None:
    found = _article(replayed, "title, authors, published_at, language", url)
    assert found[:2] == (title, authors.split(", "))
    assert f"{found[2]:%Y-%m-%d %H:%M}" == published
    assert found[3].partition("-")[0] == language


def test_nothing_else_became_an_article(replayed: World) -> None:
    urls = replayed.values("SELECT url FROM news.articles")
    assert sorted(urls) == sorted(row[0] for row in _table(ARTICLES))
    assert replayed.value("SELECT count(*) FROM news.stories") == 19


def test_every_text_comes_from_its_page_and_is_whole(replayed: World) -> None:
    facts = replayed.rows("SELECT DISTINCT text_source, truncated FROM news.articles")
    assert facts == [("page", False)]
    whole = "access IS DISTINCT FROM 'metered'"
    assert replayed.value(f"SELECT min(word_count) FROM news.articles WHERE {whole}") > 150  # noqa: S608 - ours
    assert replayed.values("SELECT page_kind FROM news.articles WHERE access = 'metered'") == [
        "teaser"
    ]


def test_teaser_ends_where_the_reader_is_asked_to_pay(replayed: World) -> None:
    (text,) = replayed.values("SELECT text FROM news.articles WHERE access = 'metered'")
    assert [line[:10] for line in text.split("\n")] == ["The coin p", "Each of th"]


@pytest.mark.parametrize(
    ("url", "state", "polls"), _table(FEEDS), ids=lambda value: value.removeprefix("https://")[:40]
)
def test_feed_fared_as_recorded(replayed: World, url: str, state: str, polls: str) -> None:
    outcomes = replayed.rows(
        "SELECT f.state, p.outcome, p.status FROM news.feeds AS f JOIN news.polls AS p"
        " USING (feed_id) WHERE f.url = %s ORDER BY p.polled_at",
        url,
    )
    assert [f"{outcome} {status}" for _, outcome, status in outcomes] == polls.split(", ")
    assert {now for now, *_ in outcomes} == {state}


def test_there_are_no_other_feeds(replayed: World) -> None:
    urls = replayed.values("SELECT url FROM news.feeds")
    assert sorted(urls) == sorted(row[0] for row in _table(FEEDS))


def test_moved_feed_is_known_under_both_addresses(replayed: World) -> None:
    addresses = replayed.values(
        "SELECT u.url FROM ingest.feed_urls AS u JOIN news.feeds AS f USING (feed_id)"
        " WHERE f.title = 'Elbtal-Anzeiger: alle Meldungen' ORDER BY 1"
    )
    assert addresses == [
        "http://elbtal-anzeiger.example/rss.xml",
        "https://www.elbtal-anzeiger.example/feeds/alle.atom",
    ]


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        # seen, new, known, updated, skipped, rejected: the second poll brings a newer date.
        (f"{DISPATCH}/feed.xml", [(2, 2, 0, 0, 0, 0), (2, 0, 1, 1, 0, 0)]),
        ("https://morning-sieve.example/feed.json", [(6, 6, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0)]),
        ("https://valley-bulletin.example/feed", [(2, 2, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0)]),
    ],
    ids=["a newer date", "an aggregator", "broken XML"],
)
def test_polls_count_every_entry(replayed: World, url: str, counts: list[tuple[int, ...]]) -> None:
    found = replayed.rows(
        "SELECT seen, new, known, updated, skipped, rejected FROM news.polls AS p"
        " JOIN news.feeds AS f USING (feed_id) WHERE f.url = %s ORDER BY polled_at LIMIT 2",
        url,
    )
    assert found == counts


def test_what_failed_has_its_reason(replayed: World) -> None:
    found = replayed.rows(
        "SELECT kind, coalesce(url, '-'), reason, CASE WHEN final THEN 'final' ELSE 'again' END"
        " FROM news.failures"
    )
    assert sorted(map(list, found)) == _table(FAILURES)
    assert replayed.value("SELECT count(*) FROM news.failures WHERE message IS NULL") == 0


def test_page_that_robots_txt_refuses_was_never_asked_for(replayed: World) -> None:
    asked = replayed.values("SELECT url FROM news.fetches WHERE url LIKE '%%/members/%%'")
    assert asked == []


def test_entry_without_a_link_is_stored_without_an_article(replayed: World) -> None:
    entry = replayed.rows(
        "SELECT article_id, url, article_reason FROM news.entries WHERE guid = 'sieve-1201'"
    )
    assert entry == [(None, None, "no_link")]


def test_gone_page_keeps_its_article(replayed: World) -> None:
    state, text, checked = _article(replayed, "page_state, text, last_checked_at", WEIR)
    assert (state, checked) == ("gone", _at(2, 14))
    assert len(text) > 1000
    others = replayed.values("SELECT url FROM news.articles WHERE page_state <> 'live'")
    assert others == [WEIR]


def test_page_mended_overnight_is_stored_then(replayed: World) -> None:
    first_seen, fetched = _article(replayed, "first_seen_at, fetched_at", FORECAST)
    assert (first_seen, fetched) == (_at(2, 14), _at(3, 8))


def test_shortened_link_leads_to_an_article_under_its_final_address(replayed: World) -> None:
    number, site = _article(replayed, "article_id, site", CABLE)
    assert site == "saltmarsh-observer.example"
    entries = replayed.values("SELECT url FROM news.entries WHERE article_id = %s", number)
    assert entries == ["https://s.brief-link.example/q81bM"]


def test_chinese_of_a_page_that_misnames_its_charset_can_be_read(replayed: World) -> None:
    text, description = _article(replayed, "text, description", FERRY_LANDING)
    assert "南浦渡口" in description
    assert "\ufffd" not in text
    with pytest.raises(UnicodeEncodeError):  # the page calls itself gb2312 and holds more
        text.encode("gb2312")
    page = (SEEDS / "pages" / "jiangpan-dukou.html").read_bytes().decode("gbk")
    lines = [line for line in text.split("\n") if line]
    assert len(lines) > 3
    assert all(line in page for line in lines)


def test_rules_that_must_hold_hold(replayed: World) -> None:
    assert replayed.broken() == {}


def test_readers_can_follow_the_numbers(replayed: World) -> None:
    ingested = replayed.values("SELECT ingest_seq FROM news.articles ORDER BY 1")
    assert ingested == list(range(1, 22))
    changed = replayed.values("SELECT change_seq FROM news.articles ORDER BY 1")
    assert len(set(changed)) == 21
    assert min(changed) > 0
