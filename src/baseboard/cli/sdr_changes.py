"""Verbs of ``sdr`` and ``event`` that ipmitool has not."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.sensor_changes import (
    ChangedSdr,
    DeviceSdr,
    EventReceiver,
    InitializationAgent,
    SdrSpace,
    SdrTime,
)
from baseboard.errors import CompletionError

if TYPE_CHECKING:
    from baseboard.cli.native_call import NativeCall
    from baseboard.client.sdr_entry import SdrEntry
    from baseboard.commands.sensor.sensors import GetDeviceSdrInfoResponse

_MOST: Final = 0xFFFFFFFF
_LAST_LUN: Final = 3
_LARGEST: Final = 255 + 5


async def device(call: NativeCall, words: Sequence[str]) -> int:
    """``sdr device``: the controller's own records (§35.2 to §35.4)."""
    _none(words, "sdr device")
    bmc = await call.bmc()
    with contextlib.suppress(CompletionError):  # it need not say how many there are, nor reserve them
        _tell_luns(call, await bmc.sdr.device_info())
        call.out(f"Records: {(await bmc.sdr.device_info(records=True)).count}")
    with contextlib.suppress(CompletionError):
        await bmc.sdr.reserve_device()
    records = await bmc.sdr.device_records()
    for entry in records:
        _tell(call, entry)
    for line in records.missing:
        call.err(line)
    return FAILED if records.missing else DONE


def _tell_luns(call: NativeCall, info: GetDeviceSdrInfoResponse) -> None:
    luns = (info.lun0_has_sensors, info.lun1_has_sensors, info.lun2_has_sensors, info.lun3_has_sensors)
    having = ", ".join(str(lun) for lun, has in enumerate(luns) if has) or "none"
    changes = info.population_change_indicator
    dynamic = "" if changes is None else f"; sensors come and go, indicator {changes:08X}h"
    call.out(f"Sensors on LUNs {having}{dynamic}")


def _tell(call: NativeCall, entry: SdrEntry) -> None:
    from baseboard.codes import SdrType
    from baseboard.records.sdr import SensorRecord

    record = entry.record
    sensor = record if isinstance(record, SensorRecord) else None
    found = DeviceSdr(
        record_id=entry.record_id,
        record_type=SdrType(entry.raw[3]).text,
        name=str(getattr(record, "id_string", "")).rstrip("\0"),
        number=None if sensor is None else sensor.sensor_number,
        lun=None if sensor is None else sensor.owner_lun,
        raw=entry.raw,
    )
    call.result(found)
    where = "" if found.number is None else f"{found.number:02X}h LUN {found.lun}"
    call.out(printable(f"{found.record_id:04X}h | {found.name:<16} | {where:<9} | {found.record_type}"))


async def add(call: NativeCall, words: Sequence[str]) -> int:
    """``sdr add FILE|BYTES [piece=N]``: §33.13, §33.14."""
    piece, named = 0, list(words)
    if named and named[-1].startswith("piece="):
        piece = _number(named.pop().removeprefix("piece="), 1, _LARGEST)
    if len(named) != 1:
        raise UsageError("sdr add wants a file that `sdr dump` made, or the bytes of a record")
    records = _records(named[0])
    bmc = await call.bmc()
    for raw in records:
        number = await bmc.sdr.add(raw, piece=piece)
        call.result(ChangedSdr(record_id=number))
        call.out(f"Added as record {number:04X}h")
    return DONE


async def delete(call: NativeCall, words: Sequence[str]) -> int:
    """``sdr delete ID ...``: §33.15."""
    if not words:
        raise UsageError("sdr delete wants IDs of records")
    numbers = [_number(word, 0, 0xFFFF) for word in words]
    bmc = await call.bmc()
    for number in numbers:
        gone = await bmc.sdr.delete(number)
        call.result(ChangedSdr(record_id=gone))
        call.out(f"Deleted record {gone:04X}h")
    return DONE


async def clear(call: NativeCall, words: Sequence[str]) -> int:
    """``sdr clear``: §33.16."""
    _none(words, "sdr clear")
    await (await call.bmc()).sdr.clear()
    call.out("All records are deleted")
    return DONE


