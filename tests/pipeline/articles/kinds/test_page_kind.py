"""Kinds by themselves; whole pages are in test_extract."""

# ruff: noqa: RUF001 - texts in many scripts

from __future__ import annotations

import pytest

from pipeline.articles.kinds import page_kind
from tests.pipeline.articles.pages import LINE, LONG, SHORT, linked, og_type, page, script

POST = "https://post.example"
PAID = linked("NewsArticle", isAccessibleForFree=False)


@pytest.mark.parametrize(
    ("expected", "html", "lines"),
    [
        pytest.param("article", linked("NewsArticle"), LONG, id="json-ld article"),
        pytest.param("article", linked("OpinionNewsArticle"), LONG, id="opinion"),
        pytest.param("article", linked("ReportageNewsArticle"), LONG, id="reportage"),
        pytest.param("article", linked("AnalysisNewsArticle"), LONG, id="analysis"),
        pytest.param("article", linked("ReviewNewsArticle"), LONG, id="review"),
        pytest.param("article", linked("BlogPosting"), LONG, id="blog post"),
        pytest.param("article", linked(["Thing", "NewsArticle"]), LONG, id="one of its types"),
        pytest.param(
            "article", script({"@type": "WebSite"}, {"@type": "NewsArticle"}), LONG, id="graph"
        ),
        pytest.param(
            "article", script([{"@type": "WebPage"}, {"@type": "NewsArticle"}]), LONG, id="array"
        ),
        pytest.param("article", og_type("article"), LONG, id="og article"),
        pytest.param("article", "<article><h1>Pier</h1></article>", LONG, id="by structure"),
        pytest.param("live_blog", linked("LiveBlogPosting"), LONG, id="live blog"),
        pytest.param("teaser", PAID, SHORT * 4, id="teaser"),
        pytest.param(
            "teaser", linked("NewsArticle", isAccessibleForFree="False"), SHORT * 4, id="spelled"
        ),
        pytest.param("article", PAID, LONG, id="paid, but whole"),
        pytest.param(
            "article", linked("NewsArticle", isAccessibleForFree="True"), SHORT * 4, id="free"
        ),
        pytest.param("video", og_type("video.other"), SHORT, id="og video"),
        pytest.param("article", og_type("video") + linked("Article"), LONG, id="video with a text"),
        pytest.param("video", linked("VideoObject"), SHORT, id="json-ld video"),
        pytest.param(
            "article",
            linked("VideoObject") + og_type("article"),
            SHORT,
            id="video in a short article",
        ),
        pytest.param(
            "article", script({"@type": "NewsArticle"}, {"@type": "VideoObject"}), SHORT, id="both"
        ),
        pytest.param("gallery", linked("ImageGallery"), SHORT, id="gallery"),
        pytest.param("gallery", linked("MediaGallery"), LONG, id="gallery with long captions"),
        pytest.param(
            "article", linked("ImageGallery") + og_type("article"), LONG, id="gallery in an article"
        ),
        pytest.param(
            "article", script({"@type": "NewsArticle"}, {"@type": "ImageGallery"}), SHORT, id="part"
        ),
        pytest.param("listing", linked("CollectionPage"), LONG, id="collection"),
        pytest.param("listing", linked("ItemList"), LONG, id="item list"),
        pytest.param("article", linked("ItemList") + og_type("article"), LONG, id="list in it"),
        pytest.param(
            None, linked("Product") + "<article><h1>Pier</h1></article>", LONG, id="product"
        ),
        pytest.param(None, linked("QAPage") + "<article><h1>Pier?</h1></article>", LONG, id="Q&A"),
        pytest.param(
            None, linked("PodcastEpisode") + "<article><h1>Pier</h1></article>", LONG, id="podcast"
        ),
        pytest.param(
            "article", linked("FAQPage") + "<article><h1>Pier</h1></article>", LONG, id="with FAQ"
        ),
        pytest.param(
            "article", linked("Recipe") + "<article><h1>Soup</h1></article>", LONG, id="recipe"
        ),
        pytest.param(None, og_type("website"), LONG, id="nothing declared"),
        pytest.param(None, "", LONG, id="nothing"),
    ],
)
def test_kind_is_what_the_page_declares(expected: str | None, html: str, lines: list[str]) -> None:
    assert page_kind.page_kind(page(html, lines)) == expected


ARTICLE = og_type("article")
STAMPED = [f"1{hour}:0{hour} {LINE}" for hour in range(6)]
TICKER = "<div class='site liveblog-posts'></div>"
POSTS = "".join(f"<div><time>1{hour}.0{hour} Uhr</time><p>{LINE}</p></div>" for hour in range(6))
ASIDE = "".join(
    f"<li><time>1{hour}.0{hour}</time><a href='/n'>Headline</a></li>" for hour in range(6)
)


