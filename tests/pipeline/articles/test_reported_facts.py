"""Facts of pages as others' users reported them wrong: each page in short, with what it says."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.articles import extract
from pipeline.model import Article, Response

TEXT = (
    "<p>The town council voted on Tuesday to close the old ferry terminal for eighteen months so that its piles can be replaced.</p>"
    "<p>Engineers found in August that almost a third of the piles had lost more than half of their strength since they were made.</p>"
    "<p>Shopkeepers along the quay fear that visitors will stay away; several of them asked the council for a cut in rent.</p>"
)
SPANISH = (
    "<p>El ayuntamiento acordó el martes cerrar la vieja terminal durante dieciocho meses para cambiar los pilotes de madera.</p>"
    "<p>Los ingenieros comprobaron en agosto que casi un tercio de los pilotes había perdido más de la mitad de su resistencia.</p>"
    "<p>Los comerciantes temen que los visitantes dejen de venir y han pedido una rebaja del alquiler mientras duren las obras.</p>"
)
TITLE = "Ferry terminal to close for a year and a half"
URL = "https://quay.example/news/ferry-terminal"
LD = '<script type="application/ld+json">{}</script>'
BROKEN = (
    '{{{}"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry terminal to close for a year '
    'and a half", "datePublished": "2026-11-24T08:15:00+01:00", "author": [{{"@type": "Person", "name": "Ida Holt"}}]{}}}'
)
MUSEUM = (
    '{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {"@type": "NewsArticle", "url": '
    '"https://quay.example/news/museum", "headline": "Museum closes its west wing", "datePublished": "2026-10-29", '
    '"author": {"@type": "Person", "name": "Per Dahl"}}}]}'
)


def read(head: str = "", line: str = "", body: str = TEXT, **told: str) -> Article:
    """The article of a page: `line` stands below the headline, `after` behind the article."""
    title = told.get("title", TITLE)
    html = (
        f"<html lang='{told.get('lang', 'en')}'><head><meta charset=utf-8><title>{title} | Quay Courier</title>{head}</head><body>"
        f"<header><a href='/'>Quay Courier</a></header><main>{told.get('h1', f'<h1>{title}</h1>')}<article>{line}{body}</article></main>"
        f"{told.get('after', '')}<footer>© 2026 Quay Courier</footer></body></html>"
    )
    return extract.article(Response(told.get("url", URL), body=html.encode()))


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        (
            "<meta property='og:author' content='By &lt;a href=&quot;/p/vera&quot;&gt;Vera Amsel&lt;/a&gt;, Seán Óg Murchú and Adam Ren, QCN'>",
            "",
            ("Vera Amsel", "Seán Óg Murchú", "Adam Ren"),
        ),
        (
            LD.format(
                '{"@type": "NewsArticle", "author": {"@type": "Person", "name": {"name": "John Brandal"}}}'
            ),
            "",
            ("John Brandal",),
        ),
        (
            "",
            "<div class=byline><a rel=author>Devika Cole</a> <i>@devika</i> · 3 hours ago</div>",
            ("Devika Cole",),
        ),
        (
            "",
            "<div class='byline--3s'>Monday November 23, 2026 10:05 am PST by Julie Cloven</div>",
            ("Julie Cloven",),
        ),
        (LD.format(BROKEN.format("", ",")), "", ("Ida Holt",)),
        (LD.format(BROKEN.format("// the article\n", " /* end */")), "", ("Ida Holt",)),
        (LD.format(MUSEUM) + LD.format(BROKEN.format("", "")), "", ("Ida Holt",)),
        (
            LD.format('{"@type": "NewsArticle", "author": {"@type": "Person", "name": ""}}'),
            "<p class=byline>By <a>Ida Holt</a></p>",
            ("Ida Holt",),
        ),
    ],
)
def test_authors(head: str, line: str, expected: tuple[str, ...]) -> None:
    assert read(head, line).authors == expected


@pytest.mark.parametrize(
    ("head", "line", "told", "expected"),
    [
        (
            "",
            "<time datetime='Tue Nov 24 2026 15:21:41 GMT+0000'>24 Nov 2026</time>",
            {},
            "2026-11-24T15:21:41",
        ),
        (
            "<meta property='article:published_time' content='Tue Nov 24 2026 15:21:41 GMT+0100 (Central European Standard Time)'>",
            "",
            {},
            "2026-11-24T14:21:41",
        ),
        (
            "",
            "<time itemprop=dateModified datetime='2026-11-06T19:20:45+01:00'>05/11/2026 01:57 | Actualizado a 06/11/2026 19:20</time>",
            {"lang": "es"},
            "2026-11-05T01:57:00",
        ),
        (
            "",
            "<p>Monday November 23, 2026 10:05 am PST by Julie Cloven</p>",
            {
                "after": "<section id=comments><p class=comment><time datetime='2026-11-25T18:09Z'>x</time></p></section>"
            },
            "2026-11-23T18:05:00",
        ),
        (LD.format(BROKEN.format("", ",")), "", {}, "2026-11-24T07:15:00"),
        (
            "",
            "<p>Posted 12.11.2026</p><dl><dt>Date</dt><dd>1 June 2027, 19:00</dd></dl>",
            {"url": "https://quay.example/peace/20270601.html"},
            "2026-11-12T00:00:00",
        ),
        (
            "",
            "<div>Online seit 09.02.2026, 11:40 Uhr</div>",
            {"lang": "de", "url": "https://quay.example/ausland/2026-09-02/ferry"},
            "2026-02-09T11:40:00",
        ),
        (
            LD.format('{"@type": "NewsArticle", "datePublished": "0001-01-01T00:00:00"}'),
            "<p>24 November 2026</p>",
            {},
            "2026-11-24T00:00:00",
        ),
        (
            "",
            "",
            {
                "after": "<section><h3>Related</h3><a href='/2026/10/28/bus'>Bus lanes: what changes</a></section>"
            },
            None,
        ),
        (
            LD.format(MUSEUM) + LD.format(BROKEN.format("", "")),
            "",
            {},
            "2026-11-24T07:15:00",
        ),
        (LD.format(MUSEUM), "", {}, None),
    ],
)
def test_dates(head: str, line: str, told: dict[str, str], expected: str | None) -> None:
    published = read(head, line, **told).published_at
    assert published == (datetime.fromisoformat(f"{expected}+00:00") if expected else None)


@pytest.mark.parametrize(
    ("head", "told", "expected"),
    [
        ("", {}, TITLE),
        ("", {"h1": "<h1></h1>"}, TITLE),
        (
            "<meta property='og:title' content='Quay Courier'>",
            {"title": "Quay Courier", "h1": f"<h1></h1><h2 class=headline>{TITLE}</h2>"},
            TITLE,
        ),
        (LD.format(MUSEUM), {}, TITLE),
    ],
)
def test_titles(head: str, told: dict[str, str], expected: str) -> None:
    site = "<meta property='og:site_name' content='Quay Courier'>"
    assert read(head + site, **told).title == expected


@pytest.mark.parametrize(
    ("body", "lang", "expected"),
    [(SPANISH, "en-US", "es"), (SPANISH, "es", "es"), (TEXT, "en-US", "en"), (TEXT, "ku", "ku")],
)
def test_languages(body: str, lang: str, expected: str) -> None:
    article = read(body=body, lang=lang)
    assert (article.language, article.declared_language) == (expected, lang.partition("-")[0])
