"""A machine that speaks PPP at the far end of a BMC's serial line, with consoles on it."""

from __future__ import annotations

import random
from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Any

from baseboard.bmc.blueprint.serial import PPP
from baseboard.commands.parameters.serial import SerialParameter
from baseboard.crypto.suites import SUITES
from baseboard.links import ethernet_ipv4, ethernet_udp
from baseboard.links.ethernet_ipv4 import Packet
from baseboard.links.ethernet_udp import Datagram
from baseboard.links.ppp import Arrived, Event, LinkUp, PppLink, PppSettings
from baseboard.rmcp.console import Console
from baseboard.rmcp.console_events import Answered, RequestArrived
from baseboard.rmcp.console_events import Event as ConsoleEvent
from baseboard.rmcp.console_v15 import ConsoleV15
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.login import Login
from baseboard.rmcp.session import Session
from tests.serial_benches import Line

OURS, BMC = IPv4Address("192.0.2.9"), IPv4Address("192.0.2.8")
RMCP = 623
MD5 = 2
SETTINGS = PppSettings(address=OURS, given=BMC)


class Dialer:
    """A machine at a line that speaks PPP.

    Attributes:
        link: its end of the link.
        events: what happened on it, but for packets.
        strays: UDP that no console of its own got: the packet, and the datagram in it.
        talk: characters that were sent to it on no link.
    """

    def __init__(self, clock: Any, give: Callable[[bytes], bytes], settings: PppSettings = SETTINGS) -> None:
        self._clock, self._give = clock, give
        self.link = PppLink(settings, random.Random(5).randbytes)
        self.events: list[Event] = []
        self.consoles: dict[int, PppConsole] = {}
        self.strays: list[tuple[Packet, Datagram]] = []

    @property
    def now(self) -> float:
        return float(self._clock.now())

    def dial(self) -> None:
        """Begin a link."""
        self.link.open(self.now)
        self.settle()

    def hang_up(self) -> None:
        """Take the link down as pppd does at its end."""
        self.link.close(self.now)
        self.settle()

    @property
    def up(self) -> bool:
        return self.link.is_up

    def hear(self, data: bytes) -> None:
        """Take what the BMC sent."""
        self.link.receive(data, self.now)
        for event in self.link.events():
            if isinstance(event, Arrived):
                self._arrived(event.data)
            else:
                self.events.append(event)

    def settle(self) -> None:
        """Carry what there is to and fro."""
        for _ in range(200):
            out = b"".join(self.link.outgoing())
            for console in self.consoles.values():
                for data in console.console.outgoing():
                    self.send(data, console.port, console.to)
            out += b"".join(self.link.outgoing())
            back = self._give(out)
            if not out and not back:
                return
            self.hear(back)
        raise AssertionError("they do not come to rest")

    def send(
        self, data: bytes, port: int, to: int = RMCP, *, source: IPv4Address | None = None,
        destination: IPv4Address | None = None,
    ) -> None:  # fmt: skip
        """Put a datagram on the link."""
        source, destination = source or self.link.addresses.ours, destination or self.link.addresses.theirs
        body = ethernet_udp.encode(Datagram(port, to, data), source, destination)
        self.link.send(Packet(source, destination, ethernet_ipv4.UDP, body).encode())

    def _arrived(self, data: bytes) -> None:
        packet = ethernet_ipv4.parse(data)
        assert isinstance(packet, Packet)
        datagram = ethernet_udp.parse(packet.data, packet.source, packet.destination)
        assert datagram is not None
        console = self.consoles.get(datagram.destination)
        if console is None:
            self.strays.append((packet, datagram))
        else:
            assert (packet.source, datagram.source) == (self.link.addresses.theirs, console.to)
            console.receive(datagram.data)

    def console(
        self, version: int = 20, *, to: int = RMCP, user: str = "admin", suite: int = 3
    ) -> PppConsole:
        """A console that has tried to log in."""
        login = Login(username=user.encode(), password=f"{user}pw".encode(), privilege=4)
        draw = random.Random(len(self.consoles)).randbytes
        console: Console = (
            ConsoleV20(login, SUITES[suite], draw) if version == 20 else ConsoleV15(login, MD5, draw)
        )
        made = PppConsole(self, console, 40000 + len(self.consoles), to)
        self.consoles[made.port] = made
        console.open(self.now)
        self.settle()
        return made


class PppConsole:
    """A console on such a machine."""

    def __init__(self, dialer: Dialer, console: Console, port: int, to: int) -> None:
        self.dialer, self.console, self.port, self.to = dialer, console, port, to
        self.events: list[ConsoleEvent] = []

    def receive(self, data: bytes) -> None:
        self.console.receive(data, self.dialer.now)
        self.events += self.console.events()

    def ask(self, netfn: int, cmd: int, data: bytes = b"") -> bytes | None:
        """Completion code and data of the answer; None = there is none."""
        token = self.console.request(netfn, cmd, data, self.dialer.now)
        self.dialer.settle()
        found = [one for one in self.events if isinstance(one, Answered) and one.token == token]
        return found[0].data if found else None

    @property
    def requests(self) -> list[RequestArrived]:
        """What the BMC asked the console."""
        return [one for one in self.events if isinstance(one, RequestArrived)]


class PppLine(Line):
    """A BMC with a serial channel over which PPP is spoken, and a machine at it."""

    def __init__(self, settings: PppSettings = SETTINGS, *, modes: int = PPP, **spec: Any) -> None:
        super().__init__(modes=modes, **spec)
        self.dialer = Dialer(self.bench.clock, self.cable.type, settings)

    def parameter(self, selector: int, data: str) -> None:
        """Set a serial/modem parameter by the command."""
        answer = self.bench.raw(0x0C, 0x10, bytes((2, selector)) + bytes.fromhex(data))
        assert answer == b"\0", answer.hex()

    def up(self) -> PppLine:
        """Bring the link up."""
        self.dialer.settle()
        self.dialer.dial()
        assert self.dialer.up, self.dialer.events
        return self

    @property
    def sessions(self) -> list[Session]:
        sessions = self.endpoint.ppp.sessions
        return [] if sessions is None else list(sessions.table.sessions.values())


__all__ = ["BMC", "OURS", "RMCP", "SETTINGS", "Dialer", "LinkUp", "PppConsole", "PppLine", "SerialParameter"]
