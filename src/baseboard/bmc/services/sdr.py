"""The SDR repository: its records, its reservation, its update mode (§33)."""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from baseboard.bmc.services.home import Home
from baseboard.bmc.services.reservation import Reservation
from baseboard.bmc.services.sdr_build import fru_keys
from baseboard.bmc.services.sdr_device import LAST, DeviceSdrs
from baseboard.bmc.services.sdr_template import UNIT, is_whole, sdr_template, units, with_id
from baseboard.bmc.services.sensors import Sensors
from baseboard.codes import Cc
from baseboard.errors import CompletionError
from baseboard.records.sdr import HEADER_SIZE
from baseboard.records.timestamps import UNSPECIFIED

LENGTH_MISMATCH = 0x80
ERASE_S_PER_RECORD = 0.001
"""How long the simulated flash takes to erase, seconds for each record that there was."""

UPDATE_MODE_S = 60.0
"""After so many seconds without a command of its initiator a modal update counts as given up."""

LONGEST = HEADER_SIZE + 0xFF
_LAST_ID = 0xFFFE
_SECTION, _FACTS_SECTION = "sdr", "sdr facts"
_FACTS = struct.Struct("<II??I")
_DELETED = b""

Requester = tuple[int, int]
"""Channel and session handle of who sends a command; handle 0 outside sessions."""


