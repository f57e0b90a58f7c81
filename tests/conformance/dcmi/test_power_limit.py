"""The power limit: its settings, that it is kept, and what happens when it cannot be (DCMI 6.6.2-6.6.4)."""

from __future__ import annotations

import pytest

from baseboard.commands.groups.dcmi_limits import (
    ActivateDeactivatePowerLimit,
    GetPowerLimit,
    GetPowerReading,
    SetPowerLimit,
)
from tests.conformance.dcmi.platform import BLADE, Platform, platform
from tests.conformance.marks import exercises

ON, OFF = "01 00 00", "00 00 00"
NOTHING, POWER_OFF, LOG = 0x00, 0x01, 0x11
LIMIT_EXCEEDED = bytes.fromhex("09 59 05 01 ff ff")
POWERED_DOWN = bytes.fromhex("09 5a 0a 02 ff ff")


def limit(action: int = NOTHING, watts: int = 200, correction_ms: int = 10_000, period_s: int = 60) -> str:
    middle = bytes((0, 0, 0, action)) + watts.to_bytes(2, "little") + correction_ms.to_bytes(4, "little")
    return (middle + bytes(2) + period_s.to_bytes(2, "little")).hex()


def limited(watts: int, action: int = NOTHING, *, kind: int = 0, **more: int) -> Platform:
    bmc = platform(kind)
    assert bmc.dcmi(0x04, limit(action, watts, **more)) == b"\0\xdc"
    assert bmc.dcmi(0x05, ON) == b"\0\xdc"
    return bmc


@exercises(GetPowerLimit, SetPowerLimit, ActivateDeactivatePowerLimit)
def test_6_6_2_a_limit_that_is_not_active_comes_with_80h() -> None:
    bmc = platform()
    # as shipped: no action, the greatest limit, ten seconds, statistics over a minute
    shipped = bytes.fromhex("dc 00 00 00 dc 05 10 27 00 00 00 00 3c 00")
    assert bmc.dcmi(0x03, "00 00") == b"\x80" + shipped
    assert bmc.dcmi(0x04, limit(LOG, 300, 5000, 120)) == b"\0\xdc"
    told = bytes.fromhex("dc 00 00 11 2c 01 88 13 00 00 00 00 78 00")
    assert bmc.dcmi(0x03, "00 00") == b"\x80" + told
    assert bmc.dcmi(0x05, ON) == b"\0\xdc"
    assert bmc.dcmi(0x03, "00 00") == b"\0" + told
    assert bmc.dcmi(0x05, OFF) == b"\0\xdc"
    assert bmc.dcmi(0x03, "00 00") == b"\x80" + told


@exercises(GetPowerLimit, SetPowerLimit, ActivateDeactivatePowerLimit)
def test_6_6_3_limits_outlive_the_controller_active_or_not() -> None:
    bmc = limited(210, LOG, correction_ms=3000, period_s=30)
    before = bmc.dcmi(0x03, "00 00")
    again = bmc.restarted()
    assert again.dcmi(0x03, "00 00") == before
    again.advance(60)
    assert again.watts() <= 210, "it is kept again"
    again.dcmi(0x05, OFF)
    assert again.restarted().dcmi(0x03, "00 00") == b"\x80" + before[1:]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (limit(watts=99), 0x84), (limit(watts=1501), 0x84), (limit(watts=0), 0x84),
        (limit(watts=0xFFFF), 0x84),
        (limit(correction_ms=999), 0x85), (limit(correction_ms=0), 0x85),
        (limit(correction_ms=3_600_001), 0x85),
        (limit(period_s=0), 0x89), (limit(period_s=3601), 0x89),
        (limit(action=0x02), 0xCC), (limit(action=0x10), 0xCC), (limit(action=0x12), 0xCC),
    ],
)  # fmt: skip
def test_6_6_3_what_is_out_of_range_is_refused_and_changes_nothing(data: str, code: int) -> None:
    bmc = platform()
    before = bmc.dcmi(0x03, "00 00")
    assert bmc.dcmi(0x04, data) == bytes((code,))
    assert bmc.dcmi(0x03, "00 00") == before


@pytest.mark.parametrize(
    "data", [limit(watts=100), limit(watts=1500), limit(correction_ms=1000), limit(correction_ms=3_600_000),
             limit(period_s=1), limit(period_s=3600), limit(POWER_OFF), limit(LOG)]
)  # fmt: skip
def test_6_6_3_the_ends_of_the_ranges_are_allowed(data: str) -> None:
    assert platform().dcmi(0x04, data) == b"\0\xdc"


@pytest.mark.parametrize(
    ("cmd", "data"),
    [
        (0x03, ""),
        (0x03, "00"),
        (0x03, "00 00 00"),
        (0x04, limit()[:-2]),
        (0x04, limit() + "00"),
        (0x05, "01 00"),
    ],
)
def test_6_6_2_to_6_6_4_lengths(cmd: int, data: str) -> None:
    assert platform().dcmi(cmd, data) == b"\xc7"


