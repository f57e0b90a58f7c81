"""System Event Log records, always 16 bytes (§32)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from baseboard.codes import EventDirection, EventReadingType, EventRevision, SelType, SensorType
from baseboard.records.event_text import EventText, event_text
from baseboard.records.events import EventData, EventMessage
from baseboard.records.timestamps import UNSPECIFIED, to_datetime
from baseboard.wire import DERIVED, Family, at

SIZE = 16
FIRST_OEM_TIMESTAMPED = 0xC0
FIRST_OEM = 0xE0


class SelRecord(Family, selector="record_type"):
    """An entry of the event log, a class per range of types; ``SelRecord.unpack`` reads any."""

    record_id: int = at("1:2", "0000h and FFFFh are never stored", default=0)
    record_type: SelType = at("3", default=DERIVED)


@SelRecord.of(SelType.SYSTEM_EVENT)
class SystemEvent(SelRecord):
    """Type 02h: an event message, the time it came and who sent it (Table 32-1)."""

    timestamp: int = at("4:7", "set by the SEL device", default=UNSPECIFIED)
    generator_id: int = at("8", "slave address, or software ID with bit 0 set", default=0x20)
    channel: int = at("9[7:4]", "that the event came over; 0 = system interface, IPMB, internal", default=0)
    generator_lun: int = at("9[1:0]", default=0)
    evm_rev: EventRevision = at("10", default=EventRevision.IPMI_1_5)
    sensor_type: SensorType = at("11")
    sensor_number: int = at("12")
    direction: EventDirection = at("13[7]", default=EventDirection.ASSERTION)
    event_type: EventReadingType = at("13[6:0]")
    event_data: EventData = at("14:16")

    @property
    def software(self) -> bool:
        """Did software send it, and not a controller?"""
        return bool(self.generator_id & 1)

    @property
    def time(self) -> datetime | None:
        """When it was logged; None if no clock was set."""
        return to_datetime(self.timestamp)

    def text(self, value_text: Callable[[int], str] | None = None) -> EventText:
        """Say the event; ``value_text`` says a raw reading of its sensor."""
        parts = self.sensor_type, self.event_type, self.direction, self.event_data
        return event_text(*parts) if value_text is None else event_text(*parts, value_text)

    def message(self) -> EventMessage:
        """Give the event message that it was made of."""
        return EventMessage(
            evm_rev=self.evm_rev,
            sensor_type=self.sensor_type,
            sensor_number=self.sensor_number,
            direction=self.direction,
            event_type=self.event_type,
            event_data=self.event_data,
        )


@SelRecord.of(range(FIRST_OEM_TIMESTAMPED, FIRST_OEM))
class OemTimestamped(SelRecord):
    """Types C0h-DFh: a maker's own, with the time it came (Table 32-2)."""

    timestamp: int = at("4:7", "set by the SEL device", default=UNSPECIFIED)
    manufacturer_id: int = at("8:10", "IANA enterprise number")
    data: bytes = at("11:16")

    @property
    def time(self) -> datetime | None:
        """When it was logged; None if no clock was set."""
        return to_datetime(self.timestamp)


@SelRecord.of(range(FIRST_OEM, 0x100))
class OemNotTimestamped(SelRecord):
    """Types E0h-FFh: a maker's own, stored as it is given (Table 32-3)."""

    data: bytes = at("4:16")


@SelRecord.of(0x00, 0x01, range(0x03, FIRST_OEM_TIMESTAMPED))
class ReservedSelRecord(SelRecord):
    """A reserved type, up to BFh: kept, and timestamped as all below E0h are."""

    timestamp: int = at("4:7", "set by the SEL device", default=UNSPECIFIED)
    data: bytes = at("8:16")
