"""The serial ports of a host, from what a blueprint says: each kind is opened, and carries characters."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.backends.wired_port import WiredPort
from baseboard.bmc.backends.wiring import open_wire, serial_ports
from baseboard.bmc.blueprint.sol import SolPortSpec
from baseboard.bmc.clock import LoopClock
from baseboard.transports.process_wire import ProcessWire
from baseboard.transports.pty_wire import PtyWire, open_pty
from baseboard.transports.serial_wire import SerialWire
from baseboard.transports.socket_wire import ListeningWire, SocketWire
from tests.bmc.backends.memory.bench import FakeBoard
from tests.bmc.fakes import BLUEPRINT
from tests.transports.wires import Ear, until


async def test_each_backing_has_its_wire(tmp_path: Path) -> None:
    ours, theirs, device = open_pty()
    path = str(tmp_path / "socket")
    specs = (
        (SolPortSpec("pty", path=str(tmp_path / "pty")), PtyWire),
        (SolPortSpec("unix", path=path, listen=True), ListeningWire),
        (SolPortSpec("unix", path=path), SocketWire),
        (SolPortSpec("tcp", host="127.0.0.1", listen=True), ListeningWire),
        (SolPortSpec("serial", path=device), SerialWire),
        (SolPortSpec("process", command=("cat",)), ProcessWire),
    )
    wires = [(open_wire(spec, 9600, Ear()), kind) for spec, kind in specs]
    assert [type(wire) for wire, _ in wires] == [kind for _, kind in wires]
    for wire, _ in wires:
        wire.close()
    os.close(ours)
    os.close(theirs)


async def test_the_simulated_host_may_have_its_console_among_ports_that_are_wired(tmp_path: Path) -> None:
    from dataclasses import replace

    from baseboard.bmc.blueprint.sol import SolSpec

    path = str(tmp_path / "far")
    far = socket.socket(socket.AF_UNIX)
    far.bind(path)
    far.listen(1)
    far.setblocking(False)
    ports = (SolPortSpec("unix", path=path), SolPortSpec("host"), SolPortSpec("process", command=("cat",)))
    clock = LoopClock(asyncio.get_running_loop())
    server = SimulatedServer(replace(BLUEPRINT, sol=SolSpec(ports)), clock)
    first, third = server.serial, server.serials[1]
    assert isinstance(first, WiredPort)
    assert isinstance(third, WiredPort)
    assert server.serials[0] is server.host.line
    server.connect(FakeBoard())
    got: list[bytes] = []
    third.attach(got.append)
    for port in server._wired():
        port.start()
    await until(lambda: first.carrier() and third.carrier())
    third.write(b"echo\n")
    await until(lambda: b"echo" in b"".join(got))
    first.ring()  # wakes the host
    assert server.host.is_on()
    server.stop()
    assert not first.carrier()
    assert not third.carrier()
    far.close()


def test_a_port_that_does_not_wake_does_not() -> None:
    line = object()
    (port,) = serial_ports((SolPortSpec("pty", wake_on_ring=False),), line, None, _woken)  # type: ignore[arg-type]  # neither is looked at
    assert isinstance(port, WiredPort)
    port.ring()


def _woken() -> None:
    raise AssertionError("it was woken")