@exercises(ActivateDeactivatePowerLimit, GetPowerReading)
@pytest.mark.parametrize("kind", [0, BLADE])
def test_6_6_4_an_active_limit_is_kept_and_temperatures_follow(kind: int) -> None:
    bmc = platform(kind)
    hot = "CPU1 Temp" if kind == 0 else "CPU Temp"
    before = bmc.watts()
    warm = bmc.server.host.reading(hot)
    watts = before * 3 // 4
    bmc.dcmi(0x04, limit(watts=watts))
    bmc.advance(60)
    assert bmc.watts() > watts, "a limit that is only set is kept by nobody"
    bmc.dcmi(0x05, ON)
    bmc.advance(5)
    for _ in range(300):
        assert bmc.watts() <= watts
        bmc.advance(1)
    cooler = bmc.server.host.reading(hot)
    assert warm is not None
    assert cooler is not None
    assert cooler < warm - 4
    bmc.server.set_load(3.0)
    for _ in range(30):
        assert bmc.watts() <= watts, "however much there is to do"
        bmc.advance(1)
    bmc.server.set_load(1.0)
    bmc.dcmi(0x05, OFF)
    bmc.advance(300)
    assert abs(bmc.watts() - before) < 0.1 * before


@exercises(SetPowerLimit)
def test_6_6_3_a_limit_that_is_active_holds_anew_at_once() -> None:
    bmc = limited(260)
    bmc.advance(30)
    assert 200 < bmc.watts() <= 260
    bmc.dcmi(0x04, limit(watts=200))
    bmc.advance(5)
    assert bmc.watts() <= 200


@exercises(GetPowerReading, SetPowerLimit)
def test_6_6_3_the_statistics_period_is_that_of_power_readings() -> None:
    bmc = platform()
    bmc.server.set_value("System Power", 300)
    bmc.advance(100)
    bmc.server.set_value("System Power", 500)
    bmc.watts()
    bmc.advance(10)
    for period, least in ((5, 500), (30, 300)):
        bmc.dcmi(0x04, limit(period_s=period))
        answer = bmc.dcmi(0x02, "01 00 00")
        assert int.from_bytes(answer[14:18], "little") == period * 1000
        assert int.from_bytes(answer[4:6], "little") == least


@exercises(SetPowerLimit, ActivateDeactivatePowerLimit)
def test_6_6_3_what_cannot_be_kept_is_logged_after_the_correction_time() -> None:
    # The processors cannot be slowed down so far.
    bmc = limited(120, LOG)
    bmc.advance(9.5)
    assert LIMIT_EXCEEDED not in bmc.events()
    bmc.advance(1)
    assert bmc.events().count(LIMIT_EXCEEDED) == 1
    bmc.advance(300)
    assert bmc.events().count(LIMIT_EXCEEDED) == 1, "once, as long as it lasts"
    assert bmc.server.host.is_on()
    bmc.server.set_value("System Power", 90)
    bmc.advance(3)
    bmc.server.release("System Power")
    bmc.advance(12)
    assert bmc.events().count(LIMIT_EXCEEDED) == 2, "it was below the limit in between"


@exercises(SetPowerLimit, ActivateDeactivatePowerLimit)
def test_6_6_3_what_cannot_be_kept_costs_the_power() -> None:
    bmc = limited(120, POWER_OFF, correction_ms=4000)
    bmc.advance(3.5)
    assert bmc.server.host.is_on()
    bmc.advance(1)
    assert not bmc.server.host.is_on()
    found = bmc.events()
    assert found.index(LIMIT_EXCEEDED) < found.index(POWERED_DOWN)
    bmc.advance(60)
    assert not bmc.server.host.is_on()
    assert bmc.events().count(POWERED_DOWN) == 1


@exercises(SetPowerLimit, ActivateDeactivatePowerLimit)
@pytest.mark.parametrize("action", [POWER_OFF, LOG])
def test_6_6_3_nothing_happens_when_the_power_comes_down_in_time(action: int) -> None:
    bmc = limited(200, action, correction_ms=3000)
    bmc.advance(120)
    assert bmc.server.host.is_on()
    assert LIMIT_EXCEEDED not in bmc.events()


def test_6_6_3_without_an_action_nothing_is_done() -> None:
    bmc = limited(120, NOTHING, correction_ms=1000)
    bmc.advance(60)
    assert bmc.server.host.is_on()
    assert LIMIT_EXCEEDED not in bmc.events()


def test_6_6_4_a_limit_that_is_lifted_in_time_does_nothing() -> None:
    bmc = limited(120, POWER_OFF, correction_ms=5000)
    bmc.advance(4)
    bmc.dcmi(0x05, OFF)
    bmc.advance(60)
    assert bmc.server.host.is_on()
    assert LIMIT_EXCEEDED not in bmc.events()


def test_6_6_4_a_system_that_is_off_exceeds_nothing() -> None:
    bmc = platform()
    bmc.raw(0x00, 0x02, b"\0")
    bmc.advance(60)
    bmc.dcmi(0x04, limit(POWER_OFF, 100, 1000))
    bmc.dcmi(0x05, ON)
    bmc.advance(60)
    assert LIMIT_EXCEEDED not in bmc.events()


def test_the_processors_say_that_they_are_slowed_down() -> None:
    bmc = limited(200)
    bmc.advance(30)
    assert bytes.fromhex("07 45 6f 0a ff ff") in bmc.events()
    blade = limited(150, kind=BLADE)
    blade.advance(30)
    # CPU Throttled: state asserted; Power Limit: not exceeded
    assert blade.raw(0x04, 0x2D, b"\x41")[3] == 0x02
    assert blade.raw(0x04, 0x2D, b"\x42")[3] == 0x01
    too_low = limited(80, kind=BLADE)
    too_low.advance(30)
    assert too_low.raw(0x04, 0x2D, b"\x42")[3] == 0x02
