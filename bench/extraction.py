"""What the extraction scorer calls: our extractor behind the scorer's function(html, url) -> dict.

Usage, from the project's root (the scorer and its corpora are not part of the project):

    python SCORER/extraction_score.py CORPORA bench.extraction:extract builtin:trafilatura

A page without an article (NoArticleError) counts as a page without text.
"""

from __future__ import annotations

from pipeline.articles import extract as articles
from pipeline.errors import NoArticleError
from pipeline.model import Response


def extract(html: bytes, url: str | None) -> dict[str, object]:
    """Return text, title, author (a list) and date (a datetime) of one page."""
    try:
        article = articles.article(Response(url or "https://example.org/", body=html))
    except NoArticleError:
        return {}
    return {
        "text": article.text,
        "title": article.title,
        "author": list(article.authors),
        "date": article.published_at,
    }
