"""A machine behind commands, on virtual time: orders one after the other, and its state in between."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.backends.commands import Outcome
from baseboard.bmc.backends.process import CommandedMachine
from baseboard.bmc.backends.process.machine import PATIENCE, boot_variables
from baseboard.bmc.blueprint.process import Command, ProcessSpec
from baseboard.bmc.ports import BootChoice, PowerLimits
from baseboard.codes import BootDevice, ChassisControl
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.fake_board import FakeBoard
from tests.bmc.machine_bench import FakeCommands, passed, settled

SPEC = ProcessSpec("plug", on=("true", "on"), off=("true", "off"), status=("true", "status"), folder="/")
ALL = replace(
    SPEC, reset=("true", "reset"), nmi=("true", "nmi"), shutdown=("true", "shutdown"),
    identify_on=("true", "light"), identify_off=("true", "dark"), boot_device=("true", "boot"),
)  # fmt: skip
NO = Outcome(5, remark="no route")


class Plug:
    """A machine: commands switch it, and its status command says what it is."""

    def __init__(self, spec: ProcessSpec = SPEC, *, on: bool = False, follows: bool = True) -> None:
        self.on, self.follows = on, follows
        self.commands = FakeCommands(
            on=lambda: self.switch(on=True), off=lambda: self.switch(on=False), status=self.status
        )
        self.clock, self.board = VirtualClock(), FakeBoard()
        self.machine = CommandedMachine(spec, self.clock, self.commands, self.first)
        self.machine.connect(self.board)

    def first(self, command: Command, told: dict[str, str], timeout_s: float, folder: str) -> Outcome:
        assert (command, timeout_s, folder) == (SPEC.status, 5.0, "/")
        return self.commands.answer("status")

    def switch(self, *, on: bool) -> Outcome:
        self.on = on if self.follows else self.on
        return Outcome(0)

    def status(self) -> Outcome:
        return Outcome(0, "on" if self.on else "off")

    def ran(self) -> list[str]:
        """The commands since the last look, but for those that ask for the state."""
        ran = [command.removeprefix("true ") for command in self.commands.ran]
        self.commands.ran.clear()
        return [command for command in ran if command != "status"]


async def begun(spec: ProcessSpec = SPEC, **how: Any) -> Plug:
    plug = Plug(spec, **how)
    plug.machine.start()
    await settled()
    return plug


@pytest.mark.parametrize("on", [True, False])
async def test_its_state_is_known_before_anything_begins(on: bool) -> None:
    plug = Plug(on=on)
    assert plug.machine.is_on() is on
    assert plug.board.calls == []


async def test_on_and_off_are_reported_when_they_are_so() -> None:
    plug = await begun()
    plug.machine.turn_on()
    await settled()
    assert (plug.ran(), plug.board.calls, plug.machine.is_on()) == (["on"], ["choice", "on"], True)
    plug.machine.turn_off()
    await settled()
    assert (plug.ran(), plug.board.calls[2:], plug.machine.is_on()) == (["off"], ["off"], False)
    plug.machine.stop()


async def test_commands_are_told_what_they_are_for() -> None:
    plug = await begun(ALL)
    plug.board.choice = BootChoice(device=BootDevice.PXE, persistent=True, efi=True)
    plug.machine.turn_on()
    plug.commands.held.clear()
    await settled()
    assert plug.commands.ran[-1] == "true boot"
    assert plug.commands.told == {
        "BASEBOARD_NAME": "plug", "BASEBOARD_ACTION": "on", "BASEBOARD_BOOT_DEVICE": "pxe",
        "BASEBOARD_BOOT_PERSISTENT": "1", "BASEBOARD_BOOT_EFI": "1",
    }  # fmt: skip
    assert plug.commands.limits[-1] == (30.0, "/")
    plug.commands.held.set()
    await settled()
    assert plug.ran() == ["boot", "on"]
    assert plug.commands.told == {"BASEBOARD_NAME": "plug", "BASEBOARD_ACTION": "status"}
    plug.machine.stop()


def test_without_a_choice_the_boot_device_is_none() -> None:
    assert boot_variables(BootChoice())["BASEBOARD_BOOT_DEVICE"] == "none"


async def test_a_start_whose_boot_device_fails_is_none() -> None:
    plug = await begun(ALL)
    plug.commands.answers["boot"] = NO
    plug.machine.turn_on()
    await settled()
    assert plug.ran() == ["boot"]
    assert plug.board.calls == ["choice", "failed"]
    plug.machine.stop()


async def test_one_command_at_a_time_and_the_last_order_counts() -> None:
    plug = await begun(ALL, on=True)
    plug.commands.held.clear()
    plug.machine.diagnostic_interrupt()
    await settled()
    for _ in range(10):
        plug.machine.reset()
        plug.machine.turn_on()
        plug.machine.turn_off()
    await settled()
    assert plug.ran() == ["nmi"]
    plug.commands.held.set()
    await settled()
    assert plug.ran() == ["off"]
    plug.machine.stop()


async def test_reset_nmi_and_shutdown() -> None:
    plug = await begun(ALL, on=True)
    plug.machine.reset()
    await settled()
    assert (plug.ran(), plug.board.calls) == (["boot", "reset"], ["choice", "reset"])
    plug.machine.diagnostic_interrupt()
    plug.machine.soft_shutdown()
    await settled()
    assert plug.ran() == ["nmi", "shutdown"]
    plug.on = False  # some seconds later
    await passed(plug.clock, 1.0)
    assert plug.board.calls[2:] == ["off"]
    plug.machine.stop()


async def test_without_a_reset_it_is_off_and_on() -> None:
    plug = await begun(on=True)
    plug.machine.reset()
    await settled()
    assert plug.ran() == ["off"]
    await passed(plug.clock, 4.9)
    assert plug.ran() == []
    await passed(plug.clock, 0.1)
    assert plug.ran() == ["on"]
    assert plug.board.calls == ["choice", "reset"]
    assert plug.machine.is_on()
    plug.machine.stop()


@pytest.mark.parametrize("failing", ["on", "off"])
async def test_a_reset_that_fails_halfway_shows_what_is_left(failing: str) -> None:
    plug = await begun(on=True)
    plug.commands.answers[failing] = NO if failing == "off" else lambda: NO
    plug.machine.reset()
    await passed(plug.clock, 5.0)
    assert "failed" in plug.board.calls
    assert "reset" not in plug.board.calls
    assert plug.machine.is_on() is (failing == "off")
    plug.machine.stop()


@pytest.mark.parametrize("order", ["turn_on", "turn_off", "reset", "diagnostic_interrupt", "soft_shutdown"])
async def test_what_fails_is_a_control_fault(order: str, caplog: pytest.LogCaptureFixture) -> None:
    plug = await begun(ALL, on=order != "turn_on")
    for name in ("on", "off", "reset", "nmi", "shutdown"):
        plug.commands.answers[name] = NO
    getattr(plug.machine, order)()
    await settled()
    assert plug.board.calls[-1] == "failed"
    assert "by true failed: exit code 5: no route" in caplog.text
    plug.machine.stop()


async def test_others_may_switch_it() -> None:
    plug = await begun()
    plug.on = True
    await passed(plug.clock, 9.9)
    assert not plug.machine.is_on()
    await passed(plug.clock, 0.1)
    assert plug.board.calls == ["on"]
    plug.on = False
    await passed(plug.clock, 10.0)
    assert plug.board.calls == ["on", "off"]
    plug.machine.stop()


async def test_one_that_is_slow_to_follow_is_looked_at_often_for_a_while() -> None:
    plug = await begun(follows=False)
    plug.machine.turn_on()
    await settled()
    looks = plug.commands.ran.count("true status")
    for _ in range(5):
        await passed(plug.clock, 1.0)
    assert plug.commands.ran.count("true status") == looks + 5
    await passed(plug.clock, PATIENCE)
    looks = plug.commands.ran.count("true status")
    for _ in range(5):
        await passed(plug.clock, 1.0)
    assert plug.commands.ran.count("true status") == looks
    plug.machine.stop()


async def test_a_state_that_cannot_be_had_stays_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    plug = await begun(on=True)
    plug.commands.answers["status"] = NO
    for _ in range(3):
        await passed(plug.clock, 10.0)
    assert plug.machine.is_on()
    assert [record.getMessage() for record in caplog.records] == [
        "plug: its state cannot be had by true: exit code 5: no route"
    ]
    plug.commands.answers["status"] = plug.status
    await passed(plug.clock, 10.0)
    assert caplog.records[-1].getMessage() == "plug: its state can be had again by true"
    assert plug.board.calls == []
    plug.machine.stop()


@pytest.mark.parametrize(("found", "ran"), [(True, []), (False, ["on"])])
async def test_one_whose_state_was_unknown_is_looked_at_before_it_is_switched(
    found: bool, ran: list[str]
) -> None:
    plug = Plug(on=found)
    plug.commands.answers["status"] = NO
    machine = CommandedMachine(SPEC, plug.clock, plug.commands, plug.first)
    machine.connect(plug.board)
    assert not machine.is_on()
    machine.turn_on()  # the power restore policy wants it
    plug.commands.answers["status"] = plug.status
    machine.start()
    await settled()
    assert plug.ran() == ran
    assert "on" in plug.board.calls
    machine.stop()


async def test_the_light() -> None:
    plug = await begun(ALL)
    light = plug.machine.identify
    assert light is not None
    light.identify(True)
    await settled()
    light.identify(False)
    await settled()
    assert plug.ran() == ["light", "dark"]
    plug.commands.answers["light"] = NO
    light.identify(True)
    await settled()
    assert plug.board.calls == []  # a light is no power
    assert Plug().machine.identify is None
    plug.machine.stop()


async def test_what_there_is_no_command_for_cannot_be_done() -> None:
    some, every = Plug().machine, Plug(ALL).machine
    assert isinstance(some, PowerLimits)
    lacking = {action for action in ChassisControl.__members__.values() if some.lacks(action)}
    assert lacking == {ChassisControl.PULSE_DIAGNOSTIC_INTERRUPT, ChassisControl.SOFT_SHUTDOWN}
    assert not any(every.lacks(action) for action in ChassisControl.__members__.values())
    some.connect(board := FakeBoard())
    some.start()
    some.soft_shutdown()
    await settled()
    assert board.calls == []
    some.stop()


async def test_a_program_that_is_not_there() -> None:
    with pytest.raises(TransportError, match="no-such-program: there is no such program"):
        CommandedMachine(replace(SPEC, nmi=("no-such-program",)), VirtualClock())


async def test_a_mistake_of_ours_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    plug = await begun()
    plug.commands.answers["status"] = lambda: Outcome(1 // 0)
    await passed(plug.clock, 10.0)
    assert "ZeroDivisionError" in caplog.text
    plug.commands.answers["status"] = plug.status
    plug.on = True
    await passed(plug.clock, 10.0)
    assert plug.board.calls == ["on"]
    plug.machine.stop()


async def test_it_ends_in_the_middle_of_a_command() -> None:
    plug = await begun()
    plug.commands.held.clear()
    plug.machine.turn_on()
    await settled()
    plug.machine.stop()
    plug.machine.stop()
    plug.commands.held.set()
    await settled()
    assert plug.board.calls == ["choice"]
    assert len(asyncio.all_tasks()) == 1