@pytest.mark.parametrize(
    ("url", "headline", "html", "lines"),
    [
        pytest.param("/live/pier", "Pier breaks", "", STAMPED, id="address and stamps"),
        pytest.param("/live/pier", "Pier breaks", POSTS, LONG, id="address and stamped blocks"),
        pytest.param("/live/pier", "Pier breaks", TICKER, LONG, id="address and ticker"),
        pytest.param("/en/news/pier-live", "Pier breaks", "", STAMPED, id="end of the address"),
        pytest.param("/pier", "Pier breaks: live updates", "", STAMPED, id="headline, stamps"),
        pytest.param("/pier", "Pier breaks - live", TICKER, LONG, id="headline and ticker"),
        pytest.param(
            "/liveblog/pier", "Live: Pier", "", LONG, id="address and headline of its own"
        ),
        pytest.param("/2031/liveticker-pier", "Pier im Liveticker", "", LONG, id="German"),
        pytest.param("/en-direct/jetee", "EN DIRECT, la jetée", "", LONG, id="French"),
        pytest.param("/jetee", "Tempête, en direct : la jetée", "", STAMPED, id="French, stamps"),
        pytest.param("/directo/muelle", "El muelle se rompe", "", STAMPED, id="Spanish address"),
        pytest.param("/muelle", "Muelle, última hora en directo", "", STAMPED, id="Spanish"),
        pytest.param("/diretta/molo", "Il molo crolla", "", STAMPED, id="Italian address"),
        pytest.param("/molo", "Il molo, la diretta", "", STAMPED, id="Italian"),
        pytest.param("/cais", "AO VIVO: cais desaba", "", STAMPED, id="Portuguese"),
        pytest.param("/pier", "Liveblog: pier breekt", "", STAMPED, id="Dutch"),
        pytest.param("/molo", "Molo runęło. Relacja na żywo", "", STAMPED, id="Polish"),
        pytest.param("/molo", "Molo: online přenos", "", STAMPED, id="Czech"),
        pytest.param("/laituri", "Laituri hajosi, hetki hetkeltä", "", STAMPED, id="Finnish"),
        pytest.param("/iskele", "İskele çöktü: canlı anlatım", "", STAMPED, id="Turkish"),
        pytest.param("/pirs", "Рухнул пирс: онлайн", "", STAMPED, id="Russian"),
        pytest.param("/pier", "桟橋崩壊 ライブ", "", STAMPED, id="Japanese"),
        pytest.param("/pier", "부두 붕괴 실시간", "", STAMPED, id="Korean"),
        pytest.param("/pier", "码头倒塌：实时更新", "", STAMPED, id="Chinese"),
        pytest.param("/pier", "مباشر: انهيار الرصيف", "", STAMPED, id="Arabic"),
    ],
)
def test_live_blog_without_its_type_has_two_signs(
    url: str, headline: str, html: str, lines: list[str]
) -> None:
    told = f"<head>{ARTICLE}</head><body><h1>{headline}</h1>{html}"
    assert page_kind.page_kind(page(told, lines, POST + url)) == "live_blog"


@pytest.mark.parametrize(
    ("url", "headline", "html", "lines"),
    [
        pytest.param("/live/pier", "Pier breaks", "", LONG, id="address alone"),
        pytest.param("/live/pier", "Live: The Piers at the Arena", "", LONG, id="a concert"),
        pytest.param("/live/pier", "Pier breaks", ASIDE, LONG, id="times of other articles"),
        pytest.param("/pier", "Live updates", "", LONG, id="headline alone"),
        pytest.param("/programme", "What to see tonight", "", STAMPED, id="stamps alone"),
        pytest.param("/news/pier", "Pier breaks", TICKER, LONG, id="ticker alone"),
        pytest.param("/liveblog/pier", "How the pier broke", "", LONG, id="section of live blogs"),
        pytest.param("/live/pier", "Pier breaks", "", STAMPED[:4], id="few stamps"),
        pytest.param(
            "/match-en-direct-a-la-tele", "Où voir le match en direct", "", LONG, id="how to watch"
        ),
        pytest.param("/olive/oil", "Oil is dear", "", STAMPED, id="part of a word"),
        pytest.param("/pier", "Lives lost at the pier", "", STAMPED, id="part of a word in it"),
    ],
)
def test_article_with_one_sign_of_a_live_blog_is_an_article(
    url: str, headline: str, html: str, lines: list[str]
) -> None:
    told = f"<head>{ARTICLE}</head><body><h1>{headline}</h1>{html}"
    assert page_kind.page_kind(page(told, lines, POST + url)) == "article"


VIDEO = script({"@type": "NewsArticle"}, {"@type": "VideoObject"})
PLAYER = "<meta property='og:video' content='https://post.example/v.mp4'>"
FIGURES = "<figure><img src='a.jpg'></figure>" * 8


@pytest.mark.parametrize(
    ("expected", "url", "html", "lines"),
    [
        pytest.param("video", "/video/pier", VIDEO, SHORT, id="video page with an article"),
        pytest.param("video", "/av/pier", ARTICLE + PLAYER, SHORT, id="player at its address"),
        pytest.param("article", "/video/pier", VIDEO, LONG, id="long text at a video's address"),
        pytest.param("article", "/news/pier", VIDEO, SHORT, id="video in a short article"),
        pytest.param("article", "/video/pier", ARTICLE, SHORT, id="address alone"),
        pytest.param("article", "/news/videogames", ARTICLE + PLAYER, SHORT, id="part of a word"),
        pytest.param("gallery", "/fotostrecke/pier", ARTICLE + FIGURES, SHORT, id="pictures"),
        pytest.param("gallery", "/news/pier-in-pictures", ARTICLE + FIGURES, SHORT, id="slug"),
        pytest.param("article", "/fotostrecke/pier", ARTICLE, SHORT, id="no pictures"),
        pytest.param("article", "/fotostrecke/pier", ARTICLE + FIGURES, LONG, id="long text"),
        pytest.param("article", "/news/pier", ARTICLE + FIGURES, SHORT, id="pictures alone"),
        pytest.param("article", "/art/galleries-close", ARTICLE + FIGURES, LONG, id="on galleries"),
    ],
)
def test_address_is_a_second_sign_of_videos_and_galleries(
    expected: str, url: str, html: str, lines: list[str]
) -> None:
    assert page_kind.page_kind(page(html, lines, POST + url)) == expected
