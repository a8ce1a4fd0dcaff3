from __future__ import annotations

import json

import pytest

from pipeline.articles.facts import authors, json_ld, meta_tags, names
from pipeline.articles.text import markup


def found(html: str) -> tuple[str, ...]:
    tree = markup.tree(f"<html>{html}</html>")
    assert tree is not None
    return authors.authors(
        tree, meta_tags.head(tree, "https://post.example/a"), json_ld.linked(tree)
    )


def linked(author: object, publisher: str = "The Post") -> str:
    article = {
        "@type": "NewsArticle",
        "headline": "Pier",
        "author": author,
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher},
    }
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("by Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Written by Ann Lee, Bo Ek & Cy Ott", ["Ann Lee", "Bo Ek", "Cy Ott"]),
        ("Von Ann Lee und Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Par Ann Lee et Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Por Ann Lee y Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("記者\uff1a王小明", ["王小明"]),
        ("王小明、李四", ["王小明", "李四"]),
        ("Ann Lee (ann.lee@post.example)", ["Ann Lee"]),
        ("Ann Lee ann.lee@post.example", ["Ann Lee"]),
        ("https://post.example/ann-lee", []),
        ("ann-lee", []),
        ("@annlee", []),
        ("Ann Lee for The Post", ["Ann Lee"]),
        ("Ann Lee, Senior Writer", ["Ann Lee"]),
        ("Ann Lee | 2 March 2031", ["Ann Lee"]),
        ("Ann Lee\n10:30", ["Ann Lee"]),
        ("Byron Vonnegut", ["Byron Vonnegut"]),
        ("Parker Textor", ["Parker Textor"]),
        ("Ann O'Neil-Lee Jr.", ["Ann O'Neil-Lee Jr."]),
        ("Sammy Davis, Jr.", ["Sammy Davis, Jr."]),
        ("Bo Ek, Sammy Davis, Jr. and Ann Lee", ["Bo Ek", "Sammy Davis, Jr.", "Ann Lee"]),
        ("By Ann Lee, Political Correspondent", ["Ann Lee"]),
        ("By Ann Lee | Harbour Editor | 3 March 2031", ["Ann Lee"]),
        ("Harbour Editor", ["Harbour Editor"]),
        ("Ann Lee, Reuters", ["Ann Lee"]),
        ("Reuters", ["Reuters"]),
        ("Santiago Ramón y Cajal", ["Santiago Ramón y Cajal"]),
        ("Maria e Silva", ["Maria e Silva"]),
        ("Por Ana Ruiz, Luis Gil y Eva Mas", ["Ana Ruiz", "Luis Gil", "Eva Mas"]),
        ("di Anna Rossi e Ugo Neri", ["Anna Rossi", "Ugo Neri"]),
        ("Di Stefano", ["Di Stefano"]),
        ("Door Anna de Vries en Piet Bos", ["Anna de Vries", "Piet Bos"]),
        ("Автор: Анна Петрова", ["Анна Петрова"]),
        ("文・山田太郎", ["山田太郎"]),
        (
            "Maria da Conceição dos Santos Oliveira Lima",
            ["Maria da Conceição dos Santos Oliveira Lima"],
        ),
        ("admin", []),
        ("Staff", []),
        ("She writes long stories about old piers", []),
        ("", []),
    ],
)
def test_names_of_a_byline(byline: str, expected: list[str]) -> None:
    assert names.names(byline) == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        pytest.param({"@type": "Person", "name": "Ann Lee"}, ("Ann Lee",), id="one"),
        pytest.param([{"name": "Ann Lee"}, {"name": "Bo Ek"}], ("Ann Lee", "Bo Ek"), id="list"),
        pytest.param("By Ann Lee", ("Ann Lee",), id="string"),
        pytest.param(["Ann Lee", "Bo Ek"], ("Ann Lee", "Bo Ek"), id="strings"),
        pytest.param({"name": ["Ann Lee", "Bo Ek"]}, ("Ann Lee", "Bo Ek"), id="names in a list"),
        pytest.param({"givenName": "Ann", "familyName": "Lee"}, ("Ann Lee",), id="parts"),
        pytest.param(
            [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Organization", "name": "Wire"}],
            ("Ann Lee",),
            id="an organisation beside a person is left out",
        ),
        pytest.param(
            [{"name": "Ann Lee"}, {"name": "The Post"}],
            ("Ann Lee",),
            id="the publisher beside a person is left out",
        ),
        pytest.param(
            {"@type": "Organization", "name": "Wire Agency"},
            ("Wire Agency",),
            id="an organisation where nobody else is named",
        ),
        pytest.param([{"name": "Ann"}, {"name": "Ann Lee"}], ("Ann Lee",), id="the fullest form"),
        pytest.param([{"name": "Ann Lee"}] * 3, ("Ann Lee",), id="once"),
        pytest.param(
            [{"name": "Ann Lee"}, {"name": "Ann Leeson"}],
            ("Ann Lee", "Ann Leeson"),
            id="a name that is part of another's words",
        ),
        pytest.param(
            [{"name": "Ann Lee"}, {"name": "AP"}],
            ("Ann Lee", "AP"),
            id="an agency that is listed as an author",
        ),
        pytest.param([{"name": f"Ann {chr(65 + n)}oe"} for n in range(26)] * 3, None, id="many"),
    ],
)
def test_authors_of_json_ld(author: object, expected: tuple[str, ...] | None) -> None:
    names = found(f"<head>{linked(author)}</head>")
    assert names == expected if expected is not None else len(names) == 26


