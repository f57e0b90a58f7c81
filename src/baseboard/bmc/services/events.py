"""Where events go: the SEL, the event message buffer, whoever listens (§29, §5.5)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from baseboard.bmc.services.home import Home
from baseboard.bmc.services.messaging import Messaging
from baseboard.bmc.services.sel import Sel
from baseboard.codes import SelType, SensorType
from baseboard.errors import CompletionError

BMC_ADDRESS = 0x20
"""The BMC's address on the LAN; on an IPMB a BMC may have another one (`Home.address`)."""

DISABLED = 0xFF
"""Event receiver address that switches event messages off."""

_NOT_LOGGED = 0xFFFF
"""Record ID of an event that is in the Event Message Buffer alone (Table 22-11)."""

_REVISION = 0x04
_LOG_CLEARED = 2
"""Offset of sensor type 10h, Event Logging Disabled: log area reset or cleared."""

_DEASSERTION = 0x80
_RETRY_S = 5.0
"""After that long a sequence number means another message, seconds (Table 4-1)."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the SEL keeps it, before it has a record ID and a time.

    Attributes:
        sensor_type: Table 42-3.
        sensor_number: 0-255.
        event_type: event/reading type code, 7 bits.
        data: the three event data bytes.
        deassertion: the state went away.
        generator_id: slave address or software ID in the low byte; channel and LUN in the high one. The
            BMC's own events have 20h until they are sent, and its own address from then on.
        evm_rev: event message revision.
    """

    sensor_type: int
    sensor_number: int
    event_type: int
    data: bytes
    deassertion: bool = False
    generator_id: int = BMC_ADDRESS
    evm_rev: int = _REVISION

    def record(self) -> bytes:
        """The 16 bytes of a system event record; ID and timestamp are the log's to set."""
        direction = _DEASSERTION if self.deassertion else 0
        head = bytes((0, 0, SelType.SYSTEM_EVENT, 0, 0, 0, 0)) + self.generator_id.to_bytes(2, "little")
        kind = bytes((self.evm_rev, self.sensor_type, self.sensor_number, direction | self.event_type))
        return head + kind + self.data


class Events:
    """The BMC as event generator and event receiver.

    Attributes:
        address: the BMC's own, as generator and as receiver.
        receiver: slave address that the BMC's own events are for; FFh = they are switched off.
        receiver_lun: its LUN.
        send_out: sends an event to another controller: its address and LUN, and the event.
        listeners: called with each event, whether it was logged or not.
        recorded: ID of the record that the event became of which listeners are told; 0000h = of none.
        on_receiver_set: called when the receiver was set, which re-arms every sensor.
        judge: what becomes of an event that a service tells of: its sensor may have been switched off.
    """

    __slots__ = (
        "_home", "_last", "_last_at", "_messaging", "_sel", "address", "judge", "listeners",
        "on_receiver_set", "receiver", "receiver_lun", "recorded", "send_out",
    )  # fmt: skip

    def __init__(self, home: Home, sel: Sel, messaging: Messaging) -> None:
        self._home = home
        self._sel = sel
        self.address = home.address
        self.send_out: Callable[[int, int, Event], None] = _nowhere
        self._messaging = messaging
        saved = home.journal.saved("event receiver").get(0, bytes((home.blueprint.ipmb.receiver, 0)))
        self.receiver, self.receiver_lun = saved
        self._last: tuple[int | bytes, ...] = ()
        self._last_at = 0.0
        self.recorded = 0
        self.listeners: list[Callable[[Event], None]] = []
        self.on_receiver_set: list[Callable[[], None]] = []
        self.judge: Callable[[Event], Event | None] = _as_it_is
        sel.on_cleared.append(self._log_cleared)

    def publish(self, event: Event) -> None:
        """What a service such as the watchdog tells of its sensor; sent if that sensor's events are on."""
        judged = self.judge(event)
        if judged is not None:
            self.send(judged)

    def send(self, event: Event) -> None:
        """An event of the BMC's own sensors, if its event messages are on."""
        if self.receiver == DISABLED:
            return
        if event.generator_id & 0xFF == BMC_ADDRESS != self.address:
            event = replace(event, generator_id=event.generator_id & 0xFF00 | self.address)
        if self.receiver == self.address:
            self.receive(event)
        else:
            self.send_out(self.receiver, self.receiver_lun, event)

    def receive(self, event: Event, *, from_system: bool = False) -> None:
        """An event that reached the BMC as event receiver; a full log does not stop it elsewhere.

        Args:
            from_system: it came over the system interface, and so is logged even with event logging off.
        """
        record, recorded, number = event.record(), 0, _NOT_LOGGED
        if self._messaging.event_logging or from_system:
            with contextlib.suppress(CompletionError):  # a full log keeps its overflow flag
                recorded = number = self._sel.add(record)
        time = self._sel.time().to_bytes(4, "little")
        self._messaging.put_event(number.to_bytes(2, "little") + record[2:3] + time + record[7:])
        for listener in self.listeners:
            self.recorded = recorded  # an event that a listener publishes has another one
            listener(event)

    def repeated(self, *message: int | bytes) -> bool:
        """Whether an event message is the last one again, whose answer its sender missed (§29.3).

        Args:
            message: who sent it, under which sequence number, and its data.
        """
        now = self._home.clock.now()
        again = message == self._last and now < self._last_at + _RETRY_S
        self._last, self._last_at = message, now
        return again

    def set_receiver(self, address: int, lun: int) -> None:
        """Say where the BMC's events go; it also re-arms the sensors (§29.1)."""
        self.receiver, self.receiver_lun = address, lun
        self._home.journal.put("event receiver", 0, bytes((address, lun)))
        for listener in self.on_receiver_set:
            listener()

    def _log_cleared(self) -> None:
        """Controllers with a sensor for it log that the log was cleared, as its first entry."""
        for sensor in self._home.blueprint.sensors:
            if sensor.sensor_type == SensorType.EVENT_LOGGING_DISABLED and sensor.states >> _LOG_CLEARED & 1:
                data = bytes((_LOG_CLEARED, 0xFF, 0xFF))
                self.publish(Event(sensor.sensor_type, sensor.number, sensor.event_type, data))
                return


def _nowhere(address: int, lun: int, event: Event) -> None:
    """A BMC that is on no bus yet can tell nobody."""


def _as_it_is(event: Event) -> Event:
    return event
