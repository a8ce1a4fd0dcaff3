"""Front pages: of a site, or of one of its languages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# /, //, /en/, /pt-br, /index.html, /home.
_FRONT = re.compile(
    r"/*+(?:(?:[a-z]{2}(?:[-_][a-z]{2})?|home|index|default|homepage|startseite|accueil|inicio)"
    r"(?:\.\w{3,5})?)?/*",
    re.IGNORECASE,
)


def is_front_page(url: str) -> bool:
    """Return whether an address is a front page's: no path but a language or an index, no query.

    A query may name an article (WordPress: `/?p=123`).
    """
    parts = urlsplit(url)
    return bool(_FRONT.fullmatch(parts.path)) and not parts.query
