"""Setting an interface of Linux up, on a kernel in memory; on a real one in ``tests/vm/test_vlan.py``."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from typing import Any

import pytest

from baseboard.errors import TransportError
from baseboard.links.network import (
    ACTIVE,
    DEPRECATED,
    DISABLED,
    FAILED,
    PENDING,
    SLAAC,
    AddressStatus,
    NeighborTiming,
    NetworkSettings,
    Router,
    Tag,
)
from baseboard.transports.linux_setup import LinuxSetup
from baseboard.transports.netlink import Way
from tests.transports.linux_kernel import MAC, Kernel
from tests.transports.linux_kernel import kernel as kernel

OWN = IPv4Interface("10.0.0.5/24")
SIX = IPv6Interface("fd00::5/64")
SETTINGS = NetworkSettings(mac=MAC, ipv4=OWN)
EVERYWHERE = IPv4Interface("0.0.0.0/0")
GATEWAY, BACKUP = IPv4Address("10.0.0.1"), IPv4Address("10.0.0.2")


def begun() -> LinuxSetup:
    setup = LinuxSetup("eth1")
    assert setup.begin() == MAC
    return setup


def apply(setup: LinuxSetup, **changes: Any) -> list[str]:
    return [str(trouble) for trouble in setup.apply(replace(SETTINGS, **changes))]


def held(kernel: Kernel, name: str = "eth1") -> set[object]:
    return set(kernel.held[kernel.links[name]])


def test_an_interface_must_be_there_and_ethernet(kernel: Kernel) -> None:
    begun()
    assert kernel.raised == {kernel.links["eth1"]}
    with pytest.raises(TransportError, match="there is no interface eth9"):
        LinuxSetup("eth9").begin()
    kernel.plug("tun0", b"")
    with pytest.raises(TransportError, match="tun0 is no Ethernet"):
        LinuxSetup("tun0").begin()


def test_it_gets_the_address_and_no_other_stays(kernel: Kernel) -> None:
    setup = begun()
    kernel.held[2] = {IPv4Interface("192.0.2.9/24"): 0, IPv6Interface("fe80::9/64"): 0}
    assert apply(setup) == []
    assert held(kernel) == {OWN, IPv6Interface("fe80::9/64")}
    moved = IPv4Interface("10.0.0.6/24")
    apply(setup, ipv4=moved, ipv6=True, static=(None, SIX))
    assert held(kernel) == {moved, SIX, IPv6Interface("fe80::9/64")}
    apply(setup, ipv4=None)
    assert held(kernel) == {IPv6Interface("fe80::9/64")}


def test_an_address_that_others_give_stays_where_they_are_to_give_it(kernel: Kernel) -> None:
    setup, given = begun(), IPv4Interface("192.0.2.9/24")
    apply(setup)
    kernel.held[2][given] = 0
    apply(setup, ipv4=None, dynamic=True)
    assert held(kernel) == {given}
    assert setup.report(replace(SETTINGS, ipv4=None, dynamic=True)).ipv4 == given


def test_in_a_vlan_everything_is_on_its_interface(kernel: Kernel) -> None:
    setup = begun()
    apply(setup)
    apply(setup, tag=Tag(100, 5))
    assert (setup.device, kernel.vlans) == ("eth1.100", {"eth1.100": (100, 5)})
    assert (held(kernel), held(kernel, "eth1.100")) == (set(), {OWN})
    # Without a tag nothing is asked, and no address of another interface is answered for.
    assert kernel.setting("ipv6/conf/eth1/disable_ipv6") == "1"
    assert kernel.setting("ipv4/conf/eth1/arp_ignore") == "1"
    index = kernel.links["eth1.100"]
    apply(setup, tag=Tag(100, 5), ttl=9)
    assert kernel.links["eth1.100"] == index
    apply(setup, tag=Tag(100, 6))
    assert kernel.vlans == {"eth1.100": (100, 6)}
    apply(setup)
    assert (setup.device, kernel.vlans, held(kernel)) == ("eth1", {}, {OWN})


def test_what_an_earlier_run_left_of_a_vlan_goes(kernel: Kernel) -> None:
    left = kernel.plug("eth1.100")
    apply(begun(), tag=Tag(100))
    assert kernel.links["eth1.100"] != left


def test_an_interface_that_goes_away_is_told(kernel: Kernel) -> None:
    setup = begun()
    apply(setup, tag=Tag(100))
    kernel.delete(kernel.links["eth1.100"])
    with pytest.raises(TransportError, match=r"there is no interface eth1\.100 any more"):
        apply(setup, tag=Tag(100))
    with pytest.raises(TransportError, match=r"there is no interface eth1\.100"):
        setup.report(SETTINGS)
    apply(setup)
    kernel.delete(kernel.links["eth1"])
    setup.end()


def test_the_end_leaves_an_empty_interface(kernel: Kernel) -> None:
    setup = begun()
    apply(setup)
    setup.end()
    assert held(kernel) == set()
    apply(setup, tag=Tag(100))
    setup.end()
    assert kernel.vlans == {}


def test_arp_and_neighbor_discovery_are_switched(kernel: Kernel) -> None:
    setup = begun()
    apply(setup, arp_responses=False)
    assert kernel.setting("ipv4/conf/eth1/arp_ignore") == "8"
    assert kernel.setting("ipv6/conf/eth1/disable_ipv6") == "1"
    timing = NeighborTiming.of(bytes((1, 4, 3, 2, 5, 3, 1, 3, 40, 1)))
    apply(setup, ipv6=True, advertised_routers=True, timing=timing)
    assert kernel.setting("ipv4/conf/eth1/arp_ignore") == "1"
    for path, value in {
        "conf/eth1/disable_ipv6": "0",
        "conf/eth1/accept_ra": "2",
        "conf/eth1/autoconf": "1",
        "conf/eth1/dad_transmits": "2",
        "neigh/eth1/mcast_solicit": "5",
        "neigh/eth1/base_reachable_time_ms": "40000",
    }.items():
        assert kernel.setting(f"ipv6/{path}") == value
    apply(setup, ipv6=True)
    assert kernel.setting("ipv6/conf/eth1/accept_ra") == "0"


def test_gateways_and_routers_are_routes_and_their_hardware_addresses_neighbors(kernel: Kernel) -> None:
    setup = begun()
    router = Router(IPv6Address("fe80::1"), MAC, IPv6Interface("2001:db8:9::/48"))
    changes: dict[str, Any] = {"gateway": GATEWAY, "gateway_mac": MAC, "backup_gateway": BACKUP}
    apply(setup, ipv6=True, static=(SIX,), static_routers=(router,), **changes)
    assert kernel.routes[2] == {
        (EVERYWHERE, GATEWAY, 100),
        (EVERYWHERE, BACKUP, 200),
        (router.prefix, router.address, 100),
    }
    assert kernel.known == {GATEWAY: MAC, router.address: MAC}
    kernel.routes[2].remove((EVERYWHERE, BACKUP, 200))
    apply(setup, gateway=IPv4Address("192.0.2.1"))
    assert kernel.routes[2] == set()


def test_what_the_kernel_refuses_is_told_and_the_rest_counts(kernel: Kernel) -> None:
    setup = begun()
    kernel.refused = {SIX, GATEWAY}
    told = apply(setup, ipv6=True, static=(SIX,), gateway=GATEWAY)
    assert told == ["address fd00::5/64: refused", "route by 10.0.0.1: refused"]
    assert held(kernel) == {OWN}


def test_what_the_kernel_knows_is_reported(kernel: Kernel) -> None:
    setup = begun()
    local, made = IPv6Interface("fe80::5/64"), IPv6Interface("2001:db8::5/64")
    failed, tried, lost = (IPv6Interface(f"fd00::{number}/64") for number in (6, 7, 8))
    settings = replace(
        SETTINGS, ipv6=True, static=(SIX, None, failed, tried, lost), advertised_routers=True, gateway=GATEWAY
    )
    kernel.held[2] = {made: 0x20, SIX: 0, failed: 0x48, tried: 0x40, local: 0, OWN: 0}
    router = IPv6Address("fe80::1")
    kernel.known = {GATEWAY: MAC, router: MAC}
    kernel.ways = [
        Way(IPv6Interface("fe80::/64"), None),
        Way(IPv6Interface("2001:db8::/64"), None),
        Way(IPv6Interface("::/0"), router),
    ]
    (kernel.folder / "ipv6/conf/eth1/hop_limit").write_text("61\n")
    report = setup.report(settings)
    assert report.static == (ACTIVE, DISABLED, FAILED, PENDING, PENDING)
    assert report.dynamic == (AddressStatus(SLAAC, local, ACTIVE), AddressStatus(SLAAC, made, DEPRECATED))
    assert report.routers == (Router(router, MAC, IPv6Interface("2001:db8::/64")),)
    assert (report.hop_limit, report.gateway_mac, report.ipv4) == (61, MAC, OWN)
    quiet = setup.report(replace(settings, ipv6=False, advertised_routers=False))
    assert (quiet.dynamic, quiet.routers, quiet.hop_limit) == ((), (), 0)
    (kernel.folder / "ipv6/conf/eth1/hop_limit").unlink()
    kernel.ways = [Way(IPv6Interface("::/0"), router)]
    report = setup.report(settings)
    assert (report.hop_limit, report.routers[0].prefix) == (0, IPv6Interface("::/0"))
