"""One request to a final answer: redirects followed, statuses told apart.

Shared by the live client and the recorded web, so that both mean the same by a response.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, urljoin, urlsplit

from yarl import URL

from pipeline import text
from pipeline.errors import FetchError, GoneError
from pipeline.model import Fetch, Hop, Request, Response

Exchange = Callable[[Request, str], Awaitable[Response]]
"""One request to one address, nothing followed: any status is a Response. Raises FetchError."""

Visit = Callable[[Request, str], AbstractAsyncContextManager[None]]
"""A redirect's turn at the address it leads to: entered before that is asked, left afterwards.

It is told the request that was redirected. Raises FetchError when there is no turn.
"""

GRACE_SECONDS = 1.0  # so that an exchange that ends at the same deadline says so itself

MAX_URL = 8000
"""Characters in an address that is asked for; what servers accept ends at about 8 kB."""

# RFC 9110 section 15.4; 305 and 306 are not to be followed, 304 is an answer.
_REDIRECTS = {300, 301, 302, 303, 307, 308}
_NOT_MODIFIED, _PARTIAL, _GONE, _TOO_MANY, _UNAVAILABLE = 304, {206, 226}, 410, 429, 503
_RETRY_AFTER_BOUNDS = timedelta(seconds=1), timedelta(days=7)
# What a Retry-After that cannot be read is taken for: the wish was to be left alone.
_RETRY_AFTER_UNREADABLE = timedelta(hours=1)
_SECONDS = re.compile(r"\d{1,9}(?=\d*\Z)", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# All of visible ASCII that may stand in a URL, "%" too: what is escaped stays as it was written.
_KEPT = "".join(map(chr, range(0x21, 0x7F))).translate(str.maketrans("", "", '"<>\\'))
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_CREDENTIALS = re.compile(r"//[^/]*@")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def at_once(_: Request, __: str) -> AbstractAsyncContextManager[None]:
    """Let every redirect be followed: the Visit of a recorded web, which nobody can burden."""
    return nullcontext()


def following(exchange: Exchange, *, limit: int = 5, visit: Visit = at_once) -> Fetch:
    """Return the Fetch that follows up to `limit` redirects over `exchange`, each in its `visit`.

    Its responses are 2xx, or 304 without a body when validators were sent, with the redirects
    in `hops` and the time of all exchanges in `duration_seconds`. It raises FetchError: bad_url
    for an address or Location that cannot be asked, redirect_loop, and for statuses
    rate_limited (429, 503 with Retry-After), http_4xx, http_5xx (also what is no status of
    HTTP, RFC 9110 section 15), truncated_transfer for a part that nobody asked for, GoneError
    for 410; each with the response that said so. Where a visit is refused that is the redirect.
    """

    async def fetch(request: Request) -> Response:
        url, sent, seconds = request.url, request, 0.0
        hops: list[Hop] = []
        response: Response | None = None
        asked = {address(url)}
        while True:
            sent = _for_hop(request, sent, url)
            async with AsyncExitStack() as stack:
                if response is not None:
                    await _enter(stack, visit(request, url), response)
                response = await _exchanged(exchange, sent, url, tuple(hops))
            seconds += response.duration_seconds
            response = replace(response, hops=tuple(hops), duration_seconds=seconds)
            if response.status not in _REDIRECTS:
                return _settled(response, conditional=bool(sent.etag or sent.last_modified))
            url = _target(response)
            hops.append(Hop(url=response.url, status=response.status))
            if url in asked or len(hops) > limit:
                message = f"{request.url}: {len(hops)} redirects, last to {url}"
                raise FetchError("redirect_loop", message, response=response)
            asked.add(url)

    return fetch


def bounded(fetch: Fetch, seconds: Callable[[Request], float]) -> Fetch:
    """Return `fetch` under one deadline for all of it: redirects and waits for turns included.

    Raises FetchError timeout.
    """

    async def within(request: Request) -> Response:
        limit = seconds(request) + GRACE_SECONDS
        try:
            async with asyncio.timeout(limit):
                return await fetch(request)
        except TimeoutError as error:
            message = f"{request.url[:300]}: no complete answer in {limit:g} s"
            raise FetchError("timeout", message) from error

    return within


def address(url: str) -> str:
    """Return `url` as it goes on the wire: ASCII, without fragment, else character for character.

    Raises FetchError bad_url for what is not http(s), has no host, a bad port, control
    characters or credentials (they have their own place, and never stand in a stored URL), or
    is longer than MAX_URL.
    """
    try:
        return _on_the_wire(url)
    except ValueError as error:  # urlsplit's own, and UnicodeError of the host name, too
        raise FetchError("bad_url", f"{_shown(url)}: {error}") from error


def same_host(first: str, second: str) -> bool:
    """Return whether `second` is of the origin of `first`, or of the same host gone to https.

    Validators that came from one such address may be sent to the other. Beyond a host they may
    not: a tag is only unique for its own resource (RFC 9110 section 8.8.3), so another server's
    304 would freeze the feed on a document that it never sent; and a tag names its reader.
    Not strictly the origin, as http -> https on one host is the most common redirect of feeds,
    and would otherwise cost the whole document at each poll.
    """
    (scheme, host, port), (scheme2, host2, port2) = _origin(first), _origin(second)
    upgraded = (scheme, port) == ("http", 80) and (scheme2, port2) == ("https", 443)
    return host == host2 and ((scheme, port) == (scheme2, port2) or upgraded)


def retry_after(response: Response) -> timedelta | None:
    """Return how long the server wants to be left alone, between 1 s and 7 days.

    None without a Retry-After; 1 h for one that cannot be read. Dates count from the server's
    own Date, else from `fetched_at` (RFC 9110 section 10.2.3).
    """
    value = response.headers.get("retry-after")
    if value is None:
        return None
    seconds = _SECONDS.match(value.strip())
    if seconds:
        wish = timedelta(seconds=int(seconds.group()))
    else:
        until = text.http_date(value)
        if until is None:
            return _RETRY_AFTER_UNREADABLE
        wish = until - (text.http_date(response.headers.get("date")) or response.fetched_at)
    return min(max(wish, _RETRY_AFTER_BOUNDS[0]), _RETRY_AFTER_BOUNDS[1])


def _for_hop(request: Request, before: Request, url: str) -> Request:
    """The request as it goes to `url`: with what is for that address only.

    Validators go to the host that gave them, wherever it stands in the chain of redirects.

    Given headers may be secrets: they end where a redirect leaves the origin, and do not come
    back with one that returns to it, as a stranger chose that address.
    """
    own = same_host(request.validated_url or request.url, url)
    return replace(
        request,
        etag=request.etag if own else None,
        last_modified=request.last_modified if own else None,
        headers=before.headers if _origin(url) == _origin(request.url) else {},
    )


async def _enter(
    stack: AsyncExitStack, visit: AbstractAsyncContextManager[None], redirect: Response
) -> None:
    try:
        await stack.enter_async_context(visit)
    except FetchError as error:
        error.response = redirect
        raise


async def _exchanged(
    exchange: Exchange, request: Request, url: str, hops: tuple[Hop, ...]
) -> Response:
    try:
        return await exchange(request, url)
    except FetchError as error:
        if error.response is not None:
            error.response = replace(error.response, hops=hops)
        raise


def _target(response: Response) -> str:
    """The absolute address that a redirect names."""
    location = response.headers.get("location", "").strip()
    try:
        if _CONTROL.search(location) or _ABSOLUTE.match(location):  # urljoin would repair these
            return address(location)
        return address(urljoin(response.url, location) if location else "")
    except (FetchError, ValueError) as error:
        message = f"{response.url}: Location {_shown(location)!r}: {error}"
        raise FetchError("bad_url", message, response=response) from error


def _settled(response: Response, *, conditional: bool) -> Response:
    """The response itself when it is a success, else the error its status means."""
    status = response.status
    if status == _NOT_MODIFIED and conditional:
        return replace(response, body=b"")
    if status // 100 == 2 and status not in _PARTIAL:  # noqa: PLR2004 (2xx)
        return response
    wish = retry_after(response)
    failure = GoneError if status == _GONE else FetchError
    raise failure(
        _reason(status, wish),
        f"{response.url}: status {status}",
        response=response,
        retry_after=wish,
    )


def _reason(status: int, wish: timedelta | None) -> str:
    if status == _TOO_MANY or (status == _UNAVAILABLE and wish is not None):
        return "rate_limited"
    if status == _GONE:
        return "gone"
    if status in _PARTIAL:
        return "truncated_transfer"
    return "http_4xx" if status // 100 == 4 else "http_5xx"  # noqa: PLR2004 (4xx)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _on_the_wire(url: str) -> str:
    whole, _, _ = url.strip().partition("#")
    parts = urlsplit(whole)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("not an http(s) address")
    if parts.username is not None:
        raise ValueError("credentials in the address")
    if not parts.netloc.isascii():
        host, port = _looked_up(parts.hostname), parts.port
        netloc = host if port is None else f"{host}:{port}"
        whole = whole.replace(f"//{parts.netloc}", f"//{netloc}", 1)
        parts = urlsplit(whole)
    if parts.port == 0 or not _HOST.fullmatch(parts.hostname or ""):
        raise ValueError("not a host and port")
    sent = quote(whole, safe=_KEPT, errors="surrogateescape")
    if len(sent) > MAX_URL or _CONTROL.search(whole):
        raise ValueError("too long, or a control character")
    return sent


def _looked_up(host: str) -> str:
    """An internationalised host name as the name service knows it (IDNA)."""
    return URL.build(scheme="http", host=host).raw_host or ""


def _shown(url: str) -> str:
    """An address for a message: one line, without credentials, not too long."""
    return _CREDENTIALS.sub("//***@", _CONTROL.sub(" ", url))[:300]
