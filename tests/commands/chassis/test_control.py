"""Chassis commands: lengths, defaults and codes that the tables allow."""

from __future__ import annotations

import pytest

from baseboard import codes
from baseboard.commands.chassis.control import (
    ChassisControl,
    ChassisIdentify,
    GetChassisCapabilitiesResponse,
    PolicySupport,
    PowerRestorePolicy,
    SetChassisCapabilities,
    SetPowerRestorePolicy,
    SetPowerRestorePolicyResponse,
)
from baseboard.errors import DecodeError, EncodeError


def test_control_codes_beyond_the_table_survive() -> None:
    request = ChassisControl.decode(b"\x0e")
    assert request.control == 0x0E
    assert request.encode() == b"\x0e"
    assert ChassisControl.decode(b"\x03").control is codes.ChassisControl.HARD_RESET


@pytest.mark.parametrize("data", [b"", b"\x01\x00"])
def test_control_has_one_byte(data: bytes) -> None:
    with pytest.raises(DecodeError):
        ChassisControl.decode(data)


@pytest.mark.parametrize(
    ("data", "interval", "force_on"),
    [(b"", None, None), (b"\x1e", 30, None), (b"\x04\x01", 4, True), (b"\x00\x00", 0, False)],
)
def test_identify_has_up_to_two_bytes(data: bytes, interval: int | None, force_on: bool | None) -> None:
    request = ChassisIdentify.decode(data)
    assert (request.interval, request.force_on) == (interval, force_on)
    assert request.encode() == data


def test_identify_has_no_third_byte() -> None:
    with pytest.raises(DecodeError):
        ChassisIdentify.decode(b"\x00\x00\x00")


def test_identify_is_not_forced_without_an_interval() -> None:
    with pytest.raises(EncodeError):
        ChassisIdentify(force_on=True).encode()


def test_the_bridge_address_may_be_missing() -> None:
    assert GetChassisCapabilitiesResponse.decode(bytes(5)).bridge_device_address is None
    assert SetChassisCapabilities.decode(bytes(5)).bridge_device_address is None
    assert SetChassisCapabilities.decode(bytes(5) + b"\x28").bridge_device_address == 0x28


def test_policy_3_asks_in_a_set_and_is_unknown_in_a_status() -> None:
    assert PowerRestorePolicy.NO_CHANGE is PowerRestorePolicy.UNKNOWN
    assert SetPowerRestorePolicy(policy=PowerRestorePolicy.NO_CHANGE).encode() == b"\x03"


def test_the_supported_policies_may_be_missing() -> None:
    assert SetPowerRestorePolicyResponse.decode(b"").support is None
    assert (
        SetPowerRestorePolicyResponse.decode(b"\x05").support
        == PolicySupport.STAY_OFF | PolicySupport.ALWAYS_ON
    )
