"""Get Power Reading: now, and over time (DCMI 1.5, 6.6.1)."""

from __future__ import annotations

import pytest

from baseboard.commands.groups.dcmi_limits import GetPowerReading
from tests.conformance.dcmi.platform import BLADE, RACK, Platform, platform
from tests.conformance.marks import exercises


def reading(bmc: Platform, data: str = "01 00 00") -> dict[str, int]:
    answer = bmc.dcmi(0x02, data)
    assert answer[:2] == b"\0\xdc", answer.hex()
    names = ("current", "minimum", "maximum", "average")
    found = {name: int.from_bytes(answer[2 + 2 * at : 4 + 2 * at], "little") for at, name in enumerate(names)}
    found["time"] = int.from_bytes(answer[10:14], "little")
    found["period"] = int.from_bytes(answer[14:18], "little")
    found["state"] = answer[18]
    assert len(answer) == 19
    return found


@exercises(GetPowerReading)
@pytest.mark.parametrize(("kind", "watts"), [(RACK, 286), (BLADE, 204)])
def test_6_6_1_the_power_of_a_server_that_is_up(kind: int, watts: int) -> None:
    bmc = platform(kind)
    found = reading(bmc)
    assert abs(found["current"] - watts) <= 0.04 * watts + 1
    assert found["minimum"] <= found["average"] <= found["maximum"]
    assert found["minimum"] <= found["current"] <= found["maximum"]
    assert found["minimum"] < found["maximum"], "it jitters"
    assert found["time"] == bmc.services.sel.time()
    assert found["state"] == 0x40


@exercises(GetPowerReading)
def test_6_6_1_statistics_are_of_what_was_measured_meanwhile() -> None:
    bmc = platform()
    bmc.server.set_value("System Power", 300)
    bmc.advance(120)
    assert reading(bmc)["average"] == 300
    bmc.server.set_value("System Power", 400)
    bmc.advance(30)
    # the period is 60 seconds: half of it was the one, half of it the other
    found = reading(bmc)
    assert (found["current"], found["minimum"], found["maximum"]) == (400, 300, 400)
    assert found["period"] == 60_000
    assert abs(found["average"] - 350) <= 5
    bmc.advance(35)
    found = reading(bmc)
    assert (found["minimum"], found["maximum"], found["average"]) == (400, 400, 400), "the 300 W are over"


@exercises(GetPowerReading)
@pytest.mark.parametrize(
    ("period", "seconds"),
    [
        (0x05, 5),
        (0x0F, 15),
        (0x1E, 30),
        (0x41, 60),
        (0x43, 180),
        (0x47, 420),
        (0x4F, 900),
        (0x5E, 1800),
        (0x81, 3600),
    ],
)
def test_6_6_1_rolling_averages_reach_as_far_back_as_they_say(period: int, seconds: int) -> None:
    bmc = platform()
    bmc.server.set_value("System Power", 100)
    bmc.advance(3700)
    reading(bmc)
    bmc.server.set_value("System Power", 200)
    reading(bmc)
    bmc.advance(seconds / 2)
    found = reading(bmc, f"02 {period:02x} 00")
    assert found["period"] == period
    assert abs(found["average"] - 150) <= 15
    assert (found["minimum"], found["maximum"]) == (100, 200)
    bmc.advance(seconds / 2 + 22)
    found = reading(bmc, f"02 {period:02x} 00")
    assert (found["minimum"], found["maximum"], found["average"]) == (200, 200, 200)


@pytest.mark.parametrize(
    "data", ["00 00 00", "03 00 00", "ff 00 00", "01 05 00", "02 00 00", "02 06 00", "02 c1 00"]
)
def test_6_6_1_modes_and_periods_that_are_not_offered_are_refused(data: str) -> None:
    assert platform().dcmi(0x02, data) == b"\xcc"


@pytest.mark.parametrize("data", ["", "01", "01 00", "01 00 00 00"])
def test_6_6_1_length(data: str) -> None:
    assert platform().dcmi(0x02, data) == b"\xc7"


@exercises(GetPowerReading)
def test_6_6_1_a_system_that_is_off_draws_its_standby_power() -> None:
    bmc = platform()
    assert bmc.raw(0x00, 0x02, b"\0") == b"\0"
    bmc.advance(120)
    found = reading(bmc)
    assert abs(found["current"] - 12) <= 1
    assert found["maximum"] < 20
    assert found["state"] == 0x40


@exercises(GetPowerReading)
def test_6_6_1_a_meter_that_fails_is_no_measurement() -> None:
    bmc = platform()
    bmc.server.set_value("System Power", None)
    bmc.advance(2)
    found = reading(bmc)
    assert [found[name] for name in ("current", "minimum", "maximum", "average", "state")] == [0] * 5
    bmc.server.set_value("System Power", 250)
    bmc.advance(20)
    found = reading(bmc)
    assert (found["minimum"], found["average"], found["state"]) == (250, 250, 0x40), "nothing of before"


def test_6_6_1_more_work_is_more_power() -> None:
    bmc = platform()
    bmc.server.set_load(2.0)
    bmc.advance(60)
    assert bmc.watts() > 420
