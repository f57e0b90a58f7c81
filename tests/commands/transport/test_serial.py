"""Serial/modem commands (§25.1-25.4, §25.9-25.13)."""

from __future__ import annotations

import pytest

from baseboard.commands.parameters.serial import ConnectionMode
from baseboard.commands.transport.serial import (
    Callback,
    GetSerialModemConfiguration,
    GetSerialModemConfigurationResponse,
    GetTapResponseCodes,
    GetUserCallbackOptions,
    SerialModemConnectionActive,
    SetSerialModemConfiguration,
    SetSerialModemMux,
    SetSerialRoutingMux,
    SetUserCallbackOptions,
)
from baseboard.errors import DecodeError
from baseboard.wire import Unknown
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetSerialModemConfiguration, 4)
    takes(SetSerialModemMux, 2)
    takes(GetTapResponseCodes, 1)
    takes(SerialModemConnectionActive, 2)
    takes(Callback, 2)
    takes(SetUserCallbackOptions, 7)
    takes(GetUserCallbackOptions, 2)
    takes(SetSerialRoutingMux, 2)


def test_a_set_names_its_parameter_by_selector() -> None:
    request = SetSerialModemConfiguration.decode(bytes.fromhex("02 03 84"))
    wanted = ConnectionMode(direct=True, terminal=True)
    assert request == SetSerialModemConfiguration(channel=2, parameter=wanted)
    assert SetSerialModemConfiguration.decode(b"\x02\xc8\x01").parameter == Unknown(
        selector=0xC8, raw=b"\x01"
    )


@pytest.mark.parametrize("data", ["", "02", "02 03", "02 03 8400", "02 07 20"])
def test_a_set_of_the_wrong_length_is_refused(data: str) -> None:
    with pytest.raises(DecodeError):
        SetSerialModemConfiguration.decode(bytes.fromhex(data))


def test_the_request_knows_what_the_answer_says() -> None:
    answer = GetSerialModemConfigurationResponse.decode(bytes.fromhex("11 85"))
    known = GetSerialModemConfiguration(selector=3).parameter(answer)
    assert known == ConnectionMode(direct=True, terminal=True, basic=True)
