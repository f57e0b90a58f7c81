"""Registers through a device file; here a file of the test's own stands for it."""

from __future__ import annotations

import errno
import mmap
import os
from pathlib import Path

import pytest

from baseboard.errors import TransportError
from baseboard.transports import port_access
from baseboard.transports.port_access import MemoryAccess, PortAccess


@pytest.fixture
def ports(tmp_path: Path) -> Path:
    path = tmp_path / "port"
    path.write_bytes(bytes(0x10000))
    return path


@pytest.mark.parametrize("spacing", [1, 4, 16])
def test_ports_are_so_far_apart(ports: Path, spacing: int) -> None:
    access = PortAccess(0xCA2, 3, spacing, str(ports))
    for register, value in enumerate((0x61, 0xC0, 0xFF)):
        access.write(register, value)
    assert [access.read(register) for register in range(3)] == [0x61, 0xC0, 0xFF]
    access.close()
    access.close()
    content = ports.read_bytes()
    assert {place: byte for place, byte in enumerate(content) if byte} == {
        0xCA2: 0x61, 0xCA2 + spacing: 0xC0, 0xCA2 + 2 * spacing: 0xFF
    }  # fmt: skip
    assert len(content) == 0x10000


@pytest.mark.parametrize(("base", "size", "spacing"), [(-1, 2, 1), (0xFFFF, 2, 1), (0xFFE0, 3, 16)])
def test_ports_that_there_are_not(ports: Path, base: int, size: int, spacing: int) -> None:
    with pytest.raises(TransportError, match=f"there are no {size} ports at"):
        PortAccess(base, size, spacing, str(ports))


def test_the_last_ports_there_are(ports: Path) -> None:
    access = PortAccess(0xFFFE, 2, 1, str(ports))
    access.write(1, 5)
    assert access.read(1) == 5
    access.close()


def test_a_device_that_is_not_there_or_may_not_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = str(tmp_path / "none")
    for make in (PortAccess, MemoryAccess):
        with pytest.raises(TransportError, match="none: cannot be opened: No such file") as caught:
            make(0xCA2, 2, 1, missing)
        assert "-I open" in caught.value.hint
        assert isinstance(caught.value.__cause__, OSError)

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "open", refuse)
    for make in (PortAccess, MemoryAccess):
        with pytest.raises(TransportError, match="Operation not permitted") as caught:
            make(0xCA2, 2, 1, missing)
        assert "only root" in caught.value.hint


def test_an_access_that_fails_names_the_port(ports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    access = PortAccess(0xCA2, 2, 1, str(ports))

    def fail(*_: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "pread", fail)
    monkeypatch.setattr(os, "pwrite", fail)
    with pytest.raises(TransportError, match="port 0CA3h is not read: Input/output error"):
        access.read(1)
    with pytest.raises(TransportError, match="port 0CA2h is not written"):
        access.write(0, 1)
    access.close()


@pytest.mark.parametrize("base", [0, 0xCA2, mmap.PAGESIZE - 1, mmap.PAGESIZE + 8])
def test_registers_in_memory(tmp_path: Path, base: int) -> None:
    path = tmp_path / "mem"
    path.write_bytes(bytes(3 * mmap.PAGESIZE))
    access = MemoryAccess(base, 2, 4, str(path))
    access.write(0, 0x61)
    access.write(1, 0xC0)
    assert [access.read(0), access.read(1)] == [0x61, 0xC0]
    access.close()
    content = path.read_bytes()
    assert {place: byte for place, byte in enumerate(content) if byte} == {base: 0x61, base + 4: 0xC0}


def test_memory_that_cannot_be_had(tmp_path: Path) -> None:
    path = tmp_path / "mem"
    path.write_bytes(bytes(16))
    with pytest.raises(TransportError, match="memory at 10000h cannot be had") as caught:
        MemoryAccess(0x10000, 2, 1, str(path))
    assert "no such addresses" in caught.value.hint
    with pytest.raises(TransportError, match="cannot be had"):
        MemoryAccess(1 << 70, 2, 1, str(path))


def test_the_devices_are_linuxs() -> None:
    assert (port_access.PORTS, port_access.MEMORY) == ("/dev/port", "/dev/mem")
