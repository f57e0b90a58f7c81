"""What tests of machines have in common: tasks get their turn, commands and lines are a test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from baseboard.bmc.backends.commands import Outcome
from baseboard.bmc.blueprint.hardware import LineSpec
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.transports.wires import until


async def settled() -> None:
    """Let tasks do all that they can do now."""
    for _ in range(30):
        await asyncio.sleep(0)  # polls


async def passed(clock: VirtualClock, seconds: float) -> None:
    """Let time pass, and what it brings happen."""
    await settled()
    clock.advance(seconds)
    await settled()


async def until_in_time(clock: VirtualClock, step: float, condition: Callable[[], object]) -> None:
    """Let time pass step by step until something is true."""

    def stepped() -> object:
        clock.advance(step)
        return condition()

    await until(stepped)


class FakeCommands:
    """Runs commands: each program's answer is what a test has put in ``answers``.

    Attributes:
        answers: by program: an outcome, or what makes one.
        ran: the commands, as they came.
        told: what the last of them was told.
        held: commands wait while this is not set.
    """

    def __init__(self, **answers: Outcome | Callable[[], Outcome]) -> None:
        self.answers = answers
        self.ran: list[str] = []
        self.told: dict[str, str] = {}
        self.limits: list[tuple[float, str]] = []
        self.held = asyncio.Event()
        self.held.set()

    async def __call__(
        self, command: Sequence[str], environment: Mapping[str, str], timeout_s: float, folder: str = ""
    ) -> Outcome:
        self.ran.append(" ".join(command))
        self.told = dict(environment)
        self.limits.append((timeout_s, folder))
        await self.held.wait()
        return self.answer(command[-1])

    def answer(self, program: str) -> Outcome:
        answer = self.answers.get(program, Outcome(0))
        return answer if isinstance(answer, Outcome) else answer()


class FakePin:
    """A line: ``level`` is what it is at, ``history`` what it was driven to."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.level = False
        self.history: list[tuple[float, bool]] = []
        self.broken = self.closed = False
        self._changed: Callable[[bool], None] | None = None

    def drive(self, active: bool) -> None:
        self._check()
        self.level = active
        self.history.append((self._clock.now(), active))

    def active(self) -> bool:
        self._check()
        return self.level

    def watch(self, changed: Callable[[bool], None]) -> None:
        self._changed = changed

    def close(self) -> None:
        self.closed = True
        self._changed = None

    def become(self, level: bool) -> None:
        """The world outside changes it."""
        self.level = level
        if self._changed is not None:
            self._changed(level)

    def _check(self) -> None:
        if self.broken:
            raise TransportError("the chip is gone")


class FakePins:
    """A chip that has every line but those that are ``missing``."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.pins: dict[int | str, FakePin] = {}
        self.requests: list[tuple[str, LineSpec, float, bool]] = []
        self.missing: set[int | str] = set()

    def output(self, line: LineSpec) -> FakePin:
        return self._pin("output", line, 0.0, rising_only=False)

    def input(self, line: LineSpec, debounce_s: float = 0.0, *, rising_only: bool = False) -> FakePin:
        return self._pin("input", line, debounce_s, rising_only=rising_only)

    def _pin(self, kind: str, line: LineSpec, debounce_s: float, *, rising_only: bool) -> FakePin:
        if line.line in self.missing:
            raise TransportError(f"no line {line.line}")
        self.requests.append((kind, line, debounce_s, rising_only))
        return self.pins.setdefault(line.line, FakePin(self._clock))
