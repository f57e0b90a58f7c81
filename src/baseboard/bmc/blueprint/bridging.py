"""The controllers around a BMC: satellites on its IPMB, and the chassis at the other end of an ICMB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import SensorSpec


@dataclass(frozen=True, slots=True)
class SatelliteSpec:
    """A controller that the BMC reaches over its IPMB (§6.13).

    Attributes:
        address: its slave address, 8 bits with bit 0 clear.
        name: at most 16 characters.
        behind: slave address of the satellite on whose bus it sits; 0 = on the BMC's.
        channel: number of that bus, as the controller before it counts its channels.
        device_id: Get Device ID byte 2.
        device_revision: 0-15.
        firmware_major: 0-127.
        firmware_minor: two BCD digits as text.
        manufacturer_id: IANA enterprise number.
        product_id: 0-65535.
        events: it sends event messages to the BMC from the start; otherwise Set Event Receiver begins it.
        sensors: its own, by their number; their values are those of their physics with the system on.
    """

    address: int
    name: str = "satellite"
    behind: int = 0
    channel: int = 0
    device_id: int = 0
    device_revision: int = 0
    firmware_major: int = 1
    firmware_minor: str = "00"
    manufacturer_id: int = 0
    product_id: int = 0
    events: bool = True
    sensors: tuple[SensorSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectorSpec:
    """A connector of the ICMB bridge.

    Attributes:
        name: at most 16 characters.
        kind: its type, a byte.
    """

    name: str
    kind: int = 0


@dataclass(frozen=True, slots=True)
class IcmbSpec:
    """The bridge between a BMC and the Intelligent Chassis Management Bus (§8).

    Attributes:
        line: name of the line that it is on; BMCs of one process on the same line reach each other.
        channel: number of its channel.
        address: its address on the line; 0 = it looks for one that is free.
        enabled: the bridge works from the start.
        connectors: its connectors, the first with the number 0.
    """

    line: str = "icmb"
    channel: int = 7
    address: int = 0
    enabled: bool = True
    connectors: tuple[ConnectorSpec, ...] = (ConnectorSpec("ICMB"),)
