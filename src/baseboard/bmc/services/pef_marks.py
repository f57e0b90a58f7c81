"""Up to which SEL record events were processed, by software and by the BMC (§17.5, §30.5, §30.6)."""

from __future__ import annotations

import struct

from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sel import Sel
from baseboard.errors import CompletionError

NONE = 0xFFFF
"""No event was processed since the log was cleared; of the log: it is empty."""

NOT_LOGGED = 0x0000
"""The event processed last could not be logged."""

MOST_OPEN = 256
"""Events whose actions go on; with more of them the oldest counts as processed."""

_SECTION = "pef marks"
_LAYOUT = struct.Struct("<HH")


class Marks:
    """The two last processed event IDs.

    An event counts as processed by the BMC when nothing that it led to is still to be done, so that an alert
    that a restart interrupts is sent again.

    Attributes:
        software: record that software processed last.
        bmc: record that the BMC processed last.
    """

    __slots__ = ("_home", "_open", "_sel", "bmc", "software")

    def __init__(self, home: Home, sel: Sel) -> None:
        self._home, self._sel = home, sel
        kept = home.journal.saved(_SECTION).get(0)
        self.software, self.bmc = (NONE, NONE) if kept is None else _LAYOUT.unpack(kept)
        self._open: dict[int, int] = {}
        sel.on_cleared.append(self._log_cleared)

    @property
    def idle(self) -> bool:
        """Whether nothing is still to be done about any event."""
        return not self._open

    @property
    def last_record(self) -> int:
        """The log's last record; FFFFh = the log is empty."""
        try:
            return int.from_bytes(self._sel.read(0xFFFF)[0][:2], "little")
        except CompletionError:
            return NONE

    def set(self, *, software: int | None = None, bmc: int | None = None) -> None:
        """Write one or both."""
        now = (self.software, self.bmc)
        self.software = self.software if software is None else software
        self.bmc = self.bmc if bmc is None else bmc
        if (self.software, self.bmc) != now:
            self._home.journal.put(_SECTION, 0, _LAYOUT.pack(self.software, self.bmc))

    def begin(self, record: int) -> None:
        """Something is to be done about an event; once for each thing."""
        self._open[record] = self._open.get(record, 0) + 1
        if len(self._open) > MOST_OPEN:
            self._open[next(iter(self._open))] = 0
            self._follow()

    def end(self, record: int) -> None:
        """One of these things is done."""
        if record in self._open:
            self._open[record] -= 1
            self._follow()

    def forget(self) -> None:
        """Whatever is still to be done will not be done."""
        for record in self._open:
            self._open[record] = 0
        self._follow()

    def unprocessed(self) -> list[bytes]:
        """The records of the log that neither software nor the BMC has processed."""
        if self.bmc == NOT_LOGGED:
            return []
        records: list[bytes] = []
        following = 0 if self.last_record != NONE else NONE
        while following != NONE:
            record, following = self._sel.read(following)
            records.append(record)
        return records[max(self._position(records, self.bmc), self._position(records, self.software)) :]

    @staticmethod
    def _position(records: list[bytes], mark: int) -> int:
        """How many records there are up to a mark, whose own may have been deleted."""
        if mark in (NONE, NOT_LOGGED):
            return 0
        numbers = [int.from_bytes(record[:2], "little") for record in records]
        if mark in numbers:
            return numbers.index(mark) + 1
        return sum(number < mark for number in numbers)

    def _follow(self) -> None:
        """The mark moves to the last event of which, and of those before it, all is done."""
        reached = None
        while self._open:
            record, left = next(iter(self._open.items()))
            if left > 0:
                break
            del self._open[record]
            reached = record
        if reached is not None:
            self.set(bmc=reached)

    def _log_cleared(self) -> None:
        self._open.clear()
        self.set(software=NONE, bmc=NONE)
