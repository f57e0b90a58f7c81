"""Payload commands (§24), byte for byte as consoles see them, and a console that takes SOL over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.codes import Privilege
from baseboard.commands.parameters.sol import SolAuthentication, SolEnable
from baseboard.rmcp.sol_console import ConsoleNotice
from tests.bmc.consoles import ADMIN, OPEN_LAN, OPERATOR, VIEWER, LanBench, Terminal, make_lan_bmc
from tests.bmc.handlers.checks import ADMINISTRATOR, CALLBACK, LAN, USER, check
from tests.bmc.handlers.checks import OPERATOR as OPERATOR_LEVEL
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
ACTIVATE, DEACTIVATE, STATUS, INSTANCE = 0x48, 0x49, 0x4A, 0x4B
SET_ACCESS, GET_ACCESS, SUPPORT, VERSION, OEM_INFO, ENCRYPTION = 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x55
SEALED, SIGNED, PLAIN = "c0", "40", "00"
FREE = SolAuthentication(privilege=Privilege.USER)
"""Parameter 2 with the console in control of encryption and authentication."""


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    """A request of an administrator over LAN, outside any real session."""
    return bmc.raw(APP, cmd, bytes.fromhex(data), origin=bmc.origin(LAN))


def activate(console: Terminal, auxiliary: str = SEALED, head: str = "01 01") -> bytes:
    answer = console.ask(APP, ACTIVATE, bytes.fromhex(f"{head} {auxiliary} 00 00 00"))
    assert answer is not None
    return answer


def deactivate(console: Terminal, head: str = "01 01") -> bytes:
    answer = console.ask(APP, DEACTIVATE, bytes.fromhex(f"{head} 00 00 00 00"))
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (ACTIVATE, CALLBACK, (6,)),
        (DEACTIVATE, CALLBACK, (6,)),
        (STATUS, USER, (1,)),
        (INSTANCE, USER, (2,)),
        (SET_ACCESS, ADMINISTRATOR, (6,)),
        (GET_ACCESS, OPERATOR_LEVEL, (2,)),
        (SUPPORT, USER, (1,)),
        (VERSION, USER, (2,)),
        (OEM_INFO, USER, (7,)),
        (ENCRYPTION, USER, (3,)),
    ],
)
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...]) -> None:
    check(make_bmc(), APP, cmd, level, lengths)


# Activate Payload


def test_24_1_sizes_port_and_no_vlan_are_told() -> None:
    bmc = make_lan_bmc(lan=replace(OPEN_LAN, port=0x1856))
    # 4 + 255 bytes either way, port 6230, no VLAN
    assert activate(bmc.login()) == bytes.fromhex("00 00 00 00 00 03 01 03 01 56 18 ff ff")


@pytest.mark.parametrize("auxiliary", ["c0", "c2", "c4", "c6", "c8", "d1"])
def test_24_1_what_consoles_send_is_accepted(auxiliary: str) -> None:
    assert activate(make_lan_bmc().login(), auxiliary)[0] == 0


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("00 01", 0xCC),  # IPMI messages cannot be activated
        ("02 01", 0xCC),
        ("10 01", 0xCC),
        ("20 01", 0xCC),
        ("01 00", 0xC9),
        ("01 02", 0x82),  # there is one serial port
        ("01 0f", 0x82),
    ],
)
def test_24_1_other_payloads_and_instances(head: str, code: int) -> None:
    assert activate(make_lan_bmc().login(), head=head) == bytes((code,))


@pytest.mark.parametrize(
    ("suite", "parameter", "auxiliary", "code"),
    [
        # suite 3 can sign and encrypt
        (3, None, SEALED, 0x00),
        (3, None, SIGNED, 0x84),
        (3, None, PLAIN, 0x84),
        (3, FREE, SIGNED, 0x00),
        (3, FREE, PLAIN, 0x00),
        (3, FREE, "80", 0x83),  # no standard suite encrypts without signing
        # suite 2 can sign
        (2, None, SEALED, 0x83),
        (2, None, SIGNED, 0x00),
        (2, None, PLAIN, 0x00),
        # suite 1 can do neither
        (1, None, PLAIN, 0x00),
        (1, None, "80", 0x83),
        (1, None, SIGNED, 0xCC),
        # test mode, reserved behaviour of alerts
        (3, None, "e0", 0x00),
        (3, None, "cc", 0xCC),
    ],
)
def test_24_1_protection_as_asked_as_forced_as_the_suite_can(
    suite: int, parameter: SolAuthentication | None, auxiliary: str, code: int
) -> None:
    bmc = make_lan_bmc()
    if parameter is not None:
        bmc.services.sol.set_parameter(parameter)
    assert activate(bmc.login(ADMIN, suite), auxiliary)[0] == code


def test_24_1_forced_authentication_signs_what_the_bmc_sends() -> None:
    bmc = make_lan_bmc()
    bmc.services.sol.set_parameter(SolAuthentication(force_authentication=True, privilege=Privilege.USER))
    console = bmc.login(ADMIN, 2)
    console.activate_sol(encrypted=False, authenticated=False)
    console.type(b"dropped, as it is not signed")
    bmc.power.turn_on()
    bmc.advance(2)
    assert bmc.serial.typed == b""


@pytest.mark.parametrize(("level", "refused"), [(2, []), (3, [VIEWER]), (4, [VIEWER, OPERATOR])])
def test_24_1_the_level_is_that_of_sol_parameter_2(level: int, refused: list[object]) -> None:
    for user in (VIEWER, OPERATOR, ADMIN):
        bmc = make_lan_bmc()
        parameter = SolAuthentication(force_encryption=True, privilege=Privilege(level))
        bmc.services.sol.set_parameter(parameter)
        assert activate(bmc.login(user))[:1] == (b"\xd4" if user in refused else b"\0")


def test_24_1_sol_that_is_off_or_not_the_users_is_disabled() -> None:
    bmc = make_lan_bmc()
    viewer = bmc.login(VIEWER)
    assert ask(bmc, SET_ACCESS, "01 44 02 00 00 00") == b"\0"
    assert activate(viewer) == b"\x81"
    assert ask(bmc, SET_ACCESS, "01 04 02 00 00 00") == b"\0"
    bmc.services.sol.set_parameter(SolEnable(enabled=False))
    assert activate(viewer) == b"\x81"
    bmc.services.sol.set_parameter(SolEnable(enabled=True))
    bmc.backend.serial = None
    assert activate(viewer) == b"\x81"


def test_24_1_only_rmcp_plus_carries_payloads() -> None:
    bmc = make_lan_bmc()
    assert activate(bmc.login(version=15)) == b"\xd5"
    assert bmc.raw(APP, ACTIVATE, bytes.fromhex("01 01 c0 00 00 00")) == b"\xd5"


def test_24_1_an_instance_has_one_owner_who_does_not_get_it_twice() -> None:
    bmc = make_lan_bmc()
    first, second = bmc.login(), bmc.login()
    assert activate(first)[0] == 0
    assert activate(first) == b"\x80"
    assert activate(second) == b"\x80"


# Deactivate Payload, and taking over


def test_24_2_the_owner_ends_it_and_the_session_stays() -> None:
    bmc = make_lan_bmc()
    viewer = bmc.login(VIEWER)
    viewer.activate_sol()
    assert deactivate(viewer) == b"\0"
    assert viewer.alive
    assert ConsoleNotice.DEACTIVATED not in viewer.notices
    assert deactivate(viewer) == b"\x80"


def test_24_2_an_administrator_takes_sol_over_and_the_old_owner_is_told() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    viewer, admin = bmc.login(VIEWER), bmc.login(ADMIN)
    viewer.activate_sol()
    assert activate(admin) == b"\x80"
    assert deactivate(admin) == b"\0"
    assert viewer.notices == [ConsoleNotice.DEACTIVATED]
    admin.activate_sol()
    admin.type(b"mine")
    bmc.serial.say(b"now")
    bmc.advance(1)
    assert (bytes(bmc.serial.typed), bytes(admin.screen), bytes(viewer.screen)) == (b"mine", b"now", b"")
    viewer.ask(APP, 0x01)
    assert viewer.alive


def test_24_2_the_same_user_may_take_it_over_another_may_not() -> None:
    bmc = make_lan_bmc()
    first, again, operator = bmc.login(VIEWER), bmc.login(VIEWER), bmc.login(OPERATOR)
    first.activate_sol()
    assert deactivate(operator) == b"\xd4"
    assert bmc.services.sol.owner is first.session
    assert deactivate(again) == b"\0"
    assert bmc.services.sol.owner is None


def test_24_2_the_host_may_end_it() -> None:
    bmc = make_lan_bmc()
    console = bmc.login(VIEWER)
    console.activate_sol()
    assert bmc.raw(APP, DEACTIVATE, bytes.fromhex("01 01 00 00 00 00")) == b"\0"
    bmc.settle()
    assert console.notices[-1] is ConsoleNotice.DEACTIVATED


@pytest.mark.parametrize(
    ("head", "code"), [("00 01", 0xCC), ("02 01", 0xCC), ("01 00", 0x80), ("01 02", 0x80)]
)
def test_24_2_other_payloads_and_instances(head: str, code: int) -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    console.activate_sol()
    assert deactivate(console, head) == bytes((code,))
    assert bmc.services.sol.owner is console.session


# Suspend/Resume Payload Encryption


def encryption(console: Terminal, operation: int, head: str = "01 01") -> bytes | None:
    return console.ask(APP, ENCRYPTION, bytes.fromhex(head) + bytes((operation,)))


def test_24_3_the_owner_suspends_and_resumes_the_encryption_of_the_bmc() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    bmc.services.sol.set_parameter(FREE)
    console = bmc.login()
    console.activate_sol()
    for operation, text in ((0, b"clear "), (1, b"sealed "), (0, b"clear again")):
        assert encryption(console, operation) == b"\0"
        bmc.serial.say(text)
        bmc.advance(1)
    assert console.screen == b"clear sealed clear again"
    assert console.sealed == [False, True, False]


def test_24_3_forced_encryption_is_not_suspended() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    console.activate_sol()
    assert encryption(console, 0) == b"\x81"
    assert encryption(console, 1) == b"\0"


def test_24_3_without_encryption_there_is_none_to_resume() -> None:
    bmc = make_lan_bmc()
    console = bmc.login(ADMIN, 2)
    console.activate_sol(encrypted=False)
    for operation in (0, 1, 2):
        assert encryption(console, operation) == b"\x82"


@pytest.mark.parametrize(("suite", "code"), [(3, 0x80), (12, 0x80), (4, 0x00), (5, 0x00)])
def test_24_3_a_new_vector_is_for_key_streams_only(suite: int, code: int) -> None:
    suites = ((3, 4), (4, 4), (5, 4), (12, 4))  # AES-CBC, xRC4-128, xRC4-40, AES-CBC
    bmc = make_lan_bmc(lan=replace(OPEN_LAN, suites=suites))
    bmc.power.turn_on()
    console = bmc.login(ADMIN, suite)
    console.activate_sol()
    bmc.serial.say(b"one ")
    bmc.advance(1)
    assert encryption(console, 2) == bytes((code,))
    bmc.serial.say(b"two")
    bmc.advance(1)
    assert console.screen == b"one two"


def test_24_3_only_the_owner_of_an_active_instance_may() -> None:
    bmc = make_lan_bmc()
    owner, other = bmc.login(), bmc.login()
    assert encryption(owner, 1) == b"\x83"
    owner.activate_sol()
    assert encryption(other, 1) == b"\x83"
    assert encryption(owner, 1, "01 02") == b"\x83"
    assert encryption(owner, 1, "02 01") == b"\x80"
    assert encryption(owner, 3) == b"\xcc"
    assert bmc.raw(APP, ENCRYPTION, bytes.fromhex("01 01 01")) == b"\x83"


# Status and instances


def test_24_4_one_instance_of_sol_active_or_not() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    assert ask(bmc, STATUS, "01") == bytes.fromhex("00 01 00 00")
    console.activate_sol()
    assert ask(bmc, STATUS, "01") == bytes.fromhex("00 01 01 00")
    for payload in ("00", "02", "10", "20", "ff"):
        assert ask(bmc, STATUS, payload) == b"\xcc"


def test_24_5_an_instance_tells_its_owner_and_its_port() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    assert ask(bmc, INSTANCE, "01 01") == bytes(5) + bytes.fromhex("01 00 00 00 00 00 00 00")
    console.activate_sol()
    owner = console.session.id.to_bytes(4, "little")
    assert ask(bmc, INSTANCE, "01 01") == b"\0" + owner + bytes.fromhex("01 00 00 00 00 00 00 00")
    assert ask(bmc, INSTANCE, "01 02") == bytes(13)
    assert ask(bmc, INSTANCE, "01 00") == b"\xc9"
    assert ask(bmc, INSTANCE, "01 10") == b"\xc9"
    assert ask(bmc, INSTANCE, "02 01") == b"\xcc"


# Access of users


def test_24_6_payloads_that_are_not_named_stay_as_they_are() -> None:
    bmc = make_bmc()
    assert ask(bmc, GET_ACCESS, "01 03") == bytes.fromhex("00 02 00 00 00")
    assert ask(bmc, SET_ACCESS, "01 03 00 00 81 00") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 03") == bytes.fromhex("00 02 00 81 00")
    assert ask(bmc, SET_ACCESS, "0e 43 02 00 01 00") == b"\0"
    for reached in (bmc, bmc.reopen()):
        assert ask(reached, GET_ACCESS, "0e 03") == bytes.fromhex("00 00 00 80 00")
    assert ask(bmc, SET_ACCESS, "01 03 02 00 00 00") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 03") == bytes.fromhex("00 02 00 80 00")


def test_24_6_ipmi_messages_are_neither_given_nor_taken() -> None:
    bmc = make_bmc()
    for operation in ("03", "43"):
        assert ask(bmc, SET_ACCESS, f"01 {operation} 01 00 00 00") == b"\0"
        assert ask(bmc, GET_ACCESS, "01 03") == bytes.fromhex("00 02 00 00 00")


@pytest.mark.parametrize("head", ["01 83", "01 c3", "01 00", "01 10", "01 3f", "00 03", "0f 03", "07 03"])
def test_24_6_reserved_operations_other_users_and_channels(head: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACCESS, f"{head} 02 00 00 00") == b"\xcc"
    if head not in ("01 83", "01 c3"):
        assert ask(bmc, GET_ACCESS, head) == b"\xcc"


# What a channel has


@pytest.mark.parametrize("channel", ["01", "0e"])
def test_24_8_messages_sol_and_the_setup_payloads(channel: str) -> None:
    assert ask(make_bmc(), SUPPORT, channel) == bytes.fromhex("00 03 00 3f 00 00 00 00 00")


def test_24_8_other_channels_have_no_payload() -> None:
    bmc = make_bmc()
    for channel in ("00", "0f"):
        assert ask(bmc, SUPPORT, channel) == bytes(9)
    assert bmc.raw(APP, SUPPORT, b"\x0e") == bytes(9)
    assert ask(bmc, SUPPORT, "05") == b"\xcc"


def test_24_9_every_payload_is_of_version_1_0() -> None:
    bmc = make_bmc()
    for payload in (0x00, 0x01, *range(0x10, 0x16)):
        assert ask(bmc, VERSION, f"0e {payload:02x}") == b"\0\x10"


@pytest.mark.parametrize("data", ["01 02", "01 03", "01 16", "01 20", "00 01", "0f 01"])
def test_24_9_payloads_that_a_channel_does_not_have(data: str) -> None:
    assert ask(make_bmc(), VERSION, data) == b"\x80"


def test_24_10_there_is_no_oem_payload() -> None:
    bmc = make_bmc()
    for payload in ("02 57 01 00 01 00", "20 00 00 00 00 00", "27 00 00 00 00 00"):
        assert ask(bmc, OEM_INFO, f"01 {payload}") == b"\x80"
        assert ask(bmc, OEM_INFO, f"06 {payload}") == b"\xcc"


def test_sol_that_nobody_owns_has_no_listener() -> None:
    bmc: LanBench = make_lan_bmc()
    console = bmc.login()
    console.activate_sol()
    assert bmc.serial.attached is not None
    deactivate(console)
    assert bmc.serial.attached is None
