"""`bmc.sel`: the System Event Log, read whatever the controller makes of reading it, and changed (§31)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from baseboard.client.chain import Ahead, bearable
from baseboard.client.deadline import remaining
from baseboard.client.sel_entry import Clock, SelEntry, SensorNames, describe
from baseboard.codes import Cc
from baseboard.commands.storage.sdr import ClearOperation, ErasureProgress, Progress
from baseboard.commands.storage.sel import (
    AddSelEntry,
    ClearSel,
    DeleteSelEntry,
    GetSelAllocationInfo,
    GetSelAllocationInfoResponse,
    GetSelEntry,
    GetSelInfo,
    GetSelInfoResponse,
    GetSelTime,
    GetSelTimeUtcOffset,
    PartialAddSelEntry,
    ReserveSel,
    SetSelTime,
    SetSelTimeUtcOffset,
)
from baseboard.errors import CompletionError, DecodeError, NoResponse
from baseboard.records.sel import SIZE, SelRecord, SystemEvent
from baseboard.records.timestamps import from_datetime, to_datetime
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.sel_auxiliary import AuxiliaryLogs
    from baseboard.client.sel_bookmark import Bookmark, Follower

FIRST, LAST, NONE = 0x0000, 0xFFFF, 0
LIMIT: Final = 0xFFFE
"""Records that a log can have: every ID once."""

ERASING: Final = 0x81
UNKNOWN_OFFSET: Final = 0x07FF
TRIES: Final = 5
TOO_LONG: Final = frozenset(
    {
        Cc.INVALID_LENGTH,
        Cc.LENGTH_LIMIT_EXCEEDED,
        Cc.CANNOT_RETURN_SO_MANY,
        Cc.INVALID_DATA,
        Cc.UNSPECIFIED,
    }
)
"""What controllers answer whose buffer does not hold a whole record."""

_SYSTEM_EVENT: Final = 0x02
_HEAD: Final = 2  # next record ID, before the record's bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SelInfo:
    """How full the log is and when it changed.

    Attributes:
        version: of the specification, such as ``1.5``.
        entries: how many there are.
        free_space: bytes; 65535 means that or more.
        last_addition: None if there was none or no clock was set.
        last_erase: None if there was none or no clock was set.
        overflow: events were lost for lack of space.
        told: the controller's own answer.
        allocation: how it allots its space; None if it does not say.
    """

    version: str
    entries: int
    free_space: int
    last_addition: datetime | None
    last_erase: datetime | None
    overflow: bool
    told: GetSelInfoResponse
    allocation: GetSelAllocationInfoResponse | None = None

    @property
    def used(self) -> int:
        """Per cent of the space in use; 90 and more want clearing, since new events may be dropped."""
        taken = self.entries * SIZE
        return 100 * taken // (taken + self.free_space) if taken + self.free_space else 0


@dataclass(slots=True)
class Entries:
    """What was read of the log.

    Attributes:
        entries: in the controller's order; do not sort them by time alone.
        missing: why the end is missing; None if all of the log is there.
    """

    entries: list[SelEntry] = field(default_factory=list[SelEntry])
    missing: Exception | None = None


class EventLog:
    """The System Event Log of a controller."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc
        narrow = SIZE if bmc.interface.largest_response < SIZE + _HEAD else 0xFF
        self._step = bmc.learned.size("sel_read") or narrow

    async def info(self, *, allocation: bool = False) -> SelInfo:
        """Ask how full the log is.

        Args:
            allocation: also how its space is allotted, where the controller can tell.
        """
        told = await self._bmc.execute(GetSelInfo())
        allotted = None
        if allocation and told.allocation_info_supported:
            try:
                allotted = await self._bmc.execute(GetSelAllocationInfo())
            except CompletionError:
                allotted = None  # said to be supported, and is not
        return SelInfo(
            version=f"{told.sel_version & 0xF}.{told.sel_version >> 4}",
            entries=told.entries,
            free_space=told.free_space,
            last_addition=to_datetime(told.most_recent_addition),
            last_erase=to_datetime(told.most_recent_erase),
            overflow=told.overflow,
            told=told,
            allocation=allotted,
        )

    # ---- reading

    async def entries(self, sdr: Iterable[object] = (), *, start: int = FIRST) -> AsyncIterator[SelEntry]:
        """Read the log from its beginning, or from a record on.

        Args:
            sdr: Sensor Data Records, for names, values and units.
            start: ID of the first record.

        Raises:
            CompletionError: the controller has no event log (C1h), or a record cannot be read.
        """
        names = SensorNames(sdr)
        async for record_id, raw, _ in self.records(start):
            yield self._describe(raw, record_id, names, await self._maker(raw))

    async def read(self, sdr: Iterable[object] = ()) -> Entries:
        """Read all of the log; what was read when time or patience ends is returned, with the reason."""
        found = Entries()
        try:
            async for entry in self.entries(sdr):
                found.entries.append(entry)
        except (NoResponse, CompletionError) as error:
            if isinstance(error, CompletionError) and not found.entries:
                raise
            found.missing = error
        return found

    async def get(self, record_id: int, sdr: Iterable[object] = ()) -> SelEntry:
        """Read one record.

        Raises:
            CompletionError: there is none of that ID (CBh).
        """
        raw, _ = await self.record(record_id)
        return self._describe(raw, record_id, SensorNames(sdr), await self._maker(raw))

    async def records(self, start: int = FIRST) -> AsyncIterator[tuple[int, bytes, int]]:
        """Read records as they are: ID, 16 bytes, ID of the next (FFFFh = none)."""
        ahead = await self._ahead(start)
        try:
            async for found in self._chain(start, ahead):
                yield found
        finally:
            await ahead.close()

    async def _chain(
        self, start: int, ahead: Ahead[tuple[bytes, int]]
    ) -> AsyncIterator[tuple[int, bytes, int]]:
        seen: set[int] = set()
        given: set[bytes] = set()
        cursor = start
        for _ in range(LIMIT):
            try:
                raw, following = await ahead.take(cursor) or await self.record(cursor)
            except CompletionError as error:
                if error.code == Cc.NOT_PRESENT:
                    return  # the log is empty, or was cleared while we read it
                if error.code == Cc.INVALID_COMMAND:
                    # QUIRK Q-SELNOENTRY HP DL585: Get SEL Entry is not there.
                    self._bmc.meet("Q-SELNOENTRY")
                    error.hint = "the controller has no event log that can be read"
                raise
            own = int.from_bytes(raw[:2], "little")
            found = own if 0 < own < LAST else cursor
            ahead.follow(cursor or found, following)
            # QUIRK Q-SELDUP Supermicro H8QME: two IDs give the same record.
            if raw not in given:
                yield found, raw, following
            else:
                self._bmc.meet("Q-SELDUP")
            seen.add(cursor)
            given.add(raw)
            if following == LAST or following in seen:
                return
            cursor = following

    async def _ahead(self, start: int) -> Ahead[tuple[bytes, int]]:
        """Prepare to guess what follows; not where records come in pieces, each under its own reservation."""
        if start != FIRST or self._step != 0xFF:
            return Ahead(self._at_once, 1, 0)
        return Ahead(self._at_once, *await bearable(self._bmc, self._count))

    async def _count(self) -> int:
        return (await self._bmc.execute(GetSelInfo())).entries

    async def _at_once(self, record_id: int) -> tuple[bytes, int]:
        """Read a record by one request."""
        answer = await self._bmc.execute(GetSelEntry(record_id=record_id))
        if len(answer.data) < SIZE:
            raise DecodeError(f"entry {record_id:04X}h has {len(answer.data)} bytes (§31.6)")
        return bytes(answer.data[:SIZE]), answer.next_record_id

    async def record(self, record_id: int) -> tuple[bytes, int]:
        """Read one record as it is.

        Returns: its bytes, and the ID of the next one; FFFFh = none.
        """
        for attempt in range(TRIES):
            try:
                return await self._whole(record_id)
            except CompletionError as error:
                if error.code not in {ERASING, Cc.RESERVATION_CANCELLED} or attempt == TRIES - 1:
                    raise
                if error.code == ERASING:
                    await waiting.sleep(remaining(0.5))
        raise AssertionError("the last attempt returns or raises")

    async def _whole(self, record_id: int) -> tuple[bytes, int]:
        if self._step == 0xFF:
            try:
                answer = await self._bmc.execute(GetSelEntry(record_id=record_id))
                if len(answer.data) >= SIZE:
                    return bytes(answer.data[:SIZE]), answer.next_record_id
            except CompletionError as error:
                if error.code not in TOO_LONG:
                    raise
        return await self._in_pieces(record_id)

    async def _in_pieces(self, record_id: int) -> tuple[bytes, int]:
        """Read a record under a reservation, in pieces as large as the controller bears."""
        reservation = await self.reserve()
        room = self._bmc.interface.largest_response - _HEAD
        step = max(min(SIZE // 2 if self._step == 0xFF else self._step, room), 1)
        raw, following = b"", LAST
        while len(raw) < SIZE:
            request = GetSelEntry(
                reservation_id=reservation,
                record_id=record_id,
                offset=len(raw),
                count=min(step, SIZE - len(raw)),
            )
            try:
                answer = await self._bmc.execute(request)
            except CompletionError as error:
                if error.code not in TOO_LONG or step == 1:
                    raise
                step //= 2
                continue
            if not answer.data:
                break
            raw += answer.data[: request.count]
            following = answer.next_record_id
        if step != self._step:
            self._step = step
            if step < SIZE:
                await self._bmc.learned.keep_size("sel_read", step)
        return raw.ljust(SIZE, b"\xff"), following

    def _describe(self, raw: bytes, record_id: int, names: SensorNames, maker: int | None = None) -> SelEntry:
        all_events = "Q-SELTYPE" in self._bmc.settings.quirks
        return describe(raw, record_id, names, all_events=all_events, maker=maker)

    async def _maker(self, raw: bytes) -> int | None:
        """Ask who made the controller, once, if an event has bytes that only its maker can tell of."""
        if raw[2] != _SYSTEM_EVENT:
            return None
        from baseboard.client.sel_oem import concerns

        if not concerns(SystemEvent.decode(raw)):
            return None
        try:
            return (await self._bmc.identity()).manufacturer_id
        except (CompletionError, DecodeError, NoResponse):
            return None

    def follow(
        self,
        bookmark: Bookmark | str | None = None,
        *,
        interval: float = 5.0,
        sdr: Iterable[object] = (),
        replay: bool = False,
        reconnect: bool = False,
    ) -> Follower:
        """Wait for new entries, for ever; see `Follower`.

        Args:
            bookmark: where an earlier reading ended; None = at the present end of the log.
            interval: seconds between looks at the log.
            sdr: Sensor Data Records, for names, values and units.
            replay: without a bookmark: begin with what is in the log now.
            reconnect: log in again when the session is lost.
        """
        from baseboard.client.sel_bookmark import Bookmark, Follower

        if isinstance(bookmark, str):
            bookmark = Bookmark.parse(bookmark)
        names = SensorNames(sdr)
        return Follower(self._bmc, bookmark, interval, names, replay=replay, reconnect=reconnect)

    # ---- changing

    async def reserve(self) -> int:
        """Reserve the log: whatever needs the reservation fails once an event was added.

        Returns: the reservation, or 0 where the controller knows none.
        """
        try:
            return (await self._bmc.execute(ReserveSel())).reservation_id
        except CompletionError as error:
            # QUIRK Q-SELRESV Supermicro H8QME and others: Operator is wanted, or there is no such command.
            if error.code in {Cc.INVALID_COMMAND, Cc.INSUFFICIENT_PRIVILEGE}:
                self._bmc.meet("Q-SELRESV")
                return NONE
            raise

    async def clear(self, reservation: int | None = None, *, timeout: float = 60.0) -> None:
        """Erase every entry, and wait until they are gone. Many controllers log that they were.

        Args:
            reservation: taken before the log was read, so that no event is erased that nobody saw; without it
                whatever is in the log goes.
            timeout: seconds for the erasure.

        Raises:
            CompletionError: refused; C5h: something was added since the reservation.
            NoResponse: the erasure did not end.
        """
        tries = TRIES if reservation is None else 1
        for attempt in range(tries):
            number = await self.reserve() if reservation is None else reservation
            try:
                state = await self._bmc.execute(
                    ClearSel(reservation_id=number, operation=ClearOperation.INITIATE)
                )
            except CompletionError as error:
                if error.code != Cc.RESERVATION_CANCELLED or attempt == tries - 1:
                    raise
                continue
            if state.progress != ErasureProgress.COMPLETED:
                await self._erased(number, timeout)
            return

    async def _erased(self, reservation: int, timeout: float) -> None:
        """Wait for the end of an erasure."""
        loop = waiting.running()
        end = loop.time() + timeout
        pause = 0.05
        while loop.time() < end:
            await waiting.sleep(remaining(pause))
            pause = min(2 * pause, 1.0)
            try:
                state = await self._bmc.execute(
                    ClearSel(reservation_id=reservation, operation=ClearOperation.GET_STATUS)
                )
            except CompletionError as error:
                # The erasure itself cancels the reservation; some controllers then want to be asked without.
                if error.code != Cc.RESERVATION_CANCELLED or reservation == NONE:
                    raise
                reservation = await self.reserve()
                continue
            if state.progress == ErasureProgress.COMPLETED:
                return
        raise NoResponse(f"the event log is still being erased after {timeout:g} s")

    async def delete(self, record_id: int) -> int:
        """Delete one entry.

        Returns: the ID that the controller says is gone.

        Raises:
            CompletionError: there is none of that ID, or this log deletes all or nothing.
        """
        for attempt in range(TRIES):
            number = await self.reserve()
            try:
                request = DeleteSelEntry(reservation_id=number, record_id=record_id)
                return (await self._bmc.execute(request)).record_id
            except CompletionError as error:
                if error.code != Cc.RESERVATION_CANCELLED or attempt == TRIES - 1:
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def add(self, record: SelRecord | bytes) -> int:
        """Add an entry; the controller gives it an ID, and for types below E0h a time.

        Returns: the ID.
        """
        raw = record if isinstance(record, bytes) else record.encode()
        try:
            return (await self._bmc.execute(AddSelEntry(record=raw), retry=False)).record_id
        except CompletionError as error:
            if error.code != Cc.INVALID_COMMAND:
                raise
        request = PartialAddSelEntry(
            reservation_id=await self.reserve(), record_id=FIRST, offset=0, progress=Progress.LAST, data=raw
        )
        return (await self._bmc.execute(request, retry=False)).record_id

    @property
    def auxiliary(self) -> AuxiliaryLogs:
        """How far logs beside this one are."""
        from baseboard.client.sel_auxiliary import AuxiliaryLogs

        return AuxiliaryLogs(self._bmc)

    # ---- the clock

    async def time(self) -> datetime | None:
        """Read the log's clock; None if it was never set."""
        return to_datetime((await self._bmc.execute(GetSelTime())).time)

    async def set_time(self, time: datetime | None = None) -> None:
        """Set the log's clock; without a time to that of this machine."""
        moment = datetime.now(UTC) if time is None else time
        await self._bmc.execute(SetSelTime(time=from_datetime(moment)))

    async def utc_offset(self) -> int | None:
        """Ask how many minutes the log's clock is before UTC; None if it does not know."""
        offset = (await self._bmc.execute(GetSelTimeUtcOffset())).offset
        return None if offset == UNKNOWN_OFFSET else offset

    async def set_utc_offset(self, minutes: int | None) -> None:
        """Say how many minutes the log's clock is before UTC, None for unspecified."""
        offset = UNKNOWN_OFFSET if minutes is None else minutes
        await self._bmc.execute(SetSelTimeUtcOffset(offset=offset))


__all__ = ["Clock", "Entries", "EventLog", "SelEntry", "SelInfo", "SensorNames", "describe"]
