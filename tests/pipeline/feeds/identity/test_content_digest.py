"""Which differences between two documents of a feed count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.identity import content_digest

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Alder</title>
<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>
<lastBuildDate>Mon, 02 Mar 2026 08:00:00 GMT</lastBuildDate>
<item><title>One</title><pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate></item>
</channel></rss><!-- made in 0.3 s -->"""
QUOTED = b"""<rss><channel><item><description><![CDATA[ <!-- open ]]></description></item>
<item><title>Two</title><description><![CDATA[ --> ]]></description></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Alder</title>
<updated>2026-03-02T08:00:00Z</updated>
<entry><title>One</title><updated>2026-03-02T07:00:00Z</updated></entry></feed>"""


@pytest.mark.parametrize(
    ("document", "old", "new"),
    [
        pytest.param(RSS, b"08:00:00 GMT</lastB", b"08:15:00 GMT</lastB", id="build-date"),
        pytest.param(RSS, b"08:00:00 GMT</pub", b"08:15:00 GMT</pub", id="channel-date"),
        pytest.param(RSS, b"0.3 s", b"11 s", id="comment"),
        pytest.param(RSS, b"<!-- made in 0.3 s -->", b"", id="comment-gone"),
        pytest.param(ATOM, b"08:00:00Z", b"08:15:00Z", id="feed-updated"),
    ],
)
def test_time_of_making_does_not_count(document: bytes, old: bytes, new: bytes) -> None:
    other = document.replace(old, new)
    assert other != document
    assert content_digest.digest(other) == content_digest.digest(document)


@pytest.mark.parametrize(
    ("document", "old", "new"),
    [
        pytest.param(RSS, b"07:00:00 GMT", b"07:01:00 GMT", id="entry-date"),
        pytest.param(RSS, b"One", b"Two", id="entry-title"),
        pytest.param(RSS, b"Alder", b"Birch", id="feed-title"),
        pytest.param(RSS, b"</item>", b"</item><item/>", id="one-more-entry"),
        pytest.param(ATOM, b"07:00:00Z", b"07:01:00Z", id="entry-updated"),
        pytest.param(RSS, b"-->", b"--", id="comment-without-end"),
        pytest.param(QUOTED, b"Two", b"Three", id="between-what-looks-like-a-comment-in-cdata"),
    ],
)
def test_everything_else_counts(document: bytes, old: bytes, new: bytes) -> None:
    other = document.replace(old, new)
    assert other != document
    assert content_digest.digest(other) != content_digest.digest(document)


def test_date_in_a_document_without_entries_counts() -> None:
    one, other = (b"<p><updated>%d</updated></p>" % year for year in (2025, 2026))
    assert content_digest.digest(one) != content_digest.digest(other)


@given(st.binary(max_size=300))
def test_any_bytes_have_a_digest(body: bytes) -> None:
    assert len(content_digest.digest(body)) == 32
    assert content_digest.digest(body) == content_digest.digest(bytes(body))


def test_many_comments_without_end_take_one_pass() -> None:
    assert len(content_digest.digest(b"<!--" * 1_000_000)) == 32