@pytest.mark.parametrize(
    ("expected", "html"),
    [
        pytest.param(
            ("Ann Lee",),
            f"<head>{linked({'name': 'Ann Lee'})}<meta name=author content='Bo Ek'></head>",
            id="JSON-LD before meta",
        ),
        pytest.param(
            ("Bo Ek",),
            "<head><meta name=author content='Bo Ek'></head><p class=byline>By Cy Ott</p>",
            id="meta before the byline",
        ),
        pytest.param(
            ("Cy Ott",),
            f"<head>{linked({'name': 'The Post'})}</head><p class=byline>By Cy Ott</p>",
            id="a person in the byline before the publisher in JSON-LD",
        ),
        pytest.param(
            ("Ann Lee", "Bo Ek"),
            "<head><meta property='article:author' content='Ann Lee'>"
            "<meta property='article:author' content='https://face.example/post'>"
            "<meta property='article:author' content='Bo Ek'></head>",
            id="several meta elements, addresses left out",
        ),
        pytest.param(
            ("Ann Lee",),
            "<head><meta name='twitter:label1' content='Written by'>"
            "<meta name='twitter:data1' content='Ann Lee'></head>",
            id="a card's field that says so",
        ),
        pytest.param(
            (),
            "<head><meta name='twitter:label1' content='Place'>"
            "<meta name='twitter:data1' content='Lee Town'></head>",
            id="a card's field of something else",
        ),
        pytest.param(
            ("Ann Lee",), "<div class='byline'>By <a rel=author>Ann Lee</a>, Oslo</div>", id="rel"
        ),
        pytest.param(("Ann Lee",), "<span itemprop='author'><b>Ann Lee</b></span>", id="microdata"),
        pytest.param(
            ("Ann Lee",),
            "<div class='post-author'>Bo Ek</div><span class='author-name'>Ann Lee</span>",
            id="the surer mark wins",
        ),
        pytest.param(
            ("Ann Lee", "Bo Ek"),
            "<p><a rel=author>Ann Lee</a>, <a rel=author>Bo Ek</a></p>",
            id="two links to authors",
        ),
        pytest.param(
            ("Ann Lee", "Bo Ek", "Cy Ott"),
            "<p><b class=author>Ann Lee</b></p><ul><li><a itemprop=author>Ann Lee</a></li>"
            "<li><a itemprop=author>Bo Ek</a></li><li><a itemprop=author>Cy Ott</a></li></ul>",
            id="microdata in a list",
        ),
        pytest.param(
            ("Ann Lee", "Bo Ek"),
            "<span class=author>Ann Lee</span><span class=author>Bo Ek</span>",
            id="two elements of a class",
        ),
        pytest.param(
            ("Ann Lee",),
            "<p><span class=author>Ann Lee</span></p><div><p>x</p><p>y</p>"
            "<span class=author>Bo Ek</span></div>",
            id="the author of something further down",
        ),
        pytest.param(
            ("Ann Lee",),
            "<p itemprop=author><b itemprop=name>Ann Lee</b> <i itemprop=jobTitle>Sea Desk</i></p>",
            id="the name in the microdata of a person",
        ),
        pytest.param(
            ("Anna Rossi", "Ugo Neri"),
            "<p class=autore>di Anna Rossi e Ugo Neri</p>",
            id="Italian",
        ),
        pytest.param(
            ("Anna Vos", "Piet Bos"), "<p class=auteur>Door Anna Vos en Piet Bos</p>", id="Dutch"
        ),
        pytest.param(
            ("Ann Lee", "Bo Ek"),
            "<head><meta name=citation_author content='Lee, Ann'>"
            "<meta name=citation_author content='Ek, Bo'></head>",
            id="surname first",
        ),
        pytest.param(("Ann Lee",), "<ul><li>By <a>Ann Lee</a></li></ul>", id="the word By"),
        pytest.param(("Ann Lee",), "<p>By Ann Lee</p>", id="a line that begins with By"),
        pytest.param((), "<p>By the end of the year it was over.</p>", id="a sentence with By"),
        pytest.param((), "<aside><p class=byline>By Ann Lee</p></aside>", id="beside the article"),
        pytest.param(
            (), "<div class='comments'><p class='author'>Ann Lee</p></div>", id="in comments"
        ),
        pytest.param((), "<p class='byline'>read more here</p>", id="no capital letter"),
        pytest.param((), f"<p class='byline'>{'Ann Lee ' * 30}</p>", id="a biography"),
        pytest.param((), "", id="nothing"),
    ],
)
def test_authors_are_taken_from_the_surest_source(expected: tuple[str, ...], html: str) -> None:
    assert found(html) == expected
