"""Platform Event Traps as they come: who sent them, what they say, their acknowledge (PET v1.0, §30.8)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address
from typing import Final

from baseboard.client.sel_entry import SelEntry, SensorNames, describe
from baseboard.commands.parameters.pef import EventSeverity
from baseboard.commands.sensor.pef import PetAcknowledge
from baseboard.errors import DecodeError
from baseboard.records.pet import PlatformEventTrap, event_of_trap, text_of
from baseboard.records.pet import log_timestamp as _log_timestamp
from baseboard.rmcp import v15
from baseboard.rmcp.lan_message import wrap_request
from baseboard.rmcp.snmp_trap import PORT, SnmpTrap
from baseboard.transports.udp import Address, UdpSocket

REMEMBERED: Final = 4096
"""Traps that are known again when they are repeated."""

QUEUED: Final = 1024
"""Traps that wait for whoever listens; of more the oldest are lost."""

_SHORTEST: Final = 46
_SYSTEM_EVENT: Final = 0x02
_REVISION: Final = 0x04
_SEQUENCES: Final = 0x3F
_SEVERITIES: Final = {
    EventSeverity.MONITOR: "monitor",
    EventSeverity.INFORMATION: "information",
    EventSeverity.OK: "ok",
    EventSeverity.NON_CRITICAL: "non-critical",
    EventSeverity.CRITICAL: "critical",
    EventSeverity.NON_RECOVERABLE: "non-recoverable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pet:
    """A trap that came.

    Attributes:
        host: address that sent it.
        port: the port there.
        agent: address that it gives as its own.
        community: of the message.
        number: the specific trap.
        trap: what its variable holds, field by field.
        raw: the octets of that variable.
    """

    host: str
    port: int
    agent: IPv4Address
    community: bytes
    number: int
    trap: PlatformEventTrap
    raw: bytes

    @classmethod
    def received(cls, data: bytes, sender: Address) -> Pet:
        """Read a datagram.

        Raises:
            DecodeError: it is no Platform Event Trap.
            BaseboardError: pysnmp is not installed.
        """
        message = SnmpTrap.decode(data)
        raw = message.variable
        if len(raw) < _SHORTEST:
            raise DecodeError(f"Pet: {len(raw)} octets, fewer than {_SHORTEST}")
        return cls(
            host=sender[0], port=sender[1], agent=message.agent, community=message.community,
            number=message.number, trap=PlatformEventTrap.decode(raw), raw=raw,
        )  # fmt: skip

    @property
    def time(self) -> datetime | None:
        """When it happened, by the sender's clock; None if that was never set."""
        return self.trap.time

    @property
    def severity(self) -> str:
        """How bad it is, as ``critical``; ``unspecified`` if it does not say."""
        return _SEVERITIES.get(EventSeverity(self.trap.severity), "unspecified")

    @property
    def text(self) -> str:
        """The alert string; empty if it has none."""
        return (text_of(self.trap.oem) or b"").split(b"\0", 1)[0].decode("latin-1")

    def event(self, names: SensorNames | None = None) -> SelEntry:
        """Put it into words, as if it were a record of the sender's event log.

        Args:
            names: the sender's sensors, from its SDRs; without them a sensor is its number.
        """
        sensor_type, event_type, direction, _ = event_of_trap(self.number)
        trap = self.trap
        head = bytes((0, 0, _SYSTEM_EVENT)) + _log_timestamp(trap.local_timestamp).to_bytes(4, "little")
        kind = bytes((trap.sensor_device, 0, _REVISION, sensor_type, trap.sensor_number))
        record = head + kind + bytes((direction << 7 | event_type,)) + trap.event_data.encode()
        return describe(record, names=names)

    def acknowledge(self, sequence: int = 0) -> bytes:
        """Make the datagram that acknowledges it, for the sender's RMCP port.

        Args:
            sequence: of the request, 0-63.
        """
        trap = self.trap
        first, second, third = trap.event_data.encode()
        request = PetAcknowledge(
            sequence_number=trap.sequence_number,
            local_timestamp=trap.local_timestamp,
            event_source_type=trap.event_source_type,
            sensor_device=trap.sensor_device,
            sensor_number=trap.sensor_number,
            event_data1=first,
            event_data2=second,
            event_data3=third,
        )
        command = request.command
        message = wrap_request(command.netfn, command.cmd, request.encode(), sequence & _SEQUENCES)
        return v15.wrap(0, 0, 0, message)

    @property
    def key(self) -> tuple[str, bytes, int, int, int]:
        """What a repetition has in common with the first one, and no other trap."""
        trap = self.trap
        return self.host, trap.guid, trap.sequence_number, trap.local_timestamp, self.number


