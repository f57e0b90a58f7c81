"""Which sensors there are, where they come and go with what they belong to (§35.2)."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.services.sensor_template import Catalogue, SensorTemplate
from baseboard.bmc.shared import EMPTY
from baseboard.bmc.store import Journal

_SECTION = "sensor population"
_ALL = 0xFFFF_FFFF


class Population:
    """The sensors of one BMC that can go, and how often any has gone or come.

    Attributes:
        absent: those that are not there, by their index.
        changes: the population change indicator; it goes on over restarts, as consoles remember it.
        on_change: called when sensors came or went.
    """

    __slots__ = ("_catalogue", "_journal", "_there", "absent", "changes", "on_change")

    def __init__(
        self, journal: Journal, catalogue: Catalogue, there: Callable[[SensorTemplate], bool]
    ) -> None:
        """Take up what was kept.

        Args:
            journal: where it is kept.
            catalogue: the sensors.
            there: tells whether a sensor's entity is there now.
        """
        self._journal, self._catalogue, self._there = journal, catalogue, there
        kept = journal.saved(_SECTION).get(0, b"") if catalogue.removable else b""
        self.changes = int.from_bytes(kept[:4], "little")
        keys = zip(kept[4::2], kept[5::2], strict=True)
        known = (catalogue.by_key.get(lun << 8 | number) for lun, number in keys)
        gone = [one.index for one in known if one is not None and one in catalogue.removable]
        self.absent = frozenset(gone) if gone else EMPTY
        self.on_change: list[Callable[[], None]] = []

    @property
    def dynamic(self) -> bool:
        """Whether there are sensors that can go."""
        return bool(self._catalogue.removable)

    def refresh(self) -> None:
        """See who is there."""
        removable = self._catalogue.removable
        absent = frozenset(one.index for one in removable if not self._there(one)) if removable else EMPTY
        if absent == self.absent:
            return
        self.absent = absent
        self.changes = self.changes + 1 & _ALL
        gone = (one for one in removable if one.index in absent)
        row = self.changes.to_bytes(4, "little") + b"".join(bytes((one.lun, one.number)) for one in gone)
        self._journal.put(_SECTION, 0, row)
        for listener in self.on_change:
            listener()
