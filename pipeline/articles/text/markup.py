"""A page's bytes as text, as one tree, and as plain lines; or the reason why it is not HTML."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

import lxml.etree
import lxml.html

from pipeline import text
from pipeline.articles.text import limits, line_parser
from pipeline.errors import NoArticleError

if TYPE_CHECKING:
    from pipeline.model import Response

HEAD_BYTES = 4096
"""How far into the body a declared charset is looked for: browsers read 1,024 bytes, old pages
put scripts first."""

WRAPPED = range(50, 121)
"""Characters of the longest line of a text whose lines were wrapped."""

LONGEST_LINES = 4_000_000
"""Characters of lines after which no more are read."""

_CHUNK = 1 << 16

_MOSTLY_DAMAGED = 0.1
"""Share of undecodable characters above which a text is no text (random bytes: .3 and more)."""

_BINARY = 0.03
"""Share of control characters above which a body is no text (of random bytes: one in ten)."""

_MAGIC = (
    b"%PDF-",
    b"\x89PNG\r\n",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"RIFF",
    b"\x1f\x8b",
    b"OggS",
    b"ID3",
    b"\x00\x00\x00",
    b"\x28\xb5\x2f\xfd",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
)
_OTHER_TYPE = re.compile(
    r"\s*(?:image|audio|video|font)/|.*[/+](?:pdf|json|zip|gzip|rss\+xml|atom\+xml|feed\+json)\b"
    r"|.*(?:javascript|css|csv|calendar|msword|officedocument)",
    re.IGNORECASE,
)
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|p|div|h1|meta)\b", re.IGNORECASE
)
_TAG = re.compile(
    r"</?(?:!doctype|html|head|body|title|meta|link|script|style|article|section|main|header|footer|nav|p|div|span|br|hr|h[1-6]"
    r"|a|b|i|u|em|strong|ul|ol|li|dl|table|tr|td|img|figure|blockquote|pre|code|font|center|form|input|iframe)\b[^<>]*>",
    re.IGNORECASE,
)
_XML_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex|svg)\b"
)
_JSON = re.compile(r"\s*[\[{]\s*[\"\[{\]}]")
_META_CHARSET = re.compile(rb"<meta[^<>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\A\s*<\?xml[^<>]*?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_NO_FRAMES_TAG = re.compile(r"</?noframes\b[^<>]*>", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"\s*(?:<\?xml[^<>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])
# What libxml2 stops at or lxml refuses in text.
_UNPARSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_ONE_CLASS: Final = lxml.etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement)


def source(page: Response) -> str:
    """Return the page's text: by byte order mark, UTF-8, header charset or declared charset.

    Raises NoArticleError not_html for a body that is a picture, a PDF, JSON, a feed..., and
    bad_encoding when more than a tenth of it cannot be decoded.
    """
    head = page.body[:HEAD_BYTES]
    if head.lstrip().startswith(_MAGIC):
        raise NoArticleError("not_html", f"{page.url} has the signature of another format")
    declared = _META_CHARSET.search(_COMMENT.sub(b"", head)) or _XML_ENCODING.search(head)
    decoded = text.decode(
        page.body,
        text.header_charset(page.headers.get("content-type")),
        declared.group(1).decode("ascii", "replace") if declared else None,
    )
    parsable, controls = _parsable(page.body, decoded)
    if controls > len(decoded) * _BINARY:
        raise NoArticleError("not_html", f"{page.url} is a binary file")
    _refuse_other_formats(page, parsable)
    return limits.short(parsable)


def has_tags(content: str) -> bool:
    """Whether `content` is marked up: some element of HTML begins or ends in it."""
    return bool(_TAG.search(content))


def plain_lines(content: str) -> list[str]:
    """Return the lines of plain text that are not empty, white space collapsed.

    Where blank lines set paragraphs apart and lines are wrapped at one width, a paragraph is a line.
    """
    rows = [" ".join(line.split()) for line in content.splitlines()]
    width = max(map(len, rows), default=0)
    found: list[str] = []
    for filled, group in groupby(rows, key=bool):
        paragraph = list(group) if filled else []
        is_wrapped = width in WRAPPED and len(paragraph) < len(rows) and _wrapped(paragraph, width)
        found += [" ".join(paragraph)] if is_wrapped else paragraph
    return found


def is_plain(page: Response, decoded: str) -> bool:
    """Whether the page is plain text: said so by its header, or without header and without tags.

    What is called text/plain and begins as an HTML document is HTML (RFC 9110 leaves it to us;
    a text that speaks of a tag is none).
    """
    declared = page.headers.get("content-type", "").split(";")[0].strip().lower()
    if declared == "text/plain":
        return not _DOCUMENT.match(decoded[:HEAD_BYTES])
    return not declared and not has_tags(decoded)


def tree(decoded: str) -> lxml.html.HtmlElement | None:
    """Return the document's root element without comments, or None when nothing was parsed.

    libxml2 gives up at 256 nested elements, and with `huge_tree` at 2,048. It takes what is inside
    `noframes` for plain text: those tags are left out.
    """
    root = _parsed(decoded)
    if root is not None and next(root.iter("noframes"), None) is not None:
        return _parsed(_NO_FRAMES_TAG.sub("", decoded))
    return root


def _parsed(decoded: str) -> lxml.html.HtmlElement | None:
    parser = lxml.html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        collect_ids=False,
    )
    # Every element is of the one class: lxml.html asks Python for the class of each element that
    # is touched (of 400,000 on 60 pages), and only forms have one of their own.
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        return lxml.html.document_fromstring(decoded.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None


def prose(decoded: str) -> list[str]:
    """Return the lines of a page that are an article's: see `blocks.prose`; linear like `lines`."""
    target = _fed(decoded, chrome=False)
    return line_parser.prose(target.lines, target.heading)


