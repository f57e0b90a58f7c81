"""A BMC whose records, readings and log a test writes byte by byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from baseboard.testing.scripted import Line

STORAGE, SENSOR = 0x0A, 0x04
NOT_PRESENT = b"\xcb"
_PIECE = 32


def record(kind: int, body: bytes, *, version: int = 0x51) -> bytes:
    """A record with its header; its ID is given by the place where it stands."""
    return bytes((0, 0, version, kind, len(body))) + body


def full(
    number: int,
    name: bytes,
    *,
    owner: int = 0x20,
    channel_lun: int = 0,
    entity: tuple[int, int] = (7, 1),
    init: int = 0x7F,
    capabilities: int = 0x68,
    sensor_type: int = 1,
    event_type: int = 1,
    masks: bytes = bytes.fromhex("0a7a 8030 3f3f"),
    units: bytes = b"\x00\x01\x00",
    linear: int = 0,
    factors: bytes = b"\x01\x00\x00\x00\x00\x00",
    flags: int = 0,
    nominal: bytes = b"\x28\x32\x1e",
    limits: bytes = b"\xff\x00",
    thresholds: bytes = bytes((90, 80, 70, 5, 10, 15)),
    hysteresis: bytes = b"\x02\x03",
    oem: int = 0,
    code: int | None = None,
) -> bytes:
    """A full sensor record (Table 43-1)."""
    body = bytes((owner, channel_lun, number, *entity, init, capabilities, sensor_type, event_type))
    body += masks + units + bytes((linear,)) + factors + bytes((flags,)) + nominal + limits
    body += thresholds + hysteresis + bytes((0, 0, oem, 0xC0 | len(name) if code is None else code))
    return record(0x01, body + name)


def compact(
    number: int,
    name: bytes,
    *,
    owner: int = 0x20,
    channel_lun: int = 0,
    entity: tuple[int, int] = (7, 1),
    capabilities: int = 0x40,
    sensor_type: int = 0x08,
    event_type: int = 0x6F,
    masks: bytes = bytes.fromhex("0f00 0f00 0f00"),
    units: bytes = b"\xc0\x00\x00",
    hysteresis: bytes = b"\x00\x00",
    oem: int = 0,
    code: int | None = None,
) -> bytes:
    """A compact sensor record (Table 43-2)."""
    body = bytes((owner, channel_lun, number, *entity, 0x67, capabilities, sensor_type, event_type))
    body += masks + units + b"\x01\x00" + hysteresis + bytes(3)
    return record(0x02, body + bytes((oem, 0xC0 | len(name) if code is None else code)) + name)


def event_only(
    number: int, name: bytes, *, entity: tuple[int, int] = (7, 1), sensor_type: int = 0x12
) -> bytes:
    """An event-only record (Table 43-3)."""
    body = bytes((0x20, 0, number, *entity, sensor_type, 0x6F, 1, 0, 0, 0, 0xC0 | len(name)))
    return record(0x03, body + name)


@dataclass
class Shelf:
    """What the BMC has, and what it answers.

    Attributes:
        records: of the repository, in order; IDs are 1, 2, 3 ...
        readings: completion code and data of Get Sensor Reading, by sensor number.
        thresholds: the same of Get Sensor Thresholds.
        status: the same of Get Sensor Event Status.
        enables: the same of Get Sensor Event Enable.
        factors: the same of Get Sensor Reading Factors.
        log: entries of the event log, 16 bytes each.
        more: other commands.
        written: what was sent to commands that write.
    """

    records: list[bytes] = field(default_factory=list)
    readings: dict[int, bytes] = field(default_factory=dict)
    thresholds: dict[int, bytes] = field(default_factory=dict)
    status: dict[int, bytes] = field(default_factory=dict)
    enables: dict[int, bytes] = field(default_factory=dict)
    factors: dict[int, bytes] = field(default_factory=dict)
    log: list[bytes] = field(default_factory=list)
    more: dict[tuple[int, int], Line] = field(default_factory=dict)
    written: list[tuple[int, bytes]] = field(default_factory=list)

    def lines(self) -> dict[tuple[int, int], Line]:
        """What to tell a script."""
        return {
            (STORAGE, 0x20): lambda _: b"\x00\x51" + _word(len(self.records)) + bytes(10) + b"\x02",
            (STORAGE, 0x22): b"\x00\x01\x00",
            (STORAGE, 0x23): self._record,
            (STORAGE, 0x40): lambda _: b"\x00\x51" + _word(len(self.log)) + b"\x00\x10" + bytes(8) + b"\x02",
            (STORAGE, 0x43): self._entry,
            (SENSOR, 0x2D): lambda data: self.readings.get(data[0], NOT_PRESENT),
            (SENSOR, 0x27): lambda data: self.thresholds.get(data[0], NOT_PRESENT),
            (SENSOR, 0x2B): lambda data: self.status.get(data[0], NOT_PRESENT),
            (SENSOR, 0x29): lambda data: self.enables.get(data[0], NOT_PRESENT),
            (SENSOR, 0x23): lambda data: self.factors.get(data[0], NOT_PRESENT),
            (SENSOR, 0x26): self._set,
            **self.more,
        }

    def given(self) -> dict[str, str]:
        """The same for a file of scenes: answers by command and how its data begins, in hex."""
        keys: dict[str, bytes] = {"0a/20": b"", "0a/22": b"", "0a/40": b"", "04/26": b"\x01"}
        numbers = [0, *range(1, len(self.records) + 1)]
        for number in numbers:
            raw = self.records[max(number, 1) - 1] if self.records else b""
            # We ask for all of it; ipmitool for the header, then for 32 bytes at a time.
            pieces = [(1, start, min(_PIECE, len(raw) - start)) for start in range(5, len(raw), _PIECE)]
            for reservation, offset, count in ((0, 0, 0xFF), (1, 0, 5), *pieces):
                if number or offset < 5:
                    data = _word(reservation) + _word(number) + bytes((offset, count))
                    keys[f"0a/23 {data.hex()}"] = data
        for entry in [b"\0\0", *(entry[:2] for entry in self.log)]:
            keys[f"0a/43 0000{entry.hex()}"] = b"\0\0" + entry + b"\x00\xff"
        for cmd, answers in (
            (0x2D, self.readings),
            (0x27, self.thresholds),
            (0x2B, self.status),
            (0x29, self.enables),
            (0x23, self.factors),
        ):
            keys |= {f"04/{cmd:02x} {number:02x}": bytes((number,)) for number in answers}
        lines = self.lines()
        found: dict[str, str] = {}
        for key, data in keys.items():
            line = lines[int(key[:2], 16), int(key[3:5], 16)]
            answer = line(data) if callable(line) else line
            assert answer is not None
            found[key] = answer.hex()
        return found

    def _record(self, data: bytes) -> bytes:
        number = int.from_bytes(data[2:4], "little") or 1
        if not 1 <= number <= len(self.records):
            return NOT_PRESENT
        raw = _word(number) + self.records[number - 1][2:]
        following = _word(number + 1 if number < len(self.records) else 0xFFFF)
        return b"\x00" + following + raw[data[4] :][: data[5]]

    def _entry(self, data: bytes) -> bytes:
        ids = [int.from_bytes(entry[:2], "little") for entry in self.log]
        wanted = int.from_bytes(data[2:4], "little")
        if not ids or wanted not in (0, 0xFFFF, *ids):
            return NOT_PRESENT
        place = 0 if not wanted else len(ids) - 1 if wanted == 0xFFFF else ids.index(wanted)
        return b"\x00" + _word(ids[place + 1] if place + 1 < len(ids) else 0xFFFF) + self.log[place]

    def _set(self, data: bytes) -> bytes:
        self.written.append((0x26, data))
        return b"\x00"


def event(
    number: int,
    *,
    stamp: int = 0x6A000000,
    generator: int = 0x20,
    sensor_type: int = 1,
    sensor: int = 1,
    event_type: int = 1,
    data: Iterable[int] = (0x59, 82, 80),
    kind: int = 2,
) -> bytes:
    """An entry of the event log (Table 32-1); ``event_type`` has bit 7 set for a deassertion."""
    head = _word(number) + bytes((kind,)) + stamp.to_bytes(4, "little") + _word(generator)
    return head + bytes((4, sensor_type, sensor, event_type, *data))


def oem(number: int, kind: int, rest: bytes) -> bytes:
    """An entry of a maker's own type."""
    return _word(number) + bytes((kind,)) + rest.ljust(13, b"\0")[:13]


def _word(number: int) -> bytes:
    return number.to_bytes(2, "little")
