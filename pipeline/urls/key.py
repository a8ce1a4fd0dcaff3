"""The comparison key of an address."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from operator import itemgetter
from urllib.parse import quote, unquote_to_bytes

from pipeline.errors import BadUrlError
from pipeline.urls import naming, tracking, wrapping
from pipeline.urls.address import ascii_host, authority, registrable, shown, split

_MAX_LENGTH = 8192  # characters; longer is an attack or data in an address, never an article
_MAX_PASSES = 12  # until a key stands still: addresses wrapped more deeply are hostile
# Labels of the same site for another device.
_MIRRORS = frozenset({"m", "mobile", "mobil", "mobi", "amp", "wap", "touch", "3g", "pda"})
_MOBILE_EDITION = re.compile(r"^([a-z]{2,3})\.m\.(?=[^.]+\.[^.])")  # en.m.example.org
# Sites that show the same articles at the same paths of two hosts.
_ONE_SITE = {
    "bbc.co.uk": "bbc.com",
    "edition.cnn.com": "cnn.com",
    "us.cnn.com": "cnn.com",
    "twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
}

_PLAIN = re.compile(r"[A-Za-z0-9_~.!$'()*,;:@-]*")
_ESCAPES = "surrogateescape"
_SAFE_IN_PATH = "!$&'()*+,;=:@"
_SAFE_IN_QUERY = "!$'()*,;:@/?"
_SAFE_IN_ROUTE = _SAFE_IN_PATH + "/?"

_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\(S\([0-9a-z]{24}\)\)", re.IGNORECASE)
_INDEX_PAGE = re.compile(
    r"(?:/(?:index|default)\.(?:s?html?|php\d?|aspx?|jsp|cfm)){1,3}$", re.IGNORECASE
)
_AMP_FORM = re.compile(
    r"^(?:(?:/platform)?/amp)+(?=/.)"  # /amp/2024/storm
    # /2024/storm/amp, /2024/storm/amp/1; /tag/amp is a list
    r"|(?<=.)(?<!/tag)(?<!/tags)(?<!/topic)(?<!/topics)(?<!/category)(?<!/label)(?:/amp)+(?:/\d)?$"
    r"|/amp(?=/(?:(?:[^/\d]*\d){3}|(?:[^/-]*-){2})[^/]*$)"  # /news/amp/storm-5512
    r"|[._]amp(?=\.s?html?$)|\.amp$"  # storm.amp.html, storm.amp
    r"|(?<=\d{5})-amp(?=(?:\.s?html?)?$)"  # storm-20451-amp; top-2026-amp is a headline
    r"|(?<=/)amp_(?=articleshow/)"
)
_WHOLE_VIEW = re.compile(r"/(?:print|page/1|komplettansicht)$")  # of an article: itself
_STRAY_CAMPAIGN = re.compile(r"&(?:amp;)*utm_[a-z]+=.*$")  # /storm&utm_source=rss, a "?" is missing
_SECOND_MARK = re.compile(r"\?(?=utm_[a-z]+=)")  # ?id=5?utm_source=rss


def canonical(url: str) -> str:
    """Return the comparison key of `url`: equal keys mean one article. Never fetched, never shown.

    No scheme, credentials or default port; the host in IDNA without www, m, mobile, amp and the
    like; tracking parameters gone and the rest sorted by name, values of one name in their order;
    AMP forms and caches, archive copies, redirectors, index pages and print views folded. The
    case of the path, `%2F` inside a segment, `#!` and `#/` routes and every parameter that may
    name the article stay. A key is its own key.

    Raises:
        BadUrlError: not an http(s) address, or longer than 8,192 characters.
    """
    key = url.strip()
    for _ in range(_MAX_PASSES):
        if len(key) > _MAX_LENGTH:
            raise BadUrlError(f"longer than {_MAX_LENGTH} characters: {shown(url)}")
        try:
            folded = _folded(key)
        except UnicodeEncodeError as error:
            raise BadUrlError(f"not Unicode text: {shown(url)}") from error
        if folded == key:
            return key
        key = folded
    raise BadUrlError(f"wrapped more than {_MAX_PASSES} times: {shown(url)}")


def _folded(url: str) -> str:
    parts = split(url)
    bare = bare_host(ascii_host(parts.hostname or ""))
    pairs = _pairs(_SECOND_MARK.sub("&", parts.query)) if parts.query else []
    wrapped = wrapping.inner(bare, parts.path, parts.query, pairs)
    if wrapped:
        return wrapped
    path = _path(parts.path)
    named = bool(pairs or bare in _ONE_SITE) and naming.is_article(path)
    return (
        authority(parts, _ONE_SITE.get(bare, bare) if named else bare)
        + path
        + _query(tracking.without(pairs, bare, named=named))
        + _route(parts.fragment)
    )


@lru_cache(maxsize=16_384)
def bare_host(name: str) -> str:
    """Return an ASCII host without the labels that only choose a device.

    A label stays when it is part of the registrable domain (`m.com`, `amp.com.au`).
    """
    label, _, rest = name.partition(".")
    while "." in rest and (label == "www" or (label in _MIRRORS and registrable(name) != name)):
        name = rest
        label, _, rest = name.partition(".")
    return _MOBILE_EDITION.sub(r"\1.", name)


def _path(path: str) -> str:
    segments: list[str] = []
    for segment in path.split("/"):
        plain = segment if _PLAIN.fullmatch(segment) else _quoted(segment, _SAFE_IN_PATH)
        if plain == "..":
            del segments[-1:]
        elif plain not in {"", "."}:
            segments.append(plain)
    folded = _SESSION.sub("", _STRAY_CAMPAIGN.sub("", "/" + "/".join(segments)))
    folded = _AMP_FORM.sub("", _INDEX_PAGE.sub("", folded))
    view = _WHOLE_VIEW.search(folded)
    if view and naming.is_article(folded[: view.start()]):
        folded = folded[: view.start()]
    return folded or "/"


def _pairs(query: str) -> list[tuple[str, str]]:
    """The decoded names and values; `&amp;` left over from HTML counts as `&`."""
    pairs = []
    for part in query.split("&"):
        while part[:4].lower() == "amp;":
            part = part[4:]  # noqa: PLW2901 - peels the same part
        name, _, value = part.replace("+", " ").partition("=")
        if name or value:
            pairs.append((_decoded(name), _decoded(value)))
    return pairs


def _query(pairs: list[tuple[str, str]]) -> str:
    if not pairs:
        return ""
    # each pair once; of a name given twice sites take the first or the last: their order stays
    spelled = dict.fromkeys((_spelled(name), _spelled(value)) for name, value in pairs)
    ordered = sorted(spelled, key=itemgetter(0))
    return "?" + "&".join(f"{name}={value}" if value else name for name, value in ordered)


def _spelled(decoded: str) -> str:
    return (
        decoded
        if decoded.isalnum() and decoded.isascii()
        else quote(decoded, _SAFE_IN_QUERY, errors=_ESCAPES)
    )


def _route(fragment: str) -> str:
    """The fragment when a script of the page reads it as a path, else nothing."""
    route = fragment.partition(":~:")[0]
    if len(route) > 1 and route[0] in "!/":
        return "#" + _quoted(route, _SAFE_IN_ROUTE)
    return ""


def _decoded(text: str) -> str:
    """Percent-decoded, in NFC; bytes that are no UTF-8 (a GBK query) are kept as escapes."""
    if "%" not in text and text.isascii():
        return text
    return unicodedata.normalize("NFC", unquote_to_bytes(text).decode("utf-8", _ESCAPES))


def _quoted(text: str, safe: str) -> str:
    """`text` with one spelling of each percent-encoding: NFC, upper-case, only where needed."""
    return quote(_decoded(text), safe, errors=_ESCAPES)
