"""``i2c``: Master Write-Read on a bus behind the controller (§22.11)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.answers import hexadecimal
from baseboard.cli.ipmitool.questions import known
from baseboard.cli.ipmitool.text import COMPLETION, byte
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call

USAGE: Final = """\
usage: i2c [bus=public|# [chan=#] <i2caddr> <read bytes> [write data]
            bus=public is default
            chan=0 is default, bus= must be specified to use chan="""

_REFUSED: Final = {
    0x81: "Lost Arbitration",
    0x82: "Bus Error",
    0x83: "NAK on Write",
    0x84: "Truncated Read",
}
_LONGEST: Final = 64
_NETFN, _CMD = 0x06, 0x52
_BITS_UP_TO: Final = 4


async def run(call: Call, words: list[str]) -> int:
    """Do ``[bus=N [chan=N]] ADDRESS READ [BYTES ...]``."""
    bus, rest = _bus(words)
    if len(rest) < 2 or words[0] == "help":
        call.err(USAGE)
        return 0
    if len(rest) - 2 > _LONGEST:
        call.err(f"Raw command input limit ({_LONGEST} bytes) exceeded")
        return 1
    values: list[int] = []
    for place, word in enumerate(rest):
        value = byte(word)
        if value is None:
            label = ("i2caddr", "read size")[place] if place < 2 else "parameter"
            call.err(f'Given {label} "{word}" is invalid.')
            return 1
        if place == 1 and not values[0]:
            call.err("Invalid I2C address 0")
            call.err(USAGE)
            return 1
        values.append(value)
    return await _transfer(call, bus, values[0], values[1], bytes(values[2:]))


def _bus(words: list[str]) -> tuple[int, list[str]]:
    """The byte for channel and bus, and the words behind it."""
    if len(words) < 3 or not words[0].startswith("bus="):
        return 0, words
    number = re.match(r"bus=\s*(\d+)", words[0])
    bus, rest = ((int(number[1]) & 7) << 1 | 1 if number else 0), words[1:]
    if len(words) > 3 and rest[0].startswith("chan="):
        channel = re.match(r"chan=\s*(\d+)", rest[0])
        bus |= (int(channel[1]) << 4 if channel else 0) & 0xFF
        rest = rest[1:]
    return bus, rest


async def _transfer(call: Call, bus: int, address: int, size: int, data: bytes) -> int:
    from baseboard.cli.results.raw import I2cAnswer

    answer = await _ask(call, bus, address, size, data)
    if answer is None:
        call.err("Unable to perform I2C Master Write-Read")
        return 1
    if data and (call.verbose or not size):
        call.out(f"Wrote {len(data)} bytes to I2C device {address:02X}h")
    if size:
        if call.verbose or not data:
            call.out(f"Read {len(answer)} bytes from I2C device {address:02X}h")
        if len(answer) < size:
            return 1
        call.out(hexadecimal(answer))
        if len(answer) <= _BITS_UP_TO:
            call.out("".join(f"{value:08b} " for value in answer))
    call.result(I2cAnswer(address=address, written=data.hex(), read=answer.hex()))
    return 0


async def _ask(call: Call, bus: int, address: int, size: int, data: bytes) -> bytes | None:
    for name, count in (("read", size), ("write", len(data))):
        if count > _LONGEST:
            call.err(f"Master Write-Read: Too many bytes ({count}) to {name}")
            return None
    bmc = await call.bmc()
    try:
        answer = await bmc.exchange(_NETFN, _CMD, bytes((bus, address, size)) + data, patient=False)
    except NoResponse:
        call.err("I2C Master Write-Read command failed")
        return None
    if answer[0]:
        call.err(f"I2C Master Write-Read command failed: {known(answer[0], _REFUSED, COMPLETION)}")
        return None
    return answer[1:]
