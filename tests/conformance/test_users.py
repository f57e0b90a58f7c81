"""User access, names, passwords, and access to payloads (§6.9, §22.26 to §22.30, §24.6, §24.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.commands.app.users import (
    GetUserAccess,
    GetUserName,
    SetUserAccess,
    SetUserName,
    SetUserPassword,
)
from tests.conformance.bench import (
    ADMIN,
    APP,
    CALLER,
    CAST,
    ELSEWHERE,
    LAN,
    LONG,
    OPERATOR,
    VIEWER,
    WholeBmc,
    alive,
    bench,
    set_level,
)
from tests.conformance.marks import exercises

DISABLE, ENABLE, SET, TEST = range(4)
TWENTY = 0x80
NEW = 9


def set_access(bmc: WholeBmc, user_id: int, limit: int, bits: int | None = 0x10, *tail: int) -> bytes:
    """Set User Access; bits None leaves them as they are."""
    first = LAN if bits is None else 0x80 | bits | LAN
    return bmc.system(0x43, bytes((first, user_id, limit, *tail)))


def get_access(bmc: WholeBmc, user_id: int) -> bytes:
    return bmc.system(0x44, bytes((LAN, user_id)))


def password(bmc: WholeBmc, user_id: int, operation: int, data: bytes = b"") -> bytes:
    return bmc.system(0x47, bytes((user_id, operation)) + data)


def name(bmc: WholeBmc, user_id: int, text: bytes) -> bytes:
    return bmc.system(0x45, bytes((user_id,)) + text.ljust(16, b"\0"))


@exercises(SetUserAccess, GetUserAccess)
def test_22_26_the_limit_is_always_written_the_bits_only_if_asked() -> None:
    bmc = bench()
    assert set_access(bmc, 2, 3, 0x70) == b"\0"
    assert get_access(bmc, 2)[4] == 0x73
    assert set_access(bmc, 2, 2, None) == b"\0"
    assert get_access(bmc, 2)[4] == 0x72
    assert set_access(bmc, 2, 4, 0x10) == b"\0"
    assert get_access(bmc, 2)[4] == 0x14


@pytest.mark.parametrize("limit", [0, 6, 7, 14])
def test_22_26_a_reserved_limit_is_invalid(limit: int) -> None:
    bmc = bench()
    assert set_access(bmc, 2, limit) == b"\xcc"
    assert get_access(bmc, 2)[4] == 0x14


def test_22_26_no_access_is_a_limit() -> None:
    bmc = bench()
    assert set_access(bmc, 2, 0xF) == b"\0"
    assert get_access(bmc, 2)[4] == 0x1F
    assert bmc.v20().login() == [0, 0, 0x0F]
    assert bmc.v15(privilege=1).login() == [0, None]


def test_22_26_a_limit_above_the_channels_is_no_error() -> None:
    bmc = bench()
    bmc.system(0x40, bytes((LAN, 0, 0x82)))
    assert set_access(bmc, 3, 4) == b"\0"
    assert bmc.v20(replace(OPERATOR, privilege=4)).login() == [0, 0x0A]
    assert bmc.v20(OPERATOR, role=0x12, seed=8).login() == [0, 0, 0]


@exercises(SetUserAccess)
def test_22_26_a_new_limit_holds_from_the_next_raise_or_login_on() -> None:
    bmc = bench()
    console = bmc.in_v20(level=2)
    set_access(bmc, ADMIN.user_id, 3)
    assert set_level(console, 4) == b"\x80"
    assert set_level(console, 3) == b"\0\x03"
    assert bmc.v20(address=ELSEWHERE, seed=8).login() == [0, 0, 0x0A]


def test_22_26_callback_only_is_ignored_on_a_lan() -> None:
    bmc = bench()
    set_access(bmc, ADMIN.user_id, 4, 0x50)
    assert set_level(bmc.in_v20(), 4) == b"\0\x04"


@pytest.mark.parametrize("user_id", [0, 16, 63])
def test_22_26_user_ids_that_do_not_exist(user_id: int) -> None:
    bmc = bench()
    assert set_access(bmc, user_id, 4) == b"\xcc"
    assert get_access(bmc, user_id) == b"\xcc"
    assert name(bmc, user_id, b"x") == b"\xcc"
    assert bmc.system(0x46, bytes((user_id,))) == b"\xcc"
    for operation in (DISABLE, ENABLE):
        assert password(bmc, user_id, operation) == b"\xcc"
    for operation in (SET, TEST):
        assert password(bmc, user_id, operation, bytes(16)) == b"\xcc"


@pytest.mark.parametrize("channel", [0, 2, 0xC, 0xF])
def test_22_26_access_is_a_matter_of_session_channels(channel: int) -> None:
    bmc = bench()
    assert bmc.system(0x43, bytes((0x90 | channel, 2, 4))) == b"\xcc"
    assert bmc.system(0x44, bytes((channel, 2))) == b"\xcc"


@exercises(GetUserAccess)
def test_22_27_what_is_told_of_a_user() -> None:
    bmc = bench(max_users=10)
    assert get_access(bmc, OPERATOR.user_id) == bytes((0, 10, 0x40 | len(CAST), 1, 0x13))
    password(bmc, OPERATOR.user_id, DISABLE)
    assert get_access(bmc, OPERATOR.user_id) == bytes((0, 10, 0x80 | len(CAST) - 1, 1, 0x13))
    assert get_access(bmc, ADMIN.user_id)[2] == 0x40 | len(CAST) - 1
    assert get_access(bmc, NEW) == bytes((0, 10, 0x80 | len(CAST) - 1, 1, 0x0F)), "never set up"


@exercises(SetUserName, GetUserName)
def test_22_28_names() -> None:
    bmc = bench()
    assert bmc.system(0x46, b"\x02") == b"\0" + b"admin".ljust(16, b"\0")
    assert bmc.system(0x46, bytes((NEW,))) == b"\0" + bytes(16), "an unset name"
    assert name(bmc, NEW, b"sixteen letters!") == b"\0"
    assert bmc.system(0x46, bytes((NEW,))) == b"\0sixteen letters!"
    assert name(bmc, NEW, b"ends\0here") == b"\0"
    assert bmc.system(0x46, bytes((NEW,))) == b"\0" + b"ends".ljust(16, b"\0"), "the rest reads back 0"
    assert name(bmc, NEW, bytes(range(240, 256))) == b"\0", "any bytes will do"
    assert name(bmc, NEW, b"") == b"\0"
    assert bmc.system(0x46, bytes((NEW,))) == b"\0" + bytes(16)


def test_22_28_the_null_name_of_user_1_is_fixed() -> None:
    bmc = bench()
    assert name(bmc, 1, b"root") == b"\xcc"
    assert bmc.system(0x46, b"\x01") == b"\0" + bytes(16)
    assert get_access(bmc, 2)[3] == 1, "one fixed name"


@pytest.mark.parametrize("size", [0, 1, 15, 17])
def test_22_28_a_name_has_16_bytes(size: int) -> None:
    assert bench().system(0x45, bytes((NEW,)) + bytes(size)) == b"\xc7"


@exercises(SetUserName, SetUserPassword, SetUserAccess)
def test_6_9_a_new_user_needs_all_of_it_to_log_in() -> None:
    bmc = bench()
    user = UserSpec(NEW, b"new", b"newpw", privilege=3)
    steps: list[Callable[[], bytes]] = [
        lambda: name(bmc, NEW, b"new"),
        lambda: password(bmc, NEW, SET, b"newpw".ljust(16, b"\0")),
        lambda: set_access(bmc, NEW, 3),
        lambda: password(bmc, NEW, ENABLE),
    ]
    for number, step in enumerate(steps):
        assert bmc.v20(user, seed=number).login() == [0, 0, 0x0F], number
        assert step() == b"\0"
    assert bmc.v20(user, seed=9).login() == [0, 0, 0]
    assert bmc.v15(user).login() == [0, 0]
    again = bmc.reopened()
    assert again.v20(user).login() == [0, 0, 0]


@exercises(SetUserPassword)
def test_22_30_the_size_is_part_of_the_password() -> None:
    bmc = bench()
    sixteen, twenty = b"secret".ljust(16, b"\0"), b"secret".ljust(20, b"\0")
    assert password(bmc, 2, SET, sixteen) == b"\0"
    assert password(bmc, 2, TEST, sixteen) == b"\0"
    assert password(bmc, 2, TEST, b"secreT".ljust(16, b"\0")) == b"\x80"
    for data in (twenty, b"other".ljust(20, b"\0")):
        assert password(bmc, TWENTY | 2, TEST, data) == b"\x81", "whatever it is"
    assert password(bmc, TWENTY | 2, SET, twenty) == b"\0"
    assert password(bmc, TWENTY | 2, TEST, twenty) == b"\0"
    assert password(bmc, TWENTY | 2, TEST, b"secreT".ljust(20, b"\0")) == b"\x80"
    assert password(bmc, 2, TEST, sixteen) == b"\x81"
    again = bmc.reopened()
    assert password(again, TWENTY | 2, TEST, twenty) == b"\0"
    assert password(again, 2, TEST, sixteen) == b"\x81"


@pytest.mark.parametrize("operation", [SET, TEST])
@pytest.mark.parametrize("size", [0, 1, 15, 17, 19, 21])
def test_22_30_a_password_has_the_size_that_is_said(operation: int, size: int) -> None:
    bmc = bench()
    assert password(bmc, 2, operation, bytes(size)) == b"\xc7"
    assert password(bmc, TWENTY | 2, operation, bytes(size)) == b"\xc7"
    assert password(bmc, 2, operation, bytes(20)) == b"\xc7"
    assert password(bmc, TWENTY | 2, operation, bytes(16)) == b"\xc7"


@pytest.mark.parametrize("tail", [b"", bytes(16), bytes(20)], ids=len)
def test_22_30_enabling_and_disabling_take_a_password_or_none(tail: bytes) -> None:
    bmc = bench()
    assert password(bmc, 2, DISABLE, tail) == b"\0"
    assert bmc.v20().login() == [0, 0, 0x0F]
    assert password(bmc, 2, ENABLE, tail) == b"\0"
    assert bmc.v20(seed=8).login() == [0, 0, 0], "the password is as it was"
    assert password(bmc, 2, DISABLE, b"odd") == b"\xc7"


def test_22_30_every_byte_is_legal_in_a_password() -> None:
    bmc = bench()
    for secret in (bytes(range(0x80, 0x94)), b"a\0b", b"\xff" * 20, b"\n\r\t\0 "):
        assert password(bmc, TWENTY | 2, SET, secret.ljust(20, b"\0")) == b"\0"
        console = bmc.in_v20(replace(ADMIN, password=secret), seed=len(secret))
        assert alive(console)


def test_22_30_zeros_alone_are_the_null_password() -> None:
    bmc = bench()
    assert password(bmc, 2, SET, bytes(16)) == b"\0"
    assert alive(bmc.in_v20(replace(ADMIN, password=b"")))
    assert alive(bmc.in_v15(replace(ADMIN, password=b"")))


def test_22_27_reading_is_an_operators_and_writing_an_administrators() -> None:
    bmc = bench()
    viewer, operator = bmc.in_v20(VIEWER), bmc.in_v20(OPERATOR, address=ELSEWHERE, level=3)
    administrator = bmc.in_v20(LONG, address=("192.0.2.3", 3), level=4)
    reads = ((0x44, bytes((LAN, 2))), (0x46, b"\x02"), (0x4D, bytes((LAN, 2))))
    writes = (
        (0x43, bytes((0x90 | LAN, 2, 4))),
        (0x45, b"\x02" + b"admin".ljust(16, b"\0")),
        (0x47, bytes((2, TEST)) + b"adminpw".ljust(16, b"\0")),
        (0x4C, bytes((LAN, 2, 2, 0, 0, 0))),
    )
    for cmd, data in reads + writes:
        codes = []
        for console in (viewer, operator, administrator):
            answer = console.ask(APP, cmd, data)
            assert answer is not None
            codes.append(answer[0])
        assert codes == [0xD4, 0 if (cmd, data) in reads else 0xD4, 0], hex(cmd)


def payload_access(bmc: WholeBmc, user_id: int) -> bytes:
    return bmc.system(0x4D, bytes((LAN, user_id)))


def test_24_6_payloads_are_enabled_and_disabled_by_name() -> None:
    bmc = bench()
    before = payload_access(bmc, 2)
    assert before[0] == 0
    assert bmc.system(0x4C, bytes((LAN, 0x40 | 2, 0x02, 0, 0, 0))) == b"\0"
    assert payload_access(bmc, 2)[1] & 2 == 0
    assert bmc.system(0x4C, bytes((LAN, 2, 0x02, 0, 0x81, 0))) == b"\0"
    assert payload_access(bmc, 2)[1:4] == bytes((before[1] | 2, before[2], 0x81))
    assert bmc.system(0x4C, bytes((LAN, 0x40 | 2, 0, 0, 0x80, 0))) == b"\0"
    assert payload_access(bmc, 2)[1:4] == bytes((before[1] | 2, before[2], 0x01)), "the others stay"
    assert payload_access(bmc.reopened(), 2) == payload_access(bmc, 2)


def test_24_6_a_user_without_access_cannot_activate_sol() -> None:
    bmc = bench()
    console = bmc.in_v20(level=4)
    activate = bytes((1, 1, 0xC0, 0, 0, 0))
    bmc.system(0x4C, bytes((LAN, 0x40 | 2, 0x02, 0, 0, 0)))
    assert console.ask(APP, 0x48, activate) == b"\x81"
    bmc.system(0x4C, bytes((LAN, 2, 0x02, 0, 0, 0)))
    answer = console.ask(APP, 0x48, activate)
    assert answer is not None
    assert answer[0] == 0


def test_24_6_reserved_operations_and_ids_are_invalid() -> None:
    bmc = bench()
    for operation in (0x80, 0xC0):
        assert bmc.system(0x4C, bytes((LAN, operation | 2, 2, 0, 0, 0))) == b"\xcc"
    for user_id in (0, 16):
        assert bmc.system(0x4C, bytes((LAN, user_id, 2, 0, 0, 0))) == b"\xcc"
        assert payload_access(bmc, user_id) == b"\xcc"


def test_6_9_users_of_the_channel_are_limited_by_its_table() -> None:
    """Table G-1 once more: what is a viewer's, an operator's and an administrator's, over both versions."""
    bmc = bench()
    for user in (CALLER, VIEWER, OPERATOR, ADMIN):
        for console in (bmc.in_v15(user), bmc.in_v20(user, seed=user.user_id)):
            if user.privilege > 2:
                assert set_level(console, user.privilege) == bytes((0, user.privilege))
            for needed, cmd, netfn, data in (
                (2, 0x01, 0x00, b""),
                (3, 0x04, 0x00, b"\x00"),
                (4, 0x0B, 0x00, b"\x05"),
                (2, 0x48, 0x0A, b""),
                (3, 0x49, 0x0A, bytes(4)),
                (4, 0x01, 0x0C, bytes((LAN, 0, 0))),
                (3, 0x02, 0x0C, bytes((LAN, 3, 0, 0))),
            ):
                answer = console.ask(netfn, cmd, data)
                assert answer is not None
                assert (answer[0] == 0xD4) == (user.privilege < needed), (user.name, hex(netfn), hex(cmd))
