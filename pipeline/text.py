"""Text that Postgres can store and a person can read; and the charsets it came in."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# What may not be stored or shown: C0 except tab and newlines, DEL and C1, lone surrogates,
# bidirectional controls and noncharacters (notes of measured Postgres refusals; Trojan Source).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069"
    "\ufdd0-\ufdef\ufffe\uffff]"
)
# C1 controls are bytes of windows-1252 under a wrong name (WHATWG HTML, "numeric character
# reference end state"). Five bytes are no character there either.
_WINDOWS_1252 = {chr(code): bytes((code,)).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_C1 = re.compile("[\x80-\x9f]")
_C1_IN_UTF8 = re.compile(rb"\xc2[\x80-\x9f]")
_BREAK_HINTS = re.compile(
    "[\u00ad\u2060\ufeff]|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b"
)
_SPACE = re.compile(r"\s+")
# Thai, Lao, Burmese, Khmer, kana and Han are written without spaces between words.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
# Signs that belong to the letter before them and are no letters to Python's \w: accents, Hebrew
# points, Arabic and Indic vowels, joiners. Without them a Hindi word counts as two or three.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0963\u0966-\u0dff\u200c\u200d"
)
_LETTERS = f"(?:[^\\W{_SPACELESS}]|[{_MARKS}])"
_WORD = re.compile(f"[{_SPACELESS}]|[^\\W{_SPACELESS}]{_LETTERS}*(?:['\u2019-]{_LETTERS}+)*")

# Labels that real servers send, as the WHATWG Encoding Standard reads them: the label of an
# old national charset means its superset. Anything else (punycode, unicode_escape, zip) is no
# charset of a document: some of Python's codecs are quadratic or raise on odd input.
_CODECS = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "cp1252": "iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1 ascii us-ascii ansi_x3.4-1968 "
    "windows-1252 cp1252 x-cp1252 cp819 ibm819",
    "gb18030": "gb2312 gb_2312 gb_2312-80 gbk x-gbk gb18030 chinese csgb2312 iso-ir-58 cp936",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j ms932 csshiftjis cp932",
    "euc_jp": "euc-jp eucjp x-euc-jp cseucpkdfmtjapanese",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "cp949": "euc-kr euckr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean cseuckr windows-949 cp949",
    "cp1251": "windows-1251 cp1251 x-cp1251 win-1251",
    "koi8_r": "koi8-r koi8 koi koi8_r cskoi8r",
    "koi8_u": "koi8-u koi8-ru",
    "cp866": "ibm866 cp866 866 csibm866",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 tis-620 iso-8859-11 iso8859-11 dos-874 cp874",
    "iso8859_2": "iso-8859-2 iso8859-2 latin2 l2",
    "iso8859_3": "iso-8859-3 iso8859-3 latin3 l3",
    "iso8859_4": "iso-8859-4 iso8859-4 latin4 l4",
    "iso8859_5": "iso-8859-5 iso8859-5 cyrillic",
    "iso8859_6": "iso-8859-6 iso8859-6 arabic",
    "iso8859_7": "iso-8859-7 iso8859-7 greek",
    "iso8859_8": "iso-8859-8 iso8859-8 iso-8859-8-i hebrew",
    "iso8859_10": "iso-8859-10 iso8859-10 latin6 l6",
    "iso8859_13": "iso-8859-13 iso8859-13",
    "iso8859_14": "iso-8859-14 iso8859-14",
    "iso8859_15": "iso-8859-15 iso8859-15 latin9 latin-9 l9",
    "iso8859_16": "iso-8859-16",
    "mac_roman": "macintosh mac x-mac-roman csmacintosh",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "utf-16-le": "utf-16 utf-16le ucs-2 iso-10646-ucs-2 unicode csunicode",
    "utf-16-be": "utf-16be",
}
_CODEC_OF = {label: codec for codec, labels in _CODECS.items() for label in labels.split()}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
# To its end: in Shift-JIS and Big5 the second byte of a character may be one of ASCII.
_WORD_BEYOND_ASCII = re.compile(rb"[\x80-\xff][^\s<>]*")
_SAMPLE = 16384
_LEAST_RUN = 2
"""Bytes beyond ASCII that stand together: less, and they are the accents of a Latin script."""
_LEAST_USUAL = 0.5
"""Share of usual characters below which a charset is not what the bytes look like: of the right one
.6 to 1, of another mostly less than .3."""


def _pairs(name: str, leads: range) -> frozenset[str]:
    """The characters of a double-byte charset whose first byte is one of `leads`."""
    trails = (*range(0x40, 0x7F), *range(0x80, 0xFF))
    written = (bytes((lead, trail)).decode(name, "ignore") for lead in leads for trail in trails)
    return frozenset(char for char in written if len(char) == 1 and char > "\x7f")


_RUSSIAN = frozenset("оеаинтсрвлкмі")
_JAPANESE = _pairs("cp932", range(0x82, 0x84)) | _pairs("cp932", range(0x88, 0x98))
# What texts in a charset mostly consist of: the commonest letters, or the characters that its
# standard lists first, as the common ones (JIS X 0208 and GB 2312 level 1, Big5 level 1, hangul).
# Of equals the first counts: hangul of EUC-KR are common characters in EUC-JP and GBK too.
_USUAL = {
    "cp949": _pairs("cp949", range(0xB0, 0xC9)),
    "cp1251": _RUSSIAN,
    "koi8_u": _RUSSIAN,
    "cp1253": frozenset("αοιετσνηυρπκςάίό"),
    "cp1255": frozenset("יוהלאמרשתבנד"),
    "cp1256": frozenset("اليمنوترةبعد"),
    "cp874": frozenset("านรอกเงมยลว่้"),
    "euc_jp": _JAPANESE,
    "cp932": _JAPANESE,
    "gb18030": _pairs("gbk", range(0xB0, 0xD8)),
    "big5hkscs": _pairs("big5", range(0xA4, 0xC7)),
}
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,>]+)", re.IGNORECASE)


def clean(value: str) -> str:
    """Return `value` in NFC without the characters that Postgres or a terminal cannot take.

    C1 controls become the characters of windows-1252 that they stand for.
    """
    return unicodedata.normalize("NFC", _FORBIDDEN.sub(_allowed, value))


def _allowed(found: re.Match[str]) -> str:
    return _WINDOWS_1252.get(found[0], "")


def without_c1(value: str) -> str:
    """Return `value` with C1 controls read as windows-1252: U+0092 is an apostrophe."""
    return _C1.sub(_allowed, value)


def readable(value: str) -> str:
    """Return `value` cleaned, and without the invisible signs that only say where a line may break.

    They stand inside words (soft hyphens of a hyphenation plugin), where they keep searches from finding
    them. Between letters of Thai, Lao, Burmese and Khmer a zero-width space is the space between words.
    """
    return clean(_BREAK_HINTS.sub("", value))


def line(value: str | None, limit: int) -> str | None:
    """Return `value` readable, on one line, at most `limit` characters; None when nothing is left.

    A cut is visible: the last character becomes an ellipsis.
    """
    if value is None:
        return None
    flat = _SPACE.sub(" ", readable(value)).strip()
    if len(flat) > limit:
        flat = flat[: limit - 1].rstrip() + "…"
    return flat or None


def words(value: str) -> list[str]:
    """Return the words of `value`; a character of a script without spaces is one."""
    return _WORD.findall(value)


def word_count(value: str) -> int:
    """Return how many words `value` has; a character of a script without spaces counts as one."""
    return len(words(value))


def codec(label: str | None) -> str | None:
    """Return the Python codec for a charset label, or None for a label no document may use.

    Source: WHATWG Encoding Standard, names and labels.
    """
    return _CODEC_OF.get(label.strip().lower()) if label else None


def header_charset(content_type: str | None) -> str | None:
    """Return the charset named in a content-type header or meta element, as written."""
    found = _HEADER_CHARSET.search(content_type or "")
    return found.group(1) if found else None


def bom(body: bytes) -> tuple[str, int] | None:
    """Return (codec, length) of the byte order mark at the start of `body`, if it has one."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name, len(mark)
    return None


