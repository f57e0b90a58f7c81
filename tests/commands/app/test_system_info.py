"""Get/Set System Info Parameters (§22.14a, §22.14b)."""

from __future__ import annotations

import pytest

from baseboard.commands.app.system_info import (
    GetSystemInfoParameters,
    GetSystemInfoParametersResponse,
    SetSystemInfoParameters,
)
from baseboard.commands.parameters.system_info import SystemName
from baseboard.errors import DecodeError
from baseboard.wire import Unknown
from tests.commands.lengths import takes


def test_a_get_has_four_bytes() -> None:
    takes(GetSystemInfoParameters, 4)


def test_the_request_knows_what_the_answer_says() -> None:
    request = GetSystemInfoParameters(selector=2, set_selector=1)
    response = GetSystemInfoParametersResponse(data=b"\x01" + b"web".ljust(16, b"\0"))
    assert request.parameter(response) == SystemName(set_selector=1, block=b"web".ljust(16, b"\0"))


def test_a_parameter_of_the_manufacturers_own_is_kept() -> None:
    request = SetSystemInfoParameters.decode(b"\xe4\x00\x01")
    assert request.parameter == Unknown(selector=0xE4, raw=b"\x00\x01")
    assert request.encode() == b"\xe4\x00\x01"


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x01\x02", b"\x02"])
def test_a_set_that_is_too_short_or_too_long_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        SetSystemInfoParameters.decode(data)
