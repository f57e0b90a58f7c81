"""Verbs of ``sensor`` that change what a sensor shows, sends and is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.sensor_changes import (
    EventSwitch,
    ReadingFactors,
    SensorEvents,
    SensorHysteresis,
    SensorKind,
    WrittenSensor,
)
from baseboard.cli.watching import value as said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baseboard.cli.native_call import NativeCall
    from baseboard.client.sensor import Sensor
    from baseboard.client.sensor_writing import Bits
    from baseboard.codes.code import Code
    from baseboard.records.events import EventData

_LAST_OFFSET: Final = 14
_OFFSETS: Final = 15
_WRITES: Final = ("states", "set", "clear", "ended", "end", "forget")
_EVENT_DATA: Final = 3
_SWITCHES: Final = ("on", "off")


async def set_reading(call: NativeCall, words: Sequence[str]) -> int:
    """``sensor set-reading NAME ...``: write a settable sensor (§35.17)."""
    name, plain, options = _words(words, (*_WRITES, "raw", "data", "offset"), most=1)
    if not plain and not options:
        raise UsageError("sensor set-reading wants a value, raw=BYTE or states; see `baseboard help sensor`")
    if options.get("offset", "given") != "given":
        raise UsageError("offset=given is the only one: the offset in data is sent as it is")
    raw = _byte(options["raw"]) if "raw" in options else None
    assertions = _bits(options, {"states": "write", "set": "set", "clear": "clear"})
    deassertions = _bits(options, {"ended": "write", "end": "set", "forget": "clear"})
    data = _event_data(options["data"]) if "data" in options else None
    value = _value(plain[0]) if plain else None
    bmc = await call.bmc()
    sensor = await bmc.sensors.write(
        name, value, raw=raw, assertions=assertions, deassertions=deassertions, event_data=data,
        keep_offset="offset" not in options,
    )  # fmt: skip
    call.result(
        WrittenSensor(
            name=sensor.name, raw=sensor.raw, reading=sensor.reading, unit=sensor.unit, states=sensor.states,
            status=sensor.status,
        )
    )  # fmt: skip
    call.out(printable(f"{sensor.name:<16} | {said(sensor):<24} | {sensor.status}"))
    return DONE


async def events(call: NativeCall, words: Sequence[str]) -> int:
    """``sensor events NAME ...``: which events it sends (§35.10, §35.11, §35.13)."""
    keys = ("messages", "scanning", "enable", "disable", "enable-end", "disable-end")
    name, _, options = _words(words, keys)
    switches = {key: _switch(key, options[key]) for key in ("messages", "scanning") if key in options}
    masks = {key: _mask(options[key]) for key in keys[2:] if key in options}
    bmc = await call.bmc()
    sensor = await bmc.sensors.find(name)
    if options:
        now = await bmc.sensors.event_enables(sensor)
        await bmc.sensors.set_event_enables(
            sensor,
            events_enabled=switches.get("messages"),
            scanning_enabled=switches.get("scanning"),
            assertions=(now.assertions | masks.get("enable", 0)) & ~masks.get("disable", 0),
            deassertions=(now.deassertions | masks.get("enable-end", 0)) & ~masks.get("disable-end", 0),
        )
    await _tell_events(call, sensor)
    return DONE


async def rearm(call: NativeCall, words: Sequence[str]) -> int:
    """``sensor rearm NAME [begin=OFFSETS] [end=OFFSETS]``: forget events (§35.12)."""
    name, _, options = _words(words, ("begin", "end"))
    began, ended = (_mask(options.get(key, "none")) for key in ("begin", "end"))
    bmc = await call.bmc()
    sensor = await bmc.sensors.find(name)
    if options:
        await bmc.sensors.rearm(sensor, assertions=began, deassertions=ended)
    else:
        await bmc.sensors.rearm(sensor)
    await _tell_events(call, sensor)
    return DONE


async def _tell_events(call: NativeCall, sensor: Sensor) -> None:
    bmc = await call.bmc()
    enables = await bmc.sensors.event_enables(sensor)
    status = await bmc.sensors.event_status(sensor)
    any_of = enables.assertions | enables.deassertions | status.assertions | status.deassertions
    rows = tuple(
        EventSwitch(
            offset=offset,
            event=_event(sensor, offset),
            begin=bool(enables.assertions >> offset & 1),
            end=bool(enables.deassertions >> offset & 1),
            began=bool(status.assertions >> offset & 1),
            ended=bool(status.deassertions >> offset & 1),
        )
        for offset in range(_OFFSETS)
        if any_of >> offset & 1
    )
    call.result(
        SensorEvents(
            name=sensor.name, messages=enables.events_enabled, scanning=enables.scanning_enabled,
            unavailable=status.unavailable, events=rows,
        )
    )  # fmt: skip
    call.out(
        printable(
            f"{sensor.name}: messages {_on(enables.events_enabled)}, scanning {_on(enables.scanning_enabled)}"
            + (", no reading" if status.unavailable else "")
        )
    )
    if rows:
        call.out(f"{'':>2}  {'event':<48}  {'sent when it':<17}and it")
    for row in rows:
        sent = " and ".join(word for word, wanted in (("begins", row.begin), ("ends", row.end)) if wanted)
        seen = " and ".join(word for word, was in (("began", row.began), ("ended", row.ended)) if was)
        call.out(printable(f"{row.offset:>2}  {row.event:<48}  {sent or '-':<17}{seen or '-'}"))


async def hysteresis(call: NativeCall, words: Sequence[str]) -> int:
    """``sensor hysteresis NAME [POSITIVE NEGATIVE]``: §35.6, §35.7."""
    name, plain, _ = _words(words, (), most=2)
    if len(plain) == 1:
        raise UsageError(
            "sensor hysteresis wants two values: for thresholds reached by going up, and by going down"
        )
    bmc = await call.bmc()
    sensor = await bmc.sensors.find(name)
    if plain:
        now = await bmc.sensors.set_hysteresis(sensor, *(_value(word) for word in plain))
    else:
        now = await bmc.sensors.hysteresis(sensor)
    call.result(
        SensorHysteresis(name=sensor.name, positive=now.positive, negative=now.negative, unit=sensor.unit)
    )
    call.out(printable(f"{sensor.name}: {now.positive:g} up, {now.negative:g} down {sensor.unit}".rstrip()))
    return DONE


async def kind(call: NativeCall, words: Sequence[str]) -> int:
    """``sensor type NAME [TYPE [EVENT-TYPE]]``: §35.15, §35.16."""
    from baseboard.codes import EventReadingType, SensorType

    name, plain, _ = _words(words, (), most=2)
    wanted = [_code(table, word) for table, word in zip((SensorType, EventReadingType), plain, strict=False)]
    bmc = await call.bmc()
    sensor = await bmc.sensors.find(name)
    now = await (bmc.sensors.set_kind(sensor, *wanted) if wanted else bmc.sensors.kind(sensor))
    found = SensorKind(
        name=sensor.name,
        sensor_type=int(now.sensor_type),
        sensor_type_name=now.sensor_type.text,
        event_type=int(now.event_type),
        event_type_name=now.event_type.text,
    )
    call.result(found)
    call.out(
        printable(
            f"{sensor.name}: {found.sensor_type_name} ({found.sensor_type:02X}h),"
            f" {found.event_type_name} ({found.event_type:02X}h)"
        )
    )
    return DONE


async def factors(call: NativeCall, words: Sequence[str]) -> int:
    """``sensor factors NAME``: the table of a sensor that is not linear (§35.5)."""
    name, _, _ = _words(words, ())
    table = await (await call.bmc()).sensors.factors(name)
    call.out("reading       value      M      B  B exp  R exp")
    for reading, one in table.entries.items():
        call.result(
            ReadingFactors(
                reading=reading, value=table.value(reading), m=one.m, b=one.b, b_exponent=one.b_exp,
                r_exponent=one.r_exp, tolerance=one.tolerance, accuracy=one.accuracy,
                accuracy_exponent=one.accuracy_exp,
            )
        )  # fmt: skip
        exponents = f"{one.b_exp:>5}  {one.r_exp:>5}"
        call.out(f"{reading:>7}  {table.value(reading):>10.6g}  {one.m:>5}  {one.b:>5}  {exponents}")
    return DONE


# ---- words


def _words(words: Sequence[str], keys: Sequence[str], most: int = 0) -> tuple[str, list[str], dict[str, str]]:
    """The sensor's name, the words without a key, and the others by their key."""
    if not words:
        raise UsageError("the name of a sensor is wanted")
    plain: list[str] = []
    options: dict[str, str] = {}
    for word in words[1:]:
        key, equals, text = word.partition("=")
        if equals and key in keys:
            options[key] = text
        else:
            plain.append(word)
    if len(plain) > most:
        allowed = ", ".join(f"{key}=" for key in keys)
        raise UsageError(f"{plain[most]}: not understood" + (f"; there are {allowed}" if allowed else ""))
    return words[0], plain, options


