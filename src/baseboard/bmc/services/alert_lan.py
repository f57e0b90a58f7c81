"""Alerts by LAN: Platform Event Traps, their repetitions and their acknowledges (PET v1.0, §17.16, §23.2)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.alert_policy import Alert, Done
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.lan import LanParameters
from baseboard.bmc.services.sel import UTC_OFFSET_UNSPECIFIED, Sel
from baseboard.bmc.shared import Sparse
from baseboard.codes import EntityId
from baseboard.commands.parameters.lan import CommunityString, DestinationKind, IpAddress
from baseboard.commands.sensor.pef import AlertStatus, PetAcknowledge
from baseboard.errors import BaseboardError
from baseboard.records.events import EventData
from baseboard.records.pet import PlatformEventTrap, local_timestamp, specific_trap, text_field
from baseboard.rmcp.snmp_trap import SnmpTrap

if TYPE_CHECKING:
    from baseboard.bmc.services.lan_destinations import Destination

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Traps that may be under way at the same time; further alerts wait."""

_SOURCE_IPMI = 0x20
_LAST_SEQUENCE = 0xFFFF
_HUNDREDTHS = 100
_TICKS = 0xFFFFFFFF


@dataclass(slots=True)
class _Sending:
    """A trap that is being sent.

    Attributes:
        destination: where to.
        datagram: the same in all attempts.
        acknowledge: what acknowledges it.
        done: told how it ended.
        left: attempts still to come.
        timer: until the next attempt.
    """

    destination: Destination
    datagram: bytes
    acknowledge: PetAcknowledge
    done: Done
    left: int
    timer: Timer | None = None


