"""bounds: what is cut from pages too large for their readers."""

from __future__ import annotations

import pytest

from pipeline.articles.text import limits, markup


def attributes(count: int, value: str = "=1") -> str:
    return " ".join(f"attribute-{n}{value}" for n in range(count))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="without values"),
        pytest.param("=1", id="bare"),
        pytest.param(" = '>'", id="with an angle bracket"),
    ],
)
def test_attributes_of_an_endless_tag_are_left_out_and_its_text_stays(value: str) -> None:
    html = f"<p class=a>One</p><div {attributes(400, value)}><p class=b>Two</p></div>"
    assert limits.short(html) == "<p class=a>One</p><div><p class=b>Two</p></div>"


def test_attributes_are_counted_in_short_tags_too_where_a_page_has_very_many() -> None:
    value = '="<>"'
    tag = f"<i {attributes(limits.MOST_ATTRIBUTES + 1, value)}>"
    html = f"{tag}Text</i>" * (limits.MOST_EQUALS // limits.MOST_ATTRIBUTES)
    assert set(limits.short(html).split("<i>")) == {"", "Text</i>"}


@pytest.mark.parametrize(
    "value", [attributes(limits.MOST_ATTRIBUTES), f"data-state='{'a=1 ' * 10_000}'"]
)
def test_long_tag_keeps_its_attributes(value: str) -> None:
    html = f"<div {value}>Text</div>"
    assert limits.short(html) == html


@pytest.mark.parametrize(
    ("html", "large"),
    [
        pytest.param("<p>a" * limits.MOST_TAGS, False, id="as many tags as may be"),
        pytest.param("<p>a" * (limits.MOST_TAGS + 1), True, id="one tag more"),
        pytest.param("a" * (limits.LARGEST + 1), True, id="long text"),
    ],
)
def test_page_is_large_by_its_tags_or_its_length(html: str, *, large: bool) -> None:
    assert limits.is_large(html) is large


def test_start_of_a_large_page_has_its_first_tags() -> None:
    begun = limits.start("<title>Pier</title>" + "<p>a" * limits.MOST_TAGS)
    assert begun.startswith("<title>Pier</title><p>a")
    assert begun.count("<") == limits.MOST_TAGS
    assert limits.start("<p>a</p>") == "<p>a</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<script>x()</script>a", "<script></script>a", id="program"),
        pytest.param("<SCRIPT src=x>y()</SCRIPT >a", "<SCRIPT src=x></SCRIPT >a", id="capitals"),
        pytest.param(
            "a<script type='application/ld+json'>{}</script>b",
            "a<script type='application/ld+json'>{}</script>b",
            id="data",
        ),
        pytest.param(
            f"<script type=application/json>{'x' * (limits.LONGEST_DATA + 1)}</script>b",
            "<script type=application/json></script>b",
            id="data beyond what is looked at",
        ),
        pytest.param("a<script>x()", "a<script>x()", id="without an end"),
    ],
)
def test_programs_are_left_out_and_data_stays(html: str, expected: str) -> None:
    assert limits.without_programs(html) == expected


@pytest.mark.parametrize(
    ("html", "tangled"),
    [
        pytest.param("<div>" * 1900 + "<a href=x>y</a>" * 3000, True, id="links deep down"),
        pytest.param("<div>" * 1900 + "<b>y</b>" * 6000, True, id="elements deep down"),
        pytest.param("<div>" * 1900 + "<p>Text</p>" * 100, False, id="deep"),
        pytest.param("<div>" * 2100 + "<p>Text</p>", True, id="too deep for a tree"),
        pytest.param("<div>" * 40 + "<a href=x>y</a>" * 3000, False, id="many links"),
    ],
)
def test_page_is_tangled_by_what_stands_deep_on_it(html: str, *, tangled: bool) -> None:
    tree = markup.tree(html)
    assert tree is not None
    assert limits.is_tangled(tree) is tangled
