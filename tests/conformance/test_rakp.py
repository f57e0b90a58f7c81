"""RAKP 1 to 4: who is let in, with which level, under which keys (§13.20 to §13.24, §13.31)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.rmcp.setup import NAME_ONLY
from baseboard.testing.raw_console import OPEN_SESSION, RAKP_1, RAKP_3, RawConsoleV20
from tests.bmc.fakes import GUID
from tests.conformance.bench import (
    ADMIN,
    APP,
    ELSEWHERE,
    KG,
    LAN,
    LONG,
    VIEWER,
    WholeBmc,
    alive,
    bench,
    set_level,
)

# Table 13-15.
NO_RESOURCES, INVALID_SESSION_ID, INACTIVE_SESSION_ID = 0x01, 0x02, 0x08
INVALID_ROLE, UNAUTHORIZED_ROLE, INVALID_NAME_LENGTH = 0x09, 0x0A, 0x0C
UNAUTHORIZED_NAME, INVALID_ICV, ILLEGAL_PARAMETER = 0x0D, 0x0F, 0x12
KEYED_SUITES = pytest.mark.parametrize("suite", [1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17])


def opened(bmc: WholeBmc, user: UserSpec = ADMIN, **options: int) -> RawConsoleV20:
    console = bmc.v20(user, **options)
    assert console.open() == 0
    return console


@KEYED_SUITES
def test_13_21_rakp_2_proves_the_password_and_gives_the_system_guid(suite: int) -> None:
    bmc = bench(suites=(suite,))
    console = opened(bmc, suite=suite)
    answer = console.exchange(RAKP_1, console.rakp1_request(tag=0x33))
    assert answer is not None
    code = {1: 20, 2: 16, 3: 32}[int(console.suite.authentication)]
    assert len(answer) == 40 + code, "not truncated"
    assert (answer[0], answer[1]) == (0x33, 0)
    assert answer[4:8] == console.sidm.to_bytes(4, "little")
    assert answer[24:40] == GUID[::-1] == bmc.system(0x37)[1:]
    assert console.rakp1(console.rakp1_request(tag=0x33)) == 0
    assert console.proved


@KEYED_SUITES
def test_13_23_rakp_4_proves_the_keys(suite: int) -> None:
    console = opened(bench(suites=(suite,)), suite=suite)
    console.rakp1()
    request = console.rakp3_request(tag=0x44)
    answer = console.exchange(RAKP_3, request)
    assert answer is not None
    size = {1: 12, 2: 16, 3: 16}[int(console.suite.authentication)]
    assert len(answer) == 8 + size
    assert (answer[0], answer[1]) == (0x44, 0)
    assert answer[4:8] == console.sidm.to_bytes(4, "little")
    assert console.rakp3(request) == 0
    assert console.keyed
    assert alive(console)


def test_13_20_with_rakp_none_there_are_no_codes() -> None:
    console = opened(bench(suites=(0,)), suite=0)
    answer = console.exchange(RAKP_1, console.rakp1_request())
    assert answer is not None
    assert len(answer) == 40
    final = console.exchange(RAKP_3, console.rakp3_request())
    assert final is not None
    assert len(final) == 8


def test_7_under_suite_0_a_name_is_enough_and_strangers_get_nowhere() -> None:
    bmc = bench(suites=(0,))
    assert bmc.v20(replace(ADMIN, password=b"whatever"), suite=0).login() == [0, 0, 0]
    assert bmc.v20(replace(ADMIN, name=b"nobody"), suite=0).login()[-1] == INVALID_ICV
    assert bmc.v20(VIEWER, suite=0, role=0x14).login()[-1] == UNAUTHORIZED_ROLE


def test_13_21_random_numbers_are_fresh() -> None:
    bmc, seen = bench(), set()
    for number in range(20):
        console = bmc.v20(seed=number)
        assert [console.open(), console.rakp1()] == [0, 0]
        seen.add(console.rc)
    assert len(seen) == 20
    assert all(len(rc) == 16 for rc in seen)


@KEYED_SUITES
def test_13_22_a_wrong_password_fails_at_rakp_4(suite: int) -> None:
    bmc = bench(suites=(suite,))
    console = bmc.v20(replace(ADMIN, password=b"adminpW"), suite=suite)
    assert console.login() == [0, 0, INVALID_ICV]
    assert not console.proved
    assert not bmc.sessions


@pytest.mark.parametrize("suite", [3, 8, 17])
def test_13_22_every_byte_of_the_code_counts(suite: int) -> None:
    bmc = bench()
    size = {3: 20, 8: 16, 17: 32}[suite]
    for place in range(size):
        console = opened(bmc, suite=suite, seed=place)
        console.rakp1()
        code = bytearray(console.rakp3_request()[8:])
        code[place] ^= 1
        assert console.rakp3(console.rakp3_request(code=bytes(code))) == INVALID_ICV
    assert not bmc.sessions


@pytest.mark.parametrize("size", [0, 12, 16, 19])
def test_13_22_a_truncated_code_is_wrong(size: int) -> None:
    console = opened(bench(), suite=3)
    console.rakp1()
    code = console.rakp3_request()[8:]
    assert console.rakp3(console.rakp3_request(code=code[:size])) == INVALID_ICV


def test_13_22_a_wrong_code_ends_the_login() -> None:
    bmc = bench()
    console = opened(bmc)
    console.rakp1()
    right = console.rakp3_request(tag=9)
    assert console.rakp3(console.rakp3_request(code=bytes(32))) == INVALID_ICV
    assert console.rakp3(right) == INVALID_SESSION_ID
    assert console.rakp1() == INVALID_SESSION_ID
    assert not bmc.sessions


@pytest.mark.parametrize("status", [0x02, 0x0E, 0x0F, 0x12, 0xFF])
def test_13_22_a_console_that_gives_up_ends_the_login_without_an_answer(status: int) -> None:
    bmc = bench()
    console = opened(bmc)
    console.rakp1()
    assert console.rakp3(console.rakp3_request(status=status, code=b"")) is None
    assert not bmc.table.pending
    assert console.rakp3() == INVALID_SESSION_ID


def test_13_20_an_unknown_session_id_is_told() -> None:
    bmc = bench()
    console = opened(bmc)
    for number in (0, 1, console.sidc ^ 1, console.sidm):
        assert console.rakp1(console.rakp1_request(bmc_session_id=number)) == INVALID_SESSION_ID
        assert console.rakp3(console.rakp3_request(bmc_session_id=number)) == INVALID_SESSION_ID
    assert [console.rakp1(), console.rakp3()] == [0, 0]


def test_13_24_a_message_out_of_turn_finds_an_inactive_session() -> None:
    console = opened(bench())
    assert console.rakp3() == INACTIVE_SESSION_ID, "RAKP 3 before RAKP 1"
    assert console.rakp1() == 0
    assert console.rakp1(console.rakp1_request(rm=bytes(16))) == INACTIVE_SESSION_ID, "another RAKP 1"
    assert console.rakp3() == 0


def test_13_16_a_session_that_is_active_takes_no_setup_messages() -> None:
    console = bench().in_v20()
    assert alive(console)
    assert console.rakp1() == INVALID_SESSION_ID
    assert console.rakp3() == INVALID_SESSION_ID
    assert alive(console)


@pytest.mark.parametrize("role", [0x00, 0x10, 0x06, 0x16, 0x0F, 0x1F])
def test_13_20_a_reserved_role_is_invalid(role: int) -> None:
    assert bench().v20(role=role).login() == [0, INVALID_ROLE]


@pytest.mark.parametrize("length", [17, 18, 31, 255])
def test_13_20_a_name_of_more_than_16_bytes_is_too_long(length: int) -> None:
    console = opened(bench())
    request = console.rakp1_request(username=b"")[:-1] + bytes((length,)) + b"x" * min(length, 64)
    assert console.rakp1(request) == INVALID_NAME_LENGTH
    assert console.rakp1() == 0, "the login is not lost by it"


@pytest.mark.parametrize("size", range(8, 33))
def test_13_20_a_message_cut_short_is_illegal(size: int) -> None:
    console = opened(bench())
    request = console.rakp1_request()
    assert len(request) == 33
    assert console.rakp1(request[:size]) == ILLEGAL_PARAMETER


def test_13_16_a_message_of_no_sensible_length_gets_silence() -> None:
    """The last setup message is kept for its repeat: a stranger does not choose how much is kept."""
    console = opened(bench())
    for kind, request in ((OPEN_SESSION, console.open_request()), (RAKP_1, console.rakp1_request())):
        assert console.exchange(kind, request + bytes(1000)) is None
    assert [console.rakp1(), console.rakp3()] == [0, 0]


def test_13_20_a_name_of_16_bytes_is_taken_and_one_padded_to_16_read_by_its_length() -> None:
    long_name = replace(ADMIN, name=b"sixteen letters!")
    assert bench(users=(long_name,)).v20(long_name).login() == [0, 0, 0]
    console = opened(bench())
    padded = console.rakp1_request() + bytes(11)
    assert len(padded) == 44
    assert [console.rakp1(padded), console.rakp3()] == [0, 0]


def test_13_20_reserved_bits_of_the_role_are_hashed_and_otherwise_ignored() -> None:
    bmc = bench()
    console = bmc.v20(role=0xE0 | NAME_ONLY | 3)
    assert console.login() == [0, 0, 0]
    assert console.keyed
    assert set_level(console, 4) == b"\x81"


@KEYED_SUITES
def test_13_31_two_key_logins(suite: int) -> None:
    bmc = bench(suites=(suite,), kg=KG)
    right = bmc.in_v20(suite=suite, kg=KG)
    assert alive(right)


@pytest.mark.parametrize("kg", [b"", KG[:-1] + b"\x02", KG[:-1], KG[1:], b"\x01" + KG[1:]])
def test_13_31_a_wrong_kg_shows_in_rakp_4_only(kg: bytes) -> None:
    """The BMC has accepted RAKP 3: K_G enters the session's keys and nothing before them."""
    bmc = bench(kg=KG)
    console = bmc.v20(kg=kg)
    assert console.login() == [0, 0, 0]
    assert (console.proved, console.keyed) == (True, False)
    assert console.ask(APP, 0x01) is None
    bmc.advance(60)
    assert not bmc.sessions


