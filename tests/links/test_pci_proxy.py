"""QEMU's protocol for a PCI device in another process: bytes in, bytes out."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import RemoteProtocolError
from baseboard.links.pci_proxy import LONGEST, Command, ConfigurationSpace, PciIdentity, PciProxy

IDENTITY = PciIdentity(0x1234, 0x5678, 0x0C0701, bar=0, size=16, own=b"\x01\x02")
BASE = 0xC010


class Device:
    """Three registers that keep what is written."""

    size = 3

    def __init__(self) -> None:
        self.registers = [0x10, 0x20, 0x30]
        self.resets = 0

    def read(self, register: int) -> int:
        return self.registers[register]

    def write(self, register: int, value: int) -> None:
        self.registers[register] = value

    def reset(self) -> None:
        self.resets += 1


def message(command: int, body: bytes = b"", *, size: int | None = None) -> bytes:
    return struct.pack("<i4xQ", command, len(body) if size is None else size) + body


def configuration(command: Command, address: int, length: int, value: int = 0) -> bytes:
    return message(command, struct.pack("<IIi", address, value, length))


def access(command: Command, address: int, width: int, value: int = 0) -> bytes:
    return message(command, struct.pack("<QQI?3x", address, value, width, False))


def results(answers: bytes) -> list[int]:
    found: list[int] = []
    for command, size, value in struct.iter_unpack("<i4xQQ", answers):
        assert (command, size) == (Command.RET, 8)
        found.append(value)
    return found


class Bench:
    def __init__(self) -> None:
        self.device = Device()
        self.proxy = PciProxy(IDENTITY, self.device)
        self.ask(configuration(Command.CONFIG_WRITE, 0x10, 4, BASE))

    def ask(self, data: bytes) -> list[int]:
        return results(self.proxy.receive(data))


def test_the_device_says_what_it_is() -> None:
    space = ConfigurationSpace(IDENTITY)
    assert space.read(0x00, 4) == 0x56781234
    assert space.read(0x08, 4) == 0x0C070100
    assert space.read(0x40, 4) == 0x0201
    assert space.read(0x3D, 1) == 0  # no interrupt pin


def test_the_size_of_the_registers_is_found_as_usual() -> None:
    space = ConfigurationSpace(IDENTITY)
    space.write(0x10, 0xFFFFFFFF, 4)
    assert space.read(0x10, 4) == 0xFFFFFFF1
    space.write(0x10, BASE, 4)
    assert space.read(0x10, 4) == BASE | 1
    assert space.base() == BASE


def test_another_base_address() -> None:
    space = ConfigurationSpace(IDENTITY._replace(bar=4, size=32))
    space.write(0x10, 0xFFFFFFFF, 4)
    space.write(0x20, 0xFFFFFFFF, 4)
    assert (space.read(0x10, 4), space.read(0x20, 4)) == (0, 0xFFFFFFE1)


def test_what_is_read_only_stays() -> None:
    space = ConfigurationSpace(IDENTITY)
    space.write(0x00, 0, 4)
    space.write(0x04, 0xFFFF, 2)
    assert (space.read(0x00, 2), space.read(0x04, 2)) == (0x1234, 0x0005)


@pytest.mark.parametrize(("address", "length"), [(256, 1), (254, 4), (0, 5), (0, 0), (0, -1)])
def test_beyond_the_configuration_there_is_nothing(address: int, length: int) -> None:
    space = ConfigurationSpace(IDENTITY)
    space.write(address, 0, length)
    assert space.read(address, length) == 0xFFFFFFFF
    assert space.read(0, 2) == 0x1234


def test_registers_are_read_and_written() -> None:
    bench = Bench()
    assert bench.ask(access(Command.BAR_READ, BASE + 1, 1)) == [0x20]
    assert bench.ask(access(Command.BAR_WRITE, BASE + 1, 1, 0x99)) == [0]
    assert bench.device.registers == [0x10, 0x99, 0x30]


def test_a_wide_access_is_several() -> None:
    bench = Bench()
    assert bench.ask(access(Command.BAR_READ, BASE, 4)) == [0xFF302010]
    bench.ask(access(Command.BAR_WRITE, BASE + 1, 4, 0x44332211))
    assert bench.device.registers == [0x10, 0x11, 0x22]
    assert bench.ask(access(Command.BAR_READ, BASE - 1, 2)) == [0x10FF]


def test_a_reset_of_the_machine_reaches_the_device() -> None:
    bench = Bench()
    assert bench.ask(message(Command.DEVICE_RESET)) == [0]
    assert bench.device.resets == 1


def test_configuration_over_the_wire() -> None:
    bench = Bench()
    assert bench.ask(configuration(Command.CONFIG_READ, 0, 2)) == [0x1234]


@pytest.mark.parametrize("command", [Command.SYNC_SYSMEM, Command.SET_IRQFD])
def test_memory_and_interrupts_need_no_answer(command: Command) -> None:
    assert Bench().ask(message(command, bytes(200))) == []


def test_messages_may_come_in_any_pieces() -> None:
    bench = Bench()
    data = access(Command.BAR_READ, BASE, 1) + message(0, bytes(9)) + access(Command.BAR_READ, BASE + 2, 1)
    answers = b"".join(bench.proxy.receive(bytes((byte,))) for byte in data)
    assert results(answers) == [0x10, 0x30]
    assert results(bench.proxy.receive(data)) == [0x10, 0x30]


@pytest.mark.parametrize(
    "data",
    [
        message(8),
        message(-1),
        message(Command.RET, bytes(8)),
        message(0, size=LONGEST + 1),
        message(Command.CONFIG_READ, bytes(11)),
        message(Command.BAR_READ, bytes(12)),
        access(Command.BAR_READ, BASE, 3),
        access(Command.BAR_WRITE, BASE, 0),
    ],
    ids=["unknown", "negative", "answer", "long", "configuration", "access", "width", "nothing"],
)
def test_what_is_not_the_protocol_is_refused(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        Bench().proxy.receive(data)


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=64),
            st.builds(message, st.sampled_from(Command), st.binary(max_size=32)),
            st.builds(
                access,
                st.sampled_from((Command.BAR_READ, Command.BAR_WRITE)),
                st.integers(0, 2**64 - 1),
                st.sampled_from((1, 2, 4, 8)),
                st.integers(0, 2**64 - 1),
            ),
        ),
        max_size=20,
    )
)
def test_no_bytes_cause_anything_else(pieces: list[bytes]) -> None:
    bench = Bench()
    for piece in pieces:
        try:
            results(bench.proxy.receive(piece))
        except RemoteProtocolError:
            return
