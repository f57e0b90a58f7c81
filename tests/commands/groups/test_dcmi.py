"""DCMI's commands but those of limits (DCMI 1.5)."""

from __future__ import annotations

import pytest

from baseboard.codes import GroupExtension
from baseboard.commands import lookup
from baseboard.commands.groups.dcmi import (
    DCMI,
    GetAssetTag,
    GetDcmiCapabilitiesInfo,
    GetDcmiCapabilitiesInfoResponse,
    GetDcmiConfigurationParameters,
    GetDcmiConfigurationParametersResponse,
    GetDcmiSensorInfo,
    GetTemperatureReadings,
    GetTemperatureReadingsResponse,
    SetManagementControllerIdentifierString,
)
from baseboard.commands.parameters.dcmi import (
    DcmiCapability,
    DiscoveryConfiguration,
    PeriodUnit,
    PowerStatistics,
    RollingPeriod,
)
from baseboard.errors import DecodeError
from baseboard.wire import Unknown
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetDcmiCapabilitiesInfo, 1)
    takes(GetAssetTag, 2)
    takes(GetDcmiSensorInfo, 4)
    takes(GetTemperatureReadings, 4)
    takes(GetDcmiConfigurationParameters, 2)


def test_the_defining_body_is_no_part_of_a_message() -> None:
    assert DCMI == GroupExtension.DCMI
    command = lookup(0x2C, 0x10, DCMI)
    assert command is not None
    assert command.request is GetTemperatureReadings
    assert command.group == DCMI
    # Byte 2 of the request's table is the first here, byte 3 of the response's.
    assert GetAssetTag(offset=1, count=2).encode() == b"\x01\x02"
    assert GetTemperatureReadingsResponse(total=1, count=0).encode() == b"\x01\x00"


def test_temperatures_are_sign_and_magnitude() -> None:
    said = GetTemperatureReadingsResponse.decode(bytes.fromhex("03 03 1901 8502 0003"))
    assert [reading.celsius for reading in said.readings] == [25, -5, 0]


@pytest.mark.parametrize("data", ["03 02 19 01 85", "03"])
def test_half_a_reading_is_refused(data: str) -> None:
    with pytest.raises(DecodeError):
        GetTemperatureReadingsResponse.decode(bytes.fromhex(data))


def test_a_request_knows_what_its_answer_says() -> None:
    answer = GetDcmiCapabilitiesInfoResponse.decode(bytes.fromhex("01 05 02 01 45"))
    assert GetDcmiCapabilitiesInfo(selector=5).parameter(answer) == PowerStatistics(
        count=1, periods=(RollingPeriod(unit=PeriodUnit.MINUTES, duration=5),)
    )
    assert GetDcmiCapabilitiesInfo(selector=9).parameter(answer) == Unknown(selector=9, raw=b"\x01\x45")
    told = GetDcmiConfigurationParametersResponse(data=b"\x01")
    assert GetDcmiConfigurationParameters(selector=2).parameter(told) == DiscoveryConfiguration(
        random_back_off=False, vendor_class=False, identifier=True
    )
    assert DcmiCapability.parse(1, b"\0\1\1")


def test_a_string_is_written_as_it_is() -> None:
    request = SetManagementControllerIdentifierString(offset=16, count=3, data=b"ab\0")
    assert request.encode() == bytes.fromhex("10 03 616200")
