from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.subscriptions import discovery
from pipeline.model import Document, Entry, Response

URL = "https://paper.example/news/"
USUAL = tuple(
    f"https://paper.example{path}"
    for path in ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
)


def candidates(html: str | bytes, url: str = URL) -> tuple[str, ...]:
    body = html if isinstance(html, bytes) else html.encode()
    return discovery.candidates(Response(url, body=body))


def found(html: str) -> list[str]:
    """What the page itself gave, without the usual places."""
    return [url for url in candidates(html) if url not in USUAL]


def link(attributes: str) -> str:
    return f"<html><head><link {attributes}></head><body>Hello</body></html>"


def anchor(href: str) -> str:
    return f'<html><body><a href="{href}">x</a></body></html>'


NAMED = [
    ("rss", 'rel="alternate" type="application/rss+xml" href="/a"', ["https://paper.example/a"]),
    (
        "atom",
        'rel="alternate" type="application/atom+xml" href="b"',
        ["https://paper.example/news/b"],
    ),
    ("json", 'rel="alternate" type="application/feed+json" href="/j"', ["https://paper.example/j"]),
    ("case", 'REL="Alternate" TYPE="Application/RSS+XML" HREF="/a"', ["https://paper.example/a"]),
    (
        "parameter",
        'rel="alternate" type="application/rss+xml; charset=utf-8" href="/a"',
        ["https://paper.example/a"],
    ),
    (
        "more_relations",
        'rel="alternate home" type="text/xml" href="/a"',
        ["https://paper.example/a"],
    ),
    ("feed_relation", 'rel="feed" href="/a"', ["https://paper.example/a"]),
    ("other_language", 'rel="alternate" hreflang="fi" href="/fi"', []),
    ("wordpress_api", 'rel="alternate" type="application/json" href="/wp-json/1"', []),
    ("style_sheet", 'rel="stylesheet" type="text/css" href="/a"', []),
    ("no_href", 'rel="alternate" type="application/rss+xml"', []),
    ("script", 'rel="alternate" type="application/rss+xml" href="javascript:x"', []),
]


@pytest.mark.parametrize(
    ("attributes", "expected"), [c[1:] for c in NAMED], ids=[c[0] for c in NAMED]
)
def test_feeds_that_the_page_names(attributes: str, expected: list[str]) -> None:
    assert found(link(attributes)) == expected


ALIKE = [
    "/world/feed/", "/world/rss", "/feeds/world.xml", "/rss/world.xml", "/world.rss", "/world.atom",
    "/index.rdf", "/rss2.0.xml", "/rss.php", "/world_rss.xml", "/?feed=rss2", "/list?a=1&amp;format=atom",
    "https://feeds.other.example/world",
]  # fmt: skip
NOT_ALIKE = [
    "/", "/feedback", "/rss-explained-for-beginners", "/atomic-power", "/world.html", "/press",
    "/breastfeeding", "https://feeds.other.example/", "mailto:feed@paper.example",
]  # fmt: skip


@pytest.mark.parametrize("href", ALIKE)
def test_anchor_that_looks_like_a_feed_is_a_candidate(href: str) -> None:
    assert len(found(anchor(href))) == 1


@pytest.mark.parametrize("href", NOT_ALIKE)
def test_anchor_that_looks_like_a_page_is_none(href: str) -> None:
    assert found(anchor(href)) == []


def test_order_is_named_then_linked_then_usual() -> None:
    page = (
        '<html><head><link rel="alternate" type="application/atom+xml" href="/named"></head><body>'
        '<a href="/linked.rss">x</a><link rel="alternate" type="text/xml" href="/late"></body>'
    )
    start = ("https://paper.example/named", "https://paper.example/late")
    assert candidates(page) == (*start, "https://paper.example/linked.rss", *USUAL)


def test_no_address_twice() -> None:
    named = link('rel="alternate" type="application/rss+xml" href="/feed#top"')
    assert candidates(named.replace("Hello", '<a href="/feed">x</a>')) == USUAL


def test_base_element_counts() -> None:
    page = '<base href="https://other.example/x/">' + link('rel="feed" href="a"')
    assert found(page) == ["https://other.example/x/a"]


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"plain", b"<"], ids=repr)
def test_page_without_markup_has_the_usual_places(body: bytes) -> None:
    assert candidates(body) == USUAL


def test_links_behind_the_end_of_the_page_count() -> None:
    page = "<html><body></body></html><html><body><a href='/late.rss'>x</a></body></html>"
    assert found(page) == ["https://paper.example/late.rss"]


def test_number_of_candidates_is_bounded() -> None:
    assert len(candidates("".join(f'<a href="/{n}.rss">x</a>' for n in range(500)))) == 40


@given(st.binary(max_size=200))
def test_no_page_raises(body: bytes) -> None:
    assert candidates(body)[-len(USUAL) :] == USUAL


@pytest.mark.parametrize(
    ("robots", "expected"),
    [
        pytest.param("User-agent: *\nDisallow: /x", [], id="none"),
        pytest.param("Sitemap: https://paper.example/s.xml", ["/s.xml"], id="one"),
        pytest.param(
            "sitemap:/s.xml\r\n  SITEMAP :\t/t.xml", ["/s.xml", "/t.xml"], id="as_written"
        ),
        pytest.param(
            "Sitemap: /a.xml\nSitemap: /b.xml\nSitemap: /News.xml",
            ["/News.xml", "/a.xml", "/b.xml"],
            id="news_first",
        ),
        pytest.param(
            "\n".join(f"Sitemap: /{n}.xml" for n in range(400)),
            ["/0.xml", "/1.xml", "/2.xml"],
            id="a_few",
        ),
        pytest.param("Sitemap: /a.xml\nSitemap: /a.xml", ["/a.xml"], id="twice"),
        pytest.param("Sitemap: javascript:x\nSitemap: https://u:p@x.example/", [], id="unusable"),
        pytest.param("# Sitemap: /a.xml\nSitemap:", [], id="comment_and_empty"),
    ],
)
def test_sitemaps_of_a_robots_txt(robots: str, expected: list[str]) -> None:
    response = Response("https://paper.example/robots.txt", body=robots.encode())
    assert discovery.sitemaps(response) == tuple(
        f"https://paper.example{path}" for path in expected
    )


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (Document(format="rss"), True),
        (Document(format="sitemap", entries=(Entry(), Entry(title="Flood"))), True),
        (Document(format="sitemap", entries=(Entry(url="https://paper.example/a"),)), False),
        (Document(format="sitemap"), False),
    ],
    ids=["feed", "news", "pages", "empty"],
)
def test_sitemap_without_headlines_is_no_feed(document: Document, *, expected: bool) -> None:
    assert discovery.has_news(document) is expected
