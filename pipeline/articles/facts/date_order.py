"""Whether the day or the month comes first where a page writes a date in figures."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

_OTHER_NAMES = {"UK": "GB"}


def is_day_first(language: str | None, url: str) -> bool | None:
    """Return whether the day comes first in the page's language (a BCP 47 tag); None if nothing says so.

    Where the tag names no region, the country that the site's name ends in is meant. Source: the short dates of
    Unicode CLDR; what it knows of English alone is that of the United States.
    """
    country = (urlsplit(url).hostname or "").rpartition(".")[2].upper()
    country = _OTHER_NAMES.get(country, country)
    subtags = (language or "und").replace("_", "-").split("-")
    region = next((tag.upper() for tag in subtags[1:] if len(tag) == len("US")), country)
    return _in_locale(subtags[0].lower(), region)


@lru_cache(1024)
def _in_locale(language: str, region: str) -> bool | None:
    """The order in a language and region, or else in the language alone.

    Where the year comes first (2031. 3. 2.), a date that begins otherwise is a foreign one: the day comes first.
    """
    has_region = len(region) == len("US")
    own = (f"{language}_{region}", language) if has_region else (language,)
    by_country = (f"und_{region}",) if has_region else ()
    for name in (*(own if language != "und" else ()), *by_country):
        try:
            pattern = str(Locale.parse(name).date_formats["short"].pattern)
        except (UnknownLocaleError, ValueError):
            continue
        return pattern.startswith("y") or pattern.index("d") < pattern.index("M")
    return None
