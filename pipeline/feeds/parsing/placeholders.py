"""Values that stand where an identifier or a link should be and say that there is none."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from urllib.parse import unquote, urlsplit

# Of an address, the words that only a program writes when it has nothing: a path of one of these
# alone was put together from a site and an absent value.
_OF_PROGRAMS = frozenset({"null", "undefined", "nan", "[object object]", "n/a"})


def _values() -> frozenset[str]:
    text = files("pipeline.feeds.parsing").joinpath("placeholders.toml").read_text("utf-8")
    return frozenset(
        value for group in tomllib.loads(text)["placeholder"] for value in group["values"]
    )


_VALUES = _values()


def is_placeholder(written: str) -> bool:
    """Return whether a guid or a link, as written, stands for none at all."""
    return " ".join(written.split()).casefold() in _VALUES


def is_placeholder_address(url: str) -> bool:
    """Return whether the path of an absolute address is nothing but a program's word for none.

    `https://site.example/undefined` is one, `https://site.example/none` may be a page.
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return unquote(path).strip("/ ").casefold() in _OF_PROGRAMS
