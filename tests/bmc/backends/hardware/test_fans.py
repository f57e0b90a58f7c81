"""Fans that follow a temperature, on trees like those of a kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.backends.hardware.fans import Fan, percent_at, set_speed
from baseboard.bmc.backends.probes import Probe
from baseboard.bmc.blueprint.hardware import FanSpec, PwmOutput
from baseboard.bmc.blueprint.sources import FileSource, HwmonSource, Place
from baseboard.bmc.clock import Clock
from baseboard.errors import TransportError
from baseboard.testing.clock import VirtualClock
from tests.bmc.backends.test_measured import FakeProbe
from tests.bmc.backends.test_sysfs import chip
from tests.bmc.machine_bench import passed
from tests.transports.wires import until

CURVE = ((30.0, 20.0), (50.0, 40.0), (70.0, 100.0))


@pytest.mark.parametrize(
    ("degrees", "percent"),
    [(-40, 20), (30, 20), (40, 30), (50, 40), (60, 70), (70, 100), (200, 100)],
)
def test_the_curve(degrees: float, percent: float) -> None:
    assert percent_at(CURVE, degrees) == percent
    assert percent_at(((50.0, 60.0),), degrees) == 60


def pwm(root: Path, *, exported: bool = True) -> Path:
    """A PWM chip of one channel; the kernel makes its folder when it is exported."""
    channel = root / "pwmchip0" / "pwm0"
    channel.mkdir(parents=True)
    (root / "pwmchip0" / "export").write_text("")
    for file in ("period", "duty_cycle", "enable"):
        (channel / file).write_text("0")
    return channel


def test_a_pwm_channel(tmp_path: Path) -> None:
    channel = pwm(tmp_path)
    set_speed(PwmOutput("pwmchip0", 0, 40_000, root=str(tmp_path)), 25)
    assert [(channel / file).read_text() for file in ("period", "duty_cycle", "enable")] == [
        "40000",
        "10000",
        "1",
    ]
    set_speed(PwmOutput("pwmchip0", 0, 40_000, inverted=True, root=str(tmp_path)), 25)
    assert (channel / "duty_cycle").read_text() == "30000"


def test_a_channel_that_was_not_exported_is(tmp_path: Path) -> None:
    pwm(tmp_path)
    with pytest.raises(TransportError, match=r"pwm1/period: No such file"):
        set_speed(PwmOutput("pwmchip0", 1, root=str(tmp_path)), 25)
    assert (tmp_path / "pwmchip0" / "export").read_text() == "1"


def test_an_output_of_a_monitoring_chip(tmp_path: Path) -> None:
    folder = chip(tmp_path, 2, "nct6775", pwm2="120", pwm2_enable="5")
    set_speed(HwmonSource("nct6775", "pwm2", root=str(tmp_path)), 50)
    assert (folder / "pwm2_enable").read_text()[0] == "1"
    assert (folder / "pwm2").read_text()[:3] == "128"


class Cooler:
    """A fan on a chip of hwmon, and a thermometer."""

    def __init__(self, root: Path) -> None:
        self.folder = chip(root, 0, "pwmfan", pwm1="000", pwm1_enable="2")
        self.clock, self.probe = VirtualClock(), FakeProbe("20")
        output = HwmonSource("pwmfan", "pwm1", root=str(root))
        self.fan = Fan("bench", FanSpec("case", output, FileSource("t"), CURVE), self.clock, self.open)

    def open(self, place: Place, told: dict[str, str], clock: Clock) -> Probe:
        assert told == {"BASEBOARD_NAME": "bench", "BASEBOARD_FAN": "case"}
        return self.probe

    def speed(self) -> int:
        return round(int((self.folder / "pwm1").read_text()[:3].strip()) / 2.55)


async def test_it_follows_its_temperature(tmp_path: Path) -> None:
    cooler = Cooler(tmp_path)
    assert cooler.speed() == 100  # until the temperature is known
    cooler.probe.text = "60"
    cooler.fan.start()
    await until(lambda: cooler.speed() == 70)
    cooler.probe.text = "200"
    await passed(cooler.clock, 2.0)
    await until(lambda: cooler.speed() == 100)
    cooler.fan.stop()
    assert cooler.probe.closed


async def test_without_a_temperature_it_turns_at_full_speed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cooler = Cooler(tmp_path)
    cooler.probe.text = "55"
    cooler.fan.start()
    await until(lambda: cooler.speed() == 55)
    for text in (TransportError("no bus"), "hot"):
        cooler.probe.text = text
        await passed(cooler.clock, 2.0)
        await until(lambda: cooler.speed() == 100)
    assert [record.getMessage() for record in caplog.records] == ["bench: fan case: no bus; full speed"]
    cooler.probe.text = "55"
    await passed(cooler.clock, 2.0)
    await until(lambda: len(caplog.records) == 2)
    assert cooler.speed() == 55
    cooler.fan.stop()
    assert cooler.speed() == 100


async def test_an_output_that_goes_away_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cooler = Cooler(tmp_path)
    (cooler.folder / "pwm1").unlink()
    cooler.fan.start()
    await until(lambda: caplog.records)
    assert "pwm1: No such file" in caplog.records[0].getMessage()
    cooler.fan.stop()
    assert len(caplog.records) == 2
    Cooler(tmp_path / "other").fan.stop()


def test_an_output_that_was_never_there(tmp_path: Path) -> None:
    spec = FanSpec("case", HwmonSource("pwmfan", "pwm1", root=str(tmp_path)), FileSource("t"), CURVE)
    with pytest.raises(TransportError, match="no chip pwmfan"):
        Fan("bench", spec, VirtualClock())
