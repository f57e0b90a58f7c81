"""User commands (§22.26-22.30), byte for byte as consoles see them."""

from __future__ import annotations

import pytest

from baseboard.rmcp.console_events import LoginFailed
from baseboard.rmcp.login import Login
from baseboard.rmcp.sol_console import ConsoleNotice
from tests.bmc.consoles import ADMIN, VIEWER, make_lan_bmc
from tests.bmc.handlers.checks import ADMINISTRATOR, LAN, OPERATOR, check
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
SET_ACCESS, GET_ACCESS, SET_NAME, GET_NAME, SET_PASSWORD = 0x43, 0x44, 0x45, 0x46, 0x47
DISABLE, ENABLE, SET, TEST = range(4)


def ask(bmc: Bench, cmd: int, data: str | bytes = "") -> bytes:
    """A request of an administrator over LAN."""
    sent = data if isinstance(data, bytes) else bytes.fromhex(data)
    return bmc.raw(APP, cmd, sent, origin=bmc.origin(LAN))


def password(user: int, operation: int, text: bytes = b"", size: int = 16) -> bytes:
    """The data of Set User Password."""
    return bytes((user | (size == 20) << 7, operation)) + (text.ljust(size, b"\0") if text else b"")


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (SET_ACCESS, ADMINISTRATOR, (3, 4)),
        (GET_ACCESS, OPERATOR, (2,)),
        (SET_NAME, ADMINISTRATOR, (17,)),
        (GET_NAME, OPERATOR, (1,)),
    ],
)
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...]) -> None:
    check(make_bmc(), APP, cmd, level, lengths)


# Access


def test_22_26_access_reads_back_and_survives() -> None:
    bmc = make_bmc()
    # messaging and link authentication for user 5 on channel 1, up to Operator
    assert ask(bmc, SET_ACCESS, "b1 05 03") == b"\0"
    wanted = bytes.fromhex("00 0f 82 01 33")  # 15 users; 10b disabled by password command, 2 enabled; 1 fixed
    assert ask(bmc, GET_ACCESS, "01 05") == wanted
    assert ask(bmc, GET_ACCESS, "0e 05") == wanted
    assert ask(bmc.reopen(), GET_ACCESS, "01 05") == wanted


def test_22_26_the_limit_is_always_written_the_bits_only_if_byte_1_says_so() -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACCESS, "f1 05 04") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 05")[4] == 0x74
    assert ask(bmc, SET_ACCESS, "01 05 0f") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 05")[4] == 0x7F
    assert ask(bmc, SET_ACCESS, "81 05 02") == b"\0"
    assert ask(bmc, GET_ACCESS, "01 05")[4] == 0x02


def test_22_26_the_session_limit_is_optional_and_holds() -> None:
    bmc = make_lan_bmc()
    admin = bmc.login(ADMIN)
    assert admin.ask(APP, SET_ACCESS, bytes((0x91, VIEWER.user_id, 2, 1))) == b"\0"
    bmc.login(VIEWER)
    assert admin.ask(APP, SET_ACCESS, bytes((0x01, VIEWER.user_id, 2))) == b"\0"
    refused = bmc.attempt(Login(username=VIEWER.name, password=VIEWER.password, privilege=2))
    assert isinstance(refused.events[-1], LoginFailed)
    assert admin.ask(APP, SET_ACCESS, bytes((0x01, VIEWER.user_id, 2, 0))) == b"\0"
    bmc.login(VIEWER)


@pytest.mark.parametrize("limit", [0, 6, 7, 0xE])
def test_22_26_reserved_limits_are_refused_and_nothing_changes(limit: int) -> None:
    bmc = make_bmc()
    before = ask(bmc, GET_ACCESS, "01 03")
    assert ask(bmc, SET_ACCESS, bytes((0x81, 3, limit))) == b"\xcc"
    assert ask(bmc, GET_ACCESS, "01 03") == before


@pytest.mark.parametrize("user", ["00", "10", "3f"])
@pytest.mark.parametrize("channel", ["01", "0e"])
def test_22_26_there_are_no_other_users(user: str, channel: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACCESS, f"{channel} {user} 04") == b"\xcc"
    assert ask(bmc, GET_ACCESS, f"{channel} {user}") == b"\xcc"


@pytest.mark.parametrize("channel", ["00", "05", "0d", "0f"])
def test_22_26_users_are_of_channels_with_sessions(channel: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACCESS, f"{channel} 02 04") == b"\xcc"
    assert ask(bmc, GET_ACCESS, f"{channel} 02") == b"\xcc"


def test_22_27_enabled_users_are_counted() -> None:
    bmc = make_bmc()
    assert ask(bmc, GET_ACCESS, "01 02") == bytes.fromhex("00 0f 42 01 14")
    ask(bmc, SET_PASSWORD, password(2, DISABLE))
    assert ask(bmc, GET_ACCESS, "01 02") == bytes.fromhex("00 0f 81 01 14")


# Names


def test_22_28_a_name_reads_back_up_to_its_first_zero_and_survives() -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_NAME, b"\x05" + b"new\0garbage".ljust(16, b"x")) == b"\0"
    assert ask(bmc, GET_NAME, "05") == b"\0new".ljust(17, b"\0")
    assert ask(bmc.reopen(), GET_NAME, "05") == b"\0new".ljust(17, b"\0")
    assert ask(bmc, SET_NAME, b"\x05sixteen letters!") == b"\0"
    assert ask(bmc, GET_NAME, "05") == b"\0sixteen letters!"
    assert ask(bmc, SET_NAME, b"\x05" + bytes(16)) == b"\0"
    assert ask(bmc, GET_NAME, "05") == bytes(17)


