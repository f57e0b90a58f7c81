"""The simulated server as a BMC's backend."""

from __future__ import annotations

from baseboard.bmc.backends.memory.host import Host
from baseboard.bmc.backends.memory.meter import Meter
from baseboard.bmc.backends.wired_port import WiredPort
from baseboard.bmc.backends.wiring import serial_ports
from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.clock import Clock
from baseboard.bmc.ports import Board, IdentifyPort, PowerMeterPort, PowerPort, SensorPort, SerialPort


class Light:
    """The identify light: an :class:`~baseboard.bmc.ports.IdentifyPort`.

    Attributes:
        lit: whether it shines.
    """

    __slots__ = ("lit",)

    def __init__(self) -> None:
        self.lit = False

    def identify(self, lit: bool) -> None:
        """Switch the light."""
        self.lit = lit


class SimulatedServer:
    """Everything behind one BMC, in memory: a :class:`~baseboard.bmc.ports.Backend`.

    A blueprint that says ``powered`` makes a server whose system has long been up as the simulation
    begins; any other is off.

    Args:
        blueprint: what the server is.
        clock: time.

    Attributes:
        host: the computer: phases, console, buttons.
        light: the identify light.
    """

    __slots__ = ("_clock", "host", "identify", "light", "meter", "power", "sensors", "serial", "serials")

    power: PowerPort | None
    sensors: SensorPort | None
    serial: SerialPort | None
    serials: tuple[SerialPort, ...]
    identify: IdentifyPort | None
    meter: PowerMeterPort | None

    def __init__(self, blueprint: Blueprint, clock: Clock) -> None:
        self._clock = clock
        self.host = Host(blueprint, clock)
        self.light = Light()
        self.power = self.host
        self.sensors = self.host.environment
        ports = serial_ports(blueprint.sol.ports, self.host.line, clock, self.host.wake)
        self.serial, self.serials = ports[0], ports[1:]
        self.identify = self.light
        dcmi = blueprint.dcmi
        self.meter = Meter(self.host.environment, clock, "" if dcmi is None else dcmi.meter)

    def connect(self, board: Board) -> None:
        """Learn whom to report to; called once, before anything else."""
        self.host.connect(board)

    def start(self) -> None:
        """Begin; the power restore policy has been decided by then."""
        self.host.start()
        for port in self._wired():
            port.start()

    def stop(self) -> None:
        """End every timer; nothing is reported any more."""
        for port in self._wired():
            port.stop()
        self.host.stop()

    def _wired(self) -> list[WiredPort]:
        """The serial ports that are carried elsewhere."""
        return [port for port in (self.serial, *self.serials) if isinstance(port, WiredPort)]

    def set_value(self, name: str, value: float | None) -> None:
        """Make an analog sensor show this value, or None = no reading, until it is released.

        A fan that is held moves as much less air: what it cools gets warmer, the other fans run faster.

        Raises:
            KeyError: there is no such sensor.
        """
        self.host.environment.set_value(name, value, self._clock.now())

    def set_states(self, name: str, states: int | None) -> None:
        """Make a discrete sensor show these states, bit n = offset n, or None, until it is released.

        Raises:
            KeyError: there is no such sensor.
        """
        self.host.environment.set_states(name, states, self._clock.now())

    def release(self, name: str) -> None:
        """Let a sensor show again what physics say."""
        self.host.environment.release(name, self._clock.now())

    def set_load(self, load: float) -> None:
        """Make the host busier or idler, 1 = ordinary."""
        self.host.set_load(load)

    def press(self, button: str) -> None:
        """Press a button of the front panel: ``power reset nmi identify sleep``."""
        self.host.press(button)
