"""Reading Sensor Data Records one after the other, whatever the controller's buffers bear (§33.12, §35.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from baseboard.client.chain import Ahead
from baseboard.client.deadline import remaining
from baseboard.client.sdr_entry import Records, SdrEntry
from baseboard.codes import Cc
from baseboard.commands.sensor.device_sdr import GetDeviceSdr, ReserveDeviceSdrRepository
from baseboard.commands.storage.sdr import GetSdr, ReserveSdrRepository
from baseboard.errors import CompletionError, DecodeError, LocalProtocolError, NoResponse
from baseboard.records.sdr import HEADER_SIZE
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

LAST: Final = 0xFFFF
"""Next record ID of the last record."""

MOST_RECORDS: Final = 4096
"""Records after which a chain is taken for endless: 64 KB of repository hold fewer."""

WHOLE: Final = 0xFF
_SIZES: Final = (32, 16, 8, 5)
_SAFE_SIZE: Final = 16
"""No record of the specification is shorter, and no controller is known that cannot return as much."""

_TOO_MUCH: Final = frozenset(
    {
        Cc.INVALID_LENGTH,
        Cc.LENGTH_LIMIT_EXCEEDED,
        Cc.PARAMETER_OUT_OF_RANGE,
        Cc.CANNOT_RETURN_SO_MANY,
        Cc.UNSPECIFIED,
    }
)
"""What controllers say to a read that is too long for them (Q-SDRFULL, Q-SDRSIZE)."""

_LOST: Final = frozenset({Cc.RESERVATION_CANCELLED, GetDeviceSdr.RECORD_CHANGED})
_ATTEMPTS: Final = 5
_PAUSE: Final = 0.5


class Piece(NamedTuple):
    """What one read brought: the next record's ID, and bytes of this one."""

    next_id: int
    data: bytes


class Source(Protocol):
    """Where records are read from."""

    async def reserve(self) -> int:
        """Take a reservation."""
        ...

    async def get(self, reservation: int, record_id: int, offset: int, count: int) -> Piece:
        """Read some bytes of a record."""
        ...


class Repository:
    """The SDR repository (§33)."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def reserve(self) -> int:
        """§33.11."""
        return (await self._bmc.execute(ReserveSdrRepository())).reservation_id

    async def get(self, reservation: int, record_id: int, offset: int, count: int) -> Piece:
        """§33.12."""
        request = GetSdr(reservation_id=reservation, record_id=record_id, offset=offset, count=count)
        answer = await self._bmc.execute(request)
        return Piece(answer.next_record_id, answer.data)


class DeviceSdrs:
    """A controller's own records, of which each LUN has its own (§35.3)."""

    def __init__(self, bmc: Bmc, lun: int | None) -> None:
        self._bmc, self._lun = bmc, lun

    async def reserve(self) -> int:
        """§35.4."""
        return (await self._bmc.execute(ReserveDeviceSdrRepository(), lun=self._lun)).reservation_id

    async def get(self, reservation: int, record_id: int, offset: int, count: int) -> Piece:
        """§35.3."""
        request = GetDeviceSdr(reservation_id=reservation, record_id=record_id, offset=offset, count=count)
        answer = await self._bmc.execute(request, lun=self._lun)
        return Piece(answer.next_record_id, answer.data)


