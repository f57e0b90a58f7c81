"""The system interface as hardware: each kind in front of a BMC, worked by the host's own machine."""

from __future__ import annotations

import asyncio
import socket
import struct
from pathlib import Path

import pytest

from baseboard.bmc.blueprint.interfaces import InterfaceKind, InterfaceSpec, RegistersSpec
from baseboard.bmc.system_interface.registers import Hardware, RegistersEndpoint, identity
from baseboard.links.bt_host import BtHost
from baseboard.links.host_machine import Done, Failed, HostMachine, Wait, complete
from baseboard.links.kcs_host import KcsHost
from baseboard.links.pci_proxy import Command
from baseboard.links.smbus_controller import DEV_ERR, SmbusController
from baseboard.links.smic_host import SmicHost
from baseboard.links.ssif_host import ReadBlock, SsifHost, SsifProbe, Trouble, WriteBlock
from baseboard.links.ssif_host import complete as complete_transfers
from baseboard.testing.clock import VirtualClock
from tests.bmc.fake_board import FakeBoard
from tests.bmc.harness import make_bmc

KINDS: tuple[InterfaceKind, ...] = ("kcs", "smic", "bt", "ssif")
GET_DEVICE_ID, ANSWER = b"\x18\x01", b"\x1c\x01\x00\x20"
MACHINES: dict[str, type[KcsHost] | type[SmicHost] | type[BtHost]] = {
    "kcs": KcsHost, "smic": SmicHost, "bt": BtHost,
}  # fmt: skip
# Where KCS has its status, SMIC its flags, BT its control register.
ATTENTION = {"kcs": (1, 0x04), "smic": (2, 0x04), "bt": (0, 0x10)}


def transfer(controller: SmbusController, wanted: WriteBlock | ReadBlock) -> bytes | Trouble:
    """A block transfer as a driver of the controller does it, through the buffer."""
    read = isinstance(wanted, ReadBlock)
    for register, value in ((0, 0xFF), (12, 0xFF), (13, 0x02), (4, 0x20 | read), (3, wanted.command)):
        controller.write(register, value)
    controller.read(2)
    if isinstance(wanted, WriteBlock):
        controller.write(5, len(wanted.block))
        for byte in wanted.block:
            controller.write(7, byte)
    controller.write(2, 0x54 | 0x80 * wanted.pec)
    if controller.read(0) & DEV_ERR:
        return Trouble.BAD_PEC if controller.read(12) & 1 else Trouble.UNACKNOWLEDGED
    controller.read(2)
    return bytes(controller.read(7) for _ in range(controller.read(5))) if read else b""


class Bench:
    """Hardware in front of a board, and the host's side of it."""

    def __init__(self, kind: InterfaceKind, board: FakeBoard | None = None, **sizes: int) -> None:
        self.kind, self.clock = kind, VirtualClock()
        self.board = board or FakeBoard()
        self.board.answers[0x06, 0x01] = b"\0\x20"
        self.hardware = Hardware(InterfaceSpec(kind, **sizes), self.board, self.clock)  # type: ignore[arg-type]  # numbers, as a test names them
        self.host = SsifHost() if kind == "ssif" else MACHINES[kind]()

    def ask(self, message: bytes = GET_DEVICE_ID) -> bytes:
        self.host.request(message, self.clock.now())
        end = self.run()
        assert isinstance(end, Done), end
        return end.message

    def run(self) -> Done | Failed:
        if isinstance(self.host, SsifHost):
            return self._transfers(self.host)
        return complete(self.host, self.hardware.device, self.clock.now, self.clock.advance)

    def _transfers(self, machine: SsifHost | SsifProbe) -> Done | Failed:
        controller = self.hardware.device
        assert isinstance(controller, SmbusController)
        return complete_transfers(
            machine, lambda wanted: transfer(controller, wanted), self.clock.now, self.clock.advance
        )

    def begin(self) -> None:
        """Have the host send a request, without waiting for the answer."""
        machine = self.host
        machine.request(GET_DEVICE_ID, self.clock.now())
        before, value = len(self.board.requests), 0
        while len(self.board.requests) == before:
            if isinstance(machine, SsifHost):
                step = machine.step(None, self.clock.now())
                assert isinstance(step, WriteBlock)
                assert isinstance(self.hardware.device, SmbusController)
                transfer(self.hardware.device, step)
            else:
                value = one_step(machine, self.hardware, value, self.clock)
        if isinstance(machine, SsifHost):
            machine.step(b"", self.clock.now())  # it was acknowledged; what comes next is not done


def one_step(machine: HostMachine, hardware: Hardware, value: int, clock: VirtualClock) -> int:
    match machine.step(value, clock.now()):
        case Wait(seconds):
            clock.advance(seconds)
        case Done() | Failed() as end:
            pytest.fail(str(end))
        case (register, written):
            hardware.device.write(register, written)
        case (register,):
            return hardware.device.read(register)
    return 0


@pytest.mark.parametrize("kind", KINDS)
def test_requests_reach_the_board_and_answers_the_host(kind: InterfaceKind) -> None:
    bench = Bench(kind)
    assert [bench.ask() for _ in range(3)] == [ANSWER] * 3
    assert bench.ask(b"\x1a\x77\x01\x02") == b"\x1e\x77\xc1"
    assert bench.board.requests[-1] == (0x06, 2, 0x77, b"\x01\x02")


