"""Addresses: which may be asked for, and when two of them name the same article. Pure."""

from pipeline.urls.address import fetchable, host, name_owner, origin, site
from pipeline.urls.front_page import is_front_page
from pipeline.urls.key import canonical
from pipeline.urls.plausible import plausible_canonical, plausible_redirect

__all__ = [
    "canonical",
    "fetchable",
    "host",
    "is_front_page",
    "name_owner",
    "origin",
    "plausible_canonical",
    "plausible_redirect",
    "site",
]
