"""What a file may say about wires."""

from __future__ import annotations

import msgspec
import pytest

from baseboard.bmc.configuration.hardware import INPUTS, OUTPUTS
from baseboard.bmc.configuration.hardware_layout import Hardware

NEEDED = {"power_button": {"line": 1}, "power_led": {"line": "LED"}}


def test_every_line_has_a_key() -> None:
    assert {*INPUTS, *OUTPUTS} < {field.name for field in msgspec.structs.fields(Hardware)}
    assert msgspec.convert(NEEDED, Hardware).chip == "gpiochip0"


@pytest.mark.parametrize(
    "value",
    [
        {"power_led": {"line": -1}}, {"power_led": {}}, {"power_led": {"line": 1, "drive": "push_pull"}},
        {"power_button": {"line": 1, "bias": "pull_up"}}, {"hold_s": 4.0}, {"pulse_s": 0},
        {"fan": [{"name": "a", "curve": [], "temperature": {}}]},
        {"fan": [{"name": "a", "curve": [[30, 101]], "temperature": {}}]},
        {"fan": [{"name": "a", "curve": [[30, 50]], "temperature": {}, "pwm": {"chip": "../x"}}]},
        {"fan": [{"name": "a", "curve": [[30, 50]], "temperature": {"tachometer": "gpiochip0"}}]},
    ],
)  # fmt: skip
def test_values_that_cannot_be(value: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(NEEDED | value, Hardware)
