"""One BMC in memory, on virtual time, with a host that does as it is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from baseboard.bmc.blueprint import Blueprint, FruSpec, Identity, LanSpec, SensorSpec, UserSpec
from baseboard.bmc.context import SYSTEM_INTERFACE, Origin
from baseboard.bmc.controller import Controller
from baseboard.bmc.ports import Board
from baseboard.bmc.services.home import Home
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.codes import Privilege
from baseboard.commands.declaration import Request, Response, lookup
from baseboard.errors import CompletionError
from baseboard.rmcp.session import Session
from baseboard.testing.clock import VirtualClock

R = TypeVar("R", bound=Response)

GUID = bytes.fromhex("00112233445566778899aabbccddeeff")
ADMIN = UserSpec(2, b"admin", b"adminpw", privilege=int(Privilege.ADMINISTRATOR))
OPERATOR = UserSpec(3, b"oper", b"operpw", size=16, privilege=int(Privilege.OPERATOR))
BLUEPRINT = Blueprint(Identity("bench", GUID), users=(ADMIN, OPERATOR))


class FakePower:
    """Power lines that report what was done to them; see ``backend.calls``."""

    def __init__(self, backend: FakeBackend) -> None:
        self._backend = backend
        self.on = False

    def is_on(self) -> bool:
        return self.on

    def turn_on(self) -> None:
        self._switch("turn_on", on=True)

    def turn_off(self) -> None:
        self._switch("turn_off", on=False)

    def reset(self) -> None:
        self._backend.calls.append("reset")
        if self.on:
            self._backend.board.host_reset()

    def diagnostic_interrupt(self) -> None:
        self._backend.calls.append("diagnostic_interrupt")

    def soft_shutdown(self) -> None:
        """Note that it was asked; a test says when the host is done, by ``turn_off``."""
        self._backend.calls.append("soft_shutdown")

    def _switch(self, call: str, *, on: bool) -> None:
        self._backend.calls.append(call)
        if self.on != on:
            self.on = on
            self._backend.board.power_changed(on)


class FakeSensors:
    """Readings that a test puts there."""

    def __init__(self) -> None:
        self.values: dict[str, float | None] = {}
        self.states: dict[str, int | None] = {}
        self.jittering = False

    def analog(self, name: str, now: float) -> float | None:
        return self.values.get(name)

    def discrete(self, name: str, now: float) -> int | None:
        return self.states.get(name)

    def settled(self, now: float) -> bool:
        return not self.jittering


class FakeSerial:
    """A host's serial line: ``typed`` is what came from the console, ``say`` prints."""

    def __init__(self) -> None:
        self.typed = bytearray()
        self.breaks = 0
        self.room = 1 << 20
        self.attached: Callable[[bytes], None] | None = None

    def attach(self, receive: Callable[[bytes], None] | None) -> None:
        self.attached = receive

    def write(self, data: bytes) -> int:
        taken = data[: self.room - len(self.typed)]
        self.typed += taken
        return len(taken)

    def send_break(self) -> None:
        self.breaks += 1

    def carrier(self) -> bool:
        return True

    def say(self, data: bytes) -> None:
        if self.attached is not None:
            self.attached(data)


class FakeIdentify:
    """A light: ``lit`` says whether it is on."""

    def __init__(self) -> None:
        self.lit = False

    def identify(self, lit: bool) -> None:
        self.lit = lit


class FakeBackend:
    """A host whose every port is there."""

    board: Board

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.power: FakePower | None = FakePower(self)
        self.sensors: FakeSensors | None = FakeSensors()
        self.serial: FakeSerial | None = FakeSerial()
        self.identify: FakeIdentify | None = FakeIdentify()

    def connect(self, board: Board) -> None:
        self.board = board

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")


class FakeSession:
    """What handlers look at in a session."""

    def __init__(self, user_id: int, privilege: int, channel: int) -> None:
        self.id = 0x01020304
        self.handle = 1
        self.user_id = user_id
        self.privilege = privilege
        self.max_privilege = privilege
        self.channel = channel


class _Request:
    def __init__(self, netfn: int, lun: int, cmd: int, data: bytes) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, lun, cmd, data


class Bench:
    """A BMC to send requests to."""

    def __init__(self, blueprint: Blueprint, store: MemoryStore, clock: VirtualClock) -> None:
        self.blueprint, self.store, self.clock = blueprint, store, clock
        self.backend = FakeBackend()
        drawn = random.Random(7)
        home = Home(blueprint, Journal(store, blueprint.identity.name), clock, self.backend, drawn.randbytes)
        self.controller = Controller(home)
        self.controller.start()

    @property
    def services(self) -> Any:
        """The BMC's services, loosely typed for tests that look inside."""
        return self.controller.services

    def origin(
        self, channel: int = SYSTEM_INTERFACE, privilege: int = int(Privilege.ADMINISTRATOR), user_id: int = 2
    ) -> Origin:
        """The system interface, or a session over a LAN channel."""
        if channel == SYSTEM_INTERFACE:
            return Origin(channel, local=True)
        return Origin(channel, cast(Session, FakeSession(user_id, privilege, channel)))

    def raw(
        self, netfn: int, cmd: int, data: bytes = b"", lun: int = 0, origin: Origin | None = None
    ) -> bytes:
        """Completion code and response data of one request."""
        answers: list[bytes] = []
        self.controller.handle(_Request(netfn, lun, cmd, data), origin or self.origin(), answers.append)
        (answer,) = answers
        return answer

    def execute(
        self,
        request: Request[R],
        channel: int = SYSTEM_INTERFACE,
        privilege: int = int(Privilege.ADMINISTRATOR),
        user_id: int = 2,
        lun: int = 0,
    ) -> R:
        """The response to one request.

        Raises:
            CompletionError: it was refused.
        """
        known = request.command
        data = request.encode() if known.group is None else bytes((known.group,)) + request.encode()
        answer = self.raw(known.netfn, known.cmd, data, lun, self.origin(channel, privilege, user_id))
        if answer[0]:
            raise CompletionError(answer[0])
        return cast(R, known.response.decode(answer[1:]))

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(seconds)

    def reopen(self) -> Bench:
        """The BMC as it comes back after a crash: from the store alone."""
        self.controller.stop()
        return Bench(self.blueprint, self.store, self.clock)


def make_bmc(
    *,
    sensors: tuple[SensorSpec, ...] = (),
    frus: tuple[FruSpec, ...] = (),
    users: tuple[UserSpec, ...] = BLUEPRINT.users,
    lan: LanSpec = BLUEPRINT.lan,
    **changes: Any,
) -> Bench:
    """A BMC with what the test needs."""
    blueprint = replace(BLUEPRINT, sensors=sensors, frus=frus, users=users, lan=lan, **changes)
    return Bench(blueprint, MemoryStore(), VirtualClock())


__all__ = ["ADMIN", "BLUEPRINT", "GUID", "OPERATOR", "Bench", "FakeBackend", "lookup", "make_bmc"]
