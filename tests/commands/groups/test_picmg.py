"""PICMG 3.0's commands of FRUs: what is optional in them."""

from __future__ import annotations

from baseboard.commands.groups.picmg import (
    FruControlOption,
    GetAddressInfo,
    GetAddressInfoResponse,
    GetFruLedStateResponse,
    LedColor,
    LedFunction,
    SiteType,
)
from tests.commands.lengths import takes


def test_an_address_is_asked_for_with_as_much_as_is_known() -> None:
    takes(GetAddressInfo, 0, 1, 2, 3, 4)


def test_an_old_controller_tells_no_site() -> None:
    assert GetAddressInfoResponse.decode(b"\1\2\3").site_type is None
    assert GetAddressInfoResponse.decode(b"\1\2\3\4\5\7").site_type == SiteType.AMC


def test_a_led_without_an_override_tells_of_none() -> None:
    found = GetFruLedStateResponse.decode(b"\x01\xff\0\x02")
    assert (found.local_function, found.local_color) == (LedFunction.ON, LedColor.RED)
    assert found.override_function is None
    assert GetFruLedStateResponse.decode(b"\x07\0\0\1\xff\0\2\x7f").lamp_test_duration == 0x7F


def test_codes_beyond_the_list_survive() -> None:
    assert not FruControlOption(9).known
    assert LedFunction(20) == 20
