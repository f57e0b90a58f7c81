"""What the discrete sensors of the simulated host show, by rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from baseboard.bmc.backends.memory.boot import Boot
from baseboard.bmc.backends.memory.phases import POSTING, Phase


class Facts(NamedTuple):
    """What the rules are about.

    Attributes:
        phase: what the host is doing.
        boot: the start it lives by.
        pulse: button pressed or interrupt pulsed a moment ago; empty = none.
        graceful: the system went off by shutting down.
        throttled: the processors are slowed down to hold a power limit.
        over_limit: the power is above that limit all the same.
    """

    phase: Phase
    boot: Boot
    pulse: str
    graceful: bool
    throttled: bool = False
    over_limit: bool = False


S0, S5 = 0x0001, 0x0020
POWER_OFF = 0x01
FIRMWARE_PROGRESS = 0x04
FRONT_PANEL_NMI = 0x01
STATE_DEASSERTED, STATE_ASSERTED = 0x01, 0x02
LIMIT_NOT_EXCEEDED, LIMIT_EXCEEDED = 0x01, 0x02
PROCESSOR_PRESENT, PROCESSOR_THROTTLED = 0x0080, 0x0400
RUN_TIME_STOP, GRACEFUL_SHUTDOWN = 0x02, 0x08
BUTTONS = {"power": 0x01, "sleep": 0x02, "reset": 0x04}


def acpi(facts: Facts) -> int:
    """System ACPI Power State (22h): S0 or S5."""
    return S5 if facts.phase is Phase.OFF else S0


def power_unit(facts: Facts) -> int:
    """Power Unit (09h): off."""
    return POWER_OFF if facts.phase is Phase.OFF else 0


def post(facts: Facts) -> int:
    """System Firmware Progress (0Fh): it makes progress."""
    return FIRMWARE_PROGRESS if facts.phase in POSTING else 0


def boot(facts: Facts) -> int:
    """System Boot Initiated (1Dh): by what, until the firmware is done."""
    return 1 << facts.boot.cause.value if facts.phase in POSTING else 0


def os_boot(facts: Facts) -> int:
    """Base OS Boot Status (1Fh): from where it was booted, once it is."""
    booted = facts.phase in (Phase.RUNNING, Phase.DIAGNOSTICS, Phase.TESTED)
    return 1 << facts.boot.source.value if booted else 0


def os_stop(facts: Facts) -> int:
    """OS Stop (20h): crashed, or gone with grace."""
    if facts.phase is Phase.CRASHED:
        return RUN_TIME_STOP
    return GRACEFUL_SHUTDOWN if facts.phase is Phase.OFF and facts.graceful else 0


def nmi(facts: Facts) -> int:
    """Critical Interrupt (13h): diagnostic interrupt."""
    return FRONT_PANEL_NMI if facts.pulse == "nmi" else 0


def button(facts: Facts) -> int:
    """Button (14h): the one pressed."""
    return BUTTONS.get(facts.pulse, 0)


def throttled(facts: Facts) -> int:
    """A state (03h): whether the processors are slowed down."""
    return STATE_ASSERTED if facts.throttled else STATE_DEASSERTED


def processor(facts: Facts) -> int:
    """Processor (07h): it is there, and slowed down or not."""
    return PROCESSOR_PRESENT | (PROCESSOR_THROTTLED if facts.throttled else 0)


def power_limit(facts: Facts) -> int:
    """A limit (05h): exceeded or not."""
    return LIMIT_EXCEEDED if facts.over_limit else LIMIT_NOT_EXCEEDED


RULES: dict[str, Callable[[Facts], int]] = {
    "acpi": acpi,
    "boot": boot,
    "button": button,
    "nmi": nmi,
    "os_boot": os_boot,
    "os_stop": os_stop,
    "post": post,
    "power_limit": power_limit,
    "power_unit": power_unit,
    "processor": processor,
    "throttled": throttled,
}
