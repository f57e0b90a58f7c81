"""Discrete sensors by rule."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.memory.boot import Boot, Cause
from baseboard.bmc.backends.memory.phases import Phase
from baseboard.bmc.backends.memory.rules import RULES, Facts
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice


def facts(
    phase: Phase,
    cause: Cause = Cause.POWER_UP,
    device: int = BootDevice.NO_OVERRIDE,
    pulse: str = "",
    graceful: bool = False,
) -> Facts:
    boot = Boot(1, cause, 0.0, 0.0)
    boot.choose(BootChoice(device=device))
    return Facts(phase, boot, pulse, graceful)


@pytest.mark.parametrize(
    ("rule", "given", "states"),
    [
        ("acpi", facts(Phase.OFF), 0x20),
        ("acpi", facts(Phase.CRASHED), 0x01),
        ("power_unit", facts(Phase.OFF), 0x01),
        ("power_unit", facts(Phase.POST), 0),
        ("post", facts(Phase.POST), 0x04),
        ("post", facts(Phase.LOADER), 0x04),
        ("post", facts(Phase.RUNNING), 0),
        ("boot", facts(Phase.POST), 0x01),
        ("boot", facts(Phase.POST, Cause.HARD_RESET), 0x02),
        ("boot", facts(Phase.POST, Cause.OPERATING_SYSTEM), 0x20),
        ("boot", facts(Phase.RUNNING), 0),
        ("os_boot", facts(Phase.RUNNING), 0x02),
        ("os_boot", facts(Phase.RUNNING, device=BootDevice.CD_DVD), 0x10),
        ("os_boot", facts(Phase.TESTED, device=BootDevice.DIAGNOSTIC_PARTITION), 0x08),
        ("os_boot", facts(Phase.KERNEL), 0),
        ("os_stop", facts(Phase.CRASHED), 0x02),
        ("os_stop", facts(Phase.OFF, graceful=True), 0x08),
        ("os_stop", facts(Phase.OFF), 0),
        ("nmi", facts(Phase.RUNNING, pulse="nmi"), 0x01),
        ("nmi", facts(Phase.RUNNING, pulse="power"), 0),
        ("button", facts(Phase.OFF, pulse="power"), 0x01),
        ("button", facts(Phase.OFF, pulse="sleep"), 0x02),
        ("button", facts(Phase.OFF, pulse="reset"), 0x04),
        ("button", facts(Phase.OFF, pulse="identify"), 0),
    ],
)
def test_what_the_rules_say(rule: str, given: Facts, states: int) -> None:
    assert RULES[rule](given) == states
