"""A socket with a machine at its far end, both in memory, for a controller's end of the VM protocol."""

from __future__ import annotations

from typing import cast

from baseboard.errors import TransportError
from baseboard.links.vm import (
    ALL,
    Ability,
)
from baseboard.links.vm_machine import (
    Answered,
    VmEnd,
    VmEvent,
)
from baseboard.testing.clock import VirtualClock
from baseboard.transports.machine_socket import MachineSocket
from baseboard.transports.wire import Listener


class FakeSocket:
    """Listens, for whoever opened it.

    Attributes:
        listener: who did.
        carrier: whether a machine is connected.
        reads: whether it reads what is sent.
        closed: it was closed.
        dismissed: how often a machine was sent away.
        refuses: opening fails.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.place = ""
        self.carrier = False
        self.reads = True
        self.closed = self.refuses = False
        self.dismissed = 0
        self.machine: VmEnd | None = None
        self.raw = bytearray()
        self.heard: list[VmEvent] = []
        self.listener: Listener

    def open(self, listen: str, listener: Listener) -> MachineSocket:
        if self.refuses:
            raise TransportError(f"{listen}: taken")
        self.place, self.listener = listen.replace(":0", ":4711"), listener
        return cast(MachineSocket, self)

    def send(self, data: bytes) -> bool:
        assert self.carrier
        if self.reads:
            self.raw += data
            if self.machine is not None:
                self.machine.receive(data)
        return self.reads

    def dismiss(self) -> None:
        self.dismissed += 1
        self.leave()

    def close(self) -> None:
        self.closed, self.carrier = True, False

    # ---- what the machine does

    def come(self, machine: VmEnd | None) -> None:
        """A machine connects; None = somebody who says nothing."""
        self.carrier, self.machine = True, machine
        self.raw.clear()
        if machine is not None:
            machine.connected()
        self.listener.opened()
        self.listener.changed()
        if machine is not None:
            self.pump()

    def appear(self, abilities: Ability = ALL) -> VmEnd:
        """A machine connects."""
        machine = VmEnd(abilities)
        self.come(machine)
        self.events()
        return machine

    def leave(self) -> None:
        """It goes."""
        self.carrier, self.machine = False, None
        self.listener.changed()

    def pump(self) -> None:
        """What the machine has to send arrives."""
        assert self.machine is not None
        out = b"".join(self.machine.outgoing())
        if out:
            self.listener.received(out)

    def ask(self, message: bytes) -> bytes | None:
        """The answer to a request of the machine's guest; None = there is none yet."""
        assert self.machine is not None
        token = self.machine.ask(message, self.clock.now())
        self.pump()
        answers = [one for one in self.events() if isinstance(one, Answered) and one.token == token]
        return answers[0].message if answers else None

    def events(self) -> list[VmEvent]:
        """What the machine has heard since it was last looked at."""
        return [] if self.machine is None else self.machine.events()
