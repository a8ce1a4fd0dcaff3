"""A page's bytes as text, as one tree, and as plain lines; or the reason why it is not HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import lxml.etree
import lxml.html

from pipeline import text
from pipeline.errors import NoArticleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.model import Response

HEAD_BYTES = 4096
"""How far into the body a declared charset is looked for: browsers read 1,024 bytes, old pages
put scripts first."""

LONGEST_DATA_URI = 1000
"""Characters; longer ones are pictures and fonts. A 19 MB one before the text loses the text."""

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
_DATA_URI = re.compile(r"data:[^\s\"'<>()]*")
# What libxml2 stops at or lxml refuses in text.
_UNPARSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
"""Elements at which a line ends."""

_SILENT: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "head",
        "iframe",
        "object",
        "select",
        "textarea",
        "button",
    ]
)
_WITH_CHROME: Final = _SILENT | frozenset(["nav", "footer", "aside", "form", "figure"])


def source(page: Response) -> str:
    """Return the page's text: by byte order mark, UTF-8, header charset or declared charset.

    Raises NoArticleError not_html for a body that is a picture, a PDF, JSON, a feed..., and
    bad_encoding when more than a tenth of it cannot be decoded.
    """
    head = page.body[:HEAD_BYTES]
    if head.lstrip().startswith(_MAGIC):
        raise NoArticleError("not_html", f"{page.url} has the signature of another format")
    declared = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    decoded = text.decode(
        page.body,
        text.header_charset(page.headers.get("content-type")),
        declared.group(1).decode("ascii", "replace") if declared else None,
    )
    parsable, controls = _UNPARSABLE.subn("", decoded)
    if controls > len(decoded) * _BINARY:
        raise NoArticleError("not_html", f"{page.url} is a binary file")
    _refuse_other_formats(page, parsable)
    return _DATA_URI.sub(_short_uri, parsable)


def has_tags(content: str) -> bool:
    """Whether `content` is marked up: some element of HTML begins or ends in it."""
    return bool(_TAG.search(content))


def plain_lines(content: str) -> list[str]:
    """Return the lines of plain text that are not empty, white space collapsed."""
    return [flat for line in content.splitlines() if (flat := " ".join(line.split()))]


def is_plain(page: Response, decoded: str) -> bool:
    """Whether the page is plain text: said so by its header, or without header and without tags."""
    declared = page.headers.get("content-type", "").split(";")[0].strip().lower()
    tagged = has_tags(decoded[:HEAD_BYTES]) if declared else has_tags(decoded)
    return declared in {"text/plain", ""} and not tagged


def tree(decoded: str) -> lxml.html.HtmlElement | None:
    """Return the document's root element without comments, or None when nothing was parsed.

    libxml2 gives up at 256 nested elements, and with `huge_tree` at 2,048.
    """
    parser = lxml.html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        collect_ids=False,
    )
    try:
        return lxml.html.document_fromstring(decoded.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None


def lines(decoded: str, *, chrome: bool = True) -> list[str]:
    """Return the text of the blocks, one line each, without scripts, styles and forms' parts.

    Linear and without a limit of nesting (libxml2's events, no tree). `chrome=False` leaves out
    navigation, footers, asides, forms and figures too.
    """
    target = _Lines(_SILENT if chrome else _WITH_CHROME)
    parser = lxml.etree.HTMLParser(target=target, huge_tree=True, encoding="utf-8")
    try:
        parser.feed(_UNPARSABLE.sub("", decoded).encode())
        parser.close()
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        target.end_line()
    return target.lines


class _Lines:
    """A parser target (lxml calls it for each tag) that gathers lines of text."""

    def __init__(self, silent: frozenset[str]) -> None:
        self.lines: list[str] = []
        self._silent = silent
        self._inside = 0
        self._parts: list[str] = []

    def start(self, tag: str | bytes, attrib: Mapping[str | bytes, str | bytes]) -> None:  # noqa: ARG002 - the protocol's
        if tag in BLOCKS:
            self.end_line()
        self._inside += tag in self._silent

    def end(self, tag: str | bytes) -> None:
        self._inside -= tag in self._silent
        if tag in BLOCKS:
            self.end_line()

    def data(self, data: str | bytes) -> None:
        if not self._inside:
            self._parts.append(str(data))

    def comment(self, text: str | bytes) -> None:
        """A comment is no text."""

    def close(self) -> None:
        self.end_line()

    def end_line(self) -> None:
        line = " ".join("".join(self._parts).split())
        self._parts.clear()
        if line:
            self.lines.append(line)


def _refuse_other_formats(page: Response, decoded: str) -> None:
    start = decoded[:HEAD_BYTES]
    declared = page.headers.get("content-type", "")
    if _XML_ROOT.match(start) or _JSON.match(start):
        raise NoArticleError("not_html", f"{page.url} is XML or JSON, not HTML")
    if _OTHER_TYPE.match(declared) and not _LOOKS_LIKE_HTML.search(start):
        raise NoArticleError("not_html", f"{page.url} is {declared}")
    if decoded.count("\ufffd") > len(decoded) * _MOSTLY_DAMAGED:
        raise NoArticleError("bad_encoding", f"{page.url} cannot be decoded")


def _short_uri(uri: re.Match[str]) -> str:
    return uri.group() if uri.end() - uri.start() <= LONGEST_DATA_URI else "data:,"
