"""The place of a described BMC on the IPMB: which bus, which address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.bridging import IpmbSpec
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.sockets import check_socket
from baseboard.bmc.configuration.spots import Spot

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import Blueprint
    from baseboard.bmc.configuration.ipmb_layout import Ipmb

UNIX: Final = "unix:"
TCP: Final = "tcp:"
DEVICE: Final = "/dev/"
_STEP: Final = 2
_LAST_ADDRESS: Final = 0xEE

Members = dict[str, dict[int, str]]
"""Who is on which bus, by address."""


def ipmb_specs(said: Ipmb, spot: Spot, count: int) -> list[IpmbSpec]:
    """The places of each of so many BMCs; on a bus that they share each has the next address.

    Raises:
        ConfigurationError: there is no such bus, a key is not its, or the addresses do not suffice.
    """
    bus = _bus(said, spot)
    if bus.startswith(DEVICE) and count > 1:
        raise (spot / "bus").wrong(f"found {bus} for {count} BMCs; a device has one address")
    step = _STEP if bus else 0
    if said.address + step * (count - 1) > _LAST_ADDRESS:
        raise (spot / "address").wrong(f"found {said.address:#04x}; the last of {count} BMCs would have none")
    return [
        IpmbSpec(said.address + step * turn, bus, said.listen, said.i2c, said.event_receiver or 0)
        for turn in range(count)
    ]


def _bus(said: Ipmb, spot: Spot) -> str:
    """The bus as every BMC on it calls it."""
    bus = said.bus or ""
    kind = next((one for one in (UNIX, TCP, DEVICE) if bus.startswith(one)), "")
    for key, given, kinds in (
        ("listen", said.listen, (UNIX, TCP)),
        ("exposed", said.exposed, (TCP,)),
        ("i2c", said.i2c, (DEVICE,)),
    ):
        if given and kind not in kinds:
            allowed = " and ".join(f"{one}..." for one in kinds)
            raise (spot / key).wrong(f"found true, which is for a bus {allowed}")
    if kind == UNIX:
        bus = f"{UNIX}{beside(spot.file, bus.removeprefix(UNIX))}" if bus != UNIX else bus
    elif not kind and (":" in bus or bus.startswith("/")):
        raise (spot / "bus").wrong(
            f'found "{bus}"; allowed is a name, unix:PATH, tcp:ADDRESS:PORT or /dev/ipmb-N'
        )
    if kind in (UNIX, TCP):
        check_socket(bus, spot / "bus", exposed=said.exposed, stranger="a controller on the bus")
    return bus


def join(blueprint: Blueprint, spot: Spot, members: Members, hubs: dict[str, bool]) -> None:
    """Note who is on a bus that BMCs of this process share.

    Args:
        spot: of the BMC.
        members: of all buses so far.
        hubs: whether the BMCs before say that they listen, by bus.

    Raises:
        ConfigurationError: an address is taken already, or they do not agree on who listens.
    """
    spec = blueprint.ipmb
    if not spec.bus:
        return
    if hubs.setdefault(spec.bus, spec.listen) != spec.listen:
        raise (spot / "ipmb" / "listen").wrong(
            f"found {str(spec.listen).lower()}; another BMC of this process on that bus says otherwise"
        )
    there = members.setdefault(spec.bus, {})
    near = [one.address for one in blueprint.satellites if not one.behind]
    if near and spec.bus.startswith(DEVICE):
        raise (spot / "satellite").wrong(f"found satellites; on {spec.bus} is only who really is there")
    for address in (spec.address, *near):
        if address in there:
            raise (spot / "ipmb" / "address").wrong(
                f"{there[address]} is or has {address:#04x} on the bus {spec.bus} already"
            )
        there[address] = blueprint.identity.name
