from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.articles.text import feed_text
from pipeline.errors import NoArticleError
from pipeline.model import Article

URL = "https://post.example/pier"
NOW = datetime(2031, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param("<p>One &amp; two</p><p>Three</p>", "One & two\nThree", id="paragraphs"),
        pytest.param("One<br>two<ul><li>a</li><li>b</li></ul>", "One\ntwo\na\nb", id="blocks"),
        pytest.param("Some <b>bold</b> words", "Some bold words", id="inline only"),
        pytest.param("Plain &amp; simple\n\nsecond", "Plain & simple\nsecond", id="plain text"),
        pytest.param("1 < 2 and 3 > 2", "1 < 2 and 3 > 2", id="angle brackets"),
        pytest.param(
            "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\nTwo", id="escaped twice"
        ),
        pytest.param("<p>a</p><script>x()</script>", "a", id="script"),
        pytest.param("<p>a\x00b\u202ec</p>", "abc", id="characters that cannot be stored"),
        pytest.param("<div>" * 6000 + "deep", "deep", id="deep"),
        pytest.param("<p>Same</p><p>Same</p>", "Same\nSame", id="repeats"),
    ],
)
def test_entry_becomes_lines(content: str, text: str) -> None:
    article = feed_text.from_entry(content, URL, NOW)
    assert article == Article(url=URL, title=None, text=text, extractor="feed/1")


@pytest.mark.parametrize(
    "content", ["", " \n", "<p></p>", "<img src=a>", "<script>x</script>", "\x00"]
)
def test_entry_without_words_has_no_text(content: str) -> None:
    with pytest.raises(NoArticleError) as caught:
        feed_text.from_entry(content, URL, NOW)
    assert caught.value.reason == "no_text"
    assert URL in caught.value.message


def test_long_entry_is_cut_visibly() -> None:
    article = feed_text.from_entry("word " * 300_000, URL, NOW)
    assert article.truncated
    assert len(article.text) <= 1_000_000


SENTENCE = "The council voted on Tuesday to rebuild the eastern breakwater before the storms. "
PARAGRAPHS = f"<p>{SENTENCE * 2}</p><p>{SENTENCE * 2}</p>"


@pytest.mark.parametrize(
    ("content", "summary", "is_taken"),
    [
        pytest.param(PARAGRAPHS, "", True, id="content"),
        pytest.param(f"<p>{SENTENCE * 4}</p>", "", True, id="content of one paragraph"),
        pytest.param("", PARAGRAPHS, True, id="the text in the place of the summary"),
        pytest.param("<img src=a>", PARAGRAPHS, True, id="content without words"),
        pytest.param("", f"<p>{SENTENCE * 4}</p>", False, id="summary"),
        pytest.param(f"<p>{SENTENCE * 2}</p>", "", False, id="some words"),
        pytest.param("<ul>" + "<li>Tides today</li>" * 40 + "</ul>", "", False, id="no prose"),
        pytest.param(f"{PARAGRAPHS}<p>The mayor of […]</p>", "", False, id="excerpt"),
        pytest.param(f"{PARAGRAPHS}<p>The mayor... Read on</p>", "", False, id="link to the rest"),
        pytest.param(
            f"{PARAGRAPHS}<p>The mayor […]</p><p>The post Pier appeared first on Post.</p>",
            "",
            False,
            id="excerpt with its source",
        ),
        pytest.param(f"{PARAGRAPHS}<p>Weiterlesen</p>", "", False, id="link in German"),
        pytest.param("<p>" + "港口的防波堤将在冬天之前重建。" * 6 + "</p>", "", True, id="Chinese"),
        pytest.param("", "", False, id="nothing"),
    ],
)
def test_whole_text_stands_in_and_an_excerpt_does_not(
    content: str, summary: str, is_taken: object
) -> None:
    if is_taken:
        assert feed_text.whole(content, summary, URL).extractor == "feed/1"
        return
    with pytest.raises(NoArticleError) as caught:
        feed_text.whole(content, summary, URL)
    assert caught.value.reason == "no_text"
