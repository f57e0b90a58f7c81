"""`connect`: its arguments, and that sessions are closed whatever happens."""

from __future__ import annotations

import asyncio
import dataclasses
import doctest
import inspect
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest

from baseboard.client.connect import INTERFACES, Connection, connect, open_interface
from baseboard.client.settings import Settings
from baseboard.commands.app.device import GetDeviceId
from baseboard.errors import CredentialTooLong, DeadlinePassed, LocalProtocolError, LoginRefused
from tests.bmc.harness import make_bmc
from tests.client.lan_bench import HOST, Bench, bench, on_virtual_time, passes


def test_awaited_or_entered() -> None:
    async def main() -> None:
        async with bench() as at:
            async with at.connection() as bmc:
                assert (await bmc.execute(GetDeviceId())).device_id == 0x20
                assert len(at.table.sessions) == 1
            assert not at.table.sessions
            bmc = await at.connection()
            assert len(at.table.sessions) == 1
            await bmc.close()
            assert not at.table.sessions

    on_virtual_time(main())


def test_nothing_is_sent_before_it_is_used() -> None:
    async def main() -> None:
        async with bench() as at:
            at.connection()
            await passes(1)
            assert at.relay.sent == []

    on_virtual_time(main())


def test_an_error_in_the_block_closes_the_session() -> None:
    async def main() -> None:
        async with bench() as at:
            with pytest.raises(KeyError):
                async with at.connection():
                    raise KeyError
            assert not at.table.sessions

    on_virtual_time(main())


@pytest.mark.parametrize("when", [0, 1, 2, 3, 4])
def test_cancelling_at_every_stage_leaves_no_session(when: int) -> None:
    """After as many datagrams of the login as ``when`` says."""

    async def main() -> None:
        async with bench() as at:

            async def use() -> None:
                async with at.connection():
                    await asyncio.get_running_loop().create_future()

            task = asyncio.create_task(use())
            await at.relay.has_sent(when)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await passes(0.5)
            assert not at.table.sessions

    on_virtual_time(main())


def test_a_generator_that_is_closed_closes_its_session() -> None:
    async def ids(at: Bench) -> AsyncIterator[int]:
        async with at.connection() as bmc:
            while True:
                yield (await bmc.execute(GetDeviceId())).device_id

    async def main() -> None:
        async with bench() as at:
            numbers = ids(at)
            async for number in numbers:
                assert number == 0x20
                assert at.table.sessions
                break
            await numbers.aclose()  # type: ignore[attr-defined]  # it is a generator
            assert not at.table.sessions

    on_virtual_time(main())


def test_control_c_closes_the_session() -> None:
    closed: list[bool] = []

    async def main() -> None:
        async with bench() as at:
            try:
                async with at.connection():
                    os.kill(os.getpid(), signal.SIGINT)
                    await asyncio.get_running_loop().create_future()
            finally:
                closed.append(not at.table.sessions)

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(main())
    assert closed == [True]


def test_passwords_and_keys_may_be_functions() -> None:
    async def main() -> None:
        async with bench() as at:
            asked: list[str] = []

            def secret() -> str:
                asked.append("password")
                return "adminpw"

            connection = at.connection(password=secret, kg=lambda: b"")
            assert asked == []
            async with connection:
                assert asked == ["password"]

            with pytest.raises(CredentialTooLong):
                await at.connection(password=lambda: "x" * 21)

    asyncio.run(main())


def test_what_cannot_be_right_is_said_before_anything_is_sent() -> None:
    with pytest.raises(CredentialTooLong, match="user name"):
        connect(HOST, username="administrator-of-all")
    with pytest.raises(LocalProtocolError, match="lanplus, lan"):
        connect(HOST, interface="carrier pigeon")


def test_no_text_shows_a_secret() -> None:
    connection = connect(HOST, username="ops", password="s3cret", kg="k3y")
    shown = f"{connection!r} {connection.settings!r} {connection.settings}"
    assert "s3cret" not in shown
    assert "k3y" not in shown


def test_the_deadline_counts_for_connecting() -> None:
    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda _: None
            start = asyncio.get_running_loop().time()
            with pytest.raises(DeadlinePassed):
                await at.connection(deadline=2.0)
            assert asyncio.get_running_loop().time() - start == pytest.approx(2.0, abs=0.1)

    on_virtual_time(main())


def test_a_failed_login_leaves_no_socket() -> None:
    async def main() -> None:
        async with bench() as at:
            with pytest.raises(LoginRefused):
                await at.connection(password="wrong")

    # A socket that is left over would be reported as a ResourceWarning.
    on_virtual_time(main())


def test_a_controller_in_memory() -> None:
    async def main() -> None:
        made = make_bmc()

        def ask(netfn: int, lun: int, cmd: int, data: bytes, reply: object) -> None:
            reply(made.raw(netfn, cmd, data, lun))  # type: ignore[operator]  # a callback

        async with connect(interface="memory", ask=ask) as bmc:
            assert (await bmc.execute(GetDeviceId())).device_id == 0x20
        with pytest.raises(LocalProtocolError, match="nothing to open"):
            await open_interface(Settings(interface="memory"))

    on_virtual_time(main())


def test_settings_alone_are_enough() -> None:
    async def main() -> None:
        async with bench() as at:
            settings = at.connection().settings
            async with Connection(settings) as bmc:
                assert bmc.interface.privilege == 4

    on_virtual_time(main())


def test_every_interface_has_its_name() -> None:
    for name in INTERFACES:
        assert connect(HOST, interface=name).settings.interface == name


def test_the_example_runs() -> None:
    async def main() -> None:
        namespace: dict[str, Any] = {}
        (test,) = doctest.DocTestFinder(recurse=False).find(connect, "connect")
        exec("".join(example.source for example in test.examples), namespace)  # noqa: S102 - our own documentation
        async with bench() as at:
            assert await namespace["vendor"](HOST, "admin", "adminpw", at.port) == 0

    asyncio.run(main())


def test_every_setting_is_an_argument_with_the_same_default() -> None:
    parameters = inspect.signature(connect).parameters
    shown = {name: one.default for name, one in parameters.items() if name != "ask"}
    secret = {"username", "password", "kg", "quirks"}
    for setting in dataclasses.fields(Settings):
        assert setting.name in shown
        assert setting.name in secret or shown.pop(setting.name) == getattr(Settings(), setting.name)
    assert shown.keys() <= secret
