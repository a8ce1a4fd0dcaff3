"""Which canonical links of a page are believed."""

from __future__ import annotations

import pytest

from pipeline.urls import plausible_canonical

STORY = "https://www.example.org/2026/05/storm-hits-north-coast"

BELIEVED = [
    ("same", STORY, STORY),
    (
        "same-key",
        f"{STORY}/amp?utm_source=rss",
        "http://example.org/2026/05/storm-hits-north-coast",
    ),
    (
        "amp-host",
        "https://amp.example.org/a/storm-hits-north-coast",
        "https://www.example.org/b/storm-hits-north-coast",
    ),
    ("other-sub-domain", STORY, "https://news.example.org/2026/05/storm-hits-north-coast"),
    ("other-section", STORY, "https://www.example.org/weather/storm-hits-north-coast"),
    (
        "id-kept-slug-edited",
        "https://example.org/n/storm-hits-5512345",
        "https://example.org/n/storm-eases-5512345",
    ),
    (
        "id-kept-alone",
        "https://example.org/n/storm-hits-coast-5512345.html",
        "https://example.org/article/5512345",
    ),
    (
        "slug-kept-id-gone",
        "https://example.org/n/5512345/storm-hits-coast",
        "https://example.org/n/storm-hits-coast",
    ),
    ("slug-with-extension", STORY, f"{STORY}.html"),
    ("slug-cut", STORY, "https://example.org/s/storm-hits-north"),
    ("slug-in-capitals", STORY, "https://example.org/s/Storm-Hits-North-Coast"),
    (
        "uuid-kept",
        "https://example.org/a/0f8fad5b-d9cb-469f-a165-70867728950e",
        "https://example.org/b/x-0f8fad5b-d9cb-469f-a165-70867728950e",
    ),
    ("page-number", f"{STORY}/2", STORY),
    ("page-word", f"{STORY}/page/3", STORY),
    ("page-query", f"{STORY}?page=3", STORY),
    ("print", f"{STORY}/print", STORY),
    (
        "umlauts",
        "https://example.org/sturm-über-küste",
        "https://example.org/n/sturm-%C3%BCber-k%C3%BCste",
    ),
    ("no-name-in-the-page", "https://example.org/s/flood", "https://example.org/world/flood"),
    ("query-id-to-slug", "https://example.org/?p=55", STORY),
    (
        "query-id-kept",
        "https://example.org/show?id=5&view=wide",
        "https://example.org/story?id=5&view=wide",
    ),
    ("http", STORY, STORY.replace("https", "http")),
    ("from-amp", f"{STORY}/amp", STORY),
    ("from-amp-parameter", f"{STORY}?outputType=amp", STORY),
    (
        "from-amp-cache",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a/storm-hits-coast/amp",
        "https://www.example.org/a/storm-hits-coast",
    ),
    ("from-mobile", STORY.replace("www", "m"), STORY),
    ("print-parameter", f"{STORY}?print=1", STORY),
    ("shared-suffix", "https://a.example.co.uk/s/flood", "https://b.example.co.uk/w/flood"),
]

DOUBTED = [
    ("other-site", STORY, "https://example.com/2026/05/storm-hits-north-coast"),
    ("other-site-under-suffix", "https://one.co.uk/s/flood", "https://two.co.uk/s/flood"),
    ("other-blog-of-the-platform", "https://ann.blogspot.com/s/a", "https://bob.blogspot.com/s/a"),
    ("home", STORY, "https://www.example.org/"),
    ("home-without-slash", STORY, "https://www.example.org"),
    ("home-index", STORY, "https://www.example.org/index.html"),
    ("section", STORY, "https://www.example.org/2026/05/"),
    ("upper-section", STORY, "https://www.example.org/2026"),
    ("section-of-a-short-name", "https://example.org/news/flood", "https://example.org/news"),
    ("section-of-a-number", "https://example.org/news/12", "https://example.org/news"),
    ("home-from-a-short-name", "https://example.org/s/flood", "https://example.org/"),
    (
        "two-words-are-a-section",
        "https://example.org/local-news/storm-hits-coast",
        "https://example.org/local-news/all",
    ),
    ("elsewhere", STORY, "https://www.example.org/weather"),
    ("language-home", STORY, "https://www.example.org/en/"),
    ("one-for-all-pages", STORY, "https://www.example.org/2026/05/welcome-to-our-site"),
    ("other-id", "https://example.org/n/5512345", "https://example.org/n/5512346"),
    ("id-only-inside-another", "https://example.org/n/55123", "https://example.org/n/551234"),
    (
        "date-is-no-id",
        "https://example.org/20260512/storm-hits-coast",
        "https://example.org/20260512/all",
    ),
    (
        "other-uuid",
        "https://example.org/a/0f8fad5b-d9cb-469f-a165-70867728950e",
        "https://example.org/a/7c9e6679-7425-40de-944b-e07fc1f90ae7",
    ),
    ("two-words-in-common", STORY, "https://example.org/s/storm-hits-south-coast"),
    (
        "script-without-its-id",
        "https://example.org/story.php?id=5",
        "https://example.org/story.php",
    ),
    (
        "script-with-another-id",
        "https://example.org/story.php?id=5",
        "https://example.org/story.php?id=6",
    ),
    ("other-slug-same-day", STORY, "https://www.example.org/2026/05/mayor-opens-new-bridge"),
    ("search-page", STORY, "https://www.example.org/search?q=storm"),
    ("page-two-of-a-section", "https://example.org/news/2", "https://example.org/news"),
    ("other-site-with-the-slug", STORY, "https://www.example.net/2026/05/storm-hits-north-coast"),
    ("empty", STORY, ""),
    ("relative", STORY, "/2026/05/storm-hits-north-coast"),
    ("mail", STORY, "mailto:desk@example.org"),
    ("bad-page", "about:blank", STORY),
]


@pytest.mark.parametrize(
    ("page", "link"), [row[1:] for row in BELIEVED], ids=[row[0] for row in BELIEVED]
)
def test_link_that_keeps_the_article_is_believed(page: str, link: str) -> None:
    assert plausible_canonical(page, link)


@pytest.mark.parametrize(
    ("page", "link"), [row[1:] for row in DOUBTED], ids=[row[0] for row in DOUBTED]
)
def test_link_to_something_else_is_doubted(page: str, link: str) -> None:
    assert not plausible_canonical(page, link)
