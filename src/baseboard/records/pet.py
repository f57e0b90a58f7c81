"""The Platform Event Trap: the octets of its one variable, and its number (PET v1.0, §17.16).

What carries them, an SNMP message, is no matter of this module. Numbers are most significant byte first,
other than everywhere else in IPMI.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baseboard.codes import EntityId
from baseboard.records.events import EventData
from baseboard.records.timestamps import UNSPECIFIED
from baseboard.wire import BE, Record, at

EPOCH = datetime(1998, 1, 1, tzinfo=UTC)
"""Timestamps of traps count from here; those of the event log are 883 612 800 seconds higher."""

UNSPECIFIED_OFFSET = -1
END_OF_FIELDS = b"\xc1"
LONGEST_TEXT = 60
"""Characters of an alert string: the OEM fields have 64 bytes, and four of them are not the string's."""

_AHEAD = 883_612_800
_END, _MULTIRECORD, _ASCII, _TEXT, _LENGTH = 0xC1, 0x80, 0x40, 0x01, 0x3F


class PlatformEventTrap(Record):
    """The variable of a trap, counted from 0 (PET v1.0, Table 3)."""

    _base = 0

    guid: bytes = at("0:15", "system GUID, in whichever byte order the BMC is set to")
    sequence_number: int = at("16:17", "the same in all retries", codec=BE)
    local_timestamp: int = at("18:21", "seconds since 1998; 0 = unspecified", codec=BE, default=0)
    utc_offset: int = at("22|23", "minutes; -1 = unspecified", signed=True, default=UNSPECIFIED_OFFSET)
    trap_source_type: int = at("24", "20h = a BMC", default=0x20)
    event_source_type: int = at("25", "20h IPMI, 21h system software", default=0x20)
    severity: int = at("26", "a bit, as an event filter gives it; 00h = unspecified", default=0)
    sensor_device: int = at("27", "slave address or software ID of who saw it")
    sensor_number: int = at("28")
    entity_id: EntityId = at("29", default=EntityId.UNSPECIFIED)
    entity_instance: int = at("30", default=0)
    event_data: EventData = at("31:33")
    language: int = at("39", "as in FRU areas; FFh = unspecified", default=25)
    manufacturer_id: int = at("40:43", "IANA enterprise number", codec=BE)
    system_id: int = at("44:45", "product ID", codec=BE)
    oem: bytes = at("46:", "fields with a type/length byte, up to C1h", default=END_OF_FIELDS)

    @property
    def time(self) -> datetime | None:
        """When it happened, as UTC; local time where the offset is unspecified; None if no clock was set."""
        if not self.local_timestamp:
            return None
        minutes = 0 if self.utc_offset == UNSPECIFIED_OFFSET else self.utc_offset
        return EPOCH + timedelta(seconds=self.local_timestamp) - timedelta(minutes=minutes)


def specific_trap(sensor_type: int, event_type: int, direction: int, offset: int) -> int:
    """Give the number of the trap for an event."""
    return sensor_type << 16 | event_type << 8 | direction << 7 | offset


def event_of_trap(number: int) -> tuple[int, int, int, int]:
    """Give sensor type, event/reading type, direction and offset of a trap's number."""
    return number >> 16 & 0xFF, number >> 8 & 0xFF, number >> 7 & 1, number & 0xF


def local_timestamp(time: int) -> int:
    """Give the timestamp of a trap for one of the event log; 0 where the log's clock was never set."""
    return time - _AHEAD if _AHEAD < time != UNSPECIFIED else 0


def log_timestamp(time: int) -> int:
    """Give the timestamp of the event log for one of a trap; FFFFFFFFh if that is unspecified."""
    return UNSPECIFIED if not time else min(time + _AHEAD, UNSPECIFIED)


def text_field(text: bytes) -> bytes:
    """Give the OEM fields with an alert string in them: a PET multirecord, cut to fit (PET v1.0).

    Its length is read as that of what follows the record's type (unverified).
    """
    if not text:
        return END_OF_FIELDS
    text = text[:LONGEST_TEXT]
    return bytes((_MULTIRECORD, _ASCII | len(text), _TEXT)) + text + END_OF_FIELDS


def text_of(oem: bytes) -> bytes | None:
    """Give the alert string that OEM fields hold; None if they hold none.

    Raises nothing: fields that end too early are fields that hold none.
    """
    at = 0
    while at < len(oem) and oem[at] != _END:
        if oem[at] == _MULTIRECORD:
            length = oem[at + 1] & _LENGTH if at + 1 < len(oem) else 0
            if oem[at + 2 : at + 3] and oem[at + 2] & 0xF == _TEXT:
                return oem[at + 3 :][:length]
            at += 3 + length
        else:
            at += 1 + (oem[at] & _LENGTH)
    return None
