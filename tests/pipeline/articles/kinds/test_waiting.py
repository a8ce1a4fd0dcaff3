"""Pages that show only that they are loading, and headlines that only look like a missing page's."""

from __future__ import annotations

import pytest

from pipeline.articles import extract, word_lists
from pipeline.articles.kinds import non_articles
from pipeline.errors import NoArticleError
from pipeline.model import Response

ENTRIES = word_lists.tables(non_articles.WAITING)["waiting"]
ROAD = "The road through the desert is four hundred kilometres long, and has one well on the way."
WELL = "Drivers carry water for three days, since the well at Dune Nine ran dry in the spring of last year."


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.phrase)
def test_each_phrase_of_waiting_matches_its_example_and_not_its_near_miss(
    entry: word_lists.Entry,
) -> None:
    assert non_articles.waiting(entry.example)
    assert not non_articles.waiting(entry.near_miss)


def page(headline: str, *paragraphs: str) -> Response:
    told = "".join(f"<p>{one}</p>" for one in paragraphs)
    html = f"<html><head><title>{headline}</title></head><body><article><h1>{headline}</h1>{told}</article></body></html>"
    return Response("https://dune.example/news/404-road", body=html.encode())


@pytest.mark.parametrize("shown", ["Loading...", "Bitte warten…", "加载中", "Загрузка..."])
def test_page_that_is_still_loading_is_no_article(shown: str) -> None:
    with pytest.raises(NoArticleError) as caught:
        extract.article(page("Road through the desert", shown))
    assert caught.value.reason == "no_text"


def test_404_that_names_a_road_is_an_article() -> None:
    article = extract.article(page("404: a road through the desert", ROAD, WELL))
    assert article.text == f"{ROAD}\n{WELL}"


@pytest.mark.parametrize(
    "paragraphs",
    [
        pytest.param(("Try the search, or go to the front page.",), id="advice"),
        pytest.param(
            (
                "We are sorry, but the page that you are looking for could not be found on this server.",
                "Perhaps the address was typed wrongly, or the page was moved to another place since then.",
            ),
            id="two-paragraphs-that-say-so",
        ),
    ],
)
def test_404_without_a_story_is_a_missing_page(paragraphs: tuple[str, ...]) -> None:
    with pytest.raises(NoArticleError) as caught:
        extract.article(page("404: page not found", *paragraphs))
    assert caught.value.reason == "soft_404"
