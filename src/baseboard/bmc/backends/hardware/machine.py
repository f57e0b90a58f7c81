"""The computer: orders of the BMC become presses of its buttons, its LED becomes its state."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from baseboard.bmc.backends.gpio_lines import InputPin, OutputPin, Pins, local_pins
from baseboard.bmc.backends.hardware.buttons import Finger, Press
from baseboard.bmc.backends.hardware.fans import Fan
from baseboard.bmc.backends.hardware.power_led import PowerLed
from baseboard.bmc.blueprint.hardware import HardwareSpec, LineSpec
from baseboard.bmc.clock import Clock, Timer
from baseboard.bmc.ports import Board, IdentifyPort, PowerMeterPort, PowerPort, SensorPort, SerialPort
from baseboard.codes import ChassisControl
from baseboard.errors import TransportError

log = logging.getLogger(__name__)

BEAT: Final = 0.5
"""Seconds that the heartbeat is up, and down."""

_BUTTONS: Final = ("power", "reset", "nmi", "identify")


class WiredMachine:
    """A computer on wires: a :class:`~baseboard.bmc.ports.Backend`, its power lines and its light.

    Args:
        spec: which line is which.
        clock: time.
        name: of the BMC, for the log.
        pins: where lines are had from; None = this machine's chips.
    """

    __slots__ = (
        "_beat", "_board", "_clock", "_fans", "_finger", "_held", "_inputs", "_led", "_light", "_name",
        "_nmi", "_power", "_pulse", "_reset", "_spec", "_timer", "identify", "meter", "power", "sensors",
        "serial", "serials",
    )  # fmt: skip

    power: PowerPort | None
    sensors: SensorPort | None
    serial: SerialPort | None
    serials: tuple[SerialPort, ...]
    identify: IdentifyPort | None
    meter: PowerMeterPort | None
    _board: Board

    def __init__(self, spec: HardwareSpec, clock: Clock, name: str, pins: Pins | None = None) -> None:
        """Take the lines, and see whether the computer is on.

        Raises:
            TransportError: a line or a fan's output cannot be had; then none is kept.
        """
        self._spec, self._clock, self._name = spec, clock, name
        self._held: list[OutputPin | InputPin] = []
        self._fans: list[Fan] = []
        self._timer: Timer | None = None
        self._pulse = False
        self.power = self
        self.sensors = self.serial = self.meter = None
        self.serials = ()
        self._finger = Finger(clock, self._failed)
        try:
            self._take(local_pins() if pins is None else pins)
        except TransportError:
            self.stop()
            raise
        self.identify = None if self._light is None else _Light(self._light, self._failed)

    def _take(self, pins: Pins) -> None:
        spec = self._spec
        led = pins.input(spec.power_led, spec.debounce_s)
        self._held.append(led)
        self._led = PowerLed(led, spec.dark_s, self._clock, self._switched, self._failed)
        self._power = pins.output(spec.power_button)
        self._held.append(self._power)
        self._reset, self._nmi = self._output(pins, spec.reset_button), self._output(pins, spec.nmi_button)
        self._light, self._beat = self._output(pins, spec.identify), self._output(pins, spec.heartbeat)
        self._inputs: list[tuple[str, InputPin]] = []
        for button in _BUTTONS:
            line: LineSpec | None = getattr(spec, f"{button}_input")
            if line is not None:
                pin = pins.input(line, spec.debounce_s)
                self._held.append(pin)
                self._inputs.append((button, pin))
        for fan in spec.fans:
            self._fans.append(Fan(self._name, fan, self._clock))

    def _output(self, pins: Pins, line: LineSpec | None) -> OutputPin | None:
        if line is None:
            return None
        pin = pins.output(line)
        self._held.append(pin)
        return pin

    # ---- the backend

    def connect(self, board: Board) -> None:
        """Learn whom to report to; called once, before anything else."""
        self._board = board

    def start(self) -> None:
        """Begin; the power restore policy has been decided by then."""
        self._led.start()
        for button, pin in self._inputs:
            pin.watch(partial(self._touched, button))
        for fan in self._fans:
            fan.start()
        if self._beat is not None:
            self._tick(self._beat)

    def stop(self) -> None:
        """Let go of every button, and give the lines back; fans turn at full speed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._finger.stop()
        for fan in self._fans:
            fan.stop()
        self._fans.clear()
        if self._held and hasattr(self, "_led"):
            self._led.stop()
        for pin in self._held:
            pin.close()
        self._held.clear()

    # ---- its power lines

    def is_on(self) -> bool:
        """Whether its power LED is lit."""
        return self._led.on

    def turn_on(self) -> None:
        """Press the power button."""
        self._finger.press(Press(self._power, self._spec.pulse_s, self._is_off, _nothing))

    def turn_off(self) -> None:
        """Hold the power button until the computer cannot but go off."""
        self._finger.press(Press(self._power, self._spec.hold_s, self.is_on, _nothing))

    def reset(self) -> None:
        """Press the reset button."""
        if self._reset is not None:
            self._finger.press(Press(self._reset, self._spec.pulse_s, self.is_on, self._was_reset))

    def diagnostic_interrupt(self) -> None:
        """Press the NMI button."""
        if self._nmi is not None:
            self._finger.also(Press(self._nmi, self._spec.pulse_s, self.is_on, _nothing))

    def soft_shutdown(self) -> None:
        """Press the power button for a moment, at which an operating system shuts down."""
        self._finger.also(Press(self._power, self._spec.pulse_s, self.is_on, _nothing))

    def lacks(self, action: ChassisControl) -> bool:
        """Whether there is no wire for that."""
        wired = {
            ChassisControl.HARD_RESET: self._reset,
            ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT: self._nmi,
        }
        return wired.get(action, self._power) is None

    # ---- what happens

    def _is_off(self) -> bool:
        return not self._led.on

    def _switched(self, on: bool) -> None:
        self._board.power_changed(on)

    def _was_reset(self) -> None:
        self._board.host_reset()

    def _touched(self, button: str, pressed: bool) -> None:
        """A button that only the BMC sees."""
        if pressed:
            self._board.button(button)

    def _failed(self, error: TransportError) -> None:
        log.warning("%s: %s", self._name, error)
        self._board.control_failed()

    def _tick(self, pin: OutputPin) -> None:
        """Up, and down: a watchdog outside of the board sees that the BMC is alive."""
        self._pulse = not self._pulse
        try:
            pin.drive(self._pulse)
        except TransportError as error:
            log.warning("%s: the heartbeat ends: %s", self._name, error)
            return
        self._timer = self._clock.call_at(self._clock.now() + BEAT, partial(self._tick, pin))


class _Light:
    """The identify light: an :class:`~baseboard.bmc.ports.IdentifyPort`."""

    __slots__ = ("_failed", "_pin")

    def __init__(self, pin: OutputPin, failed: Callable[[TransportError], None]) -> None:
        self._pin, self._failed = pin, failed

    def identify(self, lit: bool) -> None:
        """Switch the light."""
        try:
            self._pin.drive(lit)
        except TransportError as error:
            self._failed(error)


def _nothing() -> None:
    """Nobody waits for the end of this press: what comes of it is seen by the LED."""
