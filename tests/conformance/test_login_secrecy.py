"""What a login tells a stranger: nothing about users, unless login errors are revealed (§13.20, §22.16).

Two BMCs from one seed are asked the same; all that differs between them is whether the user exists. Their
answers must be the same to the byte, apart from what is random by nature (which is drawn in the same order),
and so must be the work done for them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from baseboard import crypto
from baseboard.bmc.blueprint import UserSpec
from baseboard.rmcp import lan_message, v15
from baseboard.rmcp.setup import NAME_ONLY
from baseboard.testing.raw_console import OPEN_SESSION, RAKP_1, RAKP_3, RawConsoleV20
from tests.conformance.bench import (
    ADMIN,
    ANONYMOUS,
    APP,
    CALLER,
    LAN,
    LONG,
    MD2,
    MD5,
    NULL,
    OPERATOR,
    PASSWORD,
    VIEWER,
    WholeBmc,
    bench,
)

INVALID_ICV, UNAUTHORIZED_ROLE, UNAUTHORIZED_NAME = 0x0F, 0x0A, 0x0D
CRYPTO = str(Path(crypto.__file__).parent)
SUITES = (1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17)

# A password that needs no padding, as that of users who do not exist: padding is all that could differ.
VICTIM = replace(ADMIN, user_id=4, password=b"sixteen bytes of")
# Who is not let in, and why: the same login at each of these BMCs must look the same.
ABSENT = (OPERATOR,)
OUTSIDERS: dict[str, tuple[UserSpec, ...]] = {
    "unknown user": ABSENT,
    "wrong password": (OPERATOR, VICTIM),
    "disabled user": (OPERATOR, replace(VICTIM, enabled=False)),
    "no access": (OPERATOR, replace(VICTIM, privilege=15)),
    "lower limit": (OPERATOR, replace(VICTIM, privilege=2)),
}


class Work:
    """Counts what is done in our cryptography, call by call, with the sizes of what it is done to."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(CRYPTO):
            sizes = [
                str(len(value)) if isinstance(value, bytes) else type(value).__name__
                for value in (
                    frame.f_locals[name] for name in frame.f_code.co_varnames[: frame.f_code.co_argcount]
                )
            ]
            self.done.append((frame.f_code.co_qualname, *sizes))

    def of(self, step: Callable[[], bytes | None]) -> bytes | None:
        sys.setprofile(self)
        try:
            return step()
        finally:
            sys.setprofile(None)


def guess_v20(users: tuple[UserSpec, ...], suite: int, role: int, **options: Any) -> tuple[list[Any], Any]:
    """Log in as a user with a wrong password; return all answers, and the work done for them."""
    bmc = bench(users=users, suites=(suite,), **options)
    console = bmc.v20(replace(ADMIN, password=b"guess"), suite=suite, role=role)
    work, answers = Work(), []
    answers.append(exchange(console, work, OPEN_SESSION, console.open_request()))
    console.open()
    for kind, make, note in (
        (RAKP_1, console.rakp1_request, console.rakp1),
        (RAKP_3, console.rakp3_request, console.rakp3),
    ):
        request = make()
        answers.append(exchange(console, work, kind, request))
        # The repeat is answered as before, and leaves in the console what it needs for the next step.
        note(request)
    return answers, work.done


def exchange(console: RawConsoleV20, work: Work, kind: int, payload: bytes) -> bytes | None:
    sent = console.packet(payload, kind, session_id=0, sequence=0)
    return work.of(lambda: b"".join(console.carry(sent, console.address)))


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_13_20_an_unknown_user_looks_like_a_wrong_password(outsider: str, suite: int) -> None:
    expected, work = guess_v20(OUTSIDERS["wrong password"], suite, NAME_ONLY | 4)
    got, done = guess_v20(OUTSIDERS[outsider], suite, NAME_ONLY | 4)
    assert expected[2][17] == INVALID_ICV
    assert apart_from_codes(got) == apart_from_codes(expected)
    assert [len(answer) for answer in got] == [len(answer) for answer in expected]
    assert done == work
    assert any("keac2" in call[0] for call in work)
    assert any("keac3" in call[0] for call in work)


