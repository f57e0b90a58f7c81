"""FRUs that can be activated, and their LEDs: what PICMG 3.0 and VITA 46.11 have in common.

FRU 0 is the host: to activate it is to switch it on. What may be done to a FRU is kept; its LEDs begin anew.
"""

from __future__ import annotations

import enum
from typing import Final, NamedTuple

from baseboard.bmc.services.chassis import Chassis
from baseboard.bmc.services.home import Home
from baseboard.codes import Cc, ChassisControl, RestartCause
from baseboard.commands.groups.picmg import FruControlOption, LedColor, LedFunction
from baseboard.errors import CompletionError

HOST: Final = 0
ALL_LEDS: Final = 0xFF
BLUE_LED: Final = 0
_LONGEST_TEST: Final = 128
_TENTHS: Final = 10
_SLOWEST: Final = 0xFA
_RESERVED: Final = (0xFD, 0xFE)
_ACTIVE: Final = 0x80

_CONTROLS: Final = {
    FruControlOption.COLD_RESET: ChassisControl.HARD_RESET,
    FruControlOption.WARM_RESET: ChassisControl.HARD_RESET,
    FruControlOption.GRACEFUL_REBOOT: ChassisControl.POWER_CYCLE,
    FruControlOption.DIAGNOSTIC_INTERRUPT: ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT,
}
_COLORS: Final = (
    (LedColor.BLUE,),
    (LedColor.RED, LedColor.AMBER),
    (LedColor.GREEN, LedColor.AMBER),
    (LedColor.AMBER,),
)
"""Of the LEDs that every FRU has, the default first; those of applications are as LED 2."""


class Policy(enum.IntFlag):
    """What a FRU may do by itself; PICMG has the first two."""

    ACTIVATION_LOCKED = 0x01
    DEACTIVATION_LOCKED = 0x02
    DEACTIVATION_IGNORED = 0x04
    LOCKED_BY_DEFAULT = 0x08


class LedState(NamedTuple):
    """What makes a LED do what it does: its function, on-time and color."""

    function: LedFunction
    on_duration: int
    color: LedColor


