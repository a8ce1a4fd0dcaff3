"""Text that Postgres stores and a person can read; the charsets it came in. All texts invented."""

from __future__ import annotations

import codecs
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.storage.embedded import Server

MARCH = datetime(2026, 3, 2, 8, tzinfo=UTC)
CHINESE = "江畔的渡口今天重新开放。船票三元。居民排队等候。"
JAPANESE = "あたらしいはしがひらきました。みんながあつまりました。"
KOREAN = "새로운다리가오늘열렸습니다그리고사람들이모였습니다"


@pytest.fixture(scope="module")
def connection(server: Server) -> Iterator[psycopg.Connection]:
    """A connection to a real Postgres, to ask what it takes."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as opened:
        yield opened


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("Mill\x00pond", "Millpond", id="nul"),
        pytest.param("a\x01\x08\x0b\x0c\x0e\x1fb", "ab", id="c0"),
        pytest.param("a\tb\nc\rd", "a\tb\nc\rd", id="tab-and-newlines-stay"),
        pytest.param("a\x7fb", "ab", id="delete"),
        pytest.param("Don\x92t \x93stop\x94\x85", "Don’t “stop”…", id="c1-is-windows-1252"),  # noqa: RUF001
        pytest.param("a\x81\x8d\x8f\x90\x9db", "ab", id="c1-that-is-nothing"),
        pytest.param("\x7e\xa0\xa1", "\x7e\xa0\xa1", id="beside-c1"),
        pytest.param("a\ud800\udfffb", "ab", id="lone-surrogates"),
        pytest.param("a\u202a\u202e\u2066\u2069b", "ab", id="bidi-overrides"),
        pytest.param("a\ufdd0\ufffe\uffffb", "ab", id="noncharacters"),
        pytest.param("Cafe\u0301", "Caf\u00e9", id="composed"),
        pytest.param("e\x00\u0301", "\u00e9", id="composed-over-what-was-taken-away"),
        pytest.param("🚲 \u200f\u0634", "🚲 \u200f\u0634", id="emoji-and-marks-stay"),
        pytest.param("", "", id="empty"),
    ],
)
def test_clean_takes_away_what_cannot_be_stored(value: str, expected: str) -> None:
    assert text.clean(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("Ha\u00adfen\u00adamt", "Hafenamt", id="soft hyphens"),
        pytest.param("\ufeffHar\u2060bour", "Harbour", id="byte order mark and word joiner"),
        pytest.param("har\u200bbour\u200b", "harbour", id="zero-width spaces"),
        pytest.param("\u1780\u200b\u1781", "\u1780\u200b\u1781", id="which part words of Khmer"),
        pytest.param(
            "\u0645\u06cc\u200c\u0634", "\u0645\u06cc\u200c\u0634", id="joiners are spelling"
        ),
        pytest.param("a\x00\u00ad\u0301", "\u00e1", id="cleaned, and composed over what went"),
    ],
)
def test_readable_text_has_no_hints_inside_words(value: str, expected: str) -> None:
    assert text.readable(value) == expected
    assert text.readable(expected) == expected
    assert text.line(value, 100) == expected


@given(st.text(st.characters(exclude_categories=())))
def test_clean_text_is_utf8_and_stays_as_it_is(value: str) -> None:
    cleaned = text.clean(value)
    assert cleaned.encode("utf-8").count(0) == 0
    assert unicodedata.is_normalized("NFC", cleaned)
    assert text.clean(cleaned) == cleaned


@settings(max_examples=50, deadline=None)
@given(values=st.lists(st.text(st.characters(exclude_categories=())), max_size=40))
def test_postgres_gives_clean_text_back_as_it_was(
    connection: psycopg.Connection, values: list[str]
) -> None:
    cleaned = [text.clean(value) for value in values]
    assert connection.execute("SELECT %s::text[]", (cleaned,)).fetchone() == (cleaned,)


def test_every_character_of_the_basic_plane_can_be_stored_once_cleaned(
    connection: psycopg.Connection,
) -> None:
    cleaned = text.clean("".join(map(chr, range(0x10000))))
    assert connection.execute("SELECT %s::text", (cleaned,)).fetchone() == (cleaned,)


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [
        pytest.param(None, 10, None, id="none"),
        pytest.param("", 10, None, id="empty"),
        pytest.param(" \t\r\n\u00a0 ", 10, None, id="only-space"),
        pytest.param("\x00\u202e", 10, None, id="only-what-is-taken-away"),
        pytest.param("  Ferry\n  runs\tagain ", 40, "Ferry runs again", id="one-line"),
        pytest.param("a\u00a0b\u2028c\u3000d", 40, "a b c d", id="every-kind-of-space"),
        pytest.param("abcdef", 6, "abcdef", id="just-fits"),
        pytest.param("abcdefg", 6, "abcde…", id="cut-visibly"),
        pytest.param("abcd efgh", 6, "abcd…", id="no-space-before-the-ellipsis"),
        pytest.param("ab", 1, "…", id="limit-of-one"),
    ],
)
def test_line_is_flat_and_short(value: str | None, limit: int, expected: str | None) -> None:
    assert text.line(value, limit) == expected


@given(st.text(), st.integers(1, 30))
def test_line_keeps_its_limit_and_is_one_line(value: str, limit: int) -> None:
    flat = text.line(value, limit)
    assert flat is None or (0 < len(flat) <= limit and len(flat.splitlines()) == 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("", 0, id="empty"),
        pytest.param("— … ! 👍", 0, id="signs-are-no-words"),
        pytest.param("The bridge opens.", 3, id="english"),
        pytest.param("isn't rock\u2019n\u2019roll", 2, id="apostrophes"),
        pytest.param("a well-known half-timbered house", 4, id="hyphens"),
        pytest.param("'quoted' -dashed-", 2, id="marks-around-words"),
        pytest.param("12 ferries in 2026", 4, id="numbers"),
        pytest.param("Der Zug fährt über die Brücke", 6, id="umlauts"),
        pytest.param("cafe\u0301 noir", 2, id="decomposed-accent"),
        pytest.param("渡口重新开放", 6, id="chinese-by-character"),
        pytest.param("はしがひらく", 6, id="kana-by-character"),
        pytest.param("渡口, opened 今天", 5, id="chinese-and-english"),
        pytest.param("ไทย", 3, id="thai-by-character"),
        pytest.param("새 다리가 열렸다", 3, id="korean-by-space"),
        pytest.param("हिन्दी समाचार", 2, id="hindi-vowel-signs"),
        pytest.param("தமிழ் செய்தி", 2, id="tamil-vowel-signs"),
        pytest.param("جسر جديد", 2, id="arabic"),
        pytest.param("كِتَابٌ", 1, id="arabic-with-vowels"),
        pytest.param("גֶּשֶׁר חדש", 2, id="hebrew-with-points"),
        pytest.param("می\u200cروند جدید", 2, id="persian-joiner-inside-a-word"),
        pytest.param("\u200d \u0301", 0, id="a-mark-alone-is-no-word"),
    ],
)
def test_words_are_counted_in_every_script(value: str, expected: int) -> None:
    assert text.word_count(value) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (None, None),
        ("", None),
        ("UTF-8", "utf-8"),
        (" utf8\n", "utf-8"),
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("shift_jis", "cp932"),
        ("euc-kr", "cp949"),
        ("big5", "big5hkscs"),
        ("utf-16", "utf-16-le"),
        ("tis-620", "cp874"),
        ("iso-8859-9", "cp1254"),
        ("utf-7", None),
        ("punycode", None),
        ("unicode_escape", None),
        ("zip", None),
        ("nonsense", None),
    ],
)
def test_codec_of_a_label_is_that_of_the_encoding_standard(
    label: str | None, expected: str | None
) -> None:
    assert text.codec(label) == expected


@pytest.mark.parametrize("name", sorted(text._CODECS))
def test_every_codec_decodes_any_byte_of_text(name: str) -> None:
    assert codecs.lookup(name)
    assert isinstance(bytes(range(256)).decode(name, "replace"), str)


def test_no_label_means_two_charsets() -> None:
    labels = [label for labels in text._CODECS.values() for label in labels.split()]
    assert len(labels) == len(set(labels))
    assert labels == [label.lower() for label in labels]


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (None, None),
        ("", None),
        ("text/html", None),
        ("text/html; charset=utf-8", "utf-8"),
        ('text/html; charset="GBK"', "GBK"),
        ("text/html; charset='gbk'", "gbk"),
        ("text/html;CHARSET = windows-1251 ; q=1", "windows-1251"),
        ("text/html; charset=utf-8,text/html", "utf-8"),
        ("text/html; charset=", None),
        ("text/html; charset=;", None),
    ],
)
def test_header_charset_is_given_as_written(content_type: str | None, expected: str | None) -> None:
    assert text.header_charset(content_type) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\xef\xbb\xbfa", ("utf-8", 3)),
        (b"\xff\xfea\x00", ("utf-16-le", 2)),
        (b"\xfe\xff\x00a", ("utf-16-be", 2)),
        (b"a\xef\xbb\xbf", None),
        (b"\xef\xbb", None),
        (b"", None),
    ],
)
def test_bom_counts_at_the_start_only(body: bytes, expected: tuple[str, int] | None) -> None:
    assert text.bom(body) == expected


@pytest.mark.parametrize(
    ("body", "labels", "expected"),
    [
        pytest.param(b"", (), "", id="empty"),
        pytest.param("Brücke".encode(), ("iso-8859-1",), "Brücke", id="valid-utf-8-over-label"),
        pytest.param("Brücke".encode("cp1252"), ("iso-8859-1",), "Brücke", id="declared-latin"),
        pytest.param("“ja”".encode("cp1252"), ("us-ascii",), "“ja”", id="latin-means-1252"),
        pytest.param("Мост".encode("cp1251"), ("windows-1251",), "Мост", id="cyrillic"),
        pytest.param("渡口".encode("gbk"), (None, "nonsense", "gb2312"), "渡口", id="first-known"),
        pytest.param("é".encode("cp1252"), ("big5", "utf-8"), "\ufffd", id="first-label-wins"),
        pytest.param(b"\xef\xbb\xbfa\xc3\xa9", ("gbk",), "aé", id="utf-8-mark-over-label"),
        pytest.param("aé".encode("utf-16"), ("utf-8",), "aé", id="utf-16-mark"),
        pytest.param("aé".encode("utf-16-le"), ("utf-16",), "aé", id="utf-16-declared"),
        pytest.param("aé".encode("utf-16-be"), ("utf-16be",), "aé", id="utf-16-big-endian"),
        pytest.param("Brücke".encode(), ("utf-16",), "Brücke", id="utf-16-declared-and-untrue"),
        pytest.param("é!".encode("cp1252"), ("utf-16",), "é!", id="utf-16-untrue-nor-utf-8"),
        pytest.param("橋".encode("iso2022_jp"), ("iso-2022-jp",), "橋", id="escape-sequences"),
        pytest.param(b"plain", ("iso-2022-jp",), "plain", id="no-escape-sequence"),
        pytest.param(b"caf\xe9", ("utf-8",), "café", id="disproved-utf-8-is-1252"),
        pytest.param(
            "“é”\xff".encode("cp1252"), ("utf-8", "l1"), "“é”ÿ", id="label-after-disproved"
        ),
        pytest.param("Мост".encode("cp1251"), ("utf-8", "cp1251"), "Мост", id="disproved-utf-8"),
        pytest.param(b"\xc3\xa9\xe9", ("utf-8",), "é\ufffd", id="a-third-damaged-declared"),
        pytest.param("aé".encode("utf-16-be"), ("utf-16",), "aé", id="utf-16-order-by-its-zeros"),
        pytest.param("aé".encode("utf-16-le"), ("utf-16be",), "aé", id="utf-16-other-order"),
        pytest.param(b"caf\xe9 \x80 5", (), "café € 5", id="undeclared-is-1252"),
        pytest.param("wait\x85 \x80 5".encode(), ("utf-8",), "wait… € 5", id="c1-in-utf8"),
        pytest.param("naïve »".encode(), ("utf-8",), "naïve »", id="latin-1-letters-are-no-c1"),
        pytest.param(b"\xb1 \x92", ("iso-8859-2",), "ą ’", id="c1-in-latin-2"),  # noqa: RUF001
        pytest.param(CHINESE.encode("gbk"), (), CHINESE, id="undeclared-chinese"),
        pytest.param(JAPANESE.encode("euc_jp"), (), JAPANESE, id="undeclared-japanese"),
        pytest.param(KOREAN.encode("euc_kr"), (), KOREAN, id="undeclared-korean"),
    ],
)
def test_body_is_decoded(body: bytes, labels: tuple[str | None, ...], expected: str) -> None:
    assert text.decode(body, *labels) == expected


FRENCH = "L’été précédent, la jetée a été fermée. Où vont les pêcheurs\xa0? «\xa0Déjà\xa0!\xa0»"  # noqa: RUF001 (as written)
RUSSIAN = "Городской совет решил восстановить старый мост. Работы начнутся весной."
UKRAINIAN = "Міська рада вирішила відбудувати старий міст. Роботи почнуться навесні."
GREEK = "Το συμβούλιο αποφάσισε να ξαναχτίσει την παλιά γέφυρα. Οι εργασίες αρχίζουν."  # noqa: RUF001 (as written)
HEBREW = "מועצת העיר החליטה לבנות מחדש את הגשר הישן. העבודות יתחילו באביב."
ARABIC = "قرر مجلس المدينة إعادة بناء الجسر القديم وستبدأ الأعمال في الربيع"
THAI = "สภาเมืองลงมติให้สร้างสะพานเก่าขึ้นใหม่ งานจะเริ่มในฤดูใบไม้ผลิ"
TAIWANESE = "市議會決定重建舊橋，工程將於春天開始，費用由市民負擔一半。"  # noqa: RUF001 (as written)
KANJI = "港町の市議会は古い橋を再建することを決めた。工事は春に始まるとニュースが伝えた。"
KOREAN_NEWS = "시의회는 오래된 다리를 다시 짓기로 했다. 공사는 봄에 시작된다."


@pytest.mark.parametrize(
    ("written", "charset"),
    [
        (FRENCH, "cp1252"),
        ("MÜNCHEN: Straße über Brücke für Fußgänger gesperrt: „schön“", "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8_u"),
        (GREEK, "cp1253"),
        (HEBREW, "cp1255"),
        (ARABIC, "cp1256"),
        (THAI, "cp874"),
        (TAIWANESE, "big5"),
        (CHINESE, "gbk"),
        (KANJI, "cp932"),
        (KANJI, "euc_jp"),
        (KOREAN_NEWS, "cp949"),
        (KOREAN_NEWS * 2 + "大", "cp949"),
        ("ÄÖÜ ÉÈÀ ¿¡", "cp1252"),
        ("x" * 100_000 + FRENCH, "cp1252"),
        ("x" * 100_000 + RUSSIAN, "cp1251"),
    ],
)
@pytest.mark.parametrize("labels", [(), ("utf-8",), ("nonsense",)])
@pytest.mark.parametrize(
    "markup", ["{}", "<html><p>{0}</p><p class='a'>plain words {0}</p></html>"]
)
def test_undeclared_charset_is_that_of_its_usual_characters(
    written: str, charset: str, labels: tuple[str, ...], markup: str
) -> None:
    whole = markup.format(written)
    assert text.decode(whole.encode(charset), *labels) == whole


@pytest.mark.parametrize("label", [None, "iso-8859-1", "gbk", "windows-1251", "utf-8"])
@pytest.mark.parametrize("damage", [b"\xff", b"\xe2\x80"])
def test_few_damaged_bytes_do_not_cost_a_utf8_text(damage: bytes, label: str | None) -> None:
    written = "Brücken über Flüsse führen Züge. " * 5
    assert text.decode(written.encode() + damage, label) == written + "\ufffd"


def test_a_replacement_character_is_no_damage() -> None:
    body = ("\ufffd" * 9 + "Brücke").encode() + b"\xff"
    assert text.decode(body, "iso-8859-1") == "\ufffd" * 9 + "Brücke\ufffd"


@pytest.mark.parametrize(
    ("written", "charset"),
    [(RUSSIAN, "koi8_r"), (THAI, "cp874"), (KANJI, "euc_jp"), (CHINESE, "gbk")],
)
def test_declared_charset_is_not_taken_for_damaged_utf8(written: str, charset: str) -> None:
    assert text.decode(written.encode(charset), charset.replace("_", "-")) == written


@given(st.binary(max_size=300), st.sampled_from([None, *text._CODEC_OF]))
def test_any_bytes_with_any_label_are_some_text(body: bytes, label: str | None) -> None:
    assert isinstance(text.decode(body, label), str)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf8_needs_no_label(value: str) -> None:
    body = value.encode("utf-8")
    assert text.bom(body) or text.decode(body) == text.without_c1(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("Mon, 02 Mar 2026 08:00:00 GMT", MARCH, id="http"),
        pytest.param("Mon, 02 Mar 2026 10:00:00 +0200", MARCH, id="zone"),
        pytest.param("Mon, 02 Mar 2026 08:00:00", MARCH, id="no-zone-is-gmt"),
        pytest.param("Mon, 02 Mar 99999999999999 08:00:00 GMT", None, id="year-beyond-all"),
        pytest.param("soon", None, id="no-date"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="no-header"),
    ],
)
def test_http_date_is_a_moment_or_nothing(value: str | None, expected: datetime | None) -> None:
    assert text.http_date(value) == expected
