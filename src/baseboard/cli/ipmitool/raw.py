"""``raw``: any request, byte by byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.answers import hexadecimal
from baseboard.cli.ipmitool.text import byte, completion, str2val
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_NETFNS: Final = {
    0x00: "Chassis",
    0x02: "Bridge",
    0x04: "SensorEvent",
    0x06: "Application",
    0x08: "Firmware",
    0x0A: "Storage",
    0x0C: "Transport",
}
_LIMIT: Final = 256


def usage() -> str:
    """The help of the noun."""
    rows = "".join(f"  {value}\t0x{value:02x}\t{name}\n" for value, name in _NETFNS.items())
    return (
        "RAW Commands:  raw <netfn> <cmd> [data]\n\nNetwork Function Codes:\n\n  VAL\tHEX\tSTRING\n"
        f"{'=' * 46}\n{rows}\n(can also use raw hex values)"
    )


async def run(call: Call, words: list[str]) -> int:
    """Send ``NETFN CMD [DATA ...]`` and print what comes back."""
    from baseboard.cli.results.raw import RawAnswer

    if words == ["help"]:
        call.err(usage())
        return 0
    if len(words) < 2:
        call.err("Not enough parameters given.")
        call.err(usage())
        return 1
    if len(words) > _LIMIT:
        call.err("Raw command input limit (256 bytes) exceeded")
        return 1
    request = _bytes(call, words)
    if request is None:
        return 1
    netfn, cmd, data = request[0], request[1], request[2:]
    bmc, target = await call.bmc(), call.options.settings.target
    place = f"(channel=0x{target.channel & 0xF:x} netfn=0x{netfn:x} lun=0x{target.lun:x} cmd=0x{cmd:x}"
    try:
        # The bytes may do anything, so they are not sent again on a whim of the controller's.
        answer = await bmc.exchange(netfn, cmd, data, patient=False)
    except NoResponse:
        call.err(f"Unable to send RAW command {place})")
        return 1
    call.result(RawAnswer(netfn=netfn, cmd=cmd, completion_code=answer[0], data=answer[1:].hex()))
    if answer[0]:
        call.err(f"Unable to send RAW command {place} rsp=0x{answer[0]:x}): {completion(answer[0])}")
        return 1
    call.out(hexadecimal(answer[1:]))
    return 0


def _bytes(call: Call, words: list[str]) -> bytes | None:
    named = str2val(words[0], _NETFNS)
    found: list[int] = []
    for place, word in enumerate(words):
        value = named if not place and named != 0xFF else byte(word)
        if value is None:
            label = ("netfn", "command")[place] if place < 2 else "data"
            call.err(f'Given {label} "{word}" is invalid.')
            return None
        found.append(value)
    return bytes(found)