@pytest.mark.parametrize("kind", KINDS)
def test_answers_may_come_later(kind: InterfaceKind) -> None:
    bench = Bench(kind)
    bench.board.late = True
    bench.begin()
    (answer,) = bench.board.waiting
    answer()
    end = bench.run()
    assert end == Done(ANSWER)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_asked_before_a_reset_is_answered_to_nobody(kind: InterfaceKind) -> None:
    bench = Bench(kind)
    bench.board.late = True
    bench.begin()
    bench.hardware.reset()
    bench.board.answers[0x06, 0x01] = b"\0\x99"
    bench.begin()
    old, new = bench.board.waiting
    old()
    new()
    assert bench.run() == Done(b"\x1c\x01\x00\x99")


@pytest.mark.parametrize("kind", KINDS)
def test_a_response_that_software_sends_is_no_command(kind: InterfaceKind) -> None:
    bench = Bench(kind)
    if kind == "ssif":  # the host's machine waits for a response's NetFn
        controller = bench.hardware.device
        assert isinstance(controller, SmbusController)
        assert transfer(controller, WriteBlock(2, b"\x1c\x01", False)) == b""
        assert transfer(controller, ReadBlock(3, False)) == b"\x1c\x01\xc1"
    else:
        assert bench.ask(b"\x1c\x01") == b"\x1c\x01\xc1"
    assert bench.board.requests == []


@pytest.mark.parametrize("kind", ["kcs", "smic", "bt"])
def test_flags_show_as_attention(kind: InterfaceKind) -> None:
    board = FakeBoard()
    board.raise_flags(1)
    bench = Bench(kind, board)
    register, bit = ATTENTION[kind]
    assert bench.hardware.device.read(register) & bit
    if kind == "bt":
        bench.hardware.device.write(register, bit)
    board.raise_flags(0)
    assert not bench.hardware.device.read(register) & bit
    board.raise_flags(1)
    assert bench.hardware.device.read(register) & bit


def test_flags_alert_on_the_smbus_when_that_is_wanted() -> None:
    bench = Bench("ssif")
    bench.board.raise_flags(1, interrupts=True)
    assert bench.hardware.device.read(0) & 0x20
    bench.board.raise_flags(0)
    assert not bench.hardware.device.read(0) & 0x20


def test_bt_cannot_tell_of_more_than_255_bytes() -> None:
    bench = Bench("bt")
    bench.board.answers[0x0A, 0x11] = bytes(260)
    assert bench.ask(b"\x28\x11") == b"\x2c\x11\xca"


def test_bts_hardware_reset_is_one_of_the_interface() -> None:
    """Linux pulls it as it loads its driver; the controller goes on with everything else."""
    bench = Bench("bt")
    bench.board.late = True
    bench.begin()
    bench.hardware.device.write(2, 0x80)
    (answer,) = bench.board.waiting
    answer()
    assert not bench.hardware.device.read(0) & 0x08
    assert len(bench.board.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_capabilities_are_those_of_the_interface(kind: InterfaceKind) -> None:
    """§22.9, §22.10: what a BMC of ours says of an interface is what its hardware does."""
    spec = InterfaceSpec(kind, input_size=64, output_size=80, outstanding=3, response_s=7, retries=1)
    bmc = make_bmc(interface=spec)
    bench = Bench(kind)
    bench.hardware = Hardware(spec, bmc.controller, bench.clock)
    told = {
        "kcs": (b"\x18\x57\x01", "1C 57 00 00 00 40"),
        "smic": (b"\x18\x57\x02", "1C 57 00 00 00 40"),
        "ssif": (b"\x18\x57\x00", "1C 57 00 00 88 40 50"),
        "bt": (b"\x18\x36", "1C 36 00 03 40 50 07 01"),
    }
    asked, expected = told[kind]
    assert bench.ask(asked) == bytes.fromhex(expected)


def test_a_probe_finds_what_a_bmc_can_do() -> None:
    spec = InterfaceSpec("ssif")
    bench = Bench("ssif")
    bench.hardware = Hardware(spec, make_bmc(interface=spec).controller, bench.clock)
    assert isinstance(bench.host, SsifHost)
    assert bench._transfers(SsifProbe(bench.host, bench.clock.now())) == Done(b"")
    assert (bench.host.limits.longest, bench.host.limits.pec) == (255, True)
    assert bench.ask()[:3] == b"\x1c\x01\x00"


def test_pci_classes_say_what_it_is() -> None:
    assert [identity(kind).class_code for kind in KINDS] == [0x0C0701, 0x0C0700, 0x0C0702, 0x0C0500]
    assert [identity(kind).bar for kind in KINDS] == [0, 0, 0, 4]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_endpoint_is_where_qemu_finds_it(kind: InterfaceKind, tmp_path: Path) -> None:
    board, path = FakeBoard(), str(tmp_path / "bmc")
    spec = InterfaceSpec(kind)
    endpoint = RegistersEndpoint(spec, RegistersSpec(f"unix:{path}"), board, VirtualClock())
    assert endpoint.place == f"unix:{path}"
    assert "x-pci-proxy-dev,fd=9" in endpoint.hint
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX) as qemu:
        qemu.setblocking(False)
        await loop.sock_connect(qemu, path)
        ask = struct.pack("<i4xQIIi", Command.CONFIG_READ, 12, 0x08, 0, 4)
        reset = struct.pack("<i4xQ", Command.DEVICE_RESET, 0)
        await loop.sock_sendall(qemu, ask + reset)
        data = b""
        while len(data) < 48:
            data += await loop.sock_recv(qemu, 48)
    assert struct.unpack_from("<Q", data, 16)[0] >> 8 == identity(kind).class_code
    endpoint.close()
