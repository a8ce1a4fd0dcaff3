"""The language of a text that declares none. The model loads once for all of them."""

from __future__ import annotations

import pytest

from pipeline.articles import word_lists
from pipeline.articles.facts import language

ENGLISH = (
    "The ferry to the island will run again from Monday, the harbour office said, after divers "
    "had mended the pier and found no other damage below the water."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(ENGLISH, "en", id="english"),
        pytest.param(
            "Die Fähre zur Insel fährt ab Montag wieder, teilte das Hafenamt mit, nachdem Taucher "
            "den Steg ausgebessert und keine weiteren Schäden gefunden hatten.",
            "de",
            id="german",
        ),
        pytest.param(
            "Le bac vers l'île reprendra lundi, a annoncé la capitainerie, après que des plongeurs "
            "ont réparé le quai et n'ont trouvé aucun autre dégât sous l'eau.",
            "fr",
            id="french",
        ),
        pytest.param(
            "El transbordador a la isla volverá a navegar el lunes, dijo la oficina del puerto, "
            "después de que los buzos repararan el muelle sin hallar otros daños.",
            "es",
            id="spanish",
        ),
        pytest.param(
            "Паром на остров снова пойдёт в понедельник, сообщила служба порта, после того как "
            "водолазы починили причал и не нашли других повреждений под водой.",
            "ru",
            id="russian",
        ),
        pytest.param(
            "港务处说开往小岛的渡船从星期一起恢复航行因为潜水员已经修好了码头并且在水下没有发现别的损坏。"
            "居民们表示欢迎这一消息因为冬天他们只能乘坐小船往返而且每天只有两班还常常因为大风停航。",
            "zh",
            id="chinese",
        ),
    ],
)
def test_language_is_found(text: str, expected: str) -> None:
    assert language.of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(ENGLISH[:79], id="just-too-short"),
        pytest.param("12 34 56 78 90 " * 10, id="figures"),
    ],
)
def test_text_that_cannot_be_told_has_no_language(text: str) -> None:
    assert language.of(text) is None


def test_80_characters_are_enough() -> None:
    assert language.of(ENGLISH[:80]) == "en"


def test_only_the_start_of_a_long_text_is_looked_at() -> None:
    start = (ENGLISH + " ") * 40
    assert len(start) > language.SAMPLE_CHARACTERS
    assert language.of(start + "Die Fähre zur Insel fährt wieder. " * 2000) == "en"


def test_same_text_has_the_same_language_every_time() -> None:
    assert {language.of(ENGLISH) for _ in range(3)} == {"en"}


def long(code: str) -> str:
    entry = word_lists.tables(language.LISTS)[code][0]
    return f"{entry.example} " * 5


CODES = sorted(word_lists.tables(language.LISTS))


@pytest.mark.parametrize("code", CODES)
def test_a_long_text_goes_against_what_its_theme_declares(code: str) -> None:
    other = "fi" if code == "en" else "en-us"
    assert language.plainly(long(code), other) == code
    assert language.plainly(long(code), code) is None
    assert language.plainly(long(code), f"{code}-XX") is None


@pytest.mark.parametrize("code", CODES)
def test_a_near_language_is_not_taken_for_it(code: str) -> None:
    near = word_lists.tables(language.LISTS)[code][0].near_miss
    assert language.plainly(f"{near} " * 6, "mt") != code


def long_in(text: str) -> str:
    return f"{text} " * 60


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("নদীর ঘাটটি এক বছরের জন্য বন্ধ থাকবে", "en", "bn"),
        ("\u0393\u0394\u03b8\u03bb \u03be\u03c0\u03c3", "en-GB", "el"),
        ("המזח הישן ייסגר לשנה", "en", "he"),
        ("سيغلق الرصيف القديم لمدة عام", "en", "ar"),
        ("سيغلق الرصيف القديم لمدة عام", "fa", None),
        ("Старата кејска зграда ќе биде затворена", "mk", None),
        ("古い桟橋は一年間閉鎖される", "ja", None),
        ("Terminala keştiyan dê sal û nîvekê girtî be", "ku", None),
        ("Lorem ipsum dolor sit amet consectetur", "en", None),
        ("12 34 56 78 90", "en", None),
        ("The pier is to be rebuilt, it said.", None, None),
    ],
)
def test_the_script_decides_and_what_is_not_known_stays(
    text: str, declared: str | None, expected: str | None
) -> None:
    assert language.plainly(long_in(text), declared) == expected


def test_a_short_text_or_a_quotation_goes_against_nothing() -> None:
    assert language.plainly(long("de")[: language.LEAST_LONG - 1], "en") is None
    assert language.plainly(long("en") * 2 + long("de"), "en") is None
