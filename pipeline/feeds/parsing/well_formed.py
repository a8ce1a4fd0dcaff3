"""A document that is not well formed as one that is, so that every feed is read by one mapping.

One scan from tag to tag, in linear time. What is mended is what writers of feeds get wrong:

- prefixes that nobody declared: they get the namespace that everyone means by them;
- elements that do not end, end twice, or end under another spelling of their name;
- documents that are cut: what is open is closed, half a tag or half an address is left out;
- what stands behind the document;
- `<` that begins no tag; attributes twice, without quotes or without a value.
"""

from __future__ import annotations

import re
from html import escape

from pipeline.feeds.parsing.namespaces import WELL_KNOWN

_NAME = r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
# What stands inside a tag. Atomic where it is used, or quotes without end would be paired in every
# way. A `<` in quotes is part of a value, unless the tag ends before the quotes do.
_INSIDE = r"""[^<>"']|"[^"<]*"|'[^'<]*'|"[^">]*"|'[^'>]*'|["']"""
# Quotes are part of the match, so that a `>` in a value ends no tag.
_TOKEN = re.compile(
    rf"""<!\[CDATA\[
    | <!--.*?(?:-->|\Z)
    | <\?xml\s[^<>]*(?:>|(?=<)|\Z)
    | <\?.*?(?:\?>|\Z)
    | <!DOCTYPE[^\[>]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z)
    | <(?P<end>/?)(?P<name>{_NAME})(?P<rest>(?:[\s/](?>{_INSIDE})*+)?)>
    | <""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_ATTRIBUTE = re.compile(
    rf"""(?<![\w.:-])({_NAME})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?(?=[\s/"']|\Z)""",
    re.ASCII,
)
# What makes the XML parser refuse a namespace (RFC 3986 section 2), references included.
_NOT_OF_A_URI = re.compile(r'&[^;&]{0,10};|[\s<>"{}|\\^`&]')
_HALF_A_TAG = re.compile(r"</?[A-Za-z!?][^<>]*\Z|</?\Z")
_NAMES_ONLY = re.compile(_NAME, re.ASCII)
# Deeper nesting is refused by the XML parser, and no feed needs it.
_DEEPEST = 200

_ROOTS = {"rss", "feed", "rdf", "urlset", "sitemapindex"}
_ENTRIES = {"item", "entry"}
_PAGES = {"url", "sitemap"}
_STRUCTURE = _ROOTS | _ENTRIES | _PAGES | {"channel"}
# Elements of a feed that hold words only. Another element of a feed cannot begin inside them.
_LEAVES = frozenset(
    [
        *("title", "link", "guid", "id", "pubdate", "published"),
        *("updated", "issued", "modified", "created", "date", "creator"),
        *("enclosure", "loc", "lastmod", "comments", "language", "ttl"),
        *("copyright", "generator", "docs", "lastbuilddate", "managingeditor", "webmaster"),
        *("category", "subject"),
    ]
)
_SITEMAPS = (["urlset"], ["sitemapindex"])
_FIELDS = _LEAVES | _STRUCTURE | {"description", "summary", "content", "encoded", "author"}
_FIELDS |= {"source", "image"}
# Half of one of these is a wrong one: an address or date that was never written.
_NOT_BY_HALVES = {"loc", "link", "guid", "id", "pubdate", "published", "updated", "date", "lastmod"}
_VOID = {"br", "hr", "img", "wbr", "input", "col", "area", "embed", "param", "track"}
_SHOWN = {"br", "hr", "img", "wbr"}  # of these, what may stand in a title
# Written as in HTML, without an end, when everything stands in the attribute.
_VOID_WITH = {"link": "href", "enclosure": "url"}


def well_formed(text: str) -> tuple[str, bool]:
    """Return (`text` as well-formed XML, whether it ends inside an entry).

    The elements stay, in their order. References must have been repaired before (`xml.repaired`). Comments, processing instructions
    and the document type are left out; CDATA becomes escaped text.
    """
    return _Scan(_HALF_A_TAG.sub("", text)).result()


class _Scan:
    """One pass over a document: what is written so far, and which elements are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._out: list[str] = []
        # Of each open element: its name as written, its local name, its place in `_out`, its tag.
        self._open: list[tuple[str, str, int, str]] = []
        self._prefixes: set[str] = set()
        self._declared: set[str] = set()
        self._root_at = -1
        # Both are looked for once, or a hostile document would have them looked for at each tag.
        self._cdata_end = -1
        self._last_entry = max((one.start() for one in _ENTRY_BEGINS.finditer(text)), default=-1)

    def result(self) -> tuple[str, bool]:
        at = 0
        while (token := _TOKEN.search(self._text, at)) and not self._is_over(token):
            self._words(self._text[at : token.start()])
            at = self._token(token)
        if token is None:
            self._words(self._text[at:])
            self._drop_half()
        is_cut = token is None and any(one[1] in _ENTRIES | _PAGES for one in self._open)
        self._close_to(0)
        self._declare()
        return "".join(self._out), is_cut

    def _is_over(self, token: re.Match[str]) -> bool:
        """Whether the document has ended before `token`: its root has, and no entry follows."""
        return self._root_at >= 0 and not self._open and token["name"] is not None

    def _token(self, token: re.Match[str]) -> int:
        """Write a token; return where the text goes on."""
        if token["name"]:
            if token["end"]:
                self._end(token["name"], token.end())
            else:
                self._start(token)
        elif token[0].startswith("<!["):
            return self._cdata(token.end())
        elif token[0] == "<":
            self._words("&lt;")
        return token.end()

    def _words(self, words: str) -> None:
        if self._open and words:
            self._out.append(words.replace("]]>", "]]&gt;"))

    def _cdata(self, begin: int) -> int:
        """A section ends at its mark, or with its element where another section begins first."""
        if self._cdata_end < begin:
            end = self._text.find("]]>", begin)
            self._cdata_end = end if end >= 0 else len(self._text)
        stop = self._cdata_end
        another = self._text.find("<![CDATA[", begin, stop)
        if self._open and (another >= 0 or stop == len(self._text)):
            limit = another if another >= 0 else stop
            closing = self._text.find(f"</{self._open[-1][0]}>", begin, limit)
            stop = closing if closing >= 0 else stop
        self._words(escape(self._text[begin:stop], quote=False))
        return stop + 3 if stop == self._cdata_end else stop

    def _start(self, token: re.Match[str]) -> None:
        name, rest = token["name"], token["rest"]
        local = _local(name)
        rest = rest[:-1] if (has_end := rest.endswith("/")) else rest
        if local in _ROOTS and self._open:  # documents one behind the other
            return
        self._make_room(local)
        if len(self._open) >= _DEEPEST:
            return
        attributes = self._attributes(rest)
        is_void = has_end or self._is_void(local, attributes)
        written = "".join(f' {key}="{value}"' for key, value in attributes.items())
        if self._root_at < 0:
            self._root_at = len(self._out)
            self._declared = {key[6:] for key in attributes if key.startswith("xmlns:")}
        self._note_prefix(name)
        self._out.append(f"<{name}{written}{'/' if is_void and self._open else ''}>")
        if not is_void or not self._open:
            self._open.append((name, local, len(self._out) - 1, token[0]))

    def _is_void(self, local: str, attributes: dict[str, str]) -> bool:
        is_spoken_of = bool(self._open) and self._open[-1][1] in _LEAVES and local not in _SHOWN
        return (local in _VOID and not is_spoken_of) or _VOID_WITH.get(local) in attributes

    def _make_room(self, local: str) -> None:
        """Close what cannot hold the element that begins: an entry, or an element of words."""
        if local in _ENTRIES or local in _PAGES:
            at = next((n for n, one in enumerate(self._open) if one[1] == local), None)
            # An image of RSS has a `url` too: those of a sitemap stand right under its root.
            if at is not None and (at == 1 or local in _ENTRIES):
                self._close_to(at)
        if local == "loc" and [one[1] for one in self._open] in _SITEMAPS:
            name = "sitemap" if self._open[0][1] == "sitemapindex" else "url"
            self._out.append(f"<{name}>")  # its own start was lost
            self._open.append((name, name, len(self._out) - 1, f"<{name}>"))
        if local in _FIELDS:
            while self._open and self._open[-1][1] in _LEAVES:
                self._close_to(len(self._open) - 1)

    def _end(self, name: str, at: int) -> None:
        local = _local(name)
        if local in _VOID:
            return
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][0].lower() == name.lower():
                if depth == 0 and self._last_entry >= at:
                    return  # an end too early: entries follow
                self._out.append("")
                self._close_to(depth, ended=depth)
                return
            if self._open[depth][1] in _ENTRIES and local not in _STRUCTURE:
                return  # it ends nothing that this entry holds

    def _close_to(self, depth: int, ended: int = -1) -> None:
        """Close the open elements from `depth` on; `ended` is the one that its end tag closes."""
        while len(self._open) > depth:
            name, _, place, source = self._open.pop()
            parent = self._open[-1][1] if self._open else ""
            if len(self._open) != ended and parent in _LEAVES:
                # A word in angle brackets, not an element: `How does <input> work`.
                self._out[place] = f"&lt;{source[1:]}"
            else:
                self._out.append(f"</{name}>")

    def _drop_half(self) -> None:
        """Of a document that is cut inside an address or a date, leave that out."""
        if self._open and self._open[-1][1] in _NOT_BY_HALVES:
            del self._out[self._open[-1][2] + 1 :]

    def _attributes(self, rest: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(rest):
            value = (double or single or bare).replace("<", "&lt;").replace('"', "&quot;")
            if name.startswith("xmlns"):
                value = _NOT_OF_A_URI.sub("", value)
            if not (name.startswith("xmlns:") and (not value or name[6:] in {"xml", "xmlns"})):
                found.setdefault(name, value)
                self._note_prefix(name)
        return found

    def _note_prefix(self, name: str) -> None:
        prefix, colon, _ = name.partition(":")
        if colon and prefix not in {"xml", "xmlns"}:
            self._prefixes.add(prefix)

    def _declare(self) -> None:
        """Declare at the root what is used and not declared there."""
        if self._root_at < 0:
            return
        missing = sorted(self._prefixes - self._declared)
        spaces = "".join(
            f' xmlns:{p}="{WELL_KNOWN.get(p.lower(), f"urn:prefix:{p}")}"' for p in missing
        )
        root = self._out[self._root_at]
        begin = _NAMES_ONLY.match(root, 1)
        if begin:
            self._out[self._root_at] = root[: begin.end()] + spaces + root[begin.end() :]


_ENTRY_BEGINS = re.compile(r"<(?:\w{1,20}:)?(?:item|entry|url|sitemap)[\s>]", re.IGNORECASE)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
