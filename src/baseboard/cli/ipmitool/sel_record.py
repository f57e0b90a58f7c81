"""An entry of the event log as ipmitool holds it, whether it came from a controller or from a file."""

from __future__ import annotations

from typing import Final, Self

from baseboard.wire.value import Value

SIZE: Final = 16
FIRST_OEM: Final = 0xC0
FIRST_UNSTAMPED: Final = 0xE0
PANIC: Final = 0xF0
"""The type of entry that Linux writes when its kernel panics."""

_MAKER: Final = slice(7, 10)


class LogEntry(Value):
    """Sixteen bytes.

    Attributes:
        raw: as the controller gives them; too few are filled up with zeros.
    """

    raw: bytes

    @classmethod
    def received(cls, data: bytes) -> Self:
        """Take what Get SEL Entry answered after the next entry's ID."""
        return cls(bytes(data[:SIZE]).ljust(SIZE, b"\0"))

    @classmethod
    def stored(cls, data: bytes) -> Self:
        """Take 16 bytes of a file that ``sel writeraw`` wrote."""
        return cls(_swapped(data))

    def store(self) -> bytes:
        """Give 16 bytes for such a file: a maker's number stands there most significant byte first."""
        return _swapped(self.raw)

    @property
    def record_id(self) -> int:
        """What finds it."""
        return int.from_bytes(self.raw[:2], "little")

    @property
    def kind(self) -> int:
        """The record type."""
        return self.raw[2]

    @property
    def standard(self) -> bool:
        """Whether it is an event, by ipmitool's measure: of a type below C0h."""
        return self.kind < FIRST_OEM

    @property
    def stamp(self) -> int:
        """The time stamp, of a type below E0h."""
        return int.from_bytes(self.raw[3:7], "little")

    @property
    def generator(self) -> int:
        """Both bytes of the generator ID, as one number."""
        return int.from_bytes(self.raw[7:9], "little")

    @property
    def evm_rev(self) -> int:
        """The event message's format version."""
        return self.raw[9]

    @property
    def sensor_type(self) -> int:
        """What kind of sensor it came from."""
        return self.raw[10]

    @property
    def sensor_number(self) -> int:
        """Which sensor it came from."""
        return self.raw[11]

    @property
    def event_type(self) -> int:
        """Event/reading type."""
        return self.raw[12] & 0x7F

    @property
    def deasserted(self) -> bool:
        """Whether the state ended."""
        return bool(self.raw[12] & 0x80)

    @property
    def data(self) -> bytes:
        """The three event data bytes."""
        return self.raw[13:16]

    @property
    def offset(self) -> int:
        """Which state or event it is about."""
        return self.raw[13] & 0x0F

    @property
    def maker(self) -> str:
        """A maker's number in hexadecimal, of types C0h to DFh."""
        return self.raw[_MAKER][::-1].hex()

    @property
    def own(self) -> bytes:
        """A maker's own bytes, of types from C0h on."""
        return self.raw[10:] if self.kind < FIRST_UNSTAMPED else self.raw[3:]


def _swapped(data: bytes) -> bytes:
    """Turn the maker's number of a time-stamped OEM entry round."""
    if not FIRST_OEM <= data[2] < FIRST_UNSTAMPED:
        return bytes(data)
    return data[: _MAKER.start] + data[_MAKER][::-1] + data[_MAKER.stop :]
