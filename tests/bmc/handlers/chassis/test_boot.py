"""Set and Get System Boot Options (§28.12, §28.13), as ipmitool, pyghmi and FreeIPMI send them."""

from __future__ import annotations

import pytest

from baseboard.codes import Privilege
from baseboard.commands.chassis.boot import SetSystemBootOptions
from baseboard.commands.parameters.boot import BootFlagValidBitClearing
from tests.bmc.harness import Bench, make_bmc

LAN = 1


def set_option(bmc: Bench, data: str, privilege: Privilege = Privilege.ADMINISTRATOR) -> int:
    answer = bmc.raw(0x00, 0x08, bytes.fromhex(data), origin=bmc.origin(LAN, int(privilege)))
    assert len(answer) == 1
    return answer[0]


def get_option(bmc: Bench, data: str) -> str:
    return bmc.raw(0x00, 0x09, bytes.fromhex(data), origin=bmc.origin(LAN)).hex(" ")


def test_ipmitool_sets_a_boot_device() -> None:
    """`chassis bootdev pxe options=efiboot`: claim, acknowledge, flags, commit, complete."""
    bmc = make_bmc()
    answers = [set_option(bmc, data) for data in ("00 01", "04 01 01", "05 a0 04 00 00 00", "00 02", "00 00")]
    assert answers == [0, 0, 0, 0xCC, 0]  # no roll-back, so there is no commit; ipmitool goes on without
    assert get_option(bmc, "05 00 00") == "00 01 05 a0 04 00 00 00"
    assert get_option(bmc, "04 00 00") == "00 01 04 00 01"
    choice = bmc.backend.board.read_boot_choice()
    assert (choice.device, choice.efi) == (1, True)
    assert get_option(bmc, "05 00 00") == "00 01 05 20 04 00 00 00"


def test_pyghmi_sets_a_boot_device_without_a_time_limit() -> None:
    bmc = make_bmc()
    assert [set_option(bmc, data) for data in ("03 08", "05 e0 04 00 00 00")] == [0, 0]
    bmc.advance(600)
    assert get_option(bmc, "05 00 00") == "00 01 05 e0 04 00 00 00"
    assert get_option(bmc.reopen(), "05 00 00") == "00 01 05 e0 04 00 00 00"


def test_an_interrupted_console_blocks_nobody() -> None:
    bmc = make_bmc()
    assert [set_option(bmc, data) for data in ("00 01", "00 01", "05 80 08 00 00 00")] == [0, 0x81, 0]


@pytest.mark.parametrize(
    ("request_data", "answer"),
    [
        ("00 00 00", "00 01 00 00"),
        ("01 00 00", "00 01 01 00"),
        ("02 00 00", "00 01 02 00"),
        ("03 00 00", "00 01 03 00"),
        ("04 00 00", "00 01 04 00 00"),
        ("05 00 00", "00 01 05 00 00 00 00 00"),
        ("06 00 00", "00 01 06" + " 00" * 9),
        ("07 03 00", "00 01 07 03" + " 00" * 16),
        ("07 10 00", "c9"),
        ("08 00 00", "80"),
        ("60 00 00", "80"),
        ("05", "c7"),
    ],
)
def test_28_13_every_parameter_answers_in_full(request_data: str, answer: str) -> None:
    assert get_option(make_bmc(), request_data) == answer


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ("60 01", 0x80),
        ("08", 0x80),
        ("e0", 0x80),
        ("05 80 04 00 00", 0xC7),
        ("05 80 28 00 00 00", 0xCC),
        ("00 03", 0xCC),
        ("07 10 00", 0xC9),
    ],
)
def test_28_12_what_cannot_be_is_refused(data: str, answer: int) -> None:
    assert set_option(make_bmc(), data) == answer


def test_28_12_the_mark_and_the_valid_bit_are_two_things() -> None:
    bmc = make_bmc()
    assert set_option(bmc, "05 80 08 00 00 00") == 0
    assert set_option(bmc, "85") == 0
    assert get_option(bmc, "05 00 00") == "00 01 85 80 08 00 00 00"
    assert bmc.backend.board.read_boot_choice().device == 0
    assert set_option(bmc, "05") == 0
    assert get_option(bmc, "05 00 00") == "00 01 05 80 08 00 00 00"
    assert set_option(bmc, "85 00 08 00 00 00") == 0
    # the response of a public test suite
    assert get_option(bmc, "05 00 00") == "00 01 85 00 08 00 00 00"


def test_28_12_only_an_administrator_lets_firmware_skip_its_password() -> None:
    bmc = make_bmc()
    bypass = "05 80 04 08 00 00"
    assert set_option(bmc, bypass, Privilege.OPERATOR) == 0xD4
    assert get_option(bmc, "05 00 00") == "00 01 05 00 00 00 00 00"
    assert set_option(bmc, "05 80 04 00 00 00", Privilege.OPERATOR) == 0
    assert set_option(bmc, bypass) == 0
    assert bmc.backend.board.read_boot_choice().bypass_password
    assert bmc.raw(0x00, 0x08, bytes.fromhex(bypass)) == b"\0"  # the system's own software


def test_28_14_a_user_may_read_nothing_and_an_operator_all() -> None:
    bmc = make_bmc()
    request = bytes.fromhex("05 00 00")
    assert bmc.raw(0x00, 0x09, request, origin=bmc.origin(LAN, int(Privilege.USER))) == b"\xd4"
    assert bmc.raw(0x00, 0x09, request, origin=bmc.origin(LAN, int(Privilege.OPERATOR)))[0] == 0


def test_28_14_a_chassis_control_renews_the_flags_time() -> None:
    bmc = make_bmc()
    set_option(bmc, "05 80 04 00 00 00")
    bmc.advance(50)
    assert bmc.raw(0x00, 0x02, b"\x01", origin=bmc.origin(LAN)) == b"\0"
    bmc.advance(50)
    assert bmc.backend.board.read_boot_choice().device == 1


def test_28_14_the_watchdogs_power_cycle_ends_the_flags() -> None:
    bmc = make_bmc(powered=True)
    set_option(bmc, "05 80 04 00 00 00")
    bmc.services.watchdog.configure(timer_use=4, interrupt=0, action=3, pretimeout_s=0, initial=10)
    bmc.services.watchdog.start()
    bmc.advance(5)
    assert bmc.services.chassis.restart_cause == 4
    assert get_option(bmc, "05 00 00") == "00 01 05 00 04 00 00 00"


def test_28_14_or_not_if_parameter_3_says_so() -> None:
    bmc = make_bmc(powered=True)
    bmc.execute(SetSystemBootOptions(parameter=BootFlagValidBitClearing(keep_on_watchdog=True)))
    set_option(bmc, "05 80 04 00 00 00")
    bmc.services.watchdog.configure(timer_use=4, interrupt=0, action=1, pretimeout_s=0, initial=10)
    bmc.services.watchdog.start()
    bmc.advance(5)
    assert get_option(bmc, "05 00 00") == "00 01 05 80 04 00 00 00"


def test_28_14_the_mailbox_by_blocks() -> None:
    bmc = make_bmc()
    block = "57 01 00" + " aa" * 13
    assert set_option(bmc, "07 00 " + block) == 0
    assert set_option(bmc, "07 0f 01 02") == 0
    assert get_option(bmc, "07 00 00") == "00 01 07 00 " + block
    assert get_option(bmc, "07 0f 00") == "00 01 07 0f 01 02" + " 00" * 14
    assert set_option(bmc, "07 00" + " 11" * 17) == 0xC7
