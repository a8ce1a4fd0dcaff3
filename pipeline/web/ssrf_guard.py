"""Which addresses a fetch may talk to: the wall between hostile URLs and private networks.

The rule is applied where a socket is made, so it sees the very address that is connected to:
an IP literal, an odd spelling of one, every redirect hop and every answer of a rebinding name.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from errno import EACCES
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
Lookup = Callable[..., Sequence[AddrInfoType]]
"""What `socket.getaddrinfo` does."""

# Refused although some Python's `is_global` says yes (its tables changed in 3.11.10 and 3.12.4;
# each of these was measured as global on 3.11.7 or 3.13.5): relays, tunnels that carry an IPv4
# address inside, protocol assignments, documentation, segment routing, site-local.
_NEVER = tuple(
    ip_network(net)
    for net in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_IPV4_BITS = 0xFFFFFFFF
# A dead name server holds a thread for 5 to 30 s; the loop's own pool (cores + 4) would fill up.
_RESOLVER_THREADS = 32
# Answers of the name service are kept as long as browsers keep them, the newest thousand.
_KEPT_SECONDS = 60.0
_KEPT_NAMES = 1000


class BlockedAddressError(OSError):
    """The guard's refusal: policy, so it must not be retried like a network fault."""


def allowed(address: str, allow_nets: Sequence[Network]) -> bool:
    """Return whether a fetch may connect to `address` (an IP address as text, zone or not).

    True for public unicast addresses and for those inside `allow_nets`. IPv4-mapped and
    well-known NAT64 addresses are judged by the IPv4 address inside; other tunnels (6to4,
    Teredo, local NAT64) are refused unless the operator listed them or what they lead to.
    """
    try:
        outer = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _listed(outer, allow_nets) or _public(_judged(outer))


def reachable(host: str, allow_nets: Sequence[Network]) -> bool:
    """Return whether a host, as it stands in an address, may be stored as one to be asked.

    Only an IP literal can be told by its looks (`127.0.0.1:80`, `[::1]`); a name is judged by
    what it resolves to, when it is connected to.
    """
    name = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    return not is_address(name) or allowed(name, allow_nets)


def is_address(name: str) -> bool:
    """Return whether a host name is an IP address in its proper spelling."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def port_allowed(
    port: int, address: str, ports: Collection[int], allow_nets: Sequence[Network]
) -> bool:
    """Return whether `port` may be asked at `address`: listed, or the address is the operator's."""
    try:
        outer = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return port in ports or _listed(outer, allow_nets)


def gated(address: str, allow_nets: Sequence[Network]) -> str | None:
    """Return the machine that is reached at an IP address, None inside `allow_nets`.

    Spellings of one IPv4 address (mapped, NAT64) are the same machine; the operator's own nets
    need nobody's protection.
    """
    outer = ip_address(address.partition("%")[0])
    return None if _listed(outer, allow_nets) else str(_judged(outer))


def socket_factory(
    allow_nets: Sequence[Network], ports: Collection[int]
) -> Callable[[AddrInfoType], socket.socket]:
    """Return the function that makes the client's sockets.

    It raises BlockedAddressError, before anything is sent, for an address or port that may not
    be asked.
    """

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = info
        if not allowed(str(address), allow_nets):
            raise BlockedAddressError(EACCES, f"address {address} is not public")
        if not port_allowed(int(port), str(address), ports, allow_nets):
            raise BlockedAddressError(EACCES, f"port {port} is not allowed")
        return socket.socket(family, kind, protocol)

    return make


class GuardedResolver(AbstractResolver):
    """Names to addresses, without those that the guard would refuse.

    The socket factory is the wall; this makes a name that leads nowhere but inside be told
    apart from a server that is down, and lets a host with one private address keep its others.
    Answers are kept for a minute, so that all who ask for a name in a row mean the same machines.
    """

    def __init__(
        self, allow_nets: Sequence[Network], timeout_seconds: float, lookup: Lookup
    ) -> None:
        """`lookup` is `socket.getaddrinfo`, or in tests a stand-in for the name service."""
        self._allow_nets = allow_nets
        self._timeout_seconds = timeout_seconds
        self._lookup = lookup
        self._threads = ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="resolve")
        self._kept: dict[tuple[str, int, int], tuple[float, list[ResolveResult]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host` that may be asked.

        Raises BlockedAddressError when it has only others, OSError when it has none.
        """
        key = (host, port, int(family))
        until, usable = self._kept.pop(key, (0.0, []))
        if until <= time.monotonic():
            usable = self._usable(host, port, await self._ask(host, port, family))
            until = time.monotonic() + _KEPT_SECONDS
        self._kept[key] = until, usable
        if len(self._kept) > _KEPT_NAMES:
            del self._kept[next(iter(self._kept))]
        return list(usable)

    def _usable(self, host: str, port: int, found: Sequence[AddrInfoType]) -> list[ResolveResult]:
        usable = [info for info in found if allowed(str(info[4][0]), self._allow_nets)]
        if found and not usable:
            raise BlockedAddressError(EACCES, f"{host} has no public address")
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=family_,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for family_, _, protocol, _, (address, *_) in usable
        ]

    async def _ask(self, host: str, port: int, family: int) -> Sequence[AddrInfoType]:
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(
            self._threads, lambda: self._lookup(host, port, family, socket.SOCK_STREAM)
        )
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await answer
        except TimeoutError as error:
            message = f"no answer about {host} in {self._timeout_seconds:g} s"
            raise socket.gaierror(socket.EAI_AGAIN, message) from error

    async def close(self) -> None:
        """Forget what is still being looked up; nobody waits for a dead name server."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _listed(address: Address, nets: Sequence[Network]) -> bool:
    candidates = (address, *_inside(address))
    return any(one in net for one in candidates for net in nets)


def _inside(address: Address) -> tuple[Address, ...]:
    """The IPv4 addresses that an IPv6 address carries and leads to."""
    if isinstance(address, IPv4Address):
        return ()
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour]
    found += address.teredo or ()
    if address in _NAT64:
        found.append(IPv4Address(int(address) & _IPV4_BITS))
    return tuple(one for one in found if one)


def _judged(address: Address) -> Address:
    """The address that decides: for IPv4-mapped and NAT64 the IPv4 address inside."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in _NAT64):
        return IPv4Address(int(address) & _IPV4_BITS)
    return address


def _public(address: Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in net for net in _NEVER)
    )
