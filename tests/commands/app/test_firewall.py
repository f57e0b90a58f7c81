"""Firewall commands: masks, their polarity, and the body that lies elsewhere in each (§21)."""

from __future__ import annotations

import pytest

from baseboard.codes import NetFn
from baseboard.commands.app.firewall import (
    COMMANDS,
    SUB_FUNCTIONS,
    CommandRange,
    GetCommandEnables,
    GetCommandSubFunctionEnables,
    GetCommandSubFunctionSupport,
    GetCommandSupport,
    GetNetfnSupport,
    GetOemNetfnIanaSupport,
    SetCommandEnables,
    SetCommandSubFunctionEnables,
    mask,
    members,
)
from baseboard.errors import EncodeError
from tests.commands.lengths import takes


def test_lengths() -> None:
    takes(GetNetfnSupport, 1)
    takes(GetCommandSupport, *range(3, 25))
    takes(GetCommandSubFunctionSupport, *range(4, 25))
    takes(GetCommandSubFunctionEnables, *range(4, 25))
    takes(GetCommandEnables, *range(3, 25))
    takes(SetCommandEnables, *range(19, 25))
    takes(GetOemNetfnIanaSupport, 3)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("first", [0, 128])
def test_a_mask_names_numbers_and_back(first: int, inverted: bool) -> None:
    numbers = {first, first + 9, first + 127}
    made = mask(numbers, COMMANDS, first=first, inverted=inverted)
    assert members(made, first=first, inverted=inverted) == numbers
    assert len(made) == 16


def test_bit_b_of_byte_k_is_number_8k_plus_b() -> None:
    assert mask([0, 9, 31], SUB_FUNCTIONS) == b"\x01\x02\x00\x80"
    assert mask([0, 9, 31], SUB_FUNCTIONS, inverted=True) == b"\xfe\xfd\xff\x7f"
    assert members(b"\xfe\xff", inverted=True) == {0}


def test_what_lies_outside_a_mask_is_left_out() -> None:
    assert mask([1, 128, 300, -1], COMMANDS, first=128) == b"\x01" + bytes(15)


@pytest.mark.parametrize("body", [b"", b"\xdc", b"\x5a\x31\x00"])
@pytest.mark.parametrize("enabled", [b"\x01\x02\x03\x04", bytes(range(8))])
def test_the_body_is_told_from_the_mask_by_length(body: bytes, enabled: bytes) -> None:
    request = SetCommandSubFunctionEnables.of_parts(
        channel=1, netfn=NetFn.CHASSIS, command_number=2, enabled=enabled, body=body
    )
    assert SetCommandSubFunctionEnables.decode(request.encode()) == request
    assert (request.body, request.enabled) == (body, enabled)


@pytest.mark.parametrize(("body", "enabled"), [(b"", b"\0"), (b"", bytes(16)), (bytes(4), bytes(4))])
def test_parts_of_a_wrong_length_are_refused(body: bytes, enabled: bytes) -> None:
    with pytest.raises(EncodeError):
        SetCommandSubFunctionEnables.of_parts(
            netfn=NetFn.CHASSIS, command_number=2, enabled=enabled, body=body
        )


def test_the_body_of_set_command_enables_follows_the_mask() -> None:
    request = SetCommandEnables(
        channel=1,
        commands=CommandRange.FROM_80H,
        netfn=NetFn.GROUP_EXTENSION,
        enabled=b"\xff" + bytes(15),
        body=b"\xdc",
    )
    assert request.encode() == b"\x01\x6c\x00\xff" + bytes(15) + b"\xdc"
