"""Where an article's address led: to its own page, or to a place that is no article."""

from __future__ import annotations

import pytest

from pipeline.articles import landing
from pipeline.errors import NoArticleError
from pipeline.model import Hop, Response

URL = "https://a.example/news/1"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        pytest.param(URL, "https://a.example/", id="front-page"),
        pytest.param(URL, "https://a.example", id="no-path"),
        pytest.param(URL, "https://www.b.example//", id="of-another-site"),
        pytest.param(URL, "https://a.example/#top", id="with-a-fragment"),
        pytest.param("https://a.example/?p=17", "https://a.example/", id="number-in-the-query"),
        pytest.param(URL, "https://a.example/en/", id="of-a-language"),
        pytest.param(URL, "https://a.example/pt-br", id="of-a-language-and-country"),
        pytest.param(URL, "https://a.example/index.html", id="index"),
        pytest.param(URL, "https://a.example/404", id="404"),
        pytest.param(URL, "https://a.example/errors/page-not-found.html", id="not-found"),
        pytest.param(URL, "https://a.example/fr/page-introuvable/", id="not-found-in-French"),
    ],
)
def test_article_that_leads_to_a_front_page_or_to_not_found_is_a_soft_404(
    asked: str, answered: str
) -> None:
    page = Response(answered, hops=(Hop(url=asked, status=302),))
    with pytest.raises(NoArticleError) as caught:
        landing.require_own_page(page)
    assert caught.value.reason == "soft_404"
    assert asked in caught.value.message


@pytest.mark.parametrize(
    "answered",
    [
        "https://a.example/login?next=%2Fnews%2F1",
        "https://a.example/abo/anmelden",
        "https://a.example/subscribe",
        "https://accounts.a.example/start?back=1",
    ],
)
def test_article_that_leads_to_a_log_in_is_behind_a_paywall(answered: str) -> None:
    with pytest.raises(NoArticleError, match="to log in or subscribe") as caught:
        landing.require_own_page(Response(answered, hops=(Hop(url=URL, status=302),)))
    assert caught.value.reason == "paywall"
    assert answered in caught.value.message


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        pytest.param(URL, "https://a.example/news/404-migrants-rescued", id="404-in-a-headline"),
        pytest.param(URL, "https://a.example/news/login-data-stolen", id="log-in-in-a-headline"),
        pytest.param(URL, "https://a.example/en/news/1", id="page-of-a-language"),
        pytest.param(
            "https://a.example/blog/404", "https://www.a.example/blog/404", id="404-asked"
        ),
        pytest.param("https://a.example/en", "https://a.example/en/", id="language-asked"),
        pytest.param("https://a.example/login", "https://a.example/login/", id="log-in-asked"),
        pytest.param(URL, URL + "/", id="another-page"),
        pytest.param(URL, "https://a.example/?p=17", id="page-by-query"),
        pytest.param("https://a.example/", "https://www.a.example/", id="front-page-was-asked"),
        pytest.param("https://a.example", "https://a.example/", id="front-page-with-a-slash"),
    ],
)
def test_article_that_leads_to_a_page_is_read(asked: str, answered: str) -> None:
    landing.require_own_page(Response(answered, hops=(Hop(url=asked, status=302),)))


@pytest.mark.parametrize("url", [URL, "https://a.example/", "https://a.example/?p=17"])
def test_page_without_redirect_is_read(url: str) -> None:
    landing.require_own_page(Response(url))
