"""One value from each kind of place."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from baseboard.bmc.backends import probes
from baseboard.bmc.backends.commands import Outcome
from baseboard.bmc.backends.probes import COUNTED, opened
from baseboard.bmc.blueprint.sources import (
    CommandSource,
    FileSource,
    HwmonSource,
    OneWireSource,
    TachometerSource,
)
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.test_sysfs import chip
from tests.bmc.machine_bench import FakeCommands, FakePins


async def test_what_a_program_prints() -> None:
    commands = FakeCommands(watts=Outcome(0, "87.5 W"))
    source = CommandSource(("sh", "watts"), 3.0, "/")
    probe = opened(source, {"BASEBOARD_SENSOR": "Power"}, VirtualClock(), commands)
    assert await probe.read() == "87.5 W"
    assert commands.told == {"BASEBOARD_SENSOR": "Power"}
    assert commands.limits == [(3.0, "/")]
    commands.answers["watts"] = Outcome(7, "1", "no route")
    with pytest.raises(TransportError, match="sh: exit code 7: no route"):
        await probe.read()
    probe.close()


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(TransportError, match="no such program"):
        opened(CommandSource(("no-such-program",)), {}, VirtualClock())


async def test_what_a_file_holds_and_what_chips_measure(tmp_path: Path) -> None:
    (tmp_path / "value").write_text("3.5\n")
    chip(tmp_path / "hwmon", 0, "lm75", temp1_input="21000")
    wire = tmp_path / "28-0001"
    wire.mkdir()
    (wire / "temperature").write_text("22000\n")
    sources = (
        FileSource(str(tmp_path / "value")),
        HwmonSource("lm75", "temp1", root=str(tmp_path / "hwmon")),
        OneWireSource("28-0001", str(tmp_path)),
    )
    made = [opened(source, {}, VirtualClock()) for source in sources]
    assert [float(await probe.read()) for probe in made] == [3.5, 21.0, 22.0]
    (tmp_path / "value").unlink()
    for _ in range(2):
        with pytest.raises(TransportError, match="No such file"):
            await made[0].read()
    for probe in made:
        assert probe.first_s == 0
        probe.close()


@pytest.mark.parametrize("ends_well", [True, False])
async def test_a_bus_that_hangs_has_one_thread(monkeypatch: pytest.MonkeyPatch, ends_well: bool) -> None:
    hangs, began = threading.Event(), []

    def read(path: Path) -> str:
        began.append(path)
        hangs.wait(60)
        if not ends_well:
            raise TransportError("the bus is gone")
        return "1"

    monkeypatch.setattr(probes, "read_text", read)
    monkeypatch.setattr(probes, "FILE_S", 0.05)
    probe = opened(FileSource("/bus"), {}, VirtualClock())
    for _ in range(3):
        with pytest.raises(TransportError, match="no answer within"):
            await probe.read()
    assert len(began) == 1
    hangs.set()
    monkeypatch.setattr(probes, "FILE_S", 60.0)
    if ends_well:
        assert await probe.read() == "1"
    else:
        with pytest.raises(TransportError, match="gone"):
            await probe.read()


async def test_an_error_that_nobody_waits_for_any_more_is_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    hangs = threading.Event()

    def read(path: Path) -> str:
        hangs.wait(60)
        raise TransportError("too late")

    monkeypatch.setattr(probes, "read_text", read)
    reading = asyncio.create_task(opened(FileSource("/bus"), {}, VirtualClock()).read())
    await asyncio.sleep(0)  # polls
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    hangs.set()
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_the_pulses_of_a_fan() -> None:
    clock = VirtualClock()
    pins = FakePins(clock)
    probe = opened(TachometerSource("gpiochip0", 17, pulses=2), {}, clock, pins=pins)
    (request,) = pins.requests
    assert (request[0], request[1].bias, request[3]) == ("input", "pull_up", True)
    assert probe.first_s == COUNTED
    with pytest.raises(TransportError, match="nothing was counted"):
        await probe.read()
    clock.advance(2.0)
    for _ in range(80):
        pins.pins[17].become(True)
    assert float(await probe.read()) == 1200.0
    clock.advance(2.0)
    assert float(await probe.read()) == 0.0
    probe.close()
    assert pins.pins[17].closed
