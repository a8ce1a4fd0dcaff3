"""Addresses that carry another one: AMP caches, archive copies, pages that only send on."""

from __future__ import annotations

import re
from urllib.parse import unquote

_GOOGLE = re.compile(r"(consent\.)?google\.(?:com?\.)?[a-z]{2,3}")
_SITE = r"(?:https?:/+)?(?=[^/]+\.[^/]+)"
# Hosts whose paths are addresses -> what stands before these in the path.
_CARRIERS = [
    (re.compile(host), re.compile(path))
    for host, path in (
        (
            r"(?:.+\.)?(?:cdn\.ampproject\.org|bing-amp\.com|amp\.cloudflare\.com)",
            rf"/[a-z]{{1,2}}/(?:s/)?{_SITE}",
        ),
        (r"google\.(?:com?\.)?[a-z]{2,3}", rf"/amp/(?:s/)?{_SITE}"),
        (r"web\.archive\.org", rf"/web/(?:\d{{4,14}}(?:[a-z]{{2}}_)?/)?{_SITE}"),
        (
            r"archive\.(?:ph|is|today|li|vn|md|fo)",
            r"/(?:newest|latest|o/\w+|\d{4}[\d.-]*)/https?:/+",
        ),
        (r"us\.rd\.yahoo\.com", r"/.*\*https?:/+"),
        (r"12ft\.io", r"/https?:/+"),
    )
]
_TURBO = re.compile(r"(?:/turbo)?(?:/s)?/([^/]+\.[^/]+)(?:/s)?(/.*)")  # Yandex' AMP
_YAHOO = re.compile(r"/RU=([^/]+)")
_CACHED = re.compile(r"cache:(?:[\w-]{12}:)?(?:https?://)?([^/\s]+\.\S+)")
_SCANNED = re.compile(r"/v3/__https?:/+([^*]+?)__;.*")  # a * stands for a character told elsewhere
_ABSOLUTE = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_ENCODED_QUERY = re.compile(r"%3f", re.IGNORECASE)
# Host without www and path of pages that only send on -> the parameters that may hold the address.
_REDIRECTORS = {
    "google/url": ("url", "q"),
    "news.google.com/news/url": ("url",),
    "facebook.com/l.php": ("u",),
    "l.facebook.com/l.php": ("u",),
    "lm.facebook.com/l.php": ("u",),
    "l.instagram.com/": ("u",),
    "youtube.com/redirect": ("q",),
    "t.umblr.com/redirect": ("z",),
    "vk.com/away.php": ("to",),
    "duckduckgo.com/l": ("uddg",),
    "getpocket.com/redirect": ("url",),
    "linkedin.com/redir/redirect": ("url",),
    "slack-redir.net/link": ("url",),
    "steamcommunity.com/linkfilter": ("url", "u"),
    "facebook.com/flx/warn": ("u",),
    "bing.com/news/apiclick.aspx": ("url",),
    "translate.google.com/translate": ("u",),
    "go.skimresources.com/": ("url",),
    "redirect.viglink.com/": ("u",),
    "l.messenger.com/l.php": ("u",),
    "l.threads.net/": ("u",),
    "l.threads.com/": ("u",),
    "t.me/iv": ("url",),
    "vk.com/away": ("to",),
    "linkedin.com/redirect": ("url",),
    "linkedin.com/safety/go": ("url",),
    "flipboard.com/redirect": ("url",),
    "exit.sc/": ("url",),
    "link.zhihu.com/": ("target",),
    "yandex.ru/turbo": ("text",),
    "yandex.com/turbo": ("text",),
    "adclick.g.doubleclick.net/pcs/click": ("adurl",),
    "googleadservices.com/pagead/aclk": ("adurl",),
    "google/aclk": ("adurl",),
    "consent.google/m": ("continue",),
    "consent.google/ml": ("continue",),
    "consent.youtube.com/m": ("continue",),
}


# Hosts whose whole query is the address.
_SENDERS = frozenset({"ad.doubleclick.net", "href.li", "anonym.to"})


def inner(host: str, path: str, query: str, pairs: list[tuple[str, str]]) -> str | None:
    """Return the address inside this one, or None when it stands for itself.

    `host` is bare (no www), `path` and `query` are as written, `pairs` the decoded query.
    """
    for carrier, before in _CARRIERS:
        if carrier.fullmatch(host) and (found := before.match(path)):
            # viewers encode the first question mark
            rest = _ENCODED_QUERY.sub("?", path[found.end() :], count=1)
            return rest + (f"{'&' if '?' in rest else '?'}{query}" if query else "")
    return _in_path(host, path, query) or _in_query(host, path, query, dict(pairs))


def _in_path(host: str, path: str, query: str) -> str | None:
    whole = f"{path}?{query}" if query else path
    if host.endswith(".turbopages.org") or (host == "yandex.ru" and path.startswith("/turbo/")):
        found = _TURBO.fullmatch(whole)
        return found[1] + found[2] if found else None
    if host == "r.search.yahoo.com" and (found := _YAHOO.search(path)):
        target = unquote(found[1])
        return target if _ABSOLUTE.match(target) else None
    if host == "urldefense.com" and (found := _SCANNED.fullmatch(whole)):
        return found[1]
    return None


def _in_query(host: str, path: str, query: str, values: dict[str, str]) -> str | None:
    if host in _SENDERS and _ABSOLUTE.match(query):
        return query
    if host == "webcache.googleusercontent.com":
        found = _CACHED.match(values.get("q", ""))
        return found[1] if found else None
    google = _GOOGLE.fullmatch(host)
    name = f"{google[1] or ''}google" if google else host
    wanted = _REDIRECTORS.get(name + (path.rstrip("/") or "/"), ())
    if host == "out.reddit.com" or host.endswith(".safelinks.protection.outlook.com"):
        wanted = ("url",)
    for parameter in wanted:
        if _ABSOLUTE.match(values.get(parameter, "")):
            return values[parameter]
    return None
