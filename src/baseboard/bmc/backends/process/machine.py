"""The machine: orders of the BMC become commands, one after the other; its state is asked for in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from baseboard.bmc.backends import boot_words
from baseboard.bmc.backends.commands import Outcome, Runner, require, run, run_now
from baseboard.bmc.backends.orders import Order, OrderedPower, Orders, pause
from baseboard.bmc.backends.process.status import state_of
from baseboard.bmc.blueprint.process import Command, ProcessSpec
from baseboard.bmc.clock import Clock
from baseboard.bmc.ports import (
    Board,
    BootChoice,
    IdentifyPort,
    PowerMeterPort,
    PowerPort,
    SensorPort,
    SerialPort,
)
from baseboard.codes import ChassisControl

log = logging.getLogger(__name__)

FIRST_LOOK: Final = 5.0
"""Seconds that the status command may take before the BMC begins: nothing else happens meanwhile."""

QUICK: Final = 1.0
"""Seconds between two looks while the machine has yet to follow an order."""

PATIENCE: Final = 60.0
"""Seconds after which it is looked at as rarely as before, whether it has followed or not."""


class CommandedMachine(OrderedPower):
    """A machine behind commands: a :class:`~baseboard.bmc.ports.Backend`, its power lines and its light.

    Args:
        spec: the commands.
        clock: time.
        runner: runs them.
        first: runs the status command before the BMC begins.
    """

    __slots__ = (
        "_awaited", "_board", "_clock", "_due", "_failing", "_on", "_orders", "_quick_until", "_runner",
        "_spec", "_task", "identify", "meter", "power", "sensors", "serial", "serials",
    )  # fmt: skip

    power: PowerPort | None
    sensors: SensorPort | None
    serial: SerialPort | None
    serials: tuple[SerialPort, ...]
    identify: IdentifyPort | None
    meter: PowerMeterPort | None
    _board: Board

    def __init__(
        self,
        spec: ProcessSpec,
        clock: Clock,
        runner: Runner = run,
        first: Callable[[Command, dict[str, str], float, str], Outcome] = run_now,
    ) -> None:
        """Ask for the machine's state.

        Raises:
            TransportError: a program is not there.
        """
        for command in (
            spec.on, spec.off, spec.status, spec.reset, spec.nmi, spec.shutdown, spec.identify_on,
            spec.identify_off, spec.boot_device,
        ):  # fmt: skip
            if command:
                require(command, spec.folder)
        self._spec, self._clock, self._runner = spec, clock, runner
        self._orders = Orders(clock)
        self._task: asyncio.Task[None] | None = None
        self._failing = False
        self._awaited: bool | None = None
        self._quick_until = 0.0
        self._on: bool | None = None
        self._due = clock.now() + spec.interval_s
        self.power = self
        self.identify = _Light(self._orders.give) if spec.identify_on and spec.identify_off else None
        self.sensors = self.serial = self.meter = None
        self.serials = ()
        wait = min(spec.timeout_s, FIRST_LOOK)
        self._on = self._judged(first(spec.status, self._environment("status"), wait, spec.folder))

    # ---- the backend

    def connect(self, board: Board) -> None:
        """Learn whom to report to; called once, before anything else."""
        self._board = board

    def start(self) -> None:
        """Begin; the power restore policy has been decided by then, and its order waits."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    def stop(self) -> None:
        """End; a command that runs is killed."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    # ---- its power lines

    def is_on(self) -> bool:
        """Whether it was on when it was last looked at; one whose state cannot be had counts as off."""
        return bool(self._on)

    def lacks(self, action: ChassisControl) -> bool:
        """Whether there is no command for that."""
        wanted = {
            ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT: self._spec.nmi,
            ChassisControl.SOFT_SHUTDOWN: self._spec.shutdown,
        }
        return not wanted.get(action, True)

    # ---- the work

    async def _work(self) -> None:
        """One command at a time: orders first, then the state when it is due."""
        while True:
            try:
                if (order := self._orders.take()) is not None:
                    await self._obey(order)
                elif self._clock.now() >= self._due:
                    self._due += self._spec.interval_s
                    await self._look()
                else:
                    await self._orders.wait(self._due)
            except Exception:  # a mistake of ours ends no BMC's control of its machine
                log.exception("%s: unexpected", self._spec.name)

    async def _obey(self, order: Order) -> None:
        spec = self._spec
        match order:
            case Order.ON | Order.OFF:
                await self._switch(order)
            case Order.RESET if spec.reset:
                if await self._started(order, spec.reset):
                    self._board.host_reset()
            case Order.RESET:
                if await self._done(order, spec.off, {}):
                    await pause(self._clock, spec.off_s)
                    if await self._started(order, spec.on):
                        self._board.host_reset()
                self._expect(None)
            case Order.NMI:
                await self._done(order, spec.nmi, {})
            case Order.SHUTDOWN:
                if await self._done(order, spec.shutdown, {}):
                    self._expect(False)
            case Order.IDENTIFY_ON:
                await self._done(order, spec.identify_on, {})
            case Order.IDENTIFY_OFF:
                await self._done(order, spec.identify_off, {})

    async def _switch(self, order: Order) -> None:
        wanted = order is Order.ON
        if self._on is None:
            await self._look()  # it may be there already: some commands would do harm then
        if self._on is wanted:
            return
        if wanted:
            done = await self._started(order, self._spec.on)
        else:
            done = await self._done(order, self._spec.off, {})
        if done:
            self._expect(wanted)

    async def _started(self, order: Order, command: Command) -> bool:
        """Start the machine, which is told where to boot from."""
        told = boot_variables(self._board.read_boot_choice())
        if self._spec.boot_device and not await self._done(order, self._spec.boot_device, told):
            return False
        return await self._done(order, command, told)

    async def _done(self, order: Order, command: Command, told: dict[str, str]) -> bool:
        """Run a command; if it fails, the machine could not be switched."""
        if not command:
            return False
        spec = self._spec
        environment = {**self._environment(order.value), **told}
        outcome = await self._runner(command, environment, spec.timeout_s, spec.folder)
        if outcome.trouble:
            log.warning("%s: %s by %s failed: %s", spec.name, order.value, command[0], outcome.trouble)
            if order not in (Order.IDENTIFY_ON, Order.IDENTIFY_OFF):
                self._board.control_failed()
                self._expect(None)
        return not outcome.trouble

    def _expect(self, state: bool | None) -> None:
        """Look at once, and often until it is there."""
        self._awaited = state
        self._due = self._clock.now()
        self._quick_until = self._due + PATIENCE

    async def _look(self) -> None:
        spec = self._spec
        state = self._judged(
            await self._runner(spec.status, self._environment("status"), spec.timeout_s, spec.folder)
        )
        now = self._clock.now()
        if state is not None:
            before, self._on = bool(self._on), state
            if state is not before:
                self._board.power_changed(state)
            if state is self._awaited:
                self._awaited = None
        quick = self._awaited is not None and now < self._quick_until
        self._due = now + (min(QUICK, spec.interval_s) if quick else spec.interval_s)

    def _judged(self, outcome: Outcome) -> bool | None:
        """The state; that it cannot be had is logged once, and that it can be had again."""
        state = state_of(outcome)
        name, program = self._spec.name, self._spec.status[0]
        if state is None and not self._failing:
            log.warning("%s: its state cannot be had by %s: %s", name, program, outcome.trouble)
        elif state is not None and self._failing:
            log.warning("%s: its state can be had again by %s", name, program)
        self._failing = state is None
        return state

    def _environment(self, action: str) -> dict[str, str]:
        return {"BASEBOARD_NAME": self._spec.name, "BASEBOARD_ACTION": action}


def boot_variables(choice: BootChoice) -> dict[str, str]:
    """What the commands that start a machine are told."""
    return {
        "BASEBOARD_BOOT_DEVICE": boot_words.word(choice.device),
        "BASEBOARD_BOOT_PERSISTENT": str(int(choice.persistent)),
        "BASEBOARD_BOOT_EFI": str(int(choice.efi)),
    }


class _Light:
    """The identify light: an :class:`~baseboard.bmc.ports.IdentifyPort`."""

    __slots__ = ("_order",)

    def __init__(self, order: Callable[[Order], None]) -> None:
        self._order = order

    def identify(self, lit: bool) -> None:
        """Switch the light."""
        self._order(Order.IDENTIFY_ON if lit else Order.IDENTIFY_OFF)
