"""Which canonical links of a page are believed."""

from __future__ import annotations

import pytest

from pipeline.urls import plausible_canonical, plausible_redirect

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
    ("to-amp", STORY, f"{STORY}/amp"),
    ("to-amp-host", STORY, STORY.replace("www", "amp")),
    ("second-page-names-the-first", f"{STORY}/page/2", f"{STORY}/page/1"),
    ("query-page-names-the-first", f"{STORY}?page=2", f"{STORY}?page=1"),
    ("one-page-view", f"{STORY}?page=2", f"{STORY}?page=all"),
    (
        "short-name-with-extension",
        "https://example.org/s/flood.html",
        "https://example.org/w/flood",
    ),
    ("short-id-to-slug", "https://example.org/node/512", STORY.replace("www.", "")),
    (
        "country-edition",
        "https://example.org/uk/storm-hits-coast-5512345",
        "https://example.org/us/storm-hits-coast-5512345",
    ),
    (
        "language-kept",
        "https://example.org/de/sturm-an-kueste",
        "https://example.org/de/n/sturm-an-kueste",
    ),
    (
        "worded-otherwise-on-another-host",
        "https://cms.example.org/n/512",
        "https://example.org/s/flood",
    ),
    (
        "two-domains-of-one-site",
        "https://www.bbc.co.uk/news/articles/c4g1x2kz7ejo",
        "https://www.bbc.com/news/articles/c4g1x2kz7ejo",
    ),
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
    (
        "section-elsewhere-from-a-short-name",
        "https://example.org/s/flood",
        "https://example.org/latest",
    ),
    (
        "template-braces",
        "https://example.org/s/flood",
        "https://example.org/{{article.canonical.url}}",
    ),
    (
        "template-braces-encoded",
        STORY,
        "https://www.example.org/%7B%7Bstorm-hits-north-coast%7D%7D",
    ),
    ("template-angles", "https://example.org/s/flood", "https://example.org/<slug-of-the-article>"),
    ("template-undefined", "https://example.org/s/flood", "https://example.org/undefined"),
    ("template-object", "https://example.org/s/flood", "https://example.org/[object Object] a b"),
    (
        "other-language-path",
        "https://example.org/en/storm-5512345",
        "https://example.org/de/sturm-5512345",
    ),
    (
        "other-language-host",
        "https://en.example.org/storm-5512345",
        "https://de.example.org/storm-5512345",
    ),
    ("syndicated-from", STORY, "https://agency.example/2026/05/storm-hits-north-coast"),
    ("log-in", STORY, "https://www.example.org/login?next=/2026/05/storm-hits-north-coast"),
    ("second-page-names-a-list", f"{STORY}/page/2", "https://www.example.org/2026/05/page/2"),
    ("author", STORY, "https://www.example.org/author/ann-lee-osgood"),
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


FOLLOWED = [
    ("itself", STORY, STORY),
    ("to-https-and-slash", STORY.replace("https", "http"), f"{STORY}/"),
    ("short-link", "https://t.example/AbC1x", STORY),
    ("id", "https://example.org/?p=5512345", STORY),
    ("id-to-headline", "https://example.org/node/5512345", STORY),
    ("new-domain", STORY, "https://example.net/2026/05/storm-hits-north-coast"),
    ("headline-edited", STORY, "https://www.example.org/2026/05/north-coast-after-the-flood"),
    ("headline-to-id", f"{STORY}-5512345", "https://www.example.org/a/5512345"),
    (
        "feed-proxy",
        "https://feeds.example/~r/desk/~3/AbC/storm-hits-north-coast/",
        STORY,
    ),
]

LED_ASTRAY = [
    ("under-repair", STORY, "https://www.example.org/we-are-making-things-better"),
    ("maintenance", STORY, "https://www.example.org/maintenance"),
    ("section", STORY, "https://www.example.org/news"),
    ("year", STORY, "https://www.example.org/2026/05"),
    ("another-article", STORY, "https://www.example.org/2026/06/mayor-opens-the-bridge"),
    ("short-words-in-common", f"{STORY}-the-end", "https://www.example.org/the-end-of-an-era"),
    ("sold-domain", STORY, "https://example.net/lander"),
    ("bad", STORY, "about:blank"),
]


@pytest.mark.parametrize(
    ("asked", "answered"), [row[1:] for row in FOLLOWED], ids=[row[0] for row in FOLLOWED]
)
def test_redirect_that_keeps_the_article_is_followed(asked: str, answered: str) -> None:
    assert plausible_redirect(asked, answered)


@pytest.mark.parametrize(
    ("asked", "answered"), [row[1:] for row in LED_ASTRAY], ids=[row[0] for row in LED_ASTRAY]
)
def test_redirect_of_a_headline_to_something_else_is_doubted(asked: str, answered: str) -> None:
    assert not plausible_redirect(asked, answered)
