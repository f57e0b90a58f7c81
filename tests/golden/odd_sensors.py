"""A BMC with whatever sensors a test thinks of: records by hand, answers by sensor number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.records.sdr import CompactSensorRecord, EventOnlyRecord, FullSensorRecord, Sdr
from baseboard.testing.scripted import Line, Script, ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT
from tests.interop.lab import Bmc

STORAGE, SENSOR = 0x0A, 0x04
INFO, RESERVE, GET = 0x20, 0x22, 0x23
HYSTERESIS, THRESHOLDS, ENABLES, READING = 0x25, 0x27, 0x29, 0x2D
_LAST = 0xFFFF
_NO_SENSOR = b"\xcb"


def full(number: int, **fields: Any) -> FullSensorRecord:
    """A measuring sensor with all thresholds, degrees C unless told otherwise."""
    usual: dict[str, Any] = {
        "sensor_type": 1,
        "event_type": 1,
        "base_unit": 1,
        "threshold_access": 1,
        "reading_mask": 0x003F,
        "id_string": f"Full {number}",
    }
    return FullSensorRecord(sensor_number=number, **(usual | fields))


def compact(number: int, **fields: Any) -> CompactSensorRecord:
    """A sensor with states."""
    usual: dict[str, Any] = {"sensor_type": 0x25, "event_type": 0x6F, "id_string": f"Compact {number}"}
    return CompactSensorRecord(sensor_number=number, **(usual | fields))


def event_only(number: int, **fields: Any) -> EventOnlyRecord:
    """A sensor that only sends events."""
    usual: dict[str, Any] = {"sensor_type": 0x10, "event_type": 0x6F, "id_string": f"Events {number}"}
    return EventOnlyRecord(sensor_number=number, **(usual | fields))


def said(value: int, states: int = 0, flags: int = 0xC0) -> bytes:
    """An answer to Get Sensor Reading."""
    return bytes((0, value, flags)) + states.to_bytes(2, "little")


def lines(
    records: Sequence[Sdr | bytes],
    readings: Mapping[int, bytes | None],
    others: Mapping[tuple[int, int], Mapping[int, bytes]] | None = None,
) -> dict[tuple[int, int], Line]:
    """Answers for these records and sensors.

    Args:
        readings: answers to Get Sensor Reading by sensor number; None is silence.
        others: answers to other commands, by sensor number.
    """
    raw = [one if isinstance(one, bytes) else one.pack() for one in records]
    raw = [(place + 1).to_bytes(2, "little") + one[2:] for place, one in enumerate(raw)]

    def get(data: bytes) -> bytes:
        number = int.from_bytes(data[2:4], "little")
        place = len(raw) - 1 if number == _LAST else max(number, 1) - 1
        if place >= len(raw):
            return _NO_SENSOR
        following = place + 2 if place + 1 < len(raw) else _LAST
        offset, count = data[4], data[5]
        return b"\0" + following.to_bytes(2, "little") + raw[place][offset : offset + min(count, 0x40)]

    def by_number(answers: Mapping[int, bytes | None]) -> Line:
        return lambda data: answers.get(data[0], _NO_SENSOR)

    stamps = (0x6A112233).to_bytes(4, "little") * 2
    return {
        (STORAGE, INFO): b"\0\x51" + len(raw).to_bytes(2, "little") + b"\0\x10" + stamps + b"\x22",
        (STORAGE, RESERVE): b"\0\x01\0",
        (STORAGE, GET): get,
        (SENSOR, READING): by_number(readings),
        **{key: by_number(answers) for key, answers in (others or {}).items()},
    }


@contextmanager
def odd_bmc(answers: Mapping[tuple[int, int], Line]) -> Iterator[Bmc]:
    """Run a BMC that answers so while the block lasts."""
    with ScriptedBmc(BLUEPRINT, SimulatedServer, Script(answers)) as running:
        password = ADMIN.password.decode()
        yield Bmc(running.host, running.port, ADMIN.name.decode(), password, None, "odd", Path())
