"""The System Event Log: its entries, its clock, its reservation (§31, §32)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.reservation import Reservation
from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.records.sel import FIRST_OEM, SIZE
from baseboard.records.timestamps import UNSPECIFIED

ERASE_IN_PROGRESS = 0x81
ERASE_S_PER_ENTRY = 0.001
"""How long the simulated flash takes to erase, seconds for each entry that there was."""

ERASED_AT_ONCE = 32
"""So few entries are one page of the flash, which is erased before the answer goes out."""

UTC_OFFSET_UNSPECIFIED = 0x07FF
_FIRST_ID, _LAST_ID = 1, 0xFFFE
_MOST = 0xFFFFFFFF
_FACTS = struct.Struct("<IIBqh")
_OEM_LOG_STATUS = 11
_MCA_LOG_STATUS = 4


class Sel:
    """The event log; when it is full new entries are refused and the overflow flag says so.

    Attributes:
        reservation: who may delete, clear and read in part.
        added: timestamp of the most recent addition.
        erased: timestamp of the most recent delete or clear.
        overflow: entries were refused since the last delete or clear.
        utc_offset: minutes of the log's clock from UTC; 07FFh = unspecified.
        on_cleared: called when an erasure is done.
        when_changed: called once, when entries come or go.
    """

    __slots__ = (
        "_clock_offset", "_clock_wall", "_entries", "_erasing", "_erasing_reservation", "_home", "_last_id",
        "_partial", "added", "auxiliary", "capacity", "erased", "on_cleared", "overflow", "reservation",
        "utc_offset", "when_changed",
    )  # fmt: skip

    def __init__(self, home: Home) -> None:
        self._home = home
        self.capacity = home.blueprint.sel_capacity
        # In the order in which they were added; IDs go up along it, but begin anew after FFFEh.
        self._entries: dict[int, bytes] = _in_order(home.journal.saved("sel"))
        self._last_id = next(reversed(self._entries), 0)
        self._clock_wall = home.clock.wall
        self._clock_offset = 0
        self.added = self.erased = UNSPECIFIED
        self.overflow = False
        self.utc_offset = 0
        facts = home.journal.saved("sel facts")
        if 0 in facts:
            self.added, self.erased, overflow, self._clock_offset, self.utc_offset = _FACTS.unpack(facts[0])
            self.overflow = bool(overflow)
        self.auxiliary = home.journal.saved("auxiliary log")
        self.reservation = Reservation()
        self.on_cleared: list[Callable[[], None]] = []
        self.when_changed: Callable[[], None] | None = None
        self._erasing: Timer | None = None
        self._erasing_reservation = 0
        self._partial: tuple[int, bytearray] | None = None

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def free_space(self) -> int:
        """Bytes that are left for entries."""
        return (self.capacity - len(self._entries)) * SIZE

    def time(self) -> int:
        """The log's clock now, seconds since 1970."""
        return int(self._clock_wall() + self._clock_offset) & _MOST

    def set_time(self, time: int) -> None:
        """Set the log's clock."""
        self._clock_offset = time - int(self._clock_wall())
        self._keep_facts()

    def set_utc_offset(self, minutes: int) -> None:
        """Say how the log's clock stands to UTC."""
        self.utc_offset = minutes
        self._keep_facts()

    def check_idle(self) -> None:
        """Refuse while the log is being erased.

        Raises:
            CompletionError: 81h.
        """
        if self._erasing is not None:
            raise CompletionError(ERASE_IN_PROGRESS, "SEL erase in progress")

    def read(self, record_id: int) -> tuple[bytes, int]:
        """An entry and the ID of the one after it; FFFFh = there is none.

        Args:
            record_id: 0000h = the first, FFFFh = the last.

        Raises:
            CompletionError: CBh, there is no such entry.
        """
        wanted = self._resolve(record_id)
        return self._entries[wanted], self._following(wanted)

    def _following(self, wanted: int) -> int:
        if wanted == next(reversed(self._entries)):
            return 0xFFFF
        following = wanted + 1
        if following not in self._entries:  # entries between were deleted, or the IDs begin anew
            order = iter(self._entries)
            while next(order) != wanted:
                continue
            following = next(order)
        return following

    def add(self, record: bytes) -> int:
        """Append an entry of 16 bytes; its ID and, below type E0h, its timestamp are set here.

        Returns: the entry's ID.

        Raises:
            CompletionError: C4h, the log is full.
        """
        if len(self._entries) >= self.capacity:
            if not self.overflow:
                self.overflow = True
                self._keep_facts()
            raise CompletionError(Cc.OUT_OF_SPACE)
        number = self._next_id()
        now = self.time()
        stamp = record[3:7] if record[2] >= FIRST_OEM else now.to_bytes(4, "little")
        entry = number.to_bytes(2, "little") + record[2:3] + stamp + record[7:]
        self._entries[number] = entry
        self._home.journal.put("sel", number, entry)
        self.added = now
        self.reservation.cancel()
        self._tell_change()
        return number

    def delete(self, record_id: int) -> int:
        """Take one entry out; no other entry's ID changes, so a reservation holds on (§31.4.2).

        Returns: its ID.
        """
        number = self._resolve(record_id)
        del self._entries[number]
        self._home.journal.delete("sel", number)
        self._erased_now()
        return number

    def clear(self) -> None:
        """Begin to erase everything; the entries are gone at once, the erasure of many takes its time."""
        count = len(self._entries)
        self._erasing_reservation = self.reservation.current
        self._entries.clear()
        self._home.journal.clear("sel")
        self._last_id = 0
        self.reservation.cancel()
        self._erased_now()
        if count <= ERASED_AT_ONCE:
            self._erasure_done()
            return
        until = self._home.clock.now() + count * ERASE_S_PER_ENTRY
        self._erasing = self._home.clock.call_at(until, self._erasure_done)

    def erasing(self, reservation_id: int) -> bool:
        """Whether the erasure still goes on; asked with the reservation that began it, or without one.

        Raises:
            CompletionError: C5h, by anybody else.
        """
        if reservation_id not in (0, self._erasing_reservation):
            self.reservation.check(reservation_id)
        return self._erasing is not None

    def add_part(self, record_id: int, offset: int, data: bytes, *, last: bool) -> int:
        """Gather an entry in pieces, in order; it is added with the last one.

        Returns: the ID to give with the next piece, finally the entry's own.

        Raises:
            CompletionError: 80h, the pieces do not make an entry of 16 bytes.
        """
        if record_id == 0:
            self._partial = (self._next_id_peek(), bytearray())
        if self._partial is None or record_id not in (0, self._partial[0]):
            raise CompletionError(Cc.NOT_PRESENT)
        number, gathered = self._partial
        if offset != len(gathered) or offset + len(data) > SIZE or (last and offset + len(data) != SIZE):
            self._partial = None
            raise CompletionError(0x80, "record length mismatch")
        gathered += data
        if not last:
            return number
        self._partial = None
        return self.add(bytes(gathered))

    def set_auxiliary(self, log_type: int, status: bytes) -> None:
        """Store how far an auxiliary log is: timestamp and its own status bytes."""
        self.auxiliary[log_type] = status
        self._home.journal.put("auxiliary log", log_type, status)

    def stop(self) -> None:
        """End the erasure's timer."""
        if self._erasing is not None:
            self._erasing.cancel()

    def _resolve(self, record_id: int) -> int:
        if self._entries:
            if record_id == 0:
                return next(iter(self._entries))
            if record_id == 0xFFFF:
                return next(reversed(self._entries))
            if record_id in self._entries:
                return record_id
        raise CompletionError(Cc.NOT_PRESENT)

    def _next_id_peek(self) -> int:
        number = self._last_id + 1 if self._last_id < _LAST_ID else _FIRST_ID
        while number in self._entries:
            number = number + 1 if number < _LAST_ID else _FIRST_ID
        return number

    def _next_id(self) -> int:
        self._last_id = self._next_id_peek()
        return self._last_id

    def _erased_now(self) -> None:
        self.erased = self.time()
        self.overflow = False
        self._keep_facts()
        self._tell_change()

    def _tell_change(self) -> None:
        if self.when_changed is not None:
            told, self.when_changed = self.when_changed, None
            told()

    def _erasure_done(self) -> None:
        self._erasing = None
        for listener in self.on_cleared:
            listener()

    def _keep_facts(self) -> None:
        facts = _FACTS.pack(self.added, self.erased, self.overflow, self._clock_offset, self.utc_offset)
        self._home.journal.put("sel facts", 0, facts)


def _in_order(kept: Mapping[int, bytes]) -> dict[int, bytes]:
    """Entries as they were added: the newest stands before the widest gap between IDs, taken as a circle."""
    numbers = sorted(kept)
    gaps = [
        ((after - before) % _LAST_ID, place)
        for place, (before, after) in enumerate(zip([*numbers[-1:], *numbers], numbers, strict=False))
    ]
    _, oldest = max(gaps, default=(0, 0), key=lambda gap: (gap[0] or _LAST_ID, -gap[1]))
    return {number: kept[number] for number in [*numbers[oldest:], *numbers[:oldest]]}
