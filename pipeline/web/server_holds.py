"""A server that wants to be left alone, whatever the name it is asked under.

Platforms give each of their blogs a name, serve all from a few machines and count requests by who
asks. Two names share a server when both are true: they resolve to a common IP address, and they
belong to one owner of names (`tumblr.com`, `github.io`), public suffixes of the private section
included. An address alone says nothing, as unrelated sites stand behind one of a content network;
nor does the owner alone, as a company's blog and shop are two machines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline import urls
from pipeline.errors import FetchError
from pipeline.web.redirects import retry_after

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipeline.model import Response

UNSAID_HOLD = timedelta(hours=4)
"""For a 429 that does not say how long, as for the host itself (`decide.holds`)."""

_MOST_SERVERS = 10_000
_TOO_MANY, _UNAVAILABLE = 429, 503


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hold:
    host: str
    ends_at: datetime


class ServerHolds:
    """The servers that asked this process to wait. In memory: the hosts' own holds are stored."""

    def __init__(self) -> None:
        self._holds: dict[tuple[str, str], _Hold] = {}

    def note(self, host: str, addresses: Iterable[str], answer: Response) -> None:
        """Remember the hold that an answer of `host` asks for (429, or 503 with Retry-After)."""
        wait = retry_after(answer)
        if answer.status == _TOO_MANY:
            wait = UNSAID_HOLD if wait is None else wait
        elif answer.status != _UNAVAILABLE:
            wait = None
        owner = urls.name_owner(host)
        if wait is None or owner is None:
            return
        for address in addresses:
            self._holds.pop((owner, address), None)
            hold = _Hold(host=host, ends_at=answer.fetched_at + wait)
            self._holds[owner, address] = hold
        while len(self._holds) > _MOST_SERVERS:
            del self._holds[next(iter(self._holds))]

    def require_free(self, host: str, addresses: Iterable[str], now: datetime) -> None:
        """Raise FetchError rate_limited while another name of the server of `host` is on hold.

        The host's own hold is the database's, which an operator can end.
        """
        owner = urls.name_owner(host)
        if owner is None or not self._holds:
            return
        for address in addresses:
            hold = self._holds.get((owner, address))
            if hold is None or hold.host == host:
                continue
            if hold.ends_at > now:
                message = f"{host} shares its server ({address}) with {hold.host}, which wants to be left alone"
                raise FetchError(
                    "rate_limited",
                    f"{message} until {hold.ends_at:%Y-%m-%d %H:%M}",
                    retry_after=hold.ends_at - now,
                )
            del self._holds[owner, address]
