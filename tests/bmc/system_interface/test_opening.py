"""Which endpoint a blueprint means."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.interfaces import DeviceSpec, InterfaceSpec, RegistersSpec
from baseboard.bmc.system_interface import opened, opening
from baseboard.bmc.system_interface.registers import RegistersEndpoint
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.fake_board import FakeBoard


def test_a_simulated_host_needs_none() -> None:
    assert opened(InterfaceSpec(), FakeBoard(), VirtualClock()) is None


async def test_registers(tmp_path: Path) -> None:
    spec = InterfaceSpec("smic", endpoint=RegistersSpec(f"unix:{tmp_path}/bmc"))
    endpoint = opened(spec, FakeBoard(), VirtualClock())
    assert isinstance(endpoint, RegistersEndpoint)
    with pytest.raises(TransportError):
        opened(spec, FakeBoard(), VirtualClock())
    endpoint.close()


async def test_the_device_of_a_chip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = InterfaceSpec("kcs", endpoint=DeviceSpec(str(tmp_path / "ipmi-kcs3")))
    with pytest.raises(TransportError, match="ipmi-kcs3"):
        opened(spec, FakeBoard(), VirtualClock())
    monkeypatch.setattr(opening, "DeviceEndpoint", lambda *words: words)
    board, clock = FakeBoard(), VirtualClock()
    assert opened(spec, board, clock) == (str(tmp_path / "ipmi-kcs3"), "kcs", board, clock)
