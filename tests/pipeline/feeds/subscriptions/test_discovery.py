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
    return tuple(one.url for one in discovery.candidates(Response(url, body=body)))


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
    ("wordpress_api_by_query", 'rel="alternate" type="application/json" href="/?rest_route=/"', []),
    ("embedding", 'rel="alternate" type="application/json+oembed" href="/x"', []),
    ("embedding_as_json", 'rel="alternate" type="application/json" href="/oembed/1"', []),
    (
        "json",
        'rel="alternate" type="application/json" href="/api/x"',
        ["https://paper.example/api/x"],
    ),
    (
        "json_text",
        'rel="alternate" type="text/json" href="/api/x"',
        ["https://paper.example/api/x"],
    ),
    ("json_elsewhere", 'rel="preload" type="application/json" href="/api/x"', []),
    (
        "feed_scheme",
        'rel="alternate" type="text/xml" href="feed://a.example/x"',
        ["http://a.example/x"],
    ),
    ("feed_scheme_here", 'rel="feed" href="feed://paper.example/x"', ["https://paper.example/x"]),
    ("feed_before_https", 'rel="feed" href="feed:https://a.example/x"', ["https://a.example/x"]),
    ("feed_before_a_path", 'rel="feed" href="feed:/x"', ["https://paper.example/x"]),
    ("podcast_scheme", 'rel="feed" href="itpc://a.example/x"', ["http://a.example/x"]),
    (
        "file_called_feed",
        'rel="feed" href="feed.xml?a=feed:x"',
        ["https://paper.example/news/feed.xml?a=feed:x"],
    ),
    ("no_scheme", 'rel="feed" href="www.a.example/x"', ["https://www.a.example/x"]),
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


def test_anchor_says_feed_by_its_scheme_or_type() -> None:
    html = '<a href="feed:/posts.php">x</a><a type="application/rss+xml" href="/rss.cgi">x</a>'
    assert found(html) == ["https://paper.example/rss.cgi", "https://paper.example/posts.php"]


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


def test_first_base_element_with_an_address_counts() -> None:
    bases = '<base target="_blank"><base href="/x/"><base href="/y/">'
    assert found(bases + link('rel="feed" href="a"')) == ["https://paper.example/x/a"]


def test_root_is_a_base() -> None:
    assert found('<base href="/">' + link('rel="feed" href="a"')) == ["https://paper.example/a"]


HEADERS = [
    ("rss", '</a>; rel="alternate"; type="application/rss+xml"', ["/a"]),
    ("order_of_parameters", "</a>;type=application/atom+xml;rel=alternate", ["/a"]),
    ("relative_to_the_page", '<a>; rel=feed; title="x, <y>"', ["/news/a"]),
    (
        "several",
        '</wp-json/>; rel="https://api.w.org/", </a>; rel=feed, </b>; rel="feed alternate"',
        ["/a", "/b"],
    ),
    ("json", '</a>; rel="alternate"; type="application/feed+json"', ["/a"]),
    ("feed_scheme", "<feed:/a>; rel=feed", ["/a"]),
    ("style_sheet", '</a>; rel="preload"; as="style"', []),
    ("language", '</fi>; rel="alternate"; hreflang="fi"', []),
    ("wordpress_api", '</wp-json/1>; rel="alternate"; type="application/json"', []),
    ("broken", "</a; rel=feed", []),
]


@pytest.mark.parametrize(("header", "paths"), [c[1:] for c in HEADERS], ids=[c[0] for c in HEADERS])
def test_feeds_that_the_header_link_names(header: str, paths: list[str]) -> None:
    page = Response(URL, headers={"link": header}, body=b'<base href="https://other.example/">')
    named = [one.url for one in discovery.candidates(page) if not one.is_guess]
    assert named == [f"https://paper.example{path}" for path in paths]


def test_header_comes_before_the_page() -> None:
    page = Response(
        URL, headers={"link": "</h>; rel=feed"}, body=link('rel="feed" href="/p"').encode()
    )
    assert [one.url for one in discovery.candidates(page)][:2] == [
        "https://paper.example/h",
        "https://paper.example/p",
    ]


def feed(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


POSTS = [
    (
        "comments_by_title",
        feed("/c", "Blog &raquo; A post Comments Feed") + feed("/p", "Blog &raquo; Feed"),
    ),
    ("comments_of_a_blog", feed("/c", "Comments for Blog") + feed("/p", "Blog")),
    ("comments_in_brackets", feed("/c", "RSS (comments)") + feed("/p", "RSS")),
    ("comments_by_address", feed("/a-post/comments/feed/") + feed("/p")),
    ("comments_by_query", feed("/?feed=comments-rss2") + feed("/p")),
    ("comments_in_german", feed("/c", "Blog » Kommentar-Feed") + feed("/p", "Blog » Feed")),
    ("comments_in_japanese", feed("/c", "ブログ » コメント") + feed("/p", "ブログ")),
    ("category", feed("/c", "Blog » Sea Category Feed") + feed("/p", "Blog » Feed")),
    ("author", feed("/author/ana/feed") + feed("/p")),
    ("tag", feed("/tag/sea.rss") + feed("/p")),
    ("posts_linked_only", feed("/comments/feed/") + '<a href="/p.rss">x</a>'),
    ("comments_last", feed("/c", "Comments") + feed("/tag/x/") + feed("/p")),
]


@pytest.mark.parametrize("html", [c[1] for c in POSTS], ids=[c[0] for c in POSTS])
def test_feed_of_posts_stands_before_feeds_of_less(html: str) -> None:
    first, *_ = discovery.candidates(Response(URL, body=html.encode()))
    assert first.url in {"https://paper.example/p", "https://paper.example/p.rss"}
    assert ", before " in first.why


def test_feeds_of_less_are_in_their_order_too() -> None:
    html = feed("/c", "Comments") + feed("/tag/x/") + feed("/p")
    assert found(html) == [f"https://paper.example{path}" for path in ("/p", "/tag/x/", "/c")]


AS_THEY_STAND = [
    ("name_of_the_blog", feed("/1", "No comments please") + feed("/2", "More")),
    ("part_of_a_word", feed("/1", "The authority") + feed("/2", "More")),
    ("part_of_a_segment", feed("/commentary/feed") + feed("/2")),
    ("all_of_comments", feed("/1", "Comments") + feed("/2", "Comments")),
]


@pytest.mark.parametrize("html", [c[1] for c in AS_THEY_STAND], ids=[c[0] for c in AS_THEY_STAND])
def test_other_feeds_stand_in_the_order_of_the_page(html: str) -> None:
    assert found(html)[1] == "https://paper.example/2"


def test_candidate_says_how_it_was_found() -> None:
    html = feed("/p", "Blog") + '<a href="/x.rss">x</a>'
    said = [one.why for one in discovery.candidates(Response(URL, body=html.encode()))][:3]
    assert said == ['named by the page as "Blog"', "linked on the page", "a usual place"]


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
