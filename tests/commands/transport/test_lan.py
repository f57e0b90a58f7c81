"""LAN commands (§23)."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.commands.parameters.lan import IpAddress, VlanId
from baseboard.commands.transport.lan import (
    GetIpUdpRmcpStatistics,
    GetLanConfigurationParameters,
    GetLanConfigurationParametersResponse,
    SetLanConfigurationParameters,
    SuspendBmcArps,
)
from baseboard.errors import DecodeError
from baseboard.wire import Unknown
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetLanConfigurationParameters, 4)
    takes(SuspendBmcArps, 2)
    takes(GetIpUdpRmcpStatistics, 2)


def test_a_set_names_its_parameter_by_selector() -> None:
    request = SetLanConfigurationParameters.decode(bytes.fromhex("01 14 0a80"))
    assert request == SetLanConfigurationParameters(channel=1, parameter=VlanId(enabled=True, vlan_id=10))
    assert request.encode() == bytes.fromhex("01 14 0a80")


def test_a_parameter_that_nobody_declared_is_kept() -> None:
    request = SetLanConfigurationParameters.decode(bytes.fromhex("01 c8 0102"))
    assert request.parameter == Unknown(selector=0xC8, raw=b"\x01\x02")


@pytest.mark.parametrize("data", ["", "01", "01 03 c0a800", "01 03 c0a8002a00", "01 02 04040404"])
def test_a_set_of_the_wrong_length_is_refused(data: str) -> None:
    with pytest.raises(DecodeError):
        SetLanConfigurationParameters.decode(bytes.fromhex(data))


def test_the_request_knows_what_the_answer_says() -> None:
    answer = GetLanConfigurationParametersResponse.decode(bytes.fromhex("11 c0000207"))
    known = GetLanConfigurationParameters(selector=3).parameter(answer)
    assert known == IpAddress(address=IPv4Address("192.0.2.7"))
    assert GetLanConfigurationParameters(selector=200).parameter(answer) == Unknown(
        selector=200, raw=bytes.fromhex("c0000207")
    )


def test_ipv6_parameters_are_known_to_whoever_imports_the_command() -> None:
    answer = GetLanConfigurationParametersResponse(data=b"\x02")
    assert type(GetLanConfigurationParameters(selector=51).parameter(answer)).__name__ == "Ipv6Enables"


def test_an_answer_of_the_revision_only_has_no_data() -> None:
    assert GetLanConfigurationParametersResponse().encode() == b"\x11"
