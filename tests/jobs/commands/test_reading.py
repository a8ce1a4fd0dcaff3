"""Commands that only look: at the replayed seeds, where every answer is known."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.storage.database import checks
from tests.jobs.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.shell import Ran, Shell

HEADLINE = "Biden Gives Ukraine Permission To Strike Inside Russia With US Weapons"

pytestmark = pytest.mark.usefixtures("replayed")


@pytest.fixture
def look(cli: Callable[..., Ran]) -> Callable[..., Ran]:
    """Runs a command on the replayed seeds; all they say goes to stdout."""

    def run(*arguments: str, code: int = 0) -> Ran:
        ran = cli(*arguments, "--replay")
        assert (ran.code, ran.err) == (code, "")
        return ran

    return run


@pytest.fixture
def read(look: Callable[..., Ran]) -> Callable[..., Any]:
    """Runs a command on the replayed seeds and returns its JSON."""

    def run(*arguments: str, code: int = 0) -> Any:
        return json.loads(look(*arguments, "--json", code=code).out)

    return run


def test_installed_command_lists_articles(shell: Shell) -> None:
    ran = shell.run("articles", "list", "--replay", "--json", "-n", "3")
    assert (ran.code, ran.err) == (0, "")
    assert [article["title"][:12] for article in ran.json] == [
        "Wassermühle ",
        "Une usine de",
        "Castellane G",
    ]


def test_articles_are_listed_last_published_first(read: Callable[..., Any]) -> None:
    articles = read("articles", "list")
    assert len(articles) == 21
    times = [article["published_at"] for article in articles]
    assert times == sorted(times, reverse=True)
    assert times[0] == "2026-03-05T07:05:00+00:00"
    assert all(isinstance(article["authors"], list) for article in articles)


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--limit", "7"], 7),
        (["--site", "harbor-ledger.example"], 3),
        (["--site", "www.harbor-ledger.example"], 3),
        (["--site", "https://Harbor-Ledger.example/news"], 3),
        (["--since", "2026-03-03T02:00:00+02:00"], 5),
        (["--since", "2026-03-05 07:05"], 1),
        (["--since", "2026-03-03"], 5),
        (["--since", "2026-03-03", "--site", "harbor-ledger.example"], 1),
        (["--site", "nowhere.example"], 0),
    ],
    ids=str,
)
def test_options_narrow_the_list(read: Callable[..., Any], options: list[str], count: int) -> None:
    assert len(read("articles", "list", *options)) == count


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["articles", "list", "--since", "yesterday"], "no time in UTC such as 2026-03-04"),
        (["articles", "search", "x", "--until", "2026-13-01"], "no time in UTC such as 2026-03-04"),
        (["articles", "list", "--site", "ftp://x.example"], "give a name such as example.org"),
        (["failures", "list", "--kind", "page"], "not one of 'feed', 'article', 'entry'"),
        (["articles", "list", "-n", "2147483648"], "2147483647"),
        (["articles", "show", "9223372036854775808"], "9223372036854775807"),
        (["feeds", "show", "0"], "greater than or equal to 1"),
        (["poll", "9223372036854775808"], "9223372036854775807"),
    ],
    ids=str,
)
def test_value_that_cannot_be_is_2_with_one_that_can(
    cli: Callable[..., Ran], options: list[str], says: str
) -> None:
    ran = cli(*options)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


@pytest.mark.parametrize(
    "options",
    [
        ["articles", "list", "-n", "2147483647"],
        ["articles", "search", "organ", "--limit", "2147483647"],
    ],
    ids=str,
)
def test_highest_limit_is_one(look: Callable[..., Ran], options: list[str]) -> None:
    assert look(*options).out


@pytest.mark.parametrize(
    "options",
    [["articles", "list", "--site", "nowhere.example"], ["articles", "search", "zeppelin"]],
    ids=str,
)
def test_nothing_found_is_said_on_stderr(cli: Callable[..., Ran], options: list[str]) -> None:
    ran = cli(*options, "--replay")
    assert (ran.code, ran.out, ran.err) == (0, "", "no rows\n")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["articles", "list"], "articles"),
        (["articles", "search", "organ"], "articles"),
        (["feeds", "list"], "feeds"),
    ],
    ids=str,
)
def test_empty_database_says_how_to_begin(
    cli: Callable[..., Ran], database_url: str, options: list[str], word: str
) -> None:
    ran = cli(*options, DATABASE_URL=database_url)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        f"no rows\nno {word} yet: 'broadsheet feeds add URL', then 'broadsheet run'; "
        "those of the last replay: --replay\n"
    )


def test_table_names_its_columns(look: Callable[..., Ran]) -> None:
    head, _, *rows = [line for line in look("articles", "list").out.splitlines() if line.strip()]
    assert {"published_at", "site", "title", "authors"} <= set(head.split())
    assert sum(row.split()[0].isdigit() for row in rows) == 21


def test_article_is_shown_whole(
    look: Callable[..., Ran], read: Callable[..., Any], replayed: World
) -> None:
    number, text = replayed.rows(
        "SELECT article_id, text FROM news.articles WHERE title = %s AND is_lead", HEADLINE
    )[0]
    article = read("articles", "show", str(number))
    assert (article["title"], article["text"]) == (HEADLINE, text)
    shown = look("articles", "show", str(number)).out
    assert shown.endswith(f"\n\ntext\n{text}\n")
    assert len(text.split("\n")) == 8
    assert re.search(r"\nis_lead +yes\n", shown)


def test_alias_shows_the_article_it_is(read: Callable[..., Any], replayed: World) -> None:
    number, root = replayed.rows(
        "SELECT article_id, alias_of FROM ingest.articles WHERE alias_of IS NOT NULL LIMIT 1"
    )[0]
    assert read("articles", "show", str(number))["article_id"] == root


def test_article_without_a_text_says_why(read: Callable[..., Any], replayed: World) -> None:
    number = replayed.value("SELECT article_id FROM ingest.articles WHERE url LIKE '%%/markets'")
    state = read("articles", "show", str(number), code=1)
    assert (state["outcome"], state["reason"]) == ("failed", "listing")
    assert state["message"]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["articles", "show", "4711"], "there is no article 4711: 'broadsheet articles list'"),
        (["feeds", "show", "4711"], "there is no feed 4711: 'broadsheet feeds list'"),
    ],
    ids=["article", "feed"],
)
def test_number_of_nothing_is_1(cli: Callable[..., Ran], command: list[str], says: str) -> None:
    ran = cli(*command, "--replay")
    assert (ran.code, ran.out) == (1, "")
    assert says in ran.err


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["organ", "pipes"], ["The organ that breathes again"]),
        (["Brücke", "--language", "de"], ["Stadtrat beschließt Sanierung der alten Eisenbahn"]),
        (['"tram ticket"'], ["Marlow City prints its last paper tram ticket"]),
        (["渡口 -南浦"], []),
        (["渡口", "-南浦"], []),
        (["organ", "-bells"], ["The organ that breathes again"]),
        (["organ", "-pipes"], []),
        (["-pipes", "organ", "-n5"], []),
        (["organ", '-"tram ticket"', "-n", "5"], ["The organ that breathes again"]),
        (["zeppelin"], []),
        (["organ", "--site", "harbor-ledger.example"], []),
        (["organ", "--until", "2026-03-01"], []),
    ],
    ids=str,
)
def test_search_finds_what_holds_the_words(
    read: Callable[..., Any], words: list[str], titles: list[str]
) -> None:
    found = read("articles", "search", *words)
    assert [hit["title"][:49] for hit in found] == titles


def test_words_after_two_dashes_are_no_options(cli: Callable[..., Ran]) -> None:
    ran = cli("articles", "search", "--replay", "organ", "--", "-pipes")
    assert (ran.code, ran.err) == (0, "no rows\n")


def test_search_shows_the_words_in_their_text(read: Callable[..., Any]) -> None:
    (hit,) = read("articles", "search", "organ", "breathes")
    assert "«organ»" in hit["headline"]
    assert hit["rank"] > 0


def test_feeds_are_listed_with_their_state(read: Callable[..., Any]) -> None:
    feeds = read("feeds", "list")
    assert len(feeds) == 13
    assert [feed["url"] for feed in feeds if feed["state"] == "gone"] == [
        "https://www.weekend-gazette.example/feed"
    ]


def test_feed_is_shown_with_why_it_is_polled_next_and_its_last_polls(
    look: Callable[..., Ran], read: Callable[..., Any], replayed: World
) -> None:
    number = replayed.value("SELECT feed_id FROM news.feeds WHERE title = 'The Open Dispatch'")
    feed = read("feeds", "show", str(number))
    assert feed["last_polled_at"] == "2026-03-06T09:00:00+00:00"
    assert feed["next_poll_at"] > feed["last_polled_at"]
    assert feed["next_poll_reason"] == "policy"
    assert (feed["entries_7d"], feed["articles_7d"]) == (3, 3)
    shown = look("feeds", "show", str(number)).out
    assert "last polls" in shown
    assert shown.count("not_modified") == 2


@pytest.mark.parametrize(
    ("options", "count"),
    [([], 8), (["--kind", "feed"], 2), (["--kind", "entry"], 1), (["-n", "4"], 4)],
)
def test_failures_are_listed(read: Callable[..., Any], options: list[str], count: int) -> None:
    failures = read("failures", "list", *options)
    assert len(failures) == count
    assert all(failure["reason"] for failure in failures)


@pytest.mark.parametrize(("options", "out"), [([], ""), (["--json"], "{}\n")], ids=str)
def test_check_finds_nothing_and_says_how_many_rules_hold(
    cli: Callable[..., Ran], options: list[str], out: str
) -> None:
    ran = cli("check", "--replay", *options)
    assert (ran.code, ran.out) == (0, out)
    assert ran.err == f"{len(checks())} rules hold\n"


def test_check_prints_the_rows_that_break_a_rule(
    cli: Callable[..., Ran], database_url: str
) -> None:
    World(database_url).rows(
        "INSERT INTO ingest.feeds (url, url_digest, state, added_at)"
        " VALUES ('https://news.example/feed.xml', 'x', 'active', now())"
    )
    ran = cli("check", DATABASE_URL=database_url)
    assert ran.code == 1
    assert "04_feeds_are_planned" in ran.out
    assert ran.err == f"{len(checks()) - 1} rules hold\n1 rule broken\n"
    ran = cli("check", "--json", DATABASE_URL=database_url)
    assert ran.code == 1
    assert list(json.loads(ran.out)) == ["04_feeds_are_planned"]


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        pytest.param(("articles", "remove", "4711", "--yes"), 2, "no article 4711", id="remove"),
        pytest.param(("stories", "join", "1", "4711"), 2, "4711", id="join"),
        pytest.param(("stories", "split", "1", "4711"), 2, "4711", id="split"),
        pytest.param(("failures", "retry", "--site", "none.example"), 0, "0 articles", id="retry"),
    ],
)
def test_orders_are_taken_for_the_replayed_database_too(
    cli: Callable[..., Ran], command: tuple[str, ...], code: int, said: str
) -> None:
    ran = cli(*command, "--replay")
    assert ran.code == code
    assert said in ran.err
