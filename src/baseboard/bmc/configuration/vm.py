"""Where the virtual machines of described BMCs connect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.endpoints import is_loopback
from baseboard.bmc.configuration.words import numbered, varies
from baseboard.errors import TransportError
from baseboard.transports.machine_socket import where_of

if TYPE_CHECKING:
    from baseboard.bmc.configuration.spots import Spot
    from baseboard.bmc.configuration.vm_layout import Vm

MOST_CARRIED: Final = 253
"""Bytes from NetFn on that go through the VM protocol: sequence number and checksum come to them."""

_LAST_PORT: Final = 0xFFFF


def vm_specs(said: Vm, spot: Spot, count: int) -> list[VmSpec]:
    """Where the machine of each of so many BMCs connects.

    Args:
        said: what the file says.
        spot: of its table.
        count: BMCs that are made of it.
    """
    here = spot / "listen"
    if count > 1 and not varies(said.listen) and not said.listen.endswith(":0"):
        raise here.wrong(f'found "{said.listen}" for {count} BMCs; put {{n}} where they differ')
    places = [_place(numbered(said.listen, turn + 1), here, exposed=said.exposed) for turn in range(count)]
    if len(set(places)) < count and not said.listen.endswith(":0"):
        raise here.wrong(f'found "{said.listen}", which is one place for several BMCs')
    return [VmSpec(place) for place in places]


def _place(text: str, spot: Spot, *, exposed: bool) -> str:
    kind, _, path = text.partition(":")
    if kind == "unix" and path:
        text = f"unix:{beside(spot.file, path)}"
    try:
        where = where_of(text)
    except TransportError as error:
        raise spot.wrong(str(error)) from error
    if not isinstance(where, str) and not is_loopback(where[0]) and not exposed:
        raise spot.wrong(
            f"{where[0]} can be reached by others, who could pass for the machine: the protocol asks nobody"
            " who they are; exposed = true allows it"
        )
    return text


def listening(place: str, count: int) -> list[VmSpec]:
    """Where the machines of so many BMCs connect, the first of them at a place that somebody named.

    The others follow: at the next ports, or at paths with -1, -2 and so on behind.

    Raises:
        TransportError: it is no place, or there are not so many.
    """
    if ":" not in place:
        place = f"unix:{place}"
    where = where_of(place)
    if isinstance(where, str):
        path = Path(where).absolute()
        paths = [str(path)] if count == 1 else [f"{path}-{turn + 1}" for turn in range(count)]
        return [VmSpec(f"unix:{where_of('unix:' + one)}") for one in paths]
    host, port = where
    if port and port + count - 1 > _LAST_PORT:
        raise TransportError(f"{count} ports from {port} on go beyond {_LAST_PORT}")
    shown = f"[{host}]" if ":" in host else host
    return [VmSpec(f"tcp:{shown}:{port + turn if port else 0}") for turn in range(count)]


def behind_vm(blueprint: Blueprint, spec: VmSpec) -> Blueprint:
    """A BMC with a machine behind it, which is off until it connects.

    Its system interface carries no more than the protocol does.
    """
    size = blueprint.interface
    carried = replace(
        size,
        input_size=min(size.input_size, MOST_CARRIED),
        output_size=min(size.output_size, MOST_CARRIED),
    )
    return replace(blueprint, machine=spec, powered=False, interface=carried)