class PetReceiver:
    """Tells traps from other datagrams, and new ones from repeated ones; has no socket of its own.

    Attributes:
        foreign: datagrams that were no traps.
        repeated: traps that had come before.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self.foreign = self.repeated = 0
        self._remembered = remembered
        self._seen: OrderedDict[tuple[str, bytes, int, int, int], None] = OrderedDict()

    def receive(self, data: bytes, sender: Address) -> tuple[Pet, bool] | None:
        """Take a datagram.

        Returns: the trap, and whether it is new; None for what is no trap, which is not to be answered.
        """
        try:
            pet = Pet.received(data, sender)
        except DecodeError:
            self.foreign += 1
            return None
        new = pet.key not in self._seen
        self._seen[pet.key] = None
        self._seen.move_to_end(pet.key)
        if len(self._seen) > self._remembered:
            self._seen.popitem(last=False)
        self.repeated += not new
        return pet, new


class PetListener:
    """Traps that arrive at a port, one after the other, without repetitions.

    >>> from baseboard.client.pet import PetListener
    >>> async def watch() -> None:
    ...     with PetListener("0.0.0.0", acknowledge_at=623) as listener:
    ...         async for pet in listener:
    ...             print(pet.host, pet.severity, pet.event().event)

    Args:
        host: address to listen at.
        port: UDP port.
        acknowledge_at: RMCP port of the senders, which gets an acknowledge for every trap; 0 = the port that
            the trap came from, None = traps are not acknowledged.

    Attributes:
        receiver: what it counts.
        lost: traps that nobody took in time.

    Raises:
        TransportError: the port cannot be had.
        BaseboardError: pysnmp is not installed.
    """

    def __init__(self, host: str = "0.0.0.0", port: int = PORT, *, acknowledge_at: int | None = None) -> None:  # noqa: S104 - traps come from anywhere
        SnmpTrap.check()
        self.receiver = PetReceiver()
        self.lost = 0
        self._acknowledge_at = acknowledge_at
        self._sequence = 0
        self._queue: deque[Pet] = deque()
        self._there = asyncio.Event()
        self._socket = UdpSocket(host, port, self._received, self._there.set)
        self.host, self.port = self._socket.host, self._socket.port

    def __enter__(self) -> PetListener:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __aiter__(self) -> AsyncIterator[Pet]:
        return self._traps()

    def close(self) -> None:
        """Give up the port."""
        self._socket.close()

    async def _traps(self) -> AsyncIterator[Pet]:
        while True:
            while self._queue:
                yield self._queue.popleft()
            self._there.clear()
            await self._there.wait()

    def _received(self, data: bytes, sender: Address) -> None:
        found = self.receiver.receive(data, sender)
        if found is None:
            return
        pet, new = found
        if self._acknowledge_at is not None:
            # A repeated one too: the acknowledge before may have been lost.
            self._sequence = self._sequence + 1 & _SEQUENCES
            port = self._acknowledge_at or sender[1]
            where = (sender[0], port) if len(sender) == 2 else (sender[0], port, sender[2], sender[3])
            self._socket.send(pet.acknowledge(self._sequence), where)
        if new:
            if len(self._queue) >= QUEUED:
                self._queue.popleft()
                self.lost += 1
            self._queue.append(pet)
