"""The connection to the BMC's own registers that QEMU is given."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc.backends.qemu.plug import place, plugged
from baseboard.bmc.blueprint.interfaces import DeviceSpec, InterfaceSpec, RegistersSpec
from baseboard.bmc.makeups import makeup
from baseboard.errors import TransportError

BLUEPRINT = makeup(0, "rack", bytes(16))


def test_the_blueprint_says_where_the_registers_are() -> None:
    made = replace(BLUEPRINT, interface=InterfaceSpec("smic", endpoint=RegistersSpec("unix:/run/x")))
    assert place(made) == "/run/x"


@pytest.mark.parametrize("endpoint", [None, DeviceSpec("/dev/ipmi-kcs3")])
def test_there_are_none(endpoint: DeviceSpec | None) -> None:
    made = replace(BLUEPRINT, interface=InterfaceSpec(endpoint=endpoint))
    with pytest.raises(TransportError, match="rack: its machine looks for the registers"):
        place(made)


def test_it_connects_at_once_and_blocks_from_then_on(tmp_path: Path) -> None:
    path = str(tmp_path / "registers")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen(1)
        with plugged(path) as made:  # nobody has let it in yet
            assert os.get_blocking(made.fileno())
            inside, _ = door.accept()
            with inside:
                made.sendall(b"x")
                assert inside.recv(9) == b"x"


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="registers"):
        plugged(str(tmp_path / "registers"))