def test_22_29_a_name_that_was_never_set_is_empty() -> None:
    assert ask(make_bmc(), GET_NAME, "09") == bytes(17)
    assert ask(make_bmc(), GET_NAME, "01") == bytes(17)


@pytest.mark.parametrize("user", [0, 1, 16, 63])
def test_22_28_user_1_keeps_its_null_name_and_others_do_not_exist(user: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_NAME, bytes((user,)) + b"root".ljust(16, b"\0")) == b"\xcc"
    assert ask(bmc, GET_NAME, bytes((user,))) == (bytes(17) if user == 1 else b"\xcc")


# Passwords


@pytest.mark.parametrize("size", [16, 20])
def test_22_30_a_password_is_set_and_tested_by_its_size(size: int) -> None:
    bmc = make_bmc()
    other = 36 - size
    assert ask(bmc, SET_PASSWORD, password(5, SET, b"secret", size)) == b"\0"
    for reached in (bmc, bmc.reopen()):
        assert ask(reached, SET_PASSWORD, password(5, TEST, b"secret", size)) == b"\0"
        assert ask(reached, SET_PASSWORD, password(5, TEST, b"Secret", size)) == b"\x80"
        assert ask(reached, SET_PASSWORD, password(5, TEST, b"secret", other)) == b"\x81"
        assert ask(reached, SET_PASSWORD, password(5, TEST, b"wrong", other)) == b"\x81"


def test_22_30_all_of_20_bytes_count() -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_PASSWORD, password(5, SET, b"twenty bytes, really", 20)) == b"\0"
    assert ask(bmc, SET_PASSWORD, password(5, TEST, b"twenty bytes, reallY", 20)) == b"\x80"
    assert ask(bmc, SET_PASSWORD, password(5, TEST, b"twenty bytes, really", 20)) == b"\0"


def test_22_30_a_null_password_is_one() -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_PASSWORD, bytes((5, SET)) + bytes(16)) == b"\0"
    assert ask(bmc, SET_PASSWORD, bytes((5, TEST)) + bytes(16)) == b"\0"


@pytest.mark.parametrize("operation", [DISABLE, ENABLE])
@pytest.mark.parametrize("size", range(0, 25))
def test_22_30_switching_takes_a_password_or_none(operation: int, size: int) -> None:
    data = bytes((3, operation)) + bytes(size)
    assert ask(make_bmc(), SET_PASSWORD, data) == (b"\0" if size in (0, 16, 20) else b"\xc7")


@pytest.mark.parametrize("operation", [SET, TEST])
@pytest.mark.parametrize("flag", [0, 0x80])
@pytest.mark.parametrize("size", range(0, 25))
def test_22_30_setting_and_testing_take_the_size_that_is_said(operation: int, flag: int, size: int) -> None:
    answer = ask(make_bmc(), SET_PASSWORD, bytes((3 | flag, operation)) + bytes(size))
    assert (answer == b"\xc7") == (size != (20 if flag else 16))


def test_22_30_a_request_without_operation_is_too_short() -> None:
    for data in (b"", b"\x03"):
        assert ask(make_bmc(), SET_PASSWORD, data) == b"\xc7"


@pytest.mark.parametrize("user", [0, 16, 63])
def test_22_30_other_users_have_no_password(user: int) -> None:
    assert ask(make_bmc(), SET_PASSWORD, password(user, SET, b"x")) == b"\xcc"


def test_g_1_passwords_are_the_administrators() -> None:
    bmc = make_bmc()
    for level in (1, 2, 3):
        assert bmc.raw(APP, SET_PASSWORD, password(3, ENABLE), origin=bmc.origin(LAN, level)) == b"\xd4"


def test_22_30_a_disabled_user_is_out_and_an_enabled_one_back_in() -> None:
    bmc = make_lan_bmc()
    admin, viewer, other = bmc.login(ADMIN), bmc.login(VIEWER), bmc.login(ADMIN)
    assert admin.ask(APP, SET_PASSWORD, password(VIEWER.user_id, DISABLE)) == b"\0"
    assert not viewer.alive
    login = Login(username=VIEWER.name, password=VIEWER.password, privilege=2)
    assert isinstance(bmc.attempt(login).events[-1], LoginFailed)
    assert admin.ask(APP, SET_PASSWORD, password(VIEWER.user_id, ENABLE)) == b"\0"
    assert bmc.login(VIEWER).alive
    # Whoever disables himself still hears that it is done.
    assert admin.ask(APP, SET_PASSWORD, password(ADMIN.user_id, DISABLE)) == b"\0"
    assert (admin.alive, other.alive) == (True, False)


def test_22_30_a_disabled_users_console_learns_that_its_sol_is_over() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    admin, viewer = bmc.login(ADMIN), bmc.login(VIEWER)
    viewer.activate_sol()
    admin.ask(APP, SET_PASSWORD, password(VIEWER.user_id, DISABLE))
    assert viewer.notices == [ConsoleNotice.DEACTIVATED]
    assert bmc.services.sol.owner is None


def test_lan_parameter_26_enabling_a_user_ends_a_lock_out() -> None:
    bmc = make_lan_bmc()
    assert bmc.raw(0x0C, 0x01, bytes.fromhex("01 1a 00 01 00 00 00 00")) == b"\0"
    bmc.attempt(Login(username=VIEWER.name, password=b"wrong", privilege=2), version=15)
    login = Login(username=VIEWER.name, password=VIEWER.password, privilege=2)
    assert isinstance(bmc.attempt(login).events[-1], LoginFailed)
    assert bmc.raw(APP, SET_PASSWORD, password(VIEWER.user_id, ENABLE)) == b"\0"
    assert bmc.login(VIEWER).alive
