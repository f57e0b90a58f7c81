"""HPM.1's commands: their numbers, their place in a group, and what is optional."""

from __future__ import annotations

from baseboard.codes import Privilege
from baseboard.commands import lookup
from baseboard.commands.groups.hpm import (
    ActivateFirmware,
    FinishFirmwareUpload,
    GetUpgradeStatusResponse,
    HpmAction,
    InitiateUpgradeAction,
    UploadFirmwareBlock,
    UploadFirmwareBlockResponse,
)
from baseboard.commands.groups.picmg import PICMG
from tests.commands.lengths import takes


def test_they_are_2eh_to_38h_of_the_group_00h() -> None:
    found = [lookup(0x2C, number, PICMG) for number in range(0x2E, 0x39)]
    assert all(one is not None and one.section.startswith("HPM.1") for one in found)
    assert lookup(0x2C, 0x39, PICMG) is None


def test_what_changes_something_takes_an_administrator() -> None:
    for number in range(0x2E, 0x39):
        known = lookup(0x2C, number, PICMG)
        assert known is not None
        looks = known.name.startswith(("Get", "Query"))
        assert known.privilege == (Privilege.USER if looks else Privilege.ADMINISTRATOR)


def test_lengths() -> None:
    takes(ActivateFirmware, 0, 1)
    takes(InitiateUpgradeAction, 2)
    takes(FinishFirmwareUpload, 5)


def test_a_section_comes_whole_or_not_at_all() -> None:
    assert UploadFirmwareBlockResponse.decode(b"").section_offset is None
    whole = UploadFirmwareBlockResponse.decode(bytes.fromhex("0010000020000000"))
    assert (whole.section_offset, whole.section_length) == (0x1000, 0x20)


def test_a_block_is_its_number_and_any_bytes() -> None:
    assert UploadFirmwareBlock(number=255, data=b"ab").encode() == b"\xffab"
    assert InitiateUpgradeAction(components=1, action=HpmAction(9)).encode() == b"\x01\x09"


def test_a_status_without_an_estimate() -> None:
    assert GetUpgradeStatusResponse.decode(b"\x35\x80").estimate is None
