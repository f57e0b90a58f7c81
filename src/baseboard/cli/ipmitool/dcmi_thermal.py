"""``ipmitool dcmi sensors``, ``thermalpolicy`` and ``get_temp_reading``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.dcmi_words import (
    PLACES,
    THERMAL,
    THERMAL_SET,
    number_of,
    question,
    usage,
)
from baseboard.cli.ipmitool.text import byte
from baseboard.cli.ipmitool.word_values import unsigned
from baseboard.cli.results.dcmi import Sensors, Temperature, ThermalPolicy
from baseboard.commands.groups.dcmi import GetDcmiSensorInfo, GetTemperatureReadings
from baseboard.commands.groups.dcmi_limits import GetThermalLimit, SetThermalLimit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.sdr_record import Entry

AT_A_TIME: Final = 8
LIMIT_SIZE: Final = 4
TEXTS: Final = {
    0x40: "Inlet air temperature(40h)",
    0x41: "CPU temperature sensors(41h)",
    0x42: "Baseboard temperature sensors(42h)",
}


async def sensors(call: Call) -> int:
    """Print the temperature sensors of each place."""
    code = 0
    for entity in PLACES:
        code = await _place(call, entity)
    return code


async def _place(call: Call, entity: int) -> int:
    answer = await question(call, GetDcmiSensorInfo(entity_id=entity))
    if answer is None:
        return 1
    left = answer.data.ljust(1, b"\0")[0]
    name = PLACES[entity]
    call.out(f"\n{name}: {left} temperature sensor{'s' if left > 1 else ''} found:")
    records: list[int] = []
    offset = 0
    while left > 0:
        answer = await question(call, GetDcmiSensorInfo(entity_id=entity, start=offset))
        if answer is None:
            return 1
        count = answer.data.ljust(2, b"\0")[1]
        data = answer.data[2:].ljust(2 * count, b"\0")
        for at in range(0, 2 * count, 2):
            record = int.from_bytes(data[at : at + 2], "little")
            call.out(f"Record ID 0x{record:04x}: ", end="")
            await _sensor(call, record)
            records.append(record)
        if not count:
            break  # or it would ask for ever
        offset += AT_A_TIME
        left -= count
    call.result(Sensors(place=name, records=records))
    return 0


async def _sensor(call: Call, record: int) -> None:
    """Print a sensor as ``sdr`` does."""
    from baseboard.cli.ipmitool.sdr import Printer
    from baseboard.cli.ipmitool.sdr_repository import SdrSource
    from baseboard.records.sdr import CompactSensorRecord, FullSensorRecord

    source = SdrSource(call, await call.bmc())
    if not await source.open():
        return

    async def wanted() -> AsyncIterator[Entry]:
        async for entry in source.entries():
            if entry.record_id == record:
                if isinstance(entry.record, FullSensorRecord | CompactSensorRecord):
                    yield entry
                return

    await Printer(source).print(wanted())


async def temperatures(call: Call) -> int:
    """Print the temperatures of each place."""
    call.out("\n\tEntity ID\t\t\tEntity Instance\t   Temp. Readings", end="")
    for entity, text in TEXTS.items():
        answer = await question(call, GetTemperatureReadings(entity_id=entity))
        if answer is None:
            continue
        left = answer.data.ljust(1, b"\0")[0]
        start = 0
        while left > 0:
            answer = await question(call, GetTemperatureReadings(entity_id=entity, start=start))
            if answer is None:
                break
            count = answer.data.ljust(2, b"\0")[1]
            data = answer.data[2:].ljust(2 * count, b"\0")
            for at in range(0, 2 * count, 2):
                value, instance = data[at], data[at + 1]
                sign = "-" if value >> 7 else "+"
                call.out(f"\n{text}\t\t{instance}\t\t{sign}{value & 127} C", end="")
                celsius = -(value & 127) if value >> 7 else value
                call.result(Temperature(place=PLACES[entity], instance=instance, celsius=celsius))
            left -= min(AT_A_TIME, left)
            start += AT_A_TIME
    return 0


# ---- thermalpolicy


async def policy(call: Call, words: list[str]) -> int:
    """Run ``dcmi thermalpolicy``."""
    verb = number_of(words[1] if len(words) > 1 else None, THERMAL, 0xFF)
    if verb == 0xFF:
        usage(call, THERMAL, "thermalpolicy <command>")
        return 1
    if len(words) < 4:
        call.err(f"{'Set' if verb else 'Get'} <entityID> <instanceID>")
        return 1
    if verb and len(words) < 9:
        title = (
            "Set thermalpolicy instance parameters: <volatile/nonvolatile/disabled> "
            "<poweroff/nopoweroff/disabled> <sel/nosel/disabled> <templimitByte> <exceptionTime>"
        )
        usage(call, THERMAL_SET, title)
        return 1
    entity, instance = byte(words[2]), byte(words[3])
    for name, value, word in (("Entity", entity, words[2]), ("Instance", instance, words[3])):
        if value is None:
            call.err(f"Given {name} ID '{word}' is invalid.")
            return 1
    assert entity is not None
    assert instance is not None
    return await (_set if verb else _get)(call, entity, instance, words[4:])


async def _get(call: Call, entity: int, instance: int, words: list[str]) -> int:
    del words
    answer = await question(call, GetThermalLimit(entity_id=entity, instance=instance))
    if answer is None:
        return 1
    said = answer.decode(size=LIMIT_SIZE)
    call.out(f"\n    Persistence flag is:                      {'set' if said.persistent else 'notset'}")
    call.out("    Exception Actions, taken if the Temperature Limit exceeded:")
    off, log = ("active" if flag else "inactive" for flag in (said.power_off, said.log_only))
    call.out(f"        Hard Power Off system and log event:  {off}")
    call.out(f"        Log event to SEL only:                {log}")
    call.out(f"    Temperature Limit                         {said.limit} degrees")
    call.out(f"    Exception Time                            {said.exception_time} seconds\n\n")
    call.result(
        ThermalPolicy(
            entity_id=entity,
            instance=instance,
            persistent=said.persistent,
            power_off=said.power_off,
            log_only=said.log_only,
            limit=said.limit,
            exception_seconds=said.exception_time,
        )
    )
    return 0


async def _set(call: Call, entity: int, instance: int, words: list[str]) -> int:
    limit, seconds = byte(words[3]), unsigned(words[4], 16)
    if limit is None:
        call.err(f"Given Temp Limit '{words[3]}' is invalid.")
        return 1
    if seconds is None:
        call.err(f"Given Sampling Time '{words[4]}' is invalid.")
        return 1
    # Any word of the list will do in any place; others are 0.
    persistent, off, log = (bool(number_of(word, THERMAL_SET, 0)) for word in words[:3])
    request = SetThermalLimit(
        entity_id=entity,
        instance=instance,
        persistent=persistent,
        power_off=off,
        log_only=log,
        limit=limit,
        exception_time=seconds,
    )
    if await question(call, request) is None:
        return 1
    call.out(f"\nThermal policy {instance} for {entity:X}h entity successfully set.\n")
    call.result(
        ThermalPolicy(
            entity_id=entity,
            instance=instance,
            persistent=persistent,
            power_off=off,
            log_only=log,
            limit=limit,
            exception_seconds=seconds,
        )
    )
    return 0
