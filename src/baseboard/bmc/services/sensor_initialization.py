"""The initialization agent: it sets sensors up as their records say (§33.6, Table 43-1 byte 11).

It runs when the system powers up and when it is reset, after a cold reset of the controller, by command, and
when the controller starts with records that it has not worked through yet. A start of the controller alone
leaves what commands have set: its sensors were not without power.
"""

from __future__ import annotations

import struct
import zlib

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.events import DISABLED, Events
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sensors import Sensors
from baseboard.bmc.shared import EMPTY
from baseboard.errors import DecodeError
from baseboard.records.sdr import (
    CompactSensorRecord,
    FullSensorRecord,
    GlobalInitialization,
    read_sdr,
)
from baseboard.records.sdr import ManagementControllerDeviceLocatorRecord as _Locator

PORTION = 16
"""Sensors that are set up at once."""

PAUSE_S = 0.02
"""Seconds between two portions: what the simulated sensors take to be written."""

_SECTION = "sensor initialization"
_CHECKSUM = struct.Struct("<I")


class InitializationAgent:
    """Works through the records of this controller's sensors."""

    __slots__ = ("_done", "_events", "_home", "_queue", "_sdr", "_sensors", "_started", "_timer", "_wanted")

    def __init__(self, home: Home, sdr: SdrRepository, sensors: Sensors, events: Events) -> None:
        self._home, self._sdr, self._sensors, self._events = home, sdr, sensors, events
        self._queue: list[FullSensorRecord | CompactSensorRecord] = []
        self._timer: Timer | None = None
        self._started = self._wanted = False
        # the added records that it has worked through, by their checksums; those of the make-up it has
        kept = home.journal.saved(_SECTION).get(0, b"")
        self._done = frozenset(row[0] for row in _CHECKSUM.iter_unpack(kept)) if kept else EMPTY

    @property
    def completed(self) -> bool:
        """Whether it is done; it also is when it was never needed."""
        return self._timer is None

    def start(self) -> None:
        """The controller starts, and its system may have done so meanwhile."""
        self._started = True
        fresh = [raw for raw in self._sdr.added_records() if _checksum(raw) not in self._done]
        locator, records = _read(fresh, self._home.address)
        if self._wanted or locator is not None:
            self.run()
        elif records:
            self._queue = records
            self._go_on(GlobalInitialization.DO_NOT_INITIALIZE)

    def stop(self) -> None:
        """Give up; the next start begins anew."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def run(self) -> None:
        """Begin, from the first record on."""
        if not self._started:
            self._wanted = True
            return
        self.stop()
        self._wanted = False
        if self._nothing_to_do():
            return
        locator, records = _read(self._sdr.records(), self._home.address)
        how = GlobalInitialization.ENABLE_EVENTS if locator is None else locator.global_initialization
        # §43.8: such a controller is left as it is, with all of its sensors
        self._queue = [] if how == GlobalInitialization.DO_NOT_INITIALIZE else records
        self._go_on(how)

    def _go_on(self, how: GlobalInitialization) -> None:
        self._timer = None
        now, self._queue = self._queue[:PORTION], self._queue[PORTION:]
        for record in now:
            self._sensors.initialize(record)
        if self._queue:
            clock = self._home.clock
            self._timer = clock.call_at(clock.now() + PAUSE_S, lambda: self._go_on(how))
            return
        self._note()
        # where the controller's events go then; others stay where they are
        receivers = {
            GlobalInitialization.ENABLE_EVENTS: self._home.blueprint.ipmb.receiver,
            GlobalInitialization.DISABLE_EVENTS: DISABLED,
        }
        wanted = receivers.get(how, self._events.receiver)
        # Set Event Receiver re-arms every sensor; that a system was reset is no reason to tell all anew
        if wanted != self._events.receiver:
            self._events.set_receiver(wanted, 0)

    def _nothing_to_do(self) -> bool:
        """Whether everything is as the records say, because nobody ever changed anything."""
        untouched = self._sdr.as_shipped and not self._sensors.settings.changed
        shipped = self._home.blueprint
        usual = self._events.receiver == shipped.ipmb.receiver and not shipped.records
        return untouched and usual

    def _note(self) -> None:
        done = frozenset(_checksum(raw) for raw in self._sdr.added_records())
        if done == self._done:
            return
        self._done = done
        if done:
            row = b"".join(_CHECKSUM.pack(one) for one in sorted(done))
            self._home.journal.put(_SECTION, 0, row)
        else:
            self._home.journal.delete(_SECTION, 0)


def _checksum(raw: bytes) -> int:
    """Of a record, whose ID does not matter."""
    return zlib.crc32(raw[2:])


def _read(
    raws: list[bytes], address: int
) -> tuple[_Locator | None, list[FullSensorRecord | CompactSensorRecord]]:
    """The last locator of this controller, and the records of sensors."""
    locator: _Locator | None = None
    found: list[FullSensorRecord | CompactSensorRecord] = []
    for raw in raws:
        try:
            record = read_sdr(raw)
        except DecodeError:  # anybody may have added it
            continue
        if isinstance(record, FullSensorRecord | CompactSensorRecord):
            found.append(record)
        elif isinstance(record, _Locator):
            locator = record if record.slave_address == address else locator
    return locator, found
