"""Verbs of the SEL that ipmitool has not: ``sel utc-offset``, ``sel auxiliary``, ``sel add-parts``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.sel import AuxiliaryLogFacts, SelAdded, SelUtcOffset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.call import Call
    from baseboard.client.sel_auxiliary import AuxiliaryStatus
    from baseboard.commands.storage.sel import AuxiliaryLog

_LOGS: Final = ("mca", "oem1", "oem2")
_MOST_MINUTES: Final = 1440
_MOST: Final = 0xFFFFFFFF
_STATUS: Final = 8
_SIZE: Final = 16


async def utc_offset(call: Call, words: Sequence[str]) -> int:
    """``sel utc-offset [get | set MINUTES|unspecified]``: how the log's clock stands to UTC (§31.11a)."""
    bmc = None
    match list(words):
        case [] | ["get"]:
            bmc = await call.bmc()
        case ["set", "unspecified"]:
            bmc = await call.bmc()
            await bmc.sel.set_utc_offset(None)
        case ["set", minutes]:
            wanted = _number(minutes, "minutes", -_MOST_MINUTES, _MOST_MINUTES)
            bmc = await call.bmc()
            await bmc.sel.set_utc_offset(wanted)
        case _:
            raise UsageError("sel utc-offset takes: get, set MINUTES (set -- -MINUTES), set unspecified")
    offset = await bmc.sel.utc_offset()
    call.result(SelUtcOffset(minutes=offset))
    call.out(
        "UTC offset of the SEL's clock: " + ("unspecified" if offset is None else f"{offset:+d} minutes")
    )
    return DONE


async def auxiliary(call: Call, words: Sequence[str]) -> int:
    """``sel auxiliary [get LOG | set LOG ...]``: how far logs beside the SEL are (§31.12, §31.13)."""
    match list(words):
        case []:
            wanted = list(_LOGS)
        case ["get", log] if log in _LOGS:
            wanted = [log]
        case ["set", "mca", count, *time] if len(time) < 2:
            await _set(call, "mca", _time(time), entries=_number(count, "entries", 0, _MOST))
            wanted = ["mca"]
        case ["set", ("oem1" | "oem2") as log, iana, status, *time] if len(time) < 2:
            maker = _number(iana, "the enterprise number", 0, 0xFFFFFF)
            await _set(call, log, _time(time), manufacturer_id=maker, status=_bytes(status, _STATUS))
            wanted = [log]
        case _:
            raise UsageError(
                "sel auxiliary takes: get mca|oem1|oem2, set mca ENTRIES [TIME], "
                "set oem1|oem2 IANA BYTES [TIME]"
            )
    for log in wanted:
        _tell(call, log, await (await call.bmc()).sel.auxiliary.get(_kind(log)))
    return DONE


async def add_parts(call: Call, words: Sequence[str]) -> int:
    """``sel add-parts BYTES``: add an entry in two pieces (§31.7)."""
    from baseboard.commands.storage.sdr import Progress
    from baseboard.commands.storage.sel import PartialAddSelEntry

    if len(words) != 1:
        raise UsageError("sel add-parts takes one word: the 16 bytes of an entry in hexadecimal")
    record = _bytes(words[0], _SIZE, exactly=True)
    bmc = await call.bmc()
    reservation, half = await bmc.sel.reserve(), _SIZE // 2
    first = await bmc.execute(
        PartialAddSelEntry(
            reservation_id=reservation,
            record_id=0,
            offset=0,
            progress=Progress.IN_PROGRESS,
            data=record[:half],
        ),
        retry=False,
    )
    last = await bmc.execute(
        PartialAddSelEntry(
            reservation_id=reservation, record_id=first.record_id, offset=half, progress=Progress.LAST,
            data=record[half:],
        ),
        retry=False,
    )  # fmt: skip
    call.result(SelAdded(record_id=last.record_id))
    call.out(f"Added as entry {last.record_id:04X}h")
    return DONE


async def _set(call: Call, log: str, time: datetime | None, **facts: int | bytes) -> None:
    from baseboard.client.sel_auxiliary import AuxiliaryStatus

    status = AuxiliaryStatus(log=_kind(log), last_entry=time, **facts)  # type: ignore[arg-type]  # named as the fields
    await (await call.bmc()).sel.auxiliary.set(status)


def _tell(call: Call, log: str, found: AuxiliaryStatus) -> None:
    time = "unknown" if found.last_entry is None else found.last_entry.isoformat()
    if found.manufacturer_id is None:
        rest = "entries: " + ("unknown" if found.entries is None else str(found.entries))
    else:
        rest = f"manufacturer: {found.manufacturer_id}, status: {found.status.hex(' ')}"
    call.out(f"{log:<5} last entry: {time}, {rest}")
    call.result(
        AuxiliaryLogFacts(
            log=log,
            last_entry=None if found.last_entry is None else found.last_entry.isoformat(),
            entries=found.entries,
            manufacturer_id=found.manufacturer_id,
            status=found.status,
        )
    )


def _kind(log: str) -> AuxiliaryLog:
    from baseboard.commands.storage.sel import AuxiliaryLog

    return AuxiliaryLog(_LOGS.index(log))


def _time(words: list[str]) -> datetime | None:
    if not words:
        return None
    try:
        return datetime.fromisoformat(words[0]).astimezone()
    except ValueError as error:
        raise UsageError(f"{words[0]}: no time; wanted is one like 2026-11-22T06:15:00+00:00") from error


def _number(text: str, what: str, least: int, most: int) -> int:
    try:
        value = int(text, 0)
    except ValueError as error:
        raise UsageError(f"{text}: {what} is no number") from error
    if not least <= value <= most:
        raise UsageError(f"{text}: {what} must be from {least} to {most}")
    return value


def _bytes(text: str, most: int, *, exactly: bool = False) -> bytes:
    try:
        data = bytes.fromhex(text)
    except ValueError as error:
        raise UsageError(f"{text}: no bytes in hexadecimal") from error
    if len(data) > most or (exactly and len(data) != most):
        raise UsageError(f"{text}: {len(data)} bytes, wanted are {'' if exactly else 'at most '}{most}")
    return data
