from __future__ import annotations

import time

import pytest

from pipeline.errors import FetchError, GoneError
from pipeline.model import Response
from pipeline.web.robots import MAX_BYTES, allowed, crawl_delay, to_store

URL = "https://news.example/robots.txt"
AGENT = "Broadsheet"


def _page(path: str) -> str:
    return f"https://news.example{path}"


def _failed(reason: str, status: int | None = None) -> FetchError:
    response = None if status is None else Response(URL, status)
    return FetchError(reason, URL, response=response)


OUTCOMES: list[tuple[str, Response | FetchError, str | None]] = [
    ("text", Response(URL, body=b"User-agent: *\nDisallow: /a\n"), "User-agent: *\nDisallow: /a\n"),
    ("empty", Response(URL, body=b""), ""),
    ("byte order mark", Response(URL, body=b"\xef\xbb\xbfUser-agent: *"), "User-agent: *"),
    ("what postgres refuses", Response(URL, body=b"Disallow: /\x00a"), "Disallow: /a"),
    ("not found", _failed("http_4xx", 404), ""),
    ("forbidden", _failed("http_4xx", 403), ""),
    ("gone", GoneError("gone", URL, response=Response(URL, 410)), ""),
    ("too many redirects", _failed("redirect_loop", 302), ""),
    ("rate limited", _failed("rate_limited", 429), None),
    ("server error", _failed("http_5xx", 500), None),
    ("unavailable", _failed("rate_limited", 503), None),
    ("timeout", _failed("timeout"), None),
    ("cut after a 200", _failed("truncated_transfer", 200), None),
    ("name unknown", _failed("dns"), None),
    ("refused", _failed("connect"), None),
    ("tls", _failed("tls"), None),
    ("blocked", _failed("blocked_address"), None),
]


@pytest.mark.parametrize(
    ("outcome", "stored"), [row[1:] for row in OUTCOMES], ids=[row[0] for row in OUTCOMES]
)
def test_what_is_stored_of_an_attempt(outcome: Response | FetchError, stored: str | None) -> None:
    assert to_store(outcome) == stored


def test_a_rule_that_the_cap_cut_through_is_dropped() -> None:
    head = b"User-agent: *\n"
    filler = b"#" * (MAX_BYTES - len(head) - 13) + b"\n"
    body = head + filler + b"Disallow: /private\n"
    stored = to_store(Response(URL, body=body[:MAX_BYTES]))
    assert stored is not None
    assert stored == (head + filler).decode().rstrip("\n")
    assert allowed(stored, _page("/news"), AGENT)


def test_one_endless_line_says_nothing() -> None:
    assert to_store(Response(URL, body=b"x" * MAX_BYTES)) == ""


RULES = """
# the desk's rules
User-agent: OtherBot
Disallow: /

User-agent: broadsheet
User-agent: ThirdBot
Allow: /private/notice
Disallow: /private
Disallow: /*.pdf$
Crawl-delay: 7

User-agent: *
Disallow: /all
Crawl-delay: 90
Sitemap: https://news.example/sitemap.xml
"""
VERDICTS = [
    ("front page", AGENT, "/", True),
    ("disallowed folder", AGENT, "/private/a", False),
    ("longer allow wins", AGENT, "/private/notice/1", True),
    ("wildcard and end", AGENT, "/papers/a.pdf", False),
    ("not at the end", AGENT, "/papers/a.pdf?x=1", True),
    ("own group, not the star", AGENT, "/all", True),
    ("star for others", "Newcomer", "/all", False),
    ("star allows the rest", "Newcomer", "/private/a", True),
    ("case of the name", "BROADSHEET", "/private/a", False),
    ("second name of a group", "ThirdBot", "/private/a", False),
    ("shut out", "OtherBot", "/", False),
]


@pytest.mark.parametrize(
    ("agent", "path", "expected"), [row[1:] for row in VERDICTS], ids=[row[0] for row in VERDICTS]
)
def test_the_group_of_the_agent_decides(agent: str, path: str, *, expected: bool) -> None:
    assert allowed(RULES, _page(path), agent) is expected


