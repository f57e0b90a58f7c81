"""What a serial channel is shipped as."""

from __future__ import annotations

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL, CallbackSpec, LineSpec, SerialSpec
from baseboard.commands.parameters.serial import ConnectionMode


def test_bits_of_the_modes_are_those_of_parameter_3() -> None:
    modes = {"basic": BASIC, "ppp": PPP, "terminal": TERMINAL}
    for name, bit in modes.items():
        assert ConnectionMode(**{name: True}).encode() == bytes((bit,))


def test_a_channel_is_a_direct_line_with_logins_that_nothing_is_plugged_into() -> None:
    spec = SerialSpec()
    assert (spec.channel, spec.direct, spec.login, spec.sharing) == (2, True, True, False)
    assert spec.line == LineSpec(kind="none")
    assert SerialSpec(callbacks=(CallbackSpec(2, "555"),)).callbacks[0].ppp is False