def _mask(text: str) -> int:
    """Offsets with commas between; ``none`` and ``all``."""
    if text in ("none", "all"):
        return (1 << _OFFSETS) - 1 if text == "all" else 0
    mask = 0
    for word in text.split(","):
        if not word.isdecimal() or int(word) > _LAST_OFFSET:
            raise UsageError(f"{text}: offsets 0 to 14 with commas between are wanted, or none, or all")
        mask |= 1 << int(word)
    return mask


def _bits(options: Mapping[str, str], ways: Mapping[str, str]) -> Bits | None:
    """What is done with the status of one direction."""
    from baseboard.client.sensor_writing import Bits

    given = [key for key in ways if key in options]
    if len(given) > 1:
        raise UsageError(f"{given[0]}= and {given[1]}= are two ways to write the same bits")
    return Bits(ways[given[0]], _mask(options[given[0]])) if given else None  # type: ignore[arg-type]  # a way


def _event_data(text: str) -> EventData:
    from baseboard.records.events import EventData

    try:
        data = bytes.fromhex(text.replace(",", ""))
    except ValueError:
        data = b""
    if len(data) != _EVENT_DATA:
        raise UsageError(f"{text}: three bytes in hexadecimal are wanted")
    return EventData.decode(data)


def _byte(text: str) -> int:
    try:
        found = int(text, 0)
    except ValueError:
        found = -1
    if not 0 <= found <= 0xFF:
        raise UsageError(f"{text}: a byte is wanted, 0 to 255 or 0x00 to 0xff")
    return found


def _value(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise UsageError(f"{text}: a number in the sensor's unit is wanted") from error


def _switch(key: str, text: str) -> bool:
    if text not in _SWITCHES:
        raise UsageError(f"{key}={text}: on or off is wanted")
    return text == "on"


def _code(table: type[Code], text: str) -> int:
    """A code by its number or by its name in small letters."""
    member = table.__members__.get(text.upper().replace("-", "_").replace(" ", "_"))
    return int(member) if member is not None else _byte(text)


def _on(switch: bool) -> str:
    return "on" if switch else "off"


def _event(sensor: Sensor, offset: int) -> str:
    """An event's name by its offset."""
    from baseboard.codes import event_offset

    row = event_offset(sensor.event_type, sensor.sensor_type, offset)
    return row.event if row is not None else f"state {offset}"
