"""What an entry of the event log says, in ipmitool's words and in those that it has for some makers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool import supermicro_boards as boards
from baseboard.cli.ipmitool.event_texts import ANY, SENSOR_SPECIFIC
from baseboard.cli.ipmitool.maker import DELL, QUANTA, SUPERMICRO, VIKING
from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.text import completion
from baseboard.errors import NoResponse

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.sdr_repository import SdrSource
    from baseboard.cli.ipmitool.sel_record import LogEntry

MEMORY: Final = 0x0C
_FIRMWARE: Final = 0x0F
_DELL_EVENT, _DELL_NON_FATAL, _DELL_FATAL = 0xC1, 0xC2, 0xC3
_SUPERMICRO_OWN: Final = 0xD0

_HAS_DATA_2: Final = 0xC0
_OEM_EVENTS: Final = range(0x70, 0x7F)

# Events without words of their own that a maker's words stand for, by sensor type.
_ALONE: Final = {
    _FIRMWARE: {0x0F},
    _DELL_EVENT: {1, 2, 3},
    _DELL_NON_FATAL: {0, 2},
    _DELL_FATAL: {1},
}
_RESETS: Final = ("BMC unexpected reset", "BMC cold reset", "BMC warm reset")
_PURLEY: Final = 2


class EventWords:
    """Puts entries into words; asks the controller where a maker's words need it."""

    def __init__(self, source: SdrSource) -> None:
        self._source = source

    async def say(self, entry: LogEntry) -> str | None:
        """Give the words of an event; None where there are none."""
        maker = await self._source.known_maker(entry.sensor_type)
        if entry.event_type in _OEM_EVENTS:
            return await self._viking(entry) if maker.number == VIKING else None
        more = await self._more(entry) if entry.event_type == SENSOR_SPECIFIC else None
        for row in maker.rows(entry.sensor_type, entry.event_type):
            told = entry.data[0] & _HAS_DATA_2 and row.data == entry.data[1]
            if row.offset == entry.offset and (row.data == ANY or told):
                return row.text if more is None else f"{row.text} ({more})"
        if more is None:
            return None
        if entry.sensor_type == _SUPERMICRO_OWN:
            return more
        return f"({more})" if entry.offset in _ALONE.get(entry.sensor_type, ()) else None

    async def _more(self, entry: LogEntry) -> str | None:
        """What the maker's own reading of the event data adds."""
        number = self._source.maker.number
        if number in SUPERMICRO:
            return await self._supermicro(entry)
        if number == QUANTA:
            return await self._quanta(entry)
        if number == DELL:
            from baseboard.cli.ipmitool.dell_events import concerns, words

            if concerns(entry):
                version = await self._asked(0x06, 0x01, b"", " Error getting system info")
                return None if version is None else words(entry, version.ljust(5, b"\0")[4])
        return None

    async def _asked(self, netfn: int, cmd: int, data: bytes, what: str) -> bytes | None:
        call = self._source.call
        try:
            answer = await self._source.bmc.exchange(netfn, cmd, data)
        except NoResponse:
            call.err(what)
            return None
        if answer[0]:
            code = "" if what.startswith(" ") else f"{answer[0]:#x} "
            call.err(f"{what}: {code}{completion(answer[0])}")
            return None
        return answer[1:]

    async def _supermicro(self, entry: LogEntry) -> str | None:
        one, two, three = entry.data
        if entry.sensor_type == _SUPERMICRO_OWN:
            reset = one == 0x80 and three == 0xFF and two < len(_RESETS)
            return _RESETS[two] if reset else ""
        if entry.sensor_type != MEMORY:
            return ""
        answer = await self._asked(0x30, 0x21, b"", "Get Board ID command failed")
        if answer is None:
            return None
        board = int.from_bytes(answer[:2], "little")
        return supermicro_memory(board, two, three) if board else None

    async def _quanta(self, entry: LogEntry) -> str | None:
        if entry.sensor_type != MEMORY:
            return None
        answer = await self._asked(0x36, 0x65, b"\x4c\x1c\x00\x02", "Get Platform ID command failed")
        if not answer or answer[0] != _PURLEY:
            return ""
        place = entry.data[2]
        return f"CPU{place >> 6}_{chr(0x41 + (place >> 3 & 7))}{place & 7}"

    async def _viking(self, entry: LogEntry) -> str | None:
        call = self._source.call
        request = b"\x15\x24\x00\x01" + entry.raw[:2]
        try:
            answer = await self._source.bmc.exchange(0x2E, 0x01, request)
        except NoResponse:
            if call.verbose:
                call.err("Error issuing OEM command")
            return None
        if answer[0]:
            if call.verbose:
                call.err(f"OEM command returned error code: {completion(answer[0])}")
            return None
        data = answer[1:]
        if len(data) < 5:
            call.err("Viking OEM response too short")
            return None
        if len(data) != 4 + data[3] or int.from_bytes(data[:3], "little") != VIKING:
            call.err("Viking OEM response has unexpected length")
            return None
        return shown(data[4:])


def supermicro_memory(board: int, two: int, three: int) -> str:
    """Say which memory module a Supermicro board means.

    Args:
        board: its ID.
        two: event data byte 2.
        three: event data byte 3.
    """
    high, low, cpu = two >> 4, two & 0x0F, (three & 3) + 1
    if board in boards.X10_OCTO:
        return f"@DIMM{_letter(high)}{_letter(low - 25)}(CPU{(three & 7) + 1:x})"
    if board in boards.X10_QUAD:
        return f"@DIMM{_letter(high)}{_letter(low - 25)}(CPU{cpu:x})"
    if board in boards.BRICKLAND:
        return f"@DIMM{_letter(high)}{low - 9}(P{(three & 0x0F) + 1}M{2 if high > 4 else 1})"
    if board in boards.X9:
        return f"@DIMM{_letter(high + (cpu - 1) * 3)}{_letter(low - 25)}(CPU{cpu:x})"
    if board in boards.ROMLEY:
        return f"@DIMM{_letter(high + (cpu - 1) * 4)}{_letter(low - 25)}(CPU{cpu:x})"
    if board in boards.OLD:
        return f"@DIMM{two:2X}(CPU{cpu:x})"
    return f"@DIMM{_letter(high)}{_letter(low - 25)}(CPU{cpu:x})"


def _letter(number: int) -> str:
    """A letter by its place in the alphabet, or what stands before it in ASCII."""
    return shown(bytes((0x40 + number & 0xFF,)))
