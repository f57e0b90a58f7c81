"""Traces of requests and responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from baseboard import connect
from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.cli import trace
from baseboard.codes import AuthType
from baseboard.commands.app.users import PasswordOperation, SetUserPassword
from baseboard.commands.chassis.control import GetChassisStatus
from baseboard.errors import LoginError, NoResponse
from baseboard.testing.scripted import ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT
from tests.cli.simulated import Simulated, Told
from tests.client.harness import desk


async def test_a_request_and_its_response_are_told() -> None:
    bmc, told = desk().bmc, list[str]()
    trace.attach(bmc.interface, told.append)
    await bmc.execute(GetChassisStatus())
    asked, answered = told
    assert asked == ">> Get Chassis Status (Chassis 00h/01h), §28.2, privilege USER\n"
    assert answered.startswith("<< Get Chassis Status (Chassis 00h/01h), response, ")
    assert "power_on = " in answered


async def test_another_target_is_named() -> None:
    bmc, told = desk({(0x06, 0x01): b"\xc1"}).bmc, list[str]()
    trace.attach(bmc.interface, told.append)
    await bmc.exchange(0x06, 0x01, lun=2)
    assert told[0].splitlines()[0].endswith(" to 20h.2")


async def test_silence_is_told() -> None:
    bmc, told = desk({(0x00, 0x01): None}).bmc, list[str]()
    trace.attach(bmc.interface, told.append)
    with pytest.raises(NoResponse):
        await bmc.execute(GetChassisStatus())
    assert told[1].startswith("<< NoResponse: no answer")


async def test_a_password_is_not() -> None:
    bmc, told = desk({(0x06, 0x47): b"\x00"}).bmc, list[str]()
    trace.attach(bmc.interface, told.append)
    operation = PasswordOperation.SET_PASSWORD
    await bmc.execute(SetUserPassword(user_id=2, operation=operation, password=b"hidden-from-all!"))
    assert b"hidden".hex(" ") not in "".join(told)
    assert "password = ***" in told[0]


# ---- the login


@contextmanager
def listening(auth_types: int = 0) -> Iterator[ScriptedBmc]:
    lan = replace(BLUEPRINT.lan, auth_types=auth_types)
    users = (replace(ADMIN, size=16),)
    with ScriptedBmc(replace(BLUEPRINT, lan=lan, users=users), SimulatedServer) as running:
        yield running


async def traced(bmc: ScriptedBmc, **settings: Any) -> str:
    """What is told of a login, its session closed after."""
    told = list[str]()
    with trace.login(told.append):
        session = await connect(
            bmc.host, port=bmc.port, username=ADMIN.name, password=ADMIN.password, **settings
        )
    before = len(told)
    await session.execute(GetChassisStatus())
    await session.close()
    assert len(told) == before
    return "".join(told)


def titles(text: str) -> list[str]:
    return [line for line in text.splitlines() if line[:2] in (">>", "<<")]


async def test_a_login_of_v20_is_told_step_by_step() -> None:
    with listening() as bmc:
        text = await traced(bmc, cipher_suite=17)
    steps = [
        "Open Session",
        "Open Session",
        "RAKP Message 1",
        "RAKP Message 2",
        "RAKP Message 3",
        "RAKP Message 4",
    ]
    shown = titles(text)
    assert [line[:2] for line in shown[:6]] == [">>", "<<"] * 3
    for step, line in zip(steps, shown, strict=False):
        assert step in line
    assert all("encrypted message" in line for line in shown[6:])
    assert "username = " in text
    # The codes of RAKP 2, 3 and 4 let anybody try passwords.
    assert text.count("code = ***") == 3
    assert ADMIN.password.decode() not in text
    assert ADMIN.password.hex(" ") not in text


@pytest.mark.parametrize("auth_type", [AuthType.MD5, AuthType.PASSWORD])
async def test_a_login_of_v15_is_told_without_the_password(auth_type: AuthType) -> None:
    with listening(1 << AuthType.MD5 | 1 << AuthType.PASSWORD) as bmc:
        text = await traced(bmc, interface="lan", auth_type=auth_type)
    assert "Get Session Challenge" in text
    assert "Activate Session" in text
    assert "challenge = ***" in text
    assert ADMIN.password.decode() not in text
    assert ADMIN.password.hex(" ") not in text


async def test_a_login_that_fails_is_told_too() -> None:
    told = list[str]()
    with listening() as bmc, trace.login(told.append), pytest.raises(LoginError):
        await connect(bmc.host, port=bmc.port, username="nobody", password="x")
    assert titles("".join(told))[3].startswith("<< RAKP Message 2: ")


def test_what_is_no_packet_is_counted() -> None:
    assert trace._packet(b"\x06\x00\xff\x07\x06").startswith("5 bytes that are no packet: ")


def test_with_vv_the_program_traces_the_login(program: Callable[..., Told], bmc: Simulated) -> None:
    told = program("-vv", "chassis", "power", "status")
    assert told.out == "Chassis Power is on\n"
    steps = [
        told.err.index(step)
        for step in ("Open Session", "RAKP Message 1", "RAKP Message 4", "Get Chassis Status")
    ]
    assert steps == sorted(steps)
    assert bmc.password not in told.err
