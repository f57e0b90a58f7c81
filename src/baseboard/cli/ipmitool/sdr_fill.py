"""``sdr fill``: erase the repository and write it anew, from sensors or from a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.names import padded
from baseboard.cli.ipmitool.sdr_record import parse
from baseboard.cli.ipmitool.sdr_repository import SdrSource
from baseboard.cli.ipmitool.text import completion
from baseboard.cli.results.sdr import SdrFill
from baseboard.client.bmc import Bmc
from baseboard.codes import SdrType
from baseboard.errors import NoResponse
from baseboard.records.sdr import HEADER_SIZE
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.cli.call import Call

_STORAGE: Final = 0x0A
_RESERVE, _PARTIAL_ADD, _CLEAR = 0x22, 0x25, 0x27
_PIECE: Final = 19
"""Bytes of a record in one request: what fits into a message of 32 bytes."""

_INITIATE, _STATUS = 0xAA, 0x00
_ROUNDS: Final = 5
_PAUSE: Final = 1.0

# Where PICMG 2.9 puts the controllers of 21 slots; C2h is left out.
_SLOTS: Final = tuple(address for address in range(0xB0, 0xDC, 2) if address != 0xC2)
_MOST: Final = 127

_NAMED: Final = frozenset(
    {
        SdrType.FULL_SENSOR,
        SdrType.COMPACT_SENSOR,
        SdrType.EVENT_ONLY,
        SdrType.MANAGEMENT_CONTROLLER_DEVICE_LOCATOR,
    }
)


async def fill(source: SdrSource, words: list[str]) -> int:
    """Do what the words after ``sdr fill`` say."""
    call = source.call
    filler = Filler(call, source.bmc)
    match words:
        case []:
            call.err("Not enough parameters given.")
            for usage in ("sensors", "file <file>", "range <range>"):
                call.err(f"usage: sdr fill {usage}")
            return 1
        case ["sensors", *_]:
            code = await filler.from_sensors(_SLOTS)
        case ["nosat", *_]:
            code = await filler.from_sensors(())
        case ["file" | "range" as what]:
            call.err("Not enough parameters given.")
            call.err(f"usage: sdr fill {what} <{what}>")
            return 1
        case ["file", name, *_]:
            code = await filler.from_file(name)
        case ["range", text, *_]:
            code = await filler.from_range(text)
        case _:
            call.err(f"Invalid SDR fill command: {words[0]}")
            call.err("usage: sdr fill <sensors|nosat|file|range> [options]")
            return 1
    call.result(SdrFill(records=filler.added, failed=filler.refused))
    return code


class Filler:
    """Writes the repository of one controller.

    Attributes:
        added: how many records were added.
        refused: how many could not be.
    """

    def __init__(self, call: Call, bmc: Bmc) -> None:
        self._call, self._bmc = call, bmc
        self.added = self.refused = 0

    async def from_sensors(self, slots: Iterable[int]) -> int:
        """Fill it from the controller's own records and from the controllers at these addresses."""
        if not await self._clear():
            self._call.err("Cannot erase SDRR. Give up.")
            return 1
        code = await self._copy(None)
        for address in slots:
            code = await self._copy(address) or code
        return code

    async def from_range(self, text: str) -> int:
        """Fill it from the controller's own records and from controllers that a list or range names."""
        addresses = _addresses(self._call, text)
        if addresses is None:
            self._call.err("Range - List invalid, cannot be parsed.")
            return 1
        self._call.out("List to scan: (Built-in) " + "".join(f"{one:02x} " for one in addresses))
        self._call.out("Clearing SDR Repository")
        if not await self._clear():
            self._call.err("Cannot erase SDRR. Give up.")
            return 1
        self._call.out("Sanning built-in sensors..")  # codespell:ignore - ipmitool prints just that
        code = await self._copy(None)
        for address in addresses:
            if code:
                break
            self._call.out(f"Scanning {address:02X}h..")
            code = await self._copy(address)
        return code

    async def from_file(self, name: str) -> int:
        """Fill it from a file that ``sdr dump`` wrote; one that cannot be read whole erases nothing."""
        records = _read(self._call, name)
        if records is None:
            return 1
        if not await self._clear():
            self._call.err("Cannot erase SDRR. Giving up.")
            return 1
        return await self._add_all(records)

    # ---- one controller after the other

    async def _copy(self, address: int | None) -> int:
        """Add the records of a controller; None is the one whose repository it is."""
        bmc, shown = self._bmc, self._bmc.settings.target.address
        if address is not None:
            target = replace(bmc.settings.target, address=address)
            bmc, shown = Bmc(bmc.interface, replace(bmc.settings, target=target)), address
        source = SdrSource(self._call, bmc, file=False)
        if not await source.start(device=address is None):
            return 0
        self._call.out(f"Load SDRs from 0x{shown:x}")
        records = [(number, raw) async for number, raw in source.raw()]
        return await self._add_all(records)

    async def _add_all(self, records: list[tuple[int, bytes]]) -> int:
        code = 0
        for number, raw in records:
            if self._call.verbose:
                self._call.err(f"ID: 0x{number:04x} , NAME: {_name(number, raw)}")
            code = 0 if await self._add(number, raw) else 1
            if code:
                self.refused += 1
                self._call.err(f"Cannot add SDR ID 0x{number:04x} to repository...")
        return code

    # ---- the repository

    async def _reserve(self) -> bytes | None:
        try:
            answer = await self._bmc.exchange(_STORAGE, _RESERVE)
        except NoResponse:
            return None
        return None if answer[0] else answer[1:3].ljust(2, b"\0")

    async def _clear(self) -> bool:
        reservation = await self._reserve()
        if reservation is None:
            return False
        operation = _INITIATE
        for _ in range(_ROUNDS):
            try:
                answer = await self._bmc.exchange(
                    _STORAGE, _CLEAR, reservation + b"CLR" + bytes((operation,))
                )
            except NoResponse:
                self._call.err("Unable to clear SDRR")
                return False
            if answer[0]:
                self._call.err(f"Unable to clear SDRR: {completion(answer[0])}")
                return False
            if answer[1:2] and answer[1] & 1:
                self._call.out("SDRR successfully erased")
                return True
            self._call.out("Wait for SDRR erasure completed...")
            operation = _STATUS
            await waiting.sleep(_PAUSE)
        return False

    async def _add(self, number: int, raw: bytes) -> bool:
        """Add one record, piece by piece."""
        if len(raw) <= HEADER_SIZE:
            self._call.err("ipmitool: bad record , skipped")
            return True
        reservation = await self._reserve()
        if reservation is None:
            self._call.err("ipmitool: reservation failed")
            return False
        header = number.to_bytes(2, "little") + raw[2:HEADER_SIZE]
        own = await self._send(reservation, b"\0\0", 0, header, last=False)
        if own is None:
            self._call.err("ipmitool: partial send error")
            return False
        end = min(len(raw), HEADER_SIZE + raw[HEADER_SIZE - 1])
        for start in range(HEADER_SIZE, end, _PIECE):
            piece = raw[start : min(start + _PIECE, end)]
            own = await self._send(reservation, own, start, piece, last=start + _PIECE >= end)
            if own is None:
                self._call.err("ipmitool: partial add failed")
                return False
        self.added += 1
        return True

    async def _send(
        self, reservation: bytes, number: bytes, offset: int, data: bytes, *, last: bool
    ) -> bytes | None:
        """Partial Add SDR; the record's ID, or None if it was refused."""
        try:
            answer = await self._bmc.exchange(
                _STORAGE, _PARTIAL_ADD, reservation + number + bytes((offset, last)) + data
            )
        except NoResponse:
            return None
        return None if answer[0] or len(answer) < 3 else answer[1:3]


