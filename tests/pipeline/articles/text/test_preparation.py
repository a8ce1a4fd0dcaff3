"""What readers see as text stays text: controls within sentences, quotes in figures, linked sentences."""

from __future__ import annotations

import json

import pytest

from pipeline.articles import extract
from pipeline.errors import NoArticleError
from pipeline.model import Response

URL = "https://quay.example/news/pier"
COUNCIL = "The council voted on Tuesday to close the old pier for eighteen months, so that its piles can be replaced."
PILES = (
    "Engineers found in August that a third of the piles had lost more than half of their strength."
)
SHOPS = "Shopkeepers along the quay fear that visitors stay away; several of them asked for a cut in rent."
STAGE = "A temporary landing stage will be built to the north, and the timetable stays as it is on weekdays."
COST = "The works are expected to cost nine million, most of which is to come from a fund for harbours."
PROSE = [COUNCIL, PILES, SHOPS, STAGE, COST]


def text(*parts: str, body: str = "<article><h1>Pier to close</h1>{}</article>") -> str:
    """The text of a page with these parts in its article."""
    html = f"<html lang=en><head><title>Pier to close</title></head><body>{body.format(''.join(parts))}</body></html>"
    return extract.article(Response(URL, body=html.encode())).text


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param(
            "The last boat leaves at <time datetime='2026-12-06'>19.30 on Sunday</time> from the old pier.",
            "The last boat leaves at 19.30 on Sunday from the old pier.",
            id="time",
        ),
        pytest.param(
            "The sum comes from the <button>harbour fund</button> that was set up after the floods.",
            "The sum comes from the harbour fund that was set up after the floods.",
            id="button-that-explains-a-word",
        ),
        pytest.param(
            "Tick <label>no stops on the way</label> and the machine prints the ticket at once.",
            "Tick no stops on the way and the machine prints the ticket at once.",
            id="label",
        ),
        pytest.param(
            "Wer um <time>8 Uhr</time> kommt, fährt noch mit dem alten Schiff hinüber auf die Insel.",
            "Wer um 8 Uhr kommt, fährt noch mit dem alten Schiff hinüber auf die Insel.",
            id="german",
        ),
    ],
)
def test_control_within_a_sentence_is_a_word_of_it(written: str, read: str) -> None:
    assert read in text(paragraphs(*PROSE[:3], written, *PROSE[3:]))


def test_control_that_stands_alone_is_no_text() -> None:
    found = text(
        paragraphs(*PROSE[:3]), "<p><button>Share this</button></p>", paragraphs(*PROSE[3:])
    )
    assert "Share this" not in found


@pytest.mark.parametrize(
    ("figure", "stays"),
    [
        pytest.param("<figure><blockquote><p>We stay, whatever it costs us.</p></blockquote></figure>", True, id="quote"),
        pytest.param(
            "<figure class=pull><blockquote>We stay, whatever it costs us.</blockquote>"
            "<figcaption>Mats Eriksen, baker</figcaption></figure>",
            True,
            id="quote-with-its-speaker",
        ),
        pytest.param(
            "<figure><img src=a.jpg><figcaption>We stay, whatever it costs us.</figcaption></figure>", False, id="caption"
        ),
        pytest.param(
            "<figure><img src=a.jpg><blockquote>We stay, whatever it costs us.</blockquote></figure>", False, id="picture-with-a-quote"
        ),
    ],
)  # fmt: skip
def test_figure_of_nothing_but_a_quotation_is_text(figure: str, *, stays: bool) -> None:
    found = text(paragraphs(*PROSE[:3]), figure, paragraphs(*PROSE[3:]))
    assert ("We stay, whatever it costs us." in found) is stays


LINKED = (
    "On Tuesday the council voted to close the pier, and three members walked out before the vote."
)


