"""The connector of a serial channel over what a machine has."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.blueprint.serial import LineSpec
from baseboard.bmc.ports import ConnectorNotice, LineFormat
from baseboard.bmc.serial_channel.connector import WireConnector, connector_of
from baseboard.errors import TransportError
from baseboard.transports.modem_wire import CharacterFormat, FormattedWire, ModemWire
from baseboard.transports.pty_wire import open_pty
from tests.transports.wires import until


class Plugged:
    """A connector, and what it was heard to say."""

    def __init__(self, line: LineSpec, *, direct: bool = True) -> None:
        connector = connector_of(line, 19200, direct=direct)
        assert connector is not None
        self.connector = connector
        self.heard = bytearray()
        self.notices: list[ConnectorNotice] = []
        connector.open(self.heard.extend, self.notices.append)


def test_nothing_is_plugged_into_no_line() -> None:
    assert connector_of(LineSpec("none"), 9600, direct=True) is None


async def test_a_pty_is_found_by_its_link(tmp_path: Path) -> None:
    there = Plugged(LineSpec("pty", str(tmp_path / "line")))
    assert there.connector.place.startswith("/dev/")
    assert not there.connector.carrier()
    near = os.open(tmp_path / "line", os.O_RDWR | os.O_NOCTTY)
    await until(there.connector.carrier)
    assert there.notices == [ConnectorNotice.CARRIER]
    there.connector.write(b"to the console")
    assert os.read(near, 100) == b"to the console"
    os.write(near, b"to the BMC")
    await until(lambda: there.heard == b"to the BMC")
    there.connector.configure(LineFormat(9600))
    there.connector.set_dtr(True)
    os.close(near)
    await until(lambda: not there.connector.carrier())
    there.connector.close()
    there.connector.close()
    assert not (tmp_path / "line").exists()
    assert (there.connector.place, there.connector.carrier()) == ("", False)
    there.connector.write(b"lost")
    there.connector.set_dtr(False)
    there.connector.configure(LineFormat(9600))


@pytest.mark.parametrize("kind", ["tcp", "unix"])
async def test_a_socket_waits_for_one_console(kind: Any, tmp_path: Path) -> None:
    there = Plugged(LineSpec(kind, str(tmp_path / "socket")))
    assert there.connector.place.startswith(f"{kind}:")
    if kind == "tcp":
        port = int(there.connector.place.rpartition(":")[2])
        console = socket.create_connection(("127.0.0.1", port))
    else:
        console = socket.socket(socket.AF_UNIX)
        console.connect(str(tmp_path / "socket"))
    console.sendall(b"hello")
    await until(lambda: there.heard == b"hello")
    assert there.connector.carrier()
    console.close()
    await until(lambda: not there.connector.carrier())
    there.connector.close()


async def test_a_device_and_a_device_with_a_modem(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs, path = open_pty()
    direct = Plugged(LineSpec("device", path))
    wire = direct.connector._wire
    assert isinstance(wire, FormattedWire)
    assert not direct.connector.modem_lines
    assert direct.connector.carrier()
    asked: list[Any] = []
    monkeypatch.setattr(wire, "set_format", lambda rate, form: asked.append((rate, form)))
    direct.connector.configure(LineFormat(9600, 1, seven_bits=True, two_stop_bits=True, parity=2))
    assert asked == [(9600, CharacterFormat(1, True, True, 2))]
    direct.connector.close()
    modem = Plugged(LineSpec("device", path), direct=False)
    assert isinstance(modem.connector._wire, ModemWire)
    assert modem.connector.modem_lines
    assert not modem.connector.carrier()
    modem.connector.rang()
    assert modem.notices == [ConnectorNotice.RING]
    modem.connector.broken()
    modem.connector.lost(TransportError("unplugged"))
    assert modem.notices[-1] is ConnectorNotice.CARRIER
    assert not modem.connector.carrier()
    os.close(ours)
    os.close(theirs)


def test_a_connector_that_is_not_open_hears_nothing() -> None:
    connector = WireConnector(lambda listener: None)  # type: ignore[arg-type,return-value]  # never opened
    connector.received(b"x")
    connector.changed()
    connector.opened()
    assert connector.place == ""


async def test_a_device_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="No such file"):
        Plugged(LineSpec("device", str(tmp_path / "none")))
