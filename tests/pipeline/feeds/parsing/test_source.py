from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.parsing import source

TEXT = "<rss>Grün Öl</rss>"
DECLARED = '<?xml version="1.0" encoding="{}"?><rss>Grün</rss>'

DOCUMENTS = [
    ("utf8", TEXT.encode(), None, TEXT),
    ("utf8_mark", b"\xef\xbb\xbf" + TEXT.encode(), None, TEXT),
    ("utf16_mark_little", b"\xff\xfe" + TEXT.encode("utf-16-le"), None, TEXT),
    ("utf16_mark_big", b"\xfe\xff" + TEXT.encode("utf-16-be"), None, TEXT),
    ("utf16_little_by_its_nuls", TEXT.encode("utf-16-le"), None, TEXT),
    ("utf16_big_by_its_nuls", TEXT.encode("utf-16-be"), None, TEXT),
    ("utf32_little_by_its_nuls", TEXT.encode("utf-32-le"), None, TEXT),
    ("utf32_mark", b"\xff\xfe\x00\x00" + TEXT.encode("utf-32-le"), None, TEXT),
    ("utf32_big_mark", b"\x00\x00\xfe\xff" + TEXT.encode("utf-32-be"), None, TEXT),
    ("json_utf16", '{"a": 1}'.encode("utf-16-be"), None, '{"a": 1}'),
    (
        "header_says",
        "<rss>Ж</rss>".encode("cp1251"),
        "text/xml; charset=windows-1251",
        "<rss>Ж</rss>",
    ),
    ("nobody_says", "<rss>Grün</rss>".encode("cp1252"), None, "<rss>Grün</rss>"),
    ("white_space_goes", b"\n  <rss/>\r\n", None, "<rss/>"),
    ("nul_padding_goes", b"<rss/>\x00\x00", None, "<rss/>"),
    ("header_lies_about_utf8", TEXT.encode(), "text/xml; charset=iso-8859-1", TEXT),
    ("header_names_no_charset", TEXT.encode(), "text/xml; charset=punycode", TEXT),
    (
        "declared_utf8_is_disproved_by_most_bytes",
        b'<?xml version="1.0" encoding="utf-8"?><rss>Gr\xfcn \xd6l</rss>',
        None,
        '<?xml version="1.0" encoding="utf-8"?><rss>Grün Öl</rss>',
    ),
    (
        "header_says_utf8_and_is_wrong",
        b"<rss>Gr\xfcn</rss>",
        "text/xml; charset=utf-8",
        "<rss>Grün</rss>",
    ),
    (
        "one_bad_byte_leaves_declared_utf8",
        '<?xml version="1.0" encoding="utf-8"?><rss>Grün Öl '.encode() + b"\xa9</rss>",
        None,
        '<?xml version="1.0" encoding="utf-8"?><rss>Grün Öl \ufffd</rss>',
    ),
    (
        "other_label_counts_where_utf8_is_disproved",
        DECLARED.format("windows-1251").replace("ü", "ж").encode("cp1251"),
        "text/xml; charset=utf-8",
        DECLARED.format("windows-1251").replace("ü", "ж"),
    ),
    ("empty", b"", None, ""),
]


@pytest.mark.parametrize(
    ("body", "content_type", "expected"), [c[1:] for c in DOCUMENTS], ids=[c[0] for c in DOCUMENTS]
)
def test_text_of_a_document(body: bytes, content_type: str | None, expected: str) -> None:
    assert source.document(body, content_type) == expected


def test_xml_declaration_names_the_charset() -> None:
    body = DECLARED.format("ISO-8859-2").replace("ü", "ř").encode("iso8859-2")
    assert source.document(body, None).endswith("<rss>Grřn</rss>")


def test_header_counts_before_the_xml_declaration() -> None:
    body = DECLARED.format("ISO-8859-2").replace("ü", "ж").encode("koi8-r")
    assert source.document(body, "text/xml; charset=koi8-r").endswith("<rss>Grжn</rss>")


@pytest.mark.parametrize("codec", ["punycode", "unicode_escape", "zlib_codec", "idna", "utf-7"])
def test_declared_codec_that_is_no_charset_is_not_used(codec: str) -> None:
    body = DECLARED.format(codec).replace("ü", "+AGE-").encode()
    assert source.document(body, None).endswith("<rss>Gr+AGE-n</rss>")


def test_gzip_is_unpacked() -> None:
    assert source.inflated(gzip.compress(b"<rss/>")) == (b"<rss/>", True)


def test_what_is_not_gzip_stays() -> None:
    assert source.inflated(b"<rss/>") == (b"<rss/>", True)


def test_cut_gzip_is_not_whole() -> None:
    start, whole = source.inflated(gzip.compress(b"<rss>" + bytes(range(256)) * 40)[:-20])
    assert start.startswith(b"<rss>")
    assert not whole


def test_broken_gzip_is_empty() -> None:
    assert source.inflated(b"\x1f\x8b\x08nonsense") == (b"", False)


def test_gzip_bomb_stops_at_the_cap() -> None:
    unpacked, whole = source.inflated(gzip.compress(bytes(40_000_000)))
    assert len(unpacked) == source.LARGEST_BYTES
    assert not whole


@given(st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    source.document(source.inflated(body)[0], content_type)
