"""`bmc.users`: the order that controllers accept, and what some of them answer otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.client.users import UserList
from baseboard.codes import Cc, Privilege
from baseboard.commands.app.payload import StandardPayloads
from baseboard.commands.app.users import EnableStatus
from baseboard.errors import CompletionError, EncodeError, LocalProtocolError, NoEffect
from tests.client.harness import Desk, desk

SET_ACCESS, GET_ACCESS, SET_NAME, GET_NAME, PASSWORD, PAYLOADS = (
    (0x06, number) for number in (0x43, 0x44, 0x45, 0x46, 0x47, 0x4C)
)


def bench() -> Desk:
    return desk(channel=1)


def behind(at: Desk, key: tuple[int, int]) -> Callable[[bytes], bytes]:
    """What the simulated BMC answers to a command that the script answers."""

    def ask(data: bytes) -> bytes:
        line = at.script.lines.pop(key)
        try:
            return at.bench.raw(*key, data, origin=at.bench.origin(1))
        finally:
            at.script.lines[key] = line

    return ask


async def test_all_users_in_two_requests_each() -> None:
    at = bench()
    listed = await at.bmc.users.list()
    assert [user.name for user in listed.users[:4]] == ["", "admin", "oper", ""]
    assert listed.users[1].privilege == Privilege.ADMINISTRATOR
    assert listed.users[1].enabled is True
    assert len(listed.users) == listed.max_users
    assert len(at.script.asked) == 2 * listed.max_users
    assert await at.bmc.users.find("oper") == listed.users[2]
    assert await at.bmc.users.find("nobody") is None


async def test_create_use_and_delete() -> None:
    """Q-PWFIRST, Q-PRIVFIRST."""
    at = bench()
    users = at.bmc.users
    user = await users.create("worker", "a password", Privilege.OPERATOR)
    assert (user.user_id, user.name, user.privilege) == (4, "worker", Privilege.OPERATOR)
    assert user.messaging
    assert user.enabled
    assert await users.payloads(user.user_id) & StandardPayloads.SOL
    assert await users.test_password(user.user_id, "a password") == 16
    assert await users.test_password(user.user_id, "another") == 0
    order = [cmd for _, cmd, _ in at.script.asked if cmd in {0x43, 0x45, 0x47, 0x4C}]
    assert order[:6] == [0x45, 0x47, 0x43, 0x43, 0x47, 0x4C], "name, password, level, messaging, enable, SOL"
    await users.set_privilege(user.user_id, Privilege.USER)
    assert (await users.get(user.user_id)).privilege == Privilege.USER
    await users.disable(user.user_id)
    assert (await users.get(user.user_id)).enabled is False
    await users.enable(user.user_id)
    await users.delete(user.user_id)
    gone = await users.get(user.user_id)
    assert (gone.name, gone.messaging, gone.privilege) == ("", False, Privilege.NO_ACCESS)


async def test_a_given_id_and_a_long_password() -> None:
    users = bench().bmc.users
    user = await users.create(b"\xff\xfe", "x" * 20, user_id=7, sol=False)
    assert (user.user_id, user.name) == (7, "\xff\xfe")
    assert await users.test_password(7, "x" * 20) == 20
    assert await users.set_password(7, "short", size=20) == 20


async def test_what_is_too_long_is_not_sent() -> None:
    at = bench()
    for name, password in (("n" * 17, "p"), ("n", "p" * 21)):
        with pytest.raises(EncodeError, match="at most"):
            await at.bmc.users.create(name, password)
    with pytest.raises(EncodeError):
        await at.bmc.users.set_password(2, "p" * 17, size=16)
    with pytest.raises(EncodeError):
        await at.bmc.users.test_password(2, "p" * 21)
    assert at.script.asked == []


@pytest.mark.parametrize("code", [0xCC, 0xCB, 0xC9])
async def test_an_id_without_a_name_may_be_an_error(code: int) -> None:
    """Q-NAMEFIRST."""
    at = bench()
    at.script.lines[GET_NAME] = bytes((code,))
    assert (await at.bmc.users.get(2)).name == ""
    at.script.lines[GET_NAME] = b"\xd4"
    with pytest.raises(CompletionError):
        await at.bmc.users.get(2)


async def test_names_that_cannot_be_changed_are_passed_over() -> None:
    """Q-FIXEDNAME, Q-USER1."""
    at = bench()
    name = behind(at, SET_NAME)
    at.script.lines[SET_NAME] = lambda data: b"\xcc" if data[0] == 4 else name(data)
    assert (await at.bmc.users.create("worker", "pw")).user_id == 5
    at.script.lines[SET_NAME] = b"\xd5"
    with pytest.raises(LocalProtocolError, match="free"):
        await at.bmc.users.create("other", "pw")


async def test_the_second_size_where_the_first_is_refused() -> None:
    """Q-PW20."""
    at = bench()
    password = behind(at, PASSWORD)
    at.script.lines[PASSWORD] = lambda data: b"\xc7" if len(data) == 18 else password(data)
    assert await at.bmc.users.set_password(3, "short") == 20
    at.script.lines[PASSWORD] = b"\xc7"
    with pytest.raises(CompletionError):
        await at.bmc.users.set_password(3, "short")
    assert await at.bmc.users.test_password(3, "x" * 20) == 0


@pytest.mark.parametrize("code", [0x8F, 0xCC])
async def test_a_policy_is_named(code: int) -> None:
    """Q-PWPOLICY."""
    at = bench()
    at.script.lines[PASSWORD] = bytes((code,))
    with pytest.raises(CompletionError, match="password policy") as refused:
        await at.bmc.users.create("worker", "pw")
    assert refused.value.code == code
    assert refused.value.__notes__ == ["user 4, step 'password'"]


@pytest.mark.parametrize("wanted", [18, 22])
async def test_a_password_that_has_to_be_there_to_enable(wanted: int) -> None:
    """Q-PWNEEDED."""
    at = bench()
    password = behind(at, PASSWORD)
    at.script.lines[PASSWORD] = lambda data: (
        password(data) if data[1] & 3 > 1 or len(data) == wanted else b"\xc7"
    )
    await at.bmc.users.disable(3)
    assert (await at.bmc.users.get(3)).enabled is False
    at.script.lines[PASSWORD] = b"\xc7"
    with pytest.raises(CompletionError):
        await at.bmc.users.enable(3)
    at.script.lines[PASSWORD] = b"\xd4"
    with pytest.raises(CompletionError) as refused:
        await at.bmc.users.enable(3)
    assert refused.value.code == Cc.INSUFFICIENT_PRIVILEGE


async def test_what_is_so_already_is_not_asked_for() -> None:
    """Q-REDUNDANT."""
    at = bench()
    await at.bmc.users.enable(2)
    await at.bmc.users.set_name(2, "admin")
    assert not {cmd for _, cmd, _ in at.script.asked} & {0x45, 0x47}


async def test_what_is_ignored_is_found_out() -> None:
    """Q-USERIGN."""
    at = bench()
    at.script.lines[SET_ACCESS] = b"\0"
    with pytest.raises(NoEffect, match="ADMINISTRATOR"):
        await at.bmc.users.set_privilege(2, Privilege.USER)
    with pytest.raises(NoEffect, match="messaging is off"):
        await at.bmc.users.create("worker", "pw")
    at.script.lines[PASSWORD] = b"\0"
    with pytest.raises(NoEffect, match="enabled still"):
        await at.bmc.users.delete(3)


async def test_a_controller_without_payload_access() -> None:
    at = bench()
    at.script.lines[PAYLOADS] = b"\xc1"
    assert (await at.bmc.users.create("worker", "pw")).messaging
    at.script.lines[PAYLOADS] = b"\xd4"
    with pytest.raises(CompletionError):
        await at.bmc.users.create("another", "pw")


async def test_all_fields_are_written_in_one_go() -> None:
    """Q-PIECEMEAL: what the controller holds and would refuse itself is replaced."""
    at = bench()
    at.script.lines[GET_ACCESS] = b"\0\x0a\x41\x01\x10"
    at.script.lines[SET_ACCESS] = b"\0"
    await at.bmc.users.set_access(3, link=True, session_limit=2)
    assert at.script.asked[-1][2] == b"\xbe\x03\x0f\x02"
    old = await at.bmc.users.get(3)
    assert old.status == EnableStatus.ENABLED
    at.script.lines[GET_ACCESS] = b"\0\x0a\x01\x01\x10"
    assert (await at.bmc.users.get(3)).enabled is None


def test_a_list_is_a_value() -> None:
    made = UserList(users=(), max_users=1, enabled_users=0, fixed_names=1)
    assert made == UserList(users=(), max_users=1, enabled_users=0, fixed_names=1)
