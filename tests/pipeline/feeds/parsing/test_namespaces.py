from __future__ import annotations

import pytest

from pipeline.feeds.parsing import namespaces

SPELLINGS = [
    ("as_specified", "http://purl.org/dc/elements/1.1/", "dc:"),
    ("https", "https://purl.org/dc/elements/1.1/", "dc:"),
    ("no_slash", "http://purl.org/dc/elements/1.1", "dc:"),
    ("two_slashes_at_the_end", "http://purl.org/dc/elements/1.1//", "dc:"),
    ("capitals", "HTTP://PURL.org/DC/elements/1.1/", "dc:"),
    ("blanks", " http://purl.org/dc/elements/1.1/\n", "dc:"),
    ("www", "http://www.purl.org/dc/elements/1.1/", "dc:"),
    ("atom", "http://www.w3.org/2005/Atom", "atom:"),
    ("atom_https_slash", "https://www.w3.org/2005/atom/", "atom:"),
    ("atom_without_www", "http://w3.org/2005/Atom", "atom:"),
    ("atom_03", "http://purl.org/atom/ns#", "atom:"),
    ("rdf_without_its_sign", "http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf:"),
    ("itunes", "https://www.itunes.com/DTDs/Podcast-1.0.dtd", "itunes:"),
    ("media_without_slash", "https://search.yahoo.com/mrss", "media:"),
    ("sitemap", "https://www.sitemaps.org/schemas/sitemap/0.9/", "sitemap:"),
    ("rss_1", "https://purl.org/rss/1.0", ""),
    ("none", "", ""),
    ("other_version", "http://purl.org/dc/elements/2.0/", "?:"),
    ("longer", "http://purl.org/dc/elements/1.1/more", "?:"),
    ("content_is_not_rss", "http://purl.org/rss/1.0/modules/content/", "content:"),
    ("known_but_not_read", "http://purl.org/rss/1.0/modules/slash/", "other:"),
    ("nobodys", "urn:nobody", "?:"),
]


@pytest.mark.parametrize(
    ("uri", "expected"), [c[1:] for c in SPELLINGS], ids=[c[0] for c in SPELLINGS]
)
def test_namespace_is_known_by_its_meaning(uri: str, expected: str) -> None:
    assert namespaces.prefix(uri) == expected


@pytest.mark.parametrize("name", ["dc", "content", "media", "itunes", "atom", "rdf", "news", "sy"])
def test_usual_prefix_stands_for_its_namespace(name: str) -> None:
    assert namespaces.prefix(namespaces.WELL_KNOWN[name]) == f"{name}:"
