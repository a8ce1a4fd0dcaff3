"""Answers of the web: one row each, and their bytes once."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from psycopg.types.json import Jsonb

from pipeline import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipeline.model import Response
    from pipeline.storage.database import Database, Session

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Never kept: they can hold what lets somebody in.
SECRET_HEADERS = {"set-cookie", "set-cookie2", "authorization", "proxy-authorization", "cookie"}
MAX_HEADERS = 64
_CREDENTIALS = re.compile(r"//[^/?#\s]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a fetch was for, and when it was tried when no answer came."""

    url: str
    purpose: str
    at: datetime
    feed_id: int | None = None
    article_id: int | None = None


def digest(value: str) -> bytes:
    """Return the sha256 of an address: unique keys sit on digests."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()


def body_digest(response: Response) -> bytes:
    """Return the sha256 under which a body is kept."""
    return hashlib.sha256(response.body).digest()


async def add(
    tx: Session, asked: Asked, response: Response | None, reason: str | None = None
) -> int:
    """Record one fetch, and its body when it has one; return its number.

    The same answer (address, time, purpose) recorded again is the same row.
    """
    if response:
        await keep_body(tx, response)
    row = columns(asked, response, reason)
    row |= {"hops": Jsonb(row["hops"]), "headers": Jsonb(row["headers"])}
    found = await tx.value("add_fetch", **row)
    return int(found)


async def answering(db: Database) -> list[str]:
    """Return the origins that answered last, the last one at the end."""
    async with db.session() as session:
        found = await session.values("answering_addresses")
    addresses = (urlsplit(url) for url in reversed(found))
    return list(dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in addresses))


def columns(asked: Asked, response: Response | None, reason: str | None = None) -> dict[str, Any]:
    """Return the row of a fetch, without its number."""
    return {
        "url": asked.url,
        "url_digest": digest(asked.url),
        "final_url": text.clean(response.url if response else asked.url),
        "purpose": asked.purpose,
        "feed_id": asked.feed_id,
        "article_id": asked.article_id,
        "fetched_at": response.fetched_at if response else asked.at,
        "status": response.status if response else None,
        "hops": [[_shown_value(hop.url), hop.status] for hop in response.hops] if response else [],
        "headers": _shown(response.headers) if response else {},
        "bytes": len(response.body) if response else 0,
        "body_sha256": body_digest(response) if response and response.body else None,
        "duration_seconds": response.duration_seconds if response else 0.0,
        "reason": reason,
    }


async def keep_body(tx: Session, response: Response) -> None:
    """Keep the bytes of an answer once, however often they come."""
    if not response.body:
        return
    body_sha256 = body_digest(response)
    if await tx.run("touch_body", sha256=body_sha256, now=response.fetched_at):
        return
    await tx.run(
        "add_body",
        sha256=body_sha256,
        body=zstd.compress(response.body),
        bytes=len(response.body),
        now=response.fetched_at,
    )


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    kept = [(name, value) for name, value in headers.items() if name not in SECRET_HEADERS]
    return {text.clean(name): _shown_value(value) for name, value in kept[:MAX_HEADERS]}


def _shown_value(value: str) -> str:
    """A header's value, or an address, without a name and password before a host."""
    return _CREDENTIALS.sub("//***@", text.clean(value))