class RecordReader:
    """Reads records whole where it can, else in pieces of a size that it learns.

    Args:
        source: where they are.
        quirk: is told the id of each known departure that was met.
        size: bytes of a read that the controller is known to bear; 0 = not known, or whole records.
    """

    def __init__(self, source: Source, quirk: Callable[[str], None], size: int = 0) -> None:
        self._source, self._quirk = source, quirk
        self._reservation: int | None = None
        self._whole = not size
        self._whole_worked = False
        self._size = max(size, _SIZES[-1]) if size else _SIZES[0]
        self._proven = bool(size)

    @property
    def learned(self) -> int:
        """Bytes of a read that the controller bears; 0 = whole records."""
        return 0 if self._whole else self._size

    @property
    def reserved(self) -> bool:
        """Whether records come in pieces, under a reservation that ends as soon as one changes (§33.11)."""
        return not self._whole and bool(self._reservation)

    async def read(self, record_id: int) -> Piece:
        """Read a whole record.

        Args:
            record_id: 0000h = the first.

        Returns: the next record's ID and this record; it is shorter than its header says where the
            controller has no more of it.

        Raises:
            CompletionError: it cannot be read.
            NoResponse: the controller does not answer.
        """
        for attempt in range(_ATTEMPTS + 1):
            try:
                return await self._attempt(record_id)
            except CompletionError as error:
                if error.code not in _LOST or attempt == _ATTEMPTS:
                    raise
            # Somebody else took the reservation, or the record changed: start it anew.
            self._quirk("Q-SDRRESV")
            self._reservation = None
            if attempt == _ATTEMPTS - 1:
                await waiting.sleep(remaining(_PAUSE))
        raise AssertionError("the last attempt returns or raises")

    async def ahead(self, record_id: int) -> Piece:
        """Read a record that may not even be there, in the way that has been proven by those before it.

        Raises:
            BaseboardError: it is not there, or it has to be read one at a time.
        """
        count = WHOLE if self._whole else min(self._size, _SAFE_SIZE)
        next_id, data = await self._source.get(self._reservation or 0, record_id, 0, count)
        starts = range(len(data), length(data), self._size)
        if starts and (self._reservation is None or len(data) < HEADER_SIZE):
            raise LocalProtocolError("pieces of a record need the reservation of one before it (§33.12)")
        # Where the others begin and end is known now.
        pieces = [
            waiting.task(
                self._source.get(self._reservation or 0, record_id, at, min(self._size, starts.stop - at))
            )
            for at in starts
        ]
        data += b"".join([piece.data for piece in await waiting.all_of(pieces)] if pieces else [])
        if len(data) < max(length(data), HEADER_SIZE):
            raise DecodeError(f"record {record_id:04X}h has {len(data)} bytes")
        return Piece(next_id, data[: length(data)])

    async def _attempt(self, record_id: int) -> Piece:
        next_id, data = await self._first(record_id)
        while len(data) < length(data):
            piece = await self._piece(record_id, len(data), length(data) - len(data))
            if not piece.data:
                self._quirk("Q-SDRLEN")
                break
            next_id, data = piece.next_id, data + piece.data
        return Piece(next_id, data[: length(data)])

    async def _first(self, record_id: int) -> Piece:
        """The whole record, if the controller returns it, else what it begins with."""
        if self._whole:
            try:
                piece = await self._get(record_id, 0, WHOLE)
            except CompletionError as error:
                if error.code not in _TOO_MUCH:
                    raise
                # One record alone may be too long; after two in a row all others are taken to be.
                self._whole, self._whole_worked = self._whole_worked, False
                self._quirk("Q-SDRFULL")
            else:
                if len(piece.data) < length(piece.data):
                    self._quirk("Q-SDRFULL")
                self._whole_worked = True
                return piece
        return await self._piece(record_id, 0, min(self._size, _SAFE_SIZE))

    async def _piece(self, record_id: int, offset: int, rest: int) -> Piece:
        """Some bytes from an offset on; none where the record ends before its header says."""
        size = self._size
        while True:
            try:
                piece = await self._get(record_id, offset, min(size, rest))
            except CompletionError as error:
                if error.code not in _TOO_MUCH:
                    raise
                smaller = [one for one in _SIZES if one < min(size, rest)]
                if smaller:
                    size = smaller[0]
                elif offset >= HEADER_SIZE:
                    return Piece(LAST, b"")
                else:
                    raise
            else:
                if size < self._size and size <= rest:
                    self._size = size
                    self._quirk("Q-SDRSIZE")
                return piece

    async def _get(self, record_id: int, offset: int, count: int) -> Piece:
        if offset and self._reservation is None:
            self._reservation = await self._reserve()
        try:
            piece = await self._source.get(self._reservation or 0, record_id, offset, count)
        except DecodeError:
            raise CompletionError(Cc.UNSPECIFIED, "an answer of too few bytes") from None
        except NoResponse:
            # Some have no words for a read that is too long, and say nothing (Q-SDRSIZE).
            if self._proven or count <= _SAFE_SIZE:
                raise
            self._whole, self._size, self._proven = False, _SAFE_SIZE, True
            raise CompletionError(Cc.CANNOT_RETURN_SO_MANY, "no answer to a long read") from None
        self._proven = True
        return piece

    async def _reserve(self) -> int:
        try:
            return await self._source.reserve()
        except CompletionError as error:
            if error.code != Cc.INVALID_COMMAND:
                raise
            self._quirk("Q-SDRRESV")
            return 0


