"""System boot options: the two valid marks, and requests without data."""

from __future__ import annotations

import pytest

from baseboard.codes import BootDevice
from baseboard.commands.chassis.boot import (
    GetSystemBootOptions,
    GetSystemBootOptionsResponse,
    SetSystemBootOptions,
)
from baseboard.commands.parameters.boot import BootFlags, BootInitiatorMailbox
from baseboard.errors import DecodeError, EncodeError
from baseboard.wire import Unknown


def test_a_set_without_data_changes_only_the_mark() -> None:
    request = SetSystemBootOptions.decode(b"\x85")
    assert request.invalid
    assert (request.selector, request.parameter) == (5, None)
    assert SetSystemBootOptions(selector=5, invalid=True).encode() == b"\x85"


def test_the_selector_follows_from_the_parameter() -> None:
    request = SetSystemBootOptions(parameter=BootFlags(valid=True, device=BootDevice.PXE))
    assert request.encode() == bytes.fromhex("058004000000")


def test_the_mark_of_the_parameter_is_not_the_valid_bit_of_its_flags() -> None:
    response = GetSystemBootOptionsResponse.decode(bytes.fromhex("01850008000000"))
    assert response.invalid
    assert response.parameter == BootFlags(device=BootDevice.HARD_DRIVE)
    assert response.encode() == bytes.fromhex("01850008000000")


def test_parameters_of_vendors_are_kept_as_they_came() -> None:
    request = SetSystemBootOptions.decode(bytes.fromhex("600102"))
    assert request.parameter == Unknown(selector=0x60, raw=b"\x01\x02")
    assert request.encode() == bytes.fromhex("600102")


def test_a_mailbox_block_may_be_written_in_part() -> None:
    request = SetSystemBootOptions.decode(bytes.fromhex("0702010203"))
    assert request.parameter == BootInitiatorMailbox(block=2, data=b"\x01\x02\x03")


@pytest.mark.parametrize("text", ["", "0580", "0580040000", "05800400000000", "0401", "00"])
def test_data_of_another_length_than_the_parameter_has(text: str) -> None:
    data = bytes.fromhex(text)
    if text == "00":
        assert SetSystemBootOptions.decode(data).parameter is None
        return
    with pytest.raises(DecodeError):
        SetSystemBootOptions.decode(data)


def test_a_parameter_needs_its_own_selector() -> None:
    with pytest.raises(EncodeError):
        SetSystemBootOptions(selector=4, parameter=BootFlags())


@pytest.mark.parametrize("text", ["05", "0500", "05000000"])
def test_a_get_has_three_bytes(text: str) -> None:
    with pytest.raises(DecodeError):
        GetSystemBootOptions.decode(bytes.fromhex(text))
