"""What recognises a text, and its place among others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What recognises a text: `text_hash` its exact words, `hashes` its winnowed shingles."""

    text_hash: bytes
    token_count: int
    hashes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What two texts are compared by: packed 32-bit hashes, about 3.5 kB for 360 tokens.

    `triples` and `fives` are the 3- and 5-shingles in text order, `names` the capitalised words
    inside sentences, `numbers` the words with a digit.
    """

    text_hash: bytes
    token_count: int
    triples: bytes
    fives: bytes
    names: bytes
    numbers: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What recognises a text again, and what decides whether another tells the same."""

    fingerprint: Fingerprint
    features: Features


@dataclass(frozen=True, slots=True)
class StoryText:
    """A text to be grouped with others that tell the same."""

    id: int
    url: str
    title: str | None
    text: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two articles that tell the same text; `score` is 0 .. 1, `article_id` the later one.

    `jaccard` says which of two links counts when an operator lets only one: the whole texts, where
    `score` takes a short one's view.
    """

    article_id: int
    other_article_id: int
    kind: str
    score: float
    reason: str
    jaccard: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPlace:
    """An article's place in its story."""

    article_id: int
    story_id: int
    is_lead: bool
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A text as it is told from others at a glance, and its article's story (None: not published)."""

    article_id: int
    site: str
    story_id: int | None
    text_hash: bytes
    token_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An article in (or about to enter) a story, with what decides its place there."""

    article_id: int
    story_id: int | None
    is_lead: bool | None
    duplicate_kind: str | None
    site: str
    published_at: datetime | None
    first_seen_at: datetime
    text_hash: bytes
    token_count: int
    numbers: bytes
    is_teaser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStory:
    """A story as it is going to stand: its seats, the article that leads, since when it is known."""

    story_id: int | None
    merged: tuple[int, ...]
    seats: tuple[StoryMember, ...]
    leader: StoryMember
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An operator's word on articles: who said it, when, and why if that was told."""

    ruled_by: str
    ruled_at: datetime
    reason: str | None
