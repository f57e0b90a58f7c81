"""Set In Progress is parameter 0 of every family."""

from __future__ import annotations

import pytest

from baseboard.commands.parameters.boot import BootParameter
from baseboard.commands.parameters.lan import LanParameter
from baseboard.commands.parameters.pef import PefParameter
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.commands.parameters.sol import SolParameter
from baseboard.commands.parameters.system_info import SystemInfoParameter
from baseboard.wire import Family


@pytest.mark.parametrize(
    "family", [BootParameter, LanParameter, PefParameter, SolParameter, SystemInfoParameter]
)
def test_every_family_begins_with_it(family: type[Family]) -> None:
    for state in SetInProgressState:
        parameter = family.unpack(bytes((0, state)))
        assert getattr(parameter, "state", None) is state
        assert parameter.pack() == bytes((0, state))


def test_the_reserved_state_survives() -> None:
    parameter = BootParameter.unpack(b"\x00\x03")
    assert parameter.pack() == b"\x00\x03"
