"""Addresses that carry another one: AMP caches, archive copies, pages that only send on."""

from __future__ import annotations

import re

_AMP_CACHE = re.compile(r"(?:.+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)")
_AMP_CACHE_PATH = re.compile(r"/[a-z]{1,2}/(?:s/)?(?=[^/]+\.[^/]+)")
_GOOGLE = re.compile(r"google\.(?:com?\.)?[a-z]{2,3}")
_GOOGLE_AMP_PATH = re.compile(r"/amp/(?:s/)?(?=[^/]+\.[^/]+)")
_ARCHIVE_PATH = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/(?:https?:/+)?(?=[^/]+\.[^/]+)")
_ABSOLUTE = re.compile(r"https?://[^/?#]", re.IGNORECASE)
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
}


def inner(host: str, path: str, query: str, pairs: list[tuple[str, str]]) -> str | None:
    """Return the address inside this one, or None when it stands for itself.

    `host` is bare (no www), `path` and `query` are as written, `pairs` the decoded query.
    """
    carried = _carrier(host)
    found = carried.match(path) if carried else None
    if found:
        return path[found.end() :] + (f"?{query}" if query else "")
    name = "google" if _GOOGLE.fullmatch(host) else host
    wanted = _REDIRECTORS.get(name + (path.rstrip("/") or "/"), ())
    if host == "out.reddit.com" or host.endswith(".safelinks.protection.outlook.com"):
        wanted = ("url",)
    values = dict(pairs)
    for parameter in wanted:
        if _ABSOLUTE.match(values.get(parameter, "")):
            return values[parameter]
    return None


def _carrier(host: str) -> re.Pattern[str] | None:
    """The form of the paths of `host` that hold an address, if it is one of the known carriers."""
    if _AMP_CACHE.fullmatch(host):
        return _AMP_CACHE_PATH
    if _GOOGLE.fullmatch(host):
        return _GOOGLE_AMP_PATH
    return _ARCHIVE_PATH if host == "web.archive.org" else None
