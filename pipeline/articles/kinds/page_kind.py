"""What sort of page this is, as its data, its address and its structure say.

One sign that its publisher gives by a type counts alone; of signs that other pages have too
(an address, a word in the headline, the look of the text) it takes two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.articles.facts.meta_tags import words
from pipeline.articles.kinds import listing, paywalls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

    from pipeline.articles.kinds.page import Page

STAMPED_LINES = 5
"""Lines or blocks that begin with a time of day, from which a text is a running account."""

_BLOCKS = frozenset({"div", "li", "article", "section", "header", "p"})

FIGURES = 8
"""Figures from which a short text at the address of a gallery is one."""

STAMPED_BLOCK = 80
"""Characters of a block beside its time of day, from which it is a report."""

# A word in a slug ("...-en-direct-...") is also where one reads how to watch a match.
_LIVE_OWN = re.compile(
    r"(?:^|[/_-])(?:live-?blogs?|live-?ticker|live-?updates?|as-it-happened|minute-by-minute|minuto-a-minuto|minuto-per-minuto|liverapport"
    r"|direktrapport|hetki-hetkelta|percrol-percre|tekstiliveseuranta|text-?translyaciya|relacja-na-zywo|on-?line-prenos|canli-anlatim)(?:$|[/_.-])"
    r"|/(?:en-direct|en-vivo|ao-vivo|tempo-real|in-diretta|na-zywo|live-?reporting)/",
    re.IGNORECASE,
)
_LIVE_ADDRESS = re.compile(
    r"/(?:live|directo|direct|en-?vivo|aovivo|direto|diretta|dirette|direkt|direkte|direkto|zivo|nazywo|canli|online|suora)(?:$|[/_.-])"
    r"|[_-]live(?:-[a-z]*\d+)?(?:\.\w+)?/?$",
    re.IGNORECASE,
)
_LIVE_HEADLINE = re.compile(
    r"\blive[ -]?(?:updates?|blog|ticker|coverage|reporting|news)\b|\blive\s*[:|\u2013\u2014]|[:|\u2013\u2014-]\s*live\b|\bas it happened\b|minute by minute"
    r"|\ben direct\b|en vivo\b|minuto a minuto|\ben directo\b|directo\s*[:|]|última hora\b|\bao vivo\b|\bao minuto\b|em tempo real|\bem direto\b|\bin diretta\b|\bdiretta\s*[:|,]|la diretta\b"
    r"|\bim live-?ticker\b|newsblog|newsticker|\bliveverslag\b|liveblog|na żywo|relacja live|živě\b|online přenos|\bcanl[i\u0131]\b|dakika dakika"
    r"|онлайн|прямая трансляция|текстовая трансляция|наживо|пряма трансляція|tekstiliveseuranta|hetki hetkeltä|\bsuora:|liverapport|direktrapport|\bdirekte\s*[:|]"
    r"|percről percre|élőben|\bîn direct\b|live text|\blangsung\s*[:|]|trực tiếp|ζωντανά|λεπτό προς λεπτό|לייב|מתעדכן|مباشر|لحظة بلحظة|लाइव|ไลฟ์|อัปเดตสด"
    r"|实时更新|即時更新|文字直播|直播|ライブ|速報中|실시간|라이브",
    re.IGNORECASE,
)
_LIVE_BOX = re.compile(
    r"(?:class|id)=[\"'][^\"'<>]{0,200}\b(?:live-?blog|live-?ticker|live-?updates?|LB24|24liveblog|tickaroo|tik3-|scrbbl-embed|ncposts-)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\W{0,3}(?:[A-Z]\w{2,8}\.? \d{1,2}[,.]? )?(?:[01]?\d|2[0-3])\s?[:.hH]\s?[0-5]\d(?!\d)(?:\s?(?:[ap]\.?m\b|uhr|h\b|klo))?",
    re.IGNORECASE,
)
_VIDEO = re.compile(r"video|movie|episode", re.IGNORECASE)
_VIDEO_ADDRESS = re.compile(
    r"/(?:videos?|watch|av|mediathek|vod|tv|webtv|video-\w+)(?:/|\.|$)", re.IGNORECASE
)
_GALLERY = re.compile(
    r"(?:Image|Media|Photo)Gallery$|ImageObjectGallery$|Photograph$|^(?:photo_?)?gallery$",
    re.IGNORECASE,
)
_GALLERY_ADDRESS = re.compile(
    r"[/_-](?:(?:photo-?|image-?|picture-?)?galler(?:y|ies)|fotostrecken?|bilderstrecken?|bildergalerien?|diaporamas?|portfolios?|fotogaler(?:ia|ias|ie|ii|ija)"
    r"|galer(?:ia|ias|ie|i|ija)|fotogalleri(?:a|e)?|galleria|slide-?shows?|foto-?specials?|in-pictures|photos|fotos|pictures)(?:[/_.-]|$)",
    re.IGNORECASE,
)
# Main things of pages that are no articles, though their headline stands in an `article` element.
_THING = re.compile(
    r"^(?:Product(?:Group)?|QAPage|Podcast(?:Episode|Series)|RadioEpisode|JobPosting|RealEstateListing)$"
)


def page_kind(page: Page) -> str | None:
    """Return live_blog, teaser, gallery, video, listing or article; None for none of them.

    A page that declares nothing is an article when an h1 stands in an `article` element.
    """
    return next(kinds(page), None)


def kinds(page: Page) -> Iterator[str]:
    """Yield the kind of each rule that holds, in their order: the first one decides."""
    return (kind for kind, holds in _RULES if holds(page))


def _is_live(page: Page) -> bool:
    """LiveBlogPosting; or the address or headline says so, and the text is a running account.

    An address and a headline that have a word for nothing but that (liveblog, en-direct) count together.
    """
    if any(name.endswith("LiveBlogPosting") for name in page.linked.types):
        return True
    path = urlsplit(page.head.url).path
    named = any(map(_LIVE_HEADLINE.search, [*page.names[:1], page.linked.headline or ""]))
    own = bool(_LIVE_OWN.search(path))
    if not (named or own or _LIVE_ADDRESS.search(path)):
        return False
    return (named and own) or bool(_LIVE_BOX.search(page.source)) or _is_stamped(page)


def _is_stamped(page: Page) -> bool:
    """Whether many lines, or many blocks that are not teasers, begin with a time of day."""
    stamps = {found.group() for line in page.lines if (found := _CLOCK.match(line))}
    if len(stamps) >= STAMPED_LINES:
        return True
    blocks = [
        time
        for time in page.tree.iter("time")
        if _CLOCK.match(words(time)) and _is_report(time.getparent())
    ]
    return len(blocks) >= STAMPED_LINES


def _is_report(block: etree._Element | None) -> bool:
    """Whether a block that holds a time, or the one around it, has a paragraph."""
    around = None if block is None else block.getparent()
    return any(
        len(words(part)) >= STAMPED_BLOCK
        for element in (block, around)
        if element is not None and element.tag in _BLOCKS
        for part in element.iter("p")
    )


def _is_gallery(page: Page) -> bool:
    """A gallery's type, without a long text of an article; or its address, its pictures and no text."""
    types = page.linked.article_types or page.linked.types
    if any(map(_GALLERY.search, [*types, page.og_type])):
        return page.is_short or not page.says_article
    if not page.is_short or not _GALLERY_ADDRESS.search(urlsplit(page.head.url).path):
        return False
    declared = any(map(_GALLERY.search, page.linked.types))
    return declared or sum(1 for _ in page.tree.iter("figure")) >= FIGURES


def _is_video(page: Page) -> bool:
    """A short text under og:type video or a VideoObject; of an article, only at a video's address."""
    if not page.is_short:
        return False
    if _VIDEO.search(page.og_type):
        return True
    if "VideoObject" not in page.linked.types and not page.head.first("og:video", "og:video:url"):
        return False
    if _VIDEO_ADDRESS.search(urlsplit(page.head.url).path):
        return True
    return "VideoObject" in page.linked.types and not (
        page.linked.article_types or page.says_article
    )


def _is_article(page: Page) -> bool:
    return bool(page.linked.article_types) or page.says_article


def _is_marked_up(page: Page) -> bool:
    if any(map(_THING.match, page.linked.types)):
        return False
    return any(True for h1 in page.tree.iter("h1") for _ in h1.iterancestors("article"))


_RULES: tuple[tuple[str, Callable[[Page], bool]], ...] = (
    ("live_blog", _is_live),
    ("teaser", paywalls.is_teaser),
    ("gallery", _is_gallery),
    ("video", _is_video),
    ("listing", listing.is_list_page),
    ("article", _is_article),
    ("listing", listing.says_list),
    ("article", _is_marked_up),
)
