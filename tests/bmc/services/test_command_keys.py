"""Numbers of commands, of those that belong to a body or a maker too."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.command_keys import CMD_BITS, family_of, key_of, key_of_command, luns, split
from baseboard.codes import NetFn
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.declaration import commands


def test_no_two_commands_have_one_number() -> None:
    declared = commands()
    assert len({key_of_command(one) for one in declared}) == len(declared)
    assert key_of_command(GetDeviceId.command) == 0x0601


def test_a_command_belongs_to_its_family() -> None:
    for one in commands():
        assert key_of_command(one) >> CMD_BITS == family_of(one.netfn, one.group)


def test_a_body_of_0_is_another_one_than_none() -> None:
    assert len({key_of(0x2C, 1), key_of(0x2C, 1, 0), key_of(0x2C, 1, 0xDC)}) == 3


@pytest.mark.parametrize(
    ("netfn", "data", "group", "rest"),
    [
        (0x06, b"\xdc\x01", None, b"\xdc\x01"),
        (0x2C, b"\xdc\x01", 0xDC, b"\x01"),
        (0x2C, b"", None, b""),
        (0x2E, b"\x57\x01\x00\x09", 343, b"\x09"),
        (0x2E, b"\x57\x01", None, b"\x57\x01"),
        (0x2E, b"\xff\xff\xff", 0xFFFFFF, b""),
    ],
)
def test_5_1_whose_a_request_is_stands_before_its_data(
    netfn: int, data: bytes, group: int | None, rest: bytes
) -> None:
    assert split(netfn, 0x01, data) == (key_of(netfn, 0x01, group), rest)


def test_5_5_sensor_commands_are_at_three_luns_and_all_others_at_one() -> None:
    assert luns(NetFn.SENSOR_EVENT) == (0, 1, 3)
    assert {luns(netfn) for netfn in range(0, 0x40, 2) if netfn != NetFn.SENSOR_EVENT} == {(0,)}
