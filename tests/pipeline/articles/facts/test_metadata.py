from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipeline.articles.facts import json_ld, metadata
from pipeline.articles.facts.meta_tags import head
from pipeline.articles.text import markup

FETCHED = datetime(2031, 3, 5, 12, tzinfo=UTC)
URL = "https://post.example/news/pier"


def facts(html: str, **told: object) -> metadata.Facts:
    article = {"@type": "NewsArticle", "headline": "Pier"} | told
    script = f'<script type="application/ld+json">{json.dumps(article)}</script>' if told else ""
    tree = markup.tree(f"<html><head>{script}{html}</head><body><p>x</p></body></html>")
    assert tree is not None
    return metadata.facts(tree, head(tree, URL), json_ld.linked(tree), FETCHED)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_empty_page_has_no_facts() -> None:
    assert facts("") == metadata.Facts(
        title=None,
        authors=(),
        published_at=None,
        published_source=None,
        dates=(),
        description=None,
        language=None,
        image_url=None,
        tags=(),
        section=None,
        canonical_url=None,
    )


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("EN_gb", "en"),
        ("pt-BR", "pt"),
        ("zh-TW", "zh-tw"),
        ("zh-Hant-HK", "zh-hant"),
        ("zh", "zh"),
        ("fil", "fil"),
        ("de, en", "de"),
        ("eng", "en"),
        ("deu-AT", "de"),
        ("iw", "he"),
        ("in", "id"),
        ("ji", "yi"),
        ("zxx", None),
        ("cmn-Hans", "zh-hans"),
        ("ckb", "ckb"),
        ("utf-8", None),
        ("utf", None),
        ("cz", None),
        ("xx", None),
        ("und", None),
        ("mul", None),
        ("english", None),
        ("e", None),
        ("", None),
        (None, None),
    ],
)
def test_language_is_the_primary_subtag(tag: str | None, expected: str | None) -> None:
    assert metadata.language(tag) == expected


def test_language_of_meta_is_used_where_the_html_lang_names_none() -> None:
    said = '<meta http-equiv="content-language" content="fr">'
    tree = markup.tree(f'<html lang="utf-8"><head>{said}</head><body><p>x</p></body></html>')
    assert tree is not None
    found = metadata.facts(tree, head(tree, URL), json_ld.linked(tree), FETCHED)
    assert found.language == "fr"


def test_language_of_meta_is_used_without_an_html_lang() -> None:
    assert facts(meta("og:locale", "sv_SE")).language == "sv"


def test_description_and_image_of_json_ld_come_first() -> None:
    og = meta("og:description", "B") + meta("og:image", "/b.jpg")
    told = facts(og, description="A", image="/a.jpg")
    assert told.description == "A"
    assert told.image_url == "https://post.example/a.jpg"
    assert facts(og).description == "B"
    assert facts(og).image_url == "https://post.example/b.jpg"


@pytest.mark.parametrize("image", ["data:image/png;base64,AAAA", "javascript:x", "http://[x"])
def test_image_without_an_http_address_is_none(image: str) -> None:
    assert facts(meta("og:image", image)).image_url is None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            meta("og:image", "data:image/png;base64,A") + meta("og:image", "/b.jpg"),
            "https://post.example/b.jpg",
            id="the first that has an address",
        ),
        pytest.param(
            "<base href='https://b.example/x/'>" + meta("og:image", "b.jpg"),
            "https://b.example/x/b.jpg",
            id="base",
        ),
        pytest.param(meta("og:image", "/a b.jpg"), "https://post.example/a%20b.jpg", id="space"),
        pytest.param(
            "<link rel=image_src href=/s.jpg>", "https://post.example/s.jpg", id="image_src"
        ),
        pytest.param(
            "<link rel=image_src href=/s.jpg>" + meta("og:image", "/b.jpg"),
            "https://post.example/b.jpg",
            id="og before image_src",
        ),
    ],
)
def test_image_is_the_first_address(html: str, expected: str) -> None:
    assert facts(html).image_url == expected


def test_image_of_json_ld_without_an_address_gives_way() -> None:
    told = facts(meta("og:image", "/b.jpg"), image="data:image/gif;base64,R0")
    assert told.image_url == "https://post.example/b.jpg"


@pytest.mark.parametrize(
    "said", ["sv-SE", ["sv", "en"], {"@type": "Language", "name": "Swedish", "alternateName": "sv"}]
)
def test_language_of_json_ld_is_used_last(said: object) -> None:
    assert facts("", inLanguage=said).language == "sv"
    assert facts(meta("og:locale", "nb_NO"), inLanguage=said).language == "nb"


def test_tags_come_from_all_sources_once_each() -> None:
    told = facts(
        meta("article:tag", "Storm")
        + meta("article:tag", "Sea")
        + meta("keywords", "pier, storm;x"),
        keywords=["Pier", "Region"],
    )
    assert told.tags == ("Pier", "Region", "Storm", "Sea", "x")


def test_at_most_sixty_four_tags_are_kept() -> None:
    told = facts("", keywords=[f"tag {number}" for number in range(100)])
    assert told.tags == tuple(f"tag {number}" for number in range(64))


def test_long_tag_is_cut_visibly() -> None:
    (tag,) = facts("", keywords=["x" * 500]).tags
    assert tag == "x" * (metadata.LONGEST_TAG - 1) + "…"


def test_section_is_the_first_named() -> None:
    assert facts(meta("article:section", "Sea"), articleSection=["Region", "B"]).section == "Region"
    assert facts(meta("article:section", "Sea")).section == "Sea"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<base href='https://b.example/'>" + meta("og:url", "b"), "https://b.example/b"),
        ("<link rel=canonical href='/a'>" + meta("og:url", "/b"), "https://post.example/a"),
        ("<link rel=canonical href='mailto:x'>" + meta("og:url", "/b"), "https://post.example/b"),
        ("<link rel=canonical href='https://other.example/a'>", "https://other.example/a"),
        (meta("og:url", "x" * 9000), None),
        ("", None),
    ],
)
def test_canonical_address_is_absolute_or_none(html: str, expected: str | None) -> None:
    assert facts(html).canonical_url == expected


def test_control_characters_do_not_reach_the_facts() -> None:
    told = facts("", headline="A\u202eb\u0000c", description="d\x07e", keywords=["f\u0085g"])
    assert told.title == "Abc"
    assert told.description == "de"
    assert told.tags == ("f g",)
