"""A host that does as it is told, and the blueprint of the BMC in front of it."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.blueprint import Blueprint, Identity, UserSpec
from baseboard.bmc.ports import Board
from baseboard.codes import Privilege

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
        self.changes = -1
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


class FakeMeter:
    """A power meter: ``reading`` is what it measures, ``capped`` what it was told."""

    def __init__(self) -> None:
        self.reading: float | None = 200.0
        self.steady = True
        self.capped: int | None = None

    def watts(self, now: float) -> float | None:
        return self.reading

    def settled(self, now: float) -> bool:
        return self.steady

    def cap(self, watts: int | None) -> None:
        self.capped = watts


class FakeBackend:
    """A host whose every port is there."""

    board: Board

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.power: FakePower | None = FakePower(self)
        self.sensors: FakeSensors | None = FakeSensors()
        self.serial: FakeSerial | None = FakeSerial()
        self.serials: tuple[FakeSerial, ...] = ()
        self.identify: FakeIdentify | None = FakeIdentify()
        self.meter: FakeMeter | None = FakeMeter()

    @property
    def switch(self) -> FakePower:
        """The power lines, in a test that has not taken them away."""
        assert self.power is not None
        return self.power

    def connect(self, board: Board) -> None:
        self.board = board

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")