def test_no_text_allows_all_and_none_nothing() -> None:
    assert allowed("", _page("/a"), AGENT)
    assert not allowed(None, _page("/a"), AGENT)


@pytest.mark.parametrize(
    "robots",
    [
        "user-agent:*\ndisallow:/a",
        "User agent: *\nDisallow: /a",
        "Useragent *\nDisallow /a",
        "USER-AGENT: *  # all\nDissallow: /a # this",
        "User-agent: Broadsheet*\nDisallow: /a",
        "User-agent: nobody\nUser-agent: *\nSitemap: /s\nDisallow: /a",
        "User-agent: *\nNoindex: /b\n\nDisallow: /a",
        "Disallow: /b\nUser-agent: *\nDisallow: /a\nUser-agent: nobody\nAllow: /a",
        "User-agent: *\nDisallow: /c\nUser-agent: *\nDisallow: /a",
    ],
)
def test_loose_spellings_still_disallow(robots: str) -> None:
    assert not allowed(robots, _page("/a"), AGENT)
    assert allowed(robots, _page("/b"), AGENT)


@pytest.mark.parametrize(
    "robots",
    [
        "<html>Disallow: /a</html>",
        "User-agent: *\nDisallow:",
        "Disallow: /a",
        "User-agent:\nDisallow: /a",
        "\x85:::",
    ],
)
def test_what_states_no_rule_allows(robots: str) -> None:
    assert allowed(robots, _page("/a"), AGENT)


def test_what_is_no_address_is_left_to_the_fetch() -> None:
    assert allowed(RULES, "http://[", AGENT)


DELAYS = [
    ("own group", RULES, AGENT, 7.0),
    ("capped", RULES, "Newcomer", 60.0),
    ("not said", "User-agent: *\nDisallow: /a", AGENT, 0.0),
    ("fraction", "User-agent: *\nCrawl-delay: 0.5", AGENT, 0.5),
    ("negative", "User-agent: *\nCrawl-delay: -5", AGENT, 0.0),
    ("not a number", "User-agent: *\nCrawl-delay: nan", AGENT, 0.0),
    ("infinite", "User-agent: *\nCrawl-delay: inf", AGENT, 0.0),
    ("words", "User-agent: *\nCrawl-delay: slow", AGENT, 0.0),
    ("none there", "", AGENT, 0.0),
    ("unknown", None, AGENT, 0.0),
]


@pytest.mark.parametrize(
    ("robots", "agent", "seconds"), [row[1:] for row in DELAYS], ids=[row[0] for row in DELAYS]
)
def test_crawl_delay_is_in_seconds_and_capped(
    robots: str | None, agent: str, seconds: float
) -> None:
    assert crawl_delay(robots, agent) == seconds


HOSTILE = [
    (
        "names times rules",
        "".join(f"User-agent: a{n}\n" for n in range(4000)) + "Disallow: /x\n" * 30_000,
    ),
    (
        "beginnings of our name times rules",
        "".join(f"User-agent: {AGENT[:n]}\n" for n in range(11)) + "Disallow: /x\n" * 35_000,
    ),
    ("own name times rules", "User-agent: *\n" * 4000 + "Disallow: /x\n" * 30_000),
    ("names and other lines", "User-agent: *\nSitemap: s\n" * 9000 + "Disallow: /x\n" * 20_000),
    ("wildcards", "User-agent: *\nDisallow: /" + "*a" * 200_000 + "*b\n"),
    ("many wildcards", "User-agent: *\n" + "Disallow: /*a*a*a*a*a*b\n" * 20_000),
]


@pytest.mark.parametrize("robots", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_rules_are_read_in_no_time(robots: str) -> None:
    started = time.process_time()
    assert allowed(robots, _page("/" + "a" * 7000), AGENT)
    assert time.process_time() - started < 3.0
