"""Wires as shipped."""

from __future__ import annotations

from baseboard.bmc.blueprint.hardware import HardwareSpec, LineSpec, PwmOutput

FORCED_OFF_S = 4.0
"""How long a power button is held until a PC goes off (ACPI)."""


def test_two_wires_are_enough_and_off_is_held_long_enough() -> None:
    spec = HardwareSpec(LineSpec("gpiochip0", 1), LineSpec("gpiochip0", 2))
    assert spec.reset_button is spec.identify is None
    assert spec.hold_s > FORCED_OFF_S > spec.pulse_s


def test_fans_of_four_wires_want_25_khz() -> None:
    assert 1_000_000_000 / PwmOutput("pwmchip0", 0).period_ns == 25_000
