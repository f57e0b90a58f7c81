"""Departures of user management: what is acknowledged and not done, and what a real login tells."""

from __future__ import annotations

import pytest

from baseboard.client.settings import Settings
from baseboard.codes import Privilege
from baseboard.errors import CompletionError, LocalProtocolError, NoEffect, NoResponse
from tests.client.harness import desk
from tests.client.lan_bench import bench, on_virtual_time, passes
from tests.client.quirks.oddities import Bending
from tests.client.test_users import behind
from tests.client.test_users import bench as table

ACCESS, GET_ACCESS, PASSWORD, SET_ACCESS = (6, 0x43), (6, 0x44), (6, 0x47), (6, 0x43)
TEST = 3


async def test_a_user_who_was_set_up_is_proven_by_a_login() -> None:
    """Q-PWTEST: the controller calls every password right, so one logs in."""
    script = Bending()
    script.bends[PASSWORD] = [lambda data, right: b"\0" if data[1] & 3 == TEST else right]
    # On real time: what is written is stored by a thread.
    async with bench(script) as at:
        bmc = await at.login()
        user = await bmc.users.create("worker", "a password", Privilege.OPERATOR, verify="login")
        assert await bmc.users.test_password(user.user_id, "any other") == 16, "it says so"
        assert await bmc.users.can_log_in("worker", "a password", Privilege.OPERATOR)
        assert not await bmc.users.can_log_in("worker", "any other")
        assert not await bmc.users.can_log_in("worker", "a password", Privilege.ADMINISTRATOR)
        assert len(at.table.sessions) == 1, "every try has ended its session"
        await bmc.close()


def test_a_password_that_was_not_stored_is_found_out() -> None:
    """Q-PWTEST: set and test are acknowledged, and nothing was done."""

    async def main() -> None:
        async with bench() as at:
            bmc = await at.login()
            at.script.lines[PASSWORD] = b"\0"
            at.script.lines[GET_ACCESS] = lambda data: (
                b"\0\x0a\x41\x01" + (b"\x33" if data[1] == 4 else b"\0")
            )
            with pytest.raises(NoEffect, match="does not let it log in"):
                await bmc.users.create("worker", "a password", Privilege.OPERATOR, user_id=4, verify="login")
            await bmc.close()

    on_virtual_time(main())


def test_a_user_who_is_off_and_gets_in_all_the_same() -> None:
    """Q-USERIGN: disabling is acknowledged and shown, and has no effect; one login tells."""

    async def main() -> None:
        async with bench() as at:
            bmc = await at.login()
            at.script.lines[PASSWORD] = b"\0"
            await bmc.users.disable(3)
            assert await bmc.users.can_log_in("oper", "operpw", Privilege.OPERATOR)
            await bmc.close()

    on_virtual_time(main())


async def test_a_login_is_tried_over_the_network_only() -> None:
    with pytest.raises(LocalProtocolError, match="over the network"):
        await desk(settings=Settings(interface="open")).bmc.users.can_log_in("a", "b")


async def test_no_new_user_can_only_be_called_back() -> None:
    """Q-CALLBACKBIT."""
    at = table()
    await at.bmc.users.create("worker", "a password")
    written = [data for netfn, cmd, data in at.script.asked if (netfn, cmd) == SET_ACCESS]
    assert written
    assert not any(data[0] & 0x40 for data in written)


async def test_user_1_keeps_its_name_and_is_harmless_without_a_level() -> None:
    """Q-USER1: its name cannot be changed, nor can it be switched off."""
    at = table()
    change = behind(at, PASSWORD)
    at.script.lines[PASSWORD] = lambda data: b"\xcc" if data[0] & 0x3F == 1 else change(data)
    at.script.lines[GET_ACCESS] = b"\0\x0a\x41\x01\x00"
    with pytest.raises(CompletionError):
        await at.bmc.users.disable(1)
    user = await at.bmc.users.get(1)
    assert (user.fixed_name, user.messaging, user.privilege) == (True, False, Privilege.RESERVED)


def test_a_password_change_that_ends_the_session_is_followed_by_a_new_one() -> None:
    """Q-PWLOCK."""

    async def main() -> None:
        async with bench() as at:
            bmc = await at.login(timeout=0.3, retries=1, keep_alive=5.0)
            at.script.lines[PASSWORD] = b"\0"
            await bmc.users.set_password(3, "operpw")
            at.table.close_all()
            before = bmc.interface
            # The end of a session shows when no answer comes; what is asked next is asked in a new one.
            with pytest.raises(NoResponse):
                await bmc.users.get(3)
            await passes(10)
            assert (await bmc.users.get(3)).name == "oper"
            assert bmc.interface is not before
            await bmc.close()

    on_virtual_time(main())
