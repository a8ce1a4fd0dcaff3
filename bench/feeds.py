"""The feed parser as the corpus scorer wants it: a function that answers a list of dicts.

    PYTHONPATH=. .venv/bin/python feed_score.py bench.feeds:entries CORPUS_DIR
                 [--kind real,torture] [--show FIELD] [--max-show N] [--crashes]

The scorer and the corpus (935 documents with expected values) are kept apart from this repository.
"""

from __future__ import annotations

from pipeline.feeds import parse
from pipeline.model import Document, Entry, Response

Row = dict[str, str | None]


def entries(data: bytes, url: str | None = None, content_type: str | None = None) -> list[Row]:
    """Return the entries of a document, one dict each; FeedUnreadableError if it is no feed."""
    headers = {"content-type": content_type} if content_type else {}
    document = parse.document(Response(url or "", headers=headers, body=data))
    return [_row(document, entry) for entry in document.entries]


def _row(document: Document, entry: Entry) -> Row:
    # A sitemap has no identifiers but its addresses.
    return {
        "id": entry.guid or (entry.url if document.format == "sitemap" else None),
        "url": entry.url,
        "title": entry.title,
        "published": entry.published_at.isoformat() if entry.published_at else None,
        "author": ", ".join(entry.authors) or None,
        "summary": entry.summary,
        "content": entry.content,
    }
