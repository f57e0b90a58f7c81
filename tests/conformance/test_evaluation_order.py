"""What a BMC checks first when a request is wrong in several ways (§5.2, §18), and reserved bits (§5.1)."""

from __future__ import annotations

import pytest

from baseboard.commands.declaration import Interfaces, commands
from baseboard.testing.raw_console import RawConsole
from tests.conformance.bench import APP, CALLER, LAN, VIEWER, WholeBmc, bench, set_level

INVALID_COMMAND, INVALID_LUN, INVALID_LENGTH, INVALID_DATA = b"\xc1", b"\xc2", b"\xc7", b"\xcc"
INSUFFICIENT_PRIVILEGE = b"\xd4"
SET_USER_NAME = 0x45
VERSIONS = pytest.mark.parametrize("version", [15, 20])


def viewer(bmc: WholeBmc, version: int) -> RawConsole:
    return bmc.in_v15(VIEWER) if version == 15 else bmc.in_v20(VIEWER)


def at_lun(console: RawConsole, lun: int, netfn: int, cmd: int, data: bytes = b"") -> bytes:
    answer = console.send(console.packet(console.message(netfn, cmd, data, rs_lun=lun)))
    assert answer is not None
    return console.unwrap_response(answer)


@VERSIONS
def test_5_2_an_unknown_command_is_invalid_whatever_else_is_wrong(version: int) -> None:
    console = viewer(bench(), version)
    for netfn, cmd in ((APP, 0xEE), (0x0A, 0x99), (0x30, 0x01), (0x2E, 0x01), (0x3E, 0xFF)):
        for lun in (0, 1, 3):
            assert at_lun(console, lun, netfn, cmd, bytes(9)) == INVALID_COMMAND


@VERSIONS
def test_5_2_another_lun_comes_before_privilege_and_length(version: int) -> None:
    console = viewer(bench(), version)
    for lun in (1, 3):
        assert at_lun(console, lun, APP, 0x01) == INVALID_LUN
        assert at_lun(console, lun, APP, SET_USER_NAME) == INVALID_LUN


@VERSIONS
def test_18_privilege_comes_before_length_and_data(version: int) -> None:
    console = viewer(bench(), version)
    for size in (0, 1, 17, 40):
        assert console.ask(APP, SET_USER_NAME, bytes(size)) == INSUFFICIENT_PRIVILEGE


@VERSIONS
def test_5_2_length_comes_before_data(version: int) -> None:
    bmc = bench()
    console: RawConsole = bmc.in_v15(level=4) if version == 15 else bmc.in_v20(level=4)
    for size in (0, 1, 16, 18):
        assert console.ask(APP, SET_USER_NAME, bytes(size)) == INVALID_LENGTH, "there is no user 0 either"
    assert console.ask(APP, SET_USER_NAME, bytes(17)) == INVALID_DATA


@VERSIONS
def test_table_g_1_every_command_asks_for_its_level(version: int) -> None:
    """From the registry, which is held against the table: below a command's level there is D4h."""
    bmc = bench()
    consoles = {
        user.privilege: (bmc.in_v15(user) if version == 15 else bmc.in_v20(user, seed=user.user_id))
        for user in (CALLER, VIEWER)
    }
    checked = 0
    for command in commands():
        if command.group is not None or command.session_less or command.interfaces is not Interfaces.ANY:
            continue
        for level, console in consoles.items():
            if level < command.privilege:
                answer = console.ask(int(command.netfn), command.cmd, b"")
                assert answer in (INSUFFICIENT_PRIVILEGE, INVALID_COMMAND), command.name
                checked += answer == INSUFFICIENT_PRIVILEGE
    assert checked > 100


@VERSIONS
def test_table_g_1_local_commands_never_come_over_a_session(version: int) -> None:
    bmc = bench()
    console: RawConsole = bmc.in_v15(level=4) if version == 15 else bmc.in_v20(level=4)
    local = {Interfaces.SYSTEM_INTERFACE_ONLY, Interfaces.LOCAL_INTERFACE_ONLY}
    checked = 0
    for command in commands():
        if command.interfaces in local:
            answer = console.ask(int(command.netfn), command.cmd, b"")
            assert answer in (INSUFFICIENT_PRIVILEGE, INVALID_COMMAND), command.name
            checked += answer == INSUFFICIENT_PRIVILEGE
    assert checked >= 6


@pytest.mark.as_it_comes
def test_5_1_reserved_bits_are_ignored_and_a_strict_bmc_refuses_them() -> None:
    console = bench().in_v20()
    assert set_level(console, 0xF4) == b"\0\x04"
    assert console.ask(APP, 0x42, b"\xf1") == console.ask(APP, 0x42, bytes((LAN,)))
    strict = bench(strict=True).in_v20()
    assert set_level(strict, 0xF4) == INVALID_DATA
    assert strict.ask(APP, 0x42, b"\xf1") == INVALID_DATA
    assert set_level(strict, 0x04) == b"\0\x04"
