"""From a blueprint to what is behind its BMC: the simulated server, or a machine of another kind.

A machine that is no simulation rarely has all that a server has. What it lacks is simulated round it, so that
a virtual machine has temperatures and an identify light too: see `Joined`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.backends.memory.boot import Boot, Cause
from baseboard.bmc.backends.memory.meter import Meter
from baseboard.bmc.backends.memory.phases import Phase
from baseboard.bmc.backends.memory.physics import Environment
from baseboard.bmc.backends.memory.rules import RULES, Facts
from baseboard.bmc.backends.memory.server import Light
from baseboard.bmc.backends.wired_port import WiredPort
from baseboard.bmc.backends.wiring import wired_port
from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.blueprint.hardware import HardwareSpec
from baseboard.bmc.blueprint.libvirt import LibvirtSpec
from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.bmc.blueprint.process import ProcessSpec
from baseboard.bmc.blueprint.qemu import QemuSpec
from baseboard.bmc.clock import Clock
from baseboard.bmc.ports import (
    Backend,
    Board,
    BootChoice,
    IdentifyPort,
    PowerMeterPort,
    PowerPort,
    SensorPort,
    SerialPort,
)

PULSE: Final = 2.0
"""Seconds that a pressed button is seen by the sensors."""

TOLD_BY_POWER: Final = frozenset({"acpi", "button", "power_limit", "power_unit", "processor", "throttled"})
"""The rules of discrete sensors that say what is so as soon as it is known whether the system is on.

