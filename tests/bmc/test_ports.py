"""The ports: who fulfils them, and what a BMC answers for one that is not there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from baseboard.bmc import ports
from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.ports import (
    Backend,
    Board,
    BootChoice,
    IdentifyPort,
    PowerMeterPort,
    PowerPort,
    SensorPort,
    SerialPort,
    SerialSignals,
)
from baseboard.codes import Cc
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT, FakeBackend
from tests.bmc.harness import make_bmc

PORTS = {
    "power": PowerPort,
    "sensors": SensorPort,
    "serial": SerialPort,
    "identify": IdentifyPort,
    "meter": PowerMeterPort,
}


def parameters(call: Callable[..., object]) -> list[str]:
    return list(inspect.signature(call).parameters)


def calls(protocol: type[Any]) -> dict[str, list[str]]:
    """The methods of a protocol and the names of their parameters, ``self`` left out."""
    methods = inspect.getmembers(protocol, inspect.isfunction)
    return {name: parameters(method)[1:] for name, method in methods if not name.startswith("_")}


def offered(thing: Any, protocol: type[Any]) -> dict[str, list[str]]:
    return {name: parameters(getattr(thing, name)) for name in calls(protocol)}


@pytest.mark.parametrize("made", [lambda: SimulatedServer(BLUEPRINT, VirtualClock()), FakeBackend])
def test_a_whole_backend_offers_every_call_of_every_port(made: Callable[[], Backend]) -> None:
    backend = made()
    for name, protocol in PORTS.items():
        assert calls(protocol)
        assert offered(getattr(backend, name), protocol) == calls(protocol)
    assert offered(backend, Backend) == calls(Backend)


def test_a_bmc_is_the_board_of_its_backend() -> None:
    assert offered(make_bmc().backend.board, Board) == calls(Board)


def test_the_ports_are_the_backends_ports() -> None:
    named = {kind for _, kind in inspect.getmembers(ports, inspect.isclass) if kind.__name__.endswith("Port")}
    # What is behind the LAN channel is no part of a backend: the endpoint brings it.
    assert named - {ports.NetworkPort} == set(PORTS.values())
    offers = {name for name, one in vars(Backend).items() if isinstance(one, property)}
    assert offers - {"serials"} == set(PORTS)


def test_the_simulated_line_offers_what_a_serial_port_may_offer_besides() -> None:
    line = SimulatedServer(BLUEPRINT, VirtualClock()).serial
    assert isinstance(line, SerialSignals)
    assert offered(line, SerialSignals) == calls(SerialSignals)


@pytest.mark.parametrize(
    ("port", "netfn", "cmd", "data"),
    [("power", 0x00, 0x02, "01"), ("power", 0x00, 0x03, ""), ("identify", 0x00, 0x04, "05")],
    ids=["Chassis Control", "Chassis Reset", "Chassis Identify"],
)
def test_what_needs_a_missing_port_is_an_invalid_command(port: str, netfn: int, cmd: int, data: str) -> None:
    with_all, without = make_bmc(), make_bmc()
    setattr(without.backend, port, None)
    answers = [bmc.raw(netfn, cmd, bytes.fromhex(data))[0] for bmc in (with_all, without)]
    assert answers[0] != Cc.INVALID_COMMAND
    assert answers[1] == Cc.INVALID_COMMAND


def test_a_boot_choice_overrides_nothing_by_itself() -> None:
    assert not any(getattr(BootChoice(), name) for name in BootChoice.__dataclass_fields__)


def test_what_knows_what_comes_is_known_by_its_class() -> None:
    server = SimulatedServer(BLUEPRINT, VirtualClock())
    assert server.sensors is not None
    assert server.meter is not None
    assert ports.foresees(server.sensors)
    assert ports.foresees(server.meter)
    backend = FakeBackend()
    assert backend.sensors is not None
    assert not ports.foresees(backend.sensors)
