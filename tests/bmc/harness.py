"""One BMC in memory, on virtual time, with a host that does as it is told."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, TypeVar, cast

from baseboard.bmc.blueprint import Blueprint, FruSpec, LanSpec, SensorSpec, UserSpec
from baseboard.bmc.context import SYSTEM_INTERFACE, Origin
from baseboard.bmc.controller import Controller
from baseboard.bmc.services.home import Home
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.codes import Privilege
from baseboard.commands.declaration import Request, Response
from baseboard.errors import CompletionError
from baseboard.rmcp.session import Session
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import ADMIN, BLUEPRINT, GUID, OPERATOR, FakeBackend

R = TypeVar("R", bound=Response)


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
        return cast(R, known.response.decode(answer[1 if known.group is None else 2 :]))

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


__all__ = ["ADMIN", "BLUEPRINT", "GUID", "OPERATOR", "Bench", "FakeBackend", "make_bmc"]
