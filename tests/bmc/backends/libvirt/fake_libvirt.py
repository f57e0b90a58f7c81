"""A libvirt with one domain, that can be refused, lost and restarted."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.backends.libvirt.binding import Connection, ConsoleStream, Event, Heard, NoSuchDomain
from baseboard.errors import TransportError
from tests.bmc.backends.libvirt.descriptions import LISTED


class Hypervisor:
    """What is the same for all connections.

    Attributes:
        run: number of the domain's run; -1 = off.
        kept: what it is started by; ``live``: what it runs by.
        calls: what was done to it.
        refused: calls that fail.
        there: libvirt answers.
        defined: there is such a domain.
        connections: those that were made.
    """

    def __init__(self, *, on: bool = False) -> None:
        self.runs = 0
        self.run = -1
        self.kept, self.live = LISTED, ""
        self.calls: list[str] = []
        self.refused: set[str] = set()
        self.there = self.defined = self.persistent = True
        self.connections: list[FakeConnection] = []
        self.streams: list[FakeStream] = []
        if on:
            self.switch(on=True)

    def switch(self, *, on: bool) -> None:
        """Somebody switches the domain."""
        if on:
            self.runs += 1
            self.live = self.kept
        self.run = self.runs if on else -1

    def tell(self, event: Event) -> None:
        """Have libvirt tell something to whoever is connected."""
        for connection in self.connections:
            if not connection.closed:
                connection.heard(event)

    def connect(self, uri: str, domain: str, heard: Heard) -> Connection:
        """Stands in for `binding.connect`."""
        if not self.there:
            raise TransportError("nobody is there")
        return FakeConnection(self, domain, heard)


class FakeStream:
    """A console: ``typed`` is what was taken, at most ``room`` at a time."""

    def __init__(self, received: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self.received, self.ended = received, ended
        self.typed = bytearray()
        self.room, self.sends = 1 << 20, 0
        self.closed = False

    def send(self, data: bytes) -> int:
        self.sends += 1
        self.typed += data[: self.room]
        return len(data[: self.room])

    def close(self) -> None:
        self.closed = True


class FakeConnection:
    """A connection."""

    def __init__(self, libvirt: Hypervisor, domain: str, heard: Heard) -> None:
        self.libvirt, self.domain, self.heard = libvirt, domain, heard
        self.closed = False
        libvirt.connections.append(self)

    def run_number(self, domain: str) -> int:
        self._call(domain, "")
        return self.libvirt.run

    def is_persistent(self, domain: str) -> bool:
        self._call(domain, "")
        return self.libvirt.persistent

    def description(self, domain: str, *, live: bool = False) -> str:
        self._call(domain, "")
        return self.libvirt.live if live else self.libvirt.kept

    def define(self, text: str) -> None:
        self._call(self.domain, "define")
        self.libvirt.kept = text

    def create(self, domain: str) -> None:
        self._call(domain, "create")
        self.libvirt.switch(on=True)

    def destroy(self, domain: str) -> None:
        self._call(domain, "destroy")
        self.libvirt.switch(on=False)

    def reset(self, domain: str) -> None:
        self._call(domain, "reset")

    def shutdown(self, domain: str) -> None:
        self._call(domain, "shutdown")

    def inject_nmi(self, domain: str) -> None:
        self._call(domain, "nmi")

    def console(
        self, domain: str, device: str, received: Callable[[bytes], None], ended: Callable[[], None]
    ) -> ConsoleStream:
        self._call(domain, "console")
        self.libvirt.streams.append(FakeStream(received, ended))
        return self.libvirt.streams[-1]

    def alive(self) -> bool:
        if "alive" in self.libvirt.refused:
            raise TransportError("alive")
        return self.libvirt.there

    def close(self) -> None:
        self.closed = True

    def _call(self, domain: str, name: str) -> None:
        if not self.libvirt.there or name in self.libvirt.refused:
            raise TransportError(f"{name} is refused")
        if domain != "guest" or not self.libvirt.defined:
            raise NoSuchDomain(f"no domain {domain}")
        if name:
            self.libvirt.calls.append(name)
