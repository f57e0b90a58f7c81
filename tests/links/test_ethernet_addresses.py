"""IPv6 addresses of an interface (RFC 4862)."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Interface

import pytest

from baseboard.links.ethernet_addresses import MOST_MADE, Addresses
from baseboard.links.ethernet_icmpv6 import Prefix
from baseboard.links.network import (
    ACTIVE,
    DEPRECATED,
    FAILED,
    PENDING,
    SLAAC,
    AddressStatus,
    NeighborTiming,
)

LOCAL = IPv6Interface("fe80::1/64")
STATIC = IPv6Interface("fd00::5/64")
MADE = IPv6Interface("2001:db8::5/64")
NEVER = 0xFFFF_FFFF


def prefix(valid: int, preferred: int | None = None) -> Prefix:
    return Prefix(
        IPv6Interface("2001:db8::/64"), True, True, valid, valid if preferred is None else preferred
    )


def settled(*static: IPv6Interface | None) -> Addresses:
    """Addresses that were tried, at 1 s."""
    addresses = Addresses()
    addresses.keep(LOCAL, static, 0.0)
    addresses.expire(0.0)
    addresses.expire(1.0)
    return addresses


def test_an_address_is_asked_for_before_it_is_used() -> None:
    addresses = Addresses()
    addresses.keep(LOCAL, (STATIC, None), 0.0)
    assert addresses.deadline() == 0.0
    assert addresses.status(STATIC) == PENDING
    assert addresses.tried(STATIC.ip)
    assert not addresses.usable(STATIC.ip)
    assert sorted(addresses.expire(0.0)) == sorted([LOCAL.ip, STATIC.ip])
    assert addresses.deadline() == 1.0
    assert addresses.expire(0.5) == []
    assert addresses.expire(1.0) == []
    assert addresses.usable(STATIC.ip)
    assert not addresses.tried(STATIC.ip)
    assert addresses.deadline() is None


def test_it_is_asked_as_often_as_the_timing_says() -> None:
    addresses = Addresses()
    addresses.timing = NeighborTiming.of(bytes((1, 4, 3, 3, 3, 3, 1, 3, 30, 2)))
    addresses.keep(None, (STATIC,), 0.0)
    assert [addresses.expire(at) for at in (0.0, 2.0, 4.0, 6.0)] == [[STATIC.ip]] * 3 + [[]]
    assert addresses.status(STATIC) == ACTIVE
    addresses.timing = NeighborTiming.of(bytes(4))
    addresses.keep(None, (MADE,), 7.0)
    assert addresses.expire(7.0) == []
    assert addresses.usable(MADE.ip)


def test_a_conflict_while_it_is_tried_ends_it_and_later_none_does() -> None:
    addresses = Addresses()
    addresses.keep(None, (STATIC,), 0.0)
    addresses.conflict(STATIC.ip)
    addresses.conflict(MADE.ip)
    assert addresses.status(STATIC) == FAILED
    assert addresses.expire(9.0) == []
    assert not addresses.usable(STATIC.ip)
    assert not addresses.on_link(STATIC.ip)
    good = settled(STATIC)
    good.conflict(STATIC.ip)
    assert good.usable(STATIC.ip)


def test_what_is_wanted_no_more_goes_and_what_stays_is_not_tried_again() -> None:
    addresses = settled(STATIC, MADE)
    addresses.keep(LOCAL, (STATIC,), 2.0)
    assert addresses.usable(STATIC.ip)
    assert not addresses.usable(MADE.ip)
    longer = IPv6Interface("fd00::5/48")
    addresses.keep(LOCAL, (longer,), 3.0)
    assert addresses.status(longer) == PENDING
    addresses.keep(None, (), 4.0)
    assert addresses.status(longer) == PENDING
    assert addresses.made() == ()


def test_addresses_are_made_of_what_routers_advertise() -> None:
    addresses = settled()
    addresses.advertised(prefix(600, 300), MADE, 1.0)
    addresses.expire(1.0)
    addresses.expire(2.0)
    assert addresses.made() == (AddressStatus(SLAAC, LOCAL, ACTIVE), AddressStatus(SLAAC, MADE, ACTIVE))
    addresses.keep(LOCAL, (), 2.0)
    assert addresses.usable(MADE.ip)
    assert addresses.deadline() == 301.0
    addresses.expire(301.0)
    assert addresses.made()[1].status == DEPRECATED
    assert addresses.usable(MADE.ip)
    assert addresses.deadline() == 601.0
    addresses.expire(601.0)
    assert not addresses.usable(MADE.ip)


def test_a_router_makes_an_address_last_and_nobody_ends_one_at_once() -> None:
    """RFC 4862, §5.5.3 e: less than two hours are two hours."""
    addresses = settled()
    addresses.advertised(prefix(NEVER), MADE, 1.0)
    addresses.expire(1.0)
    addresses.expire(2.0)
    assert addresses.deadline() is None
    addresses.advertised(prefix(1, 0), MADE, 2.0)
    addresses.expire(2.0)
    assert addresses.made()[1].status == DEPRECATED
    assert addresses.deadline() == 7202.0
    addresses.advertised(prefix(10, 10), MADE, 3.0)
    assert addresses.made()[1].status == ACTIVE
    addresses.expire(13.0)
    assert addresses.deadline() == 7202.0
    addresses.advertised(prefix(9000), MADE, 14.0)
    assert addresses.deadline() == 9014.0


def test_routers_give_no_more_than_fits_and_none_for_a_prefix_that_ends() -> None:
    addresses = settled()
    addresses.advertised(prefix(0), MADE, 1.0)
    for number in range(MOST_MADE + 2):
        addresses.advertised(prefix(600), IPv6Interface((int(MADE.ip) + number, 64)), 1.0)
    assert len(addresses.made()) == 1 + MOST_MADE
    addresses.forget_made()
    assert [row.address for row in addresses.made()] == [LOCAL]


def test_an_address_that_was_set_is_no_routers_to_change() -> None:
    addresses = settled(MADE)
    addresses.advertised(prefix(1), MADE, 1.0)
    assert addresses.deadline() is None
    assert addresses.usable(MADE.ip)


@pytest.mark.parametrize(
    ("peer", "source"),
    [
        ("fe80::9", LOCAL),
        ("fd00::9", STATIC),
        ("2001:db8::9", MADE),
        ("2001:db9::9", MADE),
        ("fd80::1", STATIC),
    ],
)
def test_the_source_suits_the_peer(peer: str, source: IPv6Interface) -> None:
    """RFC 6724, §5: the same scope, then the longest prefix."""
    assert settled(STATIC, MADE).best_for(IPv6Address(peer)) == source.ip


def test_without_an_address_there_is_no_source() -> None:
    addresses = Addresses()
    assert addresses.best_for(STATIC.ip) is None
    addresses.keep(LOCAL, (), 0.0)
    assert addresses.best_for(STATIC.ip) is None
    addresses.clear()
    assert addresses.made() == ()


def test_on_link_is_what_is_under_the_prefix_of_a_static_address() -> None:
    addresses = settled(STATIC)
    assert addresses.on_link(IPv6Address("fd00::99"))
    assert not addresses.on_link(IPv6Address("fe80::99"))


def test_it_listens_to_the_groups_of_its_addresses() -> None:
    addresses = settled(STATIC)
    assert addresses.asked_by(bytes.fromhex("3333ff000005"))
    assert not addresses.asked_by(bytes.fromhex("3333ff000006"))
    assert not addresses.asked_by(bytes.fromhex("333300000005"))
