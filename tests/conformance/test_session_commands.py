"""Set Session Privilege Level, Close Session, Get Session Info, Get AuthCode (§22.18 to §22.21)."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.commands.app.sessions import (
    CloseSession,
    GetAuthCode,
    GetSessionInfo,
    SetSessionPrivilegeLevel,
)
from baseboard.crypto.authcode import get_authcode
from baseboard.rmcp.machine import Address
from baseboard.testing.raw_console import CONSOLE, RawConsole
from tests.conformance.bench import (
    ADMIN,
    APP,
    CALLER,
    ELSEWHERE,
    LAN,
    MD2,
    MD5,
    OPERATOR,
    PASSWORD,
    VIEWER,
    WholeBmc,
    alive,
    bench,
    set_level,
)
from tests.conformance.marks import exercises

VERSIONS = pytest.mark.parametrize("version", [15, 20])


def logged_in(
    bmc: WholeBmc, version: int, user: UserSpec = ADMIN, *, level: int = 0, address: Address = CONSOLE
) -> RawConsole:
    if version == 15:
        return bmc.in_v15(user, level=level, address=address)
    return bmc.in_v20(user, level=level, address=address)


def close(console: RawConsole, session_id: int, handle: int | None = None) -> bytes | None:
    tail = b"" if handle is None else bytes((handle,))
    return console.ask(APP, 0x3C, session_id.to_bytes(4, "little") + tail)


def info(console: RawConsole, *selector: int) -> bytes:
    answer = console.ask(APP, 0x3D, bytes(selector))
    assert answer is not None
    return answer


# What each level may send, one command each; D4h below it.
NEEDS = {2: (0x01, b""), 3: (0x44, bytes((LAN, 2))), 4: (0x45, b"\x09name".ljust(17, b"\0"))}


@exercises(SetSessionPrivilegeLevel)
@VERSIONS
def test_22_18_the_level_decides_what_may_be_asked(version: int) -> None:
    console = logged_in(bench(), version)
    for level in (2, 3, 4, 3, 2):
        assert set_level(console, level) == bytes((0, level)), "it goes up and down"
        for needed, (cmd, data) in NEEDS.items():
            answer = console.ask(APP, cmd, data)
            assert answer is not None
            assert answer[0] == (0 if level >= needed else 0xD4)


@VERSIONS
def test_22_18_zero_asks_for_the_present_level(version: int) -> None:
    console = logged_in(bench(), version)
    assert set_level(console, 0) == b"\0\x02"
    set_level(console, 4)
    assert set_level(console, 0) == b"\0\x04"


@VERSIONS
@pytest.mark.parametrize("level", [1, 6, 7, 15])
def test_22_18_callback_and_reserved_levels_cannot_be_chosen(version: int, level: int) -> None:
    console = logged_in(bench(), version)
    assert set_level(console, level) == b"\xcc"
    assert set_level(console, 0) == b"\0\x02"


@exercises(SetSessionPrivilegeLevel)
@VERSIONS
def test_22_18_a_level_above_the_users_is_not_available(version: int) -> None:
    for user in (VIEWER, OPERATOR):
        console = logged_in(bench(), version, user)
        assert set_level(console, user.privilege + 1) == b"\x80"
        assert set_level(console, 5) == b"\x80"
        assert set_level(console, user.privilege) == bytes((0, user.privilege))


@exercises(SetSessionPrivilegeLevel)
@VERSIONS
def test_22_18_a_level_above_the_sessions_or_the_channels_exceeds_it(version: int) -> None:
    bmc = bench()
    console: RawConsole = bmc.in_v15(privilege=3) if version == 15 else bmc.in_v20(role=0x13)
    assert set_level(console, 4) == b"\x81", "the session was opened for less"
    assert set_level(console, 3) == b"\0\x03"
    # A lowered channel limit holds at once, for what goes on too.
    assert bmc.system(0x40, bytes((LAN, 0, 0x80 | 2))) == b"\0"
    assert set_level(console, 3) == b"\x81"
    assert set_level(console, 0) == b"\0\x02"
    answer = console.ask(APP, *NEEDS[3])
    assert answer == b"\xd4"


@VERSIONS
def test_22_18_a_callback_session_stays_one(version: int) -> None:
    console = logged_in(bench(), version, CALLER)
    for level in (2, 3, 4):
        assert set_level(console, level) == b"\xd4"
    assert console.ask(APP, 0x01) == b"\xd4"


@VERSIONS
def test_22_18_there_is_nothing_to_set_without_a_session(version: int) -> None:
    bmc = bench()
    assert bmc.system(0x3B, b"\x04") == b"\xd5"
    outside = bmc.v15() if version == 15 else bmc.v20()
    assert outside.ask_outside(APP, 0x3B, b"\x04") is None


@exercises(CloseSession)
@VERSIONS
@pytest.mark.parametrize("user", [ADMIN, OPERATOR, VIEWER, CALLER], ids=lambda user: user.name.decode())
def test_22_19_anybody_may_close_the_own_session(version: int, user: UserSpec) -> None:
    bmc = bench()
    console = logged_in(bmc, version, user)
    (session,) = bmc.sessions
    assert close(console, session.id) == b"\0", "answered under the session that ends"
    assert not bmc.sessions
    assert close(console, session.id) is None, "a retry finds nothing"


@VERSIONS
def test_22_19_or_by_its_handle(version: int) -> None:
    bmc = bench()
    console = logged_in(bmc, version, VIEWER)
    (session,) = bmc.sessions
    assert close(console, 0, session.handle) == b"\0"
    assert not bmc.sessions


@exercises(CloseSession)
@VERSIONS
def test_22_19_another_session_only_an_administrator_closes(version: int) -> None:
    bmc = bench()
    victim = logged_in(bmc, 35 - version, VIEWER, address=ELSEWHERE)
    (session,) = bmc.sessions
    closer = logged_in(bmc, version)
    for level in (2, 3):
        set_level(closer, level)
        assert close(closer, session.id) == b"\xd4"
        assert close(closer, 0, session.handle) == b"\xd4"
    assert alive(victim)
    set_level(closer, 4)
    assert close(closer, session.id) == b"\0"
    assert victim.ask(APP, 0x01) is None
    assert alive(closer)


@exercises(CloseSession)
def test_22_19_the_system_interface_closes_any() -> None:
    bmc = bench()
    console = bmc.in_v20()
    assert bmc.system(0x3C, console.sidc.to_bytes(4, "little")) == b"\0"
    assert console.ask(APP, 0x01) is None


@VERSIONS
def test_22_19_a_session_that_does_not_exist_is_invalid(version: int) -> None:
    bmc = bench()
    for level in (2, 4):
        console = logged_in(bmc, version, level=level)
        assert close(console, 0x12345678) == b"\x87"
        assert close(console, 0, 99) == b"\x88"
        assert alive(console)


def test_22_19_a_v20_session_is_named_by_the_bmcs_id_not_the_consoles() -> None:
    bmc = bench()
    console = bmc.in_v20(level=4)
    assert close(console, console.sidm) == b"\x87"
    assert alive(console)


@pytest.mark.parametrize("data", [b"", b"\1\2\3", bytes(6)], ids=len)
def test_22_19_a_wrong_length_closes_nothing(data: bytes) -> None:
    bmc = bench()
    console = bmc.in_v20(level=4)
    assert console.ask(APP, 0x3C, data) == b"\xc7"
    assert bmc.sessions


@exercises(GetSessionInfo)
@VERSIONS
def test_22_20_the_present_session_and_its_console(version: int) -> None:
    bmc = bench()
    console = logged_in(bmc, version, OPERATOR, level=3)
    (session,) = bmc.sessions
    expected = bytes((0, session.handle, 16, 1, OPERATOR.user_id, 3, (version == 20) << 4 | LAN))
    expected += bytes((192, 0, 2, 1)) + bytes(6) + (40000).to_bytes(2, "little")
    assert info(console, 0) == expected
    assert session.handle not in (0, 0xFF)


@exercises(GetSessionInfo)
@VERSIONS
def test_22_20_by_index_by_handle_and_by_id(version: int) -> None:
    bmc = bench()
    console = logged_in(bmc, version)
    other = logged_in(bmc, 35 - version, VIEWER, address=ELSEWHERE)
    first, second = bmc.sessions
    for session, user in ((first, ADMIN), (second, VIEWER)):
        index = bmc.sessions.index(session) + 1
        found = info(console, index)
        assert (found[1], found[4]) == (session.handle, user.user_id)
        assert info(console, 0xFE, session.handle) == found
        assert info(console, 0xFF, *session.id.to_bytes(4, "little")) == found
    assert info(other, 2)[17:19] == ELSEWHERE[1].to_bytes(2, "little")


def test_22_20_no_such_session_is_told_without_one() -> None:
    bmc = bench()
    console = bmc.in_v20()
    counts = bytes((0, 0, 16, 1))
    for selector in ((2,), (16,), (0xFE, 99), (0xFF, 1, 2, 3, 4)):
        assert info(console, *selector) == counts, selector
    assert bmc.system(0x3D, b"\0") == counts, "the system interface is no session"


@pytest.mark.parametrize(
    ("selector", "code"),
    [
        ((), 0xC7),
        ((0, 1), 0xC7),
        ((0xFE,), 0xC7),
        ((0xFE, 1, 2), 0xC7),
        ((0xFF, 1, 2, 3), 0xC7),
        ((200,), 0xC9),
    ],
    ids=str,
)
def test_22_20_a_wrong_selector(selector: tuple[int, ...], code: int) -> None:
    assert info(bench().in_v20(), *selector) == bytes((code,))


def test_22_20_handles_are_unique_and_used_again_late() -> None:
    bmc = bench(session_slots=4)
    seen: list[int] = []
    for number in range(12):
        console = bmc.in_v20(seed=number)
        (session,) = bmc.sessions
        seen.append(session.handle)
        close(console, session.id)
    # Which console a bridged answer belongs to is known by handle, so one is not given out again at once.
    assert all(seen[n] != seen[n + 1] for n in range(11))
    assert set(seen) <= set(range(1, 255))


def test_22_20_an_ipv6_console_is_shown_as_none() -> None:
    bmc = bench()
    console = bmc.in_v20(address=("2001:db8::1", 9999, 0, 0))
    assert info(console, 0)[7:11] == bytes(4)
    mapped = bmc.in_v20(address=("::ffff:192.0.2.8", 9, 0, 0))
    assert info(mapped, 0)[7:11] == bytes((192, 0, 2, 8))


DATA = bytes(range(0x30, 0x40))


def authcode(console: RawConsole, algorithm: int, user: UserSpec, data: bytes = DATA) -> bytes | None:
    return console.ask(APP, 0x3F, bytes((algorithm, LAN, user.user_id)) + data)


@exercises(GetAuthCode)
def test_22_21_authcodes_by_the_algorithms_of_v15() -> None:
    console = bench().in_v20(level=3)
    key = OPERATOR.password.ljust(16, b"\0")
    assert (
        authcode(console, MD5, OPERATOR)
        == b"\0" + hashlib.md5(key + DATA + key, usedforsecurity=False).digest()
    )
    assert authcode(console, MD2, OPERATOR) == b"\0" + get_authcode(MD2, OPERATOR.password, DATA)
    assert authcode(console, PASSWORD, OPERATOR, key) == b"\0"
    assert authcode(console, PASSWORD, OPERATOR) == b"\xcc"


@exercises(GetAuthCode)
@pytest.mark.parametrize(
    ("algorithm", "digest", "size"), [(1, "sha1", 12), (2, "md5", 16), (4, "sha256", 16)]
)
def test_22_21_authcodes_by_integrity_algorithms(algorithm: int, digest: str, size: int) -> None:
    console = bench().in_v20(level=3)
    key = OPERATOR.password.ljust(20, b"\0")
    expected = hmac.digest(key, DATA, digest)[:size]
    assert authcode(console, 0x40 | algorithm, OPERATOR) == b"\0" + expected


def test_22_21_it_tells_about_passwords_so_it_is_an_operators() -> None:
    bmc = bench()
    assert authcode(bmc.in_v20(VIEWER), MD5, OPERATOR) == b"\xd4"
    console = bmc.in_v15(OPERATOR, level=3)
    for algorithm in (0, 3, 5, 0x40, 0x45, 0x80, 0xC1):
        assert authcode(console, algorithm, OPERATOR) == b"\xcc", algorithm
