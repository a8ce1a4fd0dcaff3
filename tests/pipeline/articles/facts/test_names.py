from __future__ import annotations

import json
import tomllib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import word_lists
from pipeline.articles.facts import authors, json_ld, meta_tags, names, people
from pipeline.articles.text import markup

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "names.toml").read_text(encoding="utf-8")
)
PEOPLE = [name for forms in FORMS.values() for name in forms]


def found(html: str, language: str = "en") -> tuple[str, ...]:
    tree = markup.tree(f"<html lang={language}>{html}</html>")
    assert tree is not None
    return authors.authors(
        tree, meta_tags.head(tree, "https://post.example/a"), json_ld.linked(tree)
    )


def person(name: str) -> str:
    node = {
        "@type": "NewsArticle",
        "headline": "Pier",
        "author": {"@type": "Person", "name": name},
    }
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def test_there_are_several_hundred_forms() -> None:
    assert len(set(PEOPLE)) == len(PEOPLE) > 400


@pytest.mark.parametrize("language", ["en", "de", "it", "nl", "sv"])
def test_a_declared_name_stays_as_it_is(language: str) -> None:
    changed = {
        name: shown
        for name in PEOPLE
        for html in (
            f"<head>{person(name)}</head>",
            f'<head><meta name="author" content="{escape(name)}"></head>',
            f'<div class="byline"><a rel="author" href="/authors/x">{escape(name)}</a></div>',
        )
        if (shown := found(html, language)) != (name,)
    }
    assert changed == {}


def test_a_byline_names_whom_it_names() -> None:
    """A byline is more than a name: numbers in front and brackets are not taken for parts of one."""
    but = {"50 Cent", "2 Chainz", "Elizabeth (Liz) Smith"}
    changed = {name: shown for name in PEOPLE if (shown := names.names(f"By {name}")) != [name]}
    assert changed.keys() == but


@given(st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=4, unique=True))
def test_people_in_a_list_of_json_ld_are_all_kept(listed: list[str]) -> None:
    shown = [name for value in listed for name in names.best(names.declared(value))]
    assert shown == listed


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Lee, Ann", ["Ann Lee"]),
        ("van Dyke, Ann", ["Ann van Dyke"]),
        ("Ann Lee, Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Simon and Garfunkel", ["Simon and Garfunkel"]),
        ("Ann Lee, PhD", ["Ann Lee"]),
        ("Ann Lee, Senior Writer", ["Ann Lee"]),
        ("Ann Lee, Oslo", ["Ann Lee"]),
        ("Ann Lee, QCN", ["Ann Lee"]),
        ("Ann Lee (The Post)", ["Ann Lee"]),
        ("Ann Lee - The Post", ["Ann Lee"]),
        ("Ann Lee | The Post", ["Ann Lee", "The Post"]),
        ("Ann Lee for The Post", ["Ann Lee"]),
        ("By Ann Lee", ["Ann Lee"]),
        ("Posted by Ann Lee", ["Ann Lee"]),
        ("View all posts by Ann Lee", ["Ann Lee"]),
        ("Email Ann Lee", ["Ann Lee"]),
        ("Follow Ann Lee", ["Ann Lee"]),
        ("著者\uff1a山田太郎", ["山田太郎"]),
        ("記者\uff1a王小明", ["王小明"]),
        ("홍길동 기자", ["홍길동"]),
        ("山田太郎記者", ["山田太郎"]),
        ("Автор: Анна Петрова", ["Анна Петрова"]),
        ('By <a href="/p/ann">Ann Lee</a>, <b>Bo Ek</b> and Cy Ott, QCN', "Ann Lee|Bo Ek|Cy Ott"),
        ("&lt;a href='/p'&gt;Ann Lee&lt;/a&gt;", ["Ann Lee"]),
        ("Email the author", []),
        ("Themen bearbeiten", []),
        ("Monday", []),
        ("Dienstag", []),
        ("Staff", []),
        ("Die Redaktion", []),
        ("https://post.example/ann", []),
        ("@annlee", []),
        ("3 March 2031", []),
        ("5 min read", []),
        ("12/03/2031", []),
        ("", []),
    ],
)
def test_what_a_declared_value_names(value: str, expected: list[str] | str) -> None:
    shown = names.best(names.declared(value))
    assert shown == (expected.split("|") if isinstance(expected, str) else expected)


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("Von Ann Lee", "de", "Ann Lee"),
        ("Von Ann Lee", "en-GB", "Von Ann Lee"),
        ("Von Miller", "de", "Von Miller"),
        ("Von der Leyen", "de-AT", "Von der Leyen"),
        ("Par Ann Lee", "fr", "Ann Lee"),
        ("Di Anna Rossi", "it", "Anna Rossi"),
        ("Di Stefano", "it", "Di Stefano"),
    ],
)
def test_a_preposition_is_a_label_in_its_own_language(
    value: str, language: str, expected: str
) -> None:
    assert names.best(names.declared(value, language)) == [expected]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Monday November 23, 2026 10:05 am PST by Julie Cloven", ["Julie Cloven"]),
        ("Harbour fire, by Ann Lee", ["Ann Lee"]),
        ("Posted on Friday by Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Analysis by Ann Lee", ["Ann Lee"]),
        ("23.11.2026 von Julie Cloven", ["Julie Cloven"]),
        ("Publié le 3 mars 2031 par Ann Lee", ["Ann Lee"]),
        ("Words by Ann Lee, photos by Bo Ek and Cy Ott", ["Ann Lee"]),
        ("Ann Lee, edited by Bo Ek", ["Ann Lee"]),
        ("Ann Lee Photos by Bo Ek", ["Ann Lee"]),
        ("Ann Lee, additional reporting by Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("By\nAnn Lee", ["Ann Lee"]),
        ("Autor:\nAnn Lee", ["Ann Lee"]),
        ("By Ann Lee, Oslo", ["Ann Lee"]),
        ("By Ann Lee in Harbour Town", ["Ann Lee"]),
        ("By Ann Lee, New York", ["Ann Lee"]),
        ("By Ann Lee, Quayside, and Bo Ek, Harbourton", ["Ann Lee", "Bo Ek"]),
        ("ANN LEE AND BO EK FOR THE POST", ["ANN LEE", "BO EK"]),
        ("Von dpa", ["dpa"]),
        ("Ann Lee, dpa", ["Ann Lee"]),
        ("By Harbour Sport", ["Harbour Sport"]),
        ("QCN", ["QCN"]),
        ("London", []),
        ("New York", []),
        ("Deutschland", []),
        ("Monday November 23", []),
        ("Foto: Bo Ek", []),
        ("Quay Images", []),
    ],
)
def test_what_a_byline_names(byline: str, expected: list[str]) -> None:
    assert names.names(byline) == expected