def lines(decoded: str, *, chrome: bool = True) -> list[str]:
    """Return the text of the blocks, one line each, without scripts, styles and forms' parts.

    Linear and without a limit of nesting (libxml2's events, no tree); stops after LONGEST_LINES
    characters. `chrome=False` leaves out navigation, footers, asides, forms and figures too, and lines
    that are mostly links.
    """
    return _fed(decoded, chrome=chrome).lines


def _fed(decoded: str, *, chrome: bool) -> line_parser.Lines:
    target = line_parser.Lines(chrome=chrome)
    parser = lxml.etree.HTMLParser(target=target, huge_tree=True, encoding="utf-8")
    try:
        for begin in range(0, len(decoded), _CHUNK):
            parser.feed(_UNPARSABLE.sub("", decoded[begin : begin + _CHUNK]).encode())
            if target.length > LONGEST_LINES:
                break
        parser.close()
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        target.end_line()
    return target


def _wrapped(paragraph: list[str], width: int) -> bool:
    """Whether most of its lines end because the next word would have gone beyond the width."""
    breaks = list(pairwise(paragraph))
    full = sum(
        " " in line and len(line) + 1 + len(after.split(" ", 1)[0]) > 0.9 * width
        for line, after in breaks
    )
    return 2 * full > len(breaks)


def _parsable(body: bytes, decoded: str) -> tuple[str, int]:
    """Return the text without what no parser takes, and how many characters that were.

    Most pages have none, which their bytes tell in a tenth of the time.
    """
    beyond = "\ufffe" in decoded or "\uffff" in decoded
    if not beyond and len(body.translate(None, _CONTROLS)) == len(body):
        return decoded, 0
    return _UNPARSABLE.subn("", decoded)


def _refuse_other_formats(page: Response, decoded: str) -> None:
    start = decoded[:HEAD_BYTES]
    declared = page.headers.get("content-type", "")
    if _XML_ROOT.match(start) or _JSON.match(start):
        raise NoArticleError("not_html", f"{page.url} is XML or JSON, not HTML")
    if _OTHER_TYPE.match(declared) and not _LOOKS_LIKE_HTML.search(start):
        raise NoArticleError("not_html", f"{page.url} is {declared}")
    if decoded.count("\ufffd") > len(decoded) * _MOSTLY_DAMAGED:
        raise NoArticleError("bad_encoding", f"{page.url} cannot be decoded")
