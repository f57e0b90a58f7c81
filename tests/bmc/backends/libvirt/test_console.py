"""A domain's console as a serial port."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.libvirt import console
from baseboard.bmc.backends.libvirt.console import ROOM, ConsolePort
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.libvirt.fake_libvirt import FakeStream
from tests.bmc.machine_bench import until_in_time
from tests.transports.wires import until


def stream() -> FakeStream:
    return FakeStream(lambda data: None, lambda: None)


async def test_characters_go_both_ways() -> None:
    port, end = ConsolePort(VirtualClock(), "tests"), stream()
    heard = bytearray()
    port.received(b"nobody listens")
    port.attach(heard.extend)
    assert (port.carrier(), port.write(b"lost")) == (False, 0)
    port.opened(end)
    assert port.carrier()
    assert port.write(b"typed") == 5
    await until(lambda: end.typed == b"typed")
    assert port.write(b" more") == 5
    await until(lambda: end.typed == b"typed more")
    port.send_break()
    port.received(b"printed")
    assert heard == b"printed"
    port.stop()
    assert end.closed
    assert not port.carrier()


async def test_what_is_not_taken_is_offered_again() -> None:
    clock = VirtualClock()
    port, end = ConsolePort(clock, "tests"), stream()
    end.room = 0
    port.opened(end)
    assert port.write(b"x" * (ROOM + 10)) == ROOM
    assert port.write(b"y") == 0
    await until_in_time(clock, 0.05, lambda: end.sends > 2)
    end.room = 1000
    await until_in_time(clock, 0.05, lambda: len(end.typed) == ROOM)
    port.stop()


async def test_a_new_run_has_a_new_console() -> None:
    port, first, second = ConsolePort(VirtualClock(), "tests"), stream(), stream()
    first.room = 0
    port.opened(first)
    port.write(b"for the first")
    port.opened(second)
    assert first.closed
    port.write(b"for the second")
    await until(lambda: second.typed == b"for the second")
    assert first.typed == b""
    port.closed()
    port.closed()


async def test_a_console_that_hangs_loses_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    port, end = ConsolePort(VirtualClock(), "tests"), stream()
    tried = []

    def send(data: bytes) -> int:
        tried.append(data)
        if len(tried) == 1:
            raise TransportError("hangs")
        end.typed += data
        return len(data)

    monkeypatch.setattr(end, "send", send)
    port.opened(end)
    port.write(b"lost")
    await until(lambda: tried)
    await until(lambda: port.write(b"kept") and end.typed)
    assert end.typed.startswith(b"kept")
    assert console.PATIENCE > 1
    port.stop()