@pytest.mark.parametrize(
    ("expected", "listed"),
    [
        (("Ann Lee",), ["Ann Lee", "QCN"]),
        (("Ann Lee",), ["Ann Lee", "Quay News Desk"]),
        (("Ann Lee", "Reuters"), ["Ann Lee", "Reuters"]),
        (("Quay News Desk",), ["Quay News Desk"]),
        (("QCN",), ["QCN"]),
    ],
)
def test_departments_and_codes_stand_only_where_nobody_is_named(
    expected: tuple[str, ...], listed: list[str]
) -> None:
    assert found("<head>" + "".join(f'<meta name="author" content="{n}">' for n in listed)) == (
        expected
    )


def test_a_person_in_the_meta_elements_goes_before_an_agency_in_json_ld() -> None:
    assert found(f'<head>{person("AFP")}<meta name="author" content="Ann Lee">') == ("Ann Lee",)


def test_markup_of_a_byline_is_no_part_of_a_name() -> None:
    html = '<div class="byline">Monday 3 March by <a href="/a">Ann Lee</a> <i>@annlee</i></div>'
    assert found(html) == ("Ann Lee",)


MATCHES: dict[str, Callable[[str], bool]] = {
    "nobody": lambda value: people.kind(value, declared=True) is people.Kind.NOTHING,
    "buttons": people.is_button,
    "agencies": lambda value: people.kind(value, declared=True) is people.Kind.AGENCY,
    "departments": people.is_department,
    "staff": lambda value: people.kind(value, declared=True) is people.Kind.DEPARTMENT,
    "vague": lambda value: people.kind(value, declared=True) is people.Kind.NOTHING,
    "particles": lambda value: people.is_particle(value.split()[0]),
    "other_work": lambda value: names.names(f"Ann Lee, {value}") == ["Ann Lee"],
    "besides": lambda value: names.names(f"Ann Lee, {value}") == ["Ann Lee", "Bo Ek"],
}


def is_cut(value: str) -> bool:
    return names.names(value) != [value]


@pytest.mark.parametrize(
    ("table", "entry"),
    [
        pytest.param(table, entry, id=f"{table}-{entry.phrase}")
        for table, entries in word_lists.tables(people.LISTS).items()
        for entry in entries
    ],
)
def test_each_phrase_matches_its_example_and_not_its_near_miss(
    table: str, entry: word_lists.Entry
) -> None:
    matches = MATCHES.get(table, is_cut)
    assert entry.phrase.casefold() in entry.example.casefold()
    assert matches(entry.example)
    assert not matches(entry.near_miss)


@pytest.mark.parametrize("unit", ["@", " ", "Ann Lee, ", "by ", "<a ", "(", "von 1 ", "a-", "\n"])
def test_no_more_of_a_value_is_looked_at_than_some_names_take(unit: str) -> None:
    value = unit * 100_000
    first = value[: names.LONGEST_VALUE]
    assert names.in_byline(value) == names.in_byline(first)
    assert names.declared(value) == names.declared(first)
