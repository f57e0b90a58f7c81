"""The controllers around a BMC: satellites on its IPMB, and the chassis at the other end of an ICMB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from baseboard.codes import EntityId

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import FruSpec, SensorSpec


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
        aux_firmware: four bytes or none.
        capabilities: what it says it can do besides what it has (Get Device ID byte 7).
        self_test_failures: what of it is broken (Table 20-3, byte 3).
        entity_id: Table 43-13.
        entity_instance: 1-based.
        events: it sends event messages to the BMC from the start; otherwise Set Event Receiver begins it.
        sensors: its own, by their number; their values are those of their physics with the system on.
        frus: its inventories.
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
    aux_firmware: bytes | None = None
    capabilities: int = 0
    self_test_failures: int = 0
    entity_id: int = EntityId.SYSTEM_MANAGEMENT_MODULE
    entity_instance: int = 1
    events: bool = True
    sensors: tuple[SensorSpec, ...] = ()
    frus: tuple[FruSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class IpmbSpec:
    """The BMC on its IPMB.

    Attributes:
        address: its own slave address there, 8 bits with bit 0 clear; consoles reach it as 20h all the same.
        bus: a name, for the BMCs of one process; ``unix:PATH`` or ``tcp:ADDRESS:PORT``; ``/dev/ipmb-N``;
            empty = a bus of its own.
        listen: of a socket: others connect to it here, and it is their bus.
        i2c: of a device: it makes I2C writes of any length, not SMBus blocks.
        event_receiver: slave address that its events are for; 0 = its own.
    """

    address: int = 0x20
    bus: str = ""
    listen: bool = False
    i2c: bool = False
    event_receiver: int = 0

    @property
    def receiver(self) -> int:
        """Who gets its events as long as nobody says otherwise."""
        return self.event_receiver or self.address


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
        line: the line that it is on: a name, for the BMCs of one process; ``unix:PATH`` or
            ``tcp:ADDRESS:PORT``; ``pty:PATH``; the path of a serial device.
        listen: of a socket: others connect to it here.
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
    listen: bool = False
