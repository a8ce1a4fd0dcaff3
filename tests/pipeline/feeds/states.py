"""Feed states for tests, made of flat names: those of the columns of ingest.feed_state."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pipeline.model import (
    DueFeed,
    FeedHealth,
    FeedMove,
    FeedRhythm,
    FeedState,
    FeedValidators,
    ValidatorTrust,
)

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PARTS: dict[str, type[Any]] = {
    "validators": FeedValidators,
    "health": FeedHealth,
    "move": FeedMove,
    "trust": ValidatorTrust,
    "rhythm": FeedRhythm,
}
FIELDS = {
    **{field: (part, field) for part, kind in PARTS.items() for field in kind.__slots__},
    "validated_url": ("validators", "url"),
    "moved_to": ("move", "url"),
    "moved_streak": ("move", "streak"),
    "moved_since": ("move", "moved_since"),
}


def state(**known: Any) -> FeedState:
    """The state with these values."""
    parts: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    whole = {name: known.pop(name) for name in ("guid_churn", "link_churn") if name in known}
    for name, value in known.items():
        part, field = FIELDS[name]
        parts[part][field] = value
    return FeedState(**{part: PARTS[part](**values) for part, values in parts.items()}, **whole)


def due(**known: Any) -> DueFeed:
    """A claimed feed with these values, its state's among them."""
    own = {name: value for name, value in known.items() if name in DueFeed.__slots__}
    rest = {name: value for name, value in known.items() if name not in own}
    base: dict[str, Any] = {
        "feed_id": 1,
        "url": "https://a.example/feed",
        "host": "a.example",
        "due_at": NOW,
        "lease_token": UUID(int=1),
        "state": state(**rest),
    }
    return DueFeed(**base | own)
