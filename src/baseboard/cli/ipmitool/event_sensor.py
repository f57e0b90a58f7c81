"""``event SENSOR STATE``: an event as a sensor of the repository would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.text import completion
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.sdr_repository import SdrSource
    from baseboard.client.interface import Target
    from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord

    Readable = FullSensorRecord | CompactSensorRecord

_THRESHOLDS: Final = {
    "lnr": "Lower Non-Recoverable ",
    "lcr": "Lower Critical",
    "lnc": "Lower Non-Critical",
    "unc": "Upper Non-Critical",
    "ucr": "Upper Critical",
    "unr": "Upper Non-Recoverable",
}
_ORDER: Final = ("lnc", "lcr", "lnr", "unc", "ucr", "unr")
"""Pairs of threshold event offsets, going low before going high (Table 42-2)."""

_ON: Final = ("present", "assert", "limit", "fail", "yes", "on", "up")
_OFF: Final = ("absent", "deassert", "nolimit", "nofail", "no", "off", "down")

_THRESHOLD: Final = 0x01
_DIGITAL: Final = frozenset({3, 4, 5, 6, 8, 9})
_GENERIC: Final = frozenset({2, 7, 10, 11, 12})
_SPECIFIC: Final = 0x6F

_SENSOR_EVENT: Final = 0x04
_GET_HYSTERESIS, _GET_THRESHOLDS = 0x25, 0x27


async def from_sensor(call: Call, name: str, state: str | None = None, way: str | None = None) -> int:
    """Find a sensor by its name and send an event for one of its states."""
    from baseboard.cli.ipmitool.event import send
    from baseboard.cli.ipmitool.sdr_repository import SdrSource
    from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord

    if way not in (None, "assert", "deassert"):
        call.err(f"Invalid event direction {way}.  Must be 'assert' or 'deassert'")
        return 1
    source = SdrSource(call, await call.bmc())
    call.out(f"Finding sensor {name}... ", end="")
    entry = await source.named(name)
    call.out("not found!" if entry is None else "ok")
    if entry is None:
        return 1
    record: object = entry.record
    if not isinstance(record, FullSensorRecord | CompactSensorRecord):
        call.err(f"Unknown sensor type for id '{name}'")
        return 1
    event_type = int(record.event_type)
    deassert = way == "deassert"
    data: bytes | int | None
    if event_type == _THRESHOLD:
        data = await _threshold(call, record, state, deassert=deassert)
    elif event_type in _DIGITAL or event_type in _GENERIC or event_type == _SPECIFIC:
        data = await _discrete(source, record, state, digital=event_type in _DIGITAL)
    else:
        return 1
    if data is None or isinstance(data, int):
        return 1 if data is None else data
    head = (4, int(record.sensor_type), record.sensor_number, deassert << 7 | event_type)
    return await send(call, bytes(head) + data)


async def _threshold(call: Call, record: Readable, state: str | None, *, deassert: bool) -> bytes | None:
    """Event data for a threshold that is passed: the threshold, and a reading just behind it."""
    if state in (None, "list"):
        call.out("Sensor States:")
        for word, text in _THRESHOLDS.items():
            call.out(f"  {word} : {text}")
        return None
    if state not in _THRESHOLDS:
        call.err(f"Invalid threshold identifier {state}")
        return None
    # Upper thresholds are asserted going high and deasserted going low, lower ones the other way round.
    high = state.startswith("u") != deassert
    offset = 2 * _ORDER.index(state) + high
    place = _target(call, record)
    thresholds = await _ask(call, _GET_THRESHOLDS, bytes((record.sensor_number,)), place)
    if thresholds is None:
        call.err("Command Get Sensor Thresholds failed: invalid response.")
        return None
    if thresholds[0]:
        call.err(f"Command Get Sensor Thresholds failed: {completion(thresholds[0])}")
        return None
    level = thresholds.ljust(8, b"\0")[2 + offset // 2]
    hysteresis = await _ask(call, _GET_HYSTERESIS, bytes((record.sensor_number, 0xFF)), place)
    step = 1
    if hysteresis is not None and not hysteresis[0]:
        step = hysteresis.ljust(3, b"\0")[1 if high else 2] or 1
    reading = min(0xFF, level + step) if high else max(0, level - step)
    # Trigger reading in byte 2, threshold in byte 3 (Table 29-6).
    return bytes((0x50 | offset, reading, level))


async def _discrete(source: SdrSource, record: Readable, state: str | None, *, digital: bool) -> bytes | int:
    """Event data for a state; or an exit code, if there is nothing to send."""
    call, event_type = source.call, int(record.event_type)
    maker = await source.known_maker(int(record.sensor_type))
    rows = maker.rows(int(record.sensor_type), event_type)
    if state is None or state.lower() == "list":
        from baseboard.cli.ipmitool.sdr_states import states

        call.out("Sensor States: \n  " + "\n  ".join(states(rows, 0xFF, 0xFF)))
        if digital:
            call.out("Sensor State Shortcuts:")
            for on, off in zip(_ON, _OFF, strict=True):
                call.out(f"  {on:<9}  {off:<9}")
        return 0
    word = state.lower()
    if digital and word in _ON + _OFF:
        return bytes((word in _ON, 0xFF, 0xFF))
    offset = next((row.offset for row in rows if row.text.lower() == word), None)
    if offset is None:
        call.err(f"Unable to find matching event offset for '{state}'")
        return 1
    return bytes((offset, 0xFF, 0xFF))


def _target(call: Call, record: Readable) -> Target | None:
    """The controller that owns a sensor, if it is not the one that is asked anyway."""
    from dataclasses import replace

    target, owner = call.options.settings.target, record.owner_id
    if owner & 1 or owner == target.address:
        return replace(target, lun=record.owner_lun)
    return replace(target, address=owner, channel=record.channel, lun=record.owner_lun)


async def _ask(call: Call, cmd: int, data: bytes, target: Target | None) -> bytes | None:
    bmc = await call.bmc()
    try:
        return await bmc.exchange(_SENSOR_EVENT, cmd, data, target=target)
    except NoResponse:
        return None