def decode(body: bytes, *labels: str | None) -> str:
    """Return `body` as text: by its byte order mark, else as UTF-8 if it is UTF-8.

    (At most a tenth of its bytes beyond ASCII may be damaged, at most a third where a label says
    UTF-8; of other charsets half and more are no UTF-8.) Else by the first of `labels` that is a known charset, else by the charset its bytes
    look like, else as windows-1252. Bytes that do not fit become U+FFFD. (UTF-8 before the declared
    charset: measured, labels lie more often than a non-UTF-8 text happens to be valid UTF-8.)
    C1 controls in the text are read as windows-1252.
    """
    decoded, is_utf8 = _decoded(body, labels)
    return decoded if is_utf8 and not _C1_IN_UTF8.search(body) else without_c1(decoded)


def _decoded(body: bytes, labels: tuple[str | None, ...]) -> tuple[str, bool]:
    """(the text, whether `body` is valid UTF-8)."""
    mark = bom(body)
    if mark:
        return body[mark[1] :].decode(mark[0], "replace"), False
    known = [name for name in map(codec, labels) if name]
    for name in known:  # these two look like valid UTF-8 although they are not
        if name.startswith("utf-16") and b"\x00" in body[:200]:
            return body.decode(_utf16(body[:200]), "replace"), False
        if name == "iso2022_jp" and b"\x1b" in body:
            return body.decode(name, "replace"), False
    try:
        return body.decode("utf-8"), True
    except UnicodeDecodeError:
        narrow = [name for name in known if not name.startswith("utf-16")]
        return body.decode(_not_quite_utf8(body, narrow), "replace"), False