class LanAlerts(Sparse):
    """Sends alerts of the LAN channel.

    Args:
        home: surroundings.
        lan: the channel's parameters.
        sel: whose clock traps tell.
        guid: the GUID that traps carry.

    Attributes:
        at_once: traps that may be under way at the same time.
    """

    __slots__ = (
        "_guid", "_home", "_lan", "_outside", "_sel", "_sending", "_sequence", "_started", "at_once",
    )  # fmt: skip
    PARTS = (("_sending", dict), ("_outside", dict))

    _sending: dict[int, _Sending]
    _outside: dict[int, tuple[PetAcknowledge, Callable[[], None]]]

    def __init__(self, home: Home, lan: LanParameters, sel: Sel, guid: Callable[[], bytes]) -> None:
        self._home, self._lan, self._sel, self._guid = home, lan, sel, guid
        self._sequence = 0
        self._started = home.clock.now()
        self.at_once = AT_ONCE

    def kind(self, destination: int) -> int:
        """What is sent to a destination.

        Raises:
            CompletionError: C9h, there is no such destination.
        """
        return int(self._lan.destination(destination).kind)

    def send(self, destination: int, alert: Alert, done: Done) -> None:
        """Send an alert as a trap: once and again until it is acknowledged, or as often as it is set."""
        where = self._lan.destination(destination)
        try:
            datagram, acknowledge = self._datagram(where, alert)
        except BaseboardError as error:
            log.error("%s: no alert to destination %d: %s", self._name, destination, error)  # noqa: TRY400 - what is missing is told; where it was missed is no matter
            done(AlertStatus.CALL_RETRIES_FAILED)
            return
        sending = _Sending(where, datagram, acknowledge, done, 1 + where.retries)
        self._sending[self._sequence] = sending
        self._attempt(self._sequence, sending)

    def acknowledged(self, told: PetAcknowledge) -> bool:
        """Somebody acknowledges a trap; all that it tells must be the trap's (§30.8).

        Returns: whether there is such a trap.
        """
        outside = self._outside.get(told.sequence_number)
        if outside is not None and outside[0] == told:
            outside[1]()
            return True
        sending = self._sending.get(told.sequence_number)
        if sending is None or not sending.destination.acknowledged or sending.acknowledge != told:
            return False
        self._end(told.sequence_number, AlertStatus.NORMAL_END)
        return True

    def trap(
        self, alert: Alert, agent: IPv4Address, community: bytes, acknowledged: Callable[[], None]
    ) -> tuple[bytes, int]:
        """A trap that goes out on another way than the LAN channel.

        Args:
            alert: what is told.
            agent: the BMC's address there.
            community: as the parameters of that channel have it.
            acknowledged: called when somebody acknowledges it, until it is forgotten.

        Returns: the datagram, and the trap's number.
        """
        datagram, acknowledge = self._message(alert, agent, community)
        self._outside[self._sequence] = (acknowledge, acknowledged)
        return datagram, self._sequence

    def forget(self, sequence: int) -> None:
        """Nobody waits any more for the acknowledge of such a trap."""
        self._outside.pop(sequence, None)

    def stop(self) -> None:
        """The BMC ends: nothing is repeated."""
        for sending in self._sending.values():
            if sending.timer is not None:
                sending.timer.cancel()
        self._sending.clear()

    @property
    def _name(self) -> str:
        return self._home.blueprint.identity.name

    def _attempt(self, sequence: int, sending: _Sending) -> None:
        sending.left -= 1
        sending.timer = None
        port = self._home.blueprint.pef.trap_port
        if not self._lan.send_alert(sending.destination, sending.datagram, port):
            log.warning(
                "%s: no alert to destination %d: it has no address that can be reached",
                self._name,
                sending.destination.number,
            )
            self._end(sequence, AlertStatus.CALL_RETRIES_FAILED)
        elif sending.left or sending.destination.acknowledged:
            when = self._home.clock.now() + sending.destination.timeout_s
            sending.timer = self._home.clock.call_at(when, lambda: self._again(sequence, sending))
        else:
            self._end(sequence, AlertStatus.NORMAL_END)

    def _again(self, sequence: int, sending: _Sending) -> None:
        if sending.left:
            self._attempt(sequence, sending)
        else:
            log.info("%s: destination %d acknowledges no alert", self._name, sending.destination.number)
            self._end(sequence, AlertStatus.ACKNOWLEDGE_TIMEOUT)

    def _end(self, sequence: int, status: AlertStatus) -> None:
        sending = self._sending.pop(sequence)
        if sending.timer is not None:
            sending.timer.cancel()
        sending.done(status)

    # ---- what a trap says

    def _datagram(self, where: Destination, alert: Alert) -> tuple[bytes, PetAcknowledge]:
        if where.kind != DestinationKind.PET_TRAP:
            raise BaseboardError(f"destination type {int(where.kind)} is a maker's own")
        agent = IpAddress.decode(self._lan.get(IpAddress.selector, 0)).address
        community = CommunityString.decode(self._lan.get(CommunityString.selector, 0)).community
        return self._message(alert, IPv4Address(agent), community.split(b"\0", 1)[0])

    def _message(self, alert: Alert, agent: IPv4Address, community: bytes) -> tuple[bytes, PetAcknowledge]:
        trap = self._trap(alert)
        event = alert.event
        offset = event.data[0] & 0xF
        number = specific_trap(event.sensor_type, event.event_type, int(event.deassertion), offset)
        uptime = int((self._home.clock.now() - self._started) * _HUNDREDTHS) & _TICKS
        message = SnmpTrap(
            community=community,
            agent=agent,
            number=number,
            uptime=uptime,
            variable=trap.encode(),
        )
        acknowledge = PetAcknowledge(
            sequence_number=trap.sequence_number,
            local_timestamp=trap.local_timestamp,
            event_source_type=trap.event_source_type,
            sensor_device=trap.sensor_device,
            sensor_number=trap.sensor_number,
            event_data1=event.data[0],
            event_data2=event.data[1],
            event_data3=event.data[2],
        )
        return message.encode(), acknowledge

    def _trap(self, alert: Alert) -> PlatformEventTrap:
        self._sequence = self._next_sequence()
        event, identity = alert.event, self._home.blueprint.identity
        offset = self._sel.utc_offset
        entity, instance = self._entity(event.generator_id, event.sensor_number)
        return PlatformEventTrap(
            guid=self._guid(),
            sequence_number=self._sequence,
            local_timestamp=local_timestamp(alert.time),
            utc_offset=-1 if offset == UTC_OFFSET_UNSPECIFIED else offset,
            trap_source_type=_SOURCE_IPMI,
            # A Dell's trap about an event of system software (41h) says 20h too.
            event_source_type=_SOURCE_IPMI,
            severity=alert.severity,
            sensor_device=event.generator_id & 0xFF,
            sensor_number=event.sensor_number,
            entity_id=EntityId(entity),
            entity_instance=instance,
            event_data=EventData.decode(event.data),
            manufacturer_id=identity.manufacturer_id,
            system_id=identity.product_id,
            oem=text_field(alert.text),
        )

    def _next_sequence(self) -> int:
        number = self._sequence
        while True:
            number = number + 1 if number < _LAST_SEQUENCE else 1
            if number not in self._sending and number not in self._outside:
                return number

    def _entity(self, generator: int, number: int) -> tuple[int, int]:
        """What the sensor is a part of, if it is one of the BMC's own."""
        if generator & 0xFF == self._home.address:
            lun = generator >> 8 & 3
            for sensor in self._home.blueprint.sensors:
                if (sensor.number, sensor.lun) == (number, lun):
                    return sensor.entity_id, sensor.entity_instance
        return 0, 0
