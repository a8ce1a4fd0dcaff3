"""What the decision tables are made of: claims, answers and texts, each named for what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pipeline.articles.revisions import changes
from pipeline.decide import Failed, PageRead, Same
from pipeline.errors import FetchError, IngestError
from pipeline.model import (
    Article,
    ArticleState,
    Claimant,
    DueArticle,
    Features,
    Fingerprint,
    Response,
    Revision,
    Signature,
)

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "https://mill.example/news/crane"
OLD_TEXT = "The old crane of the harbour was taken down on Monday.\nIt was blue."
NEW_TEXT = "The old crane of the harbour was sold to a museum on Friday.\nIt is blue no more."
NONE = b""
SIGNATURE = Signature(
    fingerprint=Fingerprint(text_hash=NONE, token_count=9, hashes=()),
    features=Features(
        text_hash=NONE, token_count=9, triples=NONE, fives=NONE, names=NONE, numbers=NONE
    ),
)


def claimed(**known: Any) -> DueArticle:
    """An article that was found and never asked for; `known` says what is otherwise."""
    place: dict[str, Any] = {"stage": "fetch", "outcome": "pending", "due_at": NOW, "attempts": 1}
    place |= {name: value for name, value in known.items() if name in ArticleState.__slots__}
    rest = {name: value for name, value in known.items() if name not in place}
    base: dict[str, Any] = {
        "article_id": 1,
        "url": URL,
        "url_key": "mill.example/news/crane",
        "host": "mill.example",
        "due_at": NOW,
        "lease_token": UUID(int=1),
    }
    return DueArticle(**base | rest, state=ArticleState(**place))


def stored(text_source: str = "page", **known: Any) -> DueArticle:
    """An article that has its text, fetched an hour ago, and is checked again."""
    since = {"fetched_at": NOW - HOUR, "first_fetched_at": NOW - HOUR, "text_source": text_source}
    return claimed(**{"stage": "recheck", "outcome": "stored", **since, **known})


def held(text: str = OLD_TEXT, *, seen_at: datetime = NOW - HOUR, current: bool = True) -> Revision:
    """A text that the article has."""
    digest = changes.digest("Crane", text)
    return Revision(digest=digest, is_current=current, seen_at=seen_at, title="Crane", text=text)


def page(text: str = NEW_TEXT, *, at: datetime = NOW, **facts: Any) -> PageRead:
    """A page with this text, fetched."""
    response = Response(facts.get("url", URL), 200, {}, text.encode(), at)
    return PageRead(
        article=Article(**{"url": URL, "title": "Crane", "text": text, **facts}),
        signature=SIGNATURE,
        at=at,
        response=response,
    )


def from_feed(text: str = NEW_TEXT) -> PageRead:
    """The text as a feed carries it: nobody was asked."""
    return replace(page(text), response=None)


def not_modified() -> Same:
    """A 304."""
    return Same(response=Response(URL, 304, {}, b"", NOW), outcome="not_modified")


def failed(error: IngestError | str, instead: PageRead | None = None) -> Failed:
    """A failure, with the feed's text if it may stand in."""
    if isinstance(error, str):
        error = FetchError(error, URL)
    return Failed(error=error, at=NOW, instead=instead)


def owner(**known: Any) -> Claimant:
    """Another article that owns one of the page's addresses, and waits for its first answer."""
    base: dict[str, Any] = {
        "article_id": 2,
        "alias_of": None,
        "has_text": False,
        "may_get_text": True,
        "is_removed": False,
    }
    return Claimant(**base | known)