def apart_from_codes(answers: list[bytes]) -> list[bytes]:
    """RAKP 2 ends with a code, which depends on a password that the stranger does not know."""
    opened, challenged, final = answers
    return [opened, challenged[: 16 + 40], final]


@pytest.mark.parametrize("role", [NAME_ONLY | 4, NAME_ONLY | 1, 4, 3, 1])
def test_13_20_so_it_does_for_every_role_and_way_of_look_up(role: int) -> None:
    expected, work = guess_v20(OUTSIDERS["wrong password"], 17, role)
    for users in OUTSIDERS.values():
        got, done = guess_v20(users, 17, role)
        assert apart_from_codes(got) == apart_from_codes(expected)
        assert done == work


def test_13_20_a_locked_out_user_looks_the_same() -> None:
    def made(users: tuple[UserSpec, ...]) -> list[bytes | None]:
        bmc = bench(users=users, bad_password_threshold=2)
        for number in range(4):
            bmc.v20(replace(ADMIN, password=b"guess"), seed=number).login()
        console = bmc.v20(replace(ADMIN, password=b"guess"), seed=9)
        request = console.open_request()
        answers = [console.exchange(OPEN_SESSION, request)]
        console.open(request)
        request = console.rakp1_request()
        answers.append((console.exchange(RAKP_1, request) or b"")[:40])
        console.rakp1(request)
        return [*answers, console.exchange(RAKP_3, console.rakp3_request())]

    assert made(OUTSIDERS["wrong password"]) == made(ABSENT)


def test_13_21_the_code_for_an_unknown_user_is_as_good_as_any() -> None:
    """It is that of one password that nobody knows, so a second look does not tell either."""
    bmc = bench(users=ABSENT)
    codes = set()
    for number in range(10):
        console = bmc.v20(replace(ADMIN, password=b"guess"), seed=number)
        console.open()
        request = console.rakp1_request()
        answer = console.exchange(RAKP_1, request)
        assert answer is not None
        assert console.exchange(RAKP_1, request) == answer
        codes.add(answer[40:])
        assert console.rakp1(request) == 0
        assert not console.proved
    assert len(codes) == 10
    assert all(any(code) for code in codes)


def test_13_21_two_unknown_users_have_the_same_password_that_nobody_knows() -> None:
    bmc = bench(users=ABSENT)
    for password in (b"", bytes(20), b"guess", b"operpw"):
        for name in (b"admin", b"root", b"", b"sixteen letters!"):
            console = bmc.v20(replace(ADMIN, name=name, password=password), seed=len(name))
            assert console.login() == [0, 0, INVALID_ICV]
            assert not console.proved


def guess_v15(users: tuple[UserSpec, ...], auth_type: int) -> tuple[list[list[bytes]], Any]:
    bmc = bench(users=users)
    console = bmc.v15(replace(ADMIN, password=b"guess"), auth_type=auth_type)
    work = Work()
    first = v15.wrap(0, 0, 0, challenge_message(auth_type, ADMIN.name))
    answers = [[work.of(lambda: b"".join(bmc.carry(first))) or b""]]
    assert console.get_challenge() == 0
    second = console.activate_packet()
    answers.append([work.of(lambda: b"".join(bmc.carry(second))) or b""])
    return answers, work.done


def challenge_message(auth_type: int, name: bytes) -> bytes:
    return lan_message.wrap_request(APP, 0x39, bytes((auth_type,)) + name.ljust(16, b"\0"), 1)


@pytest.mark.parametrize("auth_type", [MD2, MD5, PASSWORD])
@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_22_16_an_unknown_user_gets_a_challenge_like_anybody(outsider: str, auth_type: int) -> None:
    expected, work = guess_v15(OUTSIDERS["wrong password"], auth_type)
    got, done = guess_v15(OUTSIDERS[outsider], auth_type)
    assert got == expected
    assert expected[0][0]
    assert expected[1] == [b""]
    assert done == work
    assert work


