"""Session commands (§22.16-22.21), byte for byte as consoles see them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.rmcp.machine import Address
from baseboard.rmcp.sol_console import ConsoleNotice
from baseboard.testing.raw_console import RawConsoleV15
from tests.bmc.consoles import ADMIN, EVERYBODY, OPEN_LAN, OPERATOR, VIEWER, LanBench, make_lan_bmc
from tests.bmc.handlers.checks import ANYBODY, CALLBACK, LAN, USER, check, check_level
from tests.bmc.handlers.checks import OPERATOR as OPERATOR_LEVEL
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
CHALLENGE, ACTIVATE, SET_LEVEL, CLOSE, GET_INFO, AUTH_CODE = 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3F
CALLER = UserSpec(5, b"caller", b"callerpw", size=16, privilege=1)
LONG = UserSpec(6, b"long", b"twenty bytes of pass", size=20)


def ask(bmc: Bench, cmd: int, data: bytes | str = b"", level: int = 4) -> bytes:
    """A request over LAN, without the packet that it came in."""
    sent = bytes.fromhex(data) if isinstance(data, str) else data
    return bmc.raw(APP, cmd, sent, origin=bmc.origin(LAN, level))


def number(value: int) -> bytes:
    return value.to_bytes(4, "little")


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (CHALLENGE, ANYBODY, (17,)),
        (ACTIVATE, ANYBODY, (22,)),
        (SET_LEVEL, USER, (1,)),
        (CLOSE, CALLBACK, (4, 5)),
        (AUTH_CODE, OPERATOR_LEVEL, (19,)),
    ],
)
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...]) -> None:
    check(make_bmc(), APP, cmd, level, lengths)


# The v1.5 login


def console(bmc: LanBench, user: UserSpec = ADMIN, **options: Any) -> RawConsoleV15:
    return RawConsoleV15(bmc.carry, user.name, user.password, **options)


@pytest.mark.parametrize("auth_type", [0, 1, 2, 4])
def test_22_17_a_login_of_every_type(auth_type: int) -> None:
    bmc = make_lan_bmc()
    made = console(bmc, auth_type=auth_type)
    assert made.login() == [0, 0]
    assert (made.told, made.granted, made.sequence) == (auth_type, 4, 0x1000)
    assert made.inbound
    assert made.session_id in bmc.endpoint.table.sessions
    answer = made.ask(APP, 0x01)
    assert answer is not None
    assert answer[0] == 0


def test_22_16_a_type_that_is_not_enabled_is_refused() -> None:
    bmc = make_lan_bmc(lan=replace(OPEN_LAN, auth_types=0x04))
    codes = [console(bmc, auth_type=auth_type).get_challenge() for auth_type in (0, 1, 2, 3, 4, 5)]
    assert codes == [0xCC, 0xCC, 0, 0xCC, 0xCC, 0xCC]


@pytest.mark.parametrize(("name", "code"), [(b"nobody", 0x81), (b"long", 0x81), (b"", 0x82)])
def test_22_16_who_is_no_user_is_told_only_if_errors_are_revealed(name: bytes, code: int) -> None:
    stranger = UserSpec(9, name, b"x")
    users = (*EVERYBODY, LONG)
    revealing = make_lan_bmc(users=users, reveal_login_errors=True)
    assert console(revealing, stranger).get_challenge() == code
    assert console(make_lan_bmc(users=users), stranger).login() == [0, None]


@pytest.mark.parametrize(
    ("options", "code"),
    [({"outbound": 0}, 0x84), ({"privilege": 4}, 0x86), ({"privilege": 0}, 0xCC), ({"privilege": 6}, 0xCC)],
)
def test_22_17_what_cannot_be_activated(options: dict[str, int], code: int) -> None:
    bmc = make_lan_bmc()
    assert console(bmc, VIEWER, **{"privilege": 2, **options}).login() == [0, code]
    assert bmc.endpoint.table.sessions == {}


def test_22_17_slots_are_bounded_for_all_and_for_a_user() -> None:
    bmc = make_lan_bmc(lan=replace(OPEN_LAN, session_slots=2))
    access = bmc.services.users.access(LAN, VIEWER.user_id)
    access.session_limit = 1
    bmc.services.users.set_access(LAN, VIEWER.user_id, access)
    assert console(bmc, VIEWER, privilege=2).login() == [0, 0]
    assert console(bmc, VIEWER, privilege=2).login() == [0, 0x82]
    assert console(bmc).login() == [0, 0]
    assert console(bmc).login() == [0, 0x81]


def test_22_17_inside_a_session_of_the_other_version_there_is_nothing_to_activate() -> None:
    bmc = make_lan_bmc()
    data = bytes((2, 4)) + bytes(16) + number(1)
    assert bmc.login().ask(APP, ACTIVATE, data) == b"\x85"


def test_22_16_the_host_has_no_sessions_to_log_in_to() -> None:
    bmc = make_lan_bmc()
    for cmd, size in ((CHALLENGE, 17), (ACTIVATE, 22), (SET_LEVEL, 1)):
        assert bmc.raw(APP, cmd, bytes(size)) == b"\xd5"


# Set Session Privilege Level


def test_22_18_a_session_rises_to_its_ceiling_and_sinks() -> None:
    bmc = make_lan_bmc()
    made = bmc.login(ADMIN, privilege=3)
    assert made.session.privilege == 3
    assert made.ask(APP, SET_LEVEL, b"\x00") == b"\0\x03"
    assert made.ask(APP, SET_LEVEL, b"\x02") == b"\0\x02"
    assert made.ask(APP, SET_LEVEL, b"\x00") == b"\0\x02"
    assert made.ask(APP, SET_LEVEL, b"\x04") == b"\x81"
    assert made.ask(APP, SET_LEVEL, b"\x05") == b"\x80"
    assert made.ask(APP, SET_LEVEL, b"\x03") == b"\0\x03"


@pytest.mark.parametrize("level", [1, 6, 7, 0xF])
def test_22_18_callback_and_reserved_levels_are_refused(level: int) -> None:
    bmc = make_lan_bmc()
    made = bmc.login(ADMIN)
    assert made.ask(APP, SET_LEVEL, bytes((level,))) == b"\xcc"
    assert made.ask(APP, SET_LEVEL, b"\x00") == b"\0\x04"


def test_22_18_changed_limits_hold_at_once() -> None:
    bmc = make_lan_bmc()
    made = bmc.login(OPERATOR, privilege=3)
    access = bmc.services.users.access(LAN, OPERATOR.user_id)
    access.limit = 2
    assert made.ask(APP, SET_LEVEL, b"\x03") == b"\x80"
    access.limit = 0xF  # no access
    assert made.ask(APP, SET_LEVEL, b"\x02") == b"\x80"
    access.limit = 4
    bmc.services.channels.set_access(LAN, stored=False, limit=2)
    assert made.ask(APP, SET_LEVEL, b"\x03") == b"\x81"


def test_22_18_a_callback_session_stays_one() -> None:
    bmc = make_lan_bmc(users=(CALLER,))
    made = bmc.login(CALLER)
    assert made.session.privilege == 1
    assert made.ask(APP, SET_LEVEL, b"\x02") == b"\xd4"


# Close Session


@pytest.mark.parametrize("by_handle", [False, True])
def test_22_19_one_closes_ones_own_session_and_hears_of_it(by_handle: bool) -> None:
    bmc = make_lan_bmc(users=(CALLER,))
    made = bmc.login(CALLER)
    session = made.session
    data = number(0) + bytes((session.handle,)) if by_handle else number(session.id)
    assert made.ask(APP, CLOSE, data) == b"\0"
    assert not made.alive
    assert made.ask(APP, CLOSE, data) is None


def test_22_19_other_sessions_are_the_administrators_and_the_hosts() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    admin, operator, viewer = bmc.login(ADMIN), bmc.login(OPERATOR), bmc.login(VIEWER)
    viewer.activate_sol()
    assert operator.ask(APP, CLOSE, number(viewer.session.id)) == b"\xd4"
    assert operator.ask(APP, CLOSE, number(0) + bytes((viewer.session.handle,))) == b"\xd4"
    assert viewer.alive
    assert admin.ask(APP, CLOSE, number(viewer.session.id)) == b"\0"
    assert not viewer.alive
    assert viewer.notices == [ConsoleNotice.DEACTIVATED]
    assert bmc.raw(APP, CLOSE, number(operator.session.id)) == b"\0"
    assert (operator.alive, admin.alive) == (False, True)


@pytest.mark.parametrize(
    ("data", "code"),
    [("01 00 00 00", 0x87), ("00 00 00 00", 0x87), ("01 00 00 00 01", 0x87), ("00 00 00 00 fe", 0x88)],
)
@pytest.mark.parametrize("user", [ADMIN, VIEWER])
def test_22_19_sessions_that_there_are_not(user: UserSpec, data: str, code: int) -> None:
    bmc = make_lan_bmc()
    assert bmc.login(user).ask(APP, CLOSE, bytes.fromhex(data)) == bytes((code,))


# Get Session Info


def test_22_20_the_present_session_one_by_number_handle_or_id() -> None:
    bmc = make_lan_bmc(lan=replace(OPEN_LAN, session_slots=5))
    first = bmc.login(ADMIN)
    other = RawConsoleV15(
        bmc.carry, OPERATOR.name, OPERATOR.password, privilege=3, address=("10.1.2.3", 0x3039)
    )
    assert other.login() == [0, 0]
    old, new = bmc.endpoint.table.sessions.values()
    # handle, 5 slots, 2 active; user 2 at Administrator, RMCP+ on channel 1; 192.0.2.1 without MAC
    mine = bytes((old.handle, 5, 2, 2, 4, 0x11)) + bytes.fromhex("c0 00 02 01 00 00 00 00 00 00")
    mine += first.address[1].to_bytes(2, "little")
    # user 3 at User, IPMI v1.5 on channel 1; 10.1.2.3 port 12345
    others = bytes((new.handle, 5, 2, 3, 2, 0x01)) + bytes.fromhex("0a 01 02 03 00 00 00 00 00 00 39 30")
    for data in (b"\x00", b"\x01", bytes((0xFE, old.handle)), b"\xff" + number(old.id)):
        assert first.ask(APP, GET_INFO, data) == b"\0" + mine
    for data in (b"\x02", bytes((0xFE, new.handle)), b"\xff" + number(new.id)):
        assert first.ask(APP, GET_INFO, data) == b"\0" + others


def test_22_20_without_such_a_session_only_the_counts_are_told() -> None:
    bmc = make_lan_bmc(lan=replace(OPEN_LAN, session_slots=5))
    made = bmc.login(VIEWER)
    counts = bytes.fromhex("00 00 05 01")
    for data in ("02", "05", "fe fd", "ff 01 00 00 00"):
        assert made.ask(APP, GET_INFO, bytes.fromhex(data)) == counts
    assert bmc.raw(APP, GET_INFO, b"\x00") == counts


def test_22_20_numbers_beyond_the_slots_are_out_of_range() -> None:
    bmc = make_lan_bmc(lan=replace(OPEN_LAN, session_slots=5))
    assert bmc.raw(APP, GET_INFO, b"\x06") == b"\xc9"
    assert bmc.raw(APP, GET_INFO, b"\xfd") == b"\xc9"


@pytest.mark.parametrize(
    "data", ["", "00 00", "01 00", "fe", "fe 01 02", "ff", "ff 01", "ff 01 00 00", "ff 01 00 00 00 00"]
)
def test_22_20_the_length_depends_on_the_index(data: str) -> None:
    assert ask(make_bmc(), GET_INFO, data) == b"\xc7"
    check_level(make_bmc(), APP, GET_INFO, USER)


def test_22_20_six_bits_count_no_more_than_63() -> None:
    bmc = make_lan_bmc(lan=replace(OPEN_LAN, session_slots=200))
    for _ in range(3):
        bmc.login(VIEWER)
    assert bmc.raw(APP, GET_INFO, b"\x00") == bytes.fromhex("00 00 3f 03")


@pytest.mark.parametrize(
    ("address", "shown"),
    [(("2001:db8::1", 623, 0, 0), "00000000"), (("::ffff:192.0.2.7", 623, 0, 0), "c0000207")],
)
def test_22_20_an_ipv6_console_has_no_place_there(address: Address, shown: str) -> None:
    bmc = make_lan_bmc()
    made = RawConsoleV15(bmc.carry, ADMIN.name, ADMIN.password, address=address)
    assert made.login() == [0, 0]
    answer = made.ask(APP, GET_INFO, b"\x00")
    assert answer is not None
    assert answer[7:11].hex() == shown


# Get AuthCode

DATA = bytes(range(16))


def auth_code(bmc: Bench, algorithm: int, user: UserSpec, data: bytes = DATA, channel: int = LAN) -> bytes:
    return ask(bmc, AUTH_CODE, bytes((algorithm, channel, user.user_id)) + data)


def test_22_21_hashes_by_the_algorithms_of_v15() -> None:
    bmc = make_bmc(users=(ADMIN, LONG))
    key = ADMIN.password.ljust(16, b"\0")
    assert auth_code(bmc, 2, ADMIN) == b"\0" + hashlib.md5(key + DATA + key, usedforsecurity=False).digest()
    assert len(auth_code(bmc, 1, ADMIN)) == 17
    assert auth_code(bmc, 1, ADMIN) != auth_code(bmc, 1, ADMIN, bytes(16))


def test_22_21_a_straight_password_is_compared() -> None:
    bmc = make_bmc(users=(ADMIN,))
    assert auth_code(bmc, 4, ADMIN, ADMIN.password.ljust(16, b"\0")) == b"\0"
    assert auth_code(bmc, 4, ADMIN, b"wrong".ljust(16, b"\0")) == b"\xcc"


@pytest.mark.parametrize(
    ("algorithm", "digest", "size"), [(0x41, "sha1", 12), (0x42, "md5", 16), (0x44, "sha256", 16)]
)
def test_22_21_hashes_by_the_integrity_algorithms_of_v20(algorithm: int, digest: str, size: int) -> None:
    bmc = make_bmc(users=(LONG,))
    expected = hmac.digest(LONG.password.ljust(20, b"\0"), DATA, digest)[:size]
    assert auth_code(bmc, algorithm, LONG) == b"\0" + expected


def test_22_21_md5_128_hashes_too() -> None:
    assert len(auth_code(make_bmc(users=(ADMIN,)), 0x43, ADMIN)) == 17


@pytest.mark.parametrize(
    ("algorithm", "user", "channel"),
    [
        (0x00, ADMIN, LAN),
        (0x03, ADMIN, LAN),
        (0x05, ADMIN, LAN),
        (0x40, ADMIN, LAN),
        (0x45, ADMIN, LAN),
        (0x82, ADMIN, LAN),
        (0x02, LONG, LAN),  # a 20-byte password in v1.5
        (0x02, ADMIN, 0x0F),
        (0x02, ADMIN, 0x07),
        (0x02, UserSpec(16, b"", b""), LAN),
    ],
)
def test_22_21_other_algorithms_users_and_channels(algorithm: int, user: UserSpec, channel: int) -> None:
    assert auth_code(make_bmc(users=(ADMIN, LONG)), algorithm, user, channel=channel) == b"\xcc"
