"""Feed addresses on a page and in a robots.txt, the likeliest first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from lxml import etree

from pipeline import text
from pipeline.feeds.parsing import links
from pipeline.feeds.subscriptions import feed_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

    from pipeline.model import Document, Response

# More than this no page offers in earnest; each is a request.
MOST_CANDIDATES = 40
# What is looked at: more links, or longer ones, are no help and cost time.
_MOST_ANCHORS = 2000
_LONGEST_ALIKE = 300
_MOST_SITEMAPS = 3
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)

_LONGEST_TITLE = 100
_LINK = re.compile(r"""<([^<>]{1,2000})>((?:[^<>,"]|"[^"]*")*)""")
_PARAMETER = re.compile(r"""(?<![\w*-])([\w*-]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""")

# Types that say feed (the WHATWG link type `alternate`, jsonfeed.org, and what is seen).
_FEED_TYPES = re.compile(
    r"\s*(?:application/(?:x[.-])?(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:text|application)/xml"
    r"|text/(?:rss|atom)(?:\+xml)?|application/(?:rss|atom))\s*(?:;|$)",
    re.IGNORECASE,
)
# Plain JSON may be a feed; WordPress links its programming interface so.
_JSON_TYPES = re.compile(r"\s*(?:application|text)/(?:x-)?json\s*(?:;|$)", re.IGNORECASE)
_API = re.compile(r"/wp-json(?:/|$)|[?&]rest_route=|/oembed\b", re.IGNORECASE)
_LOOKS_LIKE_FEED = re.compile(
    r"""^https?://[^/?#]+/(?:[^?#]*/)?
        (?: (?:feeds?|rss|atom|rdf)[0-9.]{0,4}(?:\.(?:xml|json|rss|atom|php|aspx?))?/?
          | (?:feeds?|rss|atom)/[^?#]{0,80}\.(?:xml|json|php)
          | [^/?#]{0,80}\.(?:rss|atom|rdf)
          | (?:index|[a-z0-9_-]{0,40}(?:feed|rss|atom)[a-z0-9_-]{0,40})\.(?:xml|json|rdf)
        )(?:[?#]|$)
      | ^https?://[^?#]+\?(?:[^#]*&)?(?:feed|format|type|output)=(?:rss2?|atom|rdf|feed)\b
      | ^https?://(?:feeds|rss)\.[^/?#]+/[^?#]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_USUAL_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a feed, and why it stands where it stands in the order."""

    url: str
    why: str
    kind: feed_kinds.Kind | None = None
    is_guess: bool = False


def candidates(page: Response) -> tuple[Candidate, ...]:
    """Return addresses that may be feeds of a page, the likeliest first: at most 40, no duplicates.

    First the feeds that the page names (HTTP header `Link` and link elements with rel=alternate,
    in document order), then what it links to and looks like a feed. Of both, feeds of comments,
    categories, tags and authors come after all others. Last the usual places on its host. Nothing
    was asked for.
    """
    root = _root(page)
    base = _base(root, page.url)
    mentions = [*_in_header(page)]
    if root is not None:
        mentions += [replace(one, base=base) for one in (*_named(root), *_linked(root))]
    placed = sorted(filter(None, map(_placed, mentions)), key=lambda one: one[0])
    usual = (links.absolute(path, page.url) for path in _USUAL_PATHS)
    found = [_preferred(candidate, placed) for _, candidate in placed]
    found += [Candidate(url=url, why="a usual place", is_guess=True) for url in usual if url]
    by_url: dict[str, Candidate] = {}
    for one in found:
        by_url.setdefault(one.url, one)
    return tuple(by_url.values())[:MOST_CANDIDATES]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """A feed as the page speaks of it: `how` is the number of the way, the surest first."""

    href: str
    title: str
    how: int
    base: str = ""


_WAYS = (
    "named by the header Link",
    "named by the page",
    "perhaps named by the page",
    "linked on the page",
)


def _placed(mention: _Mention) -> tuple[tuple[int, int], Candidate] | None:
    """Where a mention stands in the order, and the candidate that it is; None for no address."""
    href = links.without_feed_scheme(mention.href, mention.base)
    url = links.absolute(href, mention.base)
    is_named = mention.how != _LINKED or href != mention.href  # the scheme of feed readers says it
    if not url or not (is_named or _is_alike(url)):
        return None
    url = url.partition("#")[0]
    kind = feed_kinds.kind(url, mention.title)
    way = _WAYS[mention.how] + (f' as "{mention.title}"' if mention.title else "")
    why = f"{way}, {_KINDS[kind]}" if kind else way
    return (_ORDER[kind], mention.how), Candidate(url=url, why=why, kind=kind)


def _preferred(
    candidate: Candidate, placed: Sequence[tuple[tuple[int, int], Candidate]]
) -> Candidate:
    """A candidate of posts that says which others it stands before."""
    passed = {one.url for _, one in placed if one.kind and one.url != candidate.url}
    if candidate.kind or not passed:
        return candidate
    feeds = "a feed" if len(passed) == 1 else f"{len(passed)} feeds"
    why = f"{candidate.why}, before {feeds} of comments or of one category, tag or author"
    return replace(candidate, why=why)


_ORDER: dict[feed_kinds.Kind | None, int] = {None: 0, "narrow": 1, "comments": 2}
_KINDS = {
    "narrow": "a feed of one category, tag or author: no feed of all posts was found before it",
    "comments": "a feed of comments: no feed of posts was found before it",
}
_IN_HEADER, _NAMED, _PERHAPS, _LINKED = range(4)


def sitemaps(robots: Response) -> tuple[str, ...]:
    """Return sitemaps that a robots.txt names and that may hold news: at most 3, likeliest first.

    Those whose address says news come first. A site can have hundreds that list all it ever
    published (sitemaps.org, "Specifying the Sitemap location in your robots.txt file").
    """
    told = text.clean(text.decode(robots.body))
    named = (links.absolute(found, robots.url) for found in _SITEMAP.findall(told))
    found = dict.fromkeys(url for url in named if url)
    return tuple(sorted(found, key=lambda url: "news" not in url.lower()))[:_MOST_SITEMAPS]


def has_news(document: Document) -> bool:
    """Return whether a document is a feed and no mere list of pages: a sitemap with headlines."""
    return document.format != "sitemap" or any(entry.title for entry in document.entries)


def _root(page: Response) -> Element | None:
    label = text.header_charset(page.headers.get("content-type"))
    whole = text.clean(text.decode(page.body, label)).encode()
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        return etree.fromstring(whole, parser) if whole.strip() else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def _base(root: Element | None, url: str) -> str:
    """The address in the first base element that has one, resolved, or the page's own.

    WHATWG HTML 4.2.3: a base element without href has no say.
    """
    named = root.iter("base") if root is not None else ()
    href = next((str(one.get("href")) for one in named if one.get("href") is not None), "")
    return links.absolute(href, url) or url


def _in_header(page: Response) -> Iterator[_Mention]:
    """Feeds in the HTTP header `Link` (RFC 8288), which is relative to the page's address."""
    for found in _LINK.finditer(page.headers.get("link", "")):
        told = _PARAMETER.findall(found[2])
        said = {name.lower(): quoted or bare for name, quoted, bare in told} | {"href": found[1]}
        if (how := _how(said)) is not None:
            title = text.line(said.get("title"), _LONGEST_TITLE) or ""
            how = how if how == _PERHAPS else _IN_HEADER
            yield _Mention(href=found[1], title=title, how=how, base=page.url)


def _named(root: Element) -> Iterator[_Mention]:
    for link in _elements(root, "link"):
        said = {name: str(link.get(name, "")) for name in ("rel", "type", "href", "title")}
        if (how := _how(said)) is not None and said["href"]:
            title = text.line(said["title"], _LONGEST_TITLE) or ""
            yield _Mention(href=said["href"], title=title, how=how)


def _how(said: Mapping[str, str]) -> int | None:
    """How sure a link with these attributes names a feed; None when it does not."""
    relations = said.get("rel", "").lower().split()
    kind = said.get("type", "")
    if "feed" in relations or ("alternate" in relations and _FEED_TYPES.match(kind)):
        return _NAMED
    is_json = "alternate" in relations and _JSON_TYPES.match(kind) is not None
    return _PERHAPS if is_json and not _API.search(said.get("href", "")) else None


def _linked(root: Element) -> Iterator[_Mention]:
    for anchor in islice(_elements(root, "a"), _MOST_ANCHORS):
        href = str(anchor.get("href", ""))
        kind = str(anchor.get("type", ""))
        is_named = _FEED_TYPES.match(kind) is not None
        if href:
            yield _Mention(href=href, title="", how=_NAMED if is_named else _LINKED)


def _elements(root: Element, tag: str) -> Iterator[Element]:
    """Elements of a page; what stands behind </html> becomes a sibling of the root."""
    return chain.from_iterable(top.iter(tag) for top in (root, *root.itersiblings()))


def _is_alike(url: str | None) -> bool:
    short = url is not None and len(url) <= _LONGEST_ALIKE
    return short and _LOOKS_LIKE_FEED.search(url or "") is not None