@pytest.mark.parametrize(
    ("written", "stays"),
    [
        pytest.param(f"<p><a href=/vote>{LINKED}</a></p>", True, id="linked-sentence"),
        pytest.param(f"<p><strong><a href=/vote>{LINKED}</a></strong></p>", True, id="in-bold"),
        pytest.param(f"<p><a href=/vote><em>{LINKED}</em></a></p>", True, id="bold-inside"),
        pytest.param(f"<ul><li><a href=/vote>{LINKED}</a></li></ul>", False, id="in-a-list"),
        pytest.param(f"<aside><p><a href=/vote>{LINKED}</a></p></aside>", False, id="in-an-aside"),
        pytest.param(
            "<p><a href=/vote>Council closes the pier for a year and a half after a long debate</a></p>",
            False,
            id="headline-without-a-full-stop",
        ),
    ],
)
def test_paragraph_that_is_one_linked_sentence_stays_at_the_start(
    written: str, *, stays: bool
) -> None:
    sentence = LINKED if LINKED in written else "Council closes the pier"
    assert (sentence in text(written, paragraphs(*PROSE))) is stays


def test_parts_of_one_class_are_one_body() -> None:
    parts = "".join(
        f"<div class=row><div class='article-body'>{paragraphs(line)}</div></div><div class=ad>Advertisement</div>"
        for line in PROSE
    )
    found = text(parts, body="<main><h1>Pier to close</h1>{}</main>")
    assert found.split("\n") == PROSE


def test_bodies_of_different_articles_are_not_joined() -> None:
    """A page that shows two articles in full: each is an article element of its own."""
    body = (
        f"<main><article><h1>Pier to close</h1><div class='article-body'>{paragraphs(*PROSE)}</div></article>"
        "<article><h2>Bakery opens</h2><div class='article-body'><p>The bakery at the corner of the market opens at six.</p></div></article></main>"
    )
    found = text(body=body.replace("{", "{{").replace("}", "}}"))
    assert found.index(COST) < found.index("The bakery") if "The bakery" in found else True
    assert found.split("\n")[:5] == PROSE


def test_teasers_of_one_class_are_not_joined() -> None:
    teaser = "<div class='story-text'><h3><a href=/n{0}>Another thing {0}</a></h3><p>It happened elsewhere, they say.</p></div>"
    teasers = "".join(teaser.format(n) for n in range(3))
    found = text(
        paragraphs(*PROSE),
        body="<main><h1>Pier to close</h1><div class=text>{}</div>" + teasers + "</main>",
    )
    assert found.split("\n")[:5] == PROSE


@pytest.mark.parametrize(
    ("table", "stays"),
    [
        pytest.param(
            "<table><tr><td><blockquote>We stay here, all of us.</blockquote> And so they did for years.</td></tr></table>",
            "And so they did for years.",
            id="text-after-a-quotation",
        ),
        pytest.param(
            "<table><tr><td>The plan in short:<ul><li>New piles under the whole pier.</li></ul></td></tr></table>",
            "New piles under the whole pier.",
            id="list-in-a-cell",
        ),
        pytest.param(
            "<table><tr><td>Pier</td><td>9 million</td></tr><tr><td>Stage</td><td>1 million</td></tr></table>",
            "Pier | 9 million",
            id="data-stays-a-table",
        ),
    ],
)
def test_table_that_sets_text_is_read_as_text(table: str, stays: str) -> None:
    assert stays in text(paragraphs(*PROSE[:3]), table, paragraphs(*PROSE[3:])).split("\n")


def data(value: object) -> str:
    return f"<div id=root></div><script type='application/json'>{json.dumps(value)}</script>"


MARKDOWN = "\n\n".join(["## Background", *PROSE, "**We stay**, said [Mats](https://x.example/m)."])


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"article": {"body": MARKDOWN}}, id="markdown"),
        pytest.param({"state": json.dumps({"article": {"body": MARKDOWN}})}, id="json-within-json"),
        pytest.param({"a": [{"b": json.dumps([MARKDOWN])}]}, id="list-within-json"),
    ],
)
def test_text_that_only_the_data_of_a_script_holds_is_read(value: object) -> None:
    lines = text(body=data(value).replace("{", "{{").replace("}", "}}")).split("\n")
    assert lines == ["Background", *PROSE, "We stay, said Mats."]


def test_long_string_that_is_no_prose_is_no_article() -> None:
    value = {"css": "\n\n".join(f".box-{n} {{ color: red }}" for n in range(60))}
    with pytest.raises(NoArticleError):
        text(body=data(value).replace("{", "{{").replace("}", "}}"))