def test_13_31_a_kg_where_there_is_none_is_wrong_too() -> None:
    console = bench().v20(kg=KG)
    assert console.login() == [0, 0, 0]
    assert not console.keyed


def test_22_25_kg_holds_for_logins_from_its_setting_on() -> None:
    bmc = bench()
    before = bmc.in_v20()
    assert bmc.system(0x56, bytes((LAN, 1, 1)) + KG) == b"\0\x02"
    assert alive(before)
    assert alive(bmc.in_v20(kg=KG, address=ELSEWHERE))
    assert not entered_one_key(bmc)
    assert bmc.system(0x56, bytes((LAN, 1, 1)) + bytes(20)) == b"\0\x02"
    assert entered_one_key(bmc)


def entered_one_key(bmc: WholeBmc) -> bool:
    console = bmc.v20(address=("192.0.2.5", 5))
    assert console.login() == [0, 0, 0]
    return console.keyed


@pytest.mark.parametrize("suite", [3, 8, 12, 17])
@pytest.mark.parametrize(
    "password",
    [b"", b"a", b"x" * 15, b"x" * 16, b"x" * 17, b"x" * 19, bytes(range(236, 256)), b"in\0side"],
    ids=repr,
)
def test_13_31_passwords_of_any_size_up_to_20(password: bytes, suite: int) -> None:
    user = UserSpec(2, b"user", password, size=20 if len(password) > 16 else 16)
    assert alive(bench(users=(user,)).in_v20(user, suite=suite))