async def space(call: NativeCall, words: Sequence[str]) -> int:
    """``sdr space``: §33.10."""
    _none(words, "sdr space")
    answer = await (await call.bmc()).sdr.allocation()
    unit = answer.unit_size or None

    def size(units: int) -> int | None:
        return None if unit is None else units * unit

    found = SdrSpace(
        total=size(answer.possible_units) or None,
        unit=unit,
        free=size(answer.free_units),
        largest_free_block=size(answer.largest_free_block),
        largest_record=size(answer.maximum_record_size),
    )
    call.result(found)
    for name, value in (
        ("Space", found.total), ("Allotted in units of", found.unit), ("Free", found.free),
        ("Largest free block", found.largest_free_block), ("Largest record", found.largest_record),
    ):  # fmt: skip
        call.out(f"{name:<20} : " + ("unspecified" if value is None else f"{value} bytes"))
    return DONE


async def update_mode(call: NativeCall, words: Sequence[str]) -> int:
    """``sdr update-mode enter|exit``: §33.19, §33.20."""
    if list(words) not in (["enter"], ["exit"]):
        raise UsageError("sdr update-mode takes: enter, exit")
    bmc = await call.bmc()
    if words[0] == "enter":
        await bmc.sdr.enter_update_mode()
        call.out("The repository answers this session only, until exit or until the session ends")
    else:
        await bmc.sdr.exit_update_mode()
        call.out("The repository answers everybody")
    return DONE


async def time(call: NativeCall, words: Sequence[str]) -> int:
    """``sdr time [TIME|now]``: §33.17, §33.18."""
    if len(words) > 1:
        raise UsageError("sdr time takes: now, or a time like 2026-11-22T06:15:00")
    wanted = _local(words[0]) if words else None
    bmc = await call.bmc()
    if wanted is not None:
        await bmc.sdr.set_time(wanted)
    seconds = await bmc.sdr.time()
    # the controller's clock has local time (§37), so it is shown as it is
    text = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()
    call.result(SdrTime(seconds=seconds, time=text))
    call.out(text.replace("T", " "))
    return DONE


async def init_agent(call: NativeCall, words: Sequence[str]) -> int:
    """``sdr init-agent [run]``: §33.21."""
    if list(words) not in ([], ["run"]):
        raise UsageError("sdr init-agent takes: run")
    bmc = await call.bmc()
    if words:
        await bmc.sdr.initialize()
    completed = await bmc.sdr.initialized()
    call.result(InitializationAgent(completed=completed))
    call.out(f"Initialization of sensors: {'completed' if completed else 'in progress'}")
    return DONE


async def receiver(call: NativeCall, words: Sequence[str]) -> int:
    """``event receiver [ADDRESS|off [LUN]]``: §29.1, §29.2."""
    if len(words) > 2:
        raise UsageError("event receiver takes: off, or a slave address such as 0x20, and its LUN")
    address = lun = None
    if words:
        address = None if words[0] == "off" else _number(words[0], 0, 0xFE)
        lun = _number(words[1], 0, _LAST_LUN) if len(words) > 1 else 0
    bmc = await call.bmc()
    if lun is not None:
        await bmc.events.set_receiver(address, lun)
    now = await bmc.events.receiver()
    call.result(EventReceiver(address=now.address, lun=now.lun))
    where = "nowhere" if now.address is None else f"to {now.address:02X}h, LUN {now.lun}"
    call.out(f"Events go {where}")
    return DONE


# ---- words


def _none(words: Sequence[str], verb: str) -> None:
    if words:
        raise UsageError(f"{verb} takes no words")


def _number(text: str, least: int, most: int) -> int:
    try:
        value = int(text, 0)
    except ValueError as error:
        raise UsageError(f"{text}: a number is wanted") from error
    if not least <= value <= most:
        raise UsageError(f"{text}: from {least} to {most} is wanted")
    return value


def _records(text: str) -> list[bytes]:
    """The records of a file, or the one that is said byte by byte."""
    from baseboard.client.sdr_entry import decode_dump

    path = Path(text)
    try:
        return [entry.raw for entry in decode_dump(path.read_bytes())] if path.is_file() else [_bytes(text)]
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(",", " "))
    except ValueError as error:
        raise UsageError(f"{text}: there is no such file, and these are no bytes in hexadecimal") from error


def _local(text: str) -> int:
    """Seconds since 1970 of a local time, as the controller counts them (§37)."""
    try:
        when = datetime.now() if text == "now" else datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text}: no time; wanted is now, or one like 2026-11-22T06:15:00") from error
    if when.tzinfo is not None:
        when = when.astimezone().replace(tzinfo=None)
    seconds = int(when.replace(tzinfo=UTC).timestamp())
    if not 0 <= seconds <= _MOST:
        raise UsageError(f"{text}: a time from 1970 to 2106 is wanted")
    return seconds
