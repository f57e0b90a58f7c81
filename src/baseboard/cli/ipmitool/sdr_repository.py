"""The records of a controller, read in ipmitool's order and with its words where they cannot be read."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.maker import Maker, maker_of, manufacturer
from baseboard.cli.ipmitool.sdr_file import records_of
from baseboard.cli.ipmitool.sdr_record import Entry, parse
from baseboard.cli.ipmitool.text import completion
from baseboard.client.pipelining import learned_depth
from baseboard.client.sdr_entry import Records
from baseboard.client.sdr_walk import LAST, MOST_RECORDS, DeviceSdrs, RecordReader, Repository
from baseboard.commands.app.device_id import GetDeviceIdResponse
from baseboard.commands.storage.sdr import GetSdrRepositoryInfoResponse
from baseboard.errors import CompletionError, DecodeError, NoResponse
from baseboard.records.sdr import HEADER_SIZE

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.client.bmc import Bmc

_ATTEMPTS: Final = 5
_LARGEST: Final = 0xFE
_SENSOR_DEVICE, _SDR_REPOSITORY = 0x01, 0x02
_VERSIONS: Final = frozenset({0x51, 0x01, 0x02})


class SdrSource:
    """The records of one controller, or of the file that ``-S`` names, each read once.

    Attributes:
        call: whose standard error takes what goes wrong.
        bmc: the controller.
        maker: who made it, as far as it was asked.
        failed: record IDs whose body could not be read, in order.
    """

    def __init__(self, call: Call, bmc: Bmc, *, file: bool = True) -> None:
        """Prepare; ``file`` False looks at the controller alone."""
        self.call, self.bmc, self.maker = call, bmc, Maker()
        self.failed: list[int] = []
        self._entries: list[Entry] = []
        self._pending: list[tuple[int, bytes]] = []
        self._asked_maker = False
        self._opened = False
        self._next = self._expected = 0
        self._reservation = b"\0\0"
        self._device = False
        self._seen: set[int] = set()
        self._reader: RecordReader | None = None
        stored = records_of(call) if file else None
        if stored is not None:
            self._entries += stored
            self._expected = len(stored)
            self._opened, self._next = True, LAST

    # ---- beginning

    async def open(self) -> bool:
        """Prepare to read; what is known already needs no controller.

        Returns: False if there is nothing to read from; standard error says why.
        """
        if not self._opened:
            self._opened = await self.start()
            if not self._opened:
                self.call.err("Unable to open SDR for reading")
        return self._opened

    async def start(self, *, device: bool = False) -> bool:
        """Ask what there is to be read, and reserve it; nothing is written, however empty it is.

        Args:
            device: read the controller's own records even where it has a repository.
        """
        data = await self._asked(0x06, 0x01, "Get Device ID command failed", code="{code:#x} ")
        if data is None:
            return False
        with suppress(DecodeError):
            self.bmc.recognise(GetDeviceIdResponse.decode(data))
        data = data.ljust(16, b"\0")
        self.maker.number, self._asked_maker = manufacturer(data), True
        self._device = device
        if not device and data[1] & 0x80 and not data[5] & _SDR_REPOSITORY:
            if not data[5] & _SENSOR_DEVICE:
                self.call.err("Error obtaining SDR info")
                return False
            self._device = True
        if not await self._info():
            return False
        self._seen.clear()
        self._next = 0
        if not self.call.exact and await self._keep():
            return True  # nothing is left to be reserved
        netfn = 0x04 if self._device else 0x0A
        try:
            answer = await self.bmc.exchange(netfn, 0x22)
        except NoResponse:
            answer = b"\xff"
        if answer[0]:
            self.call.err("Unable to obtain SDR reservation")
            return False
        self._reservation = answer[1:3].ljust(2, b"\0")
        source = DeviceSdrs(self.bmc, None) if self._device else Repository(self.bmc)
        self._reader = RecordReader(source, _nobody)
        return True

    async def _info(self) -> bool:
        if self._device:
            try:
                answer = await self.bmc.exchange(0x04, 0x20)
            except NoResponse:
                answer = b"\xff"
            if answer[0] or len(answer) == 1:
                self.call.out("Err in cmd get sensor sdr info")
                return False
            return True
        data = await self._asked(0x0A, 0x20, "Error obtaining SDR info")
        if data is None:
            return False
        with suppress(DecodeError):
            info = GetSdrRepositoryInfoResponse.decode(data)
            self._expected = info.record_count
            if not self.call.exact:
                self.bmc.sdr.take(info)
        version = data[0] if data else 0
        if version not in _VERSIONS:
            self.call.err(f"WARNING: Unknown SDR repository version 0x{version:02x}")
        return True

    async def _asked(self, netfn: int, cmd: int, what: str, code: str = "") -> bytes | None:
        try:
            answer = await self.bmc.exchange(netfn, cmd)
        except NoResponse:
            self.call.err(what)
            return None
        if answer[0]:
            self.call.err(f"{what}: {code.format(code=answer[0])}{completion(answer[0])}")
            return None
        return answer[1:]

    async def depth(self, sensors: int | None = None) -> int:
        """Tell how many sensors may be asked at a time.

        Args:
            sensors: how many there are to be asked; None: as many as there are records.
        """
        return await learned_depth(self.bmc, self._expected if sensors is None else sensors)

    async def known_maker(self, sensor_type: int = 0) -> Maker:
        """Give the controller's maker, as far as the words for a sensor type depend on it."""
        if not self._asked_maker:
            self._asked_maker = True
            self.maker.number = (await maker_of(self.bmc)).number
        await self.maker.ready(self.bmc, sensor_type)
        return self.maker

    # ---- reading

    async def at_hand(self) -> list[Entry] | None:
        """What `entries` gives, where nothing is left to be asked for: 100 in 15 us, one by one in 200."""
        await self._keep()
        pending, self._pending = self._pending, []
        parsed = [parse(record_id, raw) for record_id, raw in pending]
        self._entries += [entry for entry in parsed if entry is not None]
        return list(self._entries) if self._next == LAST else None

    async def entries(self) -> AsyncIterator[Entry]:
        """Give the records that ipmitool knows what to do with: those read before, then the rest."""
        for kept in list(self._entries):
            yield kept
        async for record_id, raw in self.raw():
            entry = parse(record_id, raw) if raw else None
            if entry is not None:
                self._entries.append(entry)
                yield entry

    async def raw(self) -> AsyncIterator[tuple[int, bytes]]:
        """Give ID and bytes of the records not yet read, of any type; no bytes where they are lost."""
        await self._keep()
        while self._pending:
            yield self._pending.pop(0)
        while self._next != LAST and len(self._seen) < MOST_RECORDS:
            found = await self._record(self._next)
            if found is None:
                return
            next_id, record_id, raw = found
            # A chain that comes back to where it was would never end.
            self._seen |= {self._next, record_id}
            self._next = LAST if next_id in self._seen else next_id
            if not raw:
                self.failed.append(record_id)
            yield record_id, raw

    async def _keep(self) -> bool:
        """Take all records at once, where that goes without any trouble, and none was read yet."""
        kept = await self._kept()
        if kept is not None:
            self._next, self._pending = LAST, kept
        return kept is not None

    async def _kept(self) -> list[tuple[int, bytes]] | None:
        """All records at once, where the library has them or can read them without any trouble."""
        if self._next or self._device:
            return None
        try:
            records: Records = await self.bmc.sdr.records()
        except (CompletionError, NoResponse):
            return None
        if not records.complete or records.missing or records.quirks & _TOLD:
            return None
        found = [(entry.record_id, entry.raw) for entry in records]
        return found if all(raw[HEADER_SIZE - 1] for _, raw in found) else None

    async def _record(self, record_id: int) -> tuple[int, int, bytes] | None:
        """Next ID, own ID and bytes of a record; no bytes if there is only its header; None without that."""
        assert self._reader is not None
        try:
            piece = await self._reader.read(record_id)
        except (CompletionError, NoResponse):
            return await self._header(record_id)
        raw = piece.data
        if len(raw) >= HEADER_SIZE and len(raw) < HEADER_SIZE + raw[HEADER_SIZE - 1]:
            raw = await self._short(raw, record_id)
        return self._of(record_id, piece.next_id, raw)

    async def _short(self, raw: bytes, record_id: int) -> bytes:
        """Look at a record that ends too early as ipmitool would; only its header if the rest is refused."""
        netfn, cmd = (0x04, 0x21) if self._device else (0x0A, 0x23)
        try:
            # The reader may have taken a reservation of its own since, and ended ours.
            reserved = await self.bmc.exchange(netfn, 0x22)
            self._reservation = reserved[1:3].ljust(2, b"\0")
            number = record_id.to_bytes(2, "little") if record_id else raw[:2]
            count = min(raw[HEADER_SIZE - 1], self.bmc.interface.largest_response - 2, _LARGEST)
            request = self._reservation + number + bytes((HEADER_SIZE, count))
            answer = await self.bmc.exchange(netfn, cmd, request)
        except NoResponse:
            return raw[:HEADER_SIZE]
        return raw[:HEADER_SIZE] if answer[0] else raw

    async def _header(self, record_id: int) -> tuple[int, int, bytes] | None:
        """What ipmitool asks for first, and as often as it does; the rest of the record cannot be had."""
        netfn, cmd = (0x04, 0x21) if self._device else (0x0A, 0x23)
        request = self._reservation + record_id.to_bytes(2, "little") + bytes((0, HEADER_SIZE))
        for _ in range(_ATTEMPTS):
            try:
                answer = await self.bmc.exchange(netfn, cmd, request)
            except NoResponse:
                self.call.err(f"Get SDR {record_id:04x} command failed")
                continue
            if not answer[0]:
                header = answer[3:].ljust(HEADER_SIZE, b"\0")[:HEADER_SIZE]
                return self._of(record_id, int.from_bytes(answer[1:3], "little"), header)
            self.call.err(f"Get SDR {record_id:04x} command failed: {completion(answer[0])}")
        return None

    def _of(self, record_id: int, next_id: int, raw: bytes) -> tuple[int, int, bytes] | None:
        header = raw.ljust(HEADER_SIZE, b"\0")
        if not header[4]:
            self.call.err(f"SDR record id 0x{record_id:04x}: invalid length 0")
            return None
        own = int.from_bytes(header[:2], "little")
        return next_id, record_id or own, raw if len(raw) > HEADER_SIZE else b""

    # ---- finding

    async def find(self, matches: Callable[[Entry], bool]) -> Entry | None:
        """Give the first record that matches."""
        if not await self.open():
            return None
        async for entry in self.entries():
            if matches(entry):
                return entry
        return None

    async def named(self, name: str) -> Entry | None:
        """Give the first record with a name."""
        wanted = os.fsencode(name)
        return await self.find(lambda entry: entry.named(wanted))

    async def select(self, matches: Callable[[Entry], bool]) -> list[Entry]:
        """Give all records that match."""
        if not await self.open():
            return []
        return [entry async for entry in self.entries() if matches(entry)]


_TOLD: Final = frozenset({"Q-SDRLEN", "Q-SDRNOLAST", "Q-SDRLASTC3"})
"""Departures after which ipmitool says something, or stops: those records are read again, its way."""


def _nobody(quirk: str) -> None:
    del quirk