class SdrRepository:
    """The records of one BMC: the make-up's, without those deleted, with those added.

    A record keeps its ID as long as it is there.

    Attributes:
        device: the controller's own SDRs, which nobody writes.
        reservation: who may delete, clear, add in pieces and read in part.
        added: timestamp of the most recent addition.
        erased: timestamp of the most recent delete or clear.
        overflow: a record was refused for lack of space since the last delete or clear.
        units: how many there are.
    """

    __slots__ = (
        "_cleared", "_erasing_reservation", "_erasing_until", "_home", "_ids", "_partial", "_rows",
        "_template", "_updater", "_used", "added", "device", "erased", "overflow", "reservation", "units",
    )  # fmt: skip

    def __init__(self, home: Home, sensors: Sensors) -> None:
        self._home = home
        frus, further = fru_keys(home.blueprint.frus), home.blueprint.records
        self._template = sdr_template(sensors.catalogue, frus, further, home.address)
        self.device = DeviceSdrs(sensors, self._template)
        self.units = home.blueprint.sdr_capacity // UNIT
        self.reservation = Reservation()
        self.added, self.erased = self._template.made, UNSPECIFIED
        self.overflow = self._cleared = False
        self._partial: tuple[int, int, bytearray] | None = None
        self._erasing_until, self._erasing_reservation = 0.0, 0
        self._updater: tuple[Requester, float] | None = None
        # What differs: records by ID; an empty one stands for a record of the make-up that was deleted.
        self._rows: dict[int, bytes] = home.journal.saved(_SECTION)
        self._load(home.journal.saved(_FACTS_SECTION).get(0))
        self._ids: Sequence[int] = range(1, len(self._shipped) + 1)
        self._used = self._template.units
        if self._rows or self._cleared:
            self._ids = sorted({*self._ids, *self._rows} - {n for n, row in self._rows.items() if not row})
            self._used = sum(units(self._record(number)) for number in self._ids)

    @property
    def _shipped(self) -> tuple[bytes, ...]:
        return () if self._cleared else self._template.records

    def _load(self, facts: bytes | None) -> None:
        """Take up what was kept; if the make-up is another one by now, only the added records still count."""
        if facts is None:
            return
        self.added, self.erased, self.overflow, self._cleared, checksum = _FACTS.unpack(facts)
        if checksum == self._template.checksum:
            return
        own = [record for _, record in sorted(self._rows.items()) if record]
        first = len(self._shipped) + 1
        self._rows = {number: with_id(number, record) for number, record in enumerate(own, first)}
        self._home.journal.clear(_SECTION)
        for number, record in self._rows.items():
            self._home.journal.put(_SECTION, number, record)
        self.added = int(self._home.clock.wall())
        self._keep_facts()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def as_shipped(self) -> bool:
        """Whether nobody has changed the repository."""
        return not self._rows and not self._cleared

    @property
    def sound(self) -> bool:
        """Whether every record has the length that its header says."""
        return self._template.sound if self.as_shipped else all(map(is_whole, self.records()))

    def added_records(self) -> list[bytes]:
        """Those that the BMC was not made with, in the order of their IDs."""
        return [record for _, record in sorted(self._rows.items()) if record]

    def records(self) -> list[bytes]:
        """All records, in the order of their IDs."""
        return [self._record(number) for number in self._ids]

    @property
    def free_units(self) -> int:
        """Units that are left for records."""
        return max(0, self.units - self._used)

    def read(self, record_id: int) -> tuple[bytes, int]:
        """A record and the ID of the one after it; FFFFh = there is none.

        Args:
            record_id: 0000h = the first, FFFFh = the last.

        Raises:
            CompletionError: CBh, there is no such record.
        """
        shipped = self._template.records
        number = record_id or 1
        if number < len(shipped) and not self._rows and not self._cleared:
            return shipped[number - 1], number + 1
        number = self._resolve(record_id)
        place = bisect_right(self._ids, number)
        return self._record(number), self._ids[place] if place < len(self._ids) else LAST

    def add(self, record: bytes, time: int) -> int:
        """Add a record; the ID in its first bytes is replaced.

        Args:
            record: whole.
            time: of the repository's clock.

        Returns: its ID.

        Raises:
            CompletionError: C7h, its length is not what its header says; C4h, no space is left.
        """
        if len(record) < HEADER_SIZE or len(record) != HEADER_SIZE + record[HEADER_SIZE - 1]:
            raise CompletionError(Cc.INVALID_LENGTH)
        if units(record) > self.free_units:
            self.overflow = True
            self._keep_facts()
            raise CompletionError(Cc.OUT_OF_SPACE)
        number = self._next_id()
        ids = list(self._ids)
        insort(ids, number)
        self._ids = ids
        self._rows[number] = with_id(number, record)
        self._used += units(record)
        self._home.journal.put(_SECTION, number, self._rows[number])
        self.added = time
        self.reservation.cancel()
        self._keep_facts()
        return number

    def add_part(
        self, record_id: int, offset: int, data: bytes, time: int, *, last: bool, reservation: int = 0
    ) -> int:
        """Gather a record in pieces, in order; it is added, and kept, with the last one.

        Args:
            record_id: 0000h with the first piece, then what was returned.
            offset: of the piece in the record.
            data: the piece.
            time: of the repository's clock.
            last: the record is whole with it.
            reservation: under which it was begun; another one goes on with nobody's record.

        Returns: the ID to give with the next piece, finally the record's own.

        Raises:
            CompletionError: 80h, the pieces do not make a record; CBh, no record was begun under that ID.
        """
        if record_id == 0 and offset == 0:
            self._partial = self._next_id(), reservation, bytearray()
        if self._partial is None or record_id not in (0, self._partial[0]) or reservation != self._partial[1]:
            raise CompletionError(Cc.NOT_PRESENT)
        number, _, gathered = self._partial
        end = offset + len(data)
        if offset != len(gathered) or end > LONGEST:
            self._partial = None
            raise CompletionError(LENGTH_MISMATCH, "record length mismatch")
        gathered += data
        if not last:
            return number
        self._partial = None
        if end < HEADER_SIZE or end != HEADER_SIZE + gathered[HEADER_SIZE - 1]:
            raise CompletionError(LENGTH_MISMATCH, "record length mismatch")
        return self.add(bytes(gathered), time)

    def delete(self, record_id: int, time: int) -> int:
        """Take one record out.

        Returns: its ID.
        """
        number = self._resolve(record_id)
        self._used -= units(self._record(number))
        ids = list(self._ids)
        del ids[bisect_left(ids, number)]
        self._ids = ids
        if number <= len(self._shipped):
            self._rows[number] = _DELETED
            self._home.journal.put(_SECTION, number, _DELETED)
        else:
            del self._rows[number]
            self._home.journal.delete(_SECTION, number)
        self._changed_by_erasing(time)
        return number

    def clear(self, time: int) -> None:
        """Begin to erase everything; the records are gone at once, the erasure takes its time."""
        self._erasing_until = self._home.clock.now() + len(self) * ERASE_S_PER_RECORD
        self._erasing_reservation = self.reservation.current
        self._rows.clear()
        self._home.journal.clear(_SECTION)
        self._cleared = True
        self._ids, self._used = (), 0
        self._changed_by_erasing(time)

    def erasing(self, reservation_id: int) -> bool:
        """Whether the erasure still goes on; asked with the reservation that began it, or without one.

        Raises:
            CompletionError: C5h, by anybody else.
        """
        if reservation_id not in (0, self._erasing_reservation):
            self.reservation.check(reservation_id)
        return self._erasing

    @property
    def _erasing(self) -> bool:
        until = self._erasing_until
        return until > 0.0 and self._home.clock.now() < until

    def reset(self) -> None:
        """A reset of the controller ends reservations, updates and half-added records (§33.11)."""
        self.reservation.cancel()
        self.device.reservation.cancel()
        self._partial = self._updater = None

    # update mode

    def enter_update_mode(self, requester: Requester) -> None:
        """Begin a modal update (§33.19).

        Raises:
            CompletionError: D0h, another requester's goes on.
        """
        self.check_allowed(requester)
        self._updater = requester, self._home.clock.now()

    def exit_update_mode(self, requester: Requester) -> None:
        """End a modal update (§33.20); harmless without one."""
        self.check_allowed(requester)
        self._updater = None

    def gone(self, requester: Requester) -> None:
        """A requester's session is over, and with it the update that it began."""
        if self._updater is not None and self._updater[0] == requester:
            self._updater = None

    @property
    def updating(self) -> bool:
        """Whether a modal update goes on."""
        updater = self._updater
        return updater is not None and self._home.clock.now() - updater[1] < UPDATE_MODE_S

    @property
    def guarded(self) -> bool:
        """Whether an update or an erasure was begun: then it takes `check_allowed` to tell who may pass."""
        return self._updater is not None or self._erasing_until > 0.0

    def check_idle(self) -> None:
        """Let nobody pass while an update or an erasure goes on.

        Raises:
            CompletionError: D0h.
        """
        if self.updating or self._erasing:
            raise CompletionError(Cc.SDR_UPDATING)

    def check_allowed(self, requester: Requester) -> None:
        """Let only the initiator of an update pass while it goes on, and nobody during an erasure.

        Raises:
            CompletionError: D0h.
        """
        if self._erasing:
            raise CompletionError(Cc.SDR_UPDATING)
        if self.updating:
            assert self._updater is not None
            if self._updater[0] != requester:
                raise CompletionError(Cc.SDR_UPDATING)
            self._updater = requester, self._home.clock.now()

    def check_reservation(self, reservation_id: int) -> None:
        """Let only the holder of the reservation pass; in update mode nobody needs one (§33.11).

        Raises:
            CompletionError: C5h.
        """
        if reservation_id or not self.updating:
            self.reservation.check(reservation_id)

    # inside

    def _record(self, number: int) -> bytes:
        record = self._rows.get(number)
        return self._shipped[number - 1] if record is None else record

    def _resolve(self, record_id: int) -> int:
        ids = self._ids
        if ids:
            if record_id == 0:
                return ids[0]
            if record_id == LAST:
                return ids[-1]
            place = bisect_left(ids, record_id)
            if place < len(ids) and ids[place] == record_id:
                return record_id
        raise CompletionError(Cc.NOT_PRESENT)

    def _next_id(self) -> int:
        """An ID above all others; when these are used up, the lowest that is free."""
        taken = max(self._ids[-1] if self._ids else 0, len(self._shipped))
        if taken < _LAST_ID:
            return taken + 1
        return next(number for number, other in enumerate((*self._ids, 0), 1) if number != other)

    def _changed_by_erasing(self, time: int) -> None:
        self.erased = time
        self.overflow = False
        self._partial = None
        self.reservation.cancel()
        self._keep_facts()

    def _keep_facts(self) -> None:
        facts = _FACTS.pack(self.added, self.erased, self.overflow, self._cleared, self._template.checksum)
        self._home.journal.put(_FACTS_SECTION, 0, facts)


def piece(record: bytes, offset: int, count: int, room: int) -> bytes:
    """The bytes of a record that are asked for, as far as there are any (§33.12).

    Args:
        record: whole.
        offset: of the first byte.
        count: FFh = all that follow.
        room: most bytes that the response carries.

    Raises:
        CompletionError: C9h, the offset lies beyond the record; CAh, there is no room for so many.
    """
    if offset >= len(record):
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    data = record[offset:] if count == 0xFF else record[offset : offset + count]
    if len(data) > room:
        raise CompletionError(Cc.CANNOT_RETURN_SO_MANY)
    return data
