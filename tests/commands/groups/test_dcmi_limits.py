"""DCMI's power and its limits (DCMI 1.5, 6.6 and 6.7)."""

from __future__ import annotations

import pytest

from baseboard.commands.groups.dcmi_limits import (
    ActivateDeactivatePowerLimit,
    ExceptionAction,
    GetPowerLimit,
    GetPowerLimitResponse,
    GetPowerReading,
    GetPowerReadingResponse,
    GetThermalLimit,
    SetPowerLimit,
    SetThermalLimit,
    StatisticsMode,
)
from baseboard.errors import EncodeError
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetPowerReading, 3)
    takes(GetPowerLimit, 2)
    takes(SetPowerLimit, 14)
    takes(ActivateDeactivatePowerLimit, 3)
    takes(SetThermalLimit, 6)
    takes(GetThermalLimit, 2)


def test_a_reading_has_watts_and_the_state_of_the_measurement() -> None:
    said = GetPowerReadingResponse.decode(bytes.fromhex("7b00 6400 c800 7800 29850067 e8030000 40"))
    assert (said.current, said.minimum, said.maximum, said.average) == (123, 100, 200, 120)
    assert said.active
    assert not GetPowerReadingResponse.decode(bytes(16) + b"\xbf").active


def test_enhanced_statistics_name_their_period() -> None:
    request = GetPowerReading(mode=StatisticsMode.ENHANCED, period=0x45)
    assert request.encode() == bytes.fromhex("02 45 00")


def test_an_oem_action_survives() -> None:
    said = GetPowerLimitResponse.decode(bytes.fromhex("0000 07 f401 e8030000 0000 0100"))
    assert said.action == 0x07
    assert SetPowerLimit(action=said.action, limit=1, correction_time=2, period=3).encode()[3] == 0x07


def test_completion_codes_are_the_commands_own() -> None:
    assert int(GetPowerLimit.NOT_ACTIVE) == 0x80
    assert [int(code) for code in SetPowerLimit.command.codes] == [0x84, 0x85, 0x89]
    assert SetPowerLimit.LIMIT_OUT_OF_RANGE.text == "power limit out of range"
    assert SetThermalLimit.TIME_OUT_OF_RANGE.text == "exception time out of range"


@pytest.mark.parametrize("limit", [-1, 0x10000])
def test_a_limit_is_a_word(limit: int) -> None:
    with pytest.raises(EncodeError):
        SetPowerLimit(action=ExceptionAction.NONE, limit=limit, correction_time=0, period=0).encode()