The others are about what its software does, which nobody tells: none of their states holds.
"""


def host_of(blueprint: Blueprint, clock: Clock) -> Backend:
    """Make what is behind a BMC."""
    backend: Backend
    if blueprint.machine is None:
        backend = SimulatedServer(blueprint, clock)
    else:
        backend = Joined(blueprint, clock, _machine_of(blueprint, clock))
    if any(sensor.source is not None for sensor in blueprint.sensors):
        from baseboard.bmc.backends.measured import Measured

        return Measured(blueprint, clock, backend)
    return backend


def _machine_of(blueprint: Blueprint, clock: Clock) -> Backend:
    """The machine itself; what it takes is imported when there is one."""
    match blueprint.machine:
        case VmSpec() as spec:
            from baseboard.bmc.backends.vm import VirtualMachine

            return VirtualMachine(spec, clock)
        case QemuSpec() as spec:
            from baseboard.bmc.backends.qemu import QemuMachine

            return QemuMachine(spec, blueprint, clock)
        case ProcessSpec() as spec:
            from baseboard.bmc.backends.process import CommandedMachine

            return CommandedMachine(spec, clock)
        case HardwareSpec() as spec:
            from baseboard.bmc.backends.hardware import WiredMachine

            return WiredMachine(spec, clock, blueprint.identity.name)
        case LibvirtSpec() as spec:
            from baseboard.bmc.backends.libvirt import Domain

            return Domain(spec, clock, blueprint.identity.name)
        case other:
            raise TypeError(other)


class Joined:
    """A machine, and simulated round it what it lacks: a :class:`~baseboard.bmc.ports.Backend`.

    Its own ports win. Where it has no sensors they follow the physics of the blueprint, driven by its power;
    where it has no light or meter there are simulated ones. Its serial ports are those that the blueprint
    describes, wired to anything; the one that is called the host's own console is the machine's, if it has
    one, and what else the machine has comes after them.

    Args:
        blueprint: what the server is.
        clock: time.
        machine: what is really there.

    Attributes:
        machine: the same.
        environment: the simulated readings.
        light: the simulated identify light.
    """

    __slots__ = (
        "_board", "_clock", "_on", "_pulse", "_wired", "environment", "identify", "light", "machine",
        "meter", "power", "sensors", "serial", "serials",
    )  # fmt: skip

    power: PowerPort | None
    sensors: SensorPort | None
    serial: SerialPort | None
    serials: tuple[SerialPort, ...]
    identify: IdentifyPort | None
    meter: PowerMeterPort | None
    _board: Board

    def __init__(self, blueprint: Blueprint, clock: Clock, machine: Backend) -> None:
        self._clock, self.machine = clock, machine
        self._pulse: tuple[str, float] | None = None
        self.power = machine.power
        self._on = blueprint.powered if self.power is None else self.power.is_on()
        self.environment = Environment(
            blueprint.sensors, blueprint.seed, self._on, clock.now(), self._states_of
        )
        self.sensors = self.environment if machine.sensors is None else machine.sensors
        self.light = Light()
        self.identify = self.light if machine.identify is None else machine.identify
        dcmi = blueprint.dcmi
        simulated = Meter(self.environment, clock, "" if dcmi is None else dcmi.meter)
        self.meter = simulated if machine.meter is None else machine.meter
        self._wired: list[WiredPort] = []
        self.serial, *more = self._ports(blueprint)
        self.serials = (*(port for port in more if port is not None), *machine.serials)

    # ---- the backend

    def connect(self, board: Board) -> None:
        """Learn whom to report to; called once, before anything else."""
        self._board = board
        self.machine.connect(_Overheard(board, self._switched))

    def start(self) -> None:
        """Begin; the power restore policy has been decided by then."""
        self.machine.start()
        for port in self._wired:
            port.start()

    def stop(self) -> None:
        """End every timer; nothing is reported any more."""
        for port in self._wired:
            port.stop()
        self.machine.stop()

    # ---- what people do to the chassis

    def set_value(self, name: str, value: float | None) -> None:
        """Make a simulated analog sensor show this value, or None = no reading, until it is released.

        Raises:
            KeyError: there is no such sensor.
        """
        self.environment.set_value(name, value, self._clock.now())

    def set_states(self, name: str, states: int | None) -> None:
        """Make a simulated discrete sensor show these states, or None, until it is released.

        Raises:
            KeyError: there is no such sensor.
        """
        self.environment.set_states(name, states, self._clock.now())

    def release(self, name: str) -> None:
        """Let a simulated sensor show again what physics say."""
        self.environment.release(name, self._clock.now())

    def set_load(self, load: float) -> None:
        """Make the simulated readings those of a busier or idler machine, 1 = ordinary."""
        self.environment.switch(self._clock.now(), on=self._on, load=load)

    def press(self, button: str) -> None:
        """Press a button of the front panel: ``power reset nmi identify sleep``."""
        self._pulse = button, self._clock.now() + PULSE
        self.environment.disturbed(self._clock.now())
        self._board.button(button)

    # ---- inside

    def _switched(self, on: bool) -> None:
        """The machine reports its power: readings follow from this moment on."""
        self._on = on
        self.environment.switch(self._clock.now(), on=on, load=1.0)

    def _ports(self, blueprint: Blueprint) -> list[SerialPort | None]:
        """The described serial ports, in order; None = the machine has no console that would be it."""
        made: list[SerialPort | None] = []
        for spec in blueprint.sol.ports:
            if spec.backing == "host":
                made.append(self.machine.serial)
            else:
                port = wired_port(spec, self._clock, self._wake)
                self._wired.append(port)
                made.append(port)
        return made

    def _wake(self) -> None:
        """Wake on ring: a machine that is off is switched on."""
        if self.power is not None and not self.power.is_on():
            self.power.turn_on()

    def _states_of(self, rule: str) -> int | None:
        """The bits that hold now by a rule for discrete sensors; None = the rule is not the host's."""
        make = RULES.get(rule)
        if make is None:
            return None
        if rule not in TOLD_BY_POWER:
            return 0
        now = self._clock.now()
        pulse = self._pulse[0] if self._pulse is not None and now < self._pulse[1] else ""
        facts = Facts(
            Phase.RUNNING if self._on else Phase.OFF,
            Boot(0, Cause.POWER_UP, now, now),
            pulse,
            False,
            self.environment.throttled,
            self.environment.over_limit(now),
        )
        return make(facts)


class _Overheard:
    """A BMC's :class:`~baseboard.bmc.ports.Board` of which somebody else hears about the power first."""

    __slots__ = ("_board", "_switched")

    def __init__(self, board: Board, switched: Callable[[bool], None]) -> None:
        self._board, self._switched = board, switched

    def power_changed(self, on: bool) -> None:
        """See `Board`."""
        self._switched(on)
        self._board.power_changed(on)

    def host_reset(self) -> None:
        """See `Board`."""
        self._board.host_reset()

    def control_failed(self) -> None:
        """See `Board`."""
        self._board.control_failed()

    def button(self, name: str) -> None:
        """See `Board`."""
        self._board.button(name)

    def read_boot_choice(self) -> BootChoice:
        """See `Board`."""
        return self._board.read_boot_choice()

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Callable[[bytes], None]) -> None:
        """See `Board`."""
        self._board.request(netfn, lun, cmd, data, reply)

    def message_flags(self) -> int:
        """See `Board`."""
        return self._board.message_flags()

    def interrupts_enabled(self) -> bool:
        """See `Board`."""
        return self._board.interrupts_enabled()

    def watch(self, changed: Callable[[], None]) -> None:
        """See `Board`."""
        self._board.watch(changed)
