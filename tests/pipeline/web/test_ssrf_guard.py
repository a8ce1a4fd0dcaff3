from __future__ import annotations

import asyncio
import socket
import threading
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from pipeline.web.ssrf_guard import (
    BlockedAddressError,
    GuardedResolver,
    allowed,
    gated,
    port_allowed,
    socket_factory,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.connector import AddrInfoType

PORTS = (80, 443, 8080, 8443)
LOOPBACK = (ip_network("127.0.0.0/8"),)
HOME = (ip_network("192.168.0.0/16"), ip_network("fd00::/8"))

PUBLIC = [
    ("ordinary", "93.184.216.34"),
    ("first octet one", "1.1.1.1"),
    ("below 10/8", "9.255.255.255"),
    ("above 10/8", "11.0.0.0"),
    ("below shared space", "100.63.255.255"),
    ("above shared space", "100.128.0.0"),
    ("below 172.16/12", "172.15.255.255"),
    ("above 172.16/12", "172.32.0.0"),
    ("beside protocol assignments", "192.0.1.1"),
    ("beside 6to4 relays", "192.88.98.255"),
    ("above benchmarking", "198.20.0.0"),
    ("last unicast", "223.255.255.254"),
    ("ipv6 global unicast", "2606:2800:220:1:248:1893:25c8:1946"),
    ("ipv6 with a zone", "2a00:1450:4001:81b::200e%eth0"),
    ("above 2001::/23", "2001:200::1"),
    ("below 6to4", "2001:ffff::1"),
    ("public inside ipv4-mapped", "::ffff:93.184.216.34"),
    ("public behind nat64", "64:ff9b::93.184.216.34"),
]

REFUSED = [
    ("this host", "0.0.0.0"),  # noqa: S104
    ("this network", "0.1.2.3"),
    ("private a", "10.0.0.1"),
    ("private b", "172.16.0.1"),
    ("private b end", "172.31.255.255"),
    ("private c", "192.168.1.1"),
    ("shared space", "100.64.0.1"),
    ("shared space end", "100.127.255.255"),
    ("loopback", "127.0.0.1"),
    ("loopback end", "127.255.255.254"),
    ("cloud metadata", "169.254.169.254"),
    ("protocol assignments", "192.0.0.8"),
    ("nat64 discovery", "192.0.0.170"),
    ("documentation 1", "192.0.2.1"),
    ("documentation 2", "198.51.100.1"),
    ("documentation 3", "203.0.113.1"),
    ("6to4 relay", "192.88.99.1"),
    ("benchmarking", "198.18.0.1"),
    ("multicast", "224.0.0.1"),
    ("multicast global", "233.252.0.1"),
    ("reserved", "240.0.0.1"),
    ("broadcast", "255.255.255.255"),
    ("ipv6 unspecified", "::"),
    ("ipv6 loopback", "::1"),
    ("ipv4-compatible loopback", "::7f00:1"),
    ("mapped loopback", "::ffff:127.0.0.1"),
    ("mapped loopback in hex", "::ffff:7f00:1"),
    ("mapped private", "::ffff:10.0.0.1"),
    ("mapped metadata", "::ffff:169.254.169.254"),
    ("mapped shared space", "::ffff:100.64.0.1"),
    ("nat64 of loopback", "64:ff9b::7f00:1"),
    ("nat64 of metadata", "64:ff9b::a9fe:a9fe"),
    ("nat64 of multicast", "64:ff9b::e000:1"),
    ("local nat64", "64:ff9b:1::5db8:d822"),
    ("discard only", "100::1"),
    ("teredo", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    ("orchid", "2001:20::1"),
    ("documentation ipv6", "2001:db8::1"),
    ("6to4 of loopback", "2002:7f00:1::"),
    ("6to4 of public", "2002:5db8:d822::1"),
    ("new documentation", "3fff::1"),
    ("segment routing", "5f00::1"),
    ("unique local", "fd12:3456::1"),
    ("unique local fc", "fc00::1"),
    ("aws metadata ipv6", "fd00:ec2::254"),
    ("link local", "fe80::1"),
    ("link local with zone", "fe80::1%eth0"),
    ("site local", "fec0::1"),
    ("ipv6 multicast", "ff02::1"),
    ("ipv6 multicast global", "ff0e::1"),
    ("unassigned", "4000::1"),
    ("no address", "news.example"),
    ("decimal spelling", "2130706433"),
    ("hex spelling", "0x7f.1"),
    ("short spelling", "127.1"),
    ("octal spelling", "0177.0.0.1"),
    ("empty", ""),
]


@pytest.mark.parametrize("address", [a for _, a in PUBLIC], ids=[i for i, _ in PUBLIC])
def test_public_addresses_are_allowed(address: str) -> None:
    assert allowed(address, ())


@pytest.mark.parametrize("address", [a for _, a in REFUSED], ids=[i for i, _ in REFUSED])
def test_all_other_addresses_are_refused(address: str) -> None:
    assert not allowed(address, ())


LISTED = [
    ("loopback", "127.0.0.1", True),
    ("mapped loopback", "::ffff:127.0.0.1", True),
    ("nat64 of loopback", "64:ff9b::7f00:1", True),
    ("ipv6 loopback was not listed", "::1", False),
    ("private was not listed", "10.0.0.1", False),
    ("public stays allowed", "1.1.1.1", True),
    ("no address", "localhost", False),
]


@pytest.mark.parametrize(
    ("address", "expected"), [row[1:] for row in LISTED], ids=[row[0] for row in LISTED]
)
def test_a_listed_net_opens_itself_and_nothing_else(address: str, *, expected: bool) -> None:
    assert allowed(address, LOOPBACK) is expected


def test_nets_of_both_families_can_be_listed() -> None:
    assert allowed("192.168.7.7", HOME)
    assert allowed("fd00::7", HOME)
    assert not allowed("172.16.0.1", HOME)


ASKED_PORTS = [
    ("web", 80, "1.1.1.1", True),
    ("tls", 443, "1.1.1.1", True),
    ("ssh", 22, "1.1.1.1", False),
    ("postgres", 5432, "1.1.1.1", False),
    ("any port of a listed net", 5432, "127.0.0.1", True),
    ("any port of a listed net, mapped", 5432, "::ffff:127.0.0.1", True),
    ("no address", 80, "news.example", False),
]


@pytest.mark.parametrize(
    ("port", "address", "expected"),
    [row[1:] for row in ASKED_PORTS],
    ids=[r[0] for r in ASKED_PORTS],
)
def test_ports_are_listed_or_the_operators_own(port: int, address: str, *, expected: bool) -> None:
    assert port_allowed(port, address, PORTS, LOOPBACK) is expected


MACHINES = [
    ("public", "93.184.216.34", "93.184.216.34"),
    ("mapped", "::ffff:93.184.216.34", "93.184.216.34"),
    ("behind nat64", "64:ff9b::5db8:d822", "93.184.216.34"),
    ("ipv6", "2606:2800:220:1::1946", "2606:2800:220:1::1946"),
    ("ipv6 spelled long", "2606:2800:0220:0001:0:0:0:1946", "2606:2800:220:1::1946"),
    ("zone", "2606:2800:220:1::1946%eth0", "2606:2800:220:1::1946"),
    ("the operator's own", "127.0.0.1", None),
    ("the operator's own, mapped", "::ffff:127.0.0.1", None),
]


@pytest.mark.parametrize(
    ("address", "machine"), [row[1:] for row in MACHINES], ids=[row[0] for row in MACHINES]
)
def test_spellings_of_an_address_are_one_machine(address: str, machine: str | None) -> None:
    assert gated(address, LOOPBACK) == machine


def _info(address: str, port: int) -> AddrInfoType:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    end = (address, port, 0, 0) if ":" in address else (address, port)
    return family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", end


def test_a_socket_is_made_for_a_public_address() -> None:
    made = socket_factory((), PORTS)(_info("93.184.216.34", 443))
    with made:
        assert made.family == socket.AF_INET
        assert made.type == socket.SOCK_STREAM


@pytest.mark.parametrize(
    ("address", "port", "message"),
    [
        ("127.0.0.1", 80, "127.0.0.1 is not public"),
        ("::1", 80, "::1 is not public"),
        ("93.184.216.34", 25, "port 25 is not allowed"),
    ],
)
def test_no_socket_is_made_for_what_is_blocked(address: str, port: int, message: str) -> None:
    with pytest.raises(BlockedAddressError, match=message):
        socket_factory((), PORTS)(_info(address, port))


def _resolved(*addresses: str, allow: str = "192.0.2.0/24") -> list[str]:
    def lookup(*asked: object) -> Sequence[AddrInfoType]:
        assert asked[:2] == ("news.example", 443)
        return [_info(address, 443) for address in addresses]

    async def ask() -> list[str]:
        resolver = GuardedResolver((ip_network(allow),), 5.0, lookup)
        try:
            return [found["host"] for found in await resolver.resolve("news.example", 443)]
        finally:
            await resolver.close()

    return asyncio.run(ask())


def test_names_keep_their_public_addresses_only() -> None:
    assert _resolved("10.0.0.1", "1.1.1.1", "::1", "2606:4700::1") == ["1.1.1.1", "2606:4700::1"]


def test_a_name_that_leads_only_inside_is_blocked() -> None:
    with pytest.raises(BlockedAddressError, match=r"news\.example has no public address"):
        _resolved("10.0.0.1", "::ffff:127.0.0.1")


def test_a_listed_net_is_resolved_too() -> None:
    assert _resolved("192.0.2.1", "10.0.0.1") == ["192.0.2.1"]


def _asked_for(*names: str) -> list[str]:
    """The names that the name service is asked about, when these are resolved in a row."""
    asked: list[str] = []

    def lookup(*query: object) -> Sequence[AddrInfoType]:
        asked.append(str(query[0]))
        return [_info("1.1.1.1", 443)]

    async def ask() -> None:
        resolver = GuardedResolver((), 5.0, lookup)
        for name in names:
            assert [found["host"] for found in await resolver.resolve(name, 443)] == ["1.1.1.1"]
        await resolver.close()

    asyncio.run(ask())
    return asked


def test_an_answer_of_the_name_service_is_kept_for_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _asked_for("a.example", "b.example", "a.example") == ["a.example", "b.example"]
    monkeypatch.setattr("pipeline.web.ssrf_guard._KEPT_SECONDS", -1.0)
    assert _asked_for("a.example", "a.example") == ["a.example", "a.example"]


def test_the_newest_names_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.ssrf_guard._KEPT_NAMES", 2)
    # a is asked for again before c comes, so it is b that is forgotten.
    names = ["a", "b", "a", "c", "a", "b"]
    assert _asked_for(*names) == ["a", "b", "c", "b"]


def test_a_silent_name_service_is_given_up() -> None:
    answer = threading.Event()

    def lookup(*_: object) -> Sequence[AddrInfoType]:
        answer.wait(10)
        return []

    async def ask() -> None:
        resolver = GuardedResolver((), 0.05, lookup)
        try:
            await resolver.resolve("news.example", 443)
        finally:
            answer.set()
            await resolver.close()

    with pytest.raises(socket.gaierror, match=r"no answer about news\.example"):
        asyncio.run(ask())
