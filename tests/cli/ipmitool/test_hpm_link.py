"""How ``hpm`` speaks with a controller that is busy, gone, or starts anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from baseboard.cli.ipmitool.hpm_link import Limits, Link
from baseboard.cli.ipmitool.questions import ask
from baseboard.commands.declaration import Request
from baseboard.commands.groups.hpm import (
    ActivateFirmware,
    GetTargetUpgradeCapabilities,
    GetUpgradeStatus,
    QuerySelfTestResults,
    UploadFirmwareBlock,
)
from baseboard.errors import NoResponse
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.upgrading import board, hpm

STATUS, ACTIVATE, TEST, ROLLBACK = 0x34, 0x35, 0x36, 0x37
CAPABILITIES = "00 00 00 00 0c 03 06 06 01"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_link._PAUSE_S", 0.0)
    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_link._POLL_S", 0.0)
    monkeypatch.setattr("baseboard.client.bmc._PAUSES", ())
    monkeypatch.setattr("baseboard.client.bmc._MOST_TIMEOUTS", 0)


def over_the_driver(stage: Stage) -> Stage:
    options = stage.call.options
    stage.call.options = replace(options, settings=replace(options.settings, interface="open"))
    return stage


async def answer(given: dict[str, Any], limits: Limits | None = None, name: str = "lanplus") -> Any:
    stage = Stage(given, name=name)
    found = await Link(stage.call).send(GetTargetUpgradeCapabilities(), limits)
    return None if found is None else found.code


@pytest.mark.parametrize("first", [None, "c3", "d3", "ff", "c0"])
async def test_one_that_is_gone_or_busy_is_asked_again(first: str | None) -> None:
    assert await answer({"2c/2e": [first, CAPABILITIES]}) == 0


@pytest.mark.parametrize(("always", "code"), [(None, None), ("c3", 0xC3), ("c0", 0xC0), ("d4", 0xD4)])
async def test_it_is_asked_no_longer_than_it_said(always: str | None, code: int | None) -> None:
    assert await answer({"2c/2e": always}, Limits(0, 0)) == code


async def test_no_answer_to_a_block_means_that_it_is_too_long_until_one_was_taken() -> None:
    link = Link(Stage({"2c/32": [None, "00 00", None, None]}).call)
    codes = [await link.send(UploadFirmwareBlock(number=0, data=b"x"), Limits(0, 0)) for _ in range(3)]
    assert [None if one is None else one.code for one in codes] == [0xC7, 0, None]


async def test_beside_a_lan_no_answer_means_nothing() -> None:
    stage = over_the_driver(Stage({"2c/35": None}))
    assert not await Link(stage.call).activate(None, Limits(0, 0))
    assert stage.err == "Error activating firmware.\n"


async def test_one_that_goes_while_it_activates_is_logged_into_again() -> None:
    controller = board()
    controller.lines[ACTIVATE] = [None]
    controller.lines[STATUS] = [None, b"\0\0\x35\0"]
    told = await hpm(controller, "activate")
    assert (told.code, told.err.endswith("OK\n")) == (0, True)


async def timeouts(link: Link, request: Request[Any], given: list[float | None]) -> list[float | None]:
    """How long a question is asked for; what was noted before is forgotten."""
    given.clear()
    await link.send(request, Limits(0, 0))
    return list(given)


async def test_after_an_activation_a_dead_session_is_left_after_two_packets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[float | None] = []

    async def noted(call: Any, request: Any, target: Any = None, timeout: float | None = None) -> Any:
        given.append(timeout)
        return await ask(call, request, target, timeout)

    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_link.ask", noted)
    stage = Stage({"2c/34": "00 00 35 00", "2c/35": "80", "2c/2e": CAPABILITIES})
    link, two = Link(stage.call), 2 * stage.call.options.settings.timeout
    assert await timeouts(link, GetUpgradeStatus(), given) == [None]
    assert await timeouts(link, ActivateFirmware(), given) == [None]
    assert await timeouts(link, GetUpgradeStatus(), given) == [two]
    assert await timeouts(link, GetTargetUpgradeCapabilities(), given) == [None]
    driver = Link(over_the_driver(stage).call)
    assert await timeouts(driver, ActivateFirmware(), given) == [None]
    assert await timeouts(driver, GetUpgradeStatus(), given) == [None]


async def test_what_takes_long_is_looked_at_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_link._PAUSE_S", 0.1)
    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_link._POLL_S", 1.0)
    pauses: list[float] = []

    async def noted(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("baseboard.cli.ipmitool.hpm_link.asyncio.sleep", noted)
    stage = Stage({"2c/34": ["00 00 35 80"] * 6 + ["00 00 35 00"]})
    assert await Link(stage.call).wait(Limits())
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


async def test_one_that_cannot_be_logged_into_is_given_up() -> None:
    async def never(bmc: object, seconds: float) -> None:
        raise NoResponse("nobody there")

    stage = Stage({"2c/36": None})
    with mock.patch("baseboard.client.reconnect.insist", never):
        found = await Link(stage.call).send(QuerySelfTestResults(), Limits(0, 0))
    assert found is not None
    assert found.code == 0xC3


async def test_the_controller_says_how_long_a_command_takes() -> None:
    stage = Stage({"2c/2e": CAPABILITIES, "2c/34": "00 00 33 00"}, verbose=1)
    assert await Link(stage.call).wait(None)
    assert stage.out == "Use Command Upgrade Capabilities Timeout: 60 seconds\n"
    other = Stage({"2c/2e": "c1", "2c/34": "00 00 33 82"}, verbose=1)
    assert not await Link(other.call).wait(None)
    assert other.err == "Error waiting for command, compcode = 82\n"


@pytest.mark.parametrize(
    ("status", "err"),
    [
        ("d4", "Error getting upgrade status\ncompcode=0xd4: Insufficient privilege level\n"),
        (None, "Error getting upgrade status. Failed to get response.\n"),
    ],
)
async def test_no_status_is_told(status: str | None, err: str) -> None:
    stage = over_the_driver(Stage({"2c/34": status}))
    assert await Link(stage.call).status(Limits(0, 0)) is None
    assert stage.err == err


async def test_a_status_of_a_driver_s_fault_is_asked_again() -> None:
    stage = Stage({"2c/34": ["83", "00 00 35 00"]})
    assert await Link(stage.call).wait(Limits())


async def test_an_abort_that_nobody_answers() -> None:
    stage = Stage({"2c/30": None})
    link = Link(stage.call)
    with mock.patch("baseboard.cli.ipmitool.hpm_link.Limits", return_value=Limits(0, 0)):
        assert not await link.abort()
    assert stage.err == "Error - aborting upgrade.\n"