def _utf16(start: bytes) -> str:
    """The byte order by the side on which the characters of the markup have their zero byte."""
    return "utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"


def _not_quite_utf8(body: bytes, known: list[str]) -> str:
    """The codec for bytes that are not valid UTF-8: damaged UTF-8, else as declared, else a guess."""
    damaged = body.decode("utf-8", "replace").count("\ufffd") - body.count(b"\xef\xbf\xbd")
    beyond_ascii = sum(map(len, _BEYOND_ASCII.findall(body)))
    if damaged * 10 <= beyond_ascii:
        return "utf-8"
    for name in known:
        if name != "utf-8" or damaged * 3 <= beyond_ascii:
            return name
    return _undeclared(body)


def _undeclared(body: bytes) -> str:
    """The codec whose usual characters are most of the text beyond ASCII, else windows-1252.

    Scripts other than Latin have whole words beyond ASCII. What a codec cannot read counts heavily
    against it: a text in its own charset has next to none of that.
    """
    sample = b" ".join(_WORD_BEYOND_ASCII.findall(body))[:_SAMPLE]
    runs = _BEYOND_ASCII.findall(sample)
    if sum(map(len, runs)) < _LEAST_RUN * len(runs):
        return "cp1252"
    likeness = {name: _likeness(sample, name) for name in _USUAL}
    best = max(likeness, key=likeness.__getitem__)
    return best if likeness[best] >= _LEAST_USUAL else "cp1252"


def _likeness(sample: bytes, name: str) -> float:
    """The share of usual characters, less five times that of unreadable ones, in tenths."""
    beyond_ascii = [char for char in sample.decode(name, "replace") if char > "\x7f"]
    usual = sum(map(_USUAL[name].__contains__, beyond_ascii))
    return round((usual - 5 * beyond_ascii.count("\ufffd")) / len(beyond_ascii), 1)


def http_date(value: str | None) -> datetime | None:
    """Return the moment that a header names (RFC 9110 section 5.6.7), None for what is no date."""
    try:
        found = parsedate_to_datetime(value) if value else None
    except (ValueError, TypeError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
