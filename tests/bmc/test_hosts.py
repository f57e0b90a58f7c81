"""What is behind a BMC: each kind of machine, and what is simulated round one that lacks something."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.backends.vm import VirtualMachine
from baseboard.bmc.backends.wired_port import WiredPort
from baseboard.bmc.blueprint import DcmiSpec
from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.bmc.blueprint.sol import SolPortSpec, SolSpec
from baseboard.bmc.clock import LoopClock
from baseboard.bmc.hosts import PULSE, Joined, host_of
from baseboard.bmc.makeups import makeup
from baseboard.bmc.ports import Board, SerialPort
from baseboard.testing.clock import VirtualClock
from tests.bmc.fake_board import FakeBoard
from tests.bmc.fakes import BLUEPRINT, FakeBackend, FakeSerial
from tests.transports.wires import until

RACK = makeup(0, "rack", bytes(16))


def bare() -> FakeBackend:
    """A machine that has power lines alone."""
    machine = FakeBackend()
    machine.sensors = machine.serial = machine.identify = machine.meter = None
    return machine


def joined(machine: FakeBackend, **changes: Any) -> tuple[Joined, FakeBoard, VirtualClock]:
    clock, board = VirtualClock(), FakeBoard()
    host = Joined(replace(RACK, **changes), clock, machine)
    host.connect(board)
    host.start()
    return host, board, clock


def test_without_a_machine_the_server_is_simulated() -> None:
    assert isinstance(host_of(BLUEPRINT, VirtualClock()), SimulatedServer)


def test_a_virtual_machine_is_joined_with_surroundings() -> None:
    host = host_of(replace(RACK, machine=VmSpec("unix:/vm")), VirtualClock())
    assert isinstance(host, Joined)
    assert isinstance(host.machine, VirtualMachine)
    assert host.power is host.machine
    assert (host.serial, host.serials) == (None, ())


def test_what_is_no_machine_is_refused() -> None:
    with pytest.raises(TypeError):
        host_of(replace(RACK, machine="a toaster"), VirtualClock())  # type: ignore[arg-type]  # on purpose


def test_a_machine_that_has_everything_keeps_it() -> None:
    machine = FakeBackend()
    host, _, _ = joined(machine)
    assert (host.power, host.sensors, host.serial) == (machine.power, machine.sensors, machine.serial)
    assert (host.identify, host.meter) == (machine.identify, machine.meter)
    host.stop()
    assert machine.calls == ["start", "stop"]


def test_the_simulated_readings_follow_the_power() -> None:
    machine = bare()
    host, board, clock = joined(machine)
    fan = next(one.name for one in RACK.sensors if one.physics.kind == "fan")
    assert host.sensors is host.environment
    assert not host.environment.analog(fan, clock.now())
    machine.switch.turn_on()
    clock.advance(600)
    assert (host.environment.analog(fan, clock.now()) or 0) > 1000
    machine.switch.turn_off()
    clock.advance(600)
    assert not host.environment.analog(fan, clock.now())
    assert board.calls == ["on", "off"]


def test_the_meter_is_simulated_too() -> None:
    machine = bare()
    name = next(one.name for one in RACK.sensors if one.physics.kind == "power")
    host, _, clock = joined(machine, dcmi=DcmiSpec(meter=name))
    machine.switch.turn_on()
    clock.advance(600)
    assert host.meter is not None
    ordinary = host.meter.watts(clock.now()) or 0
    host.set_load(2.0)
    clock.advance(600)
    assert (host.meter.watts(clock.now()) or 0) > ordinary * 1.2
    without, _, clock = joined(bare(), dcmi=None)
    assert without.meter is not None
    assert without.meter.watts(clock.now()) is None


def test_a_light_is_simulated() -> None:
    host, _, _ = joined(bare())
    assert host.identify is host.light
    host.light.identify(True)
    assert host.light.lit


RULES = {
    # rule: off, on, where nothing else is known
    "acpi": (0x20, 0x01),
    "power_unit": (0x01, 0x00),
    "processor": (0x80, 0x80),
    "throttled": (0x01, 0x01),
    "power_limit": (0x01, 0x01),
    "button": (0, 0),
    "os_boot": (0, 0),
    "os_stop": (0, 0),
    "post": (0, 0),
    "boot": (0, 0),
    "nmi": (0, 0),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_power_tells(rule: str) -> None:
    machine = bare()
    host, _, _ = joined(machine)
    states = [host.environment.host_states(rule)]
    machine.switch.turn_on()
    states.append(host.environment.host_states(rule))
    assert tuple(states) == RULES[rule]


def test_a_rule_that_is_not_the_hosts() -> None:
    host, _, _ = joined(bare())
    assert host.environment.host_states("intrusion") is None


def test_buttons_are_seen_for_a_moment_and_reach_the_bmc() -> None:
    host, board, clock = joined(bare())
    host.press("power")
    assert board.calls == ["power"]
    assert host.environment.host_states("button") == 1
    clock.advance(PULSE)
    assert host.environment.host_states("button") == 0


def test_readings_can_be_held_and_released() -> None:
    host, _, clock = joined(bare())
    (name,) = (one.name for one in RACK.sensors if one.name == "Inlet Temp")
    before = host.environment.analog(name, clock.now())
    host.set_value(name, 77.0)
    assert host.environment.analog(name, clock.now()) == 77.0
    host.release(name)
    assert host.environment.analog(name, clock.now()) == before
    state = next(one.name for one in RACK.sensors if one.physics.kind == "state")
    host.set_states(state, 0x02)
    assert host.environment.discrete(state, clock.now()) == 0x02


def test_a_machine_without_power_lines_is_as_the_blueprint_says() -> None:
    machine = bare()
    machine.power = None
    host, _, clock = joined(machine, powered=True)
    voltage = next(one.name for one in RACK.sensors if one.physics.kind == "voltage" and one.physics.on)
    assert host.power is None
    assert host.environment.analog(voltage, clock.now())
    host._wake()


def test_everything_the_machine_asks_reaches_the_bmc() -> None:
    machine = bare()
    _, board, _ = joined(machine)
    board.answers[6, 1] = b"\x00\x20"
    between: Board = machine.board
    names = [name for name, _ in inspect.getmembers(Board, inspect.isfunction) if name[0] != "_"]
    assert all(callable(getattr(between, name)) for name in names)
    answers: list[bytes] = []
    changes: list[str] = []
    between.request(6, 0, 1, b"", answers.append)
    between.host_reset()
    between.button("nmi")
    between.control_failed()
    assert between.read_boot_choice() is board.choice
    assert board.calls == ["reset", "nmi", "failed", "choice"]
    assert answers == [b"\x00\x20"]
    between.watch(lambda: changes.append("changed"))
    board.raise_flags(8, interrupts=True)
    assert (between.message_flags(), between.interrupts_enabled(), changes) == (8, True, ["changed"])


# ---- serial ports

PTY = SolPortSpec("pty")


@pytest.mark.parametrize(
    ("ports", "first", "others"),
    [
        ((SolPortSpec(),), "own", ["own 2"]),
        ((PTY,), "wired", ["own 2"]),
        ((PTY, SolPortSpec()), "wired", ["own", "own 2"]),
        ((SolPortSpec(), PTY), "own", ["wired", "own 2"]),
    ],
)
def test_the_hosts_own_console_is_the_machines(
    ports: tuple[SolPortSpec, ...], first: str, others: list[str]
) -> None:
    machine = FakeBackend()
    machine.serials = (FakeSerial(),)
    host = Joined(replace(RACK, sol=SolSpec(ports)), VirtualClock(), machine)

    def kind(port: SerialPort | None) -> str:
        known = {id(machine.serial): "own", id(machine.serials[0]): "own 2"}
        return known.get(id(port), "wired" if isinstance(port, WiredPort) else "?")

    assert kind(host.serial) == first
    assert [kind(port) for port in host.serials] == others


def test_a_machine_without_console_has_none_but_those_that_are_wired() -> None:
    host = Joined(replace(RACK, sol=SolSpec((SolPortSpec(), PTY))), VirtualClock(), bare())
    assert host.serial is None
    assert [type(port) for port in host.serials] == [WiredPort]
    host = Joined(replace(RACK, sol=SolSpec((PTY, SolPortSpec()))), VirtualClock(), bare())
    assert isinstance(host.serial, WiredPort)
    assert host.serials == ()


async def test_the_serial_line_of_a_machine_is_connected_to_a_socket_of_its_emulator(tmp_path: Path) -> None:
    """As QEMU has it: ``-serial unix:PATH,server=on,wait=off``."""
    path, got = str(tmp_path / "serial"), asyncio.Queue[bytes]()

    async def guest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"login: ")
        await got.put(await reader.read(100))
        writer.close()

    server = await asyncio.start_unix_server(guest, path)
    machine = bare()
    ports = (SolPortSpec("unix", path=path),)
    host = Joined(replace(RACK, sol=SolSpec(ports)), LoopClock(asyncio.get_running_loop()), machine)
    host.connect(FakeBoard())
    printed: list[bytes] = []
    assert isinstance(host.serial, WiredPort)
    host.serial.attach(printed.append)
    host.start()
    await until(lambda: b"".join(printed) == b"login: ")
    host.serial.write(b"root\r")
    assert await got.get() == b"root\r"
    host.serial.ring()
    assert machine.switch.on
    host.serial.ring()
    assert machine.calls.count("turn_on") == 1
    host.stop()
    server.close()
