"""Where sentences end, in many scripts."""

from __future__ import annotations

import pytest

from pipeline import sentences

WHOLE = [
    pytest.param("The ferry sails again.", id="english"),
    pytest.param("„Wir bleiben“, sagte sie.", id="german"),
    pytest.param('"We stay!"', id="quote-after-the-mark"),
    pytest.param("Is it over?)", id="bracket-after-the-mark"),
    pytest.param("渡轮周二复航。", id="chinese"),
    pytest.param("「また走ります。」", id="japanese-in-brackets"),
    pytest.param("نوکا دوبارہ چلے گی۔", id="urdu"),  # noqa: RUF001 - the mark of its script
    pytest.param("هل عادت العبارة؟", id="arabic-question"),
    pytest.param("नाव फिर चलेगी।", id="hindi"),
    pytest.param("Նավը կրկին կմեկնի։", id="armenian"),  # noqa: RUF001 - the mark of its script
    pytest.param("ጀልባው ተመለሰ።", id="amharic"),
    pytest.param("သင်္ဘောပြန်ထွက်မည်။", id="burmese"),
    pytest.param("He said no more…", id="trails-off"),
]
PARTS = [
    pytest.param("Ferry to sail again in spring", id="headline"),
    pytest.param("By Ida Holt", id="byline"),
    pytest.param("The council voted on Tuesday to", id="cut"),
    pytest.param("Version 2.0 of the plan", id="dot-in-a-figure"),
    pytest.param("example.org", id="address"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("line", WHOLE)
def test_sentence_ends_with_its_mark(line: str) -> None:
    assert sentences.ends(line)


@pytest.mark.parametrize("line", PARTS)
def test_line_without_a_mark_is_no_sentence(line: str) -> None:
    assert not sentences.ends(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The council voted on Tuesday to", True),
        ("The council voted on Tuesday...", True),
        ("The council voted on …", True),
        ("The council voted.", False),
        ("The council named three reasons:", False),
        ("“We stay.”", False),
    ],
)
def test_text_that_breaks_off_is_told_from_one_that_ends(line: str, *, expected: bool) -> None:
    assert sentences.breaks_off(line) is expected
