"""Both ends of a register interface in one process: fake time, and registers that do wrong on demand."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.links.host_machine import Done, Failed, HostMachine, Read, Step, Write, complete
from baseboard.links.registers import HostAccess, RegisterModel

GET_DEVICE_ID = bytes.fromhex("1801")
DEVICE_ID = bytes.fromhex("1C010020010203 02BF5701003412")


def echoed(request: bytes) -> bytes:
    """The answer of a controller that says 00h and what it was given."""
    return bytes((request[0] | 0x04, request[1], 0)) + request[2:]


class Time:
    """Seconds that pass only when somebody waits, and a little at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1e-6
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Controller:
    """What is behind a model: keeps the requests, and answers at once, late, or not at all."""

    def __init__(self, answer: Callable[[bytes], bytes] | None = echoed) -> None:
        self.requests: list[bytes] = []
        self.answer = answer
        self.model: RegisterModel | None = None

    def __call__(self, request: bytes) -> None:
        self.requests.append(request)
        if self.answer is not None:
            assert self.model is not None
            self.model.answer(self.answer(request))


class Fixed:
    """Registers that say what a test wants, however often they are read, and keep what was written.

    Attributes:
        says: by register; a list is told one after the other, the last one for ever.
        written: register and value.
    """

    def __init__(self, says: dict[int, int | list[int]]) -> None:
        self.says = says
        self.written: list[tuple[int, int]] = []

    def read(self, register: int) -> int:
        said = self.says[register]
        if isinstance(said, int):
            return said
        return said.pop(0) if len(said) > 1 else said[0]

    def write(self, register: int, value: int) -> None:
        self.written.append((register, value))


class Meddling:
    """Registers of a model that something is done to at the n-th access.

    Attributes:
        meddle: called with the number of each access, counted from 0; what it returns instead of None is
            read or written instead.
        after: called when an access is over.
    """

    def __init__(
        self,
        model: RegisterModel,
        meddle: Callable[[int], int | None] | None = None,
        after: Callable[[int], None] | None = None,
    ) -> None:
        self._model, self._meddle, self._after = model, meddle, after
        self.count = 0

    def read(self, register: int) -> int:
        said = self._model.read(register)
        return self._changed(said)

    def write(self, register: int, value: int) -> None:
        self._model.write(register, self._changed(value))

    def _changed(self, value: int) -> int:
        number, self.count = self.count, self.count + 1
        other = None if self._meddle is None else self._meddle(number)
        if self._after is not None:
            self._after(number)
        return value if other is None else other


def ask(machine: HostMachine, access: HostAccess, message: bytes, time: Time | None = None) -> Done | Failed:
    """One request, to its end."""
    time = time or Time()
    machine.request(message, time())
    return complete(machine, access, time, time.sleep)


def stepped(machine: HostMachine, access: HostAccess, count: int, time: Time) -> Step:
    """Do so many steps of what was begun; tells the last one."""
    value, step = 0, machine.step(0, time())
    for _ in range(count):
        match step:
            case Read(register):
                value = access.read(register)
            case Write(register, written):
                access.write(register, written)
            case _:
                break
        step = machine.step(value, time())
    return step
