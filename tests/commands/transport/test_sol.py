"""SOL commands (§26)."""

from __future__ import annotations

import pytest

from baseboard.codes import Privilege
from baseboard.commands.parameters.sol import SolAuthentication
from baseboard.commands.transport.sol import (
    GetSolConfigurationParameters,
    GetSolConfigurationParametersResponse,
    SetSolConfigurationParameters,
    SolActivating,
)
from baseboard.errors import DecodeError
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetSolConfigurationParameters, 4)
    takes(SolActivating, 4)


def test_a_set_names_its_parameter_by_selector() -> None:
    wanted = SolAuthentication(force_encryption=True, privilege=Privilege.USER)
    request = SetSolConfigurationParameters(channel=1, parameter=wanted)
    assert request.encode() == b"\x01\x02\x82"
    assert SetSolConfigurationParameters.decode(b"\x01\x02\x82") == request


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01\x02", b"\x01\x02\x82\x00", b"\x01\x03\x0a"])
def test_a_set_of_the_wrong_length_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        SetSolConfigurationParameters.decode(data)


def test_the_request_knows_what_the_answer_says() -> None:
    answer = GetSolConfigurationParametersResponse(data=b"\x44")
    known = GetSolConfigurationParameters(selector=2).parameter(answer)
    assert known == SolAuthentication(force_authentication=True, privilege=Privilege.ADMINISTRATOR)


def test_sol_activating_tells_the_version_of_the_format() -> None:
    assert SolActivating(instance=2).encode() == b"\0\x02\x01\0"