def length(data: bytes) -> int:
    """Tell how long a record is by what is known of it: its header alone, or what its header says."""
    return HEADER_SIZE if len(data) < HEADER_SIZE else HEADER_SIZE + data[HEADER_SIZE - 1]


async def walk(source: Source, expected: int | None = None, size: int = 0, depth: int = 1) -> Records:
    """Read all records, by the chain of their IDs; what cannot be read is named in ``missing``.

    Args:
        source: where they are.
        expected: how many there should be; no more than a hint (Q-SDRCOUNT).
        size: bytes of a read that the controller is known to bear; 0 = not known, or whole records.
        depth: requests at a time that it is known to bear.

    Raises:
        CompletionError: not even the first can be read.
        NoResponse: the controller does not answer.
    """
    found = Records()
    reader = RecordReader(source, found.quirks.add, size)
    ahead = Ahead(reader.ahead, depth, expected or 0, lambda: reader.reserved)
    try:
        await _follow(reader, ahead, found, expected)
    finally:
        await ahead.close()
    if expected is not None and found.complete and not found.missing and expected != len(found):
        found.quirks.add("Q-SDRCOUNT")
    found.read_size = reader.learned
    return found


async def _follow(reader: RecordReader, ahead: Ahead[Piece], found: Records, expected: int | None) -> None:
    cursor, seen = 0, set[int]()
    while cursor != LAST:
        try:
            next_id, raw = await ahead.take(cursor) or await reader.read(cursor)
        except CompletionError as error:
            if not _is_end(found, cursor, error):
                raise
            break
        except NoResponse:
            if not found:
                raise
            found.missing.append(_rest(found, cursor, expected))
            found.complete = False
            break
        seen.add(cursor)
        ahead.follow(cursor or int.from_bytes(raw[:2], "little"), next_id)
        # A controller may put another ID into the record than the one that finds it (Q-SDRNEXT).
        own = int.from_bytes(raw[:2], "little")
        if cursor not in (0, own):
            found.quirks.add("Q-SDRNEXT")
        if len(raw) < HEADER_SIZE:
            found.missing.append(f"record {cursor:04X}h: {len(raw)} bytes")
        else:
            found.append(SdrEntry.of(raw, cursor or own))
            seen.add(cursor or own)
        if next_id in seen or len(found) + len(found.missing) >= MOST_RECORDS:
            found.quirks.add("Q-SDRNOLAST")
            break
        cursor = next_id


def _is_end(found: Records, cursor: int, error: CompletionError) -> bool:
    """Note why the chain ends at a record that cannot be read; False if nothing was read at all."""
    if not found:
        return error.code == Cc.NOT_PRESENT and cursor == 0
    found.quirks.add("Q-SDRLASTC3" if error.code == Cc.TIMEOUT else "Q-SDRNOLAST")
    found.missing.append(f"record {cursor:04X}h: {error}")
    return True


def _rest(found: Records, cursor: int, expected: int | None) -> str:
    of = "" if expected is None else f", {len(found)} of {expected} were read"
    return f"record {cursor:04X}h and those after it: no answer in time{of}"
