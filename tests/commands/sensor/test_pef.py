"""PEF commands: parameters of both directions, and alerts with an event of their own."""

from __future__ import annotations

import pytest

from baseboard.codes import SensorType
from baseboard.commands.parameters.pef import NumberOfEventFilters, PefActions, PefControl
from baseboard.commands.sensor.pef import (
    AlertImmediate,
    AlertImmediateResponse,
    AlertOperation,
    AlertStatus,
    GetPefCapabilitiesResponse,
    GetPefConfigurationParameters,
    GetPefConfigurationParametersResponse,
    PetAcknowledge,
    SetPefConfigurationParameters,
)
from baseboard.errors import DecodeError
from baseboard.wire import Unknown


def test_capabilities_of_a_bmc_without_pef() -> None:
    assert GetPefCapabilitiesResponse(event_filter_entries=0).encode() == bytes.fromhex("510000")
    assert GetPefCapabilitiesResponse.decode(bytes.fromhex("513F14")).actions == PefActions(0x3F)


def test_a_set_holds_selector_and_data() -> None:
    request = SetPefConfigurationParameters.decode(b"\x01\x03")
    assert request.parameter == PefControl(event_messages_enabled=True, enabled=True)
    assert SetPefConfigurationParameters.decode(b"\x60\x01").parameter == Unknown(selector=0x60, raw=b"\x01")


@pytest.mark.parametrize("text", ["", "01", "010300", "0601"])
def test_a_set_of_another_length_than_the_parameter_has(text: str) -> None:
    with pytest.raises(DecodeError):
        SetPefConfigurationParameters.decode(bytes.fromhex(text))


def test_a_response_is_read_by_its_request() -> None:
    request = GetPefConfigurationParameters(selector=5)
    response = GetPefConfigurationParametersResponse.decode(b"\x11\x28")
    assert request.parameter(response) == NumberOfEventFilters(count=0x28)
    assert GetPefConfigurationParametersResponse().encode() == b"\x11"


def test_an_alert_may_bring_its_event() -> None:
    plain = AlertImmediate.decode(bytes.fromhex("010200"))
    assert plain.operation is AlertOperation.INITIATE
    assert plain.event_data3 is None
    whole = AlertImmediate.decode(bytes.fromhex("010200410402308157605A"))
    assert whole.sensor_type is SensorType.VOLTAGE
    assert whole.deassertion
    assert whole.event_data3 == 0x5A
    with pytest.raises(DecodeError):
        AlertImmediate.decode(bytes(12))


def test_the_status_is_told_if_asked_for() -> None:
    assert AlertImmediateResponse.decode(b"").status is None
    assert AlertImmediateResponse.decode(b"\xff").status is AlertStatus.IN_PROGRESS


def test_an_acknowledge_has_twelve_bytes() -> None:
    with pytest.raises(DecodeError):
        PetAcknowledge.decode(bytes(11))
    with pytest.raises(DecodeError):
        PetAcknowledge.decode(bytes(13))
    assert PetAcknowledge.command.session_less