def test_13_31_a_password_of_20_bytes_counts_to_its_last() -> None:
    bmc = bench()
    assert alive(bmc.in_v20(LONG))
    for wrong in (LONG.password[:16], LONG.password[:19], LONG.password[:19] + b"?"):
        assert bmc.v20(replace(LONG, password=wrong)).login() == [0, 0, INVALID_ICV]


def test_4_1_repeats_are_answered_the_same_at_every_step() -> None:
    bmc = bench()
    console = bmc.v20()
    console.open()
    for kind, request in ((RAKP_1, console.rakp1_request), (RAKP_3, console.rakp3_request)):
        datagram = request()
        first = console.exchange(kind, datagram)
        assert first is not None
        assert first[1] == 0
        assert [console.exchange(kind, datagram) for _ in range(3)] == [first] * 3
        if kind == RAKP_1:
            console.rakp1(datagram)
    assert len(bmc.sessions) == 1
    assert console.rakp3() == 0
    assert alive(console)
    assert console.rakp3() == INVALID_SESSION_ID, "the session is in use"


def test_4_1_a_refusal_is_repeated_too() -> None:
    bmc = bench()
    console = opened(bmc)
    console.rakp1()
    wrong = console.rakp3_request(code=bytes(32))
    assert [console.rakp3(wrong) for _ in range(3)] == [INVALID_ICV] * 3


def test_13_16_a_repeat_from_elsewhere_is_answered_there() -> None:
    """Whoever answers by address must not send one console's answer to another."""
    bmc = bench()
    console = opened(bmc)
    request = console.packet(console.rakp1_request(), RAKP_1, session_id=0, sequence=0)
    assert len(bmc.carry(request, ELSEWHERE)) == 1
    assert len(bmc.carry(request)) == 1


def test_13_17_setup_messages_of_other_kinds_do_not_end_a_login() -> None:
    bmc = bench()
    console = opened(bmc)
    assert console.exchange(OPEN_SESSION, b"") is None
    assert console.exchange(RAKP_3, b"\0" * 4) is None
    assert [console.rakp1(), console.rakp3()] == [0, 0]
