"""A serial device with a modem, or in another format than usual; a pseudo terminal stands for it."""

from __future__ import annotations

import fcntl
import os
import termios
from collections.abc import Iterator
from typing import Any

import pytest

from baseboard.transports import modem_wire
from baseboard.transports.modem_wire import PLAIN, CharacterFormat, FormattedWire, ModemWire, formatted
from baseboard.transports.pty_wire import open_pty
from tests.transports.wires import Ear, until


@pytest.fixture
def device() -> Iterator[tuple[int, str]]:
    ours, theirs, path = open_pty()
    yield ours, path
    os.close(ours)
    os.close(theirs)


NOTHING: list[Any] = [termios.IXON, 0, termios.CS8 | termios.PARENB, 0, 0, 0, []]


@pytest.mark.parametrize(
    ("form", "cflag", "iflag"),
    [
        (PLAIN, termios.CS8, 0),
        (CharacterFormat(flow_control=1), termios.CS8 | termios.CRTSCTS, 0),
        (CharacterFormat(flow_control=2), termios.CS8, termios.IXON | termios.IXOFF),
        (CharacterFormat(seven_bits=True, parity=2), termios.CS7 | termios.PARENB, 0),
        (CharacterFormat(parity=1), termios.CS8 | termios.PARENB | termios.PARODD, 0),
        (CharacterFormat(two_stop_bits=True), termios.CS8 | termios.CSTOPB, 0),
    ],
)
def test_25_4_formats_as_the_system_has_them(form: CharacterFormat, cflag: int, iflag: int) -> None:
    found = formatted(NOTHING, form)
    assert (found[2], found[0]) == (cflag, iflag)


async def test_a_device_is_set_to_a_format_and_back(device: tuple[int, str]) -> None:
    ours, path = device
    wire = FormattedWire(path, 9600, Ear())
    wire.set_format(19200, CharacterFormat(two_stop_bits=True))
    settings = termios.tcgetattr(ours)
    assert (settings[4], settings[2] & termios.CSTOPB) == (termios.B19200, termios.CSTOPB)
    wire.set_format(9600, PLAIN)
    assert termios.tcgetattr(ours)[2] & termios.CSTOPB == 0
    wire.close()


class Lines:
    """Modem lines that a test drives; a pseudo terminal has none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bits = 0
        self._real = fcntl.ioctl
        monkeypatch.setattr(fcntl, "ioctl", self)

    def __call__(self, fd: int, request: int, argument: Any = 0, mutate: bool = True) -> Any:
        if request == termios.TIOCMGET:
            argument[0] = self.bits
            return 0
        return self._real(fd, request, argument, mutate)


async def test_dcd_tells_of_calls_and_ri_of_ringing(
    device: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path = device
    monkeypatch.setattr(modem_wire, "LOOK", 0.001)
    lines, ear, rings = Lines(monkeypatch), Ear(), list[bool]()
    wire = ModemWire(path, 9600, ear, lambda: rings.append(True))
    assert (wire.carrier, wire.call) == (True, False)
    lines.bits = termios.TIOCM_RI
    await until(lambda: bool(rings))
    lines.bits = termios.TIOCM_CD
    await until(lambda: wire.call)
    assert ear.happened == ["opened", "changed"]
    assert len(rings) == 1
    wire.close()
    assert (wire.carrier, wire.call) == (False, False)


async def test_a_device_without_modem_lines_is_never_in_a_call(device: tuple[int, str]) -> None:
    _, path = device
    wire = ModemWire(path, 9600, Ear(), lambda: None)
    assert (wire.carrier, wire.call) == (True, False)
    wire.close()
