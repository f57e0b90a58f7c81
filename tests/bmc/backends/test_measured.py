"""Sensors that are read where their descriptions say."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc.backends import measured
from baseboard.bmc.backends.measured import FRESH, Measured, MeasuredMeter, MeasuredSensors
from baseboard.bmc.backends.probes import Probe
from baseboard.bmc.blueprint import Blueprint, DcmiSpec, SensorSpec
from baseboard.bmc.blueprint.sources import FileSource, Place, SourceSpec
from baseboard.bmc.clock import Clock, LoopClock
from baseboard.bmc.ports import SensorPort
from baseboard.codes import SensorType
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.fake_board import FakeBoard
from tests.bmc.fakes import BLUEPRINT, FakeBackend, FakeMeter, FakeSensors
from tests.bmc.machine_bench import passed, settled
from tests.transports.wires import until

TEMP = SensorSpec(1, "Temp", SensorType.TEMPERATURE, source=SourceSpec(FileSource("temp"), 5, 0.5, 10))
DOOR = SensorSpec(
    2, "Door", SensorType.PHYSICAL_SECURITY, 0x6F, states=0x11,
    source=SourceSpec(FileSource("door"), 2, words=(("open", 0x11), ("closed", 0))),
)  # fmt: skip


class FakeProbe:
    """Reads what a test has put there."""

    def __init__(self, text: str | Exception = "0", first_s: float = 0.0) -> None:
        self.text: str | Exception = text
        self.first_s = first_s
        self.read_at = 0
        self.closed = False
        self.wait = asyncio.Event()
        self.wait.set()

    async def read(self) -> str:
        self.read_at += 1
        await self.wait.wait()
        if isinstance(self.text, Exception):
            raise self.text
        return self.text

    def close(self) -> None:
        self.closed = True


class Bench:
    """Two sensors and their probes."""

    def __init__(self, below: SensorPort | None = None, *specs: SensorSpec) -> None:
        self.clock = VirtualClock()
        self.probes = {"temp": FakeProbe("40"), "door": FakeProbe("closed")}
        self.told: list[dict[str, str]] = []
        self.sensors = MeasuredSensors("bench", specs or (TEMP, DOOR), below, self.clock, self.open)

    def open(self, place: Place, told: dict[str, str], clock: Clock) -> Probe:
        assert isinstance(place, FileSource)
        self.told.append(told)
        return self.probes.setdefault(place.path, FakeProbe())

    def temp(self) -> float | None:
        return self.sensors.analog("Temp", self.clock.now())

    def door(self) -> int | None:
        return self.sensors.discrete("Door", self.clock.now())


async def test_readings_are_those_that_were_last_taken() -> None:
    bench = Bench()
    assert (bench.temp(), bench.door()) == (None, None)
    bench.sensors.start()
    await settled()
    assert (bench.temp(), bench.door()) == (30.0, 0)
    assert bench.told == [{"BASEBOARD_NAME": "bench", "BASEBOARD_SENSOR": name} for name in ("Temp", "Door")]
    bench.probes["temp"].text, bench.probes["door"].text = "60", "open"
    await passed(bench.clock, 2.0)
    assert (bench.temp(), bench.door()) == (30.0, 0x11)
    await passed(bench.clock, 3.0)
    assert bench.temp() == 40.0
    bench.sensors.stop()
    assert all(probe.closed for probe in bench.probes.values())
    bench.probes["temp"].text = "80"
    await passed(bench.clock, 100.0)
    assert bench.temp() == 40.0


async def test_the_other_sensors_are_the_backends() -> None:
    below = FakeSensors()
    below.values["Fan"], below.states["Fuse"] = 900.0, 3
    bench = Bench(below)
    assert (bench.sensors.analog("Fan", 0), bench.sensors.discrete("Fuse", 0)) == (900.0, 3)
    alone = Bench()
    assert (alone.sensors.analog("Fan", 0), alone.sensors.discrete("Fuse", 0)) == (None, None)


async def test_news_is_looked_at_sooner() -> None:
    below = FakeSensors()
    bench = Bench(below)
    bench.sensors.start()
    await settled()
    assert not bench.sensors.settled(bench.clock.now())
    await passed(bench.clock, FRESH + 0.1)
    assert bench.sensors.settled(bench.clock.now())
    below.jittering = True
    assert not bench.sensors.settled(bench.clock.now())
    bench.sensors.stop()


async def test_a_failure_is_no_reading_and_one_line(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.probes["temp"].text = TransportError("no bus")
    bench.probes["door"].text = "ajar"
    bench.sensors.start()
    for _ in range(3):
        await passed(bench.clock, 5.0)
    assert (bench.temp(), bench.door()) == (None, None)
    assert [record.getMessage() for record in caplog.records] == [
        "bench: sensor Temp cannot be read: no bus",
        'bench: sensor Door cannot be read: "ajar" is none of open, closed',
    ]
    bench.probes["temp"].text = "20"
    await passed(bench.clock, 5.0)
    assert bench.temp() == 20.0
    assert caplog.records[-1].getMessage() == "bench: sensor Temp can be read again"
    bench.sensors.stop()


async def test_a_mistake_of_ours_costs_a_reading_and_no_sensor(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.sensors.start()
    await settled()
    bench.probes["temp"].text = ZeroDivisionError()
    await passed(bench.clock, 5.0)
    assert bench.temp() is None
    assert caplog.records[0].levelno == logging.ERROR
    bench.probes["temp"].text = "20"
    await passed(bench.clock, 5.0)
    assert bench.temp() == 20.0
    bench.sensors.stop()


async def test_a_probe_that_has_to_count_first_is_given_time() -> None:
    bench = Bench()
    bench.probes["temp"].first_s = 1.0
    bench.sensors.start()
    await passed(bench.clock, 0.9)
    assert bench.temp() is None
    await passed(bench.clock, 0.1)
    assert bench.temp() == 30.0
    bench.sensors.stop()


async def test_few_are_read_at_a_time() -> None:
    specs = [
        replace(TEMP, number=n, name=f"T{n}", source=SourceSpec(FileSource(str(n)))) for n in range(1, 21)
    ]
    bench = Bench(None, *specs)
    slow = FakeProbe()
    slow.wait.clear()
    bench.probes = {str(n): slow for n in range(1, 21)}
    bench.sensors.start()
    await settled()
    assert slow.read_at == measured.AT_ONCE
    slow.wait.set()
    await settled()
    assert slow.read_at == 20
    bench.sensors.stop()


async def test_round_a_backend(tmp_path: Path) -> None:
    (tmp_path / "watts").write_text("85")
    (tmp_path / "other").write_text("1")
    spec = SensorSpec(1, "Watts", SensorType.OTHER_UNITS_BASED_SENSOR)
    sourced = replace(spec, source=SourceSpec(FileSource(str(tmp_path / "watts")), 0.1))
    blueprint: Blueprint = replace(BLUEPRINT, sensors=(sourced,), dcmi=DcmiSpec(meter="Watts"))
    inner, board = FakeBackend(), FakeBoard()
    assert inner.meter is not None
    backend = Measured(blueprint, LoopClock(asyncio.get_running_loop()), inner)
    assert (backend.power, backend.serial, backend.identify) == (inner.power, inner.serial, inner.identify)
    backend.connect(board)
    assert inner.board is board
    backend.start()
    meter, sensors = backend.meter, backend.sensors
    assert meter is not None
    assert sensors is not None
    await until(lambda: meter.watts(0) == 85.0)
    assert sensors.analog("Watts", 0) == 85.0
    meter.cap(60)
    assert inner.meter.capped == 60
    assert not meter.settled(asyncio.get_running_loop().time())
    backend.stop()
    assert inner.calls == ["start", "stop"]


async def test_a_meter_without_a_source_is_the_backends() -> None:
    inner = FakeBackend()
    blueprint = replace(BLUEPRINT, sensors=(TEMP,), dcmi=DcmiSpec(meter="Watts"))
    backend = Measured(blueprint, VirtualClock(), inner)
    assert isinstance(backend.meter, FakeMeter)
    MeasuredMeter(MeasuredSensors("x", (), None, VirtualClock()), "Watts", None).cap(5)


async def test_what_a_source_needs_is_needed_as_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(place: Place, told: dict[str, str], clock: Clock) -> Probe:
        raise TransportError("no such line")

    sensors = MeasuredSensors("bench", (TEMP,), None, VirtualClock(), refused)
    with pytest.raises(TransportError, match="no such line"):
        sensors.start()
