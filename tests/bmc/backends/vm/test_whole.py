"""A whole BMC with a virtual machine behind it, in memory: what a guest does, and what it sees."""

from __future__ import annotations

import random
from typing import Any

import pytest

from baseboard.bmc.backends.vm import VirtualMachine
from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.bmc.configuration.vm import behind_vm
from baseboard.bmc.controller import Controller
from baseboard.bmc.hosts import Joined
from baseboard.bmc.makeups import makeup
from baseboard.bmc.services.home import Home
from baseboard.bmc.store import Journal, MemoryStore
from baseboard.codes import ChassisControl, RestartCause
from baseboard.errors import CompletionError
from baseboard.links.vm import Code, framed_message
from baseboard.links.vm_machine import Attention, Interrupts, Ordered
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.fake_machine import FakeSocket

SPEC = VmSpec("unix:/vm")


class Whole:
    """A BMC with its machine, and the store that outlives it."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self.store, self.clock = store or MemoryStore(), VirtualClock()
        self.socket = FakeSocket(self.clock)
        blueprint = behind_vm(makeup(0, "rack", bytes(16)), SPEC)
        machine = VirtualMachine(SPEC, self.clock, self.socket.open)
        self.host = Joined(blueprint, self.clock, machine)
        journal = Journal(self.store, "rack")
        home = Home(blueprint, journal, self.clock, self.host, random.Random(3).randbytes)
        self.controller = Controller(home)
        self.controller.start()

    @property
    def services(self) -> Any:
        return self.controller.services

    def asked(self, message: bytes) -> bytes:
        """Completion code and data that the guest gets."""
        answer = self.socket.ask(message)
        assert answer is not None
        assert answer[:2] == bytes((message[0] | 4, message[1]))
        return answer[2:]


def test_it_is_off_until_the_machine_comes_and_again_when_it_has_gone() -> None:
    whole = Whole()
    assert not whole.services.chassis.is_on()
    whole.clock.advance(60)
    assert not whole.services.chassis.control_fault
    whole.socket.appear()
    assert whole.services.chassis.is_on()
    assert whole.asked(b"\x18\x01")[0] == 0
    whole.socket.leave()
    assert not whole.services.chassis.is_on()


def test_what_a_machine_cannot_do_is_refused_before_anything_is_done() -> None:
    whole = Whole()
    chassis = whole.services.chassis
    with pytest.raises(CompletionError) as caught:
        chassis.control(ChassisControl.POWER_UP, RestartCause.CHASSIS_CONTROL)
    assert caught.value.code == 0xCC
    with pytest.raises(CompletionError) as caught:
        chassis.control(ChassisControl.HARD_RESET, RestartCause.CHASSIS_CONTROL)
    assert caught.value.code == 0xD5
    assert not chassis.control_fault


def test_the_guest_resets_itself_by_chassis_control_after_its_answer() -> None:
    whole = Whole()
    whole.socket.appear()
    assert whole.asked(b"\x00\x02\x03") == b"\x00"
    assert not [one for one in whole.socket.events() if isinstance(one, Ordered)]
    whole.clock.advance(0.01)
    assert [one for one in whole.socket.events() if isinstance(one, Ordered)] == [Ordered(Code.RESET)]
    assert whole.services.chassis.restart_cause == RestartCause.CHASSIS_CONTROL


def test_a_power_cycle_ends_it_and_knows_the_next_one_for_its_own() -> None:
    whole = Whole()
    whole.socket.appear()
    whole.services.chassis.control(ChassisControl.POWER_CYCLE, RestartCause.CHASSIS_CONTROL)
    assert Ordered(Code.POWER_OFF) in whole.socket.events()
    whole.socket.leave()
    whole.clock.advance(5)
    whole.socket.appear()
    assert whole.services.chassis.restart_cause == RestartCause.CHASSIS_CONTROL


def test_the_watchdog_resets_a_machine_that_hangs() -> None:
    whole = Whole()
    whole.socket.appear()
    assert whole.asked(b"\x18\x24\x04\x01\x00\x00\x64\x00") == b"\x00"
    assert whole.asked(b"\x18\x22") == b"\x00"
    whole.clock.advance(9.9)
    assert whole.socket.events() == []
    whole.clock.advance(0.2)
    assert Ordered(Code.RESET) in whole.socket.events()
    assert whole.services.chassis.restart_cause == RestartCause.WATCHDOG


@pytest.mark.parametrize(("interrupt", "seen"), [(2, Ordered(Code.NMI)), (3, Attention(True, True))])
def test_its_pretimeout_interrupts(interrupt: int, seen: object) -> None:
    whole = Whole()
    whole.socket.appear()
    whole.asked(b"\x18\x2e\x0f")
    whole.asked(bytes((0x18, 0x24, 0x04, interrupt << 4 | 1, 2, 0, 0x64, 0)))
    whole.asked(b"\x18\x22")
    whole.clock.advance(8.1)
    assert seen in whole.socket.events()
    flags = whole.asked(b"\x18\x31")[1]
    assert flags == (0x0A if interrupt == 3 else 0x02)  # the watchdog's own event is in the buffer


def test_events_reach_the_guest() -> None:
    whole = Whole()
    whole.socket.appear()
    whole.socket.raw.clear()
    assert whole.asked(b"\x18\x2e\x0f") == b"\x00"
    assert bytes(whole.socket.raw) == b"\x05\xa1" + framed_message(b"\x00\x1c\x2e\x00")
    name = next(one.name for one in whole.controller.services.home.blueprint.sensors if one.number == 1)
    whole.host.set_value(name, 95.0)
    whole.clock.advance(5)
    assert Attention(True, True) in whole.socket.events()
    assert whole.asked(b"\x18\x31") == b"\x00\x02"
    while whole.asked(b"\x18\x35")[0] == 0:
        continue
    assert whole.asked(b"\x18\x31") == b"\x00\x00"


def test_a_bmc_that_was_cut_off_shows_its_machine_the_defaults() -> None:
    whole = Whole()
    machine = whole.socket.appear()
    whole.asked(b"\x18\x2e\x0f")
    added = whole.asked(b"\x28\x44\x00\x00\x02\x00\x00\x00\x00\x41\x00\x04\x01\x30\x6f\x55\xaa\x5a")
    again = Whole(whole.store)
    again.socket.come(machine)
    events = again.socket.events()
    assert [one for one in events if isinstance(one, Interrupts)] == [Interrupts(False)]
    found = again.asked(b"\x28\x43\x00\x00" + added[1:3] + b"\x00\xff")
    assert found[10:] == b"\x41\x00\x04\x01\x30\x6f\x55\xaa\x5a"


@pytest.mark.parametrize("seed", range(20))
def test_a_hostile_guest_harms_nobody(seed: int) -> None:
    """Whatever it asks, it has one answer that fits, and the BMC goes on."""
    whole, luck = Whole(), random.Random(seed)
    whole.socket.appear()
    netfns = (0x00, 0x04, 0x06, 0x0A, 0x0C, 0x2C, 0x2E, 0x30, luck.randrange(64))
    for _ in range(300):
        head = luck.choice(netfns) << 2 & 0xF8 | luck.choice((0, 0, 0, 1, 2, 3))
        cmd = luck.randrange(256)
        if (head >> 2, cmd) in ((0x06, 0x34), (0x00, 0x02)):  # bridges, or ends it: others' tests
            continue
        message = bytes((head, cmd, *luck.randbytes(luck.choice((0, 1, 2, 5, 9, 20, 240)))))
        answer = whole.socket.ask(message)
        if answer is not None:
            assert 3 <= len(answer) <= 253
        whole.socket.listener.received(luck.randbytes(luck.randrange(40)) + b"\xa0")
        whole.socket.events()
    assert whole.socket.carrier
    assert whole.services.chassis.is_on()
