"""A whole BMC on virtual time, and the consoles that try its rules on it."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, TypeVar

from baseboard.bmc.blueprint import Blueprint, FruSpec, LanSpec, SensorSpec, UserSpec
from baseboard.bmc.lan_endpoint import LanEndpoint
from baseboard.bmc.store import MemoryStore
from baseboard.codes import NetFn
from baseboard.rmcp.machine import Address
from baseboard.rmcp.session import Session
from baseboard.rmcp.table import SessionTable
from baseboard.testing.clock import VirtualClock
from baseboard.testing.raw_console import CONSOLE, RawConsole, RawConsoleV15, RawConsoleV20
from tests.bmc.fakes import BLUEPRINT
from tests.bmc.harness import Bench

C = TypeVar("C", bound=RawConsole)

APP = int(NetFn.APP)
LAN = 1
GET_DEVICE_ID = (APP, 0x01)
ELSEWHERE: Address = ("192.0.2.77", 7777)

# Whose passwords are of 16 bytes may log in by either version.
ADMIN = UserSpec(2, b"admin", b"adminpw", size=16, privilege=4)
OPERATOR = UserSpec(3, b"oper", b"operpw", size=16, privilege=3)
VIEWER = UserSpec(4, b"viewer", b"viewerpw", size=16, privilege=2)
CALLER = UserSpec(5, b"caller", b"callerpw", size=16, privilege=1)
LONG = UserSpec(6, b"long", b"twenty bytes of pass", size=20, privilege=4)
CAST = (ADMIN, OPERATOR, VIEWER, CALLER, LONG)
NULL = UserSpec(1, b"", b"null's", size=16, privilege=3)
ANONYMOUS = UserSpec(1, b"", b"", size=16, privilege=2)

SUITES = (0, 1, 2, 3, 6, 7, 8, 11, 12, 17)
NONE, MD2, MD5, PASSWORD = 0, 1, 2, 4
EVERY_TYPE = 1 << NONE | 1 << MD2 | 1 << MD5 | 1 << PASSWORD
KG = b"\x00a key of 20 bytes\xff\x01"


class WholeBmc(Bench):
    """A BMC with its LAN channel, reached by datagrams.

    Attributes:
        sent: datagrams of the BMC that nobody took yet, and where they go.
    """

    def __init__(self, blueprint: Blueprint, store: MemoryStore, clock: VirtualClock) -> None:
        super().__init__(blueprint, store, clock)
        self.random = random.Random(11)
        self.endpoint = LanEndpoint(self.controller, self.random.randbytes, clock)
        self.sent: list[tuple[bytes, Address]] = []
        self.endpoint.bind(lambda data, address: self.sent.append((data, address)))

    @property
    def table(self) -> SessionTable:
        """The session table of the LAN channel."""
        return self.endpoint.table

    @property
    def sessions(self) -> list[Session]:
        """The active sessions, the oldest first."""
        return list(self.table.sessions.values())

    def carry(self, data: bytes, address: Address = CONSOLE) -> list[bytes]:
        """Deliver a datagram; whatever the BMC sends because of it goes to where it came from."""
        self.endpoint.receive(data, address)
        sent, self.sent = self.sent, []
        assert all(to == address for _, to in sent)
        return [datagram for datagram, _ in sent]

    def v15(self, user: UserSpec = ADMIN, **options: Any) -> RawConsoleV15:
        """A console for IPMI v1.5."""
        options.setdefault("privilege", user.privilege)
        return RawConsoleV15(self.carry, user.name, user.password, **options)

    def v20(self, user: UserSpec = ADMIN, **options: Any) -> RawConsoleV20:
        """A console for RMCP+."""
        options.setdefault("role", 0x10 | user.privilege)
        return RawConsoleV20(self.carry, user.name, user.password, **options)

    def in_v15(self, user: UserSpec = ADMIN, *, level: int = 0, **options: Any) -> RawConsoleV15:
        """A console in a session of IPMI v1.5, at a level that it asked for."""
        console = self.v15(user, **options)
        assert console.login() == [0, 0]
        return raised(console, level)

    def in_v20(self, user: UserSpec = ADMIN, *, level: int = 0, **options: Any) -> RawConsoleV20:
        """A console in a session of RMCP+, at a level that it asked for."""
        console = self.v20(user, **options)
        assert console.login() == [0, 0, 0]
        assert console.proved
        assert console.keyed
        return raised(console, level)

    def system(self, cmd: int, data: bytes = b"", netfn: int = APP) -> bytes:
        """Completion code and data of a request through the system interface."""
        return self.raw(netfn, cmd, data)

    def reopened(self) -> WholeBmc:
        """The BMC as it comes back after a crash."""
        self.controller.stop()
        return WholeBmc(self.blueprint, self.store, self.clock)


def raised(console: C, level: int) -> C:
    """Take a session to a level; 0 leaves it at the one it has."""
    if level:
        assert set_level(console, level) == bytes((0, level))
    return console


def bench(
    *,
    users: tuple[UserSpec, ...] = CAST,
    suites: tuple[int | tuple[int, int], ...] = SUITES,
    auth_types: int = EVERY_TYPE,
    sensors: tuple[SensorSpec, ...] = (),
    frus: tuple[FruSpec, ...] = (),
    reveal: bool = False,
    strict: bool = False,
    max_users: int = 15,
    **lan: Any,
) -> WholeBmc:
    """A BMC of this make-up; a suite without a level may be used by administrators."""
    levels = tuple((suite, 4) if isinstance(suite, int) else suite for suite in suites)
    spec = replace(LanSpec(), suites=levels, auth_types=auth_types, **lan)
    blueprint = replace(
        BLUEPRINT, users=users, lan=spec, sensors=sensors, frus=frus, max_users=max_users,
        reveal_login_errors=reveal, strict=strict,
    )  # fmt: skip
    return WholeBmc(blueprint, MemoryStore(), VirtualClock(now=1000.0))


def set_level(console: RawConsole, level: int) -> bytes | None:
    """Set Session Privilege Level."""
    return console.ask(APP, 0x3B, bytes((level,)))


def alive(console: RawConsole) -> bool:
    """Whether the session answers Get Session Info, which any level but Callback may ask."""
    answer = console.ask(APP, 0x3D, b"\x00")
    return answer is not None and answer[0] == 0
