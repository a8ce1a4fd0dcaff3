"""Answers of the web: one row each, and their bytes once."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from psycopg.types.json import Json

from pipeline import packing, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.model import FetchRecord, PackedBody, Response
    from pipeline.storage.database import Database, Session

# Never kept: they can hold what lets somebody in.
SECRET_HEADERS = {"set-cookie", "set-cookie2", "authorization", "proxy-authorization", "cookie"}
MAX_HEADERS = 64
_CREDENTIALS = re.compile(r"//[^/?#\s]*@")


def digest(value: str) -> bytes:
    """Return the sha256 of an address: unique keys sit on digests."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()


async def add(tx: Session, records: Sequence[FetchRecord]) -> None:
    """Record requests, and the bodies of the answers that have one.

    The same answer (address, time, purpose) recorded again is the same row.
    """
    if not records:
        return
    bodies = [one.packed or _packed(one.response) for one in records]
    times = [one.response.fetched_at if one.response else one.asked_at for one in records]
    await keep_bodies(tx, [(body, at) for body, at in zip(bodies, times, strict=True) if body])
    rows = [
        columns(one, body.sha256 if body else None)
        for one, body in zip(records, bodies, strict=True)
    ]
    await tx.run("add_fetches", fetches=Json([plain(row) for row in rows]))


async def answering(db: Database) -> list[str]:
    """Return the origins that answered last, the last one at the end."""
    async with db.session() as session:
        found = await session.values("answering_addresses")
    addresses = (urlsplit(url) for url in reversed(found))
    return list(dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in addresses))


def columns(one: FetchRecord, body_sha256: bytes | None) -> dict[str, object]:
    """Return the row of a request, without its number; the digest is of the answer's body."""
    response = one.response
    return {
        "url": one.url,
        "url_digest": digest(one.url),
        "final_url": text.clean(response.url if response else one.url),
        "purpose": one.purpose,
        "feed_id": one.feed_id,
        "article_id": one.article_id,
        "fetched_at": response.fetched_at if response else one.asked_at,
        "status": response.status if response else None,
        "hops": [[_shown_value(hop.url), hop.status] for hop in response.hops] if response else [],
        "headers": _shown(response.headers) if response else {},
        "bytes": len(response.body) if response else 0,
        "body_sha256": body_sha256,
        "duration_seconds": response.duration_seconds if response else 0.0,
        "reason": one.reason,
    }


async def keep_bodies(tx: Session, bodies: Sequence[tuple[PackedBody, datetime]]) -> None:
    """Keep the bytes of answers once, however often they come; each with the time it came."""
    if bodies:
        await tx.run(
            "add_bodies",
            digests=[body.sha256 for body, _ in bodies],
            bodies=[body.data for body, _ in bodies],
            sizes=[body.size for body, _ in bodies],
            times=[at for _, at in bodies],
        )


def _packed(response: Response | None) -> PackedBody | None:
    return packing.packed(response.body) if response and response.body else None


def plain(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row as JSON has it: times in ISO 8601, bytes as Postgres writes them."""
    return {name: _PLAIN.get(type(value), _as_it_is)(value) for name, value in row.items()}


def _as_it_is(value: object) -> object:
    return value


_PLAIN: dict[type, Callable[[Any], object]] = {
    datetime: datetime.isoformat,
    bytes: lambda value: f"\\x{value.hex()}",
}


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    kept = [(name, value) for name, value in headers.items() if name not in SECRET_HEADERS]
    return {text.clean(name): _shown_value(value) for name, value in kept[:MAX_HEADERS]}


def _shown_value(value: str) -> str:
    """A header's value, or an address, without a name and password before a host."""
    return _CREDENTIALS.sub("//***@", text.clean(value))
