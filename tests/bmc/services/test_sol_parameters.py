"""The SOL parameters by themselves; Table 26-5 is gone through in `test_sol` and in the conformance tests."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.sol import SolSpec
from baseboard.bmc.services.sol_parameters import BITS_PER_SECOND, SolParameters
from baseboard.commands.parameters.sol import (
    BitRate,
    CharacterAccumulation,
    NonVolatileBitRate,
    SolRetry,
    VolatileBitRate,
)
from baseboard.errors import CompletionError
from tests.bmc.services.homes import make_home


@pytest.mark.parametrize(("rate", "speed"), BITS_PER_SECOND.items())
def test_each_rate_has_its_speed_and_may_be_shipped(rate: BitRate, speed: int) -> None:
    parameters = SolParameters(make_home(sol=SolSpec(baud=speed)))
    assert parameters.get(5) == parameters.get(6) == bytes((rate,))
    assert parameters.bits_per_second == speed


def test_rate_0_is_the_serial_channels() -> None:
    parameters = SolParameters(make_home())
    with pytest.raises(CompletionError, match="^C9h"):
        parameters.set(VolatileBitRate(bit_rate=BitRate.SERIAL_CHANNEL))
    parameters.serial_rate = lambda: 19200
    parameters.set(NonVolatileBitRate(bit_rate=BitRate.SERIAL_CHANNEL))
    assert parameters.bits_per_second == 19200
    parameters.serial_rate = None  # the channel has gone
    assert parameters.bits_per_second == 115200


def test_a_machine_has_the_timing_that_is_set() -> None:
    parameters = SolParameters(make_home())
    parameters.set(CharacterAccumulation(interval=10, send_threshold=3))
    parameters.set(SolRetry(retry_count=1, retry_interval=20))
    machine = parameters.controller(handshake=False)
    machine.write(b"ab", 0.0)
    assert (machine.outgoing(), machine.deadline()) == ([], 0.05)
    machine.write(b"c", 0.01)
    assert len(machine.outgoing()) == 1
    assert machine.deadline() == pytest.approx(0.21)
