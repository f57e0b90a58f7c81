"""The BMC that bad input is thrown at: a server of the lab, whole, in memory, on virtual time."""

from __future__ import annotations

import random

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.context import SYSTEM_INTERFACE, Origin
from baseboard.bmc.controller import Controller
from baseboard.bmc.lan_endpoint import LanEndpoint
from baseboard.bmc.makeups.lineup import makeup
from baseboard.bmc.services.command_keys import family_of, luns
from baseboard.bmc.services.home import Home
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.rmcp.machine import Address
from baseboard.testing.clock import VirtualClock
from baseboard.testing.raw_console import CONSOLE, RawConsoleV15, RawConsoleV20

USERS = (
    UserSpec(2, b"admin", b"adminpw", size=16, privilege=4),
    UserSpec(3, b"oper", b"operpw", size=16, privilege=3),
    UserSpec(4, b"viewer", b"viewerpw", size=16, privilege=2),
)
LAN = 1
VETERAN = 2
"""The make-up with IPMI v1.5, weak suites and the fewest slots: 4 of them."""

STRANGER: Address = ("192.0.2.200", 2000)


class Request:
    """A request as an endpoint delivers it."""

    __slots__ = ("cmd", "data", "lun", "netfn")

    def __init__(self, netfn: int, cmd: int, data: bytes, lun: int = 0) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, lun, cmd, data


class Target:
    """One BMC with its host behind it and its LAN channel in front.

    Attributes:
        sent: how many datagrams it sent so far.
    """

    def __init__(
        self, store: MemoryStore | None = None, *, index: int = VETERAN, strict: bool = False
    ) -> None:
        self.store, self.clock = store or MemoryStore(), VirtualClock(now=5000.0)
        self.blueprint = makeup(
            index, "target", bytes(range(16)), users=USERS, powered=True, boot_seconds=1.0, strict=strict
        )
        drawn = random.Random(5)
        backend = SimulatedServer(self.blueprint, self.clock)
        journal = Journal(self.store, self.blueprint.identity.name)
        self.controller = Controller(Home(self.blueprint, journal, self.clock, backend, drawn.randbytes))
        self.endpoint = LanEndpoint(self.controller, drawn.randbytes, self.clock)
        self.endpoint.bind(self._take)
        self.controller.start()
        self._outbox: list[tuple[bytes, Address]] = []
        self.sent = 0

    def _take(self, data: bytes, address: Address) -> None:
        self._outbox.append((data, address))

    def carry(self, data: bytes, address: Address = CONSOLE) -> list[bytes]:
        """Deliver a datagram; return what came back to where it came from."""
        self.endpoint.receive(data, address)
        sent, self._outbox = self._outbox, []
        self.sent += len(sent)
        return [datagram for datagram, to in sent if to == address]

    def origin(self, level: int) -> Origin:
        """The system interface for level Fh, no session for 0, else a session's at that level."""
        if level == 0xF:
            return Origin(SYSTEM_INTERFACE, local=True)
        if level == 0:
            return Origin(LAN)
        return Origin(LAN, self.endpoint.table.sessions[self.console(level).sidc])

    def console(self, level: int, *, seed: int = 7) -> RawConsoleV20:
        """A console in a session at a level."""
        kg = self.controller.services.channels.kg(LAN)
        console = RawConsoleV20(self.carry, b"admin", b"adminpw", suite=3, kg=kg, seed=seed)
        assert console.login() == [0, 0, 0]
        self.endpoint.table.sessions[console.sidc].privilege = level
        return console

    def ask(self, origin: Origin, request: Request) -> bytes:
        """Completion code and data of one request; there is always one answer."""
        answers: list[bytes] = []
        self.controller.handle(request, origin, answers.append)
        (answer,) = answers
        return answer

    def system(self, netfn: int, cmd: int, data: bytes = b"") -> bytes:
        """Ask through the system interface."""
        return self.ask(self.origin(0xF), Request(netfn, cmd, data))

    def reopened(self) -> Target:
        """The BMC as it comes back from what its store holds."""
        self.controller.stop()
        return Target(self.store)

    def restore(self) -> None:
        """Undo what an administrator may have done to logins, SDRs and commands: legal, however senseless."""
        password = b"adminpw".ljust(16, b"\0")
        firewall, channels = self.controller.services.firewall, self.controller.services.channels
        for channel in channels.numbers():
            for family in range(0, 0x40, 2):
                for lun in luns(family):
                    firewall.switch_off(channel, lun, family_of(family), 0)
        for netfn, cmd, data in (
            (0x0A, 0x2B, b""),
            (0x06, 0x40, bytes((LAN, 0x42, 0x44))),
            (0x06, 0x40, bytes((LAN, 0x82, 0x84))),
            (0x06, 0x43, bytes((0x90 | LAN, 2, 4, 0))),
            (0x06, 0x45, b"\x02" + b"admin".ljust(16, b"\0")),
            (0x06, 0x47, b"\x02\x02" + password),
            (0x06, 0x47, b"\x02\x01"),
            (0x0C, 0x01, bytes((LAN, 2, 4, 4, 4, 4, 0))),
            (0x0C, 0x01, bytes((LAN, 24, 0)) + b"\x44" * 2 + bytes(6)),
        ):
            assert self.system(netfn, cmd, data) == b"\0", (hex(netfn), hex(cmd))

    def logs_in(self) -> bool:
        """Whether both versions log in, raise their level and are answered."""
        kg = self.controller.services.channels.kg(LAN)
        old = RawConsoleV15(self.carry, b"admin", b"adminpw", address=("192.0.2.3", 3))
        new = RawConsoleV20(
            self.carry, b"admin", b"adminpw", suite=3, kg=kg, seed=99, address=("192.0.2.4", 4)
        )
        logins = old.login() == [0, 0] and new.login() == [0, 0, 0] and new.keyed
        for console in (old, new):
            logins = logins and console.ask(0x06, 0x3B, b"\x04") == b"\0\x04"
            answer = console.ask(0x06, 0x01) if logins else None
            logins = logins and answer is not None and answer[0] == 0
        for session in (old.session_id, new.sidc):
            self.system(0x06, 0x3C, session.to_bytes(4, "little"))
        return logins

    def everything_answers(self) -> bool:
        """Whether each part of the BMC still answers a plain question."""
        asked = [
            (0x06, 0x01, b""), (0x06, 0x04, b""), (0x06, 0x25, b""), (0x00, 0x01, b""),
            (0x00, 0x09, b"\5\0\0"), (0x04, 0x2D, b"\1"), (0x0A, 0x10, b"\0"), (0x0A, 0x20, b""),
            (0x0A, 0x40, b""), (0x0C, 0x02, b"\1\3\0\0"), (0x0C, 0x22, b"\1\1\0\0"),
        ]  # fmt: skip
        return all(self.system(*one)[0] == 0 for one in asked)
