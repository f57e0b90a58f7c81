"""A domain behind a BMC: a libvirt that a test commands, and libvirt's own test driver."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from baseboard.bmc.backends.libvirt import Domain, domain
from baseboard.bmc.backends.libvirt.binding import Event, connect
from baseboard.bmc.backends.libvirt.boot_order import order_of
from baseboard.bmc.backends.libvirt.domain import LOOK, OWN
from baseboard.bmc.blueprint.libvirt import LibvirtSpec
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.libvirt.fake_libvirt import Hypervisor
from tests.bmc.fake_board import FakeBoard
from tests.bmc.machine_bench import settled, until_in_time
from tests.transports.wires import until

SPEC = LibvirtSpec("guest")
PXE = BootChoice(device=BootDevice.PXE)


class Host:
    """A domain, its BMC, and its libvirt."""

    def __init__(self, **how: Any) -> None:
        self.libvirt = Hypervisor(**how)
        self.clock, self.board = VirtualClock(), FakeBoard()
        self.domain = Domain(SPEC, self.clock, "virt", self.libvirt.connect)
        self.domain.connect(self.board)

    async def begun(self) -> Host:
        self.domain.start()
        await self.quiet()
        return self

    async def quiet(self) -> None:
        """Wait until it has nothing to do; a call in a thread is one that it waits for."""
        for _ in range(3):
            before = -1
            while before != (now := len(self.libvirt.calls) + len(self.board.calls)):
                before = now
                await settled()
                await asyncio.sleep(0.01)  # polls

    async def passed(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.quiet()

    async def tells(self, event: Event) -> None:
        self.libvirt.tell(event)
        await self.quiet()


@pytest.mark.parametrize("on", [True, False])
async def test_its_state_is_known_before_anything_begins(on: bool) -> None:
    host = Host(on=on)
    assert host.domain.is_on() is on
    await host.begun()
    assert host.board.calls == []
    host.domain.stop()


async def test_on_off_nmi_and_shutdown() -> None:
    host = await Host().begun()
    host.domain.turn_on()
    await until(lambda: host.board.calls == ["choice", "on"])
    assert host.domain.is_on()
    host.domain.diagnostic_interrupt()
    host.domain.soft_shutdown()
    await until(lambda: host.libvirt.calls[-1] == "shutdown")
    host.domain.turn_off()
    await until(lambda: host.board.calls[-1] == "off")
    done = [call for call in host.libvirt.calls if call != "console"]
    assert done == ["create", "nmi", "shutdown", "destroy"]
    host.domain.turn_off()
    await host.quiet()
    assert host.libvirt.calls[-1] == "destroy"
    host.domain.stop()


async def test_a_boot_device_for_one_start() -> None:
    host = await Host().begun()
    host.board.choice = PXE
    host.domain.turn_on()
    await until(lambda: host.board.calls == ["choice", "on"])
    assert order_of(host.libvirt.live)[0] == "network"
    host.board.choice = BootChoice()
    host.domain.reset()
    await until(lambda: host.board.calls[2:] == ["choice", "reset"])
    assert order_of(host.libvirt.live)[0] == "hd"
    assert "reset" not in host.libvirt.calls  # it would have booted from the network again
    host.domain.reset()
    await until(lambda: host.libvirt.calls[-1] == "reset")
    await host.quiet()
    assert host.board.calls[4:] == ["choice", "reset"]
    host.domain.stop()


async def test_a_boot_device_that_it_has_not_is_told(caplog: pytest.LogCaptureFixture) -> None:
    host = await Host().begun()
    host.board.choice = BootChoice(device=12)
    host.domain.turn_on()
    await until(lambda: host.domain.is_on())
    assert "virt: its boot device is left as it is" in caplog.text
    host.domain.stop()


async def test_others_may_switch_it() -> None:
    host = await Host().begun()
    host.libvirt.switch(on=True)
    await host.tells(Event.CHANGED)
    assert host.board.calls == ["on"]
    host.libvirt.switch(on=False)
    host.libvirt.switch(on=True)  # before anybody could look
    await host.tells(Event.CHANGED)
    assert host.board.calls == ["on", "off", "on"]
    host.libvirt.switch(on=False)  # and nobody tells
    await host.passed(LOOK)
    assert host.board.calls[3:] == ["off"]
    host.domain.turn_on()
    host.libvirt.switch(on=True)
    await host.quiet()
    assert "create" not in host.libvirt.calls
    host.domain.stop()


async def test_a_reset_of_its_own_is_reported_and_reads_the_boot_options() -> None:
    host = await Host(on=True).begun()
    await host.tells(Event.REBOOTED)
    assert host.board.calls == ["reset", "choice"]
    host.board.choice = PXE
    await host.tells(Event.REBOOTED)
    assert host.board.calls[2:] == ["reset", "choice"]
    assert order_of(host.libvirt.live)[0] == "network"
    await host.tells(Event.REBOOTED)  # that was ours
    assert len(host.board.calls) == 4
    host.board.choice = BootChoice()
    await host.passed(OWN)
    await host.tells(Event.REBOOTED)  # the installer is done, and the domain restarts from its disk
    assert order_of(host.libvirt.live)[0] == "hd"
    assert host.board.calls[4:] == ["reset", "choice"]
    host.domain.stop()


@pytest.mark.parametrize(
    ("order", "call"),
    [("turn_on", "create"), ("turn_off", "destroy"), ("reset", "reset"), ("diagnostic_interrupt", "nmi")],
)
async def test_what_is_refused_is_a_control_fault(
    order: str, call: str, caplog: pytest.LogCaptureFixture
) -> None:
    host = await Host(on=order != "turn_on").begun()
    host.libvirt.refused = {call}
    getattr(host.domain, order)()
    await until(lambda: "failed" in host.board.calls)
    assert f"failed: {call} is refused" in caplog.text
    assert len(host.libvirt.connections) == 1
    host.domain.stop()


async def test_a_restart_that_fails_halfway_shows_what_is_left() -> None:
    host = await Host(on=True).begun()
    host.board.choice = PXE
    host.libvirt.refused = {"create"}
    host.domain.reset()
    await until(lambda: "failed" in host.board.calls)
    assert host.board.calls == ["choice", "off", "failed"]
    assert not host.domain.is_on()
    host.domain.stop()


async def test_a_domain_that_vanishes_and_comes_back(caplog: pytest.LogCaptureFixture) -> None:
    host = await Host(on=True).begun()
    host.libvirt.defined = False
    await host.tells(Event.CHANGED)
    assert (host.board.calls, host.domain.is_on()) == (["off"], False)
    assert "virt: no domain guest; trying again" in caplog.text
    host.domain.turn_on()
    await until(lambda: "failed" in host.board.calls)
    host.libvirt.defined = True
    await host.passed(LOOK)
    assert host.board.calls[-1] == "on"
    assert "libvirt answers again" in caplog.text
    host.domain.stop()


async def test_a_daemon_that_is_restarted(caplog: pytest.LogCaptureFixture) -> None:
    host = await Host(on=True).begun()
    (stream,) = host.libvirt.streams
    host.libvirt.there = False
    await host.tells(Event.CLOSED)
    assert stream.closed
    assert host.domain.is_on()  # nobody has said otherwise
    host.domain.turn_off()
    await until(lambda: host.board.calls == ["failed"])
    for _ in range(6):
        await host.passed(30)
    host.libvirt.there = True
    host.libvirt.switch(on=False)
    await host.passed(30)
    await until(lambda: host.board.calls == ["failed", "off"])
    assert len(host.libvirt.connections) == 2
    assert caplog.text.count("trying again") == 1
    host.domain.stop()
    await until(lambda: host.libvirt.connections[-1].closed)


@pytest.mark.parametrize("answers", [True, False])
async def test_a_connection_that_is_lost_without_a_word(answers: bool) -> None:
    host = await Host(on=True).begun()
    host.libvirt.there = False
    host.libvirt.refused = set() if answers else {"alive"}
    await host.passed(LOOK)
    host.libvirt.there = True
    await host.passed(LOOK)
    await until(lambda: len(host.libvirt.connections) == 2)
    host.domain.stop()


async def test_a_libvirt_that_comes_later(caplog: pytest.LogCaptureFixture) -> None:
    libvirt = Hypervisor(on=True)
    libvirt.there = False
    clock, board = VirtualClock(), FakeBoard()
    made = Domain(SPEC, clock, "virt", libvirt.connect)
    made.connect(board)
    assert not made.is_on()
    made.start()
    await until_in_time(clock, 1, lambda: "nobody is there" in caplog.text)
    libvirt.there = True
    await until_in_time(clock, 1, lambda: board.calls == ["on"])
    made.stop()


async def test_a_domain_that_there_is_not() -> None:
    with pytest.raises(TransportError, match="no domain other"):
        Domain(LibvirtSpec("other"), VirtualClock(), "virt", Hypervisor().connect)


async def test_without_the_library_it_is_said_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "libvirt", None)
    with pytest.raises(TransportError, match=r"baseboard\[vm\]"):
        Domain(LibvirtSpec("guest", "test:///default"), VirtualClock(), "virt")


async def test_its_console_opens_with_each_run() -> None:
    host = await Host().begun()
    port = host.domain.serial
    assert port is not None
    heard = bytearray()
    port.attach(heard.extend)
    assert not port.carrier()
    host.domain.turn_on()
    await until(port.carrier)
    (stream,) = host.libvirt.streams
    stream.received(b"boots")
    await until(lambda: heard == b"boots")
    stream.ended()
    await until(lambda: not port.carrier())
    host.libvirt.switch(on=True)
    await host.tells(Event.CHANGED)
    await until(port.carrier)
    host.domain.turn_off()
    await until(lambda: not port.carrier())
    host.domain.stop()


async def test_a_console_that_there_is_not_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    host = await Host(on=True).begun()
    host.libvirt.refused = {"console"}
    for _ in range(3):
        host.libvirt.switch(on=True)
        await host.tells(Event.CHANGED)
    assert caplog.text.count("no console") == 1
    host.domain.stop()


async def test_a_mistake_of_ours_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    host = await Host().begun()
    monkeypatch.setattr(host.board, "power_changed", lambda on: 1 // 0)
    host.libvirt.switch(on=True)
    await host.tells(Event.CHANGED)
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    host.libvirt.switch(on=False)
    await host.passed(LOOK)
    assert host.board.calls == ["off"]
    host.domain.stop()


async def test_after_the_end_nothing_is_heard() -> None:
    host = await Host(on=True).begun()
    host.domain.stop()
    host.libvirt.switch(on=False)
    await host.tells(Event.CHANGED)
    assert host.board.calls == []
    loop = asyncio.new_event_loop()
    loop.close()
    domain._soon(loop, lambda: None)


async def test_the_real_librarys_test_driver() -> None:
    """Every order, against libvirt's own domain in memory."""
    clock, board = VirtualClock(), FakeBoard()
    made = Domain(LibvirtSpec("test", "test:///default"), clock, "virt")
    other = connect("test:///default", "test", lambda event: None)  # the same domain, as others see it
    made.connect(board)
    assert made.is_on()
    made.start()
    made.turn_off()
    await until(lambda: board.calls == ["off"])
    assert other.run_number("test") == -1
    board.choice = BootChoice(device=BootDevice.PXE, persistent=True)
    made.turn_on()
    await until(lambda: board.calls[1:] == ["choice", "on"])
    assert (
        order_of(other.description("test"))[0]
        == order_of(other.description("test", live=True))[0]
        == "network"
    )
    board.choice = BootChoice()
    made.reset()
    await until(lambda: board.calls[3:] == ["choice", "reset"])
    assert order_of(other.description("test", live=True)) == ("hd",)
    other.destroy("test")
    await until(lambda: board.calls[-1] == "off")
    other.create("test")
    await until(lambda: board.calls[-1] == "on")
    made.diagnostic_interrupt()
    made.soft_shutdown()
    await until(lambda: board.calls[-1] == "off")
    assert "failed" not in board.calls
    other.create("test")
    made.stop()
    other.close()
