"""Tables fit their paper: texts are cut, then columns left out, then each row is a block."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from jobs import tables
from pipeline.storage.database import Table

AT = datetime(2026, 3, 5, 7, 5, 9, tzinfo=UTC)
LONG = "Night ferry returns to Port Ansel after eleven years of rowing"  # 62 letters
ARTICLES = Table(
    names=("id", "published_at", "site", "title", "authors", "words", "revs"),
    rows=(
        (27, AT, "harbour.example", LONG, ["Tom Abernethy", "Ana Roth"], 313, 1),
        (9, None, "orchard.example", "Frost", [], 88, 12),
    ),
)
URL = f"https://harbour.example/{'pier/' * 30}"
FEEDS = Table(
    names=("id", "title", "url"), rows=((1, "Harbour", URL), (2, None, "https://o.example/"))
)


def test_table_is_as_wide_as_it_has_to_be() -> None:
    assert tables.lines(ARTICLES) == [
        f"id  published_at       site             {'title':<62}  {'authors':<23}  words  revs",
        f"──  ─────────────────  ───────────────  {'─' * 62}  {'─' * 23}  ─────  ────",
        f"27  2026-03-05 07:05Z  harbour.example  {LONG}  Tom Abernethy, Ana Roth    313     1",
        f" 9  -                  orchard.example  Frost{' ' * 57}  -                           88    12",
    ]


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (200, "id published_at site title authors words revs"),
        (119, "id published_at site title authors words revs"),
        (102, "id published_at site title authors words revs"),
        (101, "id published_at site title authors words"),
        (96, "id published_at site title authors words"),
        (95, "id published_at site title authors"),
        (89, "id published_at site title authors"),
        (88, "id published_at site title"),
        (80, "id published_at site title"),
        (64, "id published_at site title"),
    ],
)
def test_narrow_table_loses_minor_columns_and_keeps_its_names_whole(
    width: int, columns: str
) -> None:
    head, _, *rows = tables.lines(ARTICLES, width)
    assert head.split() == columns.split()
    assert len(rows) == 2
    assert all(cell_len(line) <= width for line in [head, *rows])


def test_cut_text_says_so() -> None:
    _, _, first, second = tables.lines(ARTICLES, 64)
    assert first == "27  2026-03-05 07:05Z  harbour.example  Night ferry returns to…"
    assert second == " 9  -                  orchard.example  Frost"


def test_row_becomes_a_block_where_no_table_fits() -> None:
    assert tables.lines(ARTICLES, 40) == [
        "id 27  2026-03-05 07:05Z",
        "harbour.example  Tom Abernethy, Ana Roth",
        "words 313  revs 1",
        LONG,
        "",
        "id 9  orchard.example  words 88  revs 12",
        "Frost",
        "",
    ]


def test_address_is_never_cut() -> None:
    assert tables.lines(FEEDS, 80) == [
        "id 1",
        "Harbour",
        URL,
        "",
        "id 2",
        "https://o.example/",
        "",
    ]
    assert tables.lines(FEEDS)[2].endswith(URL)
    assert len(tables.lines(FEEDS)[1]) == len("──  ───────  ") + tables.ADDRESSES["url"]


@pytest.mark.parametrize("width", range(1, 200, 7))
def test_any_width_shows_every_row(width: int) -> None:
    shown = "\n".join(tables.lines(ARTICLES, width))
    assert "Night" in shown
    assert "Frost" in shown


def test_wide_letters_count_twice() -> None:
    table = Table(names=("title", "words"), rows=(("江城老渡口", 5), ("Frost", 6)))
    assert tables.lines(table)[2:] == ["江城老渡口      5", "Frost           6"]
    long = Table(names=("title", "words"), rows=(("江" * 40, 5),))
    (row,) = tables.lines(long, 32)[2:]
    assert row == f"{'江' * 12}…      5"


def test_cell_is_one_line_that_no_terminal_obeys() -> None:
    table = Table(names=("title",), rows=(("a\nb\x1b[31mc\u202ed",),))
    assert tables.lines(table)[2] == "a b [31mc d"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "-"),
        ([], "-"),
        ((), "-"),
        ("", "-"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (0.123456, "0.123"),
        (["a", "b"], "a, b"),
        (AT, "2026-03-05 07:05Z"),
        (timedelta(seconds=90.4), "0:01:30"),
    ],
)
def test_cell_is_what_people_read(value: object, said: str) -> None:
    assert tables.cell(value) == said


def test_record_keeps_its_order_but_for_the_long_fields() -> None:
    table = Table(
        names=("title", "text", "message", "seen_at", "is_lead"),
        rows=(("Frost", "One line", "a\nb", AT, True),),
    )
    assert tables.record(table) == [
        ("title", "Frost"),
        ("seen_at", "2026-03-05 07:05:09Z"),
        ("is_lead", "yes"),
        ("text", "One line"),
        ("message", "a\nb"),
    ]
