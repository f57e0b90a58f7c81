"""The machine: what the BMC orders, what QEMU does, and what the BMC is told; a program passes for QEMU."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.backends.qemu import QemuMachine
from baseboard.bmc.backends.qemu import machine as module
from baseboard.bmc.backends.qemu.machine import Event, Phase
from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.blueprint.interfaces import InterfaceSpec, RegistersSpec
from baseboard.bmc.blueprint.qemu import DiskSpec, QemuSpec
from baseboard.bmc.clock import LoopClock
from baseboard.bmc.makeups import makeup
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice
from baseboard.links.vm import Code
from tests.bmc.backends.qemu import fake_qemu
from tests.bmc.backends.qemu.waiting import LIMIT, settled, until
from tests.bmc.fake_board import FakeBoard

BLUEPRINT = makeup(0, "rack", bytes(16))
CD = BootChoice(device=BootDevice.CD_DVD)
PXE = BootChoice(device=BootDevice.PXE)


def kill(pid: int) -> None:
    """End a child at once."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


class Desk:
    """A machine, the BMC that it reports to, and what QEMU was told."""

    def __init__(self, folder: Path, blueprint: Blueprint = BLUEPRINT, **spec: Any) -> None:
        self.blueprint = blueprint
        self.folder = folder / "run"
        usual: dict[str, Any] = {"disks": (DiskSpec("d"),), "cdrom": "c", "accelerator": "tcg"}
        self.spec = QemuSpec(str(self.folder), fake_qemu.program(folder), **{**usual, **spec})
        self.board = FakeBoard()
        self.machine = self.anew()

    def anew(self) -> QemuMachine:
        made = QemuMachine(self.spec, self.blueprint, LoopClock(asyncio.get_running_loop()))
        made.connect(self.board)
        made.start()
        return made

    def _said(self) -> list[list[Any]]:
        path = self.folder / "orders"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def orders(self) -> list[list[Any]]:
        """What QEMU was ordered, since its last start."""
        said = self._said()
        starts = [n for n, one in enumerate(said) if one[0] == "words"]
        return said[starts[-1] + 1 :] if starts else []

    @property
    def words(self) -> list[list[str]]:
        """The command line of each start."""
        return [one[1] for one in self._said() if one[0] == "words"]

    def unplug(self) -> None:
        """Take QEMU's program away."""
        Path(self.spec.program).unlink()

    def guest(self, word: str) -> None:
        """Have the guest do something."""
        with socket.socket(socket.AF_UNIX) as wire:
            wire.connect(str(self.folder / "guest"))
            wire.sendall(word.encode())

    async def told(self, *calls: str) -> None:
        """Wait until the BMC was told exactly that."""
        await until(lambda: len(self.board.calls) >= len(calls))
        assert self.board.calls == list(calls)

    async def ordered(self, *commands: str) -> None:
        """Wait until QEMU was ordered that, in this order, among others."""
        await until(lambda: [one[0] for one in self.orders if one[0] in commands] == list(commands))

    async def on(self) -> None:
        """Switch it on, until its processors run."""
        self.machine.turn_on()
        await self.ordered("cont")
        self.board.calls.clear()


@asynccontextmanager
async def desk(folder: Path, **spec: Any) -> AsyncIterator[Desk]:
    made = Desk(folder, **spec)
    try:
        yield made
    finally:
        made.machine.stop()
        await settled()


async def test_power_on_starts_qemu_and_off_ends_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        assert not it.machine.is_on()
        it.machine.turn_on()
        assert not it.machine.is_on(), "not before QEMU answers"
        it.machine.turn_on()
        await it.told("on", "choice")
        assert it.machine.is_on()
        await it.ordered("cont")
        assert it.machine.serial.carrier()
        it.machine.turn_off()
        assert it.machine.is_on(), "not before QEMU has ended"
        await it.told("on", "choice", "off")
        assert it.machine.phase is Phase.OFF
        assert len(it.words) == 1


