"""Requests that are told instead of sent."""

from __future__ import annotations

import pytest

from baseboard.cli.dry_run import AnswerNeeded, DryRequest, DryRun
from baseboard.client.bmc import Bmc
from baseboard.client.interface import Target
from baseboard.client.settings import Settings
from baseboard.codes import ChassisControl as Control
from baseboard.commands.app.users import PasswordOperation, SetUserPassword
from baseboard.commands.chassis.control import ChassisControl, GetChassisStatus


def dry() -> tuple[Bmc, list[DryRequest], list[str]]:
    told: list[DryRequest] = []
    texts: list[str] = []

    def tell(request: DryRequest, text: str) -> None:
        told.append(request)
        texts.append(text)

    return Bmc(DryRun(tell), Settings()), told, texts


async def test_writes_are_told_one_after_the_other() -> None:
    bmc, told, texts = dry()
    await bmc.execute(ChassisControl(control=Control.POWER_DOWN))
    await bmc.execute(ChassisControl(control=Control.POWER_UP), target=Target(address=0x24, lun=1))
    assert [one.meaning["control"] for one in told] == ["POWER_DOWN (00h)", "POWER_UP (01h)"]
    assert (told[1].address, told[1].lun, told[1].command) == (0x24, 1, "Chassis Control")
    assert texts[0].startswith(
        "Chassis Control (Chassis 00h/02h), §28.3, privilege OPERATOR\n  bytes: 00 02 00\n"
    )


async def test_a_read_is_told_and_ends_it() -> None:
    bmc, told, texts = dry()
    with pytest.raises(AnswerNeeded):
        await bmc.execute(GetChassisStatus())
    assert told[0].command == "Get Chassis Status"
    assert "  bytes: 00 01\n" in texts[0]


async def test_what_is_not_declared_ends_it_too() -> None:
    bmc, told, _ = dry()
    with pytest.raises(AnswerNeeded):
        await bmc.raw(0x2E, 0x01, b"\x01\x02")
    assert told[0].data == "01 02"


async def test_a_password_is_stars_in_all_of_it() -> None:
    bmc, told, texts = dry()
    operation = PasswordOperation.SET_PASSWORD
    await bmc.execute(SetUserPassword(user_id=2, operation=operation, password=b"hidden-from-all!"))
    assert told[0].meaning["password"] == "***"
    assert b"hidden".hex(" ") not in f"{told} {texts}"
    await bmc.close()