def test_22_16_a_user_with_a_password_of_20_bytes_too() -> None:
    long = (OPERATOR, replace(VICTIM, size=20))
    assert guess_v15(long, MD5) == guess_v15(ABSENT, MD5)


@pytest.mark.parametrize("auth_type", [MD2, MD5, PASSWORD])
def test_22_16_only_the_right_password_of_a_user_is_answered(auth_type: int) -> None:
    bmc = bench(users=ABSENT)
    for password in (b"", bytes(16), b"guess", ADMIN.password):
        assert bmc.v15(replace(ADMIN, password=password), auth_type=auth_type).login() == [0, None]


# With login errors revealed, the specification's codes -------------------------------------------------


def revealing(*users: UserSpec, **options: Any) -> WholeBmc:
    return bench(users=users or (ADMIN, OPERATOR, VIEWER, CALLER, LONG), reveal=True, **options)


def test_13_24_revealed_an_unknown_name_is_unauthorized() -> None:
    bmc = revealing()
    assert bmc.v20(replace(ADMIN, name=b"nobody")).login() == [0, UNAUTHORIZED_NAME]
    assert bmc.v20(replace(ADMIN, name=b"")).login() == [0, UNAUTHORIZED_NAME]
    assert bmc.v20(ADMIN, role=3).login() == [0, UNAUTHORIZED_NAME], "no user of that name at that level"
    off = revealing(replace(ADMIN, enabled=False))
    assert off.v20(ADMIN).login() == [0, UNAUTHORIZED_NAME]


def test_13_24_revealed_a_role_above_the_users_is_unauthorized_at_once() -> None:
    bmc = revealing()
    for user, role in ((OPERATOR, 4), (VIEWER, 3), (CALLER, 2)):
        assert bmc.v20(user, role=NAME_ONLY | role).login() == [0, UNAUTHORIZED_ROLE]
    assert bmc.v20(OPERATOR, seed=8).login() == [0, 0, 0]


def test_13_24_revealed_a_wrong_password_is_still_told_last() -> None:
    bmc = revealing()
    console = bmc.v20(replace(ADMIN, password=b"guess"))
    assert console.login() == [0, 0, INVALID_ICV]
    assert not console.proved


def test_22_16_revealed_get_session_challenge_tells() -> None:
    bmc = revealing()
    assert bmc.v15(replace(ADMIN, name=b"nobody")).login() == [0x81]
    assert bmc.v15(NULL).login() == [0x82]
    assert bmc.v15(replace(LONG, password=b"")).login() == [0x81], "set as 20 bytes"
    assert bmc.v15(ADMIN).login() == [0, 0]
    assert revealing(ADMIN, ANONYMOUS).v15(ANONYMOUS).login() == [0, 0]
    assert bmc.v15(replace(ADMIN, password=b"guess")).login() == [0, None]


def test_23_26_revealed_a_locked_out_user_is_unauthorized() -> None:
    bmc = revealing(bad_password_threshold=1)
    assert bmc.v20(replace(ADMIN, password=b"guess")).login() == [0, 0, INVALID_ICV]
    assert bmc.v20(ADMIN, seed=8).login() == [0, UNAUTHORIZED_NAME]
    assert bmc.v15(ADMIN).login() == [0x81]


def test_9_limits_of_channel_and_suite_hold_for_everybody_so_they_are_told() -> None:
    for reveal in (False, True):
        bmc = bench(users=(ADMIN,), reveal=reveal, suites=((17, 3),))
        for name in (b"admin", b"nobody"):
            assert bmc.v20(replace(ADMIN, name=name)).login() == [0, UNAUTHORIZED_ROLE]
            bmc.advance(60)
        wide = bench(users=(ADMIN,), reveal=reveal)
        wide.system(0x40, bytes((LAN, 0, 0x83)))
        for name in (b"admin", b"nobody"):
            assert wide.v20(replace(ADMIN, name=name)).login() == [0, UNAUTHORIZED_ROLE]
            wide.advance(60)