async def test_the_machine_waits_for_wires_only_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WIRED_S", 0.05)
    async with desk(tmp_path) as it:
        monkeypatch.setattr(type(it.machine.serial), "carrier", lambda _: False)
        await it.on()


async def test_nmi_soft_shutdown_and_reset_are_ordered(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        await it.on()
        it.machine.diagnostic_interrupt()
        it.machine.reset()
        await it.told("reset", "choice")
        it.machine.soft_shutdown()
        await it.told("reset", "choice", "off")
        assert [one[0] for one in it.orders] == ["cont", "inject-nmi", "system_reset", "system_powerdown"]


async def test_a_guest_resets_itself_and_ends_itself(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        await it.on()
        it.guest("reset")
        await it.told("reset", "choice")
        it.guest("off")
        await it.told("reset", "choice", "off")
        assert [one[0] for one in it.orders] == ["cont"]


async def test_boot_flags_at_power_on_set_the_order_before_anything_runs(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        it.board.choice = CD
        await it.on()
        sets = [one[1:] for one in it.orders if one[0] == "qom-set"]
        assert [(path[-5:], value) for path, _, value in sets] == [
            ("l/cd0", -1), ("disk0", -1), ("l/cd0", 1), ("disk0", 2),
        ]  # fmt: skip
        assert [one[0] for one in it.orders][-2:] == ["system_reset", "cont"]


async def test_boot_flags_of_one_boot_are_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ORDINARY_S", 0.2)
    async with desk(tmp_path) as it:
        await it.on()
        it.board.choice = CD
        it.machine.reset()
        await until(lambda: len([one for one in it.orders if one[0] == "qom-set"]) == 8)
        last = [one[1:] for one in it.orders][-2:]
        assert [(path[-5:], value) for path, _, value in last] == [("disk0", 1), ("l/cd0", 2)]
        assert [one[0] for one in it.orders].count("system_reset") == 1


async def test_a_guests_reboot_that_missed_its_boot_flags_is_made_anew(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        await it.on()
        it.board.choice = replace(CD, persistent=True)
        it.guest("reset")
        await it.told("reset", "choice")
        await it.ordered("cont", "system_reset")
        assert it.board.calls == ["reset", "choice"], "the second reset is no other"
        assert it.machine._afterwards is None, "the flags hold for every boot"


async def test_a_paused_machine_runs_after_a_reset(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        await it.on()
        it.guest("pause")
        await until(lambda: it.machine._stopped)
        it.machine.reset()
        await it.ordered("cont", "system_reset", "cont")


async def test_a_kernel_gives_way_to_boot_flags_in_another_qemu(tmp_path: Path) -> None:
    async with desk(tmp_path, kernel="k") as it:
        it.board.choice = CD
        it.machine.turn_on()
        await until(lambda: len(it.words) == 2)
        await it.ordered("cont")
        assert it.board.calls == ["on", "choice"]
        assert ["-kernel" in words for words in it.words] == [True, False]
        it.board.choice = BootChoice()
        it.machine.reset()
        await until(lambda: len(it.words) == 3 and it.machine.phase is Phase.ON)
        await it.ordered("cont")
        assert "-kernel" in it.words[2]
        it.board.choice = BootChoice(device=BootDevice.BIOS_SETUP)
        it.guest("reset")
        await until(lambda: len(it.words) == 4 and it.machine.phase is Phase.ON)
        assert "-boot" in it.words[3]
        assert it.board.calls == ["on", "choice", "reset", "choice", "reset", "choice"]


async def test_a_device_that_is_not_there_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with desk(tmp_path) as it:
        it.board.choice = PXE
        await it.on()
        assert "boot flags name a device that it has not" in caplog.text
        assert "qom-set" not in [one[0] for one in it.orders]


async def test_a_qemu_that_cannot_start_fails_with_its_own_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk(tmp_path, arguments=("-complain",)) as it:
        it.machine.turn_on()
        await it.told("failed")
        assert not it.machine.is_on()
        assert "rack: QEMU ended (status 1): qemu: the command line is wrong" in caplog.text


async def test_a_program_that_is_gone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with desk(tmp_path) as it:
        it.unplug()
        it.machine.turn_on()
        await it.told("failed")
        assert "rack: QEMU cannot be started" in caplog.text


async def test_a_qemu_that_crashes_is_power_that_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk(tmp_path) as it:
        await it.on()
        it.guest("crash")
        await it.told("off")
        assert "QEMU ended (status 9): qemu: a bug" in caplog.text


async def test_what_else_qemu_reports_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with desk(tmp_path) as it:
        await it.on()
        before = len(it.board.requests)
        it.guest("disk")
        it.guest("panic")
        await until(lambda: "panicked" in caplog.text)
        assert "a disk fails: No space left on device" in caplog.text
        assert [request[0] for request in it.board.requests[before:]] == [4], "an event for the log"
        it.machine.refused("qom-set", "no such device")
        assert "QEMU refuses qom-set: no such device" in caplog.text


async def test_a_machine_is_switched_off_before_it_answered(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        it.machine.turn_on()
        it.machine.turn_off()
        assert it.machine.phase is Phase.GIVING_UP
        it.machine.turn_on()
        assert it.machine.phase is Phase.AGAIN
        it.machine.turn_off()
        await until(lambda: it.machine.phase is Phase.OFF)
        assert it.board.calls == []


async def test_and_on_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        it.machine.turn_on()
        it.machine.turn_off()
        it.machine.turn_on()
        await it.told("on", "choice")


async def test_orders_while_another_qemu_comes_up(tmp_path: Path) -> None:
    async with desk(tmp_path, kernel="k") as it:
        await it.on()
        it.board.choice = CD
        it.machine.reset()
        assert it.machine.phase is Phase.RENEWING
        it.machine.reset()
        await until(lambda: it.machine.phase is Phase.RETURNING)
        it.machine.reset()
        assert it.board.calls == ["reset", "choice", "reset", "reset"]
        it.machine.turn_off()
        await until(lambda: it.machine.phase is Phase.OFF)
        assert it.board.calls[-1] == "off"


async def test_a_kill_of_the_bmc_leaves_the_machine_on_for_the_next_one(tmp_path: Path) -> None:
    it = Desk(tmp_path, keep_running=True)
    await it.on()
    it.machine.stop()
    await settled()
    it.machine = it.anew()
    try:
        assert it.machine.is_on()
        await until(lambda: it.machine._monitor.there)
        assert it.board.calls == [], "nothing has happened to the machine"
        it.machine.reset()
        await it.told("reset", "choice")
        await it.ordered("cont", "system_reset")
        it.machine.turn_off()
        await it.told("reset", "choice", "off")
    finally:
        it.machine.stop()
        await settled()
    assert len(it.words) == 1


async def test_a_bmc_that_ended_in_the_middle_of_a_start_is_made_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = Desk(tmp_path, keep_running=True)
    monkeypatch.setattr(QemuMachine, "_go", lambda _: None)
    it.machine.turn_on()
    await it.told("on", "choice")
    it.machine.stop()
    await settled()
    monkeypatch.undo()
    it.machine = it.anew()
    await it.ordered("cont")
    it.machine.turn_off()
    await it.told("on", "choice", "off")
    it.machine.stop()
    await settled()


async def test_a_lost_monitor_is_found_again_and_the_link_helps_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk(tmp_path) as it:
        await it.on()
        assert it.machine._link is not None
        codes: list[str] = []

        def order(link: object, code: Code) -> bool:
            codes.append(code.name)
            return True

        monkeypatch.setattr(type(it.machine._link), "order", order)
        monkeypatch.setattr(type(it.machine._monitor), "order", lambda *_, **__: False)
        it.machine.diagnostic_interrupt()
        it.machine.soft_shutdown()
        it.machine.reset()
        assert codes == ["NMI", "SHUT_DOWN", "RESET"]
        assert it.machine.is_on()
        monkeypatch.setattr(type(it.machine._link), "order", lambda *_: False)
        it.machine.reset()
        assert "QEMU does not answer; it is not reset" in caplog.text


async def test_a_machine_without_a_system_interface(tmp_path: Path) -> None:
    async with desk(tmp_path, interface="none") as it:
        it.machine.diagnostic_interrupt()
        it.machine.soft_shutdown()
        await it.on()
        assert "-chardev" in it.words[0]
        assert it.machine._link is None


def with_registers(folder: Path) -> Blueprint:
    """A BMC whose interface's own hardware is at a socket there."""
    endpoint = RegistersSpec(f"unix:{folder}/registers")
    return replace(BLUEPRINT, interface=InterfaceSpec("smic", endpoint=endpoint))


async def heard(door: socket.socket) -> bytes:
    """What the next QEMU says to the registers before it ends."""
    loop = asyncio.get_running_loop()
    door.setblocking(False)
    async with asyncio.timeout(LIMIT):
        wire, _ = await loop.sock_accept(door)
        with wire:
            return await loop.sock_recv(wire, 99)


async def test_each_qemu_is_connected_to_the_registers_of_the_bmcs_own_hardware(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    it = Desk(tmp_path, with_registers(tmp_path), interface="registers", keep_running=True)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{tmp_path}/registers")
        door.listen(1)
        for start in (1, 2):
            it.machine.turn_on()
            assert await heard(door) == b"plugged"
            await until(lambda: it.board.calls == ["on", "choice"])
            await until(lambda: len(it.words) == start)  # noqa: B023 - it is waited for here
            assert it.machine._link is None
            it.board.calls.clear()
            if start == 1:
                it.machine.turn_off()
                await it.told("off")
                it.board.calls.clear()
        it.machine.stop()
        await settled()
        assert "power cycle" not in caplog.text
        it.machine = it.anew()
        assert it.machine.is_on()
        assert "rack: QEMU cannot connect to the registers again" in caplog.text
        it.machine.turn_off()
        await it.told("off")
    it.machine.stop()
    await settled()


async def test_where_nobody_has_registers_the_machine_does_not_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    it = Desk(tmp_path, with_registers(tmp_path), interface="registers")
    it.machine.turn_on()
    await it.told("failed")
    assert it.machine.phase is Phase.OFF
    assert "QEMU cannot be started" in caplog.text
    it.machine.stop()
    await settled()


async def test_a_stubborn_qemu_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.bmc.backends.qemu.process.PATIENCE_S", 0.05)
    async with desk(tmp_path, arguments=("-stubborn",)) as it:
        await it.on()
        it.machine.turn_off()
        await it.told("off")


async def test_a_pid_file_of_a_qemu_that_was_killed_is_no_machine(tmp_path: Path) -> None:
    it = Desk(tmp_path, keep_running=True)
    await it.on()
    pid = it.machine.folder.running()
    assert pid is not None
    it.machine.stop()
    await settled()
    kill(pid)
    it.machine = it.anew()
    assert not it.machine.is_on()
    it.machine.stop()
    await settled()


def test_every_event_is_known_where_it_can_come() -> None:
    """What has no row is nothing to the machine: orders for what it does already, or cannot do."""
    ignored = {
        pair for phase in Phase for event in Event if (pair := (phase, event)) not in QemuMachine.TABLE
    }
    assert {event for _, event in QemuMachine.TABLE} == set(Event)
    assert {phase for phase, _ in QemuMachine.TABLE} == set(Phase)
    assert all((phase, Event.ENDED) in QemuMachine.TABLE for phase in Phase if phase is not Phase.OFF)
    assert (Phase.OFF, Event.RESET) in ignored
