"""The routers of an IPv6 interface."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Interface

from baseboard.links.ethernet_icmpv6 import Prefix, RouterAdvertisement
from baseboard.links.ethernet_routers import MOST, MOST_PREFIXES, Routers
from baseboard.links.network import Router

MAC = bytes(range(6))
ROUTER = IPv6Address("fe80::1")
FAR = IPv6Address("2001:db8:9::9")
NEVER = 0xFFFF_FFFF


def prefix(text: str, valid: int = 600, *, on_link: bool = True) -> Prefix:
    return Prefix(IPv6Interface(text), on_link, False, valid, valid)


def said(lifetime: int = 60, *prefixes: Prefix, hop_limit: int = 64, mac: bytes = MAC) -> RouterAdvertisement:
    return RouterAdvertisement(hop_limit, lifetime, mac, prefixes)


def test_a_router_is_heeded_for_as_long_as_it_says() -> None:
    routers = Routers()
    assert routers.towards(FAR) is None
    routers.heard(ROUTER, said(60, prefix("2001:db8::/64", 30)), 0.0)
    shown = Router(ROUTER, MAC, IPv6Interface("2001:db8::/64"))
    assert routers.advertised() == (shown,)
    assert routers.towards(FAR) == shown
    assert routers.hop_limit == 64
    assert routers.deadline() == 30.0
    routers.expire(30.0)
    assert not routers.on_link(IPv6Address("2001:db8::9"))
    assert routers.deadline() == 60.0
    routers.expire(60.0)
    assert routers.advertised() == ()
    assert routers.deadline() is None


def test_a_router_that_takes_its_leave_is_none() -> None:
    routers = Routers()
    routers.heard(ROUTER, said(60, prefix("2001:db8::/64")), 0.0)
    routers.heard(ROUTER, said(0, prefix("2001:db8::/64", 0), hop_limit=0), 1.0)
    assert routers.advertised() == ()
    assert not routers.on_link(IPv6Address("2001:db8::9"))
    assert routers.hop_limit == 64
    routers.clear()
    assert routers.hop_limit == 0


def test_prefixes_that_are_on_the_link_are() -> None:
    routers = Routers()
    odd = [prefix("fe80::/64"), prefix("ff02::/64"), prefix("2001:db8:2::/64", on_link=False)]
    routers.heard(ROUTER, said(60, prefix("2001:db8::/64", NEVER), *odd), 0.0)
    assert routers.on_link(IPv6Address("2001:db8::9"))
    for off in ("fe80::9", "ff02::9", "2001:db8:2::9"):
        assert not routers.on_link(IPv6Address(off))
    assert routers.deadline() == 60.0


def test_routers_that_are_set_come_first_where_they_lead() -> None:
    routers = Routers()
    narrow = Router(IPv6Address("fd00::1"), MAC, IPv6Interface("fd09::/16"))
    wide = Router(IPv6Address("fd00::2"), MAC, IPv6Interface("::/0"))
    routers.heard(ROUTER, said(60, mac=b""), 0.0)
    routers.static = (narrow,)
    assert routers.towards(IPv6Address("fd09::9")) == narrow
    elsewhere = routers.towards(FAR)
    assert elsewhere is not None
    assert (elsewhere.address, elsewhere.mac, elsewhere.prefix) == (ROUTER, bytes(6), IPv6Interface("::/0"))
    routers.static = (narrow, wide)
    assert routers.towards(FAR) == wide


def test_nothing_grows_without_end() -> None:
    routers = Routers()
    for number in range(MOST + 2):
        routers.heard(IPv6Address(number), said(60), 0.0)
    assert len(routers.advertised()) == MOST
    many = [prefix(f"2001:db8:{number:x}::/64") for number in range(MOST_PREFIXES + 2)]
    routers.heard(IPv6Address(0), said(90, *many), 0.0)
    on_link = [routers.on_link(one.network.ip + 1) for one in many]
    assert on_link == [True] * MOST_PREFIXES + [False] * 2