class Modules:
    """The FRUs of a controller.

    Args:
        highest: FRU device ID.
        leds: of each FRU.
        section: of the store, whose FRUs these are.
    """

    __slots__ = ("_chassis", "_home", "_overrides", "_section", "_states", "_tests", "highest", "leds")

    def __init__(self, home: Home, chassis: Chassis, highest: int, leds: int, section: str) -> None:
        self._home, self._chassis = home, chassis
        self.highest, self.leds = highest, leds
        self._section = section
        self._overrides: dict[tuple[int, int], LedState] = {}
        self._tests: dict[tuple[int, int], tuple[float, int]] = {}
        self._states: dict[int, int] = {}
        for fru, kept in home.journal.saved(section).items():
            state = kept[0]
            policy = Policy(state & ~_ACTIVE)
            if Policy.LOCKED_BY_DEFAULT in policy:
                policy |= Policy.ACTIVATION_LOCKED
            self._states[fru] = state & _ACTIVE | policy

    def check(self, fru: int) -> int:
        """The FRU, if there is one of that number.

        Raises:
            CompletionError: CCh, there is none.
        """
        if fru > self.highest:
            raise CompletionError(Cc.INVALID_DATA)
        return fru

    # ---- activation

    def active(self, fru: int) -> bool:
        """Whether a FRU is active; the host is if it is on."""
        return self._chassis.is_on() if fru == HOST else bool(self._state(fru) & _ACTIVE)

    def policy(self, fru: int) -> Policy:
        """What a FRU may do by itself."""
        return Policy(self._state(self.check(fru)) & ~_ACTIVE)

    def set_policy(self, fru: int, mask: int, bits: int) -> None:
        """Change those bits that the mask has."""
        now = self._state(self.check(fru))
        self._keep(fru, now & ~mask | bits & mask)

    def activate(self, fru: int, activate: int, channel: int) -> None:
        """Activate a FRU (1) or deactivate it (0).

        Raises:
            CompletionError: CCh, no such FRU or state; D5h, it is locked.
        """
        policy = self.policy(fru)
        if activate not in (0, 1):
            raise CompletionError(Cc.INVALID_DATA)
        if not activate and Policy.DEACTIVATION_IGNORED in policy:
            return
        if (Policy.ACTIVATION_LOCKED if activate else Policy.DEACTIVATION_LOCKED) in policy:
            raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
        if fru != HOST:
            self._keep(fru, self._state(fru) & ~_ACTIVE | (_ACTIVE if activate else 0))
        elif bool(activate) != self._chassis.is_on():
            action = ChassisControl.POWER_UP if activate else ChassisControl.POWER_DOWN
            self._chassis.control(action, RestartCause.CHASSIS_CONTROL, channel)

    def control(self, fru: int, option: FruControlOption, channel: int) -> None:
        """Do something to a FRU's payload; a module that is reset begins with its LEDs as they come.

        Raises:
            CompletionError: CCh, no such FRU or option; D5h, it is not active.
        """
        self.check(fru)
        if not option.known or (option == FruControlOption.QUIESCE and fru == HOST):
            raise CompletionError(Cc.INVALID_DATA)
        if not self.active(fru):
            raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
        if fru == HOST:
            self._chassis.control(_CONTROLS[option], RestartCause.CHASSIS_CONTROL, channel)
        elif option == FruControlOption.QUIESCE:
            self._keep(fru, self._state(fru) & ~_ACTIVE)
        if option in (FruControlOption.COLD_RESET, FruControlOption.WARM_RESET):
            for led in range(self.leds):
                self._overrides.pop((fru, led), None)

    def _state(self, fru: int) -> int:
        return self._states.get(fru, _ACTIVE)

    def _keep(self, fru: int, state: int) -> None:
        self._states[fru] = state
        self._home.journal.put(self._section, fru, bytes((state,)))

    # ---- LEDs

    def colors(self, fru: int, led: int) -> tuple[LedColor, ...]:
        """The colors of a LED, the default first.

        Raises:
            CompletionError: CCh, there is no such LED.
        """
        self.check(fru)
        if led >= self.leds:
            raise CompletionError(Cc.INVALID_DATA)
        return _COLORS[led] if led < len(_COLORS) else _COLORS[2]

    def local(self, fru: int, led: int) -> LedState:
        """What a LED does by itself: the blue one shows that a FRU may be taken out."""
        color = self.colors(fru, led)[0]
        on = self.active(fru) == (led != BLUE_LED) if led in (BLUE_LED, 2) else False
        return LedState(LedFunction.ON if on else LedFunction.OFF, 0, color)

    def override(self, fru: int, led: int) -> LedState | None:
        """What a LED was told to do; None = nothing."""
        return self._overrides.get((fru, led))

    def test(self, fru: int, led: int) -> int | None:
        """The time of a lamp test that goes on, in tenths of a second; None = there is none."""
        until, duration = self._tests.get((fru, led), (0.0, 0))
        return duration if self._home.clock.now() < until else None

    def set_led(self, fru: int, led: int, wanted: LedState) -> None:
        """Tell a LED, or all of them, what to do.

        Raises:
            CompletionError: CCh, no such FRU, LED, function, duration or color.
        """
        self.check(fru)
        chosen = range(self.leds) if led == ALL_LEDS else (led,)
        if wanted.function in _RESERVED:
            raise CompletionError(Cc.INVALID_DATA)
        if wanted.function == LedFunction.LAMP_TEST and wanted.on_duration >= _LONGEST_TEST:
            raise CompletionError(Cc.INVALID_DATA)
        colors = [self._color(fru, one, wanted.color) for one in chosen]
        for one, color in zip(chosen, colors, strict=True):
            key = (fru, one)
            if wanted.function == LedFunction.LAMP_TEST:
                until = self._home.clock.now() + wanted.on_duration / _TENTHS
                self._tests[key] = (until, wanted.on_duration)
            elif wanted.function == LedFunction.LOCAL_CONTROL:
                self._overrides.pop(key, None)
            else:
                blinking = 0 < wanted.function <= _SLOWEST
                self._overrides[key] = LedState(wanted.function, wanted.on_duration if blinking else 0, color)

    def _color(self, fru: int, led: int, wanted: LedColor) -> LedColor:
        able = self.colors(fru, led)
        if wanted == LedColor.DEFAULT:
            return able[0]
        if wanted == LedColor.UNCHANGED:
            told = self.override(fru, led)
            return able[0] if told is None else told.color
        if wanted not in able:
            raise CompletionError(Cc.INVALID_DATA)
        return wanted
