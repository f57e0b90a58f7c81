"""Where the host's side of a described BMC's system interface is, checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.interfaces import DeviceSpec, EndpointSpec, InterfaceSpec, RegistersSpec
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import numbered, varies
from baseboard.transports.bmc_device import kind_of

if TYPE_CHECKING:
    from baseboard.bmc.configuration.dcmi_layout import Interface

_UNIX: Final = "unix:"
_LONGEST_PATH: Final = 107
"""Bytes of a Unix socket's path, by the system's own structure."""


def interface_specs(base: InterfaceSpec, said: Interface, spot: Spot, count: int) -> list[InterfaceSpec]:
    """The system interface of each of so many BMCs; one without an endpoint is shared by all.

    Raises:
        ConfigurationError: the place of an endpoint cannot be, or would be shared.
    """
    return [base if one is None else replace(base, endpoint=one) for one in _endpoints(said, spot, count)]


def _endpoints(said: Interface, spot: Spot, count: int) -> list[EndpointSpec | None]:
    if said.device is not None:
        return [_device(said, spot, count)]
    if said.registers is None:
        return [None] * count
    here = spot / "registers"
    _check_varies(said.registers, here, count)
    return [RegistersSpec(_unix_place(numbered(said.registers, turn + 1), here)) for turn in range(count)]


def _device(said: Interface, spot: Spot, count: int) -> DeviceSpec:
    """The device of a chip, which is one BMC's."""
    assert said.device is not None
    here = spot / "device"
    if not said.device.startswith("/dev/"):
        raise here.wrong(f'found "{said.device}"; allowed is a device such as /dev/ipmi-kcs3')
    if said.registers is not None:
        raise here.wrong("found a device and registers; the host has one system interface")
    if count > 1:
        raise here.wrong(f'found "{said.device}" for {count} BMCs; a chip is one')
    kind = kind_of(said.device)
    if said.kind == "smic":
        raise here.wrong(f'found "{said.device}"; of kind "smic" BMC chips have none')
    if kind is not None and kind != said.kind:
        raise here.wrong(f'found "{said.device}", which is of kind "{kind}"; kind is "{said.kind}"')
    return DeviceSpec(said.device)


def _check_varies(place: str, here: Spot, count: int) -> None:
    if count > 1 and not varies(place):
        raise here.wrong(f'found "{place}" for {count} BMCs; put {{n}} where they differ')


def _unix_place(place: str, here: Spot) -> str:
    """A place with its path made one beside the file; only Unix sockets pass descriptors on."""
    if not place.startswith(_UNIX) or place == _UNIX or not place.isprintable():
        raise here.wrong(f'found "{place}"; allowed is unix: and the path of a socket')
    path = str(beside(here.file, place.removeprefix(_UNIX)))
    if len(path.encode()) > _LONGEST_PATH:
        raise here.wrong(f"found a path of {len(path.encode())} bytes; sockets have {_LONGEST_PATH} at most")
    return f"{_UNIX}{path}"