def _name(number: int, raw: bytes) -> str:
    """A record's name, for ``-v``; blanks for one that ipmitool names not."""
    entry = parse(number, raw)
    if entry is None or entry.kind not in _NAMED:
        return " " * 16
    return padded(entry.device_name, 16)


def _read(call: Call, name: str) -> list[tuple[int, bytes]] | None:
    """The records of a file; None if it cannot be read, or ends within one."""
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        call.err(f"Unable to open file {name}: {error.strerror}")
        return None
    records: list[tuple[int, bytes]] = []
    start = 0
    while start + HEADER_SIZE <= len(data):
        end = start + HEADER_SIZE + data[start + HEADER_SIZE - 1]
        if end > len(data):
            call.err(f"SDR from '{name}' truncated")
            return None
        records.append((int.from_bytes(data[start : start + 2], "little"), data[start:end]))
        start = end
    return records


def _addresses(call: Call, text: str) -> list[int] | None:
    """The slave addresses of ``0x28,0x32,0x40-0x44``; None if they are not written so."""
    if not text or text.startswith(","):
        return None
    found: list[int] = []
    for part in text.split(","):
        numbers: list[int] = []
        for one in part.split("-", 1):
            address = _address(call, one)
            if address is None:
                return None
            numbers.append(address)
        if any(one % 2 for one in numbers):
            call.err("I2C address provided value must be even.")
            continue
        found += range(numbers[0], numbers[-1] + 2, 2)
    return found[: found.index(0)] if 0 in found else found[:_MOST]


def _address(call: Call, word: str) -> int | None:
    if re.fullmatch(r"0x[0-9a-fA-F]{2}", word):
        return int(word, 16)
    call.err("Must be Hex value of 4 characters (Ex.: 0x24)")
    return None
