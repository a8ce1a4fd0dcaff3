from __future__ import annotations

import pytest

from pipeline.feeds.parsing import sitemap, xml
from pipeline.feeds.parsing.raw import RawDocument, RawEntry

NEWS = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:v="http://www.google.com/schemas/sitemap-video/1.1" '
    'xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">{}</urlset>'
)


def document(inside: str) -> RawDocument:
    root = xml.strict(NEWS.format(inside))
    assert root is not None
    return sitemap.document(root)


FERRY = """<url><loc> https://paper.example/ferry </loc><n:news>
<n:publication><n:name>Post</n:name><n:language>en</n:language></n:publication>
<n:title>Ferry runs</n:title><n:publication_date>2025-05-31</n:publication_date>
<n:keywords>sea, ports,</n:keywords></n:news></url>"""

PAGES = [
    (
        "news",
        FERRY,
        RawEntry(
            links=("https://paper.example/ferry",),
            title="Ferry runs",
            published=("2025-05-31",),
            language="en",
            categories=("sea", "ports"),
        ),
    ),
    (
        "page_without_news",
        "<url><loc>/a</loc><lastmod>2025-05-30</lastmod></url>",
        RawEntry(links=("/a",), updated=("2025-05-30",)),
    ),
    (
        "video_date",
        "<url><loc>/a</loc><v:video><v:publication_date>2025-05-29</v:publication_date></v:video></url>",
        RawEntry(links=("/a",), published=("2025-05-29",)),
    ),
    (
        "picture_is_not_the_page",
        "<url><i:image><i:loc>/a.png</i:loc><i:title>P</i:title></i:image><loc>/a</loc></url>",
        RawEntry(links=("/a",)),
    ),
    ("empty", "<url/>", RawEntry()),
]


@pytest.mark.parametrize(("inside", "expected"), [c[1:] for c in PAGES], ids=[c[0] for c in PAGES])
def test_page_of_a_sitemap(inside: str, expected: RawEntry) -> None:
    assert document(inside) == RawDocument(format="sitemap", entries=(expected,), total=1)


def test_what_is_no_page_is_passed_over() -> None:
    assert document("<note/>").entries == ()


def test_sitemap_without_name_space_is_read() -> None:
    root = xml.strict("<urlset><url><loc>/a</loc></url></urlset>")
    assert root is not None
    assert sitemap.document(root).entries == (RawEntry(links=("/a",)),)


INDEX = (
    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<sitemap><loc>https://paper.example/a.xml</loc><lastmod>2025-05-30</lastmod></sitemap>"
    "<sitemap><loc>https://paper.example/b.xml</loc></sitemap><note/></sitemapindex>"
)


def test_index_names_sitemaps_and_has_no_entries() -> None:
    root = xml.strict(INDEX)
    assert root is not None
    assert sitemap.document(root) == RawDocument(
        format="sitemap",
        children=(
            RawEntry(links=("https://paper.example/a.xml",), updated=("2025-05-30",)),
            RawEntry(links=("https://paper.example/b.xml",)),
        ),
    )


WORTH = [
    pytest.param(["/a", "/b", "/c", "/d"], ["/a", "/b", "/c"], id="first-three"),
    pytest.param(["//other.example/a", "/b"], ["/b"], id="own-host-only"),
    pytest.param(["http://paper.example/a"], ["http://paper.example/a"], id="other-scheme"),
    pytest.param(["https://paper.example:8443/a"], [], id="other-port"),
    pytest.param(["http://[::bad/a"], [], id="no-address"),
    pytest.param([], [], id="none"),
]


@pytest.mark.parametrize(("named", "expected"), WORTH)
def test_sitemaps_that_are_asked_for(named: list[str], expected: list[str]) -> None:
    site = "https://paper.example"

    def whole(url: str) -> str:
        if url.startswith("//"):
            return f"https:{url}"
        return f"{site}{url}" if url.startswith("/") else url

    found = sitemap.worth_asking([whole(url) for url in named], f"{site}/index.xml")
    assert found == tuple(whole(url) for url in expected)
