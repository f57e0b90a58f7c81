"""``event``: events made up for a test, sent as Platform Event messages (§29.3)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.text import byte, completion
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call

USAGE: Final = """
usage: event <num>
   Send generic test events
   1 : Temperature - Upper Critical - Going High
   2 : Voltage Threshold - Lower Critical - Going Low
   3 : Memory - Correctable ECC

usage: event file <filename>
   Read and generate events from file
   Use the 'sel save' command to generate from SEL

usage: event <sensorid> <state> [event_dir]
   sensorid  : Sensor ID string to use for event data
   state     : Sensor state, use 'list' to see possible states for sensor
   event_dir : assert, deassert [default=assert]
"""

_SAMPLES: Final = {
    "1": ("Temperature - Upper Critical - Going High", bytes((4, 0x01, 0x30, 0x01, 9, 0xFF, 0xFF))),
    "2": ("Voltage Threshold - Lower Critical - Going Low", bytes((4, 0x02, 0x60, 0x01, 2, 0xFF, 0xFF))),
    "3": ("Memory - Correctable ECC", bytes((4, 0x0C, 0x53, 0x6F, 0, 0xFF, 0xFF))),
}
_SIZE: Final = 7
_SYSTEM_SOFTWARE: Final = 0x41
"""The generator of what system software sends: software ID 20h."""

_APP, _GET_CHANNEL_INFO = 0x06, 0x42
_SENSOR_EVENT, _PLATFORM_EVENT = 0x04, 0x02
_PRESENT: Final = 0x0E
_SYSTEM_INTERFACE: Final = 0x0C
_CHANNEL_INFO_SIZE: Final = 9
_INVALID_DATA: Final = 0xCC


async def run(call: Call, words: list[str]) -> int:
    """Do what the words after ``event`` say."""
    if not words or words[0] == "help" or words == ["file"]:
        call.err(USAGE)
        return 0
    if words[0] == "file":
        return await _from_file(call, words[1])
    if words[0] in _SAMPLES:
        name, message = _SAMPLES[words[0]]
        call.out(f"Sending SAMPLE event: {name}")
        return await send(call, message)
    from baseboard.cli.ipmitool.event_sensor import from_sensor

    return await from_sensor(call, *words[:3])


async def send(call: Call, message: bytes) -> int:
    """Print an event as the log would have it, and send it.

    Args:
        message: EvM revision, sensor type and number, event type with direction, three bytes of event data.
    """
    from baseboard.cli.results.event import EventSent

    system = await _over_system_interface(call)
    if system is None:
        call.err("Failed to send the platform event via an unknown channel")
        return 1
    await _show(call, message)
    bmc = await call.bmc()
    generator = bytes((_SYSTEM_SOFTWARE,)) if system else b""
    try:
        # Asked once: an event that came twice would be logged twice.
        answer = await bmc.exchange(_SENSOR_EVENT, _PLATFORM_EVENT, generator + message, retry=False)
    except NoResponse:
        call.err("Platform Event Message command failed")
        return 1
    if answer[0]:
        call.err(f"Platform Event Message command failed: {completion(answer[0])}")
        return 1
    call.result(EventSent(message=message.hex()))
    return 0


async def _over_system_interface(call: Call) -> bool | None:
    """Whether requests go through a system interface, where an event needs its generator; None if unknown."""
    bmc = await call.bmc()
    try:
        answer = await bmc.exchange(_APP, _GET_CHANNEL_INFO, bytes((_PRESENT,)))
    except NoResponse:
        call.err("IPMI response is NULL.")
        return None
    if answer[0]:
        if answer[0] != _INVALID_DATA:
            call.err(f"Get Channel Info command failed: {completion(answer[0])}")
        return None
    if len(answer) != 1 + _CHANNEL_INFO_SIZE:
        call.err("Unexpected data length received.")
        return None
    return answer[2] & 0x7F == _SYSTEM_INTERFACE or answer[1] & 0x0F == 0x0F


async def _show(call: Call, message: bytes) -> None:
    from baseboard.cli.ipmitool.sdr_repository import SdrSource
    from baseboard.cli.ipmitool.sel_lines import LogPrinter
    from baseboard.cli.ipmitool.sel_record import LogEntry

    noted = len(call.results)
    entry = LogEntry(bytes(7) + bytes((_SYSTEM_SOFTWARE, 0)) + message)
    printer = LogPrinter(SdrSource(call, await call.bmc()), extended=True)
    if call.verbose:
        await printer.show(entry)
    else:
        await printer.line(entry)
    # The line is a message on its way, not an entry of the log.
    del call.results[noted:]


async def _from_file(call: Call, name: str) -> int:
    from baseboard.cli.ipmitool.files import read_file

    data = read_file(call, name)
    if data is None:
        return 1
    code = 0
    for line in os.fsdecode(data).splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        message, wrong = _message(words)
        if wrong is not None:
            call.err(f"Invalid token in file: [{wrong}]")
            code = 1
        if len(message) < _SIZE:
            call.err(f"Invalid Event: {message.ljust(_SIZE, bytes(1)).hex()}")
            continue
        code = await send(call, message)
        if code:
            break
    return code


def _message(words: list[str]) -> tuple[bytes, str | None]:
    """The bytes of a line up to the first word that is none, and that word."""
    values: list[int] = []
    for word in words[:_SIZE]:
        value = byte(word)
        if value is None:
            return bytes(values), word
        values.append(value)
    return bytes(values), None
