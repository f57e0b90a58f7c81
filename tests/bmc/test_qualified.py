"""Completion codes that come with data."""

from __future__ import annotations

from baseboard.bmc.blueprint import DcmiSpec
from baseboard.bmc.qualified import Qualified
from baseboard.commands.groups.dcmi_limits import GetPowerLimit, GetPowerLimitResponse, SetPowerLimitResponse
from baseboard.errors import CompletionError
from tests.bmc.harness import make_bmc


def test_it_is_an_error_that_has_a_response() -> None:
    response = SetPowerLimitResponse()
    error = Qualified(GetPowerLimit.NOT_ACTIVE, response)
    assert isinstance(error, CompletionError)
    assert (error.code, error.response) == (0x80, response)
    assert error.text == "no active set power limit"


def test_the_response_follows_the_code_and_the_defining_body() -> None:
    bmc = make_bmc(dcmi=DcmiSpec(meter="any"))
    answer = bmc.raw(0x2C, 0x03, b"\xdc\0\0")
    assert answer[:2] == b"\x80\xdc"
    assert GetPowerLimitResponse.decode(answer[2:]).period == 60
